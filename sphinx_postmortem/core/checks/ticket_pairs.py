"""Compares the actions of a site with the tickets of its trackers: which action names which ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sphinx_postmortem.core.checks.page import CheckedPage, file_of
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.records.tracker_ticket import Ticket
from sphinx_postmortem.core.records.vocabulary import COLUMNS

_LONGEST_CELL = 2000  # letters of a cell that are looked at
_URL = expression(r"https?://[^\s<>()\[\]|\"'`]+")
_KEY = expression(r"(?<![\w-])[A-Za-z][A-Za-z0-9_]*-\d+(?![\w-])", re.ASCII)
_NUMBERED = expression(r"(?<![\w/.-])(?:[\w.-]+(?:/[\w.-]+)+)?#\d+\b", re.ASCII)
_FOLLOW_UP = expression(r"(?<!\w)[0-9A-HJKMNP-TV-Z]{26}(?!\w)", re.ASCII)  # a ULID, as incident.io gives them


@dataclass(frozen=True, eq=False)
class ActionRow:
    """A row of an action table: its page, the row, its columns by what they hold, and where it stands."""

    page: CheckedPage
    row: Row
    columns: Mapping[str, int]
    table_file: str
    is_csv: bool

    @property
    def file(self) -> str:
        """The file as findings name it."""
        return file_of(self.page, self.table_file)

    def cell(self, name: str) -> str:
        """Return a cell's text; empty where the table has no such column."""
        return self.row.cells[self.columns[name]].strip() if name in self.columns else ""

    @property
    def named(self) -> str:
        """The text in which the row may name its ticket: the column of tickets, or all where there is none."""
        if "ticket" in self.columns:
            return self.cell("ticket")[:_LONGEST_CELL]
        return "\n".join(cell[:_LONGEST_CELL] for cell in self.row.cells)


@dataclass(frozen=True)
class Comparison:
    """Actions and tickets: the pairs, the actions whose ticket is in no export, and the tickets without an action."""

    pairs: tuple[tuple[ActionRow, Ticket], ...] = ()
    gone: tuple[tuple[ActionRow, str], ...] = ()
    untracked: tuple[tuple[str, Ticket], ...] = ()


def compare(pages: Sequence[CheckedPage], files: Sequence[tuple[str, Sequence[Ticket]]]) -> Comparison:
    """Compare the actions of pages with tickets.

    Args:
        pages: the pages.
        files: the names of exports, each with its tickets.
    """
    tickets = [ticket for _, held in files for ticket in held]
    by_name = _by_name(tickets)
    places = {place for ticket in tickets for name in (ticket.key, ticket.url) if (place := _place(name))}
    pairs: list[tuple[ActionRow, Ticket]] = []
    gone: list[tuple[ActionRow, str]] = []
    for row in _rows(pages):
        names = list(_names_in(row.named))
        found = list(dict.fromkeys(by_name[name] for name in names if name in by_name))
        pairs += ((row, ticket) for ticket in found)
        if not found:
            gone += ((row, _as_written(name, row.named)) for name in names[:1] if _place(name) in places)
    tracked = {ticket for _, ticket in pairs}
    untracked = tuple((name, ticket) for name, held in files for ticket in held if ticket not in tracked)
    return Comparison(tuple(pairs), tuple(gone), untracked)


def _rows(pages: Sequence[CheckedPage]) -> Iterator[ActionRow]:
    for page in pages:
        for directive, table, file in page.action_tables:
            columns = _columns(table)
            is_csv = bool(directive.option("file")) and file != directive.file
            for row in table.rows:
                if any(cell.strip(" *_`|-") for cell in row.cells):
                    yield ActionRow(page, row, columns, file, is_csv)


def _columns(table: Table) -> dict[str, int]:
    found = ((name, table.column(*titles)) for name, titles in COLUMNS.items())
    return {name: index for name, index in found if index is not None}


def _by_name(tickets: Sequence[Ticket]) -> dict[str, Ticket]:
    """Return the tickets by all their names; a name that several have, such as ``#12`` of two projects, is none."""
    found: dict[str, Ticket] = {}
    twice: set[str] = set()
    for ticket in tickets:
        for name in {_folded(name) for name in (ticket.key, ticket.url, *ticket.names) if name}:
            if name in found and found[name].key != ticket.key:
                twice.add(name)
            found[name] = ticket
    return {name: ticket for name, ticket in found.items() if name not in twice}


def _names_in(text: str) -> Iterator[str]:
    """Yield what may be names of tickets in a text, addresses first."""
    for match in _URL.finditer(text):
        address = _folded(match[0].rstrip(".,;:!?*_"))
        yield address
        last = address.rpartition("/")[2]
        if _KEY.fullmatch(last):
            yield last
    rest = _URL.sub(" ", text)
    for pattern in (_NUMBERED, _KEY, _FOLLOW_UP):
        yield from (_folded(match[0]) for match in pattern.finditer(rest))


def _as_written(name: str, text: str) -> str:
    start = text.casefold().find(name)
    return text[start : start + len(name)] if start >= 0 else name


def _folded(name: str) -> str:
    return re.split(r"[?#]", name, maxsplit=1)[0].rstrip("/").casefold() if "://" in name else name.casefold()


def _place(name: str) -> str:
    """Return what the names of one project's tickets have in common; empty for a name without it."""
    match = re.fullmatch(r"(.+?)(?:/-)?(?:[-/#])\d+|(https?://.+/)[^/]+", _folded(name))
    return (match[1] or match[2]) if match else ""
