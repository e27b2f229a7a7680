"""Divides the text of a directive into its argument, options and body, as MyST and docutils do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.option_head import read_head
from sphinx_postmortem.core.reader.read_page import Line
from sphinx_postmortem.core.records.vocabulary import CODE_DIRECTIVES

# Of ours, those that take an argument, and those whose body is parsed as blocks. The others read it as a table, or
# have none.
WITH_ARGUMENT = frozenset(["incident-summary", "audience"])
WITH_BLOCKS = frozenset(
    ["incident-summary", "root-cause", "contributing-factors", "affected-assets", "closure-checklist"]
    + ["audience", "internal-only"]
)
# Of docutils and Sphinx, those without an argument: the text of their opening line is the first line of their body.
_OTHERS_WITHOUT_ARGUMENT = frozenset(
    ["attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning", "todo"]
    + ["compound", "epigraph", "highlights", "pull-quote", "line-block", "parsed-literal", "glossary", "toctree"]
    + ["centered", "hlist", "header", "footer"]
)
# Those whose body is neither code nor blocks.
_OTHERS_WITHOUT_BLOCKS = frozenset(
    ["toctree", "image", "index", "contents", "csv-table", "tabularcolumns", "meta", "include", "productionlist"]
    + ["replace", "unicode", "date", "role", "default-role", "title", "sectnum", "target-notes", "currentmodule"]
)
_NO_BLOCKS = (CODE_DIRECTIVES | _OTHERS_WITHOUT_BLOCKS | frozenset(DIRECTIVE_NAMES)) - WITH_BLOCKS

_FIELD = expression(r":(?![: ])(?P<name>(?:[^:\\]|\\.|:(?![ `]|$))*)(?<! ):(?: +|$)")


@dataclass
class Parts:
    """The parts of a directive's text."""

    argument: str = ""
    options: dict[str, Line] = field(default_factory=dict[str, Line])
    body: list[Line] = field(default_factory=list[Line])


def takes_argument(name: str) -> bool:
    """Say whether a directive takes an argument; one that nobody knows may."""
    return name in WITH_ARGUMENT if name in DIRECTIVE_NAMES else name not in _OTHERS_WITHOUT_ARGUMENT


def holds_blocks(name: str) -> bool:
    """Say whether directives may stand in a directive's body; in one that nobody knows, they may."""
    return name not in _NO_BLOCKS


def split_further(lines: Sequence[Line]) -> list[Line]:
    """Divide lines where MyST does so in a directive, and not in a page: at U+2028, form feeds and their like."""
    if len("".join(f"{line.text}\n" for line in lines).splitlines()) == len(lines):
        return list(lines)
    return [line.with_text(part) for line in lines for part in f"{line.text}\n".splitlines()]


def as_docutils_reads(text: str) -> str:
    """Return reStructuredText as docutils divides it into lines: form feeds and vertical tabs are spaces there."""
    return text.replace("\f", " ").replace("\v", " ")


def divide_myst(name: str, opening: Line, content: Sequence[Line]) -> Parts:
    """Divide a directive of MyST.

    Args:
        name: the directive's name.
        opening: the text that stands behind the name, with the number of the opening line.
        content: the lines between the fences.
    """
    content = split_further(content)
    options, body = _myst_options(content)
    parts = Parts(opening.text.strip(), options, list(body))
    if len(body) < len(content) and body and not body[-1].text:
        parts.body.pop()  # MyST puts the lines below options together again, and loses an empty one at the end
    if not takes_argument(name):
        if parts.argument:
            parts.body.insert(0, opening.with_text(parts.argument))
        parts.argument = ""
    if parts.body and not parts.body[0].text.strip():
        del parts.body[0]
    return parts


def _myst_options(content: Sequence[Line]) -> tuple[dict[str, Line], Sequence[Line]]:
    head = read_head([line.text for line in content])
    options = {each.name.casefold(): content[each.index].with_text(each.taken.strip()) for each in head.given()}
    if head.rest:
        return options, [content[head.end].with_text(head.rest), *content[head.end + 1 :]]
    return options, content[head.end :]


def divide_rst(name: str, block: Sequence[Line]) -> Parts:
    """Divide a directive of reStructuredText.

    Args:
        name: the directive's name.
        block: what stands behind ``::`` and the indented lines below, without their indentation.
    """
    lines = _without_blanks(block, at_start=False)
    if lines and not lines[0].text:
        del lines[0]
    head = next((index for index, line in enumerate(lines) if not line.text), len(lines))
    start = next((index for index, line in enumerate(lines[:head]) if _FIELD.match(line.text)), head)
    parts = Parts(options=dict(_fields(lines[start:head])))
    if takes_argument(name):
        parts.argument = "\n".join(line.text for line in lines[:start]).strip()
        parts.body = _without_blanks(lines[head:])
    else:
        parts.body = _without_blanks([*lines[:start], *lines[head:]])
    return parts


def _without_blanks(lines: Sequence[Line], *, at_start: bool = True) -> list[Line]:
    """Return the lines without the empty ones at the end and, unless that is not wanted, at the start."""
    kept = list(lines)
    while kept and not kept[-1].text:
        kept.pop()
    first = next((index for index, line in enumerate(kept) if line.text), 0) if at_start else 0
    return kept[first:]


def _fields(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    seen: set[str] = set()
    index = 0
    while index < len(lines):
        line = lines[index]
        match = _FIELD.match(line.text)
        index += 1
        if not match:
            continue
        value = [line.text[match.end() :].strip()]
        while index < len(lines) and lines[index].text.startswith(" "):
            value.append(lines[index].text.strip())
            index += 1
        name = match["name"].strip().casefold()
        if name not in seen:
            seen.add(name)
            yield name, line.with_text("\n".join(value).strip())
