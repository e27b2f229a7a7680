"""Rules for actions and their tickets, which `sphinx-postmortem actions --from EXPORT` applies, and what it can mend.

A cell of an action table can follow its ticket: a status that becomes done, a due date, a known owner.
"""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.checks.fix import Fix, cell_with
from sphinx_postmortem.core.checks.registry import Finding, Hit, ticket_check
from sphinx_postmortem.core.checks.suppress import apply_suppressions
from sphinx_postmortem.core.checks.ticket_pairs import ActionRow, Comparison
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.action_statuses import says_done, says_given_up
from sphinx_postmortem.core.records.model import split_owners
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 10: actions are tracked"
_HEAD = "| ID | Action | Owner | Priority | Due date | Status | Ticket |\n|---|---|---|---|---|---|---|\n"


def _table(status: str = "open", due: str = "2026-03-20", owner: str = "bofern", ticket: str = "SEC-41") -> str:
    row = f"| A1 | Alert on uploads | {owner} | P1 | {due} | {status} | {ticket} |\n"
    return f":::{{action-table}}\n{_HEAD}{row}:::\n"


def _ticket(state: TicketState, said: str, key: str = "SEC-41") -> Ticket:
    return Ticket(key, "Alert on uploads", state, said, place="issues 1")


_DONE, _OPEN = _ticket(TicketState.DONE, "Done"), _ticket(TicketState.OPEN, "In progress")


def is_done(row: ActionRow, settings: Settings) -> bool:
    """Say whether the status of an action says that it needs no more work."""
    return says_done(row.cell("status"), settings.done_statuses)


def _at(row: ActionRow, message: str) -> Hit:
    return Hit(row.row.line, message, file=row.file)


@ticket_check(Code.TICKET_DONE, "warning", source=_SOURCE, tickets=(_DONE,), bad=_table("open"), good=_table("done"))
def ticket_done(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """An action whose ticket is done is done, too."""
    for row, ticket in compared.pairs:
        if ticket.state is TicketState.DONE and not is_done(row, settings):
            when = f", {ticket.closed[:10]}" if ticket.closed else ""
            said = f'the ticket {ticket.key} is done ({ticket.said}{when}), the action is "{row.cell("status")}"'
            yield _at(row, f"{said}; write done, or reopen the ticket")


@ticket_check(
    "ticket-open", "warning", source=_SOURCE, tickets=(_OPEN,), bad=_table("done"), good=_table("in progress")
)
def ticket_open(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """A done action has no open ticket."""
    for row, ticket in compared.pairs:
        if ticket.state is TicketState.OPEN and is_done(row, settings):
            said = f'the action is "{row.cell("status")}", its ticket {ticket.key} is open ({ticket.said})'
            yield _at(row, f"{said}; close the ticket, or mend the status")


@ticket_check(
    "ticket-dropped",
    "warning",
    source=_SOURCE,
    tickets=(_ticket(TicketState.DROPPED, "Closed (Won't Do)"),),
    bad=_table("done"),
    good=_table("won't do"),
)
def ticket_dropped(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """An action whose ticket was closed without being done says so."""
    for row, ticket in compared.pairs:
        if ticket.state is TicketState.DROPPED and not says_given_up(row.cell("status")):
            said = f"the ticket {ticket.key} was closed without being done ({ticket.said})"
            yield _at(row, f'{said}, the action is "{row.cell("status")}"; decide, and write won\'t do')


@ticket_check(
    Code.TICKET_OWNER,
    "note",
    source=_SOURCE,
    tickets=(Ticket("SEC-41", "Alert", TicketState.OPEN, "Open", assignees=(("Ada Quill", "ada"),)),),
    bad=_table(owner="bofern"),
    good=_table(owner="ada"),
)
def ticket_owner(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """An action and its ticket have the same owner: by id, name or contact in `postmortem_owners`, or as written."""
    for row, ticket in compared.pairs:
        owners = split_owners(row.cell("owner"))
        known = {name for owner in owners for name in owner_names(owner, settings)}
        assigned = {name.casefold() for names in ticket.assignees for name in names}
        if owners and assigned and not known & assigned:
            who = ", ".join(names[0] for names in ticket.assignees)
            said = f"the ticket {ticket.key} is assigned to {who}, the action to {', '.join(owners)}"
            yield _at(row, f"{said}; mend one of them")


@ticket_check(
    Code.TICKET_DUE,
    "warning",
    source=_SOURCE,
    tickets=(Ticket("SEC-41", "Alert", TicketState.OPEN, "Open", due=parse_date("2026-03-27")),),
    bad=_table(due="2026-03-20"),
    good=_table(due="2026-03-27"),
)
def ticket_due(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """An action is due on the day on which its ticket is."""
    for row, ticket in compared.pairs:
        if ticket.due is not None and ticket.state is TicketState.OPEN and ticket.due.isoformat() != _due(row):
            written = row.cell("due") or "on no day"
            said = f"the ticket {ticket.key} is due on {ticket.due}, the action {written}"
            yield _at(row, f"{said}; mend one of them")


@ticket_check(
    "ticket-gone",
    "warning",
    source=_SOURCE,
    tickets=(_ticket(TicketState.OPEN, "Open", "SEC-40"),),
    bad=_table(ticket="SEC-41"),
    good=_table(ticket="SEC-40"),
)
def ticket_gone(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """The ticket that an action names is in the export of its project."""
    for row, name in compared.gone:
        said = f"the export does not hold the ticket {name}"
        yield _at(row, f"{said}: it was deleted or moved, or the export lacks it; mend the link, or export all")


@ticket_check(
    "ticket-untracked",
    "note",
    source=_SOURCE,
    tickets=(_DONE, _ticket(TicketState.OPEN, "Open", "SEC-42")),
    bad=_table("done"),
    good=_table("done", ticket="SEC-41, SEC-42"),
)
def ticket_untracked(compared: Comparison, settings: Settings) -> Iterator[Hit]:
    """Each ticket of the export is named by an action."""
    for file, ticket in compared.untracked:
        said = f'no action names the ticket {ticket.key} "{ticket.title[:80]}" ({ticket.place})'
        yield Hit(0, f"{said}; add its action, or leave it out of the export", file=file)


def owner_names(owner: str, settings: Settings) -> set[str]:
    """Return all names of an owner, folded: as written, and what `postmortem_owners` says of it."""
    names = {owner.casefold()}
    for known in settings.owners:
        own = {known.key, known.name.casefold(), known.contact.casefold().removeprefix("mailto:")} - {""}
        if names & own:
            names |= own
    return names


def _due(row: ActionRow) -> str:
    try:
        return parse_date(row.cell("due").strip("*_` ")).isoformat()
    except BadDateError:
        return ""


_DONE_STATUS = "done"


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
    done = _DONE_STATUS if _DONE_STATUS in settings.done_statuses else next(iter(settings.done_statuses), "")
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
