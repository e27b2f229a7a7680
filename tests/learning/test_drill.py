"""Exercises: what participants are told and asked, and that nothing hidden is in them."""

from __future__ import annotations

from typing import Any

import pytest

from sphinx_postmortem.core.language import texts
from sphinx_postmortem.core.sheets.drill_sheets import drill_sheets
from sphinx_postmortem.core.sheets.sheet import SheetBox
from sphinx_postmortem.core.sheets.tabletop import DrillError, make_drill
from tests.command import run
from tests.learning.published_records import START_OF_PAGE, event, text_of_pdf


def steps(*events: dict[str, Any]) -> list[tuple[str, str, bool, bool]]:
    drill = make_drill({"id": "A", "events": events}, "public")
    return [(each.offset, each.text, each.before, bool(each.question)) for each in drill.steps]


def test_injects_begin_with_the_detection_and_what_responders_did_is_asked_for():
    assert steps(
        event("2026-01-02 01:05", "They came in"),
        event("2026-01-02 01:10", "Alert detected", milestone="Alert detected"),
        event("2026-01-02 01:14", "Alert validated", milestone="Alert validated"),
        event("2026-01-02 01:30 to 01:45", "A second host calls out"),
        event("unknown", "Customers told", milestone="Customers told"),
    ) == [
        ("T\N{MINUS SIGN}5 min", "They came in", True, False),
        ("T+0 min", "Alert detected", False, False),
        ("T+4 min", "Alert validated", False, True),
        ("T+20 min to T+35 min", "A second host calls out", False, False),
        ("time not known", "Customers told", False, True),  # a milestone of the site's own
    ]


@pytest.mark.parametrize(
    ("text", "milestone"),
    [("Notified: GDPR", "Notified: GDPR"), ("The authority was told", "Notified: NIS2"), ("NOTIFIED: our insurer", "")],
)
def test_a_notification_is_asked_for_and_not_told(text, milestone):
    events = [event("2026-01-02 01:10", "Alert detected"), event("2026-01-02 03:00", text, milestone=milestone)]
    participants, facilitator = drill_sheets(make_drill({"id": "A", "events": events}, "public"))
    last = [block for block in participants.blocks if isinstance(block, SheetBox)][-1]
    assert (last.is_decision, last.asks) == (True, ("Whom do you have to notify, by when, and who writes it?",))
    assert text not in str(participants)
    assert text in str(facilitator)


def test_without_a_detection_the_first_row_is_the_start():
    found = steps(event("2026-01-02 01:01", "One"), event("2026-01-02 01:04", "Two"))
    assert [each[0] for each in found] == ["T+0 min", "T+3 min"]


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("~2026-01-02 01:30", "about T+20 min"),
        ("before 2026-01-02 01:30", "before T+20 min"),
        ("after 2026-01-02 01:30", "after T+20 min"),
        ("2026-01-02", "T\N{MINUS SIGN}1 h 10 min to T+22 h 49 min"),
    ],
)
def test_an_offset_is_as_exact_as_its_time(written, offset):
    assert steps(event("2026-01-02 01:10", "Alert detected"), event(written, "Two"))[1][0] == offset


def test_a_day_is_no_start_to_count_from():
    found = steps(event("2026-01-02", "Alert detected"), event("2026-01-02 01:10", "Two"))
    assert [each[0] for each in found] == ["time not known"] * 2


def test_the_sheets_are_said_in_the_language_of_the_build():
    class German(texts.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Tabletop exercise": "Planübung", "{time} · Your decision": "{time} · Entscheiden Sie"}.get(
                message, message
            )

    events = [event("2026-01-02 01:10", "Alert detected"), event("2026-01-02 01:12", "Told", milestone="Told")]
    texts.use(German())
    participants, _ = drill_sheets(make_drill({"id": "A", "events": events}, "public"))
    boxes = [block.title for block in participants.blocks if isinstance(block, SheetBox)]
    assert (participants.title, boxes) == ("Planübung", ["T+0 min", "T+2 min · Entscheiden Sie"])


@pytest.mark.parametrize(
    "events",
    [
        (),
        (event("2026-01-02 01:01", "Alert detected", milestone="Alert detected"),),
        (
            event("2026-01-02 01:01", "Before"),
            event("2026-01-02 01:02", "Alert detected", milestone="Alert detected"),
        ),
        (event("2026-01-02 01:01", "Alert detected", milestone="Alert detected"), event("2026-01-02 01:02", " ")),
    ],
    ids=["none", "one", "before", "empty"],
)
def test_too_little_of_a_timeline_is_refused(events):
    with pytest.raises(DrillError, match="fewer than two events"):
        make_drill({"id": "A", "events": events}, "public")


CONF = 'postmortem_pseudonyms = {"Kim Example": "the responder on call"}\n'
PAGE = (
    START_OF_PAGE
    + """| 2026-01-02 01:00 | They came in by CANARY | CANARY | internal |
| 2026-01-02 01:10 | Alert detected: Kim Example saw a page | CANARY | |
| 2026-01-02 01:14 | Containment executed: the key was revoked | CANARY | |
| 2026-01-02 01:20 | Hosts <script>alert(1)</script> call out | CANARY | |

:::

:::{contributing-factors}
- **Process**: nobody asked.
:::

::::{internal-only}
## Key takeaways

- CANARY
::::
"""
)
FILES = {
    "index.md": "# T\n\n```{toctree}\nincidents/one\nhidden\n```\n",
    "incidents/one.md": PAGE,
    "hidden.md": "---\naudience: internal\n---\n" + PAGE.replace("SEC-1", "SEC-2"),
}


@pytest.mark.usefixtures("warm_start")
def test_the_sheets_of_a_filtered_edition_hold_nothing_hidden(site, tmp_path):
    source, out = site(FILES, CONF).source, tmp_path / "out"
    done = run("drill", source, "SEC-1", "--edition", "public", "--format", "html,pdf", "--out", out)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == [
        f"drill-sec-1-{sheet}.{form}" for sheet in ("facilitator", "participants") for form in ("html", "pdf")
    ]
    printed = text_of_pdf(out / "drill-sec-1-participants.pdf")
    assert "Your decision" in printed
    assert all(hidden not in printed for hidden in ("CANARY", "Kim Example", "SEC-1", "revoked"))
    participants = (out / "drill-sec-1-participants.html").read_text()
    facilitator = (out / "drill-sec-1-facilitator.html").read_text()
    for text in (participants, facilitator):
        assert "CANARY" not in text
        assert "Kim Example" not in text
        assert "<script>" not in text
        assert "the responder on call saw a page" in text
    assert "T+4 min · Your decision" in participants
    assert all(told not in participants for told in ("SEC-1", "title names the cause", "revoked", "nobody asked"))
    assert all(told in facilitator for told in ("SEC-1: The title names the cause", "revoked", "nobody asked"))
    again = run("drill", source / "incidents/one.md", "--edition", "public", "--out", tmp_path / "again")
    assert again.exit_code == 0
    assert (tmp_path / "again/drill-sec-1-participants.html").read_text() == participants


@pytest.mark.usefixtures("warm_start")
def test_what_cannot_be_known_is_refused_and_nothing_is_written(site, tmp_path):
    source, out = site(FILES, CONF), tmp_path / "out"
    hidden = run("drill", source.source, "SEC-2", "--edition", "public", "--out", out)
    assert (hidden.exit_code, 'no incident "SEC-2"' in hidden.output) == (1, True)
    assert run("drill", source.source, "SEC-1", "--edition", "nonsuch", "--out", out).exit_code == 2
    assert run("drill", source.source, "--edition", "public", "--out", out).exit_code == 2
    one = source.source / "incidents/one.md"
    assert run("drill", one, "SEC-1", "--edition", "public", "--out", out).exit_code == 2
    assert run("drill", one, "--edition", "public", "--format", "docx", "--out", out).exit_code == 2
    source.write({"incidents/one.md": PAGE.replace("{internal-only}", "{internal-olny}")})
    broken = run("drill", source.source, "SEC-1", "--edition", "public", "--out", out)
    assert broken.exit_code == 1
    assert "could not be made" in broken.output
    assert not out.exists()
