"""The parts of ``incident-metrics`` about learning: ageing, closing, known factors, and who notices incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.lists.metrics import LEAST
from sphinx_postmortem.core.lists.trends import (
    FACTOR_STATES,
    KNOWN,
    NEW,
    NOT_STATED,
    OTHER,
    UNTAGGED,
    PeriodGroups,
    closings,
    detections,
    factor_states,
    open_actions_by_age,
    time_to_close,
)
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.tones import OPEN, OVERDUE, Look, Tone, severity_look
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists import charts, html_charts
from sphinx_postmortem.sphinx_ext.lists.figures import page_of
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, text_cell
from sphinx_postmortem.sphinx_ext.lists.metrics_drawing import BY, NUMBERS_BY, Drawing

_MOST_NAMED = 3
_SLOWEST = 5
_OURS = (*FACTOR_STATES, NOT_STATED, OTHER)
_LOOKS: Mapping[str, Look] = {KNOWN: Look(Tone.WARNING), NEW: Look(Tone.INFORMATION), UNTAGGED: Look(Tone.QUIET)}


def _named(incidents: Sequence[Incident], page: ListPage, most: int = _MOST_NAMED) -> Cell:
    """Return links to some incidents, and how many others there are."""
    links = output.separated(([page.incident_link(incident)] for incident in incidents[:most]), ", ")
    more = len(incidents) - most
    return [*links, nodes.Text(" " + say("and {number} more", number=more))] if more > 0 else links


def _ageing(drawing: Drawing) -> Iterator[nodes.Node]:
    page = drawing.page
    yield output.heading(say("Age of open actions"), "pm-group", level=drawing.level)
    groups = open_actions_by_age(drawing.metrics.periods, page.facts)
    if not groups:
        yield output.paragraph(
            say("No action is open.") if drawing.is_dated else say("The age needs the setting postmortem_today.")
        )
        return
    labels = tuple(say(group.label) for group in groups)
    late = tuple(group.overdue for group in groups)
    others = tuple(len(group.actions) - group.overdue for group in groups)
    series = (("overdue", OVERDUE, late), ("open", OPEN, others))
    if drawing.figures:
        bars = charts.Bars(
            labels, tuple((say(name), look.tone, numbers) for name, look, numbers in series), say("Actions")
        )
        yield from drawing.figures.figure(bars, say("Bar chart: open actions by age"), ())
    target = page_of("actions", page.domain)
    address = page.address(target) if target else ""
    most = max(len(group.actions) for group in groups)
    columns = [
        [
            html_charts.bar(numbers[place], f"{label}: {numbers[place]} {say(name)}", look, most, address)
            for name, look, numbers in reversed(series)
            if numbers[place]
        ]
        for place, label in enumerate(labels)
    ]
    marks = [html_charts.legend(say(name), look) for name, look, _ in series]
    chart = html_charts.column_chart(say("Open actions by age"), marks, zip(labels, columns, strict=True))
    rows = [
        output.TableRow(
            [
                text_cell(say(group.label)),
                text_cell(str(len(group.actions))),
                text_cell(str(group.overdue)),
                _named(group.incidents, page, 6),
            ]
        )
        for group in groups
    ]
    table = output.table(
        [say("Age"), say("Open"), say("Overdue"), say("Of the incidents")], rows, ["pm-metrics"], [24, 10, 12, 54]
    )
    yield from drawing.with_numbers(chart, [table], say("Numbers by age"))


def _closing(drawing: Drawing) -> Iterator[nodes.Node]:
    page, length = drawing.page, html_charts.length
    yield output.heading(say("From incident to closed actions"), "pm-group", level=drawing.level)
    found = closings(drawing.metrics.periods, page.facts)
    summary = time_to_close(found)
    count = say("{some} of {all}", some=summary.count, all=summary.total)
    cells = [say(summary.term), say(summary.start), say(summary.end), count]
    cells += [length(summary.median), length(summary.ninetieth)]
    titles = [say("Time"), say("From"), say("To"), say("Incidents"), say("Median"), say("90th percentile")]
    rows = [output.TableRow([text_cell(text) for text in cells])]
    below: list[nodes.Node] = [output.table(titles, rows, ["pm-metrics"], [20, 20, 18, 12, 14, 16])]
    slow = sorted((each for each in found if each.days is not None), key=lambda each: -(each.days or 0))[:_SLOWEST]
    if slow:
        slowest = [
            output.TableRow([[page.incident_link(each.incident)], text_cell(say("{number} d", number=each.days))])
            for each in slow
        ]
        titles = [say("The slowest"), say("Last action closed after")]
        below.append(output.table(titles, slowest, ["pm-metrics"], [40, 60]))
    reasons: dict[str, int] = {}
    for each in found:
        if each.why_not:
            reasons[each.why_not] = reasons.get(each.why_not, 0) + 1
    said = [say(reason, number=number) for reason, number in sorted(reasons.items())]
    if said:
        below.append(output.paragraph(say("Incidents that do not count: {reasons}.", reasons=", ".join(said))))
    below.append(
        output.paragraph(say("With fewer than {least} incidents neither median nor percentile is given.", least=LEAST))
    )
    chart = html_charts.times_chart([summary], page) if summary.count >= LEAST else ""  # a few dots say nothing
    yield from drawing.with_numbers(chart, below, say("Numbers"))


def _factors(drawing: Drawing) -> Iterator[nodes.Node]:
    yield output.heading(say("Incidents with a known factor"), "pm-group", level=drawing.level)
    periods = factor_states(drawing.metrics.periods, drawing.page.facts)
    known, total = sum(len(period.groups[KNOWN]) for period in periods), sum(period.total for period in periods)
    if all(len(period.groups[UNTAGGED]) == period.total for period in periods):
        yield output.paragraph(say("No contributing factor has a tag of the site's vocabulary (postmortem_factors)."))
        return
    yield output.paragraph(
        say(
            "{known} of {total} incidents ({percent} %) had a contributing factor that an earlier incident had.",
            known=known,
            total=total,
            percent=(200 * known + total) // (2 * total),
        )
    )

    letters = dict(zip(_LOOKS, _short_names([*map(say, _LOOKS)]), strict=True))

    def unit(incident: Incident, state: str) -> str:
        return html_charts.unit(incident, [say(state)], _LOOKS[state].classes, drawing.page, letters[state])

    marks = [html_charts.legend(f"{letters[name]} = {say(name)}", look) for name, look in _LOOKS.items()]
    yield from _by_period(drawing, periods, letters, marks, unit, _LOOKS)


def _detection(drawing: Drawing) -> Iterator[nodes.Node]:
    yield output.heading(say("Who or what noticed the incidents"), "pm-group", level=drawing.level)
    periods = detections(drawing.metrics.periods, drawing.page.facts)
    names = list(periods[0].groups) if periods else []
    letters = dict(zip(names, _short_names([*map(_shown, names)]), strict=True))
    severities = drawing.page.domain.settings.severities

    def unit(incident: Incident, source: str) -> str:
        look = severity_look(incident.severity, severities).classes
        return html_charts.unit(incident, [incident.severity, _shown(source)], look, drawing.page, letters[source])

    marks = [html_charts.word(f"{letters[name]} = {_shown(name)}") for name in names]
    if _has_blocks(periods):
        seen = {each.severity for period in periods for group in period.groups.values() for each in group}
        looks = {name: severity_look(name, severities) for name in severities if name in seen}
        marks = [*(html_charts.legend(say(name), look) for name, look in looks.items()), *marks]
    yield from _by_period(drawing, periods, letters, marks, unit, {})


def _shown(name: str) -> str:
    """Return a name as it is shown: our own words in the language of the build, an author's as they are."""
    return say(name) if name in _OURS else name


def _short_names(names: Sequence[str]) -> list[str]:
    """Return the shortest beginning of each name that tells it apart from those before it."""
    found: list[str] = []
    for number, name in enumerate(names, 1):
        beginnings = (name[:length].capitalize() for length in (1, 2, 3))
        found.append(next((text for text in beginnings if text not in found), str(number)))
    return found


def _has_blocks(periods: Sequence[PeriodGroups]) -> bool:
    """Say whether a chart draws a block for each incident; of more incidents it draws a bar for each group."""
    return all(period.total <= html_charts.MOST_BLOCKS for period in periods[-html_charts.MOST_PERIODS :])


def _by_period(
    drawing: Drawing,
    periods: Sequence[PeriodGroups],
    letters: Mapping[str, str],
    marks: Sequence[str],
    unit: Callable[[Incident, str], str],
    looks: Mapping[str, Look],
) -> Iterator[nodes.Node]:
    """Yield a chart by period and group, and its numbers with links to incidents.

    Args:
        drawing: what is drawn, and where.
        periods: the incidents of each period, by group.
        letters: the short name of each group, which stands in its blocks or its bar.
        marks: the items of the legend.
        unit: returns the block of an incident in a group.
        looks: the colours of groups; bars of groups without one are grey.
    """
    by, page = drawing.choice.by, drawing.page
    names = list(letters)
    shown = periods[-html_charts.MOST_PERIODS :]
    if drawing.figures:
        tones = [
            looks[name].tone if name in looks else list(Tone)[place % len(Tone)] for place, name in enumerate(names)
        ]
        series = tuple(
            (_shown(name), tone, tuple(len(period.groups[name]) for period in shown))
            for name, tone in zip(names, tones, strict=True)
        )
        bars = charts.Bars(tuple(say(period.label) for period in shown), series, say("Incidents"))
        yield from drawing.figures.figure(bars, say(html_charts.INCIDENTS_BY[by]), drawing.shown)
    if _has_blocks(periods):
        columns = [
            [unit(incident, name) for name in reversed(names) for incident in reversed(period.groups[name])]
            for period in shown
        ]
    else:
        columns = [list(_bars(period, letters, looks, max(each.total for each in shown))) for period in shown]
    labels = [period.label for period in shown]
    chart = html_charts.column_chart(say(html_charts.INCIDENTS_BY[by]), marks, zip(labels, columns, strict=True))
    rows = [
        output.TableRow([text_cell(say(period.label)), *(_count(period.groups[n], page) for n in names)])
        for period in periods
    ]
    widths = [16, *[84 // max(len(names), 1)] * len(names)]
    tables: list[nodes.Node] = [output.table([say(BY[by]), *map(_shown, names)], rows, ["pm-metrics"], widths)]
    yield from drawing.with_numbers(chart, tables, say(NUMBERS_BY[by]))


def _bars(period: PeriodGroups, letters: Mapping[str, str], looks: Mapping[str, Look], most: int) -> Iterator[str]:
    """Yield a bar for each group of a period, with its letter and number."""
    for name, letter in reversed(list(letters.items())):
        if number := len(period.groups[name]):
            about = say("{name}: {value}", name=say(period.label), value=f"{number} {_shown(name)}")
            yield html_charts.bar(number, about, looks.get(name, Look(Tone.QUIET)), most, "", letter=letter)


def _count(incidents: Sequence[Incident], page: ListPage) -> Cell:
    """Return how many incidents there are, and links to some of them."""
    if not incidents:
        return text_cell("0")
    return [nodes.Text(f"{len(incidents)}: "), *_named(incidents, page)]


TREND_PARTS: Mapping[str, Callable[[Drawing], Iterator[nodes.Node]]] = {
    "ageing": _ageing,
    "closing": _closing,
    "factors": _factors,
    "detection": _detection,
}
"""The parts by name."""
