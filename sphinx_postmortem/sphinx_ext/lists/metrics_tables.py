"""The tables and charts of ``incident-metrics``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.language.dates import month_and_year
from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.metrics import (
    ALL,
    LEAST,
    NO_SEVERITY,
    Metrics,
    MetricsChoice,
    PeriodCounts,
    TimeSummary,
    measure,
    total_of,
)
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import EVENTS
from sphinx_postmortem.core.records.tones import DONE, OPEN, OVERDUE, severity_look
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.kept import BUILDER, PerBuild
from sphinx_postmortem.sphinx_ext.lists import charts, html_charts
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.warnings import warn

_WARNED_ON = PerBuild[str]("")
_METHOD = later(
    "Median and 90th percentile are interpolated linearly between the two nearest values. "
    "With fewer than {least} incidents neither is given."
)
_BY = {"month": later("Month"), "quarter": later("Quarter"), "year": later("Year")}
_NUMBERS_BY = {
    "month": later("Numbers by month"),
    "quarter": later("Numbers by quarter"),
    "year": later("Numbers by year"),
}
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
        return [*drawing.summary(), *(node for part in choice.parts for node in _PARTS[part](drawing))]


@dataclass(frozen=True)
class Drawing:
    """What the parts are made of; ``figures`` draws the charts of builders that show pictures."""

    metrics: Metrics
    choice: MetricsChoice
    page: ListPage
    figures: ChartFigures | None
    level: int

    @property
    def is_dated(self) -> bool:
        """Whether the day that is today is set: without it nothing is overdue."""
        return self.page.facts.today is not None

    @property
    def shown(self) -> tuple[PeriodCounts, ...]:
        """The periods that a chart has room for."""
        return self.metrics.periods[-html_charts.MOST_PERIODS :]

    def with_numbers(self, chart: str, tables: list[nodes.Node], title: str) -> list[nodes.Node]:
        """Return a chart of an HTML page with its numbers folded away below it; elsewhere the numbers alone."""
        env = self.page.domain.env
        if not (chart and self.choice.has_chart and output.is_html(env)):
            return tables
        return [output.raw_html(f'<div class="pm-chart">{chart}</div>'), *output.folded(title, tables, env)]

    def summary(self) -> Iterator[nodes.Node]:
        """Yield what the numbers say, in a sentence."""
        total = total_of(self.metrics.periods)
        days = [incident.first_day for incident in total.counted if incident.first_day]
        if not days or not self.metrics.severities:
            return
        since = month_and_year(min(days))
        told = [
            say_many("{number} incident since {month}.", "{number} incidents since {month}.", total.total, month=since)
        ]
        if total.total > 1 and self.metrics.severities[0] != NO_SEVERITY:
            form = say(
                "{number} incidents since {month}, {some} of them {severity}.",
                number=total.total,
                month=since,
                some=total.incidents[0],
                severity=self.metrics.severities[0],
            )
            told = [form]
        known = [time for time in self.metrics.times if time.median is not None] if "times" in self.choice.parts else []
        if medians := [f"{_within(time.term)} {html_charts.length(time.median)}" for time in known]:
            told.append(say("Median {times}.", times=", ".join(medians)))
        if total.drafts:
            told.append(say_many("{number} draft is not counted.", "{number} drafts are not counted.", total.drafts))
        yield output.paragraph(" ".join(told))


def _within(term: str) -> str:
    """Return a term within a sentence: catalogues know ours so, too, since German nouns keep their capitals."""
    small = term.lower()
    return small if say(small) == small == say(term).lower() else say(small) if say(small) != small else say(term)


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
    titles = [_BY[by], *metrics.severities, ALL]
    rows = [_row(p.label, [*p.incidents, p.total]) for p in (*metrics.periods, total_of(metrics.periods))]
    table = output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])
    yield from drawing.with_numbers(
        html_charts.incidents_chart(metrics, by, drawing.page), [table], say(_NUMBERS_BY[by])
    )


def _times(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, choice = drawing.metrics, drawing.choice
    yield output.heading(say("Times"), "pm-group", level=drawing.level)
    known = [each for each in metrics.times if each.median is not None and each.ninetieth is not None]
    length = html_charts.length
    if drawing.figures and known:
        spans = [
            charts.Span(f"{say(t.term)} (n = {t.count})", t.median, t.ninetieth, length(t.median), length(t.ninetieth))
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
    if drawing.figures:
        shown = drawing.shown
        series = [
            *([(say("overdue"), OVERDUE.tone, tuple(p.actions.overdue for p in shown))] if is_dated else []),
            (say("open"), OPEN.tone, tuple(p.actions.open - p.actions.overdue for p in shown)),
            (say("done"), DONE.tone, tuple(p.actions.done for p in shown)),
        ]
        bars = charts.Bars(tuple(say(period.label) for period in shown), tuple(series), say("Actions"))
        yield from drawing.figures.figure(bars, say(_ACTION_BARS[by]), shown)
    titles = [_BY[by], later("Opened"), later("Closed"), later("Still open"), *([later("Overdue")] if is_dated else [])]
    rows = [
        _row(
            period.label,
            [n.open + n.done, n.done, n.open, *([n.overdue] if is_dated else [])],
        )
        for period in (*metrics.periods, total_of(metrics.periods))
        for n in (period.actions,)
    ]
    tables: list[nodes.Node] = [output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])]
    yield from drawing.with_numbers(html_charts.actions_chart(metrics, by, drawing.page), tables, say(_NUMBERS_BY[by]))
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


class ChartFigures:
    """Draws the charts of one page and hands their files to the builder."""

    def __init__(self, domain: PostmortemDomain, placeholder: Placeholder) -> None:
        self.domain = domain
        self.placeholder = placeholder
        builder = BUILDER.of(domain.env)
        self.types = tuple(builder.supported_image_types) if builder else ()

    def figure(
        self, chart: charts.Bars | Sequence[charts.Span], what: str, shown: Sequence[PeriodCounts]
    ) -> Iterator[nodes.Node]:
        """Yield a chart; nothing where the builder shows no pictures or nothing can draw."""
        if not self.types or not self.can_draw():
            return
        alt = what
        if shown:
            alt = say("{chart}, {first} to {last}", chart=what, first=say(shown[0].label), last=say(shown[-1].label))
        try:
            picture = self.image(chart, say("{chart}. The table below holds the numbers.", chart=alt))
        except (OSError, RuntimeError, ValueError) as error:
            warn(Code.NO_CHARTS, f"a chart cannot be drawn ({error}); its table is shown alone", self.placeholder.place)
            return
        picture["width"] = "100%"
        yield output.together([picture], "pm-charts")

    def image(self, chart: charts.Bars | Sequence[charts.Span], alt: str) -> nodes.image:
        """Return an image whose file lies among the caches, until the builder copies it."""
        content = charts.draw(chart)
        name = f"pm-chart-{hashlib.sha256(content).hexdigest()[:12]}.png"
        folder = Path(self.domain.env.doctreedir) / "pm-charts"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content)
        self.domain.env.images.add_file(self.placeholder.docname, str(path))
        return output.picture(str(path), alt)

    def can_draw(self) -> bool:
        """Say whether matplotlib is there; its absence is reported once in a build."""
        if charts.can_draw():
            return True
        if not _WARNED_ON.of(self.domain.env):
            _WARNED_ON.set(self.domain.env, self.placeholder.docname)
            message = (
                "charts need matplotlib; run `pip install sphinx-postmortem[charts]`, or write `:no-chart:`. "
                "The tables are shown alone"
            )
            warn(Code.NO_CHARTS, message, self.placeholder.place)
        return False


_PARTS = {"incidents": _incidents, "times": _times, "actions": _actions}
