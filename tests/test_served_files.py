"""The style sheets and scripts as a site gets them: small, and with the meaning of those in the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinx_postmortem.sphinx_ext.html.static_files import (
    SCRIPT,
    SEARCH_SCRIPT,
    STATIC,
    STYLE_SHEETS,
    short_script,
    short_style,
)
from tests.example_editions import example_edition

MOST_BYTES = 30_000
GUIDE = Path(__file__).parent.parent / "docs/how-to/own-theme.md"


def test_what_a_page_loads_of_ours_is_small(tmp_path_factory):
    built = example_edition(tmp_path_factory, "leadership")
    page = (built / "index.html").read_text(encoding="utf-8")
    files = sorted((built / "_static").glob("postmortem*"))
    loaded = [path for path in files if f"_static/{path.name}" in page]
    assert [path.name for path in loaded] == sorted([*STYLE_SHEETS, SCRIPT])
    assert sum(path.stat().st_size for path in loaded) <= MOST_BYTES
    assert f"_static/{SEARCH_SCRIPT}" in (built / "search.html").read_text(encoding="utf-8")
    assert {path.name for path in files} == {path.name for path in STATIC.iterdir()}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("/* a */ a ,\n b > c {\n  color: red;\n  margin: 0 auto;\n}\n", "a,b>c{color:red;margin:0 auto}\n"),
        ('a::before { content: attr(x) ": { }"; }', 'a::before{content:attr(x) ": { }"}\n'),
        (
            'a { grid-area: 1 / 2 !important; content: "a / b" / ""; }',
            'a{grid-area:1/2!important;content:"a / b"/""}\n',
        ),
        ("a { b &:is(c) { width: calc(1px + 2px); } }", "a{b &:is(c){width:calc(1px + 2px)}}\n"),
    ],
)
def test_a_style_sheet_keeps_its_strings_and_the_spaces_that_mean_something(text, short):
    assert short_style(text) == short


def test_a_script_loses_comments_and_spaces_that_say_nothing():
    text = '/* a\n b */\n(() => {\n  const x = "//y = { z"; // why\n\n  f(x ?? `a - ${x}`)\n  g(1 - -x);\n})();\n'
    assert short_script(text) == '(()=>{const x="//y = { z";f(x??`a - ${x}`)\ng(1 - -x)})();'


@pytest.mark.parametrize("name", [*STYLE_SHEETS, SCRIPT, SEARCH_SCRIPT])
def test_no_string_of_ours_holds_what_shortening_takes_for_a_comment(name):
    text = (STATIC / name).read_text(encoding="utf-8")
    short = (short_style if name.endswith(".css") else short_script)(text)
    assert short.count('"') == text.count('"') - sum(line.count('"') for line in text.splitlines() if "/*" in line)


def test_the_guide_on_themes_has_a_picture_of_each_colour_that_a_site_may_set():
    guide = GUIDE.read_text(encoding="utf-8")
    pictures = dict(re.findall(r"^\| `(--pm-[\w-]+)` \| (.*?) \|", guide, re.MULTILINE))
    declared = set(re.findall(r"(--pm-[\w-]+): [\w-]+\(", (STATIC / STYLE_SHEETS[0]).read_text(encoding="utf-8")))
    parts = {name for name in declared if name.endswith(("-fill", "-soft", "-strong", "-tone", "-on"))}
    assert set(pictures) == declared - parts
    for name, picture in pictures.items():
        assert f"var({name})" in picture or f"pm-{name.removeprefix('--pm-')} pm-mark-" in picture
