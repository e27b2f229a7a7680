"""Code and comments of a page, which may quote a marking: what of them is a sample, and what is meant to mark."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.audience.mentions import MentionSearch, plain
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_LEADING = expression(
    r"^(?:<!--|%|\.\.(?=\s))?(?:[\s/#!*=~_-]++|:(?!:)|postmortem:"
    r"|(?:begin|start|end|only|section|region|block|part|the|this|is|following|for|from|here|note|todo)\b)*+"
)
"""What may stand before a marking in a comment: its own marks, borders, and words such as *begin*."""


@dataclass(frozen=True)
class Literal:
    """A text that the parsed page shows as it is written, or does not show at all: code, or a comment."""

    path: str
    line: int
    text: str
    is_comment: bool = False


def sample_lines(literal: Literal, search: MentionSearch) -> Iterator[str]:
    """Yield the lines that may quote a marking.

    A line of a comment that begins with one does not: it looks as if it marked what follows.
    """
    for line in literal.text.strip().split("\n"):
        if literal.is_comment and search.has_sign(_LEADING.sub("", plain(line)), at_start=True):
            continue
        if search.may_quote(line):
            yield line
