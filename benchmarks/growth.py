"""Counts the steps that checks and the gate take for texts of two sizes: ``python -m benchmarks.growth``.

A step is a line of Python that runs. An exponent of 1 says that twice the text takes twice the steps.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from sphinx_postmortem.core import checks
from sphinx_postmortem.core.audience.accounting import Page, find_faults
from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.mentions import MentionSearch
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.checks.page import check_page
from sphinx_postmortem.core.settings import Settings

HEAD = "# SEC-1 x\n\n:::{incident-summary} SEC-1\n:date: 2026-01-01\n:severity: SEV-1\n\nText.\n:::\n\n"
_BLOCK = ":::{{internal-only}}\nHidden {}.\n:::\n\n"
_ROW = "| 2026-01-01 {:02}:{:02} | Event {} | Notes |\n"
_OTHER_DAY = "| 2026-01-{:02} {:02}:{:02} | Event {} | Notes |\n"
_TIMELINE = ":::{timeline}\n| Time (UTC) | Event | Notes |\n|---|---|---|\n"
_ACTION = "| A{} | Do the thing | team-{} | P1 | 2026-03-01 | open |\n"


def _indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


def _each(pattern: str) -> Callable[[int], str]:
    return lambda count: HEAD + "".join(pattern.format(number) for number in range(count))


SHAPES: dict[str, Callable[[int], str]] = {
    "rows of a timeline": lambda n: (
        HEAD + _TIMELINE + "".join(_ROW.format(i // 60 % 24, i % 60, i) for i in range(n)) + "\n:::\n"
    ),
    "rows of a timeline that are out of order": lambda n: (
        HEAD + _TIMELINE + "".join(_OTHER_DAY.format(i * 7 % 28 + 1, i % 24, i % 60, i) for i in range(n)) + "\n:::\n"
    ),
    "rows of a timeline with days alone, out of order": lambda n: (
        HEAD + _TIMELINE + "".join(f"| 2026-01-{i * 7 % 28 + 1:02} | Event {i} | Notes |\n" for i in range(n)) + ":::\n"
    ),
    "rows of actions": lambda n: (
        HEAD
        + ":::{action-table}\n| ID | Action | Owner | Priority | Due date | Status |\n|---|---|---|---|---|---|\n"
        + "".join(_ACTION.format(i, i % 20) for i in range(n))
        + "\n:::\n"
    ),
    "columns of a row": lambda n: f"{HEAD}:::{{timeline}}\n|{'a|' * n}\n|{'-|' * n}\n|{'`x|' * n}\n\n:::\n",
    "marked blocks": _each(_BLOCK),
    "marked blocks in quotes": _each("> :::{{internal-only}}\n> Hidden {}.\n> :::\n>\n"),
    "marked blocks in a list item": lambda n: (
        HEAD + "- item\n\n" + _indented("".join(_BLOCK.format(i) for i in range(n)))
    ),
    "fences that are not closed": _each(":::{{note}}\nline {}\n"),
    "closed fences, one after the other": _each("```python\nx = {}\n```\n\n"),
    "marks in HTML": lambda n: HEAD + "<div class=internal>\n" * n,
    "paragraphs": _each("The team mended host{}.example.com fast.\n\n"),
    "headings with the same words": _each("## Timeline\n\n"),
    "links on one line": _each("[link {0}](page{0}.md) "),
    "one long line": lambda n: HEAD + "word " * n,
    "one long word": lambda n: HEAD + "a1" * n,
    "opening brackets": lambda n: HEAD + "[" * n,
    "letters and hyphens": lambda n: HEAD + "a-" * n,
    "brackets, letters and hyphens": lambda n: HEAD + "[a-" * n,
    "backticks and brackets": lambda n: HEAD + "`[" * n,
    "quotes in quotes": lambda n: HEAD + "> " * n + "x\n",
    "definitions": _each("term {}\n: meaning\n\n"),
    "footnotes": _each("[^{0}]: note\n\nText [^{0}].\n\n"),
    "definitions of links": _each("[a{}]: b\n"),
    "comments that are not closed": lambda n: HEAD + "<!-- x\n" * n,
    "entities": lambda n: HEAD + "&#x61" * n,
    "backticks": lambda n: HEAD + "`a " * n,
    "HTML tags that are not closed": lambda n: HEAD + "<a " * n,
    "images that are not closed": lambda n: HEAD + "![i](" * n,
    "blank lines": lambda n: HEAD + "\n" * n + "end\n",
    "spaces": lambda n: HEAD + "x" + " " * n + "y\n",
    "front matter": lambda n: "---\n" + "".join(f"key{i}: v\n" for i in range(n)) + "---\n" + HEAD,
}

_PUBLIC = Edition(Audiences(), "public")
_SEARCH = MentionSearch(_PUBLIC.audiences.names)


def _check(text: str) -> None:
    checks.run_page(check_page("page.md", text, Settings()))


def _gate(text: str) -> None:
    read_page_marking(text, markdown=True)
    _SEARCH.find(text)
    find_faults(Page(texts={"page.md": text}), _SEARCH, _PUBLIC, ())


WORKS: dict[str, Callable[[str], None]] = {"check": _check, "gate": _gate}


def steps(work: Callable[[str], None], text: str) -> int:
    """Return how many lines of this project run for a text; what other packages do is theirs."""
    own, count = str(Path(checks.__file__).parents[2]), 0

    def trace(frame: FrameType, kind: str, _argument: object) -> Any:
        nonlocal count
        if kind == "call" and not frame.f_code.co_filename.startswith(own):
            return None
        count += kind == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(text)
    finally:
        sys.settrace(before)
    return count


def exponent(work: Callable[[str], None], shape: Callable[[int], str], size: int) -> float:
    """Return with which power of the text's size the steps grow, from ``size`` to four times as much.

    Fewer steps than one for each piece of the text count as one for each: what does not grow gives 1.
    """
    work(shape(2))  # what is kept for all later texts is there from now on
    base = steps(work, shape(1))
    small, large = (max(steps(work, shape(count)) - base, count) for count in (size, 4 * size))
    return math.log(large / small, 4)


def main() -> None:
    """Print a table."""
    size = int(sys.argv[1]) if sys.argv[1:] else 200
    print(f"| {size} and {4 * size} of | {' | '.join(WORKS)} |\n|{'---|' * (len(WORKS) + 1)}")
    for name, shape in SHAPES.items():
        found = (f"{exponent(work, shape, size):.2f}" for work in WORKS.values())
        print(f"| {name} | {' | '.join(found)} |", flush=True)


if __name__ == "__main__":
    main()
