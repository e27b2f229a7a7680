"""What a reader's browser shows."""

from __future__ import annotations

import pytest

from tests.browser.browser_tools import axe_findings

INCIDENT = "incidents/2026/inc-2026-001.html"
PHONE = {"viewport": {"width": 360, "height": 740}}
PAGES = ["index.html", INCIDENT, "actions.html", "runbooks/index.html"]

pytestmark = pytest.mark.xdist_group("browser")


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
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    seen.open(INCIDENT)
    seen.page.locator(".pm-actions .pm-copy").first.click()
    assert seen.page.evaluate("navigator.clipboard.readText()").endswith(f"{INCIDENT}#pm-action-inc-2026-001-a1")


def test_actions_sort_by_column_both_ways(visit):
    seen = visit()
    seen.open("actions.html")
    table = seen.page.locator("table.pm-actions").first
    button = table.locator("th button", has_text="Due date")
    button.click()
    up = table.locator("td.pm-col-due-date").all_inner_texts()
    button.click()
    down = table.locator("td.pm-col-due-date").all_inner_texts()
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)
    assert table.locator("th[aria-sort=descending]").count() == 1


def test_filter_keeps_the_rows_with_all_words(visit):
    seen = visit()
    seen.open("actions.html")
    box = seen.page.locator(".pm-filter").first
    box.locator("input").fill("2026-004 rights")
    shown = seen.page.locator("table.pm-actions").first.locator("tbody tr:visible").all_inner_texts()
    assert shown
    assert all("INC-2026-004" in row and "rights" in row for row in shown)
    assert box.locator("[role=status]").inner_text().startswith(f"{len(shown)} of ")


def test_filter_hides_rows_on_a_phone_too(visit):
    seen = visit(**PHONE)
    seen.open("actions.html")
    rows = seen.page.locator("table.pm-actions").first.locator("tbody tr:visible")
    before = rows.count()
    seen.page.locator(".pm-filter input").first.fill("2026-004 rights")
    assert 0 < rows.count() < before


def test_phone_without_script_keeps_the_columns_names(visit):
    seen = visit(**PHONE, java_script_enabled=False)
    seen.open("actions.html")
    assert seen.page.locator(".pm-actions th", has_text="Due date").first.is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(visit, path):
    seen = visit("leadership", **PHONE)
    seen.open(path)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360


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


def test_print_hides_what_the_script_adds(visit):
    seen = visit()
    seen.open(INCIDENT)
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".pm-copy:visible").count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_no_other_host_and_complains_of_nothing(visit, path):
    seen = visit()
    seen.open(path)
    others = [url for url in seen.requests if not url.startswith((seen.root, "data:"))]
    assert others == []
    assert seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [INCIDENT, "actions.html"])
def test_axe_finds_nothing_in_our_output(visit, path, scheme):
    seen = visit(color_scheme=scheme)
    seen.open(path)
    assert axe_findings(seen.page)[0] == []


def rows_of(seen) -> list[str]:
    return seen.page.locator("table.pm-actions").first.locator("tbody tr:visible td:first-child").all_inner_texts()


def test_link_keeps_filter_and_order(visit):
    seen = visit()
    seen.open("actions.html")
    seen.page.locator(".pm-filter input").first.fill("2026")
    seen.page.locator("table.pm-actions").first.locator("th button", has_text="Due date").click()
    wanted = rows_of(seen)
    other = visit()
    other.page.goto(seen.page.url)
    assert rows_of(other) == wanted
    assert other.page.locator(".pm-filter input").first.input_value() == "2026"
    assert other.page.locator("table.pm-actions").first.locator("th[aria-sort=ascending]").inner_text() == "Due date"


def test_back_undoes_one_step_and_returns_from_another_page(visit):
    seen = visit()
    seen.open("actions.html")
    everything = rows_of(seen)
    box = seen.page.locator(".pm-filter input").first
    box.press_sequentially("2026-0")
    box.press("Tab")
    filtered = rows_of(seen)
    assert len(filtered) < len(everything)
    seen.page.locator("table.pm-actions").first.locator("tbody tr:visible td a").first.click()
    seen.page.wait_for_url("**/inc-*")
    seen.page.go_back()
    seen.page.wait_for_url("**/actions.html*")
    assert rows_of(seen) == filtered
    seen.page.go_back()
    assert rows_of(seen) == everything
    assert seen.page.locator(".pm-filter input").first.input_value() == ""


def test_tables_of_one_page_are_filtered_apart(visit):
    seen = visit()
    seen.open("actions.html")
    second = seen.page.locator(".pm-filter input").nth(1)
    before = rows_of(seen)
    second.fill("nothing has these words")
    assert seen.page.locator(".pm-filter [role=status]").nth(1).inner_text().startswith("0 of ")
    assert rows_of(seen) == before


def test_keyboard_alone_sorts_and_filters(visit):
    seen = visit()
    seen.open("actions.html")
    seen.page.locator(".pm-filter input").first.focus()
    seen.page.keyboard.type("2026")
    for _ in range(3):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("document.activeElement.className") == "pm-sort":
            break
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("table.pm-actions").first.locator("th[aria-sort=ascending]").count() == 1


def test_filter_field_says_which_table_it_filters(visit):
    seen = visit()
    seen.open("actions.html")
    names = [box.get_attribute("aria-label") for box in seen.page.locator(".pm-filter input").all()]
    assert len(set(names)) == len(names)
    assert all(name.startswith("Filter rows: ") for name in names)


def test_tables_are_plain_and_whole_without_script(visit):
    seen = visit(java_script_enabled=False)
    seen.open("actions.html?filter=nothing")
    assert seen.page.locator(".pm-filter, .pm-sort").count() == 0
    assert seen.page.locator("table.pm-actions tbody tr:visible").count() > 20


def test_filter_is_not_printed(visit):
    seen = visit()
    seen.open("actions.html")
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".pm-filter:visible").count() == 0
