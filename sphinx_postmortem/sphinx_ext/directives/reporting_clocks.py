"""The directive ``reporting-clocks``: until when an incident must be notified to whom, and what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.clocks.clock_rules import SITE_CALENDAR, Rule
from sphinx_postmortem.core.clocks.clock_texts import (
    ENDED,
    QUIET,
    URGENT,
    bounds_text,
    disclaimer,
    due_text,
    notes_of,
    regime_text,
    start_text,
)
from sphinx_postmortem.core.clocks.running_clocks import Clock, ClockKeeper, State
from sphinx_postmortem.core.clocks.working_days import MissingLibraryError, UnknownCalendarError, find_calendar
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import ClockRequest
from sphinx_postmortem.core.records.times import moment_text
from sphinx_postmortem.core.records.tones import DONE, DRAFT, IN_PROGRESS, OPEN, OVERDUE
from sphinx_postmortem.core.records.zones import Zone
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec, without_comment
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain


class ClockTable(Placeholder):
    """Stands for the clocks of an incident (attributes ``docname``, ``incident``, ``regimes`` and ``css``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the table, what is to know beside it, and the sentence that it is no legal advice."""
        settings = domain.settings
        # A directive above the summary belongs to the page's incident, as a table does.
        incident = self["incident"] or next((each.id for each in domain.records_of(self.docname).incidents), "")
        events = domain.knowledge.events_by_incident.get((self.docname, incident), [])
        keeper = settings.clock_keeper
        clocks = keeper.clocks(events, self["regimes"])
        built = clock_table(clocks, settings.clock_zone, self["css"])
        built["ids"], built["names"] = list(self["ids"]), list(self["names"])
        return [built, *notes_below(clocks, keeper)]


def clock_table(clocks: Iterable[Clock], zone: Zone, css: Iterable[str]) -> nodes.table:
    """Return the table of some clocks; a site with a zone of its own has a column for it."""
    titles = [
        later("Regime"),
        later("Stage"),
        later("State"),
        later("Due (UTC)"),
        later("Start (UTC)"),
        later("Sent (UTC)"),
    ]
    shown = list(map(say, titles))
    widths = [20, 20, 14, 16, 15, 15]
    if not zone.is_utc:
        place = zone.written.rpartition("/")[2].replace("_", " ")
        titles.insert(4, f"Due ({place})")
        shown.insert(4, say("Due ({place})", place=place))
        widths.insert(4, 16)
    rows = [output.TableRow(_cells(clock, zone)) for clock in clocks]
    return output.table(titles, rows, ["pm-clocks", *css], widths, shown=shown)


def _cells(clock: Clock, zone: Zone) -> list[output.Inline]:
    name = say(clock.stage.name)
    stage = say("{stage} (from: {start})", stage=name[:1].upper() + name[1:], start=start_text(clock))
    due = [due_text(clock)] if zone.is_utc else [due_text(clock), bounds_text(clock.due, zone.rules)]
    times = (*due, moment_text(clock.start), moment_text(clock.sent))
    return [[nodes.Text(regime_text(clock))], [nodes.Text(stage)], [state_badge(clock)], *map(whole_times, times)]


def whole_times(text: str) -> list[nodes.Node]:
    """Return a time, or its two bounds: a line may end after a day, and not within it."""
    return output.separated(([nodes.inline("", word, classes=["pm-day"])] for word in text.split()), " ")


def state_badge(clock: Clock) -> nodes.inline:
    """Return how a clock stands, in words."""
    kind, look = "open", IN_PROGRESS
    if clock.state in URGENT:
        kind, look = "overdue", OVERDUE
    elif clock.state in ENDED:
        kind, look = "done", DONE
    elif clock.state in QUIET:
        look = DRAFT
    elif clock.state is State.TODAY:
        look = OPEN
    return output.badge(say(clock.state.value), "status", kind, look)


def notes_below(clocks: Sequence[Clock], keeper: ClockKeeper) -> list[nodes.Node]:
    """Return what stands below a table of clocks."""
    notes = [[output.paragraph(note)] for note in notes_of(clocks, keeper.site.zone)]
    last = output.paragraph(disclaimer(keeper.book))
    last["classes"].append("pm-disclaimer")
    return [*([output.bullets(notes, "pm-clock-notes")] if notes else []), last]


class ReportingClocks(PostmortemDirective):
    """A table of the notifications that an incident owes: when each was due, what was sent, and how it stands.

    It is derived from the milestones of the timeline. Without ``:audience:`` it is in the first edition alone.
    """

    has_content = False
    option_spec = option_spec("reporting-clocks")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the table, which is made when the whole page is known; note the regimes."""
        if self.edition.is_filtered and not without_comment(self.options.get("audience", "")):
            return []
        regimes = self.read_regimes()
        if not regimes:
            return []
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        request = ClockRequest(self.incident_id, docname, regimes, self.get_source_info()[1])
        self.domain.note_page(docname, replace(records, clocks=(*records.clocks, request)))
        place = ClockTable(
            docname=docname,
            incident=self.incident_id,
            regimes=list(regimes),
            css=list(self.options.get("class", ())),
        )
        self.set_source_info(place)
        self.add_name(place)
        return [place]

    def read_regimes(self) -> tuple[str, ...]:
        """Return the regimes that are named and known; the others are reported."""
        book = self.settings.clock_keeper.book
        regimes, unknown = book.split(without_comment(self.options.get("regimes", "")))
        for message in unknown:
            self.warn(Code.CLOCK_REGIME, message)
        if not regimes and not unknown:
            known = ", ".join(book.regimes)
            self.warn(Code.CLOCK_REGIME, f"say which regimes count, as in `:regimes: gdpr, nis2`; known are {known}")
        self.report_calendars(rule for regime in regimes for rule in book.of(regime))
        return regimes

    def report_calendars(self, rules: Iterable[Rule]) -> None:
        """Report calendars that the rules need and that cannot be had."""
        own = self.settings.clock_calendar
        needed = {own if rule.calendar in ("", SITE_CALENDAR) else rule.calendar for rule in rules if rule.closed}
        for name in sorted(needed):
            try:
                find_calendar(name)
            except (MissingLibraryError, UnknownCalendarError) as error:
                self.warn(Code.NO_HOLIDAYS, f"working days cannot be told for reporting clocks: {error}")
