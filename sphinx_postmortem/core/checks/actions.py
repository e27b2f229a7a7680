"""Rules for the actions (template section 10): owned, tracked, due."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.action_statuses import says_done
from sphinx_postmortem.core.records.model import is_owner
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 10"
_HEAD = "| ID | Action | Owner | Priority | Due date | Status |"
_ROW = "| A1 | Alert on uploads | detection-eng | P1 | 2026-03-20 | open |"
_SUMMARY = ":::{incident-summary} SEC-1\n:date: 2026-03-02\n\nText.\n:::\n\n"


def _table(*rows: str, head: str = _HEAD) -> str:
    return "\n".join([":::{action-table}", head, "|---" * (head.count("|") - 1) + "|", *rows, ":::", ""])


def _is_done(row: CheckedRow, settings: Settings) -> bool:
    return says_done(row.cell("status"), settings.done_statuses)


def _missing(page: CheckedPage, name: str, message: str) -> Iterator[Hit]:
    for row in page.actions:
        if not row.cell(name).strip(" *_`-–—?"):
            yield Hit(row.line, message, file=row.file)


@check("actions-missing", "error", source=_SOURCE, incomplete=True, bad=_SUMMARY, good=_SUMMARY + _table(_ROW))
def actions_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A postmortem has at least one action."""
    if not page.actions:
        line = page.action_tables[0][0].line if page.action_tables else page.line
        yield Hit(line, "there is no action; write `:::{action-table}` with at least one row")


@check(
    "action-owner",
    "error",
    source=_SOURCE,
    incomplete=True,
    bad=_table(_ROW.replace("detection-eng", "")),
    good=_table(_ROW),
)
def action_owner(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each action has an owner. A table without that column is told by `missing-column`."""
    for row in page.actions:
        if "owner" in row.cells and not any(map(is_owner, row.owners)):
            yield Hit(row.line, "the action has no owner; name one", file=row.file)


@check(
    "owner-unknown",
    "error",
    source=_SOURCE,
    bad=_table(_ROW.replace("detection-eng", "detektion")),
    good=_table(_ROW),
    settings={"owners": {"detection-eng": {"name": "Detection engineering"}}},
)
def owner_unknown(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each owner is one of `postmortem_owners`, where that is set."""
    for row in page.actions:
        for name in row.owners if settings.owner_names else ():
            if name.casefold() not in settings.owner_names and is_owner(name):
                yield Hit(
                    row.line, f'the owner "{name}" is not in postmortem_owners; mend it, or add it', file=row.file
                )


@check(
    "action-priority",
    "warning",
    source=_SOURCE,
    incomplete=True,
    bad=_table(_ROW.replace("P1", "")),
    good=_table(_ROW),
)
def action_priority(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each action has a priority."""
    yield from _missing(page, "priority", "the action has no priority; write one, such as P1")


@check(
    "action-due",
    "error",
    source=_SOURCE,
    incomplete=True,
    bad=_table(_ROW.replace("2026-03-20", "")),
    good=_table(_ROW),
)
def action_due(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each action has a due date."""
    for row in page.actions:
        written = row.cell("due")
        if not written or is_prompt(written):
            yield Hit(row.line, "the action has no due date; write YYYY-MM-DD", file=row.file)


@check(
    "action-status",
    "warning",
    source=_SOURCE,
    incomplete=True,
    bad=_table(_ROW.replace("open", "")),
    good=_table(_ROW),
)
def action_status(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each action has a status."""
    yield from _missing(page, "status", "the action has no status; write one, such as open or done")


@check("action-id", "note", source=_SOURCE, bad=_table(_ROW.replace("A1", "")), good=_table(_ROW))
def action_id(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each action has an id, so that links to it hold when its text is changed."""
    yield from _missing(page, "id", "the action has no id; write one, such as A1, so that links to it last")


@check(
    Code.ACTION_DUPLICATE,
    "error",
    source=_SOURCE,
    in_build=True,
    bad=_table(_ROW, _ROW.replace("uploads", "logins")),
    good=_table(_ROW, _ROW.replace("A1", "A2")),
)
def action_duplicate(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No two actions of an incident have the same id."""
    incident, seen = "", set[tuple[str, str]]()
    for directive in page.source.directives:
        if directive.name == "incident-summary" and directive.argument.strip():
            incident = directive.argument.strip().casefold()
        for row in page.rows_of.get(directive, ()):
            written = row.cell("id").strip("*_` ")
            key = incident or page.incident_id.strip().casefold(), written.casefold()
            if written and key in seen:
                yield Hit(row.line, action_id_twice(written), file=row.file)
            seen.add(key)


def action_id_twice(written: str) -> str:
    """Return what is wrong with an id that an action above has."""
    return f'the action id "{written}" is used twice; give one of the actions another'


@check(
    "action-ticket",
    "error",
    source=_SOURCE,
    bad=_table(_ROW[:-1] + "| see board |", head=_HEAD + " Ticket |"),
    good=_table(_ROW[:-1] + "| SEC-41 |", head=_HEAD + " Ticket |"),
    settings={"ticket_pattern": r"[A-Z]+-\d+"},
)
def action_ticket(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each action names a ticket that fits `postmortem_ticket_pattern`, where that is set, in any of its cells."""
    if not settings.ticket_pattern:
        return
    pattern = re.compile(settings.ticket_pattern)
    for row in page.actions:
        cells = [row.cell("ticket")] if "ticket" in row.cells else list(row.cells.values())
        if not any(pattern.search(text[:500]) for text in cells):
            yield Hit(
                row.line, f"the action names no ticket ({settings.ticket_pattern}); write its number", file=row.file
            )


@check(
    "due-before-incident",
    "error",
    source=_SOURCE,
    bad=_SUMMARY + _table(_ROW.replace("2026-03-20", "2025-03-20")),
    good=_SUMMARY + _table(_ROW),
)
def due_before_incident(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No action is due before the incident began."""
    for row in page.actions:
        if row.due and page.days and row.due < page.days[0]:
            yield Hit(row.line, f"the action is due on {row.due}, before the incident ({page.days[0]})", file=row.file)


@check(
    "action-overdue",
    "warning",
    source=_SOURCE,
    bad=_table(_ROW),
    good=_table(_ROW.replace("open", "done")),
    settings={"today": "2026-11-24"},
)
def action_overdue(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No open action is past its due date on `postmortem_today`."""
    for row in page.actions:
        if settings.today and row.due and row.due < settings.today and not _is_done(row, settings):
            yield Hit(
                row.line, f"the action was due on {row.due} and is not done; do it, or agree a new date", file=row.file
            )


@check(
    "done-evidence",
    "warning",
    source=_SOURCE,
    bad=_table(_ROW.replace("open", "done")),
    good=_table(_ROW.replace("open", "done") + " PR 12 |", head=_HEAD + " Evidence |"),
    settings={"evidence": ["actions"]},
)
def done_evidence(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A done action names its evidence in a column Evidence, where `postmortem_evidence` holds "actions"."""
    for row in page.actions if "actions" in settings.evidence else ():
        if _is_done(row, settings) and not (row.cell("evidence") or row.cell("source")):
            yield Hit(row.line, "the done action names no evidence; write it in a column Evidence", file=row.file)
