"""Exercises: what participants are told and asked, and that nothing hidden is in them."""

from __future__ import annotations

from typing import Any

import pytest

from sphinx_postmortem.core.exports.tabletop import DrillError, make_drill
from tests.command import run


def event(minute: int | None, text: str, milestone: str = "", **more: Any) -> dict[str, Any]:
    time = None if minute is None else f"2026-01-02T01:{minute:02d}:00Z"
    return {"time": time, "earliest": time, "latest": time, "event": text, "notes": "", "milestone": milestone, **more}


def steps(*events: dict[str, Any]) -> list[tuple[str, str, bool, bool]]:
    drill = make_drill({"id": "A", "events": events}, "public")
    return [(each.offset, each.text, each.before, bool(each.question)) for each in drill.steps]


def test_injects_begin_with_the_detection_and_what_responders_did_is_asked_for():
    between = {"earliest": "2026-01-02T01:30:00Z", "latest": "2026-01-02T01:45:00Z"}
    assert steps(
        event(5, "They came in"),
        event(10, "Alert detected", "Alert detected"),
        event(14, "Alert validated", "Alert validated"),
        event(None, "A second host calls out", **between),
        event(None, "Customers told", "Customers told"),
    ) == [
        ("T\N{MINUS SIGN}5 min", "They came in", True, False),
        ("T+0 min", "Alert detected", False, False),
        ("T+4 min", "Alert validated", False, True),
        ("T+20 min to T+35 min", "A second host calls out", False, False),
        ("time not known", "Customers told", False, True),  # a milestone of the site's own
    ]


def test_without_a_detection_the_first_row_is_the_start():
    assert [each[0] for each in steps(event(1, "One"), event(4, "Two"))] == ["T+0 min", "T+3 min"]


@pytest.mark.parametrize(
    "events",
    [
        (),
        (event(1, "Alert detected", "Alert detected"),),
        (event(1, "Before"), event(2, "Alert detected", "Alert detected")),
        (event(1, "Alert detected", "Alert detected"), event(2, " ")),
    ],
    ids=["none", "one", "before", "empty"],
)
def test_too_little_of_a_timeline_is_refused(events):
    with pytest.raises(DrillError, match="fewer than two events"):
        make_drill({"id": "A", "events": events}, "public")


CONF = 'postmortem_pseudonyms = {"Kim Example": "the responder on call"}\n'
PAGE = """# SEC-1: The title names the cause

:::{incident-summary} SEC-1
:date: 2026-01-02
:severity: SEV-2
:status: closed
:tlp: CLEAR

Shown <b>summary</b>.
:::

:::{timeline}
:internal-columns: Notes

| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
| 2026-01-02 01:00 | They came in by CANARY | CANARY | internal |
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
FILES = {
    "index.md": "# T\n\n```{toctree}\nincidents/one\nhidden\n```\n",
    "incidents/one.md": PAGE,
    "hidden.md": "---\naudience: internal\n---\n" + PAGE.replace("SEC-1", "SEC-2"),
}


@pytest.mark.usefixtures("warm_start")
def test_the_sheets_of_a_filtered_edition_hold_nothing_hidden(site, tmp_path):
    source, out = site(FILES, CONF).source, tmp_path / "out"
    done = run("drill", source, "SEC-1", "--edition", "public", "--out", out)
    assert done.exit_code == 0, done.output
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
    assert (
        run("drill", source, source / "incidents/one.md", "--edition", "public", "--out", tmp_path / "again").exit_code
        == 0
    )
    assert (tmp_path / "again/drill-sec-1-participants.html").read_text() == participants


@pytest.mark.usefixtures("warm_start")
def test_what_cannot_be_known_is_refused_and_nothing_is_written(site, tmp_path):
    source, out = site(FILES, CONF), tmp_path / "out"
    hidden = run("drill", source.source, "SEC-2", "--edition", "public", "--out", out)
    assert (hidden.exit_code, 'no incident "SEC-2"' in hidden.output) == (1, True)
    assert run("drill", source.source, "SEC-1", "--edition", "nonsuch", "--out", out).exit_code == 2
    source.write({"incidents/one.md": PAGE.replace("{internal-only}", "{internal-olny}")})
    broken = run("drill", source.source, "SEC-1", "--edition", "public", "--out", out)
    assert broken.exit_code == 1
    assert "could not be made" in broken.output
    assert not out.exists()
