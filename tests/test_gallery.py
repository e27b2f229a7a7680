"""The gallery shows every directive, and both of its syntaxes give the same page."""

from __future__ import annotations

import re
from pathlib import Path

from docs._ext.gallery_examples import EXAMPLES
from sphinx_postmortem.sphinx_ext.on_demand import DIRECTIVES

SECOND = Path(__file__).parent.parent / "docs/reference/gallery/sec-2026-041.md"
PAGE = "reference/gallery"


def test_every_directive_has_an_example():
    assert set(EXAMPLES) == set(DIRECTIVES)


def shown(site, suffix: str, examples: list[str]) -> str:
    """Return the text of a gallery in the syntax of a suffix."""
    files = {
        "index.md": f"# Site\n\n```{{toctree}}\n{PAGE}\nhow-to/runbooks\n```\n",
        "how-to/runbooks.md": "# Runbooks\n",
        "reference/gallery/sec-2026-041.md": SECOND.read_text(encoding="utf-8").replace("{doc}`", "`"),
        f"{PAGE}.{suffix}": "\n".join(["Gallery\n=======\n", *examples]),
    }
    built = site(files, 'postmortem_today = "2026-11-24"\n', folder=suffix).build("internal", warnings=True)
    assert re.findall(r"\[([\w.-]+)\]$", built.warnings, re.MULTILINE) == ["postmortem.no-history"]
    page = built.doctree(PAGE)
    return " ".join(page.astext().split())


def test_both_syntaxes_of_every_example_give_the_same_page(site):
    markdown = shown(site, "md", [example.markdown(name) for name, example in EXAMPLES.items()])
    assert "Key 7 of the build service" in markdown
    assert shown(site, "rst", [example.restructuredtext(name) for name, example in EXAMPLES.items()]) == markdown
