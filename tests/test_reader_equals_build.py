"""The reader finds the directives that a build runs, in pages that are put together at random."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import docutils_namespace

from sphinx_postmortem.core.reader import Directive, read_page
from sphinx_postmortem.core.reader.includes import SiteFiles

MYST_EXTENSIONS = ["colon_fence", "deflist", "fieldlist"]
CONF = f"""
import json, pathlib
from sphinx_postmortem.sphinx_ext.directives.ran import ran_on_page

extensions = ["myst_parser", "sphinx_postmortem"]
myst_enable_extensions = {MYST_EXTENSIONS}
postmortem_check_builds = "off"
exclude_patterns = ["parts"]
suppress_warnings = ["myst.header", "toc"]

def note(app, doctree):
    ran = [
        [each.name, each.argument, each.file, each.line, {{name: line.text for name, line in each.options.items()}},
         [[line.number, line.text] for line in each.body]]
        for each in ran_on_page(app.env)
    ]
    pathlib.Path(app.outdir, app.env.docname + ".json").write_text(json.dumps(ran), encoding="utf-8")

def setup(app):
    app.connect("doctree-read", note)
"""
TABLE = ["| Time (UTC) | Event |", "|---|---|", "| unknown | Alert detected |"]
WORDS = ["Text of a paragraph.", "Two lines of\ntext.", "- one\n- two", "1. one\n2. two", "***", "> a quote", ""]
SEPARATORS = {"\u2028", "\x0c", "\x85", "\x1c"}
WORDS += ["two\u2028lines", "two\x0clines", "two\x85lines\x1c", "a\ttab", "| a | b |\n|---|---|\n| 1 | 2 |"]
MORE_MARKDOWN = [
    "<!-- a comment -->",
    "<!--\na comment\n\nof lines\n-->",
    "% a comment",
    "## A heading",
    "A heading\n---",
]
MORE_MARKDOWN += ["```\ncode\n```", "[link]: https://example.com", "(label)=", "Term\n: Definition", "+++", "<br>"]
MORE_RST = [
    ".. a comment",
    "..\n\n   a comment",
    "A heading\n---------",
    "Sample::\n\n   code",
    ".. _label:",
    "``code``",
]
MORE_RST += ["Term\n   Definition", ":field: text", ".. code-block:: text\n\n   code", "| a line", ">>> 1 + 1\n2"]


def indent(text: str, by: str) -> str:
    return textwrap.indent(text, by)


# --- Markdown


def fenced(mark: str, name: str, argument: str, options: str, body: str) -> str:
    longest = max((len(run) for run in body.replace("\n", " ").split(" ") if run and not run.strip(mark)), default=2)
    inner = [line.lstrip("> -*") for line in body.split("\n")]
    longest = max([longest, *(len(line) - len(line.lstrip(mark)) for line in inner)])
    fence = mark * max(3, longest + 1)
    opening = f"{fence}{{{name}}} {argument}".rstrip()
    return "\n".join(part for part in (opening, options, body, fence) if part)


def in_comment(text: str) -> str:
    return "<!--\n" + text.replace("-->", "->") + "\n-->"


def markdown_sample(text: str) -> str:
    return "A sample:\n\n" + indent(text, "    ")


@st.composite
def markdown_directive(draw, inner):
    mark = draw(st.sampled_from("`:~"))
    name = draw(
        st.sampled_from(
            ["timeline", "root-cause", "note", "internal-only", "audience", "code-block", "contributing-factors"]
        )
    )
    if name == "timeline":
        return fenced(mark, draw(st.sampled_from([name, "postmortem:timeline"])), "", "", "\n".join(TABLE))
    argument = {"audience": "public", "code-block": "text"}.get(name, "")
    forms = [""]
    if name not in ("note", "code-block"):
        forms += [":class: a", ":class: a\n:name: b-c", "---\nclass: a\n---", ":summary: 'a' # b", ":summary: a # b"]
        forms += [
            ":summary: one\n:summary: two",
            ":audience: public # a",
            "---\nsummary: a # b\naudience: public # a\n---",
        ]
        forms += [
            "---\nsummary: >\n  one\n  two\n--- ",
            "---\nsummary: a\n  b: c\n---",
            "---\n'summary': \"a\n  b\"\n----",
        ]
    options = draw(st.sampled_from(forms))
    gap = "\n" * draw(st.integers(0, 2))
    return fenced(mark, name, argument, options, gap + draw(inner))


def markdown_blocks(inner):
    return st.one_of(
        markdown_directive(inner),
        inner.map(in_comment),
        inner.map(markdown_sample),
        inner.map(lambda text: indent(text, "> ").replace("\n\n", "\n>\n")),
        inner.map(lambda text: "- " + indent(text, "  ").lstrip(" ")),
        inner.map(lambda text: "10. " + indent(text, "    ").lstrip(" ")),
        st.tuples(st.integers(1, 10**9), inner).map(lambda pair: f"[^{pair[0]}]: Text.\n\n{indent(pair[1], '    ')}"),
        inner.map(lambda text: "Term\n: Text.\n\n" + indent(text, "  ")),
        st.just("```{include} /parts/part.md\n```"),
        st.just("```{include} parts/part.md\n:start-line: 2\n```"),
        st.just("```{include} parts/part.md\n:end-before: ':::'\n```"),
        st.just("```{include} parts/part.md\n:literal:\n```"),
        rst_page(1).map(lambda text: fenced("`", "eval-rst", "", "", text)),
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
        st.lists(inner, min_size=2, max_size=2).map("\n".join),
    )


# --- reStructuredText


@st.composite
def rst_directive(draw, inner):
    name = draw(
        st.sampled_from(
            ["timeline", "root-cause", "note", "internal-only", "audience", "code-block", "contributing-factors"]
        )
    )
    if name == "timeline":
        return ".. timeline::\n\n" + indent("\n".join(TABLE), "   ")
    argument = {"audience": " public", "code-block": " text"}.get(name, "")
    options = (
        draw(st.sampled_from(["", "   :class: a\n", "   :class: a\n   :name: b-c\n"])) if name != "code-block" else ""
    )
    gap = "\n" * draw(st.integers(1, 2))
    width = draw(st.sampled_from(["   ", "  ", "      "]))
    return f".. {name}::{argument}\n{options.replace('   ', width)}{gap}{indent(draw(inner), width)}"


def rst_blocks(inner):
    return st.one_of(
        rst_directive(inner),
        inner.map(lambda text: "..\n" + indent(text, "   ")),
        inner.map(lambda text: ".. A comment.\n\n" + indent(text, "   ")),
        inner.map(lambda text: "A sample::\n\n" + indent(text, "    ")),
        inner.map(lambda text: "Text.\n\n" + indent(text, "    ")),
        inner.map(lambda text: "- " + indent(text, "  ").lstrip(" ")),
        inner.map(lambda text: "10. " + indent(text, "    ").lstrip(" ")),
        inner.map(lambda text: ".. [1] Text.\n\n" + indent(text, "   ")),
        inner.map(lambda text: "Term\n" + indent(text, "   ")),
        inner.map(lambda text: ":field: Text.\n\n" + indent(text, "   ")),
        st.just(".. include:: /parts/part.rst"),
        st.just(".. include:: parts/part.rst\n   :literal:"),
        st.just(".. include:: parts/part.md\n   :parser: myst_parser.sphinx_"),
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
        st.lists(inner, min_size=2, max_size=2).map("\n".join),
    )


def rst_page(leaves: int = 6):
    words = st.sampled_from([*WORDS, *MORE_RST])
    return st.recursive(words | rst_directive(words), rst_blocks, max_leaves=leaves)


def markdown_page():
    words = st.sampled_from([*WORDS, *MORE_MARKDOWN])
    return st.recursive(words | markdown_directive(words), markdown_blocks, max_leaves=6)


PARTS = {
    "part.md": "Text.\n\n:::{timeline}\n" + "\n".join(TABLE) + "\n:::\n\n::::{root-cause}\nText.\n::::\n",
    "part.rst": "Text.\n\n.. timeline::\n\n" + indent("\n".join(TABLE), "   ") + "\n\n.. root-cause::\n\n   Text.\n",
}


def built(folder: Path, pages: dict[str, str]) -> dict[str, list[list[object]]]:
    """Build the pages, and return what ran on each."""
    source = folder / "source"
    (source / "parts").mkdir(parents=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "index.md").write_text("# Index\n", encoding="utf-8")
    for name, text in PARTS.items():
        (source / "parts" / name).write_text(text, encoding="utf-8")
    for name, text in pages.items():
        (source / name).write_text(text, encoding="utf-8")
    with docutils_namespace():
        app = SphinxTestApp("dummy", srcdir=source, builddir=folder / "build")
        try:
            app.build()
        finally:
            app.cleanup()
        return {name: json.loads((app.outdir / f"{Path(name).stem}.json").read_text("utf-8")) for name in pages}


def as_ran(directive: Directive) -> list[object]:
    options = {name: line.text for name, line in directive.options.items()}
    body = [[line.number, line.text] for line in directive.body]
    return [directive.name, directive.argument, directive.file, directive.line, options, body]


def ordered(found: list[list[object]]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in found)


def ordered_without_numbers(found: list[list[object]]) -> list[str]:
    return ordered([[*each[:3], each[4], [text for _, text in each[5]]] for each in found])


# Without shrinking, which would build a site for each step: the message holds one page and what differs on it.
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(markdown_page(), min_size=20, max_size=20), st.lists(rst_page(), min_size=20, max_size=20))
def test_the_reader_finds_what_a_build_runs(tmp_path_factory, markdown, rst):
    folder = tmp_path_factory.mktemp("site")
    pages = {f"m{number}.md": f"# Page\n\n{text}\n" for number, text in enumerate(markdown)}
    pages |= {f"r{number}.rst": f"Page\n====\n\n{text}\n" for number, text in enumerate(rst)}
    for name, ran in built(folder, pages).items():
        page = read_page(
            pages[name],
            markdown=name.endswith(".md"),
            markdown_syntax=frozenset(MYST_EXTENSIONS),
            open_file=SiteFiles(folder / "source" / name, folder / "source").open,
        )
        # MyST miscounts the lines of a directive below such characters.
        is_exact = name.endswith(".rst") or SEPARATORS.isdisjoint(pages[name])
        shown = ordered if is_exact else ordered_without_numbers
        assert shown([as_ran(each) for each in page.directives]) == shown(ran), pages[name]


def test_form_feeds_are_spaces_in_restructuredtext(tmp_path):
    bodies = [
        ".. internal-only::\n\n   two\fwords\n   three",
        ".. internal-only::\n   :class: a\n\n   two\v   words",
        "\f.. root-cause::\n\n   Cause.",
    ]
    pages = {f"r{number}.rst": f"Page\n====\n\n{body}\n" for number, body in enumerate(bodies)}
    pages["m.md"] = f"# Page\n\n```{{eval-rst}}\n{bodies[0]}\n```\n"
    for name, ran in built(tmp_path, pages).items():
        page = read_page(pages[name], markdown=name.endswith(".md"))
        assert ordered([as_ran(each) for each in page.directives]) == ordered(ran), pages[name]
