"""What the parts of ``incident-metrics`` are made of: numbers, and the charts of builders that show pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.dates import month_and_year
from sphinx_postmortem.core.language.texts import later, say, say_many
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
BY = {"month": later("Month"), "quarter": later("Quarter"), "year": later("Year")}
NUMBERS_BY = {
    "month": later("Numbers by month"),
    "quarter": later("Numbers by quarter"),
    "year": later("Numbers by year"),
}


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


class ChartFigures:
    """Draws the charts of one page and hands their files to the builder."""

    def __init__(self, domain: PostmortemDomain, placeholder: Placeholder) -> None:
        self.domain = domain
        self.placeholder = placeholder
        builder = BUILDER.of(domain.env)
        self.types = tuple(builder.supported_image_types) if builder else ()

    def figure(
        self, chart: charts.Bars | Sequence[charts.ChartSpan], what: str, shown: Sequence[PeriodCounts]
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

    def image(self, chart: charts.Bars | Sequence[charts.ChartSpan], alt: str) -> nodes.image:
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
