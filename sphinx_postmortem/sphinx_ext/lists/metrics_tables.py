"""The tables and charts of ``incident-metrics``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.metrics import (
    LEAST,
    Metrics,
    MetricsChoice,
    PeriodCounts,
    TimeSummary,
    measure,
    total_of,
)
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import EVENTS
from sphinx_postmortem.core.records.spans import format_duration
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.kept import BUILDER, PerBuild
from sphinx_postmortem.sphinx_ext.lists import charts
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.warnings import warn

_WARNED_ON = PerBuild[str]("")
_MOST_BARS = 24
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
        figures = ChartFigures(domain, self) if choice.has_chart else None
        return [node for part in choice.parts for node in _PARTS[part](metrics, choice, domain, figures)]


def _incidents(
    metrics: Metrics, choice: MetricsChoice, domain: PostmortemDomain, figures: ChartFigures | None
) -> Iterator[nodes.Node]:
    yield _heading(f"Incidents by {choice.by}")
    if figures:
        shown = metrics.periods[-_MOST_BARS:]
        columns = tuple(zip(*(period.incidents for period in shown), strict=True))
        bars = charts.Bars(
            tuple(period.label for period in shown),
            tuple(zip(metrics.severities, columns, strict=False)),
            "Incidents",
        )
        yield from figures.figure(bars, f"Bar chart: incidents by {choice.by} and severity", shown)
    titles = [choice.by.capitalize(), *metrics.severities, "All"]
    rows = [_row(p.label, [*p.incidents, p.total]) for p in (*metrics.periods, total_of(metrics.periods))]
    yield output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])


def _times(
    metrics: Metrics, choice: MetricsChoice, domain: PostmortemDomain, figures: ChartFigures | None
) -> Iterator[nodes.Node]:
    yield _heading("Times")
    known = [each for each in metrics.times if each.median is not None and each.ninetieth is not None]
    if figures and known:
        spans = [
            charts.Span(f"{t.term} (n = {t.count})", t.median, t.ninetieth, _length(t.median), _length(t.ninetieth))
            for t in known
            if t.median is not None and t.ninetieth is not None
        ]
        yield from figures.figure(spans, "Chart: median and 90th percentile of each time", ())
    titles = ["Time", "From", "To", "Incidents", "Median", "90th percentile", *(["Mean"] if choice.has_mean else [])]
    rows = [output.TableRow([[nodes.Text(text)] for text in _time_cells(each, choice)]) for each in metrics.times]
    yield output.table(titles, rows, ["pm-metrics"], [18, 20, 20, 12, 14, 16, *([14] if choice.has_mean else [])])
    if left_out := [each.left_out for each in metrics.times if each.left_out]:
        yield output.paragraph(f"Incidents that do not count: {'; '.join(left_out)}.")
    yield output.paragraph(_METHOD)


def _time_cells(time: TimeSummary, choice: MetricsChoice) -> list[str]:
    numbers = [time.median, time.ninetieth, *([time.mean] if choice.has_mean else [])]
    count = f"{time.count} of {time.total}"
    return [time.term, time.start, time.end, count, *(_length(number) for number in numbers)]


def _length(seconds: float | None) -> str:
    return "too few" if seconds is None else format_duration(timedelta(seconds=round(seconds)))


def _actions(
    metrics: Metrics, choice: MetricsChoice, domain: PostmortemDomain, figures: ChartFigures | None
) -> Iterator[nodes.Node]:
    is_dated = domain.settings.today is not None
    yield _heading(f"Actions by {choice.by} of their incident")
    if figures:
        shown = metrics.periods[-_MOST_BARS:]
        overdue = tuple(period.actions.overdue for period in shown)
        series = [
            *([("overdue", overdue)] if is_dated else []),
            ("open", tuple(period.actions.open - period.actions.overdue for period in shown)),
            ("done", tuple(period.actions.done for period in shown)),
        ]
        bars = charts.Bars(tuple(period.label for period in shown), tuple(series), "Actions")
        yield from figures.figure(bars, f"Bar chart: actions by {choice.by} of their incident and state", shown)
    titles = [choice.by.capitalize(), "Opened", "Closed", "Still open", *(["Overdue"] if is_dated else [])]
    rows = [
        _row(
            period.label,
            [n.open + n.done, n.done, n.open, *([n.overdue] if is_dated else [])],
        )
        for period in (*metrics.periods, total_of(metrics.periods))
        for n in (period.actions,)
    ]
    yield output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])
    if fixes := metrics.fixes:
        yield output.paragraph(
            f"Fixes that did not hold: {fixes.regressed} of {fixes.closed} closed actions against a contributing "
            "factor; it contributed to an incident again."
        )


def _heading(text: str) -> nodes.rubric:
    return output.heading(text, "pm-group")


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
        self.is_page = builder is not None and builder.format == "html" and builder.name != "epub"

    def figure(
        self, chart: charts.Bars | Sequence[charts.Span], what: str, shown: Sequence[PeriodCounts]
    ) -> Iterator[nodes.Node]:
        """Yield a chart; nothing where the builder shows no pictures or nothing can draw."""
        if not self.types or not self.can_draw():
            return
        alt = f"{what}, {shown[0].label} to {shown[-1].label}" if shown else what
        alt = f"{alt}. The table below holds the numbers."
        try:
            if self.is_page:
                images = [self.image(chart, look, alt) for look in (charts.LIGHT, charts.DARK)]
                for image, name in zip(images, ("light", "dark"), strict=True):
                    image["classes"] = ["pm-chart", f"pm-chart-{name}"]
            else:
                images = [self.image(chart, charts.PRINT, alt)]
                images[0]["width"] = "100%"
        except (OSError, RuntimeError, ValueError) as error:
            warn(Code.NO_CHARTS, f"a chart cannot be drawn ({error}); its table is shown alone", self.placeholder.place)
            return
        yield output.together(images, "pm-charts")

    def image(self, chart: charts.Bars | Sequence[charts.Span], look: charts.Look, alt: str) -> nodes.image:
        """Return an image whose file lies among the caches, until the builder copies it."""
        content = charts.draw(chart, look, as_svg=self.is_page)
        name = f"pm-chart-{hashlib.sha256(content).hexdigest()[:12]}.{'svg' if self.is_page else 'png'}"
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
