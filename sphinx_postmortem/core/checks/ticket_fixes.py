"""The cells of action tables that can follow their tickets: a status that becomes done, a due date, a known owner."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.checks.fix import Fix, cell_with
from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.checks.suppress import apply_suppressions
from sphinx_postmortem.core.checks.ticket_pairs import ActionRow, Comparison
from sphinx_postmortem.core.checks.tickets_followed import is_done, owner_names
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import split_owners
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState
from sphinx_postmortem.core.settings import Settings

_DONE = "done"


def ticket_fixes(compared: Comparison, settings: Settings) -> Iterator[tuple[str, Fix]]:
    """Yield the file and the fix of each cell that can follow its ticket; a fix names its file as findings do.

    A row with several tickets is left alone, as is one that a comment excuses. A done action is never reopened, and
    none is given up: that is for people to decide.
    """
    rows = [row for row, _ in compared.pairs]
    for row, ticket in compared.pairs:
        if rows.count(row) > 1 or not row.row.fits:
            continue
        for code, column, new in _wanted(row, ticket, settings):
            if column not in row.columns or not new or _is_excused(row, code, settings):
                continue
            old = row.row.cells[row.columns[column]]
            yield row.file, Fix(row.table_file, row.row, row.columns[column], old, new, code.value, is_csv=row.is_csv)


def _wanted(row: ActionRow, ticket: Ticket, settings: Settings) -> Iterator[tuple[Code, str, str]]:
    done = _DONE if _DONE in settings.done_statuses else next(iter(settings.done_statuses), "")
    if ticket.state is TicketState.DONE and not is_done(row, settings):
        yield Code.TICKET_DONE, "status", cell_with(row.cell("status"), done)
    if ticket.state is TicketState.OPEN and ticket.due and ticket.due.isoformat() not in row.cell("due"):
        yield Code.TICKET_DUE, "due", cell_with(row.cell("due"), ticket.due.isoformat())
    if owner := _new_owner(row, ticket, settings):
        yield Code.TICKET_OWNER, "owner", cell_with(row.cell("owner"), owner)


def _new_owner(row: ActionRow, ticket: Ticket, settings: Settings) -> str:
    """Return the registered owner whom a ticket is assigned to, where the row names another one or none."""
    owners = split_owners(row.cell("owner"))
    assigned = {name.casefold() for names in ticket.assignees for name in names}
    known = {name for owner in owners for name in owner_names(owner, settings)}
    if len(ticket.assignees) != 1 or len(owners) > 1 or known & assigned:
        return ""
    found = [owner.id for owner in settings.owners if owner_names(owner.id, settings) & assigned]
    return found[0] if len(found) == 1 else ""


def _is_excused(row: ActionRow, code: Code, settings: Settings) -> bool:
    finding = Finding(code.value, "note", "", row.file, row.row.line)
    return settings.checks.get(code.value) == "off" or bool(apply_suppressions(row.page, [finding])[0].suppressed)
