"""Reads the files that pages include, and cuts out the part that the options of ``include`` choose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.reader.read_page import Directive, Line
from sphinx_postmortem.core.regular_files import read_regular_text

LARGEST_FILE = 20_000_000

# Returns the name by which places name a file, and its text; raises OSError or ValueError with the reason.
OpenFile = Callable[[str], tuple[str, str]]


class OutsideError(ValueError):
    """A file that lies outside the source folder: it belongs to nobody's pages, and is not read."""


@dataclass(frozen=True)
class SiteFiles:
    """The files that one page may name: those below the source folder.

    Args:
        page: the page's file.
        root: the source folder.
    """

    page: Path
    root: Path

    def open(self, name: str) -> tuple[str, str]:
        """Return a file's name from the source folder, with a leading slash, and its text.

        A name is relative to the page, also where an included file states it; with a leading slash it is relative to
        the source folder. So does Sphinx read it.

        Raises:
            OutsideError: the file lies outside the source folder.
            OSError: it cannot be read.
            ValueError: it is too large or not UTF-8.
        """
        base = self.root if name.startswith("/") else self.page.parent
        target, root = (base / name.lstrip("/")).resolve(), self.root.resolve()
        if not target.is_relative_to(root):
            raise OutsideError("it lies outside the source folder")
        if target.stat().st_size > LARGEST_FILE:
            raise ValueError(f"it is larger than {LARGEST_FILE} bytes")
        try:
            text = read_regular_text(target, "utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError("it is not UTF-8") from error
        return "/" + target.relative_to(root).as_posix(), text


def unreadable_file(name: str, error: Exception) -> str:
    """Return what is wrong with the file of a table, and how to mend it."""
    if isinstance(error, OutsideError):
        return f"`:file: {name}` lies outside the source folder; move it below"
    if isinstance(error, OSError):
        return f"`:file: {name}` cannot be read ({error.strerror or error}); mend the path"
    return f"`:file: {name}` cannot be read ({error}); divide it, or save it as UTF-8"


def cut(directive: Directive, file: str, text: str) -> tuple[Line, ...]:
    """Return the lines of a file that an ``include`` shows: all, or what its options choose.

    Raises:
        ValueError: an option cannot be used, or its text is not in the file.
    """
    lines = text.splitlines()
    first, last = _index(directive, "start-line"), _index(directive, "end-line")
    numbers = range(len(lines))[first:last]
    kept = "\n".join(lines[number] for number in numbers)
    start = numbers.start
    if after := directive.option("start-after"):
        before, found, kept = kept.partition(after)
        if not found:
            raise ValueError(f'"{after}" is not in it')
        start += (before + found).count("\n")
    if before := directive.option("end-before"):
        kept, found, _ = kept.partition(before)
        if not found:
            raise ValueError(f'"{before}" is not in it')
    return tuple(Line(start + index, line, file) for index, line in enumerate(kept.splitlines(), start=1))


def _index(directive: Directive, name: str) -> int | None:
    value = directive.option(name).strip()
    try:
        return int(value) if value else None
    except ValueError:
        raise ValueError(f"`:{name}:` must be a whole number") from None
