"""The pack of a review meeting: what is in it, in which language, and that nothing hidden is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.releases.statements import Statement
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.sheets.meeting_pack import agenda_sheet
from sphinx_postmortem.core.sheets.sheet import Grid, Items, Paragraph, SheetHeading
from tests.command import run
from tests.conftest import files_below
from tests.learning.published_records import START_OF_PAGE, event, incident, text_of_pdf

DATA = {"edition": "internal", "incidents": [], "owners": []}


def test_each_row_of_the_timeline_names_its_open_questions():
    record = incident(event("2026-01-02 01:00", "One"), event("unknown", "Two", notes="Who did it is unclear"))
    blocks = agenda_sheet(record, (), DATA, Settings()).blocks
    timeline, questions = (block for block in blocks if isinstance(block, Grid) and not block.is_to_write_in)
    assert [row[2] for row in timeline.rows] == ["", "The time is not known. (1)\nWhat is known of it by now? (2)"]
    assert [row[:2] for row in questions.rows] == [
        ("1", "Not known: Two\nThe time is not known."),
        ("2", "Not known: Who did it is unclear\nWhat is known of it by now?"),
    ]


def test_an_incident_without_anything_has_a_pack_with_words():
    blocks = agenda_sheet(incident(), (), DATA, Settings()).blocks
    headings = [block.text for block in blocks if isinstance(block, SheetHeading)]
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert headings == [
        *("How to run it", "Timeline", "Open questions", "Questions by section", "Decisions"),
        "Who has read and agreed",
    ]
    assert said[0] == "This edition shows no timeline."
    assert said[1].startswith("Nothing is called unknown")
    assert all(name in said[2] for name in ("Howie", "PagerDuty", "Google"))


def test_a_long_heading_does_not_fill_the_column_of_places():
    said = [Statement("heading 1", "Long " * 40), Statement("text", "The sender is unknown.")]
    blocks = agenda_sheet(incident(), said, DATA, Settings()).blocks
    [row] = next(block for block in blocks if isinstance(block, Grid)).rows
    assert row[2] == "Long " * 11 + "Long\u2026"


def test_what_the_page_says_stands_above_the_questions_of_its_section():
    record = incident(factors=[{"kind": "Process", "text": "nobody asked."}])
    lists = [block for block in agenda_sheet(record, (), DATA, Settings()).blocks if isinstance(block, Items)]
    place = lists.index(Items(("Process: nobody asked.",)))
    assert lists[place + 1].is_asked


def test_owners_and_readers_are_named_and_there_is_room_for_more():
    review = {"who": "sre", "role": "owner", "read_on": None, "read_written": "soon", "state": "agreed"}
    action = {"local_id": "A1", "action": "Rotate", "owners": ["SRE"], "due": "2026-02-01", "status": "in-progress"}
    owners = [{"id": "sre", "name": "Site reliability"}]
    sheet = agenda_sheet(incident(actions=[action], reviews=[review]), (), {**DATA, "owners": owners}, Settings())
    *_, actions, decisions, readers = (block for block in sheet.blocks if isinstance(block, Grid))
    assert actions.rows == (("A1", "Rotate", "Site reliability", "2026-02-01", "in progress"),)
    assert set(decisions.rows) == {("", "", "")}
    assert readers.rows[0] == ("sre", "owner", "soon", "agreed")
    assert set(readers.rows[1:]) == {("",) * 4}


def test_the_sentences_of_a_page_with_two_incidents_contradict_neither():
    one, two = incident(page="p", severity="SEV-1"), incident(page="p", severity="SEV-3", id="SEC-2")
    said = [Statement("text", "The incident was SEV-3.")]
    alone = agenda_sheet(one, said, {**DATA, "incidents": [one]}, Settings())
    together = agenda_sheet(one, said, {**DATA, "incidents": [one, two]}, Settings())
    assert ["another severity" in str(sheet) for sheet in (alone, together)] == [True, False]


CONF = 'postmortem_pseudonyms = {"Kim Example": "the responder on call"}\nlanguage = "de"\n'
HIDDEN_ROWS = """| ~2026-01-02 01:00 | They came in by CANARY, how is unknown | | internal |
| 2026-01-01 23:00 | Containment executed: CANARY | | internal |
"""
PAGE = (
    START_OF_PAGE
    + """HIDDEN| 2026-01-02 01:10 | Alert detected: Kim Example saw a page | NOTE | |
| unknown | Containment executed: the key was revoked | | |
| 2026-01-02 01:20 | `<script>` stands in the logs | | |

:::

:::{root-cause}
Kim Example says that the sender is unknown.
:::

:::{action-table}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Rotate the key | sre | P1 | 2026-03-01 | open |

:::
BLOCK
"""
)
BLOCK = """
::::{internal-only}
## Technical details

CANARY is not known.
::::

:::{review-record}
| Who | Role | Read on | Agreed / state |
|---|---|---|---|
| CANARY | owner | 2026-01-09 | agreed |

:::
"""
INDEX = "# T\n\n```{toctree}\none\n```\n"
FULL = {
    "index.md": INDEX.replace("one\n", "one\nhidden\n"),
    "one.md": PAGE.replace("HIDDEN", HIDDEN_ROWS).replace("NOTE", "CANARY unclear").replace("BLOCK", BLOCK),
    "hidden.md": "---\naudience: internal\n---\n" + PAGE.replace("HIDDEN", "").replace("SEC-1", "SEC-2"),
}
BARE = {
    "index.md": INDEX,
    "one.md": PAGE.replace("HIDDEN", "").replace("NOTE", "").replace("BLOCK", ""),
}


def made(source: Path, out: Path, *more: str) -> dict[str, bytes]:
    done = run("agenda", source / "one.md", *more, "--out", out)
    assert done.exit_code == 0, done.output
    return files_below(out)


@pytest.mark.usefixtures("warm_start")
def test_the_pack_of_a_filtered_edition_is_that_of_a_site_without_what_it_hides(site, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    public = ("--edition", "public", "--format", "html,pdf")
    full = made(site(FULL, CONF, "full").source, tmp_path / "one", *public)
    bare = made(site(BARE, CONF, "bare").source, tmp_path / "two", *public)
    assert list(full) == ["agenda-sec-1.html", "agenda-sec-1.pdf"]
    assert full == bare
    page, printed = full["agenda-sec-1.html"].decode(), text_of_pdf(tmp_path / "one/agenda-sec-1.pdf")
    for text in (page, printed):
        assert all(hidden not in text for hidden in ("CANARY", "Kim Example"))
        assert "the responder on call says that the sender is unknown." in text
        assert "Offene Fragen" in text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert '<html lang="de">' in page
    assert "TLP:CLEAR" in printed


@pytest.mark.usefixtures("warm_start")
def test_the_first_edition_shows_all_and_needs_no_other_file(site, tmp_path):
    page = made(site(FULL, CONF).source, tmp_path / "out")["agenda-sec-1.html"].decode()
    assert all(text in page for text in ("CANARY unclear", "how is unknown", "CANARY is not known.", "2026-01-09"))
    assert not any(outward in page for outward in ("<link", "<img", "src=", "@import", "url("))
    assert "<title>Besprechung: SEC-1: The title names the cause</title>" in page


@pytest.mark.usefixtures("warm_start")
def test_a_pack_that_fails_says_what_is_wrong_and_names_no_file_that_is_gone(site, tmp_path):
    source = site({**FULL, "slip.md": "---\norphan:\n---\n# P\n\n:::{internal only}\nx\n:::\n"}, CONF).source
    done = run("agenda", source / "one.md", "--edition", "public", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "slip.md:6: `:::{internal only}` looks like a marking" in done.output
    assert ".log" not in done.output
    assert not (tmp_path / "out").exists()
