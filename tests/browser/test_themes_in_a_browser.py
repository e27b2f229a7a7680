"""Each supported theme, in each of its colour schemes: one build of a part of the example site, a few pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.browser.bad_input import STRUCTURE
from tests.browser.browser_tools import RULES, axe_findings, resize
from tests.example_editions import example_edition
from tools.screenshots import THEMES, WIDTHS, build

OF_THE_EXAMPLE = "furo"  # its pages are built for others, too; `test_example_pages.py` shows them to axe
INCIDENT = "incidents/2026/inc-2026-002.html"
PAGES = (INCIDENT, "actions.html", "index.html")
# The right edge of the widest of our elements. What scrolls within its own box is no overflow of the page.
RIGHT_EDGE = """() => Math.max(...[...document.querySelectorAll(
        'p.pm-edition, .pm-box, .pm-fields, .pm-table, .pm-filter')]
    .filter(node => !node.parentElement.closest('.pm-table')).map(node => node.getBoundingClientRect().right))"""
CUT_TABLES = """() => [...document.querySelectorAll('table.pm-table')]
    .filter(table => table.getBoundingClientRect().width > table.parentElement.clientWidth + 1).length"""
PHONE = {"width": WIDTHS["390"][0], "height": WIDTHS["390"][1]}
GUIDE = Path(__file__).parent.parent.parent / "docs/how-to/own-theme.md"
# The site's style sheet stands before all others: where it wins from there, it wins in any order of files.
SEEN = """css => {
    const sheet = Object.assign(document.createElement('style'), {textContent: css});
    document.head.prepend(sheet);
    const badge = Object.assign(document.createElement('span'), {className: 'pm-badge pm-status-blocked'});
    document.querySelector('.pm-summary').append(badge);
    const value = name => getComputedStyle(badge).getPropertyValue(name).trim();
    return Object.fromEntries(['--pm-accent', '--pm-line', '--pm-tone', '--pm-soft'].map(name => [name, value(name)]));
}"""


@pytest.fixture(scope="module")
def pages_of(tmp_path_factory, warm_start):
    """Return a function that gives the folder of a theme's pages, which are built when they are asked for."""

    @cache
    def built(theme: str) -> Path:
        if theme == OF_THE_EXAMPLE:
            return example_edition(tmp_path_factory, "internal")
        years = [f"incidents/{year}/**" for year in ("2024", "2025", "restricted")]
        return build(theme, "internal", tmp_path_factory.mktemp("theme"), exclude=years)

    return built


@pytest.fixture(params=list(THEMES))
def show(look, pages_of, request):
    """Return a function that opens a page of a theme's build."""
    return lambda path, **options: look((pages_of(request.param) / path).as_uri(), **options)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("show", "scheme"),
    [(name, scheme) for name, schemes in THEMES.items() if name != OF_THE_EXAMPLE for scheme in schemes],
    indirect=["show"],
)
def test_axe_finds_nothing_in_our_elements(show, scheme, path, record_property):
    page = show(path, color_scheme=scheme)
    rules = RULES[scheme] if path == INCIDENT else RULES["dark"]  # our markup is that of all themes
    ours, others = axe_findings(page, **rules)
    record_property("findings of the theme itself", others)
    print("\n".join(others))
    assert ours == []


@pytest.mark.parametrize("path", PAGES)
def test_our_elements_fit_a_phone_without_script(show, path):
    page = show(path, viewport=PHONE, java_script_enabled=False)
    assert (page.locator(".pm-edition").is_visible(), page.evaluate(RIGHT_EDGE) <= PHONE["width"]) == (True, True)


@pytest.mark.parametrize("path", PAGES)
def test_our_boxes_hold_what_is_in_them_at_each_width(show, path):
    widest = max(WIDTHS.values())[0]
    page = show(path, viewport={"width": widest, "height": 900})
    wrong = {}
    for width, height in WIDTHS.values():
        resize(page, width, height)
        # The theme's own bars may be too wide for a long title, and its copies for printers repeat headings.
        wrong[width] = [found for found in page.evaluate(STRUCTURE) if not found.startswith(("the page", "heading"))]
        if width == PHONE["width"]:
            assert page.locator(".pm-edition").is_visible()
            assert page.evaluate(RIGHT_EDGE) <= width
            if path == INCIDENT:  # the facts of the summary use the width
                box = page.locator(".pm-summary").bounding_box()
                assert page.locator(".pm-impacts dd").last.bounding_box()["width"] > box["width"] * 0.8
    assert {width: found for width, found in wrong.items() if found} == {}
    if path == "actions.html":  # on a desk no table is cut
        resize(page, 1280, 900)
        assert page.evaluate(CUT_TABLES) == 0


def test_what_the_guide_has_a_site_set_wins(show):
    (css,) = re.findall(r"```css\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    values = dict(re.findall(r"(--pm-[\w-]+): ([^;]+);", css))
    seen = show(INCIDENT, color_scheme="light").evaluate(SEEN, css)
    assert seen == {name: values[name] for name in seen}
