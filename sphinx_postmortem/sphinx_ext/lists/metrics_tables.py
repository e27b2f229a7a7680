"""The tables and charts of ``incident-metrics``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.metrics import (
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
_METHOD = (
    "Median and 90th percentile are interpolated linearly between the two nearest values. "
    f"With fewer than {LEAST} incidents neither is given."
)


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
            return [output.paragraph(self["none"] or "No incidents.")]
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
        noun = "incident" if total.total == 1 else "incidents"
        said = f"{total.total} {noun} since {min(days):%B %Y}"
        if total.total > 1 and self.metrics.severities[0] != NO_SEVERITY:
            said += f", {total.incidents[0]} of them {self.metrics.severities[0]}"
        known = [time for time in self.metrics.times if time.median is not None] if "times" in self.choice.parts else []
        medians = [f"{time.term.lower()} {html_charts.length(time.median)}" for time in known]
        said += f". Median {', '.join(medians)}." if medians else "."
        if total.drafts:
            said += f" {total.drafts} {'draft is' if total.drafts == 1 else 'drafts are'} not counted."
        yield output.paragraph(said)


def _incidents(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, by = drawing.metrics, drawing.choice.by
    yield output.heading(f"Incidents by {by}", "pm-group", level=drawing.level)
    if drawing.figures:
        columns = tuple(zip(*(period.incidents for period in drawing.shown), strict=True))
        severities = drawing.page.domain.settings.severities
        tones = tuple(severity_look(name, severities).tone for name in metrics.severities)
        series = tuple(zip(metrics.severities, tones, columns, strict=False))
        bars = charts.Bars(tuple(period.label for period in drawing.shown), series, "Incidents")
        yield from drawing.figures.figure(bars, f"Bar chart: incidents by {by} and severity", drawing.shown)
    titles = [by.capitalize(), *metrics.severities, "All"]
    rows = [_row(p.label, [*p.incidents, p.total]) for p in (*metrics.periods, total_of(metrics.periods))]
    table = output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])
    yield from drawing.with_numbers(html_charts.incidents_chart(metrics, by, drawing.page), [table], f"Numbers by {by}")


def _times(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, choice = drawing.metrics, drawing.choice
    yield output.heading("Times", "pm-group", level=drawing.level)
    known = [each for each in metrics.times if each.median is not None and each.ninetieth is not None]
    length = html_charts.length
    if drawing.figures and known:
        spans = [
            charts.Span(f"{t.term} (n = {t.count})", t.median, t.ninetieth, length(t.median), length(t.ninetieth))
            for t in known
            if t.median is not None and t.ninetieth is not None
        ]
        yield from drawing.figures.figure(spans, "Chart: median and 90th percentile of each time", ())
    titles = ["Time", "From", "To", "Incidents", "Median", "90th percentile", *(["Mean"] if choice.has_mean else [])]
    rows = [output.TableRow([[nodes.Text(text)] for text in _time_cells(each, choice)]) for each in metrics.times]
    widths = [18, 20, 20, 12, 14, 16, *([14] if choice.has_mean else [])]
    below: list[nodes.Node] = [output.table(titles, rows, ["pm-metrics"], widths)]
    if left_out := [each.left_out for each in metrics.times if each.left_out]:
        below.append(output.paragraph(f"Incidents that do not count: {'; '.join(left_out)}."))
    below.append(output.paragraph(_METHOD))
    yield from drawing.with_numbers(html_charts.times_chart(metrics.times, drawing.page), below, "Numbers")


def _time_cells(time: TimeSummary, choice: MetricsChoice) -> list[str]:
    numbers = [time.median, time.ninetieth, *([time.mean] if choice.has_mean else [])]
    count = f"{time.count} of {time.total}"
    return [time.term, time.start, time.end, count, *(html_charts.length(number) for number in numbers)]


def _actions(drawing: Drawing) -> Iterator[nodes.Node]:
    metrics, by, is_dated = drawing.metrics, drawing.choice.by, drawing.is_dated
    yield output.heading(f"Actions by {by} of their incident", "pm-group", level=drawing.level)
    if drawing.figures:
        shown = drawing.shown
        series = [
            *([("overdue", OVERDUE.tone, tuple(p.actions.overdue for p in shown))] if is_dated else []),
            ("open", OPEN.tone, tuple(p.actions.open - p.actions.overdue for p in shown)),
            ("done", DONE.tone, tuple(p.actions.done for p in shown)),
        ]
        bars = charts.Bars(tuple(period.label for period in shown), tuple(series), "Actions")
        yield from drawing.figures.figure(bars, f"Bar chart: actions by {by} of their incident and state", shown)
    titles = [by.capitalize(), "Opened", "Closed", "Still open", *(["Overdue"] if is_dated else [])]
    rows = [
        _row(
            period.label,
            [n.open + n.done, n.done, n.open, *([n.overdue] if is_dated else [])],
        )
        for period in (*metrics.periods, total_of(metrics.periods))
        for n in (period.actions,)
    ]
    tables: list[nodes.Node] = [output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])]
    yield from drawing.with_numbers(html_charts.actions_chart(metrics, by, drawing.page), tables, f"Numbers by {by}")
    if fixes := metrics.fixes:
        yield output.paragraph(
            f"Fixes that did not hold: {fixes.regressed} of {fixes.closed} closed actions against a contributing "
            "factor; it contributed to an incident again."
        )


def _row(label: str, numbers: Sequence[int]) -> output.TableRow:
    first: nodes.Node = output.strong(label) if label == "All" else nodes.Text(label)
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
        alt = f"{what}, {shown[0].label} to {shown[-1].label}" if shown else what
        try:
            picture = self.image(chart, f"{alt}. The table below holds the numbers.")
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
