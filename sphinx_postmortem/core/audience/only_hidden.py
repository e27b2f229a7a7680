"""Definitions that only hidden content refers to: footnotes, citations, substitutions and link targets.

Such a definition stands in the visible text and says what was hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sphinx_postmortem.core.audience.mentions import plain

_DEFINITIONS = (
    (re.compile(r"^[\s>]*\[(?P<name>\^[^\]\s]+)\]:"), "footnote"),
    (re.compile(r"^[\s>]*\.\.\s+\[(?P<name>[^\]]+)\]\s"), "footnote or citation"),
    (re.compile(r"^[\s>]*\.\.\s+\|(?P<name>[^|]+)\|\s"), "substitution"),
    (re.compile(r"^[\s>]*\.\.\s+_(?P<name>[^:_`][^:]*):\s+\S"), "link"),
    (re.compile(r"^[\s>]*\*\[(?P<name>[^\]]+)\]:"), "abbreviation"),
)
_REFERENCE = re.compile(
    r"\[(?P<bracket>\^?[^\[\]\n]+)\]|\|(?P<bar>[^|\n]+)\|_?|`(?P<quoted>[^`\n]+)`__?|(?<![\w`])(?P<word>[\w.+-]+)_(?![\w`])"
)


def find_only_hidden(visible: Iterable[tuple[int, str]], hidden: str, shown: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the message of each definition that the visible text has and only hidden text refers to.

    Args:
        visible: the lines that the edition may show, with their 1-based numbers, without the gated tables.
        hidden: the text that the edition does not see.
        shown: what it sees of the gated tables.
    """
    if not hidden.strip():
        return
    wanted = _references(hidden)
    if not wanted:
        return
    defined: dict[str, tuple[int, str]] = {}
    rest: list[str] = [shown]
    for number, line in visible:
        found = next(((match["name"], kind) for pattern, kind in _DEFINITIONS if (match := pattern.match(line))), None)
        if found is None:
            rest.append(line)
            continue
        name, kind = found
        defined.setdefault(_key(name), (number, kind))
        rest.append(line.split(name, 1)[1].lstrip("]:| "))
    only = wanted & defined.keys()
    only -= _references("\n".join(rest)) if only else set()
    for key in sorted(only):
        number, kind = defined[key]
        message = (
            f"only hidden content refers to this {kind}, so it would tell of it; move it into the hidden block, or"
        )
        yield number, f"{message} put it into an `internal-only` block of its own"


def _references(text: str) -> set[str]:
    return {_key(next(filter(None, match.groups()))) for match in _REFERENCE.finditer(text)}


def _key(name: str) -> str:
    return " ".join(plain(name).strip("#*").split())
