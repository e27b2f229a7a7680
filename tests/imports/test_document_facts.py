"""Facts that a document states of itself, at its head or in its text, are those of the imported page."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.imports.draft import AnswerNeededError
from tests.imports.documents import page, read, rows


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(
            "**Incident ID:** OPS-7\n**Date**: 2024-05-06  \n**Severity:** SEV-1\n**Author:** Ann\n", id="lines"
        ),
        pytest.param(
            "- **Incident ID**: OPS-7\n- **Date:** 2024-05-06\n- **Severity:** SEV-1\n- **Author:** Ann\n", id="list"
        ),
        pytest.param("- Incident ID: OPS-7\n- Date: 2024-05-06\n- Severity: SEV-1\n- Author: Ann\n", id="plain-list"),
        pytest.param(
            "## Metadata\n\nID: OPS-7\nDate (UTC): 2024-05-06\nSeverity: SEV-1\nAuthor: Ann\n", id="below-a-heading"
        ),
        pytest.param(
            "| Incident ID | OPS-7 |\n|---|---|\n| Date | 2024-05-06 |\n| Severity | SEV-1 |\n| Author | Ann |\n",
            id="table",
        ),
    ],
)
def test_what_a_document_says_of_itself_at_its_head_is_read(tmp_path: Path, head: str) -> None:
    draft = read(tmp_path, f"# The queue was full\n\n{head}\n## Timeline\n\n- 10:00Z full\n")
    assert (draft.incident_id, draft.severity, str(draft.first_day)) == ("OPS-7", "SEV-1", "2024-05-06")
    assert rows(draft) == [("2024-05-06 10:00", "full")]
    assert "Ann" in page(draft).text


def test_a_start_with_its_clock_gives_the_day_and_is_kept(tmp_path: Path) -> None:
    head = "- **Incident Start:** 2024-05-06 09:55 UTC\n- **Incident End:** 2024-05-06 11:00 UTC\n"
    draft = read(tmp_path, f"# Queue\n\n{head}\n## Timeline (UTC)\n\n- 10:00 full\n")
    assert rows(draft) == [("2024-05-06 10:00", "full")]
    assert "2024-05-06 09:55 UTC" in page(draft).text


def test_the_summary_section_is_the_summary_also_below_other_text(tmp_path: Path) -> None:
    draft = read(tmp_path, "# Queue\n\n**Loss:** 5 orders\n\n## Summary\n\nIt was full.\n\n## Summary\n\nMore.\n")
    assert draft.summary.written == "**Loss:** 5 orders\n\nIt was full."
    assert [section.text.written for section in draft.sections] == ["More."]


def test_the_only_day_in_the_text_counts_where_no_heading_states_one(tmp_path: Path) -> None:
    text = "# Queue\n\nOn 6 May 2024 it was full.\n\n## Timeline (UTC)\n\n- 10:00 full\n"
    draft = read(tmp_path, text)
    assert rows(draft) == [("2024-05-06 10:00", "full")]
    assert any("2024-05-06, the only one in the text" in said for said in draft.said)
    with pytest.raises(AnswerNeededError, match="has no date"):
        read(tmp_path, text.replace("It was full", "").replace("full.", "full, until 7 May 2024."))
