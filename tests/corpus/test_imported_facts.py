"""What is read of a second set of published postmortems, most of them lists, against facts that were read by hand."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sphinx_postmortem.core.checks import CheckedPage, check_page, read_plain, read_settings, run_page
from sphinx_postmortem.core.imports.draft_page import Frame, make_page
from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.from_markdown import read_markdown_document
from sphinx_postmortem.core.records.zones import read_zone
from tests.corpus.test_facts import FOUND

FACTS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "imported_facts.toml").read_text(encoding="utf-8")
)
OF_TIMES = ("time-estimate", "time-format", "time-impossible", "time-not-utc", "time-offset")
SETTINGS = read_settings({})

pytestmark = pytest.mark.skipif(
    "POSTMORTEM_CORPUS" not in os.environ, reason="POSTMORTEM_CORPUS names no folder of postmortems"
)


def path_of(name: str) -> Path:
    """Return the document whose name holds another."""
    return next(path for path in Path(os.environ["POSTMORTEM_CORPUS"]).iterdir() if name in path.name)


def imported(name: str) -> CheckedPage:
    """Return the page that an import makes of a document."""
    path, zone = path_of(name), FACTS[name].get("zone", "")
    source = Source(path, path.name, Asked(zone=read_zone(zone) if zone else None))
    draft = read_markdown_document(source)[0]
    return check_page("page.md", make_page(draft, Frame("SEC-2026-001"), "events.csv").text, SETTINGS)


@pytest.mark.parametrize("name", FACTS)
def test_events_and_their_ends_are_those_of_the_document(name: str) -> None:
    fact, rows = FACTS[name], imported(name).all_events
    moments = [row.moment for row in rows if row.moment and row.moment.is_known]
    known = sorted(moment.utc for moment in moments if moment.utc)
    assert (len(moments), len(rows) - len(moments)) == (fact["events"], fact.get("unread", 0))
    assert (f"{known[0]:%Y-%m-%d %H:%M}", f"{known[-1]:%Y-%m-%d %H:%M}") == (fact["first"], fact["last"])
    assert sum(not moment.is_exact for moment in moments) == fact.get("coarse", 0)


@pytest.mark.parametrize("name", FACTS)
def test_contradictions_are_found_and_no_others(name: str) -> None:
    found = sorted(finding.code for finding in run_page(imported(name)) if finding.code in (*FOUND, *OF_TIMES))
    assert found == FACTS[name].get("found", [])


@pytest.mark.parametrize("name", FACTS)
def test_what_is_wrong_with_the_times_of_a_table_is_told_by_kind(name: str) -> None:
    path = path_of(name)
    page = check_page(path.name, path.read_text(encoding="utf-8"), SETTINGS)
    read_plain(page)
    assert sorted({finding.code for finding in run_page(page) if finding.code in OF_TIMES}) == FACTS[name].get(
        "told", []
    )
