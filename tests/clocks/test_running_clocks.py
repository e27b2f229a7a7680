"""How clocks stand: bounds, starts that are not known, what was sent, today; and that later starts end no earlier."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_postmortem.core.clocks import working_days
from sphinx_postmortem.core.clocks.clock_rules import NOON, BadRuleError, our_rules, read_rules, rule_book
from sphinx_postmortem.core.clocks.clock_texts import notes_of
from sphinx_postmortem.core.clocks.deadlines import SiteClocks, deadline
from sphinx_postmortem.core.clocks.running_clocks import ClockKeeper, State
from sphinx_postmortem.core.clocks.working_days import MissingLibraryError, UnknownCalendarError, find_calendar
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.times import exact_moment
from sphinx_postmortem.core.settings import SettingError, read_settings
from tests.clocks.test_rules_by_hand import BERLIN, Row, allowed, clocks, due, rows

ZONES = st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
BEGIN = datetime(2026, 9, 20, tzinfo=UTC)
INSTANTS = st.integers(0, 6 * 366 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
STAGES = [(rule, stage) for rule in our_rules().rules for stage in rule.stages]


@given(of=st.sampled_from(STAGES), one=INSTANTS, after=st.timedeltas(timedelta(), timedelta(days=40)), zone=ZONES)
@example(STAGES[4], datetime(2027, 1, 30, 12, tzinfo=UTC), timedelta(hours=20), UTC)
@example(STAGES[4], datetime(2026, 9, 25, 0, 50, tzinfo=UTC), timedelta(minutes=15), BERLIN)
def test_a_later_start_never_gives_an_earlier_due_time(of, one, after, zone):
    rule, stage = of
    site = SiteClocks(zone)
    first, second = (deadline(rule, stage.period, start, site) for start in (one, one + after))
    assert first.strict <= second.strict
    # The noon of Monday is later than nine o'clock on Monday, whoever's Sunday it was: so the text says.
    assert first.allowed <= second.allowed or rule.closed == NOON
    assert one <= first.strict <= first.allowed


@given(
    aware=INSTANTS,
    wait=st.timedeltas(timedelta(), timedelta(days=3)),
    more=st.timedeltas(timedelta(), timedelta(days=3)),
)
def test_a_later_classification_never_gives_an_earlier_due_time(aware, wait, more):
    def end(major: datetime) -> datetime:
        timeline = [Row("Aware", exact_moment("", aware)), Row("Classified as major", exact_moment("", major))]
        found = clocks("dora-systemic", timeline)[0].due
        assert found is not None
        assert found.first == found.last
        return found.first

    assert aware + wait <= end(aware + wait) <= end(aware + wait + more)


@given(
    regime=st.sampled_from(["gdpr", "nis2", "sec", "cert-in"]),
    first=INSTANTS,
    wide=st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_the_due_time_of_any_start_within_bounds_is_within_the_bounds(regime, first, wide):
    name = "Materiality determined" if regime == "sec" else "Aware"
    first = first.replace(second=0, microsecond=0)
    last = (first + wide).replace(second=0, microsecond=0)
    text = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
    bounds = clocks(regime, [Row(name, parse_moment(text))])[0].due
    for start in (first, first + (last - first) / 2, last):
        exact = clocks(regime, [Row(name, exact_moment("", start))])[0].due
        assert bounds.first <= exact.first <= bounds.last


def test_a_day_gives_bounds():
    (clock,) = clocks("gdpr", rows(aware="2026-03-02"))
    assert due(clock) == "2026-03-05 00:00 to 2026-03-05 23:59"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("before 2026-03-02 10:00", "2026-03-05 10:00 or earlier"),
        ("after 2026-03-02 10:00", "2026-03-05 10:00 or later"),
    ],
)
def test_one_bound_gives_one_bound(start, end):
    (clock,) = clocks("gdpr", rows(aware=start), today=date(2026, 3, 4))
    assert (due(clock), clock.state) == (end, State.RUNNING)


def test_the_bounds_of_awareness_count_where_they_end_the_clock():
    # Classified at 12:00, which may be within 24 h of awareness or not: at the earliest 12:00, at the latest 16:00.
    (first, *_) = clocks("dora", rows(aware="2026-03-02 10:00 to 2026-03-02 14:00", major="2026-03-03 12:00"))
    assert due(first) == "2026-03-03 12:00 to 2026-03-03 16:00"


def test_an_unknown_start_cannot_be_computed():
    (clock,) = clocks("gdpr", rows(aware="unknown"))
    assert (clock.state, clock.due, str(clock.why)) == (State.UNKNOWN, None, 'the time of "Aware" is not known')
    (clock,) = clocks("gdpr", [])
    assert (clock.state, clock.due, str(clock.why)) == (State.UNKNOWN, None, '"Aware" is not in the timeline')


def test_without_awareness_the_dora_note_says_what_is_missing():
    (first, *_) = clocks("dora", rows(major="2026-03-03 12:00"))
    assert due(first) == "2026-03-03 16:00"
    assert "24 hours after awareness" in str(first.why)


def test_the_special_awareness_goes_before_the_general_one():
    timeline = [*rows(aware="2026-03-02 10:00"), Row("Aware: GDPR", parse_moment("2026-03-03 10:00"))]
    assert due(clocks("gdpr", timeline)[0]) == "2026-03-06 10:00"
    assert due(clocks("nis2", timeline)[0]) == "2026-03-03 10:00"


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ("2026-03-05 10:00", State.IN_TIME),
        ("2026-03-05 10:01", State.LATE),
        ("2026-03-05", State.SENT),
        ("unknown", State.SENT),
        ("2026-03-02 09:59", State.EARLY),
        ("before 2026-03-04 10:00", State.IN_TIME),
    ],
)
def test_what_was_sent_is_compared_with_the_due_time(sent, state):
    timeline = [*rows(aware="2026-03-02 10:00"), Row("Notified: GDPR", parse_moment(sent))]
    assert clocks("gdpr", timeline, today=date(2030, 1, 1))[0].state is state


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (None, State.RUNNING),
        ("2026-03-04", State.RUNNING),
        ("2026-03-05", State.TODAY),
        ("2026-03-06", State.RAN_OUT),
    ],
)
def test_today_says_how_a_clock_stands(today, state):
    day = date.fromisoformat(today) if today else None
    assert clocks("gdpr", rows(aware="2026-03-02 10:00"), today=day)[0].state is state


def test_bounds_may_have_run_out():
    start = rows(aware="2026-03-01 to 2026-03-09")
    found = [clocks("gdpr", start, today=date(2026, 3, day))[0].state for day in (3, 8, 13)]
    assert found == [State.RUNNING, State.PERHAPS_OUT, State.RAN_OUT]


def test_a_later_end_that_the_rule_allows_decides():
    timeline = [*rows(aware="2026-01-01 00:00"), Row("Notified: NIS2", parse_moment("2026-01-31 09:00"))]
    assert clocks("nis2", timeline, today=date(2026, 3, 1))[2].state is State.RUNNING
    assert clocks("nis2", timeline, today=date(2026, 3, 3))[2].state is State.RAN_OUT


def test_a_stage_after_another_waits_for_it():
    final = clocks("nis2", rows(aware="2026-03-02 10:00"), today=date(2030, 1, 1))[2]
    assert (final.state, final.due, final.start_name) == (State.WAITING, None, "notification sent")


@pytest.fixture
def no_library(monkeypatch):
    find_calendar.cache_clear()
    monkeypatch.setattr(working_days, "find_spec", lambda _: None)
    yield
    find_calendar.cache_clear()


def test_without_the_library_hours_run_and_working_days_say_what_is_missing(no_library):
    assert due(clocks("gdpr", rows(aware="2026-03-02 10:00"))[0]) == "2026-03-05 10:00"
    (clock,) = clocks("sec", rows(material="2026-03-02 10:00"))
    assert (clock.state, clock.due) == (State.UNKNOWN, None)
    assert "sphinx-postmortem[clocks]" in clock.why
    timeline = [*rows(aware="2026-03-02 08:00"), Row("Notified: NIS2", parse_moment("2026-01-31 10:00"))]
    final = clocks("nis2", timeline)[2]
    assert (due(final), allowed(final)) == ("2026-02-28 23:59", "2026-02-28 23:59")
    assert any("whether that is a working day cannot be told" in note for note in notes_of([final], UTC))


@pytest.mark.parametrize("name", ["XX", "DE-ZZ", "", "germany"])
def test_an_unknown_calendar_is_refused_with_a_cure(name):
    with pytest.raises(UnknownCalendarError, match="write a country"):
        find_calendar(name)


# --- a site's own rules

OWN = {
    "regime": "acme",
    "title": "Contract with Acme",
    "from": "2026-01-01",
    "until": "2027-01-01",
    "stages": [{"name": "call", "starts": "Alert validated", "hours": 2, "sent": "Acme called"}],
}


def test_a_site_adds_rules_and_replaces_ours():
    settings = read_settings({"clock_rules": [OWN, {**OWN, "regime": "gdpr"}], "today": "2026-03-02"})
    keeper = settings.clock_keeper
    assert "nis2" in keeper.book.regimes
    assert settings.milestone_names.find("Acme called by phone") == "Acme called"
    timeline = [Row("Alert validated", parse_moment("2026-03-02 01:00"))]
    assert [due(clock) for clock in keeper.clocks(timeline, ["acme", "gdpr"])] == ["2026-03-02 03:00"] * 2
    late = [Row("Alert validated", parse_moment("2027-01-01 01:00"))]
    assert [clock.state for clock in keeper.clocks(late, ["acme"])] == [State.NOT_IN_FORCE]


def test_a_rule_that_changes_is_stated_twice():
    new = {**OWN, "from": "2027-01-01", "until": "2030-01-01"}
    new["stages"] = [{**OWN["stages"][0], "hours": 1}]
    keeper = ClockKeeper(rule_book(read_rules([OWN, new])))
    ends = [
        due(keeper.clocks([Row("Alert validated", parse_moment(start))], ["acme"])[0])
        for start in ("2026-12-31 23:00", "2027-01-01 00:00")
    ]
    assert ends == ["2027-01-01 01:00", "2027-01-01 01:00"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"regime": "Acme & Co"}, "letters, digits and hyphens"),
        ({"titel": "x"}, 'did you mean "title"'),
        ({"status": "law"}, 'write "in force" or "proposed"'),
        ({"closed": "moves"}, 'write "extends", "noon" or "begins"'),
        *(({"stages": stages}, "at least one stage") for stages in ([], None, 5, "abc", {"name": "x"})),
        *(({"stages": [{"starts": starts, "hours": 2, "sent": "B"}]}, "list of texts") for starts in (5, [5], [""])),
        ({"stages": [{"starts": "A", "hours": 2, "sent": ["B"]}]}, '"sent" is .* write a text'),
        ({"stages": [{"starts": "A", "hours": 2, "sent": "B"}] * 2}, "two stages"),
        *(
            ({key: 5}, f'"{key}" is 5')
            for key in ("title", "note", "calendar", "zone", "read", "source", "closed", "ends")
        ),
        ({"until": "2025-01-01"}, "holds on no day"),
        ({"ends": "17:30+02:00"}, "write HH:MM"),
        ({"from": "1 May"}, "YYYY-MM-DD"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"ends": "half past five"}, "write HH:MM"),
        ({"stages": ["x"]}, "must be a table"),
        ({"stages": [{"starts": "A", "hours": 2}]}, '"sent"'),
        ({"stages": [{"starts": "A", "hours": 2, "days": 1, "sent": "B"}]}, "needs one period"),
        ({"stages": [{"starts": "A", "hours": -2, "sent": "B"}]}, "needs one period"),
        ({"stages": [{"starts": "A", "hours": 2, "sent": "B", "after": "C"}]}, 'either "starts"'),
        ({"stages": [{"after": "C", "hours": 2, "sent": "B"}]}, "none above it"),
        ({"stages": [{"starts": "A", "hours": 2, "sent": "B", "cap": {"days": 1, "starts": "C"}}]}, '"cap"'),
        (
            {"stages": [{"starts": "A", "hours": 2, "sent": "B", "cap": {"hours": 1}}]},
            '"cap" needs "starts" and "hours"',
        ),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_a_cure(change, message):
    with pytest.raises(BadRuleError, match=message):
        read_rules([{**OWN, **change}])
    with pytest.raises(SettingError, match="postmortem_clock_rules"):
        read_settings({"clock_rules": [{**OWN, **change}]})


def test_an_unknown_zone_is_refused():
    with pytest.raises(SettingError, match="postmortem_clock_zone"):
        read_settings({"clock_zone": "Mars/Olympus"})


def test_unknown_regimes_are_named_with_the_nearest():
    known, messages = our_rules().split("gdpr, NIS-2, zzz, gdpr")
    assert known == ("gdpr",)
    assert messages[0].endswith('did you mean "nis2"?')
    assert "known are gdpr" in messages[1]


def test_a_library_that_is_broken_is_told_as_one_that_is_missing(monkeypatch, tmp_path):
    (tmp_path / "holidays.py").write_text("raise ImportError('no module named _x')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "holidays", raising=False)
    find_calendar.cache_clear()
    with pytest.raises(MissingLibraryError, match="broken .no module named _x.; install it again"):
        find_calendar("US")
