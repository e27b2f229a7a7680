"""Slips and detours with the build's own defence switched off: the audit sees by itself what got out."""

from __future__ import annotations

import pytest

from sphinx_postmortem.cli.audit import audit_folder
from sphinx_postmortem.cli.site import make_site
from sphinx_postmortem.core.audience import hidden_pages
from sphinx_postmortem.core.audience.page_head import PageMarking
from sphinx_postmortem.sphinx_ext.audience import gate as edition
from sphinx_postmortem.sphinx_ext.audience import hidden_files, marked_copies, page_accounting
from sphinx_postmortem.sphinx_ext.describe import describe
from tests.slips import DETOURS, INDEX, SLIPS

CASES = {
    name: ({"index.md": INDEX, "p.md": f"# P\n\n{text}\n", **files}, f'exclude_patterns = ["page.md", "more"]\n{conf}')
    for name, (text, files, conf) in DETOURS.items()
    if name != "table whose header is missing"  # the table itself shows no row of it
}
CASES |= {
    f"path {pattern}": (
        {"index.md": "# T\n", "hidden/in/p.md": "---\norphan: true\n---\n# secretword\n"},
        f"postmortem_audience_paths = {{{pattern!r}: 'internal'}}",
    )
    for pattern in ("/hidden", "hidden\\in")
}


@pytest.fixture
def undefended(monkeypatch):
    monkeypatch.setattr(hidden_files, "_refuse_includes", lambda *_: None)
    monkeypatch.setattr(marked_copies, "hides_something", lambda *_, **__: False)
    monkeypatch.setattr(marked_copies, "refuse_copies_of_hidden_columns", lambda *_: None)
    monkeypatch.setattr(page_accounting, "find_faults", lambda *_: ())
    monkeypatch.setattr(page_accounting, "_plain_table_faults", lambda *_: ())
    monkeypatch.setattr(hidden_pages, "read_page_marking", lambda *_, **__: PageMarking())
    monkeypatch.setattr(hidden_pages, "sphinx_patterns", lambda pattern: (pattern,))
    monkeypatch.setattr(edition, "drop_hidden_static_files", lambda *_: None)


def leaks_of(source, built) -> list:
    return audit_folder(make_site(source.source, describe(source.source)), built.outdir, "leadership")


def test_slips_that_get_out_are_seen(site, undefended):
    words = {name: f"secretword{chr(ord('a') + number)}" for number, name in enumerate(SLIPS)}
    pages = {
        file.replace("p.", f"p{number}."): text.replace("secretword", words[name])
        for number, (name, (file, text)) in enumerate(SLIPS.items())
    }
    source = site({"index.md": "# T\n\nopen\n\n```{toctree}\n:glob:\n\np*\n```\n", **pages})
    built = source.build("leadership", warnings=True)
    shown = built.all_bytes()
    assert [name for name, word in words.items() if word.encode() not in shown] == []
    found = " ".join(leak.found for leak in leaks_of(source, built))
    assert [name for name, word in words.items() if word not in found] == []


@pytest.mark.parametrize("name", CASES)
def test_what_gets_out_is_seen(site, undefended, name):
    source = site(*CASES[name])
    built = source.build("leadership", "latex" if "LaTeX" in name else "html", warnings=True)
    assert b"secretword" in built.all_bytes().replace(b"\0", b"")
    assert [leak for leak in leaks_of(source, built) if "secretword" in leak.found or leak.kind == "file content"]
