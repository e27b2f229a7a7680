"""Each rule with dates that were worked out by hand, from the texts that the rules name as their sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sphinx_postmortem.core.clocks.clock_rules import our_rules
from sphinx_postmortem.core.clocks.clock_texts import bounds_text, notes_of
from sphinx_postmortem.core.clocks.deadlines import SiteClocks, add_months
from sphinx_postmortem.core.clocks.running_clocks import Clock, ClockKeeper, State
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.times import Moment

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Row:
    clock_milestone: str
    moment: Moment | None


def rows(**times: str) -> list[Row]:
    """Rows by milestone; the names are written as Python allows."""
    names = {
        "aware": "Aware",
        "major": "Classified as major",
        "material": "Materiality determined",
        "fix": "Fix available",
        "ransom": "Ransom paid",
    }
    return [Row(names.get(name, name), parse_moment(text)) for name, text in times.items()]


def clocks(regime: str, timeline: list[Row], zone=UTC, calendar="ECB", today: date | None = None) -> list[Clock]:
    return list(ClockKeeper(our_rules(), SiteClocks(zone, calendar), today).clocks(timeline, [regime]))


def due(clock: Clock, zone=UTC) -> str:
    return bounds_text(clock.due, zone)


def allowed(clock: Clock, zone=UTC) -> str:
    return bounds_text(clock.allowed, zone)


@pytest.mark.parametrize(
    ("regime", "start", "ends"),
    [
        ("gdpr", "2026-03-02 01:14", ["2026-03-05 01:14"]),
        ("gdpr", "2026-01-30 12:00", ["2026-02-02 12:00"]),  # over the end of a month
        ("gdpr", "2028-02-27 12:00", ["2028-03-01 12:00"]),  # over a leap day
        ("gdpr", "2027-02-27 12:00", ["2027-03-02 12:00"]),  # and over none
        ("gdpr", "2026-12-30 23:59", ["2027-01-02 23:59"]),  # over a year, a holiday and a Saturday: hours run on
        ("gdpr-omnibus", "2026-03-02 01:14", ["2026-03-06 01:14"]),
        ("nis2", "2026-03-02 01:14", ["2026-03-03 01:14", "2026-03-05 01:14", ""]),
        ("nis2-trust", "2026-03-02 01:14", ["2026-03-03 01:14", "2026-03-03 01:14", ""]),
        ("cra", "2026-10-01 08:00", ["2026-10-02 08:00", "2026-10-04 08:00", ""]),
        ("cra-vulnerability", "2026-10-01 08:00", ["2026-10-02 08:00", "2026-10-04 08:00", ""]),
        ("cert-in", "2026-03-02 21:14", ["2026-03-03 03:14"]),
        ("circia", "2026-03-02 01:14", ["2026-03-05 01:14", ""]),
        ("uk-csr", "2026-03-02 01:14", ["2026-03-03 01:14", "2026-03-05 01:14"]),
    ],
)
def test_hours_run_from_awareness(regime, start, ends):
    assert [due(clock) for clock in clocks(regime, rows(aware=start))] == ends


def test_hours_are_the_same_over_a_change_of_the_clock():
    # In Berlin the clock is set forward on 2026-03-29 at 02:00: three days have 71 hours there, and 72 h end at 11:00.
    (clock,) = clocks("gdpr", rows(aware="2026-03-27T10:00:00+01:00"), BERLIN)
    assert (due(clock), due(clock, BERLIN)) == ("2026-03-30 09:00", "2026-03-30 11:00")
    # And set back on 2026-10-25 at 03:00.
    (clock,) = clocks("gdpr", rows(aware="2026-10-23T10:00:00+02:00"), BERLIN)
    assert (due(clock), due(clock, BERLIN)) == ("2026-10-26 08:00", "2026-10-26 09:00")


@pytest.mark.parametrize(
    ("sent", "strict", "later"),
    [
        ("2026-03-10 09:00", "2026-04-10 23:59", "2026-04-10 23:59"),  # a Friday
        ("2026-01-31 09:00", "2026-02-28 23:59", "2026-03-02 23:59"),  # there is no 31 February; the 28th is a Saturday
        ("2028-01-31 09:00", "2028-02-29 23:59", "2028-02-29 23:59"),  # a leap day, a Tuesday
        ("2026-03-03 09:00", "2026-04-03 23:59", "2026-04-07 23:59"),  # Good Friday; Easter Monday is closed too
        ("2026-11-25 09:00", "2026-12-25 23:59", "2026-12-28 23:59"),  # Christmas, a Friday; 26 is a Saturday
        ("2026-12-15 09:00", "2027-01-15 23:59", "2027-01-15 23:59"),  # over the year
    ],
)
def test_nis2_final_report_ends_a_month_after_the_notification(sent, strict, later):
    """Regulation 1182/71, Article 3(2)(c) and (4): to the end of the day, and of the next working day."""
    timeline = [*rows(aware="2026-01-01 00:00"), Row("Notified: NIS2", parse_moment(sent))]
    final = clocks("nis2", timeline)[2]
    assert (final.start_name, due(final), allowed(final)) == ("notification sent", strict, later)


def test_the_days_of_a_period_are_those_of_the_sites_zone():
    # 23:30 UTC on 30 January is 31 January in Berlin; its end there is 22:59 UTC.
    timeline = [*rows(aware="2026-01-01 00:00"), Row("Notified: NIS2", parse_moment("2026-01-30 23:30"))]
    final = clocks("nis2", timeline, BERLIN)[2]
    assert (due(final), due(final, BERLIN)) == ("2026-02-28 22:59", "2026-02-28 23:59")


def test_the_calendar_of_the_site_counts():
    # 3 October is a holiday in Germany, and a day of business of TARGET; 2025-10-03 is a Friday.
    timeline = [*rows(aware="2025-09-01 00:00"), Row("Notified: NIS2", parse_moment("2025-09-03 10:00"))]
    assert allowed(clocks("nis2", timeline)[2]) == "2025-10-03 23:59"
    assert allowed(clocks("nis2", timeline, calendar="DE")[2]) == "2025-10-06 23:59"


def test_cra_final_report_ends_fourteen_days_after_the_fix():
    timeline = rows(aware="2026-10-01 08:00", fix="2026-10-09 10:00")
    final = clocks("cra-vulnerability", timeline)[2]
    assert (due(final), allowed(final)) == ("2026-10-23 23:59", "2026-10-23 23:59")  # a Friday
    timeline = rows(aware="2026-10-01 08:00", fix="2026-10-10 10:00")
    final = clocks("cra-vulnerability", timeline)[2]
    assert (due(final), allowed(final)) == ("2026-10-24 23:59", "2026-10-26 23:59")  # a Saturday


@pytest.mark.parametrize(
    ("aware", "major", "end"),
    [
        ("2026-03-02 08:00", "2026-03-02 10:00", "2026-03-02 14:00"),  # 4 h after classification
        ("2026-03-02 08:00", "2026-03-03 06:00", "2026-03-03 08:00"),  # 24 h after awareness come first
        ("2026-03-02 08:00", "2026-03-03 08:00", "2026-03-03 08:00"),  # classified in the last minute
        ("2026-03-02 08:00", "2026-03-03 09:00", "2026-03-03 13:00"),  # classified later: 4 h after classification
    ],
)
def test_dora_initial_notification(aware, major, end):
    assert due(clocks("dora", rows(aware=aware, major=major))[0]) == end


def test_dora_chain():
    timeline = [
        *rows(aware="2026-03-02 08:00", major="2026-03-02 10:00"),
        Row("Notified: DORA", parse_moment("2026-03-02 11:30")),
        Row("Notified: DORA intermediate report", parse_moment("2026-03-05 09:00")),
        Row("Notified: DORA intermediate report", parse_moment("2026-03-12 16:00")),  # an updated one
    ]
    first, second, last = clocks("dora", timeline)
    assert (due(first), first.state) == ("2026-03-02 14:00", State.IN_TIME)
    assert (due(second), second.state) == ("2026-03-05 11:30", State.IN_TIME)
    assert (due(last), last.state) == ("2026-04-12 23:59", State.RUNNING)  # from the latest; a Sunday


@pytest.mark.parametrize(
    ("regime", "sent", "strict", "later"),
    [
        ("dora", "2026-03-04 10:00", "2026-03-07 10:00", "2026-03-09 12:00"),  # a Saturday: Monday noon
        ("dora", "2026-03-31 10:00", "2026-04-03 10:00", "2026-04-07 12:00"),  # Good Friday: Tuesday noon
        ("dora", "2026-03-02 10:00", "2026-03-05 10:00", "2026-03-05 10:00"),  # a Thursday
        ("dora-systemic", "2026-03-04 10:00", "2026-03-07 10:00", "2026-03-07 10:00"),
    ],
)
def test_dora_noon_rule(regime, sent, strict, later):
    timeline = [*rows(aware="2026-03-02 08:00", major="2026-03-02 10:00"), Row("Notified: DORA", parse_moment(sent))]
    second = clocks(regime, timeline)[1]
    assert (due(second), allowed(second)) == (strict, later)
    told = [note for note in notes_of([second], UTC) if f"the noon of the next working day, {later}" in note]
    assert len(told) == (strict != later)


def test_dora_noon_is_that_of_the_sites_zone():
    timeline = [
        *rows(aware="2026-03-02 08:00", major="2026-03-02 10:00"),
        Row("Notified: DORA", parse_moment("2026-03-04 10:00")),
    ]
    assert allowed(clocks("dora", timeline, BERLIN)[1]) == "2026-03-09 11:00"


@pytest.mark.parametrize(
    ("determined", "day"),
    [
        ("2026-03-02 15:00", "2026-03-06"),  # Monday: Tuesday is the first of the four days
        ("2026-11-28 15:00", "2026-12-03"),  # Saturday: Monday is the first
        ("2026-11-26 15:00", "2026-12-02"),  # Thanksgiving: Friday is the first
        ("2026-12-24 15:00", "2026-12-31"),  # Christmas does not count
        ("2026-07-02 15:00", "2026-07-09"),  # Independence Day is observed on Friday, 3 July
        ("2026-03-07 03:00", "2026-03-12"),  # still Friday in New York
    ],
)
def test_sec_four_business_days(determined, day):
    """Form 8-K, General Instruction B.1: a day on which the SEC is closed does not begin the period."""
    (clock,) = clocks("sec", rows(material=determined))
    assert due(clock, ZoneInfo("America/New_York")) == f"{day} 17:30"


def test_sec_ends_at_half_past_five_in_new_york_summer_and_winter():
    assert due(clocks("sec", rows(material="2026-03-02 15:00"))[0]) == "2026-03-06 22:30"
    assert due(clocks("sec", rows(material="2026-06-01 15:00"))[0]) == "2026-06-05 21:30"


@pytest.mark.parametrize(
    ("regime", "before", "after"),
    [
        ("gdpr", "2018-05-24 12:00", "2018-05-25 12:00"),
        ("nis2", "2024-10-17 12:00", "2024-10-18 12:00"),
        ("cra", "2026-09-10 12:00", "2026-09-11 12:00"),
        ("cert-in", "2022-06-26 12:00", "2022-06-27 12:00"),
    ],
)
def test_a_rule_holds_from_its_first_day(regime, before, after):
    early, late = (clocks(regime, rows(aware=start))[0] for start in (before, after))
    assert (early.state, early.due) == (State.NOT_IN_FORCE, None)
    assert str(early.why).endswith(str(datetime.fromisoformat(after).date()))
    assert late.state is State.RUNNING


def test_dora_and_sec_hold_from_their_first_day():
    assert clocks("dora", rows(major="2025-03-11 12:00"))[0].state is State.NOT_IN_FORCE
    assert clocks("dora", rows(major="2025-03-12 12:00"))[0].state is State.RUNNING
    assert clocks("sec", rows(material="2023-12-15 15:00"))[0].state is State.NOT_IN_FORCE
    assert clocks("sec", rows(material="2023-12-18 15:00"))[0].state is State.RUNNING


def test_every_rule_of_ours_has_a_source_and_a_case_here():
    text = Path(__file__).read_text("utf-8")
    for rule in our_rules().rules:
        assert rule.source.startswith("https://")
        assert f'"{rule.regime}"' in text


def test_months_end_with_the_month():
    assert [add_months(date(2027, 12, 31), months) for months in (1, 2, 4)] == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 4, 30),
    ]


@pytest.mark.parametrize(
    ("regime", "first"),
    [
        ("gdpr", date(2018, 5, 25)),  # Article 99(2)
        ("nis2", date(2024, 10, 18)),  # Article 41(1)
        ("dora", date(2025, 3, 12)),  # the twentieth day after 20 February 2025
        ("sec", date(2023, 12, 18)),
        ("cra", date(2026, 9, 11)),
        ("cert-in", date(2022, 6, 27)),  # 60 days after 28 April 2022
    ],
)
def test_the_first_day_of_each_rule_in_force_is_that_of_its_text(regime: str, first: date) -> None:
    [rule] = our_rules().of(regime)
    assert rule.first_day == first


def test_each_rule_names_its_text_and_the_pages_that_were_read() -> None:
    for rule in our_rules().rules:
        assert rule.source.startswith("https://"), rule.regime
        assert rule.read, rule.regime
        assert all(page.startswith("https://") for page in rule.read), rule.regime


def test_what_was_not_verified_is_said_below_the_table() -> None:
    notes = list(notes_of(clocks("cert-in", rows(aware="2026-03-02 01:14")), UTC))
    assert any(note.startswith("CERT-In directions of 28 April 2022, not verified: ") for note in notes)
