"""Slips and detours by which hidden text could get out: each publishes nothing, and the full edition tells of slips."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

from tests.slips import BLOCK, DETOURS, INDEX, REFUSED_DETOURS, SLIPS, UNREAD


def published(source, builder="html", edition="leadership") -> bytes:
    """What an edition publishes; nothing, where the build is refused."""
    try:
        return source.build(edition, builder, warnings=True).all_bytes()
    except ExtensionError as error:
        assert "Nothing was" in str(error)
        return b""


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_publishes_nothing_and_is_told(site, name):
    file, text = SLIPS[name]
    source = site({"index.md": INDEX, file: text})
    assert b"secretword" not in published(source)
    told = source.build("internal", warnings=True).warnings
    assert f"{file}:" in told
    assert "[postmortem.broken-marking]" in told


@pytest.mark.parametrize("name", UNREAD)
def test_a_marking_that_the_parser_has_not_read_stops_filtered_editions(site, name):
    file, text = UNREAD[name]
    extensions = '["attrs_block", "attrs_inline", "dollarmath", "amsmath", "fieldlist", "replacements", "smartquotes"]'
    source = site({"index.md": INDEX, file: text}, f"myst_enable_extensions = {extensions}")
    with pytest.raises(ExtensionError, match=rf"{file}(:\d+)?: .* Nothing was published"):
        source.build("leadership", warnings=True)
    told = source.build("internal", warnings=True).warnings
    assert f"{file}:" in told
    assert "[postmortem.broken-marking]" in told


@pytest.mark.parametrize("directive", [".. raw:: html", ".. csv-table::"])
def test_a_local_file_named_by_its_address_is_refused(site, directive):
    source = site({"index.rst": "T\n=\n", "hidden/a.txt": "secretword"})
    address = (source.source / "hidden/a.txt").as_uri()
    source.write({"index.rst": f"T\n=\n\n{directive}\n   :url: {address}\n"})
    with pytest.raises(ExtensionError, match=r"index\.rst:4: .* Nothing was published"):
        source.build("leadership")
    assert "secretword" in source.build("internal").read("index.html")


@pytest.mark.parametrize("compared", ["hidden/a.txt", "page.md"])
def test_a_hidden_file_that_code_is_compared_with_is_refused(site, compared):
    text = f"# T\n\n```{{literalinclude}} b.txt\n:diff: {compared}\n```\n"
    files = {
        "index.md": text,
        "b.txt": "open\n",
        "hidden/a.txt": "secretword\n",
        "page.md": "---\norphan:\n---\n" + BLOCK,
    }
    source = site(files, 'postmortem_audience_paths = {"hidden": "internal"}')
    assert b"secretword" not in published(source)
    assert "secretword" in source.build("internal", warnings=True).read("index.html")


@pytest.mark.parametrize("link", ["open", "open.md"])
def test_a_link_to_a_hidden_path_is_hidden(site, link):
    page = "---\norphan: true\n---\n# secretword\n"
    source = site({"index.md": "# T\n", "hidden/in/p.md": page}, 'postmortem_audience_paths = {"hidden": "internal"}')
    (source.source / link).symlink_to("hidden/in/p.md" if link.endswith(".md") else "hidden/in")
    assert b"secretword" not in published(source)
    assert b"secretword" in published(source, edition="internal")


@pytest.mark.parametrize("file", ["p.md", "p.rst"])
def test_a_heading_holds_no_name_of_a_hidden_page(site, file):
    role = "{doc}" if file == "p.md" else ":doc:"
    named = f"See {role}`hidden/secretword`"
    page = f"# P\n\n## {named}\n\nx\n" if file == "p.md" else f"P\n=\n\n{named}\n{'-' * 60}\n\nx\n"
    files = {"index.md": INDEX, file: page, "hidden/secretword.md": "---\norphan:\n---\n# S\n"}
    source = site(files, 'postmortem_audience_paths = {"hidden": "internal"}')
    with pytest.raises(ExtensionError, match=r"p\.\w+:\d+: this heading .* Nothing was published"):
        source.build("leadership", warnings=True)
    source.edit(file, "`hidden/secretword`", "`that page <hidden/secretword>`")
    assert b"secretword" not in source.build("leadership", warnings=True).all_bytes()


@pytest.mark.parametrize("name", [*DETOURS, *REFUSED_DETOURS])
def test_a_detour_publishes_nothing(site, name):
    text, files, conf = {**DETOURS, **REFUSED_DETOURS}[name]
    conf = f'exclude_patterns = ["page.md", "more"]\n{conf}'
    source = site({"index.md": INDEX, "p.md": f"# P\n\n{text}\n", **files}, conf)
    assert b"secretword" not in published(source, "latex" if "LaTeX" in name else "html")
    source.build("internal", warnings=True)


@pytest.mark.parametrize("pattern", ["/hidden", "hidden\\in", "HIDDEN/In", "**/hidden", "hidden/**/in"])
def test_any_spelling_of_a_path_hides_it(site, pattern):
    files = {"index.md": "# T\n\nopen\n", "hidden/in/p.md": "---\norphan: true\n---\n# secretword\n"}
    source = site(files, f"postmortem_audience_paths = {{{pattern!r}: 'internal'}}")
    assert b"secretword" not in published(source)


def test_a_path_that_hides_nothing_is_told_in_the_full_edition(site):
    source = site({"index.md": "# T\n", "hidden/a.txt": "x"}, 'postmortem_audience_paths = {"attic": "internal"}')
    assert '"attic" matches no file' in source.build("internal", warnings=True).warnings
    assert source.build("leadership").warnings == ""


def test_a_path_near_to_what_an_edition_would_show_stops_it(site):
    source = site({"index.md": "# T\n", "hidden/a.txt": "x"}, 'postmortem_audience_paths = {"Hiden": "internal"}')
    with pytest.raises(ExtensionError, match='"Hiden" is nearly "hidden".*"hidden": "public"'):
        source.build("leadership")
    assert '"Hiden" is nearly "hidden"' in source.build("internal", warnings=True).warnings
    source.build("leadership", postmortem_audience_paths={"Hiden": "internal", "hidden": "public"})


# --- what looks like a slip and is none


@pytest.mark.parametrize(
    "text",
    [
        "`:::{internal-only}` and ``.. internal-only::`` mark a block.",
        "```md\n:::{internal-only}\nx\n:::\n```",
        "<!-- :::{internal-only} -->",
        "The audience: leadership. Audience: developers",
        "Audience: everybody",
        "The internal-only part.",
    ],
)
def test_a_text_about_markings_is_published(site, text):
    built = site({"index.md": f"# T\n\n{text}\n\nopenword\n"}).build("leadership")
    assert "openword" in built.read("index.html")


def test_an_include_of_a_part_without_marked_content_is_published(site):
    files = {"index.md": "# T\n\n```{include} a.txt\n:start-line: 1\n```\n", "a.txt": "one\nopenword\n"}
    assert "openword" in site(files).build("leadership").read("index.html")


def test_samples_in_substitutions_and_drawn_in_files_are_published(site):
    text = "# T\n\n{{ how }} openword\n\n```{literalinclude} a.txt\n```\n"
    conf = 'myst_enable_extensions = ["substitution"]\n'
    conf += 'myst_substitutions = {"how": "Write `:::{internal only}`.", "unused": ":::{internal only}"}'
    sample = "# postmortem: no-marking\n:::{internal only}\n:::\n"
    built = site({"index.md": text, "a.txt": sample}, conf).build("leadership")
    assert "openword" in built.read("index.html")


SOUND = {
    "block in a list": ("p.md", "# P\n\n- a\n\n  :::{internal-only}\n  x\n  :::\n\nopenword\n"),
    "block in a wide list": ("p.md", "# P\n\n10. a\n\n    :::{internal-only}\n    x\n    :::\n\nopenword\n"),
    "block in nested lists": ("p.md", "# P\n\n- a\n  - b\n\n    :::{internal-only}\n    x\n    :::\n\nopenword\n"),
    "block in a quote": ("p.md", "# P\n\n> :::{internal-only}\n> x\n>\n> y\n> :::\n\nopenword\n"),
    "block in a footnote": ("p.md", "# P\n\na[^1]\n\n[^1]: n\n\n    :::{internal-only}\n    x\n    :::\n\nopenword\n"),
    "block in a directive": ("p.md", "# P\n\n::::{note}\n:::{internal-only}\nx\n:::\n::::\n\nopenword\n"),
    "other keys": ("p.md", "---\nauthor: a\naudience: public\nambience: x\n---\n# P\n\nopenword\n"),
    "option shown as code": ("p.md", "# P\n\n````md\n:::{note}\n:audience: internal\n:::\n````\n\nopenword\n"),
    "block after a heading": ("p.rst", "P\n=\n.. internal-only::\n\n   x\n\nopenword\n"),
    "block after a link target": (
        "p.rst",
        "P\n=\n\n.. _a: https://a.example\n.. internal-only::\n\n   x\n\nopenword a_\n",
    ),
    "block as a definition": ("p.rst", "P\n=\n\nterm\n   .. internal-only::\n\n      x\n\nopenword\n"),
    "block after a directive": ("p.rst", "P\n=\n\n.. note:: a\n   b\n.. internal-only::\n\n   x\n\nopenword\n"),
    "role as literal": ("p.rst", "P\n=\n\nThere is no ``:internal-only:`x```. openword\n"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_page_is_published(site, name):
    file, text = SOUND[name]
    source = site({"index.md": INDEX, file: text})
    built = source.build("leadership", warnings=True)
    assert "openword" in built.read("p.html")
    assert "broken-marking" not in built.warnings


def test_a_file_without_hidden_content_is_drawn_in(site):
    text = "# P\n\n```{literalinclude} a.md\n```\n\n{download}`x <a.csv>`\n"
    files = {"a.md": "openword\n", "a.csv": "Event,Audience\nopenrow,leadership\n"}
    built = site({"index.md": INDEX, "p.md": text, **files}, 'exclude_patterns = ["a.md"]').build("leadership")
    assert built.all_bytes().count(b"openword") > 0
    assert built.all_bytes().count(b"openrow") == 1


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("postmortem_severities = 7", r"postmortem_severities is 7 in conf\.py; write a list"),
        ("postmortem_today = 20260101", "write a text in quotes"),
        ("postmortem_checks = ['x']", "write a dictionary"),
        ("postmortem_durations = [1]", r"1 must be \(term, start milestone, end milestone\)"),
        ("postmortem_audience_paths = {'hidden/**': 2}", "write two texts in quotes"),
    ],
)
def test_setting_of_a_wrong_type_stops_the_build_with_a_sentence(site, setting, said):
    with pytest.raises(ExtensionError, match=said):
        site({"index.md": "# T\n"}, setting).build()


def test_a_plain_table_of_a_file_in_another_encoding_is_told(site):
    files = {
        "index.md": "# T\n\nopenword\n\n```{csv-table}\n:file: a.csv\n```\n",
        "a.csv": "a,\u00e9\n".encode("latin-1"),
    }
    built = site(files).build("internal", warnings=True)
    assert "save it as UTF-8" in built.warnings
    assert b"openword" in built.all_bytes()
