r"""Statements: what a page shows, one line of plain text for each.

A statement's text is written so that two texts which a reader can tell apart never give the same line: characters that
nobody sees stand as ``\u{200b}``. Quotes and dashes are the exception: whether typography was improved depends on the
builder, so they count in their plain form outside of code.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import field

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

KINDS = (
    *("heading 1", "heading 2", "heading 3", "heading 4", "heading 5", "heading 6"),
    *("text", "item", "term", "fact", "head", "row", "caption", "box", "code", "image", "file", "meta", "index"),
    *("link", "raw", "data", "derived", "setting", "owner"),
)
"""Every kind of statement. ``head`` and ``row`` are the lines of a table, their cells joined by ``|``."""

LINK_OPEN, LINK_CLOSE = "⟨", "⟩"
"""They stand round the target of a link, behind its text."""

_SPACES = expression(r"\s+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SPECIAL = expression(rf"[^ -\[\]-~]|\\(?=u\{{)|[{LINK_OPEN}{LINK_CLOSE}]")
_PLAIN = {
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛‹›", "'"),
    "–": "--",
    "—": "---",
    "…": "...",
}
_TARGET = expression(rf"{LINK_OPEN}([^{LINK_OPEN}{LINK_CLOSE}]*){LINK_CLOSE}")
_RAW_TAG = expression(r"\[raw html <[^<>]*>\]")
_WRITTEN_OUT = expression(r"\\u\{([0-9a-f]{1,6})\}")
_BEARING = frozenset("|\\⟨⟩")
"""Characters that ``visible`` and ``cells`` write out since they bear a meaning in statements."""
_TYPOGRAPHY = expression("|".join(("[«‹][\u00a0\u202f]", "[\u00a0\u202f][»›]", *map(re.escape, _PLAIN))))


@dataclass(frozen=True, order=True)
class Statement:
    """One line of a page.

    Attributes:
        kind: one of ``KINDS``.
        text: what is shown, as ``visible`` writes it.
        line: where it is in the source, from 1, or 0 where that is not known; two statements are equal without it.
    """

    kind: str
    text: str
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """Return the statement as a line of a release."""
        return f"{self.kind}: {self.text}" if self.text else f"{self.kind}:"


def prose(text: str) -> str:
    """Return a piece of text outside of code: typography in its plain form, each run of spaces as one."""
    plain = text if text.isascii() else _TYPOGRAPHY.sub(lambda match: _PLAIN[match[0].strip("\u00a0\u202f")], text)
    return visible(_SPACES.sub(" ", plain))


def one_line(pieces: Iterable[str]) -> str:
    """Join the pieces of a text, each made by ``prose``, ``visible`` or ``link_to``."""
    return _SPACES.sub(" ", "".join(pieces)).strip()


def visible(text: str) -> str:
    """Return a text with what cannot be seen written out, and nothing else changed."""
    return _SPECIAL.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    char = match[0]
    is_seen = char not in (LINK_OPEN, LINK_CLOSE, "\\") and unicodedata.category(char) not in _UNSEEN
    return char if is_seen else f"\\u{{{ord(char):x}}}"


def code_line(text: str) -> str:
    """Return a line of code: its spaces count, except at its end."""
    return visible(text.expandtabs().rstrip())


def link_to(target: str) -> str:
    """Return the target of a link as it stands behind the link's text."""
    return f"{LINK_OPEN}{visible(target.strip())}{LINK_CLOSE}"


def cells(texts: Iterable[str]) -> str:
    """Join the cells of a row, each of them made by ``visible``; a bar within a cell is written out."""
    return " | ".join(text.replace("|", "\\u{7c}") for text in texts).strip()


def cells_of(row: str) -> tuple[str, ...]:
    """Return the cells of a row that ``cells`` has joined."""
    return tuple(cell.strip() for cell in row.split(" | "))


def without_targets(text: str) -> str:
    """Return the text of a statement as it is read: without the targets of links and tags of raw HTML.

    Bars within cells, backslashes, and marks that join letters or turn the direction stand as themselves again. Of a
    reference without a text of its own, the name of the record stays.
    """
    shown = _TARGET.sub(_shown_target, _RAW_TAG.sub("", text))
    return " ".join(_WRITTEN_OUT.sub(_as_itself, shown).split())


def _as_itself(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    char = chr(code) if code <= sys.maxunicode else ""
    return char if char and (char in _BEARING or unicodedata.category(char) == "Cf") else match[0]


def _shown_target(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    return match[1].rpartition(" ")[2] if not before or before.isspace() else ""
