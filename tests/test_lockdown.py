"""What a filtered edition refuses or leaves out, beyond marked text."""

from __future__ import annotations

import json

import pytest
from docutils import nodes
from sphinx.errors import ExtensionError

HIDDEN = 'postmortem_audience_paths = {"hidden": "internal"}\n'
PIXEL = "<svg xmlns='http://www.w3.org/2000/svg'><text>secretword</text></svg>"


@pytest.mark.parametrize("builder", ["changes", "gettext", "doctest", "coverage", "postmortem-check"])
def test_builders_that_copy_sources_are_refused(site, builder):
    source = site({"index.md": "# T\n"}, 'extensions += ["sphinx.ext.doctest", "sphinx.ext.coverage"]')
    with pytest.raises(ExtensionError, match=f'"{builder}" is refused for the edition'):
        source.build("leadership", builder)
    source.build("internal", builder, warnings=True)


UNKNOWN_BUILDER = """
from sphinx.builders.text import TextBuilder

class Unknown(TextBuilder):
    name = "unknown"

def setup(app):
    app.add_builder(Unknown)
"""


def test_an_unknown_builder_is_refused_unless_it_is_trusted(site):
    conf = 'import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nextensions.append("builder_of_others")\n'
    source = site({"index.md": "# T\n", "builder_of_others.py": UNKNOWN_BUILDER}, conf)
    with pytest.raises(ExtensionError, match="postmortem_trusted_builders"):
        source.build("leadership", "unknown")
    source.build("internal", "unknown")
    assert source.build("leadership", "unknown", postmortem_trusted_builders=["unknown"]).read("index.txt")


# --- metadata

NOTES = {
    "index.md": "---\nreviewer: secretword\nmyst:\n  html_meta:\n    description: openword\ntocdepth: 2\n---\n# T\n",
    "p.rst": ":author: secretword\n:date: secretword\n:note: secretword\n:orphan:\n\nP\n=\n\ntext\n",
}


@pytest.mark.parametrize("builder", ["html", "json", "pickle"])
def test_front_matter_that_is_not_for_readers_is_dropped(site, builder):
    built = site(NOTES).build("public", builder)
    assert b"secretword" not in built.all_bytes()
    assert b"openword" in built.all_bytes()
    assert built.app.env.metadata["index"]["tocdepth"] == 2
    assert "orphan" in built.app.env.metadata["p"]


def test_front_matter_stays_in_the_full_edition_and_where_a_setting_names_it(site):
    source = site(NOTES)
    assert "secretword" in source.build("internal", "json").read("index.fjson")
    assert "secretword" in source.build("public", "json", postmortem_shown_metadata=["review*"]).read("index.fjson")


# --- plain tables

PLAIN_TABLES = {
    "pipe table": "| Event | Audience |\n|--|--|\n| secretword | internal |\n",
    "list table": "```{list-table}\n:header-rows: 1\n* - Event\n  - Audience\n* - secretword\n  - Internal\n```\n",
    "csv table": '```{csv-table}\n:header: Event, "**Audience**"\nsecretword, internal\n```\n',
    "csv table without header": "```{csv-table}\nEvent, Audience\nsecretword, internal\n```\n",
    "table with another header": "| Edition | Sees |\n|--|--|\n| secretword | internal |\n",
    "table with code in its cells": "| Event | Audience: |\n|--|--|\n| secretword | `internal` |\n",
    "table in a note": "```{note}\n| Event | Audience |\n|--|--|\n| secretword | internal |\n```\n",
    "grid table with a span": "```{eval-rst}\n+-----+-------+----------+\n| Day | Event | Audience |\n+=====+=======+==========+\n"
    "| one | open  |          |\n|     +-------+----------+\n|     | secretword | internal |\n".replace(
        "secretword | internal |", "x     | internal |"
    )
    + "+-----+-------+----------+\n\nsecretword\n```\n",
}


@pytest.mark.parametrize("name", PLAIN_TABLES)
def test_a_plain_table_with_an_audience_column_stops_filtered_editions(site, name):
    source = site({"index.md": f"# T\n\nopen\n\n{PLAIN_TABLES[name]}"})
    with pytest.raises(ExtensionError, match=r"index\.md:\d+: .*a plain table hides nothing.* Nothing was published"):
        source.build("leadership")
    told = source.build("internal", warnings=True).warnings
    assert "index.md:" in told
    assert "[postmortem.broken-marking]" in told


@pytest.mark.parametrize(
    "table",
    [
        "| Talk | Audience |\n|--|--|\n| Sphinx | developers |\n",
        "<!-- postmortem: no-marking -->\n| Edition | Sees |\n|--|--|\n| internal | all |\n",
        "| Edition | Sees |\n|--|--|\n| `internal` | all |\n",
        "```\n| Event | Audience |\n|--|--|\n| x | internal |\n```\n",
    ],
)
def test_a_plain_table_that_marks_nothing_is_shown(site, table):
    source = site({"index.md": f"# T\n\n{table}"})
    source.build("leadership")
    source.build("internal")


def test_a_plain_table_that_hides_nothing_from_the_edition_is_shown(site):
    source = site({"index.md": "# T\n\n| Event | Audience |\n|--|--|\n| openword | leadership |\n"})
    assert "openword" in source.build("leadership").read("index.html")
    with pytest.raises(ExtensionError, match="Nothing was published"):
        source.build("public")


def test_a_filtered_edition_is_built_without_viewcode(site, tmp_path, monkeypatch):
    (tmp_path / "shown_module.py").write_text('"""A module."""\n\n\ndef act():\n    """Act."""\n    zqcanary = 1\n')
    monkeypatch.syspath_prepend(tmp_path)
    page = "# T\n\n```{eval-rst}\n.. automodule:: shown_module\n   :members:\n```\n"
    built = site({"index.md": page}, 'extensions += ["sphinx.ext.autodoc", "sphinx.ext.viewcode"]')
    assert (built.build("internal").outdir / "_modules/shown_module.html").exists()
    public = built.build("public").outdir
    assert "Act." in (public / "index.html").read_text(encoding="utf-8")
    assert not any(b"zqcanary" in path.read_bytes() or "_modules" in path.parts for path in public.rglob("*.*"))


def test_a_marked_block_of_a_docstring_may_begin_as_one_of_its_page_does(site, tmp_path, monkeypatch):
    block = ".. internal-only::\n\n    secretword\n"
    (tmp_path / "marked_module.py").write_text(
        f'def act():\n    """Act.\n\n    {block.replace("    s", "        s")}    """\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    page = f"T\n=\n\n.. autofunction:: marked_module.act\n\n{block}"
    public = site({"index.rst": page}, 'extensions += ["sphinx.ext.autodoc"]').build("public")
    assert "Act." in public.read("index.html")
    assert b"secretword" not in public.all_bytes()


def test_sources_are_not_copied(site):
    source = site({"index.md": "# T\n"})
    assert (source.build().outdir / "_sources/index.md.txt").exists()
    assert not (source.build("public").outdir / "_sources/index.md.txt").exists()


def test_raw_text_keeps_what_is_no_comment(site):
    latex = "\\url{https://a.example/x%20y} 50\\% \\verb|% a|\n\\begin{verbatim}\n% b\n\\end{verbatim}"
    svg = "<svg><style><![CDATA[a>b{}]]></style></svg>"
    text = f"# T\n\n```{{raw}} latex\n{latex}\n```\n\n```{{raw}} html\n{svg}\n```\n"
    raw = [node.astext() for node in site({"index.md": text}).build("public").doctree().findall(nodes.raw)]
    assert raw == [latex, svg]


def test_settings_stay_locked_whatever_another_extension_does(site):
    conf = (
        "def unlock(app, *_):\n    app.config.html_copy_source = True\n\n\ndef setup(app):\n"
        '    for event in ("config-inited", "builder-inited", "env-check-consistency"):\n'
        "        app.connect(event, unlock, priority=950)\n"
    )
    built = site({"index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n"}, conf).build("public")
    assert b"secretword" not in built.all_bytes()


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- secretword -->",
        "text <!-- secretword --> text",
        "% secretword",
        "<!--\n\nsecretword\n\n-->",
        "<div><!-- secretword --></div>",
        "<?php secretword ?>",
        "text <!secretword> text",
        "```{raw} html\n<b>x</b></ secretword>\n```",
        "<![CDATA[secretword]]>",
        "```{raw} latex\n% secretword\n\\x{}% secretword\n100\\% % secretword\n```",
    ],
)
def test_comments_are_in_no_output_and_no_cache(site, comment):
    built = site({"index.md": f"# T\n\n{comment}\n\nend\n"}).build("public")
    assert b"secretword" not in built.all_bytes()
    assert b"secretword" not in (built.app.doctreedir / "index.doctree").read_bytes()


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("![a picture](hidden/secretword.svg)", "a picture"),
        ("```{figure} hidden/secretword.svg\n:alt: a picture\n\nThe caption.\n```", "The caption."),
        ("```{image} /hidden/secretword.*\n:alt: a picture\n```", "a picture"),
        ("[the evidence](hidden/secretword.csv)", "the evidence"),
        ("{download}`the evidence <hidden/secretword.csv>`", "the evidence"),
    ],
)
def test_hidden_files_leave_their_text_only(site, text, stays):
    files = {"index.md": f"# T\n\n{text}\n", "hidden/secretword.svg": PIXEL, "hidden/secretword.csv": "secretword"}
    source = site(files, HIDDEN)
    built = source.build("leadership")
    assert stays in built.read("index.html")
    assert b"secretword" not in built.all_bytes()
    for name in ("hidden/secretword.svg", "hidden/secretword.csv"):
        (source.source / name).unlink()


@pytest.mark.parametrize(
    "include",
    [
        "```{include} hidden/part.md\n```",
        "```{include} _part.md\n```",
        "```{literalinclude} hidden/part.md\n```",
        "```{csv-table}\n:file: hidden/part.csv\n```",
        "```{raw} html\n:file: hidden/part.csv\n```",
        ":::{timeline}\n:file: hidden/part.csv\n:::",
        "```{eval-rst}\n.. include:: hidden/part.md\n```",
    ],
)
def test_including_a_hidden_file_publishes_nothing(site, include):
    files = {
        "index.md": f"# T\n\n:::{{incident-summary}} S-1\nx\n:::\n\n{include}\n",
        "hidden/part.md": "secretword\n",
        "hidden/part.csv": "Time,Event\n2026-01-01 00:00,secretword\n",
        "_part.md": "---\naudience: internal\n---\nsecretword\n",
    }
    source = site(files, HIDDEN + 'exclude_patterns = ["_part.md"]')
    # The accounting comes first, and stops at a head that marks the included file and not the page.
    with pytest.raises(ExtensionError, match="must not see|`audience: internal` looks like a marking"):
        source.build("leadership")
    source.build("internal", warnings=True)


def test_static_and_extra_files_below_hidden_folders_are_not_copied(site):
    conf = (
        HIDDEN
        + 'html_extra_path = ["hidden", "mixed"]\nhtml_static_path = ["mixed"]\npostmortem_audience_paths.update({"mixed/in": "internal", "mixed/top.txt": "internal"})'
    )
    files = {
        "index.md": "# T\n",
        "hidden/a.txt": "secretword",
        "mixed/in/secretword.txt": "x",
        "mixed/top.txt": "secretword",
        "mixed/out.txt": "plainword",
    }
    built = site(files, conf).build("leadership")
    assert b"secretword" not in built.all_bytes()
    assert built.all_bytes().count(b"plainword") == 2
    assert not list(built.outdir.rglob("in"))


@pytest.mark.parametrize(
    "text",
    [
        ":::{internal-only}\n\n:::{note}\nx\n:::\n\nsecretword\n:::\n",
        ":::internal-only\nsecretword\n:::\n",
        "---\nmyst:\n  enable_extensions: []\n---\n\n# T\n\n:::{internal-only}\nsecretword\n:::\n",
    ],
)
def test_a_page_with_a_broken_fence_stops_filtered_editions_only(site, text):
    files = {
        "index.md": "# T\n\n```{toctree}\npage\n```\n",
        "page.md": f"# P\n\n{text}" if not text.startswith("---") else text,
    }
    source = site(files)
    with pytest.raises(ExtensionError, match=r"page\.md:\d+: .* Nothing was published"):
        source.build("public")
    assert not list(source.source.parent.glob("build-public*/**/page.html"))
    internal = source.build("internal", warnings=True)
    assert "secretword" in internal.read("page.html")
    assert "page.md:" in internal.warnings


def test_epub_holds_no_stamp_and_no_hidden_word(site):
    built = site({"index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n"}, 'version = "1"\ncopyright = "us"').build(
        "public", "epub"
    )
    assert not [name for name in built.outdir.rglob("*") if name.is_file() and b"secretword" in name.read_bytes()]


def test_linkcheck_tells_no_lines(site):
    reports = set()
    for words in ("one", "one\n\ntwo\n\nthree"):
        text = f"# T\n\n:::{{internal-only}}\n{words}\n:::\n\n[x](https://example.com/a)\n"
        source = site({"index.md": text}, 'linkcheck_ignore = [".*"]', folder=f"s{len(words)}")
        reports.add(source.build("leadership", "linkcheck").read("output.json"))
    assert len(reports) == 1
    assert "https://example.com/a" in reports.pop()


def test_the_data_of_pages_tell_no_lines_of_headings(site):
    """MyST notes the line of each heading that has an anchor, and the builder of JSON writes it."""
    pages = []
    for number, hidden in enumerate(("x", "x\n\ny\n\nz")):
        text = f"# T\n\n:::{{internal-only}}\n{hidden}\n:::\n\n## Below\n\n[words](other.md#there)\n"
        made = site({"index.md": text, "other.md": "# Other\n\n## There\n"}, "myst_heading_anchors = 2", str(number))
        pages.append(made.build("public", "json", suppress_warnings=["toc.not_included"]).read("index.fjson"))
    assert pages[0] == pages[1]
    assert "other/#there" in pages[0]
    assert "below" in json.loads(pages[0])["meta"]["myst_slugs"]
