"""Each supported theme, in each of its colour schemes: one build of a part of the example site, a few pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.browser.bad_input import STRUCTURE
from tests.browser.browser_tools import axe_findings, darken, resize
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
def address_of(tmp_path_factory, warm_start, editions, serve):
    """Return a function that gives the address of a theme's pages, which are built when they are asked for."""

    @cache
    def built(theme: str) -> str:
        if theme == OF_THE_EXAMPLE:
            return editions["internal"]
        years = [f"incidents/{year}/**" for year in ("2024", "2025", "restricted")]
        return serve(build(theme, "internal", tmp_path_factory.mktemp("theme"), exclude=years))

    return built


@pytest.fixture
def show(look, address_of, theme):
    """Return a function that opens a page of a theme's build."""
    return lambda path, **options: look(address_of(theme) + path, **options)


def check_with_axe(page, theme: str, path: str) -> list[str]:
    """Return what axe-core finds in the colours of our elements, and once for a theme in our markup.

    What it finds in the theme's own elements is printed.
    """
    ours, others = axe_findings(page, all_rules=path == INCIDENT)
    if "dark" in THEMES[theme]:
        darken(page)
        ours += axe_findings(page, all_rules=False)[0]
        page.emulate_media(color_scheme="light")
    print("\n".join(others))
    return ours


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_our_elements_fit_a_phone_without_script(show, path):
    page = show(path, viewport=PHONE, java_script_enabled=False)
    assert (page.locator(".pm-edition").is_visible(), page.evaluate(RIGHT_EDGE) <= PHONE["width"]) == (True, True)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_our_elements_can_be_read_and_hold_what_is_in_them_at_each_width(show, theme, path):
    page = show(path, viewport={"width": 1280, "height": 900})
    if path == "actions.html":  # on a desk no table is cut
        assert page.evaluate(CUT_TABLES) == 0
    if theme != OF_THE_EXAMPLE:
        assert check_with_axe(page, theme, path) == []
    wrong = {}
    for width, height in sorted(WIDTHS.values(), reverse=True):
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
    if path == INCIDENT:
        check_what_the_guide_has_a_site_set(page)


def check_what_the_guide_has_a_site_set(page) -> None:
    """Check that the colours of the guide's style sheet win over ours."""
    (css,) = re.findall(r"```css\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    values = dict(re.findall(r"(--pm-[\w-]+): ([^;]+);", css))
    seen = page.evaluate(SEEN, css)
    assert seen == {name: values[name] for name in seen}
