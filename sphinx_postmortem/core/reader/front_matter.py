"""Reads the head of a page: YAML front matter by PyYAML, or the fields of reStructuredText."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.reader.read_page import Entry, Fault, FrontMatter, Line

CODE = "broken-front-matter"
_FIELD = expression(r":(?P<name>postmortem-[a-z]{1,20}):(?P<value>\s.*)$")
_HEAD = expression(r":[^:\s][^:]*:(?:\s|$)|\s|\.\.(?:\s|$)|$")
_UNDERLINE = expression(r"([!-/:-@\[-`{-~])\1*\s*$")
_MARK = "---"
_INDENT_OF_CODE = 4


def front_matter_length(lines: Sequence[str]) -> int | None:
    """Return how many lines the front matter of a Markdown page has, with both fences; None where it never closes."""
    if not lines or not lines[0].startswith(_MARK):
        return 0
    marks = len(lines[0]) - len(lines[0].lstrip("-"))
    for index, line in enumerate(lines[1:], start=1):
        bare = line.rstrip(" \t")
        if bare == "...":
            return index + 1
        dashes = bare.lstrip(" ")
        if len(bare) - len(dashes) < _INDENT_OF_CODE and len(dashes) >= marks and not dashes.strip("-"):
            return index + 1
    return None if lines[0].rstrip() == _MARK else 0


def read_front_matter(lines: Sequence[Line]) -> tuple[FrontMatter, list[Fault]]:
    """Read the lines between the fences of YAML front matter; what cannot be read is a fault."""
    whole = FrontMatter(tuple(lines))
    first = lines[0].number if lines else 1
    try:
        node = yaml.compose("\n".join(line.text for line in lines), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return whole, [_fault_of(error, first, lines)]
    except RecursionError:
        return whole, [Fault(CODE, first, "the front matter is nested too deeply; unfold it")]
    if node is None:
        return whole, []
    if not isinstance(node, yaml.MappingNode):
        message = "the front matter is no mapping; write lines of the form `key: value`"
        return whole, [Fault(CODE, first + node.start_mark.line, message)]
    faults = [*_repeated(node, first)]
    return FrontMatter(tuple(lines), _entries(node, first, 0)), faults


def _fault_of(error: yaml.YAMLError, first: int, lines: Sequence[Line]) -> Fault:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    number = min(first + (mark.line if mark else 0), lines[-1].number)
    written = lines[number - first].text
    if written.startswith("\t"):
        return Fault(CODE, number, "front matter is YAML, which does not allow tabs; indent with spaces")
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML"
    return Fault(CODE, number, f'"{written.strip()[:40]}" cannot be read as YAML ({reason}); write `key: value`')


def _repeated(node: yaml.MappingNode, first: int) -> list[Fault]:
    seen: dict[str, int] = {}
    faults: list[Fault] = []
    for key, _ in node.value:
        number = first + key.start_mark.line
        name = _text(key)
        if name in seen:
            message = f"`{name}` is the key of line {seen[name]}, too; YAML keeps one of them, remove the other"
            faults.append(Fault(CODE, number, message))
        seen.setdefault(name, number)
    return faults


def _entries(node: yaml.Node, first: int, depth: int) -> tuple[Entry, ...]:
    if depth > 2:  # nothing of ours is nested deeper, and an alias may name what holds it
        return ()
    if isinstance(node, yaml.MappingNode):
        return tuple(
            Entry(_text(key), _text(value), first + key.start_mark.line, _entries(value, first, depth + 1))
            for key, value in node.value
        )
    if isinstance(node, yaml.SequenceNode):
        found: list[Entry] = []
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                found += _entries(item, first, depth + 1)
            else:
                found.append(Entry(_text(item), "", first + item.start_mark.line))
        return tuple(found)
    return ()


def _text(node: yaml.Node) -> str:
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""


def read_fields(lines: Sequence[Line]) -> FrontMatter:
    """Read the fields ``:postmortem-…:`` at the head of a reStructuredText page.

    A value is a list of ``name`` or ``name: value``, with commas between them.
    """
    found: list[Line] = []
    entries: list[Entry] = []
    for line, below in zip(lines, [*lines[1:], Line(0, "")], strict=False):
        if not (_HEAD.match(line.text) or _UNDERLINE.match(line.text) or _UNDERLINE.match(below.text)):
            break
        match = _FIELD.match(line.text)
        if match:
            found.append(line)
            parts = [part.partition(":") for part in match["value"].strip().strip("{}[]").split(",")]
            inner = tuple(Entry(_bare(name), _bare(value), line.number) for name, _, value in parts if name.strip())
            entries.append(Entry(match["name"], "", line.number, inner))
    return FrontMatter(tuple(found), tuple(entries))


def _bare(text: str) -> str:
    return text.strip().strip("\"'")
