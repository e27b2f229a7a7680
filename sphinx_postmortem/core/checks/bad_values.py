"""Rules for values that are one of some, and for dates: of the summary, of actions and of responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sphinx_postmortem.core.audience.tlp import read_label
from sphinx_postmortem.core.checks.page import CheckedPage, plain_value
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.reviews_due import review_rows
from sphinx_postmortem.core.checks.time_text import written_day
from sphinx_postmortem.core.language.names import english_option
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.kind_words import response_kind, response_kind_of_title
from sphinx_postmortem.core.records.model import RESPONSE_KINDS
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.times import BadDateError, parse_date, parse_dates
from sphinx_postmortem.core.records.vocabulary import COLUMNS, INCIDENT_STATUSES, INCIDENT_TYPES, TLP_LABELS
from sphinx_postmortem.core.settings import Settings

_SUMMARY = ":::{incident-summary} SEC-1\n:date: 2026-03-02\n:tlp: AMBER\n\nText.\n:::\n"


class BadOption(NamedTuple):
    """An option of a summary whose value cannot be used: its name, the code, and what is wrong."""

    name: str
    code: Code
    message: str


def bad_options(options: Mapping[str, str], settings: Settings) -> Iterator[BadOption]:
    """Yield what is wrong with the values of a summary's options, which are given as written."""
    allowed = {"severity": settings.severities, "type": INCIDENT_TYPES, "status": INCIDENT_STATUSES}
    for name, values in allowed.items():
        written = plain_value(options.get(name, ""))
        if written and english_option(name, written, values) not in values:
            yield BadOption(name, Code.BAD_VALUE, _not_known(name, written, values))
    for name, value in options.items():
        label = read_label(value) if name == "tlp" or name.startswith("tlp-") else ""
        if label.upper() == "WHITE":
            yield BadOption(name, Code.BAD_VALUE, "TLP:WHITE is a label of TLP 1.0; TLP 2.0 calls it CLEAR")
        elif label and label not in TLP_LABELS:
            yield BadOption(name, Code.BAD_VALUE, _not_known(name, label, TLP_LABELS))
    for name in ("date", "dates"):
        if written := plain_value(options.get(name, "")):
            try:
                parse_dates(written)
            except BadDateError as error:
                yield BadOption(name, Code.BAD_DATE, f"{name}: {error}")


def _not_known(what: str, written: str, values: tuple[str, ...]) -> str:
    return f'{what} "{written}" is not known; write one of {", ".join(values)}'


def bad_due(written: str) -> str:
    """Return what is wrong with a due date; empty where it is a date, is not stated, or is a prompt."""
    return _bad_day("due date", written)


def bad_reading_day(written: str) -> str:
    """Return what is wrong with the day on which somebody has read a postmortem; empty as for due dates."""
    return _bad_day("day of reading", written)


def _bad_day(what: str, written: str) -> str:
    try:
        if written.strip("-\u2013\u2014 ") and not is_prompt(written):
            parse_date(written)
    except BadDateError:
        return f'the {what} "{written}" is no date; write {written_day(written) or "YYYY-MM-DD"}'
    return ""


def bad_kind(written: str) -> str:
    """Return what is wrong with the kind of a response; empty where it is known, or not stated."""
    return "" if not written or response_kind(written) else _not_known("kind", written, RESPONSE_KINDS)


def kind_unsaid(title: str, option: str, *, has_column: bool) -> str:
    """Return what is wrong with a response table that does not say what its rows were for; else an empty text.

    Args:
        title: the title of the column with the responses; empty without one.
        option: the value of ``:kind:``.
        has_column: whether it has a column for kinds.
    """
    if option or has_column or not title or response_kind_of_title(title):
        return ""
    return f"the table does not say what its rows were for; add a column Kind, or write `:kind: {RESPONSE_KINDS[0]}`"


def _of_summaries(page: CheckedPage, settings: Settings, code: Code) -> Iterator[Hit]:
    for summary in page.source.named("incident-summary"):
        written = {name: line.text for name, line in summary.options.items()}
        for each in bad_options(written, settings):
            if each.code is code:
                yield Hit(summary.options[each.name].number, each.message, file=summary.file)


@check(
    Code.BAD_VALUE,
    "error",
    source="template sections 3 and 7; Traffic Light Protocol 2.0",
    in_build=True,
    bad=_SUMMARY.replace("AMBER", "WHITE"),
    good=_SUMMARY,
)
def bad_value(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Severity, type, status, TLP label and kind of response are of the known ones. TLP 2.0 has no WHITE."""
    yield from _of_summaries(page, settings, Code.BAD_VALUE)
    for directive, table, rows in page.responses:
        option = directive.option("kind")
        if option and (message := bad_kind(option)):
            yield Hit(directive.options["kind"].number, message, file=directive.file)
        for row in rows:
            if message := bad_kind(row.cell("kind").strip("*_` ")):
                yield Hit(row.line, message, file=row.file)
        index = table.column(*COLUMNS["response"])
        title = "" if index is None else table.header[index]
        has_column = table.column(*COLUMNS["kind"]) is not None
        if message := kind_unsaid(title, option, has_column=has_column):
            yield Hit(directive.line, message, file=directive.file)


@check(
    Code.BAD_DATE,
    "error",
    source="template sections 3 and 10; RFC 3339",
    in_build=True,
    bad=_SUMMARY.replace("2026-03-02", "2026-02-31"),
    good=_SUMMARY,
)
def bad_date(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The dates of the summary, the due dates of actions and the days of reviews are written YYYY-MM-DD."""
    yield from _of_summaries(page, settings, Code.BAD_DATE)
    for row in page.actions:
        if message := bad_due(row.cell("due").strip("*_` ")):
            yield Hit(row.line, message, file=row.file)
    for row in review_rows(page):
        if message := bad_reading_day(row.cell("read on").strip("*_` ")):
            yield Hit(row.line, message, file=row.file)
