"""Numbers over incidents: pure calculations, with the methods that the documentation states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sphinx_postmortem.core.lists.metrics import MetricsChoice, measure, percentile, total_of
from sphinx_postmortem.core.lists.query import Facts, Query
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, Numbers
from sphinx_postmortem.core.records.model import Action, Event, Incident, PageRecords
from sphinx_postmortem.core.records.prompts import TEMPLATE_ACTION
from sphinx_postmortem.core.records.time_reading import parse_moment

TODAY = date(2026, 6, 1)
ABOUT = parse_moment("~2026-01-01 00:20")


def page(number: int, day: date | None, severity: str = "SEV-1", minutes: int | None = None, actions: int = 0):
    incident = Incident(f"SEC-{number}", f"p{number}", first_day=day, last_day=day, severity=severity)
    events = ()
    if minutes is not None:
        times = ("2026-01-01 00:00", f"2026-01-01 {minutes // 60:02}:{minutes % 60:02}")
        names = ("Alert detected", "Containment executed")
        events = tuple(
            Event(incident.id, incident.docname, parse_moment(time), name, name)
            for time, name in zip(times, names, strict=True)
        )
    statuses = ("open", "done", "open")
    rows = tuple(
        Action(incident.id, incident.docname, f"A{n}", "Do", due=date(2026, 5, 1), status=statuses[n % 3])
        for n in range(actions)
    )
    return PageRecords((incident,), events, rows)


def metrics(*pages: PageRecords, by: str = "quarter", of: Query | None = None):
    knowledge = KnowledgeBase({f"p{number}": each for number, each in enumerate(pages)})
    durations = [("Time to contain", "Alert detected", "Containment executed")]
    choice = MetricsChoice(of or Query(), by)
    return measure(choice, Facts(knowledge, TODAY, DEFAULT_DONE_STATUSES, ("SEV-1", "SEV-2", "SEV-3")), durations)


def test_a_milestone_in_two_rows_that_disagree_counts_at_neither() -> None:
    known = page(1, TODAY, minutes=20)
    detected = known.events[0]
    again = replace(detected, moment=parse_moment("2026-01-01 00:06"))
    (time,) = metrics(replace(known, events=(*known.events, again))).times
    assert (time.count, time.inexact, time.left_out) == (0, 1, "Time to contain: 1 without exact end points")
    agreeing = replace(detected, moment=parse_moment("2026-01-01"))
    (time,) = metrics(replace(known, events=(agreeing, *known.events))).times
    assert [seconds for _, seconds in time.values] == [1200]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7], 0.9, 7),
        ([1, 2, 3, 4], 0.5, 2.5),
        ([4, 1, 3, 2], 0.9, 3.7),  # R: quantile(1:4, 0.9, type = 7)
        (list(range(1, 12)), 0.9, 10),
        ([5, 5], 1, 5),
        ([0, 10], 0, 0),
    ],
)
def test_percentile_interpolates_linearly(values, share, expected):
    assert percentile(values, share) == pytest.approx(expected)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1], 1.5)])
def test_percentile_of_nothing_or_beyond_the_whole_is_an_error(values, share):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("year", ["2025", "2026"]),
        ("quarter", ["2025 Q4", "2026 Q1", "2026 Q2"]),
        ("month", ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]),
    ],
)
def test_periods_run_from_the_first_incident_to_the_last_without_a_gap(by, labels):
    found = metrics(page(1, date(2025, 12, 31)), page(2, date(2026, 4, 1)), by=by)
    assert [period.label for period in found.periods] == labels
    assert [period.total for period in found.periods] == [1, *[0] * (len(labels) - 2), 1]


def test_a_slip_in_a_year_makes_no_thousand_rows():
    found = metrics(page(1, date(1, 1, 1)), page(2, date(2026, 4, 1)), by="month")
    assert [period.label for period in found.periods] == ["0001-01", "2026-04"]


def test_severities_stand_in_their_order_then_unknown_ones_then_none():
    pages = [page(n, TODAY, severity) for n, severity in enumerate(("SEV-3", "", "Huge", "sev-1", "SEV-3"))]
    found = metrics(*pages)
    assert found.severities == ("SEV-1", "SEV-3", "Huge", "No severity")
    assert found.periods[0].incidents == (1, 2, 1, 1)


def test_incidents_without_date_are_counted_last():
    assert [(p.label, p.total) for p in metrics(page(1, None), page(2, TODAY)).periods] == [
        ("2026 Q2", 1),
        ("No date", 1),
    ]


def test_actions_count_in_the_period_of_their_incident():
    found = metrics(page(1, date(2026, 1, 1), actions=3), page(2, TODAY, actions=1))
    assert [period.actions for period in found.periods] == [Numbers(2, 2, 1), Numbers(1, 1, 0)]
    assert total_of(found.periods).actions == Numbers(3, 3, 1)


def test_actions_without_incident_are_not_lost():
    loose = PageRecords(actions=(Action("", "p9", "A1", "Do", status="open"),))
    assert [(p.label, p.actions.open) for p in metrics(page(1, TODAY), loose).periods] == [
        ("2026 Q2", 0),
        ("No date", 1),
    ]
    assert len(metrics(page(1, TODAY), loose, of=Query((("severity", ("sev-1",)),))).periods) == 1


def test_the_action_of_the_template_is_not_counted():
    fresh = page(1, TODAY, actions=1)
    fresh = replace(fresh, actions=(*fresh.actions, replace(fresh.actions[0], local_id="A9", text=TEMPLATE_ACTION)))
    assert metrics(fresh).periods[0].actions == Numbers(1, 1, 0)


def test_two_incidents_with_one_id_on_a_page_share_their_actions_without_doubling():
    twice = page(1, TODAY, actions=2)
    twice = PageRecords((*twice.incidents, *twice.incidents), twice.events, twice.actions)
    assert metrics(twice).periods[0].actions == Numbers(1, 1, 1)


def test_of_fewer_than_five_values_there_is_no_median():
    (time,) = metrics(*(page(n, TODAY, minutes=n) for n in range(4)), page(9, TODAY)).times
    assert (time.count, time.missing, time.median, time.ninetieth, time.mean) == (4, 1, None, None, None)


def test_incidents_that_do_not_count_are_told_with_the_reason():
    estimate, late = page(6, TODAY, minutes=20), page(7, TODAY, minutes=20)
    estimate = replace(estimate, events=(estimate.events[0], replace(estimate.events[1], moment=ABOUT)))
    late = replace(late, events=(late.events[0], replace(late.events[1], moment=parse_moment("2025-12-31 10:00"))))
    (time,) = metrics(*(page(n, TODAY, minutes=n) for n in range(3)), estimate, late, page(9, TODAY)).times
    assert (time.count, time.total) == (3, 6)
    assert time.left_out == (
        "Time to contain: 1 without exact end points, 1 without a known end point, 1 with end points in the wrong order"
    )
    assert metrics(page(1, TODAY, minutes=5)).times[0].left_out == ""


def test_times_are_those_of_the_incidents_chosen_with_both_ends_named():
    pages = [page(n, TODAY, minutes=minutes) for n, minutes in enumerate((10, 20, 30, 40, 50))]
    (time,) = metrics(*pages, page(9, TODAY, "SEV-2", minutes=600), of=Query((("severity", ("sev-1",)),))).times
    assert (time.term, time.start, time.end) == ("Time to contain", "Alert detected", "Containment executed")
    assert (time.median, time.ninetieth, time.mean) == (1800, pytest.approx(2760), 1800)


def test_nothing_gives_no_periods():
    assert metrics().periods == ()
