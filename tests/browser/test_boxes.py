"""What authors write without meaning to: nothing is cut, nothing overlaps, no page scrolls sideways."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.bad_input import PAGES, STRUCTURE, files
from tests.browser.browser_tools import resize, twice_as_large
from tests.conftest import Site

WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1400, 900)}
NAMES = [name for name in PAGES if "." not in name]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return the folder of the site's pages."""
    source = tmp_path_factory.mktemp("bad") / "source"
    source.mkdir()
    return Site(source).write(files(70)).build(warnings=True).outdir


@pytest.fixture(scope="module")
def pages(folder, serve) -> str:
    """Return the address of the site."""
    return serve(folder)


@pytest.mark.parametrize("name", NAMES)
def test_the_boxes_of_a_page_hold_what_is_in_them(look, pages, name):
    page = look(f"{pages}{name}.html", viewport={"width": 1400, "height": 900})
    wrong = {}
    for view, size in WIDTHS.items():
        page.emulate_media(reduced_motion="reduce" if view == "tablet" else "no-preference")
        resize(page, *size)
        wrong[view] = page.evaluate(STRUCTURE)
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    wrong["forced colours"] = page.evaluate(STRUCTURE)
    page.emulate_media(forced_colors="none")
    page.evaluate("document.documentElement.dir = 'rtl'")
    wrong["right to left"] = page.evaluate(STRUCTURE)
    page.evaluate("document.documentElement.dir = ''")
    with twice_as_large(page, 700, 450):
        wrong["text twice as large"] = page.evaluate(STRUCTURE)
    assert {view: found for view, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", NAMES)
def test_the_boxes_of_a_page_hold_what_is_in_them_without_script(look, pages, name):
    page = look(f"{pages}{name}.html", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    assert page.evaluate(STRUCTURE) == []


def test_the_boxes_of_cut_text_are_found(look, pages):
    page = look(f"{pages}long.html")
    page.add_style_tag(content="body h1 { overflow: hidden; white-space: nowrap !important }")
    assert any(each.startswith("cut: ") for each in page.evaluate(STRUCTURE))


@pytest.mark.parametrize("script", [True, False])
def test_facets_find_what_a_long_list_has_folded_away(look, folder, script):
    options = {} if script else {"java_script_enabled": False}
    # A file that is opened without a server cannot keep what is chosen in its address, and works all the same.
    page = look((folder / "index.html").as_uri(), viewport={"width": 1400, "height": 900}, **options)
    rows, lines = page.locator(".pm-incidents tbody tr:visible"), page.locator(".pm-fold > summary:visible")
    assert rows.count() < 50
    assert all(line.split(": ")[0].startswith("2026 Q") for line in lines.all_inner_texts())
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    page.locator("label:has(#pm-f-severity-sev-4)").click()
    assert rows.count() == 17
    assert (lines.count(), page.locator(".pm-incidents thead:visible").count()) == (0, 1)
    page.locator("label:has(#pm-f-severity-sev-4)").click()
    assert lines.count() > 1
    if script:
        page.locator(".pm-filter input").fill("MASS-011")  # of the first quarter
        assert [rows.count(), lines.count()] == [1, 1]
