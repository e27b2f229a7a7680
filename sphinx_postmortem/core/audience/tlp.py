"""The labels of the Traffic Light Protocol 2.0 (https://www.first.org/tlp/): how they are read and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS

_COMMENT = expression(r"(^|\s)#.*$")
_LITERAL = expression(r"(?<!`)(`++).+?(?<!`)\1(?!`)")
_IN_TEXT = expression(
    r"(?<![\w:/#-])TLP[*_ ]*[:\uff1a][*_ ]*(AMBER\s?\+\s?STRICT|AMBER|RED|GREEN|CLEAR|WHITE)(?![\w+-])", re.IGNORECASE
)


def read_label(written: str) -> str:
    """Return a label in its own spelling, without ``TLP:``, quotes, markup and comment; another word as it stands."""
    bare = _COMMENT.sub("", written).strip().strip("\"'").strip("*_` ")
    label = "+".join(part.strip() for part in bare.upper().removeprefix("TLP:").split("+"))
    return label if label in TLP_LABELS else bare


def strictness(label: str) -> int:
    """Return how strict a label is: 0 for CLEAR, more for a stricter one. An unknown one is as strict as RED."""
    return len(TLP_LABELS) - 1 - (TLP_LABELS.index(label) if label in TLP_LABELS else 0)


def strictest(labels: Iterable[str]) -> str:
    """Return the strictest of some labels; the empty ones do not count. Nothing gives an empty text."""
    return max((label for label in labels if label), key=strictness, default="")


def labels_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield each label that a text states, such as ``TLP:AMBER``, with its place; code in it does not count."""
    if "tlp" not in text.casefold():
        return
    shown = _LITERAL.sub(lambda match: " " * len(match[0]), text)
    for match in _IN_TEXT.finditer(shown):
        yield match.start(), re.sub(r"\s", "", match[1].upper())
