"""What an import writes is for the first audience alone: new pages by their head, and rows added to other pages."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.imports.draft import Draft, DraftAction, DraftEvent, DraftSection, Text, Unread
from sphinx_postmortem.core.imports.draft_page import make_page
from sphinx_postmortem.core.imports.merge_page import merge_draft
from sphinx_postmortem.core.imports.template_sections import HOMES
from sphinx_postmortem.core.reader import read_page
from sphinx_postmortem.core.records.times import exact_moment
from tests.imports.documents import FRAME, read

_MOMENT = exact_moment("10:00", datetime(2026, 3, 2, 10, tzinfo=UTC))
_WORDS = st.lists(
    st.sampled_from(
        ["audience: public", "---", ":::", "::::{internal-only}", "```{timeline}", "|", "\n", "% x", "<!--", "# Heading", "{a}`b`"]
    ),
    max_size=8,
).map(" ".join) | st.text(max_size=60)  # fmt: skip
_TEXTS = st.builds(Text, _WORDS, st.booleans())
_EVENTS = st.builds(
    DraftEvent, st.uuids().map(str), st.just(_MOMENT), _TEXTS, _TEXTS, _TEXTS, st.tuples(_WORDS), _WORDS
)
_ACTIONS = st.builds(DraftAction, st.uuids().map(str), _TEXTS, st.tuples(_WORDS), due_written=_WORDS, ticket=_WORDS)
_SECTIONS = st.builds(
    DraftSection, st.uuids().map(str), _WORDS, _TEXTS, st.sampled_from(["", *HOMES]), st.integers(1, 6)
)
_DRAFTS = st.builds(
    Draft,
    st.just("markdown"),
    st.just("report.md"),
    title=_WORDS,
    severity=_WORDS,
    status=_WORDS,
    summary=_TEXTS,
    events=st.lists(_EVENTS, max_size=3).map(tuple),
    actions=st.lists(_ACTIONS, max_size=3).map(tuple),
    factors=st.lists(_TEXTS, max_size=2).map(tuple),
    sections=st.lists(_SECTIONS, max_size=3).map(tuple),
    unread=st.lists(st.builds(Unread, _WORDS, _WORDS, _WORDS), max_size=2).map(tuple),
    said=st.tuples(_WORDS),
    names=st.tuples(_WORDS),
)


@given(_DRAFTS)
def test_a_new_page_is_for_the_first_audience_whatever_it_holds(draft: Draft) -> None:
    text = make_page(draft, FRAME, "sec-2026-001.csv").text
    assert read_page_marking(text, markdown=True).name == "internal"
    assert text.split("\n")[:3] == ["---", "audience: internal", "---"]
    assert read_page(text, markdown=True).named("incident-summary")[0].option("status") == "draft"


_PAGE = """# SEC-2026-001: Lost queue

:::{incident-summary} SEC-2026-001
:status: closed

Short.
:::

:::{timeline}

| Time (UTC) | Event |
|---|---|
| 2026-03-02 09:00 | Known |

:::

:::{action-table}

| ID | Action |
|---|---|
| A7 | Known |

:::
"""


def _draft(folder: Path) -> Draft:
    text = "# Lost queue\n\n## Timeline (UTC)\n\n- 2026-03-02 10:00 zanzibar\n\n## Action items\n\n- [ ] zanzibar\n"
    return read(folder, f"{text}\n## Other\n\nzanzibar\n")


def test_rows_are_not_added_to_a_table_that_cannot_mark_them(tmp_path: Path) -> None:
    merged = merge_draft(_PAGE, "", _draft(tmp_path), FRAME).text
    assert merged.startswith(_PAGE)
    added = read_page(merged, markdown=True)
    hidden = [(block.line, block.end) for block in added.named("internal-only")]
    lines = [number for number, line in enumerate(merged.split("\n"), start=1) if "zanzibar" in line]
    assert len(lines) == 3
    assert all(any(first < line < last for first, last in hidden) for line in lines)
    assert "| A8 | zanzibar" in merged


def test_rows_that_were_put_into_a_table_of_their_own_are_not_added_again(tmp_path: Path) -> None:
    draft = _draft(tmp_path)
    merged = merge_draft(_PAGE, "", draft, FRAME).text
    assert merge_draft(merged, "", draft, FRAME).text == merged
    longer = replace(draft, events=(*draft.events, replace(draft.events[0], key="markdown:new", event=Text("quagga"))))
    again = merge_draft(merged, "", longer, FRAME).text
    assert next(line for line in again.split("\n") if line not in merged.split("\n")).startswith(
        "| 2026-03-02 10:00 | quagga"
    )
    assert again.count(":::{timeline}") == 2


@pytest.mark.parametrize("first_marks", [False, True])
def test_of_two_timelines_the_first_that_can_mark_rows_takes_them(tmp_path: Path, first_marks: bool) -> None:
    marked = (
        "\n:::{timeline}\n\n| Time (UTC) | Event | Audience |\n|---|---|---|\n| 2026-03-02 08:00 | Early | |\n\n:::\n"
    )
    page = f"{marked}{_PAGE}" if first_marks else f"{_PAGE}{marked}"
    merged = merge_draft(page, "", _draft(tmp_path), FRAME).text
    assert "| 2026-03-02 08:00 | Early | |\n| 2026-03-02 10:00 | zanzibar | internal |\n" in merged


def _with_table(option: str, titles: str) -> str:
    line = "|---" * titles.count("|") + "|"
    return f"{_PAGE}\n:::{{timeline}}\n{option}\n| {titles} |\n|{line[1:]}---|\n\n:::\n"


def _told_by(draft: Draft, *, is_public: bool) -> Draft:
    event = replace(draft.events[0], who=("Ada Quill",), notes=Text("from the log"), is_public=is_public)
    return replace(draft, events=(event,))


@pytest.mark.parametrize(
    ("option", "titles", "is_public", "fits"),
    [
        ("", "Time (UTC) | Event | Notes | Who | Audience", False, True),
        ("", "Time (UTC) | Event | Notes | Who | Audience", True, False),  # the row is shown, and the name with it
        (":internal-columns: Who\n", "Time (UTC) | Event | Notes | Who | Audience", True, True),
        ("", "Time (UTC) | Event | Who | Audience", False, False),  # the note would be lost
    ],
)
def test_a_table_takes_rows_whose_texts_it_has_columns_for_and_hides(
    tmp_path: Path, option: str, titles: str, is_public: bool, fits: bool
) -> None:
    draft = _told_by(_draft(tmp_path), is_public=is_public)
    merged = merge_draft(_with_table(option, titles), "", draft, FRAME).text
    assert ("## Imported timeline" in merged) is not fits
    assert "Ada Quill" in merged
    assert "from the log" in merged


def test_a_fence_in_imported_code_does_not_end_the_block() -> None:
    code = Text("text\n\n```\n::::\nsecretword\n:::::\n```\n", True)
    section = DraftSection("a", "Details", code, "", 2)
    event = DraftEvent("b", _MOMENT, Text("x"), detail=code)
    draft = Draft("markdown", "report.md", events=(event,), sections=(section,))
    page = "# P\n\n:::{incident-summary} S-1\nx\n:::\n"
    for text in (merge_draft(page, "", draft, FRAME).text, make_page(draft, FRAME, "a.csv").text):
        bodies = [
            "\n".join(line.text for line in block.body)
            for block in read_page(text, markdown=True).named("internal-only")
        ]
        assert sum(body.count("secretword") for body in bodies) == text.count("secretword") == 2
