"""Front matter and docinfo of a page: no reader sees them, unless an extension or a theme is known to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from sphinx_postmortem.core.expressions import expression

_PUBLISHED = ("title", "orphan", "tocdepth", "nocomments", "no-search", "audience", "myst", "abstract", "dedication")
_THEMES = ("html_theme*", "hide-toc", "hide-navigation", "sd_hide_title")
_RULE = expression(r"-{3}\s*$")
_END = expression(r"(?:-{3}|\.{3})\s*$")
_KEY = expression(r"""["']?(?P<key>[^\s"'#:][^"':]*+)["']?\s*:(?:\s|$)""")
_FIELD = expression(r":(?P<key>[^\s:][^:]*):(?:\s|$)")


def unpublished_lines(
    lines: Sequence[str], kind: str, more: Sequence[str], is_read: Callable[[str], bool]
) -> frozenset[int]:
    """Return the 1-based lines of keys that an edition must not carry.

    Args:
        lines: the page.
        kind: its file type.
        more: patterns of further keys that the site publishes.
        is_read: says whether an extension or a theme of the site reads a key.
    """
    shown = (*_PUBLISHED, *_THEMES, *more)
    head = _docinfo(lines) if kind == "restructuredtext" else _front_matter(lines)
    return frozenset(
        number
        for key, number in head
        if not any(fnmatchcase(key.strip(), name) for name in shown) and not is_read(key.strip())
    )


def head_keys(lines: Sequence[str], kind: str) -> Iterator[tuple[str, int]]:
    """Yield each key of a page's head with the 1-based line in which it stands."""
    head = _docinfo(lines) if kind == "restructuredtext" else _front_matter(lines)
    for key, number in head:
        if lines[number - 1].lstrip(" :\"'").startswith(key):
            yield key, number


def _front_matter(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each line between the two rules with the key that it belongs to."""
    if not lines or not _RULE.match(lines[0]):
        return
    key = ""
    for number, line in enumerate(lines[1:], start=2):
        if _END.match(line):
            return
        if match := _KEY.match(line):
            key = match["key"]
        if key and line.strip():
            yield key, number


def _docinfo(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each line of the fields that begin a page, before its title; below a title they are text as any other."""
    key = ""
    for number, line in enumerate(lines, start=1):
        if match := _FIELD.match(line):
            key = match["key"]
        elif line.strip() and not line.startswith((" ", "..")):
            return
        if key and line.strip():
            yield key, number
