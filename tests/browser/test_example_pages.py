"""What a reader's browser shows."""

from __future__ import annotations

import pytest

from tests.browser.browser_tools import axe_findings, darken, resize

INCIDENT = "incidents/2026/inc-2026-001.html"
PHONE = {"viewport": {"width": 360, "height": 740}}
PAGES = [
    "index.html",
    INCIDENT,
    "incidents/2026/inc-2026-002.html",
    "actions.html",
    "metrics.html",
    "trends.html",
    "incidents/index.html",
    "runbooks/stolen-credential.html",
]

HEIGHTS = {
    "index.html": 2000,
    "actions.html": 3900,
    "metrics.html": 3000,
    "incidents/index.html": 2000,
    "trends.html": 2500,
}
CUT = """() => [...document.querySelectorAll('.pm-badge, .pm-small, .pm-figures dd, .pm-facets label, .pm-table td:not(.pm-col-share), .pm-look')]
    .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline').map(node => node.outerHTML.slice(0, 90))"""

# What a row has above and below its text takes less than a line.
ROOMY = """() => [...document.querySelectorAll('.pm-metrics tr')].filter(row => {
  const heights = [...row.cells].map(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getBoundingClientRect().height;
  });
  return row.getBoundingClientRect().height > Math.max(...heights) + 20;
}).map(row => row.innerText)"""


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_page_says_its_edition_also_without_script(visit, edition):
    seen = visit(edition, java_script_enabled=False)
    seen.open(INCIDENT)
    assert seen.page.locator(".pm-edition").inner_text() == f"Edition: {edition}"


def test_search_page_says_its_edition(visit):
    seen = visit("leadership")
    seen.open("search.html")
    assert seen.page.locator(".pm-edition").inner_text() == "Edition: leadership"


def test_reader_goes_from_landing_page_to_incident_to_owner(visit):
    seen = visit()
    seen.open("index.html")
    seen.page.locator("article a", has_text="INC-2026-001").first.click()
    seen.page.wait_for_url("**/inc-2026-001.html*")
    seen.page.locator(".pm-actions a", has_text="Platform engineering").first.click()
    seen.page.wait_for_url("**/actions.html#pm-owner-platform")


def test_timeline_shows_gaps_phases_and_milestones(visit):
    seen = visit("leadership")
    seen.open(INCIDENT)
    assert seen.page.locator(".pm-timeline .pm-gap").all_inner_texts() == ["+2 min", "+6 min"]
    phases = seen.page.locator(".pm-timeline tr.pm-phase")
    after = [phase.evaluate("node => node.nextElementSibling.textContent.trim()") for phase in phases.all()]
    names = {"Detection and analysis": "Alert detected", "Containment": "Containment executed"}
    found = dict(zip(phases.all_inner_texts(), after, strict=True))
    assert {phase: row for phase, row in names.items() if row not in found[phase]} == {}
    assert seen.page.locator(".pm-timeline tr.pm-milestone").count() == 4


def test_row_has_a_link_of_its_own(visit):
    seen = visit()
    seen.open(INCIDENT)
    link = seen.page.locator(".pm-actions td:first-child a.pm-anchor").first
    assert link.get_attribute("href") == "#pm-action-inc-2026-001-a1"
    link.click()
    assert seen.page.locator(":target").evaluate("node => node.closest('tr').innerText").startswith("A1")


def test_copy_button_copies_the_row_link(visit):
    seen = visit()
    seen.open(INCIDENT)
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.page.locator(".pm-actions .pm-copy").first.click()
    assert seen.page.evaluate("navigator.clipboard.readText()").endswith(f"{INCIDENT}#pm-action-inc-2026-001-a1")
    seen.page.context.clear_permissions()


_COVERED = """() => [...document.querySelectorAll('.pm-copy')].filter(button => {
  const box = button.getBoundingClientRect(), range = document.createRange();
  const cells = [...button.closest('tr').cells].filter(cell => cell.checkVisibility());
  const boxes = cells.flatMap(cell => {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) {
      if (button.contains(walk.currentNode) || walk.currentNode.parentElement.closest('.pm-unseen')) continue;
      range.selectNodeContents(walk.currentNode);
      found.push(...range.getClientRects());
    }
    return found;
  });
  return boxes.some(text => text.right > box.left + 1 && text.left < box.right - 1
    && text.bottom > box.top + 1 && text.top < box.bottom - 1);
}).map(button => button.closest('tr').innerText)"""
_OUTSIDE = """() => [...document.querySelectorAll('.pm-copy')].filter(button => {
  const box = button.getBoundingClientRect(), row = button.closest('tr').getBoundingClientRect();
  return box.left < row.left || box.right > row.right || box.top < row.top || box.bottom > row.bottom;
}).map(button => button.closest('tr').innerText)"""


@pytest.mark.parametrize("path", ["incidents/2026/inc-2026-002.html", "incidents/2026/inc-2026-001.html"])
def test_copy_buttons_cover_no_text_and_stay_in_their_rows_where_nothing_hovers(visit, path):
    seen = visit(viewport={"width": 1280, "height": 900}, has_touch=True, is_mobile=True)
    seen.open(path)
    for width in (1280, 820, 390):
        resize(seen.page, width, 900)
        assert seen.page.evaluate("matchMedia('(hover: none)').matches")
        assert seen.page.locator(".pm-copy").count() > 5
        assert seen.page.evaluate(_COVERED) == []
        assert seen.page.evaluate(_OUTSIDE) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_actions_sort_by_column_both_ways(visit):
    seen = visit()
    seen.open("actions.html")
    table = seen.page.locator("table.pm-actions").first
    button = table.locator("th button", has_text="Due date")
    button.click()
    up = [text[:10] for text in table.locator("td.pm-col-due-date").all_inner_texts()]
    button.click()
    down = [text[:10] for text in table.locator("td.pm-col-due-date").all_inner_texts()]
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)
    assert table.locator("th[aria-sort=descending]").count() == 1


def shown_rows(seen) -> list[str]:
    """Return the rows of the owners' tables that are shown, folded ones not."""
    return seen.page.locator(".pm-owners table.pm-actions tbody tr:visible").all_inner_texts()


def test_one_filter_keeps_the_rows_of_all_owners_with_all_words(visit):
    seen = visit()
    seen.open("actions.html")
    assert seen.page.locator(".pm-filter input").count() == 1
    assert seen.page.locator(".pm-filter label").inner_text().strip() == "Filter rows:"
    assert seen.page.get_by_role("searchbox", name="Filter rows: all owners", exact=True).count() == 1
    seen.page.locator(".pm-filter input").fill("2026-00 p2")
    shown = shown_rows(seen)
    assert len(shown) > 2
    assert all("INC-2026-00" in row and "P2" in row for row in shown)
    said = seen.page.locator(".pm-filter [role=status]").inner_text()
    assert said.startswith(f"{len(shown)} of ")


def test_filter_opens_what_is_folded_and_holds_a_hit(visit):
    seen = visit()
    seen.open("actions.html")
    assert not any("done" in row for row in shown_rows(seen))
    seen.page.locator(".pm-filter input").fill("done INC-2026-002")
    assert any("INC-2026-002/A" in row for row in shown_rows(seen))


def test_filter_hides_rows_on_a_phone_too(visit):
    seen = visit(**PHONE)
    seen.open("actions.html")
    before = len(shown_rows(seen))
    seen.page.locator(".pm-filter input").first.fill("2026-009")
    assert 0 < len(shown_rows(seen)) < before


def test_phone_without_script_keeps_the_columns_names(visit):
    seen = visit(**PHONE, java_script_enabled=False)
    seen.open("actions.html")
    assert seen.page.locator(".pm-actions th", has_text="Due date").first.is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(look, editions, path):
    page = look(editions["leadership"] + path, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_phone_cards_name_their_columns(visit):
    seen = visit("leadership", **PHONE)
    seen.open(INCIDENT)
    cell = seen.page.locator(".pm-actions td.pm-col-owner").first
    assert cell.evaluate("node => getComputedStyle(node, '::before').content") == 'attr(data-pm-label) ": "' or (
        "Owner" in cell.evaluate("node => getComputedStyle(node, '::before').content")
    )


def test_dark_mode_turns_the_summary_dark(visit):
    seen = visit(color_scheme="dark")
    seen.open(INCIDENT)
    colour = seen.page.locator(".pm-times").evaluate("node => getComputedStyle(node).backgroundColor")
    assert sum(int(part) for part in colour[4:-1].split(",")[:3]) < 200


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_no_other_host_is_short_and_can_be_read_in_light_and_in_dark(visit, path):
    seen = visit(viewport={"width": 1280, "height": 900})
    seen.open(path)
    others = [url for url in seen.requests if not url.startswith((seen.root, "data:"))]
    assert others == []
    if path in HEIGHTS:
        assert seen.page.evaluate("document.documentElement.scrollHeight") <= HEIGHTS[path]
        assert seen.page.evaluate(CUT) == []
        assert seen.page.evaluate(ROOMY) == []
    assert axe_findings(seen.page)[0] == []
    darken(seen.page)
    assert axe_findings(seen.page, all_rules=False)[0] == []
    assert seen.complaints == []


def rows_of(seen) -> list[str]:
    return seen.page.locator("table.pm-actions").first.locator("tbody tr:visible td:first-child").all_inner_texts()


def test_link_keeps_filter_and_order(fresh_visit):
    seen = fresh_visit()
    seen.open("actions.html")
    seen.page.locator(".pm-filter input").first.fill("2026")
    seen.page.locator("table.pm-actions").first.locator("th button", has_text="Due date").click()
    wanted, address = rows_of(seen), seen.page.url
    other = fresh_visit()
    other.page.goto(address)
    assert rows_of(other) == wanted
    assert other.page.locator(".pm-filter input").first.input_value() == "2026"
    assert other.page.locator("table.pm-actions").first.locator("th[aria-sort=ascending]").inner_text() == "Due date"


def test_back_undoes_one_step_and_returns_from_another_page(fresh_visit):
    seen = fresh_visit()
    seen.open("actions.html")
    everything = shown_rows(seen)
    box = seen.page.locator(".pm-filter input").first
    box.press_sequentially("2026-002")
    box.press("Tab")
    filtered = shown_rows(seen)
    assert len(filtered) < len(everything)
    seen.page.locator("table.pm-actions tbody tr:visible td a").first.click()
    seen.page.wait_for_url("**/inc-*")
    seen.page.go_back()
    seen.page.wait_for_url("**/actions.html*")
    assert shown_rows(seen) == filtered
    seen.page.go_back()
    assert shown_rows(seen) == everything
    assert seen.page.locator(".pm-filter input").first.input_value() == ""


def test_keyboard_alone_sorts_and_filters(visit):
    seen = visit()
    seen.open("actions.html")
    seen.page.locator(".pm-filter input").first.focus()
    seen.page.keyboard.type("2026")
    for _ in range(8):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("document.activeElement.className") == "pm-sort":
            break
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("table.pm-actions").first.locator("th[aria-sort=ascending]").count() == 1


def test_tables_are_plain_and_whole_without_script(visit):
    seen = visit(java_script_enabled=False)
    seen.open("actions.html?filter=nothing")
    assert seen.page.locator(".pm-filter, .pm-sort").count() == 0
    assert seen.page.locator("table.pm-actions tbody tr:visible").count() == 17  # the open ones
    assert seen.page.locator("details.pm-fold table.pm-actions tbody tr").count() > 20


def test_what_the_script_adds_is_not_printed(visit):
    seen = visit()
    seen.open("incidents/2026/inc-2026-002.html")
    assert seen.page.locator(".pm-filter:visible, .pm-copy").count() > 9
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".pm-filter:visible, .pm-copy:visible, .pm-way:visible").count() == 0


def test_charts_keep_their_colours_where_the_reader_has_chosen_others(visit):
    seen = visit(forced_colors="active")
    seen.open("metrics.html")
    colours = "nodes => new Set(nodes.map(node => getComputedStyle(node).backgroundColor)).size"
    assert seen.page.locator(".pm-cols .pm-unit:not(.pm-unit-draft)").evaluate_all(colours) == 3
    assert seen.page.locator(".pm-line > a").evaluate_all(colours) == 3


def incidents_shown(seen) -> list[str]:
    return [
        text[-12:]
        for text in seen.page.locator(".pm-incidents tbody tr:visible td:first-child .pm-small").all_inner_texts()
    ]


def choose(seen, *ids: str) -> None:
    for name in ids:
        seen.page.locator(f"label:has(#pm-f-{name})").click()


@pytest.mark.parametrize("script", [True, False])
def test_facets_filter_with_and_without_script(visit, script):
    seen = visit(java_script_enabled=script)
    seen.open("incidents/index.html")
    assert len(incidents_shown(seen)) == 12
    widest = "nodes => nodes.map(node => getComputedStyle(node).maxWidth)"
    assert set(seen.page.locator(".pm-incidents td:first-child .xref").evaluate_all(widest)) == {"none"}
    choose(seen, "severity-sev-1", "severity-sev-2", "type-security", "factor-architecture")
    assert incidents_shown(seen) == ["INC-2026-004", "INC-2026-002", "INC-2025-011"]
    choose(seen, "severity-sev-2")
    assert incidents_shown(seen) == ["INC-2026-002"]


def test_the_address_keeps_the_facets_and_counts(fresh_visit):
    seen = fresh_visit()
    seen.open("incidents/index.html")
    choose(seen, "severity-sev-1", "year-2024")
    assert incidents_shown(seen) == ["INC-2024-007"]
    assert seen.page.locator(".pm-filter [role=status]").inner_text() == "1 of 12 rows"
    address = seen.page.url
    other = fresh_visit()
    other.page.goto(address)
    assert incidents_shown(other) == ["INC-2024-007"]
    other.open("index.html")
    other.page.locator(".pm-figures a").last.click()
    other.page.wait_for_url("**/incidents/index.html?*")
    assert incidents_shown(other) == ["INC-2026-012", "INC-2026-011", "INC-2026-009"]


def test_a_block_of_a_chart_leads_to_its_incident(visit):
    seen = visit(java_script_enabled=False)
    seen.open("metrics.html")
    assert seen.page.locator(".pm-unit").count() == 12
    seen.page.get_by_role("link", name="INC-2026-002: ").first.click()
    seen.page.wait_for_url("**/inc-2026-002.html*")
