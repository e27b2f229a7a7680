"""What is derived from times, against values that were worked out by hand from the bounds of each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sphinx_postmortem.core.lists.metrics import MetricsChoice, TimeSummary, measure
from sphinx_postmortem.core.lists.query import Facts, Query
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Event, Incident, PageRecords
from sphinx_postmortem.core.records.phases import DEFAULT_PHASES, derive_steps
from sphinx_postmortem.core.records.spans import span_between
from sphinx_postmortem.core.records.time_reading import parse_moment, read_time
from sphinx_postmortem.core.records.zones import read_zone


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        # a day ends with the begin of the next: from 03 00:00 to 05 10:00, and from 02 00:00
        ("2026-03-02 (day)", "2026-03-05 10:00", "2 d 10 h to 3 d 10 h"),
        # from 15:00 and from 14:00
        ("2026-03-02 14:20 (hour)", "2026-03-02 15:30", "30 min to 1 h 30 min"),
        # from March 1, 00:00, to March 2, 00:00; from February 1 to March 3
        ("2026-02 (month)", "2026-03-02 (day)", "1 to 30 d"),
        # the week is that of Monday, March 2, to Sunday, March 8
        ("2026-03-05 (week)", "2026-03-10 12:00", "1 d 12 h to 8 d 12 h"),
        ("2026-03-02 10:00 (± 10 min)", "2026-03-02 12:00", "about 2 h"),
        ("2026-03-02 10:00 to 10:10", "2026-03-02 10:30", "20 to 30 min"),
        ("after 2026-03-02 10:00", "2026-03-02 12:00", "at most 2 h"),
        ("before 2026-03-02 10:00", "2026-03-02 12:00", "at least 2 h"),
        ("2026-03-02 12:00 CET (11:00 UTC)", "2026-03-02 11:45", "45 min"),
        ("2026-03-02 19:20:39", "2026-03-02 19:46:10", "25 min 31 s"),
        # 25 October 2026 has 25 hours in Berlin
        ("2026-10-25 00:00 Europe/Berlin", "2026-10-26 00:00 Europe/Berlin", "1 d 1 h"),
        # the clock shows 02:30 at 00:30 and at 01:30 UTC; 05:30 is 04:30 UTC
        ("2026-10-25 02:30 Europe/Berlin", "2026-10-25 05:30 Europe/Berlin", "3 to 4 h"),
    ],
)
def test_a_duration_has_the_bounds_of_its_ends(first: str, last: str, shown: str) -> None:
    assert str(span_between(parse_moment(first), parse_moment(last))) == shown


def test_a_day_of_another_zone_is_subtracted_as_that_day() -> None:
    # The day in Tokyo is from 15:00 UTC of the day before to 15:00 UTC: 18:00 is 3 to 27 hours after it began.
    day = read_time("2026-03-02", zone=read_zone("Asia/Tokyo"), precision="day").moment
    assert str(span_between(day, parse_moment("2026-03-02 18:00"))) == "3 h to 1 d 3 h"


def test_no_gap_silently_spans_what_is_not_known() -> None:
    times = ["2026-03-02 10:00", "unknown", "2026-03-02 10:00 (day)", "TBC", "unknown", "2026-03-03 01:30"]
    steps = derive_steps([(parse_moment(time), "") for time in times], DEFAULT_PHASES)
    # To the day: it may have begun before, and ends 14 h later. From the day: at least 1 h 30 min, at most 25 h 30 min.
    assert [(step.gap, step.since) for step in steps] == [
        ("", ""),
        ("", ""),
        ("at most 14 h", "since 10:00"),
        ("", ""),
        ("", ""),
        ("1 h 30 min to 1 d 1 h 30 min", "since 2026-03-02"),
    ]


def _summary(*pairs: tuple[str, str]) -> TimeSummary:
    pages: dict[str, PageRecords] = {}
    for number, (detected, recovered) in enumerate(pairs):
        day = date(2026, 3, 2)
        incident = Incident(f"SEC-{number}", f"p{number}", first_day=day, last_day=day, severity="SEV-1")
        event = Event(incident.id, incident.docname, None, "")
        ends = (("Alert detected", detected), ("Recovery completed", recovered))
        events = tuple(replace(event, moment=parse_moment(time), milestone=name) for name, time in ends)
        pages[incident.docname] = PageRecords((incident,), events, ())
    duration = ("Time to recover", "Alert detected", "Recovery completed")
    facts = Facts(KnowledgeBase(pages), date(2026, 6, 1), ("done",), ("SEV-1",))
    return measure(MetricsChoice(Query()), facts, [duration]).times[0]


def test_metrics_count_exact_ends_and_say_what_they_leave_out() -> None:
    exact = [("2026-03-02 01:00", f"2026-03-02 0{hour}:00") for hour in (2, 3, 4, 5, 9)]
    found = _summary(
        *exact,  # 1, 2, 3, 4 and 8 hours
        ("2026-03-02 (day)", "2026-03-03 01:00"),
        ("2026-03-02 01:00", "2026-03-02 02:00 (approx.)"),
        ("unknown", "2026-03-02 02:00"),
        ("2026-03-02 03:00", "2026-03-02 02:00"),
    )
    assert (found.count, found.median, found.mean) == (5, 3 * 3600, 3.6 * 3600)
    assert (found.inexact, found.missing, found.disordered) == (2, 1, 1)
    assert "2 without exact end points" in found.left_out
