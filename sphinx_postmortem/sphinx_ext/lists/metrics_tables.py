"""The tables and charts of ``incident-metrics``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.metrics import (
    ALL,
    LEAST,
    MetricsChoice,
    TimeSummary,
    measure,
    total_of,
)
from sphinx_postmortem.core.records.model import EVENTS
from sphinx_postmortem.core.records.tones import DONE, OPEN, OVERDUE, severity_look
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists import charts, html_charts
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.lists.metrics_drawing import BY, NUMBERS_BY, ChartFigures, Drawing
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList
from sphinx_postmortem.sphinx_ext.lists.trend_tables import TREND_PARTS

_METHOD = later(
    "Median and 90th percentile are interpolated linearly between the two nearest values. "
    "With fewer than {least} incidents neither is given."
)
_INCIDENT_BARS = {
    "month": later("Bar chart: incidents by month and severity"),
    "quarter": later("Bar chart: incidents by quarter and severity"),
    "year": later("Bar chart: incidents by year and severity"),
}
_ACTION_BARS = {
    "month": later("Bar chart: actions by month of their incident and state"),
    "quarter": later("Bar chart: actions by quarter of their incident and state"),
    "year": later("Bar chart: actions by year of their incident and state"),
}


class MetricsTables(RecordList):
    """Stands for the numbers of a set of incidents (attribute ``choice`` beside those of all lists)."""

    list_kind = OF_INCIDENTS

    @property
    def topics(self) -> frozenset[str]:
        """What the tables show beyond the fields of records: times of events."""
        return frozenset([EVENTS])

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the tables and charts."""
        choice: MetricsChoice = self["choice"]
        domain = page.domain
        metrics = measure(choice, page.facts, domain.settings.durations)
        if not metrics.periods:
            return [output.paragraph(self["none"] or say("No incidents."))]
        is_html = output.is_html(domain.env)
        figures = ChartFigures(domain, self) if choice.has_chart and not is_html else None
        drawing = Drawing(metrics, choice, page, figures, self.level)
        about = [] if set(choice.parts) <= TREND_PARTS.keys() else drawing.summary()
        return [*about, *(node for part in choice.parts for node in _PARTS[part](drawing))]


def _incidents(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, by = drawing.metrics, drawing.choice.by
    yield output.heading(say(html_charts.INCIDENTS_BY[by]), "pm-group", level=drawing.level)
    if drawing.figures:
        columns = tuple(zip(*(period.incidents for period in drawing.shown), strict=True))
        severities = drawing.page.domain.settings.severities
        tones = tuple(severity_look(name, severities).tone for name in metrics.severities)
        series = tuple(zip(map(say, metrics.severities), tones, columns, strict=False))
        bars = charts.Bars(tuple(say(period.label) for period in drawing.shown), series, say("Incidents"))
        yield from drawing.figures.figure(bars, say(_INCIDENT_BARS[by]), drawing.shown)
    titles = [BY[by], *metrics.severities, ALL]
    rows = [_row(p.label, [*p.incidents, p.total]) for p in (*metrics.periods, total_of(metrics.periods))]
    table = output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])
    yield from drawing.with_numbers(
        html_charts.incidents_chart(metrics, by, drawing.page), [table], say(NUMBERS_BY[by])
    )


def _times(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, choice = drawing.metrics, drawing.choice
    yield output.heading(say("Times"), "pm-group", level=drawing.level)
    if not any(each.total for each in metrics.times):
        yield output.paragraph(say("No incidents."))
        return
    known = [each for each in metrics.times if each.median is not None and each.ninetieth is not None]
    length = html_charts.length
    if drawing.figures and known:
        spans = [
            charts.ChartSpan(
                f"{say(t.term)} (n = {t.count})", t.median, t.ninetieth, length(t.median), length(t.ninetieth)
            )
            for t in known
            if t.median is not None and t.ninetieth is not None
        ]
        yield from drawing.figures.figure(spans, say("Chart: median and 90th percentile of each time"), ())
    titles = [later("Time"), later("From"), later("To"), later("Incidents"), later("Median"), later("90th percentile")]
    titles += [later("Mean")] if choice.has_mean else []
    rows = [output.TableRow([[nodes.Text(text)] for text in _time_cells(each, choice)]) for each in metrics.times]
    widths = [18, 20, 20, 12, 14, 16, *([14] if choice.has_mean else [])]
    below: list[nodes.Node] = [output.table(titles, rows, ["pm-metrics"], widths)]
    if left_out := [each.left_out for each in metrics.times if each.left_out]:
        below.append(output.paragraph(say("Incidents that do not count: {reasons}.", reasons="; ".join(left_out))))
    below.append(output.paragraph(say(_METHOD, least=LEAST)))
    yield from drawing.with_numbers(html_charts.times_chart(metrics.times, drawing.page), below, say("Numbers"))


def _time_cells(time: TimeSummary, choice: MetricsChoice) -> list[str]:
    numbers = [time.median, time.ninetieth, *([time.mean] if choice.has_mean else [])]
    count = say("{count} of {total}", count=time.count, total=time.total)
    return [say(time.term), say(time.start), say(time.end), count, *(html_charts.length(number) for number in numbers)]


def _actions(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, by, is_dated = drawing.metrics, drawing.choice.by, drawing.is_dated
    yield output.heading(say(html_charts.ACTIONS_BY[by]), "pm-group", level=drawing.level)
    total = total_of(metrics.periods)
    if not (total.actions.open or total.actions.done):
        yield output.paragraph(say("No actions."))
        return
    if drawing.figures:
        shown = drawing.shown
        series = [
            *([(say("overdue"), OVERDUE.tone, tuple(p.actions.overdue for p in shown))] if is_dated else []),
            (say("open"), OPEN.tone, tuple(p.actions.open - p.actions.overdue for p in shown)),
            (say("done"), DONE.tone, tuple(p.actions.done for p in shown)),
        ]
        bars = charts.Bars(tuple(say(period.label) for period in shown), tuple(series), say("Actions"))
        yield from drawing.figures.figure(bars, say(_ACTION_BARS[by]), shown)
    titles = [BY[by], later("Opened"), later("Closed"), later("Still open"), *([later("Overdue")] if is_dated else [])]
    rows = [
        _row(
            period.label,
            [n.open + n.done, n.done, n.open, *([n.overdue] if is_dated else [])],
        )
        for period in (*metrics.periods, total)
        for n in (period.actions,)
    ]
    tables: list[nodes.Node] = [output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])]
    yield from drawing.with_numbers(html_charts.actions_chart(metrics, by, drawing.page), tables, say(NUMBERS_BY[by]))
    if fixes := metrics.fixes:
        yield output.paragraph(
            say(
                "Fixes that did not hold: {regressed} of {closed} closed actions against a contributing factor; "
                "it contributed to an incident again.",
                regressed=fixes.regressed,
                closed=fixes.closed,
            )
        )


def _row(label: str, numbers: Sequence[int]) -> output.TableRow:
    first: nodes.Node = output.strong(say(label)) if label == ALL else nodes.Text(say(label))
    return output.TableRow([[first], *([nodes.Text(str(number))] for number in numbers)])


_PARTS = {"incidents": _incidents, "times": _times, "actions": _actions, **TREND_PARTS}
