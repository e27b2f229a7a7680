"""What the parts of ``incident-metrics`` are made of: numbers, and the charts of builders that show pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.lists.metrics import NO_SEVERITY, Metrics, MetricsChoice, PeriodCounts, total_of
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.kept import BUILDER, PerBuild
from sphinx_postmortem.sphinx_ext.lists import charts, html_charts
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.warnings import warn

_WARNED_ON = PerBuild[str]("")


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
