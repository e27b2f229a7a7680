"""``actions.ics`` and the owners' calendars, read back by a library."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.exports.publication import Publication, printable
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Incident, Owner, PageRecords
from sphinx_postmortem.sphinx_ext.exports.calendars import action_calendars, owner_file_names

PUBLISHED = Publication("internal", "Reg", url="https://kb.example.com/")
DUE = date(2026, 3, 20)


def calendars(*actions: Action, publication: Publication = PUBLISHED, incidents: tuple[Incident, ...] = ()):
    knowledge = KnowledgeBase({"p": PageRecords(incidents, actions=actions)})
    return {name: Calendar.from_ical(data) for name, data in action_calendars(knowledge, publication, ["done"])}


def events(calendar: Calendar) -> list:
    return list(calendar.walk("VEVENT"))


def test_the_due_dates_of_open_actions_are_all_day_events(exported):
    calendar = Calendar.from_ical((exported() / "actions.ics").read_bytes())
    first = events(calendar)[0]
    assert [str(event["summary"]).partition(":")[0] for event in events(calendar)] == ["SEC-1/A1", "SEC-1/A3", "L1"]
    assert str(first["summary"]) == "SEC-1/A1: Compare, with tags; then tell"
    assert first["dtstart"].dt == DUE
    assert first["dtstart"].params["VALUE"] == "DATE"
    assert str(first["url"]) == "https://kb.example.com/reg/incidents/sec-1.html#pm-action-sec-1-a1"
    assert "Owners: Application security" in str(first["description"])
    assert str(first["transp"]) == "TRANSPARENT"


def test_each_owner_has_a_calendar(exported):
    folder = exported("leadership") / "calendars"
    assert sorted(path.name for path in folder.iterdir()) == [
        "incident-sec-1.ics",
        "owner-13bc9a.ics",
        "owner-appsec.ics",
        "owner-ops.ics",
    ]
    of_appsec = Calendar.from_ical((folder / "owner-appsec.ics").read_bytes())
    assert [str(event["summary"])[:8] for event in events(of_appsec)] == ["SEC-1/A1"]
    assert str(of_appsec["x-wr-calname"]) == "Registry: actions of Application security"


def test_each_incident_with_actions_has_a_calendar(exported):
    def of(edition: str) -> list[str]:
        calendar = Calendar.from_ical((exported(edition) / "calendars/incident-sec-1.ics").read_bytes())
        assert str(calendar["x-wr-calname"]) == "Registry: actions of SEC-1"
        return [str(event["summary"])[:8] for event in events(calendar)]

    assert of("internal") == ["SEC-1/A1", "SEC-1/A3"]
    assert of("leadership") == ["SEC-1/A1"]


def test_an_incident_without_actions_has_no_calendar():
    made = calendars(Action("I", "p", "A1", "x", due=DUE), incidents=(Incident("I", "p"), Incident("J", "p")))
    assert [name for name in made if "incident" in name] == ["calendars/incident-i.ics"]


def test_an_owner_who_is_done_keeps_a_calendar(exported):
    data = (exported() / "calendars/owner-ops.ics").read_bytes()
    calendar = Calendar.from_ical(data)
    assert events(calendar) == []
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]


def test_lines_are_those_of_the_standard(exported):
    data = (exported() / "actions.ics").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


def test_ids_outlast_a_change_of_text_and_order():
    before = calendars(Action("I", "p", "A1", "x", due=DUE), Action("I", "p", "A2", "y", due=DUE))["actions.ics"]
    after = calendars(Action("I", "p", "A2", "new", due=date(2027, 1, 1)), Action("I", "p", "A1", "x", due=DUE))
    assert {str(event["uid"]) for event in events(before)} == {
        str(event["uid"]) for event in events(after["actions.ics"])
    }


def test_actions_that_share_an_id_have_their_own():
    twice = calendars(Action("I", "p", "A1", "x", due=DUE), Action("I", "p", "A1", "y", due=DUE))["actions.ics"]
    assert len({str(event["uid"]) for event in events(twice)}) == 2


@pytest.mark.parametrize(
    ("today", "last_day", "stamp"),
    [
        (date(2026, 6, 1), date(2026, 3, 4), datetime(2026, 6, 1, tzinfo=UTC)),
        (None, date(2026, 3, 4), datetime(2026, 3, 4, tzinfo=UTC)),
        (None, None, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_stamp_comes_from_no_clock(today, last_day, stamp):
    publication = Publication("internal", today=today)
    incident = Incident("I", "p", last_day=last_day)
    made = calendars(Action("I", "p", "A1", "x", due=DUE), publication=publication, incidents=(incident,))
    assert events(made["actions.ics"])[0]["dtstamp"].dt == stamp


HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from('\r\n\\;,:"\x00\x07\u2028\ufeff é')), max_size=120)


@given(HOSTILE, HOSTILE)
def test_hostile_text_comes_back_and_adds_nothing(text, owner):
    made = calendars(Action("I", "p", "A1", text, (owner,) if owner else (), due=DUE))["actions.ics"]
    (event,) = events(made)
    assert str(event["summary"]) == printable(f"I/A1: {text}")
    assert set(event) == {"SUMMARY", "DTSTART", "DTSTAMP", "UID", "DESCRIPTION", "TRANSP", "URL"}


@given(st.lists(st.text(min_size=1, max_size=300), max_size=8, unique_by=str.casefold))
def test_file_names_are_safe_and_differ(names):
    files = owner_file_names([Owner(name) for name in names])
    assert len(set(files.values())) == len({name.casefold() for name in names})
    for file in files.values():
        assert file.isascii()
        assert len(file) <= 115
        assert set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        assert file.startswith("owner-")


def test_without_the_library_the_extra_is_named(exported, monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.setattr("sphinx_postmortem.sphinx_ext.exports.calendars.find_spec", lambda _name: None)
    with pytest.raises(ExtensionError, match=r'pip install "sphinx-postmortem\[ics\]"'):
        exported()
    assert (exported(postmortem_export_formats=["json"]) / "postmortems.json").exists()
