"""The boxes of an incident's page: what begins where, what breaks, and what meets or leaves the page.

Pages of the example site, and one with input that nobody would wish for, which is built once.
"""

from __future__ import annotations

import pytest

from tests.browser.browser_tools import axe_findings, resize
from tests.conftest import Site

INCIDENT = "incidents/2026/inc-2026-002.html"
DESK, TABLET = {"width": 1280, "height": 900}, {"width": 820, "height": 900}
WIDTHS = (390, 820, 1400)  # the first is also a window of 780 pixels with text of 200 %

ROWS = "\n".join(f"| 2026-03-02 {n // 60:02}:{n % 60:02} | Event {n} | | |" for n in range(80))
BAD = f"""# {"X" * 40}: {"Very long words of a title " * 7}

## Summary

:::{{incident-summary}} {"X" * 40}
:date: 2026-03-02 to 2026-03-09
:severity: SEV-1
:type: Security
:status: draft
:tlp: AMBER+STRICT
:customer-impact: {"عملاء " * 30}
:operational-impact: {"顧客に影響はありません。" * 12}
:regulatory-impact: TBD

{"w" * 120} \U0001f525 text
:::

## Timeline

:::{{timeline}}
| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
| unknown | Alert detected | {"n" * 80} | internal |
| 2026-03-02 ~09:30 | Containment executed: {"e" * 80} | | |
| 2026-03-02T09:40:00+02:00 | In another zone | | |
| 2026-03-04 to 2026-03-06 | A span of days | | |
{ROWS}

:::

## Actions

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Do it | {"o" * 60} | P1 | 2026-03-02 | in-progress |
| A2 | {"a" * 90} | team | P2 | 2027-03-02 | done |

:::
"""
EMPTY = (
    "# E-1: Nothing\n\n:::{incident-summary} E-1\n:::\n\n:::{timeline}\n| Time | Event |\n|---|---|\n| | x |\n\n:::\n"
)


@pytest.fixture(scope="module")
def bad(tmp_path_factory, serve):
    """Return the address of a site of bad input."""
    source = tmp_path_factory.mktemp("bad") / "source"
    source.mkdir()
    conf = 'extensions = ["sphinx_postmortem"]\nhtml_theme = "furo"\npostmortem_today = "2026-11-24"\n'
    pages = {"index.md": "# Site\n\n```{toctree}\nbad\nempty\n```\n", "bad.md": BAD, "empty.md": EMPTY}
    return serve(Site(source).write({"conf.py": conf, **pages}).build(warnings=True).outdir)


def box(page, selector: str) -> dict[str, float]:
    return page.locator(selector).first.bounding_box()


# The names of our elements that stand out of the page at either side.
OUTSIDE = """() => [...document.querySelectorAll('[class*="pm-"]')]
    .filter(node => !node.matches('.pm-unseen, .pm-unseen *, dt') && node.getClientRects().length)
    .filter(node => { const box = node.getBoundingClientRect();
                      return box.right > innerWidth + 1 || box.left < -1; })
    .map(node => node.className)"""
# Times of day, dates, badges and tags that stand on more than one line.
BROKEN = """() => [...document.querySelectorAll('.pm-time, .pm-day, .pm-badge, .pm-tag, .pm-value, .pm-over')]
    .filter(node => !node.matches('.pm-unseen'))
    .flatMap(node => node.matches('.pm-time') ? [...node.childNodes].filter(each => each.nodeType === 3) : [node])
    .map(node => {
        if (node.nodeType !== 3) return [node, node.getClientRects()];
        const range = document.createRange();
        range.selectNodeContents(node);
        return [node, range.getClientRects()];
    })
    .filter(([_, boxes]) => new Set([...boxes].filter(box => box.width).map(box => box.top)).size > 1)
    .map(([node]) => node.textContent)"""


def test_an_incidents_page_on_a_desk_and_on_a_phone(visit):
    seen = visit("internal", viewport=DESK)
    seen.open(INCIDENT)
    check_where_the_summary_begins(seen.page, 300)
    check_the_order(seen.page)
    check_the_id(seen.page)
    check_the_room_of_text(seen.page)
    resize(seen.page, 390, 900)
    check_where_the_summary_begins(seen.page, 600)


def check_where_the_summary_begins(page, most: int) -> None:
    """Check that the summary begins on the first screen."""
    assert box(page, ".pm-summary > p.pm-lead")["y"] < most
    assert box(page, "#timeline")["y"] < 1350  # within the first screen and a half


def check_the_order(page) -> None:
    """Check that what is read first stands first."""
    order = ["h1", ".pm-facts", ".pm-lead", ".pm-impacts", ".pm-times", ".pm-links", ".pm-timeline", ".pm-actions"]
    tops = [box(page, selector)["y"] for selector in order]
    assert tops == sorted(tops)
    assert tops[order.index(".pm-timeline")] < 1350
    ways = [way.bounding_box() for way in page.locator(".pm-way").all()]
    assert len({way["y"] for way in ways}) == 1 < len(ways)  # the way to the page, and its calendar
    values = page.locator(".pm-links dd").all()
    assert len({round(value.bounding_box()["x"]) for value in values}) == 1  # "Repeat of" stands in the same column


def check_the_id(page) -> None:
    """Check that the id is shown once, above the title."""
    title = page.locator("h1")
    assert title.locator(".pm-id").inner_text() == "INC-2026-002"
    assert title.evaluate("node => node.textContent").startswith("INC-2026-002: Stolen automation token")
    head = page.locator(".pm-summary").inner_text()
    assert "INC-2026-002" not in head


def check_the_room_of_text(page) -> None:
    """Check that text has more room than what is beside it."""
    milestone = ".pm-timeline tr.pm-milestone"
    assert box(page, f"{milestone} .pm-col-event")["width"] > 2 * box(page, f"{milestone} td:first-child")["width"]
    assert box(page, "td.pm-col-action")["width"] > 2 * box(page, "td.pm-col-owner")["width"]
    assert page.locator(".pm-filter").count() == 1  # of the actions: names and values need none


def test_a_day_is_shown_once(visit):
    seen = visit("internal")
    seen.open("incidents/2026/inc-2026-004.html")
    shown = seen.page.locator(".pm-timeline .pm-day:not(.pm-unseen)").all_inner_texts()
    assert shown == ["2026-04-13"]
    assert seen.page.locator(".pm-timeline .pm-day").count() > 5


def test_marked_rows_have_a_tag_in_the_first_edition_only(visit):
    rows = ".pm-timeline tbody tr:not(.pm-phase)"
    seen = visit("leadership")
    seen.open(INCIDENT)
    assert seen.page.locator(".pm-audience").count() == 0
    shown = seen.page.locator(rows).count()
    seen = visit("internal")
    seen.open(INCIDENT)
    marked = seen.page.locator(rows).count() - shown
    assert marked > 2
    assert seen.page.locator(".pm-timeline .pm-audience").count() == marked
    assert seen.page.locator(".pm-timeline th", has_text="Audience").count() == 0


def test_a_draft_is_told_apart_and_can_be_read(look, bad):
    page = look(f"{bad}bad.html", viewport=DESK)
    assert page.locator(".pm-draft").inner_text().startswith("Draft")
    assert (
        page.locator("section.pm-is-draft").evaluate("node => getComputedStyle(node).borderInlineStartStyle")
        == "dashed"
    )
    assert page.locator(".pm-still-to-write a").all_inner_texts() == ["Regulatory impact"]
    assert page.locator(".pm-impacts .pm-blank").inner_text() == "TBD"
    assert axe_findings(page)[0] == []


@pytest.mark.parametrize("name", ["bad", "empty"])
def test_bad_input_leaves_no_page_and_breaks_no_time(look, bad, name):
    page = look(f"{bad}{name}.html", viewport={"width": WIDTHS[-1], "height": 900})
    for width in reversed(WIDTHS):
        resize(page, width, 900)
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_bad_input_keeps_its_shape_in_forced_colours_and_is_mirrored(look, bad):
    page = look(f"{bad}bad.html", viewport=TABLET, forced_colors="active")
    border = "node => getComputedStyle(node).borderTopWidth"
    assert page.locator(".pm-facts .pm-badge").first.evaluate(border) == "1px"
    page.emulate_media(forced_colors="none")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(OUTSIDE) == []
    time, event = (box(page, f".pm-timeline tr.pm-milestone {cell}") for cell in ("td:first-child", ".pm-col-event"))
    assert time["x"] > event["x"]
    assert page.locator(".pm-lead").evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
