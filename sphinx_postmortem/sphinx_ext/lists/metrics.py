"""The directive ``incident-metrics``, and the tables and charts that it shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.lists import filters
from sphinx_postmortem.core.lists.filters import BadFilterError
from sphinx_postmortem.core.lists.incidents import unknown_in_incident_list
from sphinx_postmortem.core.lists.metrics import (
    LEAST,
    PARTS,
    PERIODS,
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
from sphinx_postmortem.sphinx_ext.directives.options import OptionSpec, option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import MetricsTables
from sphinx_postmortem.sphinx_ext.lists import charts
from sphinx_postmortem.sphinx_ext.lists.directives import ListDirective
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain, domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import warn

_MOST_BARS = 24
_METHOD = (
    "Median and 90th percentile are interpolated linearly between the two nearest values. "
    f"With fewer than {LEAST} incidents neither is given."
)


class IncidentMetrics(ListDirective):
    """How many incidents there were, how fast they were handled, and what became of their actions.

    As tables, with charts where matplotlib is installed (the extra ``charts``).
    """

    option_spec: ClassVar[OptionSpec] = option_spec("incident-metrics")

    def run_visible(self) -> list[nodes.Node]:
        """Return the placeholder of the metrics."""
        try:
            choice = MetricsChoice(
                of=self.scope(),
                by=filters.choose_one("by", self.text("by"), PERIODS, "quarter"),
                parts=self.chosen("show", PARTS) or PARTS,
                has_mean="mean" in self.options,
                has_chart="no-chart" not in self.options,
            )
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            return [output.paragraph(filters.CANNOT_BE_SHOWN)]
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        self.domain.note_page(docname, replace(records, has_overview=True, shows=records.shows | {EVENTS}))
        placeholder = MetricsTables(docname=docname, choice=choice, none=self.text("none"))
        self.set_source_info(placeholder)
        return [placeholder]


def build(place: nodes.Element, domain: PostmortemDomain) -> list[nodes.Node]:
    """Return the tables and charts for a placeholder."""
    choice: MetricsChoice = place["choice"]
    settings = domain.settings
    metrics = measure(
        choice,
        domain.knowledge,
        severities=settings.severities,
        durations=settings.durations,
        today=settings.today,
    )
    if not metrics.periods:
        return [output.paragraph(place["none"] or "No incidents.")]
    drawing = _Drawing(domain, place) if choice.has_chart else None
    makers = {"incidents": _incidents, "times": _times, "actions": _actions}
    return [node for part in choice.parts for node in makers[part](metrics, choice, domain, drawing)]


def _incidents(
    metrics: Metrics, choice: MetricsChoice, domain: PostmortemDomain, drawing: _Drawing | None
) -> Iterator[nodes.Node]:
    yield _heading(f"Incidents by {choice.by}")
    if drawing:
        shown = metrics.periods[-_MOST_BARS:]
        columns = tuple(zip(*(period.incidents for period in shown), strict=True))
        bars = charts.Bars(
            tuple(period.label for period in shown),
            tuple(zip(metrics.severities, columns, strict=False)),
            "Incidents",
        )
        yield from drawing.figure(bars, f"Bar chart: incidents by {choice.by} and severity", shown)
    titles = [choice.by.capitalize(), *metrics.severities, "All"]
    rows = [_row(p.label, [*p.incidents, p.total]) for p in (*metrics.periods, total_of(metrics.periods))]
    yield output.table(titles, rows, ["pm-metrics"], [22, *[14] * (len(titles) - 1)])


def _times(
    metrics: Metrics, choice: MetricsChoice, domain: PostmortemDomain, drawing: _Drawing | None
) -> Iterator[nodes.Node]:
    yield _heading("Times")
    known = [each for each in metrics.times if each.median is not None and each.ninetieth is not None]
    if drawing and known:
        spans = [
            charts.Span(f"{t.term} (n = {t.count})", t.median, t.ninetieth, _length(t.median), _length(t.ninetieth))
            for t in known
            if t.median is not None and t.ninetieth is not None
        ]
        yield from drawing.figure(spans, "Chart: median and 90th percentile of each time", ())
    titles = ["Time", "From", "To", "Incidents", "Median", "90th percentile", *(["Mean"] if choice.has_mean else [])]
    rows = [output.TableRow([[nodes.Text(text)] for text in _time_cells(each, choice)]) for each in metrics.times]
    yield output.table(titles, rows, ["pm-metrics"], [18, 20, 20, 12, 14, 16, *([14] if choice.has_mean else [])])
    yield output.paragraph(_METHOD)


def _time_cells(time: TimeSummary, choice: MetricsChoice) -> list[str]:
    numbers = [time.median, time.ninetieth, *([time.mean] if choice.has_mean else [])]
    count = f"{time.count} of {time.count + time.without}"
    return [time.term, time.start, time.end, count, *(_length(number) for number in numbers)]


def _length(seconds: float | None) -> str:
    return "too few" if seconds is None else format_duration(timedelta(seconds=round(seconds)))


def _actions(
    metrics: Metrics, choice: MetricsChoice, domain: PostmortemDomain, drawing: _Drawing | None
) -> Iterator[nodes.Node]:
    is_dated = domain.settings.today is not None
    yield _heading(f"Actions by {choice.by} of their incident")
    if drawing:
        shown = metrics.periods[-_MOST_BARS:]
        overdue = tuple(period.actions.overdue for period in shown)
        series = [
            *([("overdue", overdue)] if is_dated else []),
            ("open", tuple(period.actions.open - period.actions.overdue for period in shown)),
            ("done", tuple(period.actions.done for period in shown)),
        ]
        bars = charts.Bars(tuple(period.label for period in shown), tuple(series), "Actions")
        yield from drawing.figure(bars, f"Bar chart: actions by {choice.by} of their incident and state", shown)
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


def _heading(text: str) -> nodes.rubric:
    return nodes.rubric("", text, classes=["pm-group"])


def _row(label: str, numbers: Sequence[int]) -> output.TableRow:
    first: nodes.Node = nodes.strong("", label) if label == "All" else nodes.Text(label)
    return output.TableRow([[first], *([nodes.Text(str(number))] for number in numbers)])


class _Drawing:
    """Draws the charts of one page and hands their files to the builder."""

    def __init__(self, domain: PostmortemDomain, place: nodes.Element) -> None:
        self.domain = domain
        self.place = place
        builder = domain.builder
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
            warn(Code.NO_CHARTS, f"a chart cannot be drawn ({error}); its table is shown alone", self.where)
            return
        yield nodes.container("", *images, classes=["pm-charts"])

    def image(self, chart: charts.Bars | Sequence[charts.Span], look: charts.Look, alt: str) -> nodes.image:
        """Return an image whose file lies among the caches, until the builder copies it."""
        content = charts.draw(chart, look, as_svg=self.is_page)
        name = f"pm-chart-{hashlib.sha256(content).hexdigest()[:12]}.{'svg' if self.is_page else 'png'}"
        folder = Path(self.domain.env.doctreedir) / "pm-charts"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content)
        self.domain.env.images.add_file(self.place["docname"], str(path))
        return nodes.image("", uri=str(path), candidates={"*": str(path)}, alt=alt)

    @property
    def where(self) -> tuple[str, int | None]:
        """The place that warnings name."""
        return self.place["docname"], self.place.line

    def can_draw(self) -> bool:
        """Say whether matplotlib is there; its absence is reported once in a build."""
        if charts.can_draw():
            return True
        if not self.domain.has_warned_of_charts:
            self.domain.has_warned_of_charts = True
            message = (
                "charts need matplotlib; run `pip install sphinx-postmortem[charts]`, or write `:no-chart:`. "
                "The tables are shown alone"
            )
            warn(Code.NO_CHARTS, message, self.where)
        return False


class ReplaceMetrics(SphinxPostTransform):
    """Puts tables and charts in place of their placeholders, before references are resolved (priority 10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every placeholder of the tree."""
        for place in every(self.document, MetricsTables):
            domain = domain_of(self.env)
            chosen: MetricsChoice = place["choice"]
            if not domain.settings.edition.is_filtered:  # There a name may be unknown because it is hidden.
                for message in unknown_in_incident_list(chosen.of, domain.knowledge):
                    warn(Code.BAD_FILTER, message, (place["docname"], place.line))
            place.replace_self(build(place, domain))
