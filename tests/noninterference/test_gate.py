"""The gate on generated pages: whatever stands round a marking, and however it is miswritten, hidden text stays hidden."""

from __future__ import annotations

import os
import random
from collections import Counter
from io import StringIO

import pytest
from sphinx.errors import ExtensionError
from sphinx.testing.util import SphinxTestApp

from tests.noninterference import gate_cases

SAMPLE = 150  # of some 2,500 pages for each syntax; `make noninterference` reads all
EXTENSIONS = ["deflist", "fieldlist", "dollarmath", "attrs_block", "attrs_inline", "html_admonition", "substitution"]


def outcome(app: SphinxTestApp, docname: str) -> str:
    """Read one page, and say what became of it."""
    if docname not in app.env.found_docs:
        return "hidden page"
    try:
        app.builder.read_doc(docname)
    except ExtensionError:
        app.env.current_document.clear()
        assert not (app.doctreedir / f"{docname}.doctree").exists()
        return "refused"
    stored = (app.doctreedir / f"{docname}.doctree").read_bytes().decode("latin1")
    if gate_cases.HIDDEN in stored:
        return "leak"
    shown = (f"{gate_cases.SHOWN}a", f"{gate_cases.SHOWN}b")
    return "sound" if all(word in stored for word in shown) else "lost"


@pytest.mark.parametrize("kind", ["md", "rst"])
def test_each_page_is_refused_or_lacks_its_hidden_text(site, kind):
    cases = list(gate_cases.pages(kind))
    if not os.environ.get("POSTMORTEM_ALL_CASES"):
        cases = random.Random(13).sample(cases, SAMPLE)
    files = {f"p{number}.{kind}": text for number, (_, text) in enumerate(cases)}
    source = site(
        {"index.md": "# T\n", **files}, f"extensions.append('sphinx_design')\nmyst_enable_extensions = {EXTENSIONS}"
    )
    app = SphinxTestApp(
        "html",
        srcdir=source.source,
        builddir=source.source.parent / "build",
        warning=StringIO(),
        confoverrides={"postmortem_audience": "leadership"},
    )
    try:
        found = {name: outcome(app, f"p{number}") for number, (name, _) in enumerate(cases)}
    finally:
        app.cleanup()
    assert {name: what for name, what in found.items() if what in ("leak", "lost")} == {}
    assert {"refused", "sound"} <= Counter(found.values()).keys()
