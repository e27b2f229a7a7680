"""Reporting clocks on a site: the table, the list, data and calendar; who sees them; bad input."""

from __future__ import annotations

import json

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

HEAD = ":::{incident-summary} SEC-1\n:date: 2026-03-02\n:status: in-review\n:tlp: CLEAR\n\nWhat happened.\n:::\n\n"
TIMES = """:::{timeline}
| Time (UTC) | Event | Audience |
|--|--|--|
| 2026-03-02 01:14 | Aware of the breach | |
| 2026-03-02 09:00 | Notified: NIS2 early warning | |
| 2026-03-04 08:00 | Notified: GDPR by zqcanary | internal |

:::
"""
LIST = "\n:::{clock-list}\n:regime: nis2\n:none: No clock here.\n:::\n"


def page(options: str = "", times: str = TIMES) -> str:
    return f"# SEC-1\n\n{HEAD}:::{{reporting-clocks}}\n:regimes: gdpr, nis2\n{options}:::\n\n{times}{LIST}"


SETTINGS = {"postmortem_today": "2026-03-10", "postmortem_clock_zone": "Europe/Berlin"}


def test_the_first_edition_shows_them(site):
    built = site({"index.md": page()}).build("internal", "text", **SETTINGS)
    text = " ".join(built.read("index.txt").split())
    assert built.warnings == ""
    for said in (
        *("GDPR Art. 33", "2026-03-05 01:14", "2026-03-05 02:14", "sent in time", "ran out", "not started"),
        *("No legal advice. The rules are those known on", "(Berlin)", "Early warning"),
    ):
        assert said in text.replace(" | | | ", " ")
    assert "No clock here." not in text


def test_other_editions_do_not_without_a_word_of_the_author(site):
    made = site({"index.md": page()})
    built = made.build("leadership", "html", **SETTINGS)
    data = json.loads(made.build("leadership", "postmortem-export", **SETTINGS).read("postmortems.json"))
    assert "pm-clocks" not in built.read("index.html")
    assert "No clock here." in built.read("index.html")
    assert data["incidents"][0]["clocks"] == []
    assert (
        b"BEGIN:VEVENT"
        not in (made.build("leadership", "postmortem-export", **SETTINGS).outdir / "reporting-clocks.ics").read_bytes()
    )


def test_an_edition_that_is_named_derives_them_from_what_it_sees(site):
    """Noninterference: the row that it does not see might as well not be there."""
    without = TIMES.replace("| 2026-03-04 08:00 | Notified: GDPR by zqcanary | internal |\n", "")
    found, made = [], site({})
    for times in (TIMES, without):
        made.write({"index.md": page(":audience: leadership\n", times)})
        built = made.build("leadership", "postmortem-export", **SETTINGS)
        found.append({path.name: path.read_bytes() for path in built.outdir.iterdir() if path.is_file()})
    assert found[0] == found[1]
    first = json.loads(found[0]["postmortems.json"])["incidents"][0]["clocks"][0]
    assert (first["regime"], first["state"], first["sent_written"]) == ("gdpr", "ran out", "")
    assert (first["due_earliest"], first["due_latest"]) == ("2026-03-05T01:14:00Z", "2026-03-05T01:14:00Z")


def test_what_is_due_stands_in_a_calendar(site):
    icalendar = pytest.importorskip("icalendar")
    conf = 'html_baseurl = "https://kb.example.com/"\n'
    made = site({"index.md": page()}, conf)
    built = made.build("internal", "postmortem-export", **SETTINGS)
    calendar = icalendar.Calendar.from_ical((built.outdir / "reporting-clocks.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "SEC-1: NIS2 Art. 23, notification due"
    assert event.decoded("dtstart").isoformat() == "2026-03-05T01:14:00+00:00"
    assert "No legal advice." in event["description"]
    again = made.build("internal", "postmortem-export", **SETTINGS)
    assert (again.outdir / "reporting-clocks.ics").read_bytes() == (built.outdir / "reporting-clocks.ics").read_bytes()


def test_bad_input_is_named_and_loses_nothing(site):
    text = page().replace("gdpr, nis2", "gpdr, nis2").replace("2026-03-02 01:14 | Aware", "2016-03-02 01:14 | Aware")
    made = site({"index.md": text})
    built = made.build("internal", "text", warnings=True, postmortem_clock_calendar="Atlantis", **SETTINGS)
    assert 'index.md:11: WARNING: the regime "gpdr" is not known; did you mean "gdpr"? [postmortem.clock-regime]' in (
        built.warnings
    )
    assert '"Atlantis" is no calendar' in built.warnings
    assert "holds for starts from 2024-10-18" in " ".join(built.read("index.txt").split())
    made.write({"index.md": page().replace(":regimes: gdpr, nis2\n", "")})
    assert "say which regimes count" in made.build("internal", "text", warnings=True, **SETTINGS).warnings


def test_restructuredtext_has_them_too(site):
    text = """SEC-1
=====

.. reporting-clocks::
   :regimes: gdpr

.. incident-summary:: SEC-1
   :date: 2026-03-02

   What happened.

.. timeline::

   | Time (UTC) | Event |
   |--|--|
   | 2026-03-02 01:14 | Became aware |
"""
    built = site({"index.rst": text}).build("internal", "text", **SETTINGS)
    assert "2026-03-05 01:14" in built.read("index.txt")


def codes(text: str, **values: object) -> set[str]:
    return {each.code for each in run_page(check_page("page.md", text, read_settings(values))) if "clock" in each.code}


def test_checks_speak_of_starts_that_disagree_and_of_late_notifications():
    twice = TIMES.replace("| 2026-03-02 09:00", "| 2026-03-02 05:00 | Aware: by a letter | |\n| 2026-03-02 09:00")
    assert codes(page(times=TIMES.replace("01:14 | Aware", "01:14 | Aware:"))) == set()
    assert "clock-contradiction" in codes(page(times=twice))
    assert codes(page(times=TIMES.replace("2026-03-04", "2026-03-09"))) == {"clock-ran-out"}


@pytest.mark.parametrize(
    ("options", "times", "shown_as_not_sent"),
    [
        (":audience: leadership\n", TIMES, ['"leadership"']),
        (":audience: public\n", TIMES, ['"leadership" and "public"']),
        ("", TIMES, []),
        (":audience: leadership\n", TIMES.replace("internal", ""), []),
        (":audience: leadership\n", TIMES.replace("{timeline}", "{timeline}\n:audience: internal"), []),
        (":audience: leadership\n", TIMES.replace("Aware", "Quiet"), []),
    ],
)
def test_a_clock_that_an_edition_shows_as_not_sent_is_told(options, times, shown_as_not_sent):
    """The edition may not know of the hidden row; the author learns what it says without it."""
    found = [
        each
        for each in run_page(check_page("page.md", page(options, times), read_settings({})))
        if "hidden" in each.code
    ]
    assert [name for name in shown_as_not_sent if f"the edition {name} shows GDPR" not in found[0].message] == []
    assert len(found) == len(shown_as_not_sent)
    assert all("Notified: GDPR" in page(options, times).splitlines()[each.line - 1] for each in found)


def test_an_edition_that_hides_the_page_shows_no_clock():
    text = page(":audience: public\n").replace(":tlp: CLEAR", ":tlp: RED")
    assert "clock-hidden" not in codes(text)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ("Personal data of customers were copied.", True),
        ("PII was reached.", True),
        ("No personal data was reached.", False),
        ("It held no secrets. Personal data were copied.", True),
        ("Servers were down.", False),
    ],
)
def test_personal_data_need_a_start(said, is_found):
    text = page(times=TIMES.replace("Aware of the breach", "Alert detected")).replace("What happened.", said)
    assert ("clock-start" in codes(text)) is is_found


def test_general_names_are_milestones_for_clocks_alone(site):
    """A site without clocks is as it was: "Aware of the risk" is an event, in its table and in its data."""
    times = TIMES.replace("Aware of the breach", "Aware of the breach; the alert was validated")
    plain = f"# SEC-1\n\n{HEAD}{times}"
    made = site({"index.md": plain})
    milestones = []
    for text in (plain, page(times=times)):
        made.write({"index.md": text})
        data = json.loads(made.build("internal", "postmortem-export", **SETTINGS).read("postmortems.json"))
        milestones.append([event["milestone"] for event in data["incidents"][0]["events"]])
    assert milestones == [["Alert validated", "Notified: NIS2 early warning", "Notified: GDPR"]] * 2
    assert data["incidents"][0]["clocks"][0]["start_written"] == "2026-03-02 01:14"
    assert "<strong>Aware</strong>" not in made.build("internal", **SETTINGS).read("index.html")
