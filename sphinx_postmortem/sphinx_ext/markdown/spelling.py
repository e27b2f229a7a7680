"""How text, code and addresses are spelled in GitHub Flavored Markdown, so that readers get back what was meant.

The rules are those of https://spec.commonmark.org/0.31.2/ and https://github.github.com/gfm/.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

BREAK = "\n"  # ends a line within a paragraph; texts hold none
BREAK_IN_CELL = "<br>"

_ALWAYS = expression(r"[\\`*\[\]~$]")
_UNDERSCORE = expression(r"(?<![^\W_])_|_(?![^\W_])")  # between letters it is no markup
_TAG = expression(r"<(?=[A-Za-z/!?]|\Z)")
_ENTITY = expression(r"&(?=[#\w]|\Z)")
_IMAGE = expression(r"!\Z")  # a link may follow
_BLOCK = expression(r"(?=[-+>](?:\s|\Z)|#{1,6}(?:\s|\Z)|>|-{2,}\s*\Z|=+\s*\Z)")
_NUMBER = expression(r"(\d{1,9})([.)])(?=\s|\Z)")
_UNSAFE_IN_ADDRESS = expression(r"[\s()<>\\|`\[\]\"\x00-\x1f]")


def text(written: str, *, in_cell: bool = False) -> str:
    """Return a text in which nothing is markup; line breaks of the source become spaces."""
    written = re.sub(r"(?<!\s)\s*\n\s*", " ", written)
    written = _ALWAYS.sub(r"\\\g<0>", written)
    for pattern in (_UNDERSCORE, _TAG, _ENTITY, _IMAGE):
        written = pattern.sub(r"\\\g<0>", written)
    return written.replace("|", r"\|") if in_cell else written


def as_paragraph(inline: str) -> list[str]:
    """Return the lines of a paragraph, none of which begins another kind of block."""
    lines = [_not_a_block(line.strip(" \t")) for line in inline.split(BREAK) if line.strip()]
    return [*(f"{line}\\" for line in lines[:-1]), *lines[-1:]]


def _not_a_block(line: str) -> str:
    if _NUMBER.match(line):
        return _NUMBER.sub(r"\1\\\2", line, count=1)
    return f"\\{line}" if _BLOCK.match(line) else line


def code_span(code: str, *, in_cell: bool = False) -> str:
    """Return code within a line. Cells cannot hold a backslash before a pipe in code: HTML takes its place."""
    code = re.sub(r"(?<!\s)\s*\n\s*", " ", code)
    if not code.strip():
        return f"<code>{code}</code>" if code else ""
    if in_cell and re.search(r"\\\|", code):
        return f"<code>{text(code).replace('|', '&#124;')}</code>"
    fence = "`" * (_longest_run(code) + 1)
    padding = " " if code[0] in "` " or code[-1] in "` " else ""
    code = code.replace("|", r"\|") if in_cell else code
    return f"{fence}{padding}{code}{padding}{fence}"


def code_block(code: str, language: str = "") -> list[str]:
    """Return code as a block of its own, line for line."""
    fence = "`" * max(3, _longest_run(code) + 1)
    language = language if re.fullmatch(r"[\w+#./-]+", language) else ""
    return [f"{fence}{language}", *code.rstrip("\n").split("\n"), fence]


def _longest_run(code: str) -> int:
    return max(map(len, re.findall("`+", code)), default=0)


def address(uri: str) -> str:
    """Return the destination of a link: what Markdown could misread is percent-encoded (RFC 3986, section 2.1)."""
    return _UNSAFE_IN_ADDRESS.sub(lambda match: quote(match[0], safe=""), uri)


def link(shown: str, uri: str, title: str = "") -> str:
    """Return a link. ``shown`` is Markdown; empty texts show the address."""
    tooltip = ' "' + text(title, in_cell=True).replace('"', r"\"") + '"' if title.strip() else ""
    return f"[{shown.strip() or text(uri, in_cell=True)}]({address(uri)}{tooltip})"


def anchor(name: str) -> str:
    """Return a place that links can lead to."""
    return f'<a id="{escape(name)}"></a>'


def heading_anchor(title: str) -> str:
    """Return the anchor that Git hosts give a heading: lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@dataclass(frozen=True)
class Piece:
    """A part of a line: Markdown, and the mark that is to stand round it (``*``, ``**`` or none)."""

    markdown: str
    mark: str = ""


_TAGS = {"*": "em", "**": "strong"}


def joined(pieces: Sequence[Piece]) -> str:
    """Join the parts of a line. Marks that Markdown would not read where they stand are written as HTML."""
    line = ""
    for index, piece in enumerate(pieces):
        if not piece.mark or not piece.markdown.strip():
            apart = "<!-- -->" if line.endswith("`") and piece.markdown.startswith("`") else ""
            line += apart + piece.markdown
            continue
        inner = piece.markdown.strip()
        before, _, after = piece.markdown.partition(inner)
        line += before
        following = next((each for each in pieces[index + 1 :] if each.markdown), Piece(""))
        rest = after or (following.mark if following.mark and following.markdown[0] != " " else following.markdown)
        line += _marked(line[-1:], inner, rest[:1], piece.mark) + after
    return line


def _marked(before: str, inner: str, after: str, mark: str) -> str:
    """Put a mark round a text, as the rules of flanking allow it (CommonMark, section 6.2)."""
    fails = (
        before == "*"
        or after == "*"
        or (_is_punctuation(inner[0]) and _is_word(before))
        or (_is_punctuation(inner[-1]) and _is_word(after))
    )
    return f"<{_TAGS[mark]}>{inner}</{_TAGS[mark]}>" if fails else f"{mark}{inner}{mark}"


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _is_word(sign: str) -> bool:
    return bool(sign) and not sign.isspace() and not _is_punctuation(sign)
