"""A row of a timeline is in the data files as a whole; what an edition hides of it is in none of them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pytest

from sphinx_postmortem.core.exports.csv_tables import EVENT_COLUMNS, events_csv, unguarded
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Event, PageRecords
from tests.conftest import Site, files_below

HEAD = ":::{incident-summary} SEC-1\n:date: 2026-03-02\n:status: closed\n\nWhat happened.\n:::\n\n"
COLUMN_TITLES = ("Notes", "Evidence", "Source", "Who", "Precision", "Ticket")
ROW = {
    "Notes": "Seen by *nobody*",
    "Evidence": "siem:4711",
    "Source": "registry log",
    "Who": "on-call",
    "Precision": "estimate",
    "Ticket": "T-1",
}


def page(rows: list[dict[str, str]], titles: tuple[str, ...] = COLUMN_TITLES, hidden: str = "") -> str:
    header = ["Time (UTC)", "Event", *titles, "Audience"]
    lines = ["|".join(["", *header, ""]), "|" + "---|" * len(header)]
    for number, row in enumerate(rows):
        cells = [f"2026-03-02 01:{10 + number}", f"Step {number}", *(row.get(title, "") for title in titles)]
        lines.append("|".join(["", *cells, row.get("Audience", ""), ""]))
    option = f":internal-columns: {hidden}\n\n" if hidden else ""
    table = "\n".join(lines)
    return f"# SEC-1\n\n{HEAD}:::{{timeline}}\n{option}{table}\n\n:::\n\n:::{{event-list}}\n:::\n"


def event_of(folder: Path, number: int = 0) -> dict:
    return json.loads((folder / "postmortems.json").read_text())["incidents"][0]["events"][number]


def test_the_whole_row_is_in_the_data(exported):
    event = event_of(exported(files={"index.md": page([ROW])}, suppress_warnings=["postmortem"]))
    assert event["notes"] == "Seen by nobody"
    assert event["evidence"] == [{"text": "siem:4711", "url": "", "file": "", "sha256": ""}]
    assert (event["source"], event["who"], event["stated_precision"]) == ("registry log", "on-call", "estimate")
    assert event["precision"] == "estimate"
    assert event["other"] == [{"column": "Ticket", "text": "T-1"}]


def test_the_whole_row_is_in_the_table(exported):
    text = (exported(files={"index.md": page([ROW])}) / "events.csv").read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert tuple(row) == (*EVENT_COLUMNS, "Ticket")
    assert (row["Time (UTC)"], row["Precision"]) == ("2026-03-02 01:10:00", "estimate")
    assert [row[name] for name in ("Notes", "Evidence", "Source", "Who", "Stated precision", "Ticket")] == [
        "Seen by nobody",
        "siem:4711",
        "registry log",
        "on-call",
        "estimate",
        "T-1",
    ]
    assert row["Address"].startswith("https://kb.example.com/reg/index.html#pm-event-sec-1-")


def test_no_cell_of_the_table_begins_as_a_formula():
    event = Event("S", "p", None, "=1+1", notes="@SUM(A1)", who="-x", other=(("=T", "+1"),))
    data = events_csv(KnowledgeBase({"p": PageRecords(events=(event,))}), Publication("internal"))
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["Event"], row["Notes"], row["Who"], row["'=T"]) == ("'=1+1", "'@SUM(A1)", "'-x", "'+1")
    assert unguarded(row["Event"]) == "=1+1"


@pytest.mark.parametrize("way", ["row", "column"])
@pytest.mark.parametrize(
    ("title", "builder"),
    [*((title, "postmortem-export") for title in COLUMN_TITLES), ("Notes", "html"), ("Evidence", "html")],
)
def test_hidden_cells_change_no_byte(site, title, way, builder):
    shown = dict.fromkeys(COLUMN_TITLES, "day")

    def built(word: str | None) -> dict[str, bytes]:
        if way == "row":
            rows = [shown] if word is None else [shown, {**shown, title: word, "Audience": "internal"}]
            text = page(rows)
        elif word is None:
            text = page([shown], tuple(name for name in COLUMN_TITLES if name != title))
        else:
            text = page([{**shown, title: word}], hidden=title)
        return files_below(one.write({"index.md": text}).build("leadership", builder).outdir)

    one: Site = site({"index.md": ""})
    before = built("zqfirst")
    assert before == built("zqsecond, other.log, https://zq.example.com")
    assert before == built(None)


def test_what_is_hidden_there_is_shown_in_the_first_edition(site):
    one = site({"index.md": page([{**ROW, "Notes": "zqfirst", "Audience": "internal"}])})
    assert "zqfirst" in one.build("internal").read("index.html")


# --- evidence

EVIDENCE = {
    "Evidence": "[auth log](evidence/auth.log), `evidence/dump.txt`, [SIEM](https://siem.example.com/q/1), PR 12"
}
FILES = {"evidence/auth.log": "logged\n", "evidence/dump.txt": "dumped\n"}
LOG, DUMP = (hashlib.sha256(text.encode()).hexdigest() for text in FILES.values())


def test_links_files_and_texts_are_evidence(exported):
    event = event_of(exported(files={"index.md": page([EVIDENCE]), **FILES}))
    assert event["evidence"] == [
        {"text": "auth log", "url": "", "file": "evidence/auth.log", "sha256": LOG},
        {"text": "evidence/dump.txt", "url": "", "file": "evidence/dump.txt", "sha256": DUMP},
        {"text": "SIEM", "url": "https://siem.example.com/q/1", "file": "", "sha256": ""},
        {"text": "PR 12", "url": "", "file": "", "sha256": ""},
    ]


def test_a_filtered_edition_hashes_only_what_it_publishes(exported):
    event = event_of(exported("leadership", {"index.md": page([EVIDENCE]), **FILES}))
    assert [each["sha256"] for each in event["evidence"]] == [LOG, "", "", ""]
    assert event["evidence"][1]["file"] == "evidence/dump.txt"


def test_a_file_that_has_changed_is_hashed_again(site):
    one = site({"index.md": page([EVIDENCE]), **FILES})
    one.build("internal", "postmortem-export", keep=True)
    one.write({"evidence/dump.txt": "dumped again\n"})
    event = event_of(one.build("internal", "postmortem-export", keep=True).outdir)
    assert event["evidence"][1]["sha256"] == hashlib.sha256(b"dumped again\n").hexdigest()


@pytest.mark.parametrize("builder", ["html", "postmortem-export"])
@pytest.mark.parametrize("how", ["[the log](zqsecret/zqname.log)", "`zqsecret/zqname.log`", "zqsecret/zqname.log"])
def test_hidden_evidence_is_neither_published_nor_named(site, builder, how):
    conf = 'postmortem_audience_paths = {"zqsecret": "internal"}\n'
    one = site({"index.md": page([{"Evidence": how}]), "zqsecret/zqname.log": "zqcontent\n"}, conf)
    before = files_below(one.build("leadership", builder).outdir)
    assert not [name for name, data in before.items() if re.search(rb"zq(?:secret|name|content)", name.encode() + data)]
    one.write({"zqsecret/zqname.log": "other\n"})
    assert before == files_below(one.build("leadership", builder).outdir)
    (one.source / "zqsecret/zqname.log").unlink()
    assert before == files_below(one.build("leadership", builder, warnings=True).outdir)


def test_a_file_that_only_a_hidden_row_names_is_not_copied(site):
    rows = [{}, {**EVIDENCE, "Audience": "internal"}]
    names = files_below(site({"index.md": page(rows), **FILES}).build("leadership").outdir)
    assert not [name for name in names if "auth" in name]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("evidence/none.log", 'the evidence "evidence/none.log" is not there'),
        ("`evidence/none.log`", 'the evidence "evidence/none.log" is not there'),
        ("../../outside.log", 'the evidence "../../outside.log" lies outside the source folder'),
    ],
)
def test_a_file_that_cannot_be_evidence_is_told_with_its_line(site, cell, says):
    built = site({"index.md": page([{"Evidence": cell}])}).build(warnings=True)
    assert f"index.md:13: WARNING: {says}" in built.warnings
    assert cell.strip("`") in built.read("index.html")


def test_a_link_out_of_the_source_folder_is_no_evidence(site, tmp_path):
    (tmp_path / "outside.log").write_text("zqoutside")
    one = site({"index.md": page([{"Evidence": "`evidence/linked.log`"}])})
    (one.source / "evidence").mkdir()
    (one.source / "evidence/linked.log").symlink_to(tmp_path / "outside.log")
    built = one.build("internal", "postmortem-export", warnings=True)
    assert "lies outside the source folder" in built.warnings
    assert event_of(built.outdir)["evidence"][0]["sha256"] == ""
