"""What is read of twenty-nine published postmortems, against facts that were read by hand."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sphinx_postmortem.core.checks import CheckedPage, check_page, read_plain, read_settings, run_page

FACTS: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "facts.toml").read_text(encoding="utf-8"))
FOUND = ("duration-stated", "milestone-twice", "second-time", "time-impossible", "time-slip", "timeline-order")
# How the reports of one organisation, which are lists, count: both from the detection.
SETTINGS = read_settings(
    {
        "milestones": ["First detected", "Incident declared", "Repaired", "Resolved"],
        "durations": [
            ("Time to repair", "First detected", "Repaired"),
            ("Time to resolve", "First detected", "Resolved"),
        ],
        "milestone_order": [],
    }
)
KEY_EVENT = re.compile(r"\s+- (?P<event>[A-Z][a-z ]+?):? (?P<time>\d{4,5}-.+)")

pytestmark = pytest.mark.skipif(
    "POSTMORTEM_CORPUS" not in os.environ, reason="POSTMORTEM_CORPUS names no folder of postmortems"
)


def read(name: str) -> CheckedPage:
    """Read a document: one with a table as it is, one with a list of key events as a timeline of them."""
    path = next(path for path in Path(os.environ["POSTMORTEM_CORPUS"]).iterdir() if name in path.name)
    text = path.read_text(encoding="utf-8")
    rows = [f"| {match['time']} | {match['event']} |" for match in map(KEY_EVENT.fullmatch, text.split("\n")) if match]
    if rows:
        text = "\n".join([":::{timeline}", "| Time (UTC) | Event |", "|---|---|", *rows, ":::", "", text])
    page = check_page(path.name, text, SETTINGS)
    read_plain(page)
    return page


@pytest.mark.parametrize("name", FACTS)
def test_events_and_their_ends_are_read(name: str) -> None:
    fact = FACTS[name]
    moments = [row.moment for row in read(name).all_events if row.moment and row.moment.is_known]
    slips = "time-slip" in fact.get("found", ())
    known = sorted(moment.utc for moment in moments if moment.utc)
    if slips:  # the row that is wrong is no end
        known = [instant for instant in known if f"{instant:%Y-%m-%d %H:%M}" <= fact["last"] and instant.year >= 2021]
    assert len(moments) == fact["events"]
    assert (f"{known[0]:%Y-%m-%d %H:%M}", f"{known[-1]:%Y-%m-%d %H:%M}") == (fact["first"], fact["last"])


@pytest.mark.parametrize("name", FACTS)
def test_estimates_are_kept_and_what_cannot_be_read_is_told(name: str) -> None:
    rows = read(name).all_events
    coarse = [row for row in rows if row.moment and row.moment.is_known and not row.moment.is_exact]
    unread = [row for row in rows if row.moment is None or not row.moment.is_known]
    assert (len(coarse), len(unread)) == (FACTS[name].get("coarse", 0), FACTS[name].get("unread", 0))
    assert all(row.cell("time") and row.time_fault for row in unread)


@pytest.mark.parametrize("name", FACTS)
def test_contradictions_are_found_and_no_others(name: str) -> None:
    found = sorted(finding.code for finding in run_page(read(name)) if finding.code in FOUND)
    assert found == sorted(FACTS[name].get("found", []))
