"""The audit's own reading of sources: every position, both syntaxes, and what counts as visible."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sphinx_postmortem.cli.audit import PACKAGE
from sphinx_postmortem.core.audience.path_patterns import matches
from sphinx_postmortem.core.audit.allowed_texts import python_texts, quick_python_texts
from sphinx_postmortem.core.audit.markdown_source import split_markdown
from sphinx_postmortem.core.audit.marks import Split, View
from sphinx_postmortem.core.audit.rst_source import split_rst
from sphinx_postmortem.core.audit.terms import words_of
from tests.noninterference.positions import page

AUDIENCES = ("internal", "leadership", "public")


def split(text: str, *, rst: bool = False, edition: str = "leadership") -> tuple[str, str]:
    view = View(AUDIENCES, edition)
    done = split_rst(text.splitlines(), Split("p.rst"), view) if rst else split_markdown(text, "p.md", view)
    hidden = "\n".join([line.text for line in done.hidden] + [ref.target for ref in done.references if ref.hidden])
    visible = "\n".join([line.text for line in done.visible] + [r.target for r in done.references if not r.hidden])
    return hidden, visible


@pytest.mark.parametrize("kind", ["myst", "rst"])
def test_every_position_is_read_as_hidden(kind):
    text, words = page(kind)
    hidden, visible = split(text, rst=kind == "rst")
    shown_by_design = {"summary of an inner block", "include", "literalinclude"}
    for name, word in words.items():
        assert word in hidden or name in shown_by_design, name
        assert word not in visible, name


@pytest.mark.parametrize("kind", ["myst", "rst"])
def test_all_is_visible_in_the_full_edition(kind):
    text, _words = page(kind)
    assert split(text, rst=kind == "rst", edition="internal")[0] == ""


@pytest.mark.parametrize(
    "text",
    [
        ":::{internal-only}\nHIDE\n:::\nshow",
        "::::{internal-only}\n:::{note}\nHIDE\n:::\nHIDE\n::::\nshow",
        ":::{internal-only}\n:::{note}\nHIDE\n:::\nHIDE\n:::\nshow",
        "~~~{audience} internal\nHIDE\n~~~\nshow",
        "``````{postmortem:internal-only}\n```\nHIDE\n```\nHIDE\n``````\nshow",
        "- item\n\n  :::{internal-only}\n  HIDE\n  :::\n\nshow",
        "> :::{internal-only}\n> HIDE\n> :::\n\nshow",
        ":::{internal-only}\n:summary: show\nHIDE\n:::",
        ":::{internal-only}\n---\nsummary: show\n---\nHIDE\n:::",
        ":::{root-cause}\n:audience: internal\nHIDE\n:::\nshow",
        ":::{note}\n:audience: internal\nHIDE\n:::\nshow",
        ":::{audience} nobody\nHIDE\n:::\nshow",
        "```text\n:::{internal-only}\nshow\n:::\n```\nshow",
        "```{eval-rst}\n.. internal-only::\n\n   HIDE\n\nshow\n```",
        "% HIDE\nshow <!-- HIDE\nHIDE --> show",
        ":::{timeline}\n| Event | Audience |\n|--|--|\n| HIDE | internal |\n| show | |\n:::",
        ":::{timeline}\n:internal-columns: Notes\n| Event | Notes |\n|--|--|\n| show | HIDE |\n:::",
        ":::{timeline}\n:internal-columns: Nots\n| Event | Notes |\n|--|--|\n| HIDE | HIDE |\n:::\nshow",
        ":::{timeline}\n| Event | Audience |\n|--|--|\n| HIDE | |  |\n:::\nshow",
        "| Event | Audience |\n|--|--|\n| show | internal |",
    ],
)
def test_markdown(text):
    hidden, visible = split(text)
    assert "show" not in hidden
    assert "HIDE" not in visible
    assert hidden.count("HIDE") + visible.count("show") >= text.count("HIDE") + text.count("show")


@pytest.mark.parametrize(
    "text",
    [
        ".. internal-only::\n\n   HIDE\n\n   HIDE\n\nshow",
        ".. audience:: internal\n   :summary: show\n\n   HIDE\n",
        "- item\n\n  .. internal-only::\n\n     HIDE\n\n  show",
        "- .. internal-only::\n\n     HIDE\n\n- show",
        ".. note::\n   :audience: internal\n\n   HIDE\n\nshow",
        ".. a comment HIDE\n   HIDE\n\nshow",
        "Code::\n\n   .. internal-only::\n\n      show\n\nshow",
        ".. action-table::\n\n   | Action | Audience |\n   |--|--|\n   | HIDE | internal |\n   | show | |\n\nshow",
        ".. audience:: leadership\n\n   show\n\n   .. internal-only::\n\n      HIDE\n\n   show",
    ],
)
def test_restructuredtext(text):
    hidden, visible = split(text, rst=True)
    assert "show" not in hidden
    assert "HIDE" not in visible
    assert hidden.count("HIDE") == text.count("HIDE")
    assert visible.count("show") == text.count("show")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("secret", "secret/a/b.md", True),
        ("secret/**", "secret/a/b.md", True),
        ("*/draft.md", "x/draft.md", True),
        ("*/draft.md", "x/y/draft.md", False),
        ("**/draft.md", "x/y/draft.md", True),
        ("inc-[12].md", "inc-2.md", True),
        ("secret", "secrets/a.md", False),
    ],
)
def test_patterns(pattern, path, expected):
    assert matches(pattern, path) is expected


def test_the_audit_shares_no_code_with_the_gate():
    names = ["audiences", "page_marking", "table_gate", "hidden_pages", "tables", "block_markings"]
    program = (
        "import sys, pkgutil, importlib, sphinx_postmortem.core.audit as a\n"
        "for m in pkgutil.iter_modules(a.__path__): importlib.import_module(a.__name__ + '.' + m.name)\n"
        "print([m for m in sys.modules if m.startswith('sphinx_postmortem')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "core.audit.search" in done.stdout
    assert not [name for name in names if f"core.{name}'" in done.stdout]
    assert "sphinx_ext" not in done.stdout


def test_the_quick_reader_of_our_own_sources_allows_no_more_than_the_exact_one():
    files = [path for folder in ("core", "sphinx_ext") for path in (PACKAGE / folder).rglob("*.py")]
    read = 0
    for path in (path for path in files if "audit" not in path.relative_to(PACKAGE).parts):
        source = path.read_text("utf-8")
        quick, exact = (set(words_of(reader(source))) for reader in (quick_python_texts, python_texts))
        assert quick <= exact, path
        missing = exact - quick
        assert len([word for word in missing if word.isascii()]) <= 6, (
            path
        )  # within format fields, which never are text
        # Letters in escapes are breaks to the quick reader; what is written as it is read, in any script, is found.
        assert {word for word in missing if not word.isascii()} & set(words_of(source)) == set(), path
        read += len(quick)
    assert read > 1000
