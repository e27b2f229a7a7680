"""Rules for the block ``veris``: names that the schema knows, and what a record needs."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.settings import Settings

_SOURCE = "VERIS 1.4.1"
_WHOLE = (
    *("| actor.external.variety | Organized crime |", "| actor.external.motive | Financial |"),
    *("| action.hacking.variety | Use of stolen creds |", "| action.hacking.vector | Web application |"),
    *("| asset.assets | S - Web application; amount: 1 |", "| asset.cloud | NA |"),
    "| discovery_method.internal.variety | Nids |",
)


def _page(*rows: str) -> str:
    table = "\n".join(["| Field | Value |", "|---|---|", *rows, ""])
    return f":::{{incident-summary}} SEC-1\n:date: 2026-03-02\n\nText.\n:::\n\n:::{{veris}}\n{table}\n:::\n"


def _hits(page: CheckedPage, *, is_missing: bool) -> Iterator[Hit]:
    tables = list(page.tables_named("veris"))
    if not tables:
        return
    from sphinx_postmortem.core.veris.veris_record import judge_rows, rows_of

    for directive, table, file in tables:
        found = [fault for fault in judge_rows(rows_of(table)) if fault.is_missing is is_missing]
        for fault in found:
            yield Hit(fault.line or directive.line, fault.message, file=file if fault.line else directive.file)


@check(
    Code.VERIS_NAME,
    "error",
    source=_SOURCE,
    in_build=True,
    any_page=True,
    bad=_page(*_WHOLE, "| confidence | Hihg |"),
    good=_page(*_WHOLE, "| confidence | High |"),
)
def veris_name(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Fields and values of the block `veris` are those of the schema. The record leaves out what it does not know."""
    yield from _hits(page, is_missing=False)


@check(
    "veris-incomplete",
    "warning",
    source=_SOURCE,
    incomplete=True,
    bad=_page("| action.error.variety | Misconfiguration |"),
    good=_page(*_WHOLE),
)
def veris_incomplete(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The block `veris` states what a record needs and nothing else says: the record has `Unknown` in its place."""
    yield from _hits(page, is_missing=True)
    for directive, table, _ in page.tables_named("veris"):
        from sphinx_postmortem.core.veris.veris_record import rows_of

        has_year = any(row.path == "timeline.incident.year" for row in rows_of(table))
        if page.days is None and not has_year and not any(row.moment for row in page.all_events):
            message = (
                "no record can be written: nothing says in which year the incident was; write `:date:` in the summary"
            )
            yield Hit(directive.line, message, file=directive.file)
