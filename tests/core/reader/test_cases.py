"""Pages in ``cases``, each beside the directives that stand on it: name, argument, lines, body and options."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.reader import Directive, read_page
from sphinx_postmortem.core.reader.includes import SiteFiles

CASES = Path(__file__).parent / "cases"


def shown(directive: Directive) -> str:
    argument = f' "{directive.argument}"' if directive.argument else ""
    file = f"{directive.file}:" if directive.file else ""
    numbers = [line.number for line in directive.body]
    body = f", body {numbers[0]}-{numbers[-1]}" if numbers else ""
    options = ", ".join(f"{name}={' '.join(x.text.split())}@{x.number}" for name, x in directive.options.items())
    lines = f"{file}{directive.line}-{directive.end}{body}"
    return f"{'  ' * len(directive.within)}{directive.name}{argument} {lines}{': ' if options else ''}{options}"


@pytest.mark.parametrize("name", ["nested.md", "nested.rst"])
def test_a_page_holds_these_directives(name):
    path = CASES / name
    text = path.read_text(encoding="utf-8")
    page = read_page(text, markdown=path.suffix == ".md", open_file=SiteFiles(path, CASES).open)
    assert "\n".join(map(shown, page.blocks)) + "\n" == (CASES / f"{name}.txt").read_text(encoding="utf-8")
    assert page.faults == []
