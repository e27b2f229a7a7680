"""Charts of HTML pages: lists with bars and dots that lead to incidents. They scale, and follow the theme's colours.

A colour goes by the name of a severity or status; a mark, a number or a title says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from html import escape
from math import log

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.metrics import LEAST, Metrics, PeriodCounts, TimeSummary
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.spans import format_duration
from sphinx_postmortem.core.records.tones import DONE, DRAFT, OPEN, OVERDUE, Look, severity_look
from sphinx_postmortem.sphinx_ext.lists.charts import TICKS
from sphinx_postmortem.sphinx_ext.lists.figures import page_of
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage

MOST_PERIODS = 24
MOST_BLOCKS = 30
"""With more incidents than that in one period, charts have a bar for each group in place of a block for each."""
INCIDENTS_BY = {
    "month": later("Incidents by month"),
    "quarter": later("Incidents by quarter"),
    "year": later("Incidents by year"),
}
ACTIONS_BY = {
    "month": later("Actions by month of their incident"),
    "quarter": later("Actions by quarter of their incident"),
    "year": later("Actions by year of their incident"),
}
MOST_UNITS = 8  # More incidents than that in a period are counted, not drawn one by one.
_TALLEST = 9  # rem
_STATES = (("overdue", OVERDUE), ("open", OPEN), ("done", DONE))
_LEAST_SECONDS = 60  # a logarithm has no zero


def length(seconds: float | None) -> str:
    """Return a time as text."""
    return say("too few") if seconds is None else format_duration(timedelta(seconds=round(seconds)), say_it=say)


def incidents_chart(metrics: Metrics, by: str, page: ListPage) -> str:
    """Return a column for each period: a block for each incident, which leads to it; of many, bars by severity."""
    shown = metrics.periods[-MOST_PERIODS:]
    most = max((period.total + period.drafts for period in shown), default=0)
    severities = page.domain.settings.severities
    marks = [legend(say(name), severity_look(name, severities)) for name in metrics.severities]
    if most <= MOST_UNITS:
        marks += [legend(say("draft"), DRAFT, "pm-unit-draft")] if any(period.drafts for period in shown) else []
        columns = [[_unit(i, page) for i in reversed(period.members)] for period in shown]
    else:
        columns = [list(_counted(metrics.severities, period, most, page)) for period in shown]
    return column_chart(say(INCIDENTS_BY[by]), marks, zip([p.label for p in shown], columns, strict=True))


def actions_chart(metrics: Metrics, by: str, page: ListPage) -> str:
    """Return a column for each period, with a bar for what is overdue, open and done."""
    shown = metrics.periods[-MOST_PERIODS:]
    most = max((period.actions.open + period.actions.done for period in shown), default=0)
    target = page_of("actions", page.domain)
    address = page.address(target) if target else ""
    columns: list[list[str]] = []
    for period in shown:
        numbers = (period.actions.overdue, period.actions.open - period.actions.overdue, period.actions.done)
        bars = [
            bar(number, _about(period, number, say(name)), look, most, address, is_soft=name == "done")
            for (name, look), number in zip(_STATES, numbers, strict=True)
            if number
        ]
        columns.append(bars[::-1])
    marks = action_marks(page, "pm-soft")
    return column_chart(say(ACTIONS_BY[by]), marks, zip([p.label for p in shown], columns, strict=True))


def action_marks(page: ListPage, done: str = "") -> list[str]:
    """Return the items of a legend of actions; ``done`` is the CSS class of the mark of those that are done."""
    looks = _STATES if page.facts.today else _STATES[1:]
    return [legend(say(name), look, done if look is DONE else "") for name, look in looks]


def _about(period: PeriodCounts, number: int, name: str) -> str:
    return say("{name}: {value}", name=say(period.label), value=f"{number} {name}")


def column_chart(name: str, marks: Iterable[str], columns: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return a column for each label, with its bars; of periods the year stands below the first one of it."""
    items: list[str] = []
    before = ""
    for label, bars in columns:
        year, part = (label[:4], label[5:]) if label[:4].isdigit() else ("", say(label))
        below = f"<small>{year}</small>" if year and year != before and part else "<small>&nbsp;</small>"
        items.append(f"<li>{''.join(bars)}<span>{escape(part or year)}{below}</span></li>")
        before = year
    return f'{legend_of(marks)}<ol class="pm-cols" aria-label="{escape(name)}">{"".join(items)}</ol>'


def legend_of(marks: Iterable[str]) -> str:
    """Return the legend with these items."""
    return f'<ul class="pm-legend">{"".join(marks)}</ul>'


def legend(name: str, look: Look, box: str = "") -> str:
    """Return the item of a legend: a mark and a name."""
    classes = " ".join(look.classes)
    shape = f' class="{box}"' if box else ""
    return f'<li class="pm-{look.tone}"><i{shape}></i><span class="pm-look {classes}">{escape(name)}</span></li>'


def _unit(incident: Incident, page: ListPage) -> str:
    is_draft = incident.status == "draft"
    look = severity_look(incident.severity, page.domain.settings.severities)
    said = [incident.severity, say("draft") if is_draft else ""]
    return unit(incident, said, [*look.classes, *(["pm-unit-draft"] if is_draft else [])], page)


def word(text: str) -> str:
    """Return the item of a legend that has no mark."""
    return f"<li>{escape(text)}</li>"


def unit(incident: Incident, said: Iterable[str], look: Iterable[str], page: ListPage, letter: str = "") -> str:
    """Return a block that leads to an incident; what is said of it stands in its title, and a letter in the block."""
    facts = ", ".join(filter(None, (incident.full_title, *said)))
    classes = " ".join(("pm-unit", *look))
    address, about = escape(page.address_of(incident)), escape(facts)
    return f'<a class="{classes}" href="{address}" title="{about}" aria-label="{about}">{escape(letter)}</a>'


def _counted(severities: Sequence[str], period: PeriodCounts, most: int, page: ListPage) -> Iterator[str]:
    target = page_of("incidents", page.domain)
    year = f"&amp;year={period.label[:4]}" if period.label[:4].isdigit() else ""
    for name, number in reversed(list(zip(severities, period.incidents, strict=True))):
        if number:
            look = severity_look(name, page.domain.settings.severities)
            address = f"{page.address(target)}?severity={escape(name)}{year}" if target else ""
            yield bar(number, _about(period, number, say(name)), look, most, address)


def bar(
    number: int, about: str, look: Look, most: int, address: str, *, is_soft: bool = False, letter: str = ""
) -> str:
    """Return a bar with its number, perhaps behind a letter, which leads to an address, if there is one."""
    height = max(0.8, _TALLEST * number / most)
    classes = f"pm-seg pm-{look.tone}{' pm-soft' if is_soft else ''}"
    attributes = f'class="{classes}" style="height:{height:.2f}rem" title="{escape(about)}"'
    text = escape(f"{letter} {number}".strip())
    if not address:
        return f"<span {attributes}>{text}</span>"
    return f'<a {attributes} href="{address}" aria-label="{escape(about)}">{text}</a>'


def times_chart(times: Sequence[TimeSummary], page: ListPage) -> str:
    """Return a line for each time, on one logarithmic scale: a dot for each incident, which leads to it; the median."""
    known = [time for time in times if time.values]
    seconds = [max(value, _LEAST_SECONDS) for time in known for _, value in time.values]
    if not seconds:
        return ""
    low, high = min(seconds), max(*seconds, min(seconds) * 2)

    def place(value: float) -> str:
        return f"{100 * log(max(value, _LEAST_SECONDS) / low) / log(high / low):.1f}%"

    severities = page.domain.settings.severities
    names = dict.fromkeys(incident.severity for time in known for incident, _ in time.values if incident.severity)
    marks = [
        legend(name, severity_look(name, severities)) for name in sorted(names, key=lambda n: _rank(n, severities))
    ]
    marks.append('<li><i class="pm-median"></i>' + escape(say("median")) + "</li>")
    lines = "".join(_line(time, place, page) for time in known)
    ticks = "".join(
        f'<span style="--x:{place(value)}">{escape(say(text))}</span>'
        for value, text in TICKS.items()
        if low <= value <= high
    )
    axis = f'<div></div><div class="pm-axis" aria-hidden="true">{ticks}</div>'
    return f'{legend_of(marks)}<div class="pm-dots">{lines}{axis}</div>'


def _rank(name: str, severities: Sequence[str]) -> int:
    return severities.index(name) if name in severities else len(severities)


def _line(time: TimeSummary, place: Callable[[float], str], page: ListPage) -> str:
    dots = ""
    for incident, seconds in time.values:
        look = severity_look(incident.severity, page.domain.settings.severities)
        about = ", ".join(filter(None, (incident.id, incident.severity, length(seconds))))
        dots += (
            f'<a class="pm-{look.tone}" style="--x:{place(seconds)}" href="{escape(page.address_of(incident))}" '
            f'title="{escape(about)}" aria-label="{escape(about)}"></a>'
        )
    count = say("{count} of {total}", count=time.count, total=time.total)
    middle = escape(say("{count}; a median needs {least}", count=count, least=LEAST))
    if time.median is not None:
        form = escape(say("median {{time}}, {count}", count=count))
        middle = form.replace("{time}", f"<b>{escape(length(time.median))}</b>")
    line = "" if time.median is None else f'<b style="--x:{place(time.median)}"></b>'
    return f'<div>{escape(say(time.term))}<small>{middle}</small></div><div class="pm-line">{line}{dots}</div>'
