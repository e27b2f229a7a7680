"""The page of a draft: nothing is lost, nothing runs, and twice is as once."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_postmortem.core.checks import check_page, run_page
from sphinx_postmortem.core.imports.draft_page import LONG_TIMELINE, read_marks
from sphinx_postmortem.core.imports.merge_page import csv_of, merge_draft
from sphinx_postmortem.core.reader import read_page
from sphinx_postmortem.core.records.tables import parse_csv_table, parse_pipe_table
from sphinx_postmortem.core.settings import Settings
from tests.imports.documents import FRAME, page, read

DOCUMENT = """\
---
title: Queue
author: Ann Smith
---
# The queue was full

Intro words.

## Summary

The queue filled up.

## Impact

Orders waited.

## Timeline

All times in CET.

| Time | Event | Who |
|---|---|---|
| 2024-05-06 10:00 | Alert fires \\| loudly | Ann |
| 2024-05-06 ~10:05 | Queue `a\\|b` full | Bob |

## Root cause

```
:::{include} /etc/passwd
```

## Where we got lucky

It was a Monday.

## Action items

- Alert earlier

<!-- a remark -->
"""
OURS = {"incident-summary", "timeline", "internal-only", "root-cause", "contributing-factors", "action-table"}
PIECES = [
    *("## Timeline", "## Summary", "## Root cause", "## Action items", "## Odd", "### 10:00Z", "# Title", "#### Deep"),
    *("- 10:00Z alpha\n- 10:05Z beta", "| Time (UTC) | Event |\n|---|---|\n| 10:00 | gamma | delta |", "2024-05-06"),
    *(":::{timeline}\n| a |\n|-|\n:::", "{ref}`epsilon`", "% zeta", "```{raw} html\n<b>\n```", "> 10:00Z eta", "(a)="),
    *(
        "audience: public",
        "---",
        "<script>theta</script>",
        "- [ ] iota\n  - kappa",
        "**Impact**: lambda",
        "[m](../n.md)",
    ),
    *("25:61Z nu", "10:00Z xi\nomicron", "- a 2024-05-06 10:00Z\n- b 2024-05-06 11:00Z", "+++", "1. pi", "    rho"),
]
DOCUMENTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=10)), max_size=9).map("\n\n".join)
EACH = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]{2,}", text))


def timeline(text: str) -> list[tuple[str, ...]]:
    block = read_page(text, markdown=True).named("timeline")[0]
    table = parse_pipe_table([line.text for line in block.body], [line.number for line in block.body])
    return [table.header, *(row.cells for row in table.rows)]


def test_every_word_of_the_source_is_in_the_page(tmp_path: Path) -> None:
    assert words(DOCUMENT) - words(page(read(tmp_path, DOCUMENT)).text) == set()


def test_rows_are_internal_and_so_are_people_and_places(tmp_path: Path) -> None:
    text = page(read(tmp_path, DOCUMENT)).text
    header, *rows = timeline(text)
    assert {row[header.index("Audience")] for row in rows} == {"internal"}
    assert ":internal-columns: As written, Who, Evidence, Source" in text
    assert text.startswith("---\naudience: internal\n---\n")


def test_times_are_in_utc_beside_what_was_written(tmp_path: Path) -> None:
    header, *rows = timeline(page(read(tmp_path, DOCUMENT)).text)
    picked = [tuple(row[header.index(title)] for title in ("Time (UTC)", "Precision", "As written")) for row in rows]
    assert picked == [
        ("2024-05-06 09:00", "", "2024-05-06 10:00"),
        ("2024-05-06 09:05", "estimate", "2024-05-06 \\~10:05"),
    ]


def test_a_section_without_a_home_stays_in_place_for_the_first_audience(tmp_path: Path) -> None:
    text = page(read(tmp_path, DOCUMENT)).text
    assert "::::{internal-only}\n## Where we got lucky\n\nIt was a Monday.\n\n::::" in text
    assert text.index("## Root cause") < text.index("## Where we got lucky") < text.index("## Containment")


@given(DOCUMENTS)
@EACH
def test_nothing_of_a_document_runs(tmp_path: Path, text: str) -> None:
    made = page(read(tmp_path, text, zone="UTC", name="2024-05-06.md", order="mdy")).text
    read_again = read_page(made, markdown=True)
    assert {block.name for block in read_again.blocks} <= OURS
    assert all(block.is_closed for block in read_again.blocks)
    assert [entry.name for entry in read_again.front_matter.entries] == ["audience"]


@given(DOCUMENTS)
@EACH
def test_no_word_of_a_document_is_lost(tmp_path: Path, text: str) -> None:
    draft = read(tmp_path, text, zone="UTC", name="2024-05-06.md", order="mdy")
    visible = {word for word in words(text) if word.isascii()} - {"raw", "html", "script", "timeline", "md"}
    assert visible - words(page(draft).text) == set()
    assert draft.items == draft.accounted


@given(DOCUMENTS)
@EACH
def test_a_second_import_changes_nothing(tmp_path: Path, text: str) -> None:
    draft = read(tmp_path, text, zone="UTC", name="2024-05-06.md", order="mdy")
    made = page(draft)
    assert made == page(draft)
    merged = merge_draft(made.text, made.csv, draft, FRAME)
    assert (merged.text, merged.csv, merged.added, merged.gone) == (made.text, made.csv, (), ())


def test_what_is_new_is_added_and_what_was_edited_stays(tmp_path: Path) -> None:
    made = page(read(tmp_path, DOCUMENT)).text
    edited = made.replace("Alert fires \\| loudly", "The pager rang").replace(
        "Orders waited.", "Orders waited an hour."
    )
    row = "| 2024-05-06 10:02 | Bob looks | Bob |\n"
    later = DOCUMENT.replace("| 2024-05-06 ~10:05", f"{row}| 2024-05-06 ~10:05").replace(
        "- Alert earlier", "- A\n- Alert earlier"
    )
    merged = merge_draft(edited, "", read(tmp_path, later), FRAME)
    header, *rows = timeline(merged.text)
    assert [row[header.index("Event")] for row in rows] == ["The pager rang", "Bob looks", "Queue `a|b` full"]
    assert "Orders waited an hour." in merged.text
    assert len(merged.added) == 2
    assert "| A2 | A |" in merged.text
    assert set(edited.split("\n")) <= set(merged.text.split("\n"))


def test_a_row_that_the_author_has_deleted_does_not_come_back(tmp_path: Path) -> None:
    draft = read(tmp_path, DOCUMENT)
    without = "\n".join(line for line in page(draft).text.split("\n") if "Alert fires" not in line)
    assert merge_draft(without, "", draft, FRAME).text == without


def test_what_is_gone_at_the_source_is_said_and_stays(tmp_path: Path) -> None:
    made = page(read(tmp_path, DOCUMENT)).text
    shorter = DOCUMENT.replace("| 2024-05-06 ~10:05 | Queue `a\\|b` full | Bob |\n", "")
    merged = merge_draft(made, "", read(tmp_path, shorter), FRAME)
    line = next(number for number, text in enumerate(made.split("\n"), 1) if "full" in text and text.startswith("|"))
    assert merged.gone == (f"line {line}: report.md has it no more",)
    assert merged.text == made


def test_line_ends_of_the_page_are_kept(tmp_path: Path) -> None:
    made = page(read(tmp_path, DOCUMENT)).text.replace("\n", "\r\n")
    merged = merge_draft(made, "", read(tmp_path, DOCUMENT + "- Another\n"), FRAME)
    assert merged.text.count("\n") == merged.text.count("\r\n") > made.count("\n")


def test_a_long_timeline_is_a_csv_file(tmp_path: Path) -> None:
    events = "".join(f"- {n // 60:02}:{n % 60:02}Z step {n} a|b\n" for n in range(LONG_TIMELINE + 1))
    document = f"# 2024-05-06 Queue\n\n## Timeline\n\n{events}"
    made = page(read(tmp_path, document))
    assert csv_of(made.text) == "sec-2026-001.csv"
    table = parse_csv_table(made.csv)
    assert (len(table.rows), table.problems) == (LONG_TIMELINE + 1, ())
    merged = merge_draft(made.text, made.csv, read(tmp_path, f"{document}- 23:59Z last\n"), FRAME)
    assert len(parse_csv_table(merged.csv).rows) == LONG_TIMELINE + 2
    assert ("markdown", "report.md") in read_marks(merged.text.split("\n"))


def test_a_milestone_is_proposed_and_counts_for_none_until_it_is_confirmed(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        "# Q\n\n## Timeline\n\n- 2024-05-06 10:00Z: Fault detected\n- 2024-05-06 11:00Z: Bob resolved a riddle\n",
    )
    text = page(draft).text
    assert [event.milestone for event in draft.events] == ["Alert detected", ""]
    assert "| Alert detected (proposed) |" in text
    checked = check_page("page.md", text, Settings(), markdown=True)
    assert [row.milestone for row in checked.all_events] == ["", ""]
    assert "milestone-proposed" in [finding.code for finding in run_page(checked)]


def test_a_long_name_of_a_file_does_not_fill_the_table(tmp_path: Path) -> None:
    name = "a-report-with-a-name-that-fills-the-whole-line-of-a-page.md"
    draft = read(tmp_path, "# Lost queue\n\n## Timeline (UTC)\n\n- 2026-03-02 10:00 Queue lost\n", name=name)
    text = page(draft).text
    assert "| \u2026le-line-of-a-page.md:5 |" in text
    assert f"imported from {name}" in text
