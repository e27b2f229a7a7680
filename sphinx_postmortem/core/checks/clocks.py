"""Rules for reporting clocks: what ran out, what was not sent, and starts that are missing or contradict each other.

They judge by the rules of reporting clocks as the site has them. No legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.incident_pages import is_visible
from sphinx_postmortem.core.audience.rows import gate_table
from sphinx_postmortem.core.checks.labels import editions_showing
from sphinx_postmortem.core.checks.page import IMPACT_OPTIONS, CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.texts import plain
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive
from sphinx_postmortem.core.settings import Settings

if TYPE_CHECKING:
    from sphinx_postmortem.core.clocks.running_clocks import Clock

_SOURCE = "reporting clocks"
_PERSONAL_DATA = expression(r"\b(?:personal(?:ly identifiable)? (?:data|information)|PII)\b", re.IGNORECASE)
_NEGATION = expression(r"\b(?:no|not|none|never|without|neither|nor)\b|n['’]t\b", re.IGNORECASE)
_SENTENCE_END = expression(r"(?<=[.!?;])\s+|\n\s*\n")


def _page(*rows: str, regimes: str = "gdpr", status: str = "in-review", summary: str = "Text.") -> str:
    table = "\n".join(["| Time (UTC) | Event |", "|---|---|", *rows, ""])
    return (
        f":::{{incident-summary}} SEC-1\n:status: {status}\n\n{summary}\n:::\n\n:::{{timeline}}\n{table}\n:::\n\n"
        f":::{{reporting-clocks}}\n:regimes: {regimes}\n:::\n"
    )


_AWARE = "| 2026-03-02 01:14 | Aware of the breach |"
_NOTIFIED = "| 2026-03-03 09:00 | Notified: GDPR |"


def _for_leadership(audience: str) -> str:
    """Return a page whose clocks leadership sees, with a notification that is marked for an audience."""
    rows = ["| Time (UTC) | Event | Audience |", "|---|---|---|", f"{_AWARE} |", f"{_NOTIFIED} {audience} |", ""]
    table = "\n".join(rows)
    summary = ":::{incident-summary} SEC-1\n:status: in-review\n:tlp: GREEN\n\nText.\n:::\n\n"
    clocks = ":::{reporting-clocks}\n:regimes: gdpr\n:audience: leadership\n:::\n"
    return f"{summary}:::{{timeline}}\n{table}\n:::\n\n{clocks}"


def _clocks(page: CheckedPage, *, with_proposed: bool = False) -> Iterator[tuple[Directive, Clock]]:
    """Yield the clocks of each directive; those of proposals only where asked for."""
    for directive in page.source.named("reporting-clocks"):
        keeper = page.settings.clock_keeper
        regimes, _ = keeper.book.split(directive.option("regimes"))
        for clock in keeper.clocks(page.all_events, regimes):
            if with_proposed or not clock.rule.is_proposed:
                yield directive, clock


def _name(clock: Clock) -> str:
    return f"{clock.rule.title}, {clock.stage.name}"


def _row(page: CheckedPage, milestone: str) -> CheckedRow | None:
    return next((row for row in page.all_events if row.clock_milestone == milestone), None)


@check(
    Code.CLOCK_REGIME,
    "error",
    source=_SOURCE,
    in_build=True,
    any_page=True,
    bad=_page(_AWARE, _NOTIFIED, regimes="gpdr"),
    good=_page(_AWARE, _NOTIFIED),
)
def clock_regime(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """`reporting-clocks` names regimes that are known: ours, and those of `postmortem_clock_rules`."""
    for directive in page.source.named("reporting-clocks"):
        book = settings.clock_keeper.book
        regimes, unknown = book.split(directive.option("regimes"))
        for message in unknown:
            yield Hit(directive.line, message, file=directive.file)
        if not regimes and not unknown:
            message = f"say which regimes count, as in `:regimes: gdpr, nis2`; known are {', '.join(book.regimes)}"
            yield Hit(directive.line, message, file=directive.file)


@check(
    "clock-start",
    "warning",
    source=_SOURCE,
    bad=_page("| 2026-03-02 01:14 | Alert detected |", summary="Personal data of 41 customers were copied."),
    good=_page(_AWARE, _NOTIFIED, summary="Personal data of 41 customers were copied."),
)
def clock_start(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Where the summary speaks of personal data, the timeline says when the organisation became aware of the breach."""
    if page.summary is None or not page.timelines:
        return
    lines = [line.text for line in page.source.written(page.summary)]
    text = "\n".join([*lines, *(f"\n{page.summary.option(name)}\n" for name in IMPACT_OPTIONS)])
    said = (each for each in _SENTENCE_END.split(text) if _PERSONAL_DATA.search(each) and not _NEGATION.search(each))
    if not next(said, ""):
        return  # the rules of clocks are not read for such a page
    from sphinx_postmortem.core.clocks.running_clocks import Milestones

    times = Milestones(page.all_events)
    starts = [name for rule in settings.clock_keeper.book.of("gdpr") for name in rule.stages[0].starts]
    if not any(times.time(name) for name in starts):
        message = (
            "the summary speaks of personal data, but the timeline does not say when you became aware of the breach"
        )
        yield Hit(page.line, f'{message}; begin an event with "{starts[-1]}", at `unknown` if need be')


@check(
    "clock-ran-out",
    "warning",
    source=_SOURCE,
    bad=_page(_AWARE),
    good=_page(_AWARE, _NOTIFIED),
    settings={"today": "2026-04-01"},
)
def clock_ran_out(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No notification is late: none was sent after its clock ran out, and no clock has run out today."""
    if not (found := list(_clocks(page))):
        return
    from sphinx_postmortem.core.clocks.clock_texts import bounds_text
    from sphinx_postmortem.core.clocks.running_clocks import State

    for directive, clock in found:
        due = bounds_text(clock.allowed, say_it=plain)
        if clock.state is State.RAN_OUT:
            message = (
                f'{_name(clock)}: the clock ran out ({due}, UTC); notify, and begin an event with "{clock.stage.sent}"'
            )
            yield Hit(directive.line, message, file=directive.file)
        elif clock.state is State.LATE:
            row = _row(page, clock.stage.sent)
            message = f"{_name(clock)}: sent {clock.sent}, due {due} (UTC); say why it was late, or mend the time"
            yield Hit(row.line if row else directive.line, message, file=row.file if row else directive.file)


@check(
    "clock-notification",
    "error",
    source=_SOURCE,
    bad=_page(_AWARE, status="closed"),
    good=_page(_AWARE, _NOTIFIED, status="closed"),
)
def clock_notification(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The timeline of a closed incident holds every notification whose clock has started."""
    for directive, clock in _clocks(page) if page.status == "closed" else ():
        if clock.sent is None and clock.due is not None:
            message = f'{_name(clock)}: the incident is closed, but the timeline has no "{clock.stage.sent}"'
            mend = "add the event, or take the regime out of `reporting-clocks`"
            yield Hit(directive.line, f"{message}; {mend}", file=directive.file)


@check(
    "clock-contradiction",
    "error",
    source=_SOURCE,
    bad=_page("| 2026-03-01 09:00 | Notified: GDPR |", _AWARE),
    good=_page(_AWARE, _NOTIFIED),
)
def clock_contradiction(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No notification was sent before its clock started, and each clock has one start."""
    if not (found := list(_clocks(page, with_proposed=True))):
        return
    from sphinx_postmortem.core.clocks.running_clocks import Milestones, State

    times, told = Milestones(page.all_events), set[str]()
    for directive, clock in found:
        if clock.state is State.EARLY:
            row = _row(page, clock.stage.sent)
            message = f'"{clock.stage.sent}" ({clock.sent}) is before the start of its clock ({clock.start})'
            line = row.line if row else directive.line
            yield Hit(line, f"{message}; mend one of the times", file=row.file if row else directive.file)
        if clock.start_name not in told and times.disagree(clock.start_name):
            told.add(clock.start_name)
            rows = [each for each in page.all_events if each.clock_milestone == clock.start_name]
            lines = " and ".join(str(each.line) for each in rows)
            message = f'"{clock.start_name}" has times that disagree (lines {lines}); the earliest one counts'
            yield Hit(rows[-1].line, f"{message}; leave one of them", file=rows[-1].file)


@check(
    "clock-hidden",
    "warning",
    source=_SOURCE,
    bad=_for_leadership("internal"),
    good=_for_leadership(""),
)
def clock_hidden(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No edition shows a clock as running or run out whose notification stands in a row that is hidden from it."""
    for directive in page.source.named("reporting-clocks"):
        if not directive.option("audience").strip():
            continue  # in the first edition alone
        regimes, _ = settings.clock_keeper.book.split(directive.option("regimes"))
        sent = {clock.stage.sent: clock for clock in settings.clock_keeper.clocks(page.all_events, regimes)}
        editions: dict[str, list[str]] = {}
        for edition in editions_showing(page, directive, settings):
            for clock in settings.clock_keeper.clocks(_rows_in(page, edition), regimes):
                was_sent = clock.stage.sent in sent and sent[clock.stage.sent].sent is not None
                if was_sent and clock.due is not None and clock.sent is None and not clock.rule.is_proposed:
                    editions.setdefault(clock.stage.sent, []).append(f'"{edition.name}"')
        for milestone, names in editions.items():
            row = _row(page, milestone)
            shown = f"the edition {' and '.join(names)} shows {_name(sent[milestone])}, as not sent"
            message = f"{shown}, since it hides this row; show the row, or mark `reporting-clocks` as the row is"
            yield Hit(row.line if row else directive.line, message, file=row.file if row else directive.file)


def _rows_in(page: CheckedPage, edition: Edition) -> Iterator[CheckedRow]:
    """Yield the rows of timelines that an edition shows."""
    for (directive, table, _), rows in zip(page.timelines, page.events, strict=True):
        if is_visible(directive, edition):
            gated = gate_table(table, edition, directive.option("internal-columns"), directive.line)
            shown = {row.line for row in gated.rows}
            yield from (row for row in rows if row.line in shown)


@check(
    "clock-not-in-force",
    "warning",
    source=_SOURCE,
    bad=_page("| 2017-03-02 01:14 | Aware of the breach |"),
    good=_page(_AWARE, _NOTIFIED),
)
def clock_not_in_force(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The rule of each clock was in force when the clock started."""
    if not (found := list(_clocks(page))):
        return
    from sphinx_postmortem.core.clocks.running_clocks import State

    told = set[str]()
    for directive, clock in found:
        if clock.state is State.NOT_IN_FORCE and clock.rule.regime not in told:
            told.add(clock.rule.regime)
            message = f"{clock.why}; take the regime out of `reporting-clocks`, or mend the time of the start"
            yield Hit(directive.line, message, file=directive.file)
