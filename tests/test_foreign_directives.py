"""Directives of other extensions get their text without what the edition hides, and have it parsed through the gate."""

from __future__ import annotations

import pytest
from docutils.parsers.rst import Directive
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext.audience import foreign, page_accounting

KEEPER = """
import json
from pathlib import Path
from docutils import nodes
from sphinx.util.docutils import SphinxDirective
class Keep(SphinxDirective):
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {"parse": lambda value: value}
    def run(self):
        kept = "\\n".join(self.content) + "|" + self.block_text
        with Path(self.env.app.outdir, "kept.json").open("a") as stream:
            json.dump(kept, stream)
        return self.parse_content_to_nodes() if "parse" in self.options else []
class Text(Keep):
    pass
def setup(app):
    app.add_directive("keep", Keep)
"""
INDEX = "# T\n\nopenword\n"
HIDDEN = ":::{internal-only}\nsecretword\n:::"
MARKDOWN = {
    "colons": f"::::{{keep}}\nbefore\n\n{HIDDEN}\n\nafter\n::::\n",
    "back-ticks": "````{keep}\nbefore\n\n```{internal-only}\nsecretword\n```\n\nafter\n````\n",
    "tildes": "~~~~{keep}\nbefore\n\n~~~{internal-only}\nsecretword\n~~~\n\nafter\n~~~~\n",
    "mixed": "````{keep}\nbefore\n\n:::{internal-only}\nsecretword\n:::\n\nafter\n````\n",
    "deeper": f":::::{{keep}}\nbefore\n\n::::{{note}}\n{HIDDEN}\n::::\n\nafter\n:::::\n",
    "in a list": "::::{keep}\nbefore\n\n- a\n\n  :::{internal-only}\n  secretword\n  :::\n\nafter\n::::\n",
    "in a quote": "::::{keep}\nbefore\n\n> :::{internal-only}\n> secretword\n> :::\n\nafter\n::::\n",
    "audience": "::::{keep}\nbefore\n\n:::{audience} internal\nsecretword\n:::\n\nafter\n::::\n",
    "an option": "::::{keep}\nbefore\n\n:::{root-cause}\n:audience: internal\n\nsecretword\n:::\n\nafter\n::::\n",
    "another syntax": "::::{keep}\nbefore\n\n```{eval-rst}\n.. internal-only::\n\n   secretword\n```\n\nafter\n::::\n",
    "two": f"::::{{keep}}\nbefore\n\n{HIDDEN}\n\n{HIDDEN}\n\nafter\n::::\n",
}
RST = {
    "plain": ".. keep::\n\n   before\n\n   .. internal-only::\n\n      secretword\n\n   after\n",
    "deeper": ".. keep::\n\n   before\n\n   .. note::\n\n      .. audience:: internal\n\n         secretword\n\n   after\n",
}


def pages(name: str, text: str) -> dict[str, str]:
    return (
        {"index.md": INDEX, "p.md": f"---\norphan:\n---\n# P\n\n{text}"}
        if name == "md"
        else {
            "index.md": INDEX,
            "p.rst": f":orphan:\n\nP\n=\n\n{text}",
        }
    )


CASES = [("md", text) for text in MARKDOWN.values()] + [("rst", text) for text in RST.values()]


@pytest.mark.parametrize(("syntax", "text"), CASES, ids=[*MARKDOWN, *RST])
def test_a_directive_that_keeps_its_text_gets_none_that_is_hidden(site, syntax, text):
    source = site(pages(syntax, text), KEEPER)
    built = source.build("leadership", warnings=True)
    assert b"secretword" not in built.all_bytes()
    assert "before" in built.read("kept.json")
    assert "after" in built.read("kept.json")
    assert "secretword" in source.build("internal", warnings=True).read("kept.json")


def test_what_is_kept_does_not_tell_how_long_hidden_text_is(site):
    kept = {
        site(pages("md", MARKDOWN["colons"].replace("secretword", "x\n" * lines)), KEEPER, folder=str(lines))
        .build("leadership", warnings=True)
        .read("kept.json")
        for lines in (1, 7)
    }
    assert len(kept) == 1


def test_a_summary_stands_in_the_kept_text(site):
    text = MARKDOWN["colons"].replace("{internal-only}", "{internal-only}\n:summary: insteadword\n")
    assert "insteadword" in site(pages("md", text), KEEPER).build("leadership", warnings=True).read("kept.json")


@pytest.mark.parametrize(("syntax", "text"), CASES[:1] + CASES[-3:-2], ids=["Markdown", "reStructuredText"])
def test_text_that_is_parsed_goes_through_the_gate(site, syntax, text):
    text = text.replace("{keep}", "{keep}\n:parse:\n").replace(".. keep::\n", ".. keep::\n   :parse:\n")
    summary = {
        "md": ":::{internal-only}\n:summary: insteadword",
        "rst": ".. internal-only::\n      :summary: insteadword",
    }
    text = text.replace({"md": ":::{internal-only}", "rst": ".. internal-only::"}[syntax], summary[syntax])
    source = site(pages(syntax, text), KEEPER)
    page = source.build("leadership", warnings=True).read("p.html")
    assert all(word in page for word in ("before", "insteadword", "after"))
    assert "secretword" not in page
    assert "secretword" in source.build("internal", warnings=True).read("p.html")


TABLE = "| Time | Event | Audience |\n|--|--|--|\n| 2026-01-01 | x | {} |\n"


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("md", "```{table} T\n:::{internal-only}\nsecretword\n:::\n```\n"),
        ("rst", ".. list-table::\n\n   .. internal-only::\n\n      secretword\n"),
        ("rst", ".. note::\n   :nosuch: option\n\n   .. internal-only::\n\n      secretword\n"),
    ],
)
def test_the_log_quotes_no_hidden_text_of_a_directive_that_fails(site, syntax, text):
    source = site(pages(syntax, text))
    try:
        said = source.build("leadership", warnings=True).warnings
    except ExtensionError as error:
        said = str(error)
    assert "p." in said
    assert "secretword" not in said


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("md", "````{figure} x.png\n:::{internal-only}\nsecretword\n:::\n````\n"),
        ("rst", ".. figure:: x.png\n   :name: f\n\n   .. internal-only::\n\n      secretword\n"),
        ("rst", ".. epigraph::\n\n   .. secretword\n"),
    ],
    ids=["figure", "figure with a name", "quote of comments"],
)
def test_a_directive_of_which_nothing_is_left_does_not_stop_the_build(site, syntax, text):
    built = site({**pages(syntax, text), "x.png": b"\x89PNG"}).build("leadership", warnings=True)
    assert b"secretword" not in built.all_bytes()
    assert ("x.png" in built.read("p.html")) is ("figure" in text)


READER = """
from pathlib import Path
from docutils import nodes
from sphinx.util.docutils import SphinxDirective
class Whole(SphinxDirective):
    def run(self):
        text = Path(self.env.doc2path(self.env.docname)).read_text()
        return [nodes.literal_block(text, text)]
def setup(app):
    app.add_directive("whole", Whole)
"""
HIDDEN_ROW = "| 2026-01-01 00:00 | the secretword of the build key was read | internal |"


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("md", "```{whole}\n```\n\n:::{internal-only}\nthe secretword\n:::\n"),
        ("rst", ".. whole::\n\n.. internal-only::\n\n   the secretword\n"),
        (
            "md",
            f"```{{whole}}\n```\n\n:::{{timeline}}\n| Time | Event | Audience |\n|--|--|--|\n{HIDDEN_ROW}\n:::\n",
        ),
    ],
    ids=["block", "reStructuredText", "row"],
)
def test_a_directive_that_reads_the_source_itself_is_refused(site, syntax, text):
    with pytest.raises(ExtensionError, match=r"p\.\w+:\d+: this hidden text is in the page .* Nothing was published"):
        site(pages(syntax, text), READER).build("leadership", warnings=True)


SUBSTITUTION = """
myst_enable_extensions = ["colon_fence", "substitution"]
myst_substitutions = {"alert": "The alert"}
"""


@pytest.mark.parametrize(
    ("shown", "hidden", "settings"),
    [
        ("Alert was detected", "Alert was detected", "def setup(app): pass"),
        ("Then the *alert was* detected,\nat `noon`", "alert was detected, at noon", "def setup(app): pass"),
        ("See [the alert](https://a.org/b) of noon", "See the alert of noon", "def setup(app): pass"),
        ("Alert of&nbsp;noon &amp; night", "Alert of\u00a0noon & night", "def setup(app): pass"),
        ("", "The notice is shown", "postmortem_redaction_notice = 'The notice is shown'\ndef setup(app): pass"),
        ("", ":summary: The alert of noon\n\nThe alert of noon", "def setup(app): pass"),
        ("```{literalinclude} log.txt\n```", "The alert of noon", "def setup(app): pass"),
        ("{{ alert }} of noon", "The alert of noon", SUBSTITUTION),
    ],
    ids=["as written", "emphasis and lines", "link", "entities", "notice", "summary", "file", "nothing reads files"],
)
def test_hidden_words_that_stand_elsewhere_too_refuse_nothing(site, shown, hidden, settings):
    files = {"index.md": f"{INDEX}{shown}\n\n:::{{internal-only}}\n{hidden}\n:::\n", "log.txt": "The alert of noon\n"}
    assert "openword" in site(files, settings).build("leadership", warnings=True).read("index.html")


def test_a_block_that_stands_twice_is_found_once_too_often(site):
    text = "```{whole}\n```\n\n:::{internal-only}\nthe secretword\n:::\n\n:::{internal-only}\nthe secretword\n:::\n"
    with pytest.raises(ExtensionError, match="this hidden text is in the page"):
        site(pages("md", text), READER).build("leadership", warnings=True)


def test_a_row_that_cannot_be_cut_out_is_refused_with_its_line(site):
    text = "::::{keep}\nbefore\n\n" + TABLE.format("internal") + "\n::::\n"
    with pytest.raises(ExtensionError, match=r"p\.md:9: .*keep.* Nothing was published"):
        site(pages("md", text), KEEPER).build("leadership", warnings=True)


def test_a_table_without_hidden_rows_is_kept(site):
    text = "::::{keep}\nbefore\n\n" + TABLE.format("") + "\n::::\n"
    assert "2026-01-01" in site(pages("md", text), KEEPER).build("leadership", warnings=True).read("kept.json")


def test_a_sample_of_a_marking_is_kept(site):
    text = "`````{keep}\n:parse:\n\n````md\n:::{internal-only}\nsampleword\n:::\n````\n`````\n"
    assert "sampleword" in site(pages("md", text), KEEPER).build("leadership", warnings=True).read("kept.json")


def test_docutils_is_left_as_it_was(site):
    made = Directive.__init__
    site(pages("md", MARKDOWN["colons"]), KEEPER).build("leadership", warnings=True)
    assert Directive.__init__ is made


def test_the_guard_switched_off_is_seen(site, monkeypatch):
    monkeypatch.setattr(foreign, "visible_text", lambda _directive, content: content)
    source = site(pages("md", MARKDOWN["colons"]), KEEPER)
    with pytest.raises(ExtensionError, match="Nothing was published"):  # the account of the page misses the block
        source.build("leadership", warnings=True)
    monkeypatch.setattr(page_accounting, "judge_markings", lambda *_: None)
    assert b"secretword" in source.build("leadership", warnings=True).all_bytes()


@pytest.mark.parametrize("option", ["start-after: START", "start-line: 2", "end-before: after"])
def test_a_part_of_a_marked_file_is_refused_wherever_the_include_is_written(site, option):
    conf = f'myst_enable_extensions = ["substitution"]\nmyst_substitutions = {{"part": "```{{include}} q.txt\\n:{option}\\n```"}}\n'
    files = {"index.md": INDEX + "\n{{ part }}\n", "q.txt": ":::{internal-only}\na\nSTART\nsecretword\n:::\nafter\n"}
    with pytest.raises(ExtensionError, match="Nothing was published"):
        site(files, conf).build("leadership", warnings=True)


DRAWING = """
from docutils.parsers.rst import directives
from docutils.parsers.rst.directives import misc, tables
from sphinx.directives.other import Include
class Filtered(tables.CSVTable):
    option_spec = {**tables.CSVTable.option_spec, "without": directives.unchanged}
    def parse_csv_data_into_rows(self, csv_data, dialect, source):
        rows, columns = super().parse_csv_data_into_rows(csv_data, dialect, source)
        return [row[:2] for row in rows], 2
class Drawn(misc.Raw):
    pass
class Part(Include):
    pass
class Found(misc.Include):
    def run(self):
        self.arguments[0] = f"{self.arguments[0]}.txt"
        return super().run()
def setup(app):
    app.add_directive("filtered", Filtered)
    app.add_directive("drawn", Drawn)
    app.add_directive("part", Part)
    app.add_directive("found", Found)
    app.add_directive("plain-include", misc.Include)
"""
LANGUAGE = "language = 'de'\n"
ROWS = "Time,Event,Audience\n2026-01-01 00:00,secretword,{}\n2026-01-01 01:00,openword,\n"
DIRTY = "openword\n\n.. container:: internal-only\n\n   secretword\n"
CLEAN = "openword\n"
BLOCK = "openword\n\n.. internal-only::\n\n   secretword\n"


@pytest.mark.parametrize(
    ("conf", "text", "clean", "marked"),
    [
        (DRAWING, ".. filtered::\n   :file: a.txt", ROWS.format("public"), ROWS.format("internal")),
        (DRAWING, ".. drawn:: html\n   :file: a.txt", CLEAN, DIRTY),
        (DRAWING, ".. part:: a.txt", CLEAN, DIRTY),
        (DRAWING, ".. part:: a.txt\n   :literal:", CLEAN, BLOCK),
        (DRAWING, ".. part:: a.txt\n   :start-after: openword", "x\n\nopenword\n\nopenword too", BLOCK),
        (DRAWING, ".. plain-include:: a.txt", CLEAN, DIRTY),
        (LANGUAGE, ".. einfügen:: a.txt", CLEAN, DIRTY),
        (LANGUAGE, ".. roh:: html\n   :file: a.txt", CLEAN, DIRTY),
        (LANGUAGE, ".. csv-tabelle::\n   :file: a.txt", "Time,Event\n1,openword\n", ROWS.format("internal")),
    ],
)
def test_directives_that_draw_in_files_do_so_under_any_name_but_no_marked_ones(site, conf, text, clean, marked):
    source = site({"index.rst": f"T\n=\n\n{text}\n", "a.txt": clean}, conf)
    built = source.build("leadership", warnings=True)
    assert built.warnings == ""
    assert "openword" in built.read("index.html")
    (source.source / "a.txt").write_text(marked, encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"a\.txt.* Nothing was published; (put|.*`internal-only`)|a\.txt:3: "):
        source.build("leadership", warnings=True)
    assert "secretword" in source.build("internal", warnings=True).read("index.html")


@pytest.mark.parametrize(
    ("conf", "text"),
    [(DRAWING, ".. plain-include:: a.txt"), (DRAWING, ".. part:: a.txt"), (LANGUAGE, ".. einfügen:: a.txt")],
)
def test_markings_of_a_file_that_is_drawn_in_under_another_name_hide(site, conf, text):
    source = site({"index.rst": f"T\n=\n\n{text}\n", "a.txt": BLOCK}, conf)
    page = source.build("leadership", warnings=True)
    assert "openword" in page.read("index.html")
    assert b"secretword" not in page.all_bytes()


def test_a_file_that_another_extension_finds_elsewhere_is_refused_with_a_cure(site):
    source = site({"index.rst": "T\n=\n\n.. found:: a\n", "a.txt": DIRTY}, DRAWING)
    with pytest.raises(ExtensionError, match=r"index\.rst:4: the directive `found` .* `a`, .* Nothing was published"):
        source.build("leadership", warnings=True)
    source.edit("index.rst", ".. found:: a", ".. internal-only::\n\n   .. found:: a")
    assert b"secretword" not in source.build("leadership", warnings=True).all_bytes()


def test_a_table_shows_no_columns_that_another_page_hides(site):
    notes = "Time,Event,Notes\n2026-01-01 00:00,open,secretword\n"
    table = ".. timeline::\n   :file: a.txt\n   :internal-columns: Notes\n"
    summary = ".. incident-summary:: S-1\n   :status: closed\n   :tlp: CLEAR\n\n   x\n\n"
    files = {
        "index.rst": f"T\n=\n\n{summary}{table}",
        "b.rst": ":orphan:\n\nB\n=\n\n.. csv-table::\n   :file: a.txt\n",
        "a.txt": notes,
    }
    with pytest.raises(ExtensionError, match=r'"a\.txt" as it is, but a table .* hides columns'):
        site(files).build("leadership", warnings=True)
