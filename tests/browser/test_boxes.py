"""What authors write without meaning to: nothing is cut, nothing overlaps, no page scrolls sideways."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.bad_input import PAGES, STRUCTURE, files
from tests.conftest import Site

VIEWS = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "tablet": {"viewport": {"width": 820, "height": 1180}, "reduced_motion": "reduce"},
    "desk": {"viewport": {"width": 1400, "height": 900}},
    "text twice as large": {"viewport": {"width": 700, "height": 450}, "device_scale_factor": 2},
    "forced colours": {"viewport": {"width": 1400, "height": 900}, "forced_colors": "active"},
    "no script": {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False},
    "right to left": {"viewport": {"width": 1400, "height": 900}},
}
NAMES = [name for name in PAGES if "." not in name]


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    """Return the folder of the site's pages."""
    source = tmp_path_factory.mktemp("bad") / "source"
    source.mkdir()
    return Site(source).write(files(70)).build(warnings=True).outdir


@pytest.mark.parametrize("view", VIEWS)
def test_the_boxes_of_pages_hold_what_is_in_them(chromium, pages, view):
    context = chromium.new_context(**VIEWS[view])
    page = context.new_page()
    wrong = {}
    for name in NAMES:
        page.goto((pages / f"{name}.html").as_uri(), wait_until="load")
        if view == "right to left":
            page.evaluate("document.documentElement.dir = 'rtl'")
        wrong[name] = page.evaluate(STRUCTURE)
    context.close()
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_boxes_of_cut_text_are_found(chromium, pages):
    page = chromium.new_page()
    page.goto((pages / "long.html").as_uri())
    page.add_style_tag(content="body h1 { overflow: hidden; white-space: nowrap !important }")
    found = page.evaluate(STRUCTURE)
    page.close()
    assert any(each.startswith("cut: ") for each in found)


@pytest.mark.parametrize("script", [True, False])
def test_facets_find_what_a_long_list_has_folded_away(chromium, pages, script):
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    page.goto((pages / "index.html").as_uri(), wait_until="load")
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
    context.close()
