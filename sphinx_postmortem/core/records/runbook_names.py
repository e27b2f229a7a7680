"""The runbooks that an incident names: from what an author writes to the names of pages."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable
from difflib import get_close_matches


def split_runbooks(text: str) -> tuple[str, ...]:
    """Return the pages that an option names, separated by commas, as written but for white space and back-ticks."""
    names = (part.strip().strip("`").strip() for part in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def find_page(written: str, from_page: str, suffixes: Iterable[str], pages: Collection[str]) -> str:
    """Return the name of the page that is meant, or an empty text.

    Args:
        written: a document name or path, with or without suffix: relative to the page, or from the source folder.
        from_page: the page on which it is written; what stands relative to it is looked for first.
        suffixes: the suffixes of sources, such as ``.md``.
        pages: the pages that the edition has.
    """
    name = next((written.removesuffix(suffix) for suffix in suffixes if written.endswith(suffix)), written)
    beside = posixpath.join(posixpath.dirname(from_page), name)
    candidates = [name] if name.startswith("/") else [beside, name]
    return next((page for each in candidates if (page := posixpath.normpath(each).lstrip("/")) in pages), "")


def near_pages(written: str, pages: Collection[str]) -> list[str]:
    """Return up to three pages whose name is like the one that was written."""
    name = posixpath.normpath(written).lstrip("./")
    last = posixpath.basename(name)
    same_last = sorted(page for page in pages if posixpath.basename(page) == last)
    return [*dict.fromkeys([*same_last, *get_close_matches(name, sorted(pages), n=3, cutoff=0.7)])][:3]
