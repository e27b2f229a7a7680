"""What the evidence of a row names: a link, a file below the source folder, or neither (a ticket, a query, a person).

A text names a file when such a file exists, or when it is written as a path below the page or the source folder:
``evidence/auth.log``. Paths of other machines (``/var/log/auth.log``) are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.expressions import expression

_SEPARATOR = expression(r"[,;]\s+|(?<!\s)\s*+<br ?/?>\s*+|\n+")
_NAME = r"[\w@+=~%-][\w@+=~%.-]*"
_PATH = expression(rf"(?:\.\.?/)*(?:{_NAME}/)*{_NAME}\.[A-Za-z]\w{{0,7}}\Z")
_WEB = expression(r"(?:https?|ftp)://\S+\Z", re.IGNORECASE)
_MARKDOWN = expression(
    r"(?:\{download\}|:download:)`(?:[^`<]*<(?P<explicit>[^>`]+)>|(?P<role>[^`<]+))`"
    r"|\[[^\[\]]*\]\((?P<link>[^)\s]+)[^)]*\)|(?<!`)`++(?P<code>[^`]+)`++(?:__?)?"
)


def split_evidence(text: str) -> list[str]:
    """Return the pieces of evidence that a text names, separated by commas, semicolons or line breaks."""
    return [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip(" ,;")]


def is_web_address(text: str) -> bool:
    """Say whether a text is the address of a page."""
    return _WEB.match(text) is not None


def is_path(text: str) -> bool:
    """Say whether a text could be the relative path of a file."""
    return len(text) < 500 and _PATH.match(text) is not None


def claims_file(text: str) -> bool:
    """Say whether a text must be a file below the source folder: a path with a folder that is no host."""
    if not is_path(text) or "/" not in text:
        return False
    first = text.split("/", 1)[0]
    return first in (".", "..") or "." not in first


def files_claimed(cell: str) -> Iterator[tuple[str, bool]]:
    """Yield what the source of a cell names as files, and whether it must be one: targets of links, code and text."""
    rest = cell
    for match in _MARKDOWN.finditer(cell):
        rest = rest.replace(match[0], " , ")
        target = match["explicit"] or match["role"] or match["link"] or match["code"]
        if match["code"]:
            yield target.strip(), claims_file(target.strip())
        elif "://" not in target and not target.startswith(("#", "mailto:", "/")):
            yield target.strip(), is_path(target.strip())
    for piece in split_evidence(rest):
        yield piece, claims_file(piece)
