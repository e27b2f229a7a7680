"""Timelines, actions and sections of documents that were written in other templates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sphinx_postmortem.core.imports.draft import AnswerNeededError
from tests.imports.documents import page, read, rows

HEAD = "# 2024-05-06 The queue was full\n\n## Timeline\n\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "| Time (UTC) | Event |\n|---|---|\n| 10:00 | The queue fills |\n| 10:05 | It is *full*\n",
            [("2024-05-06 10:00", "The queue fills"), ("2024-05-06 10:05", "It is *full*")],
            id="table",
        ),
        pytest.param(
            "| Day | Date (2024) | Time (CET) | What |\n|---|---|---|---|\n| Mon | May 6 | 1:00 | a |\n| | | 2:00 | b |\n",
            [("2024-05-06 00:00", "a"), ("2024-05-06 01:00", "b")],
            id="table-of-a-day-and-a-clock",
        ),
        pytest.param(
            "- 10:00 UTC - fills\n- **10:05 UTC**: full\n- [10:07Z] drained",
            [("2024-05-06 10:00", "fills"), ("2024-05-06 10:05", "full"), ("2024-05-06 10:07", "drained")],
            id="list",
        ),
        pytest.param(
            "- 2024-05-07\n  - 10:00Z fills\n  - 11:00Z full\n- 2024-05-08\n  - drained",
            [("2024-05-07 10:00", "fills"), ("2024-05-07 11:00", "full"), ("2024-05-08", "drained")],
            id="list-by-days",
        ),
        pytest.param(
            "10:00Z fills\n10:05Z full of\nold messages\n\n**10:07Z:** drained\n",
            [
                ("2024-05-06 10:00", "fills"),
                ("2024-05-06 10:05", "full of old messages"),
                ("2024-05-06 10:07", "drained"),
            ],
            id="lines",
        ),
        pytest.param(
            "All times in UTC\n\n### 10:00\n\nfills\n\n### 10:05 full\n\nmore\n\n### May 7\n\n#### 9:00 AM\n\ndrained\n",
            [("2024-05-06 10:00", "fills"), ("2024-05-06 10:05", "full"), ("2024-05-07 09:00", "drained")],
            id="headings",
        ),
        pytest.param(
            "- Fault occurs 2024-05-06 10:00Z\n- Resolved: 2024-05-06 11:00Z\n",
            [("2024-05-06 10:00", "Fault occurs"), ("2024-05-06 11:00", "Resolved")],
            id="times-at-the-end",
        ),
        pytest.param(
            "All times in UTC.\n\n- 23:50 late\n- 00:10 early\n- 00:20 later\n",
            [("2024-05-06 23:50", "late"), ("2024-05-07 00:10", "early"), ("2024-05-07 00:20", "later")],
            id="midnight",
        ),
        pytest.param(
            "All times in UTC.\n\n- 1625 a\n- 16.30 b\n- ca. 18:30 c\n- 10:49 PM d\n- [???] e\n- no time f\n",
            [
                *(("2024-05-06 16:25", "a"), ("2024-05-06 16:30", "b"), ("2024-05-06 18:30", "c")),
                *(("2024-05-06 22:49", "d"), ("unknown", "e"), ("unknown", "no time f")),
            ],
            id="clocks",
        ),
        pytest.param(
            "10/14/2024 - a\n\n10/03/2024 - b\n",
            [("2024-10-14", "a"), ("2024-10-03", "b")],
            id="dates-of-numbers",
        ),
        pytest.param(
            "All times in CET\n\n- 17:00-18:00 a\n- ~13:30-13:45 b\n- between 10:00 and 10:30 c\n",
            [
                ("2024-05-06 16:00 to 2024-05-06 17:00", "a"),
                ("2024-05-06 12:30", "b"),
                ("2024-05-06 09:00 to 2024-05-06 09:30", "c"),
            ],
            id="ranges",
        ),
        pytest.param("### {{ 10:00Z }}\na\n", [("2024-05-06 10:00", "a")], id="braces"),
        pytest.param("2024-05-07:\n\n* a\n* b\n", [("2024-05-07", "a"), ("2024-05-07", "b")], id="days-with-lists"),
        pytest.param("1. a\n2. b\n", [("unknown", "a"), ("unknown", "b")], id="list-without-times"),
        pytest.param("> 10:00Z a\n>\n> 10:05Z b\n", [("2024-05-06 10:00", "a"), ("2024-05-06 10:05", "b")], id="quote"),
        pytest.param(
            "- 13th May 2024, 10:00Z a\n- 25:61Z b\n", [("2024-05-13 10:00", "a"), ("unknown", "b")], id="impossible"
        ),
    ],
)
def test_a_timeline_is_found_in_each_form(tmp_path: Path, body: str, expected: list[tuple[str, str]]) -> None:
    assert rows(read(tmp_path, HEAD + body)) == expected


def test_a_list_of_times_is_a_timeline_without_its_heading(tmp_path: Path) -> None:
    text = "# 2024-05-06 Queue\n\n## Leadup\n\n- 10:00Z a\n- 10:05Z b\n- 10:07Z c\n"
    assert [event for _, event in rows(read(tmp_path, text))] == ["a", "b", "c"]


def test_due_dates_of_actions_are_no_timeline(tmp_path: Path) -> None:
    text = "# Queue\n\n## Action items\n\n- 2024-05-06: a\n- 2024-05-07: b\n- 2024-05-08: c\n"
    draft = read(tmp_path, text)
    assert (draft.events, len(draft.actions)) == ((), 3)


def test_a_zone_is_asked_for_and_never_assumed(tmp_path: Path) -> None:
    with pytest.raises(AnswerNeededError, match=r"report\.md:5") as caught:
        read(tmp_path, f"{HEAD}- 10:00 a\n")
    assert caught.value.option == "--zone"
    assert rows(read(tmp_path, f"{HEAD}- 10:00 a\n", zone="+02:00")) == [("2024-05-06 08:00", "a")]


def test_a_zone_of_several_meanings_is_asked_for(tmp_path: Path) -> None:
    text = f"{HEAD}All times in IST\n\n- 10:00 a\n"
    with pytest.raises(AnswerNeededError, match="India"):
        read(tmp_path, text)
    assert rows(read(tmp_path, text, zone="Asia/Kolkata")) == [("2024-05-06 04:30", "a")]


def test_a_zone_that_was_not_in_force_is_said(tmp_path: Path) -> None:
    draft = read(tmp_path, f"{HEAD}All times in PST\n\n- 10:00 a\n")
    assert any("PST was not in force" in sentence for sentence in draft.said)


def test_a_day_is_asked_for(tmp_path: Path) -> None:
    text = "# Queue\n\n## Timeline\n\n- 10:00Z a\n"
    with pytest.raises(AnswerNeededError) as caught:
        read(tmp_path, text)
    assert caught.value.option == "--date"
    assert rows(read(tmp_path, text, day=date(2024, 5, 6))) == [("2024-05-06 10:00", "a")]
    assert rows(read(tmp_path, text, name="2024-05-06-queue.md")) == [("2024-05-06 10:00", "a")]
    assert rows(read(tmp_path, f"---\ndate: 2024-05-06\n---\n{text}")) == [("2024-05-06 10:00", "a")]


def test_the_order_of_dates_is_asked_for(tmp_path: Path) -> None:
    text = "# Queue\n\n## Timeline\n\n03/04/2024 - a\n"
    with pytest.raises(AnswerNeededError) as caught:
        read(tmp_path, text)
    assert caught.value.option == "--date-order"
    assert rows(read(tmp_path, text, order="dmy")) == [("2024-04-03", "a")]


def test_what_does_not_fit_into_a_cell_is_a_detail(tmp_path: Path) -> None:
    draft = read(tmp_path, f"{HEAD}- 10:00Z a\n\n  ```\n  code\n  ```\n  - nested\n")
    assert "code" in draft.events[0].detail.written
    assert "- nested" in draft.events[0].detail.written


def test_the_original_text_of_a_time_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEAD}- 10:00 AM Pacific: a\n").events[0].moment.written == "10:00 AM Pacific"


def test_actions_have_their_state_owner_day_and_ticket(tmp_path: Path) -> None:
    text = (
        "# Queue\n\n## Action items\n\n"
        "- [x] Alert earlier https://x.test/issues/5\n- (Done) Drain\n- Owner: Ann Smith: write, by Jul 16, 2023\n"
        "### Process\n- [ ] @bob reviews\n"
    )
    actions = read(tmp_path, text).actions
    assert [action.status for action in actions] == ["done", "done", "", "open"]
    assert actions[0].ticket == "https://x.test/issues/5"
    assert (actions[2].owners, actions[2].due) == (("Ann Smith",), date(2023, 7, 16))
    assert actions[3].owners == ("bob",)
    assert actions[3].action.written.startswith("**Process**")


def test_actions_of_a_table_are_read_by_their_columns(tmp_path: Path) -> None:
    text = "# Q\n\n## Action items\n\n| Action item | Owner | Due | Bug |\n|---|---|---|---|\n| a | ann, bob | 2024-05-06 | 7 |\n"
    action = read(tmp_path, text).actions[0]
    assert (action.owners, action.due) == (("ann", "bob"), date(2024, 5, 6))
    assert "Bug: 7" in action.action.written


@pytest.mark.parametrize(
    ("title", "home"),
    [
        ("Root Causes", "root-cause"),
        ("Five Whys", "root-cause"),
        ("What went poorly", "did-not-go-well"),
        ("Lessons learnt", "takeaways"),
        (":man_raising_hand: Response", "containment"),
        ("Where we got lucky", ""),
    ],
)
def test_sections_of_other_templates_have_a_home(tmp_path: Path, title: str, home: str) -> None:
    assert [section.home for section in read(tmp_path, f"# Q\n\n## {title}\n\nText.\n").sections] == [home]


def test_bold_labels_are_headings(tmp_path: Path) -> None:
    text = "# Q\n\n- **Key events**\n  - Fault occurs 2020-08-04 13:30Z\n- **Impact**: pods failed\n- **Identified**: tests\n"
    draft = read(tmp_path, text)
    assert rows(draft) == [("2020-08-04 13:30", "Fault occurs")]
    assert [(kind, text.written) for kind, text in draft.impacts] == [("operational", "pods failed")]


def test_the_head_is_read_and_kept(tmp_path: Path) -> None:
    draft = read(tmp_path, "+++\ntitle = 'Queue'\ndate = 2024-05-06\n+++\nText.\n\n## Timeline\n\n- 10:00Z a\n")
    assert (draft.title, rows(draft)) == ("Queue", [("2024-05-06 10:00", "a")])
    assert "title = 'Queue'" in draft.unread[0].text


def test_a_head_that_is_nested_without_end_is_kept_as_text(tmp_path: Path) -> None:
    draft = read(tmp_path, f"+++\na = {'[' * 100_000}\n+++\n## Timeline\n\n- 2024-05-06 10:00Z a\n")
    assert rows(draft) == [("2024-05-06 10:00", "a")]


def test_files_beside_the_document_are_named(tmp_path: Path) -> None:
    draft = read(tmp_path, f"{HEAD}- 10:00Z ![shot](shots/1.png) [log](../a.log)\n\n[out](https://example.org)\n")
    assert "files beside the document, not copied: shots/1.png, ../a.log" in draft.said


def test_a_labelled_day_above_a_list_is_its_day(tmp_path: Path) -> None:
    text = "---\ndate: 2024-06-30\n---\n# Q\n\n## Timeline\n\nAll times are in UTC.\n\n**Date: 2024-05-07**\n\n- 10:00 fills\n"
    assert rows(read(tmp_path, text)) == [("2024-05-07 10:00", "fills")]


def test_a_day_and_a_zone_may_hold_for_all_unless_noted(tmp_path: Path) -> None:
    said = "Unless otherwise noted all of it happened on 2024-05-07, and all times are in\nUTC.\n\n"
    text = f"# Q\n\n## Timeline\n\n{said}- 2024-05-06 23:00: fills\n- 01:00: full\n- 02:00: drained\n"
    assert [time for time, _ in rows(read(tmp_path, text))] == [
        "2024-05-06 23:00",
        "2024-05-07 01:00",
        "2024-05-07 02:00",
    ]


@pytest.mark.parametrize("title", ["Timeline (all times approximate)", "Timeline. All times are estimates (UTC)"])
def test_times_that_a_document_calls_estimates_stay_estimates(tmp_path: Path, title: str) -> None:
    draft = read(tmp_path, f"# Q 2024-05-06\n\n## {title}\n\n- 10:00 UTC fills\n- 10:05 UTC full\n")
    assert [event.moment.is_estimate for event in draft.events] == [True, True]


def test_a_zone_that_was_not_in_force_is_said_once(tmp_path: Path) -> None:
    table = "| Time (PST) | Event |\n|---|---|\n| 10:00 | a |\n| 10:05 | b |\n| 10:09 | c |\n"
    doubts = [said for said in read(tmp_path, f"{HEAD.replace('05', '07')}{table}").said if "PDT" in said]
    assert len(doubts) == 1
    assert doubts[0].endswith("so are 2 more times, the last on line 9")


def test_items_between_labelled_ones_stay_one_list(tmp_path: Path) -> None:
    items = "- **Impact**: none\n- 10:00Z a\n- 10:05Z b\n- 10:07Z c\n- **Resolution**: it drained\n"
    assert [event for _, event in rows(read(tmp_path, f"# 2024-05-06 Queue\n\n{items}"))] == ["a", "b", "c"]


def test_key_events_stand_among_those_of_the_timeline(tmp_path: Path) -> None:
    key = "## Key events\n\n- Fault detected 2024-05-06 10:02 UTC\n- Resolved 2024-05-06 10:06 UTC\n\n"
    text = f"# Queue\n\n{key}## What happened, timeline\n\n- 2024-05-06 10:00Z a\n- 10:05Z b\n- 10:03Z c\n- 10:07Z d\n"
    found = [event for _, event in rows(read(tmp_path, text))]
    assert found == ["a", "Fault detected", "b", "c", "Resolved", "d"]  # c stays out of order, as it is written


def test_a_later_part_with_earlier_times_stays_where_it_is(tmp_path: Path) -> None:
    text = f"{HEAD}### 2024-05-07\n\n- 10:00Z a\n\n### 2024-05-06\n\n- 10:00Z b\n"
    assert [event for _, event in rows(read(tmp_path, text))] == ["a", "b"]


def test_single_clocks_below_days_are_events(tmp_path: Path) -> None:
    days = "## Sunday, March 31st, 2024\n\n- 06:20Z a\n\nText.\n\n- 08:00Z b\n\n## April 1st, 2024\n\n- 07:00Z c\n"
    assert rows(read(tmp_path, f"# Q\n\n{days}")) == [
        ("2024-03-31 06:20", "a"),
        ("2024-03-31 08:00", "b"),
        ("2024-04-01 07:00", "c"),
    ]


def test_days_of_an_overview_are_no_events_beside_a_timeline(tmp_path: Path) -> None:
    overview = "## Overview\n\n- **May 6** (20 min): a\n- **May 7** (5 min): b\n- **May 8** (9 min): c\n\n"
    text = f"# 2024-05-06 Q\n\n{overview}## Timeline\n\n- 10:00Z fills\n"
    assert [event for _, event in rows(read(tmp_path, text))] == ["fills"]


def test_an_hour_and_days_keep_their_precision(tmp_path: Path) -> None:
    body = "- 2024-05-06 14:?? UTC a\n- 2024-05-07 to 2024-05-08 b\n"
    assert [str(event.moment.precision) for event in read(tmp_path, HEAD + body).events] == ["hour", "day"]


def test_only_what_has_to_do_with_the_incident_starts_it(tmp_path: Path) -> None:
    draft = read(tmp_path, f"{HEAD}- 10:00Z Outage started\n- 10:05Z War room started\n")
    assert [event.milestone for event in draft.events] == ["Adverse activity started", ""]


def test_a_table_of_clocks_is_a_timeline_also_below_a_heading_for_actions(tmp_path: Path) -> None:
    text = (
        "# 2024-05-06 Queue\n\n## Immediate actions\n\n| Time (UTC) | Action |\n|---|---|\n| 10:00 | Hosts restarted |\n"
        "| ~10:05 | Queue drained |\n\n## Action items\n\n| Date | Action |\n|---|---|\n| 2024-06-01 | Alert earlier |\n"
    )
    draft = read(tmp_path, text)
    assert [event for _, event in rows(draft)] == ["Hosts restarted", "Queue drained"]
    assert len(draft.actions) == 1


def test_a_list_below_a_time_tells_its_event(tmp_path: Path) -> None:
    item = "- **Source:** mail\n- **Event:** Phishing mail arrives\n- **Impact:** none\n"
    draft = read(tmp_path, f"# 2024-05-06 Mail\n\n## Timeline\n\n**10:00Z**\n\n{item}\n**10:05Z** **Click**\n\n{item}")
    assert rows(draft) == [("2024-05-06 10:00", "Phishing mail arrives"), ("2024-05-06 10:05", "**Click**")]
    assert [event.detail.written.count("**") for event in draft.events] == [4, 6]


def test_owner_priority_and_status_of_an_action_are_read_where_they_stand(tmp_path: Path) -> None:
    items = (
        "**P0 — now**\n\n- [ ] Drain. Owner: Platform. Priority: high.\n- Alert (priority=low)\n\n"
        "### Later (In Progress)\n\n1. **Test it.** **Owner:** Security Lead. **Due:** 2026-01-10.\n"
        "2. Write it\n   - Owner: Ann Smith\n   - Priority: P3\n"
    )
    actions = read(tmp_path, f"# Q\n\n## Action items\n\n{items}").actions
    assert [action.owners for action in actions] == [("Platform",), (), ("Security Lead",), ("Ann Smith",)]
    assert [action.priority for action in actions] == ["high", "low", "", "P3"]
    assert [action.status for action in actions] == ["open", "", "in progress", "in progress"]
    assert actions[0].action.written.startswith("**P0 — now**")


def test_an_all_clear_is_no_severity(tmp_path: Path) -> None:
    draft = read(tmp_path, f"{HEAD}- 10:00Z All-clear declared\n- 10:05Z Incident declared\n")
    assert [event.milestone for event in draft.events] == ["", "Severity declared"]


def test_the_id_stands_once_in_the_title(tmp_path: Path) -> None:
    assert read(tmp_path, "---\nid: INC-7\n---\n# INC-7: Queue\n").title == "Queue"


def test_lines_of_code_below_a_timeline_are_its_events(tmp_path: Path) -> None:
    code = "```\n10:00 UTC - fills\n10:05 UTC - full of\n  old messages\n```\n\n```python\nprint(1)\n```\n"
    draft = read(tmp_path, HEAD + code)
    assert rows(draft) == [("2024-05-06 10:00", "fills"), ("2024-05-06 10:05", "full of old messages")]
    assert "print(1)" in page(draft).text


def test_a_month_or_a_week_needs_no_day(tmp_path: Path) -> None:
    body = (
        "| When | Event |\n|---|---|\n| 2026-02 (early) | first seen |\n| 2026-W38 | removed |\n| 2026-09-30 | told |\n"
    )
    draft = read(tmp_path, f"# Campaign\n\n## Timeline\n\n{body}")
    assert [time for time, _ in rows(draft)] == ["about 2026-02", "2026-09-14 to 2026-09-20", "2026-09-30"]
    assert draft.said == ()


def test_in_a_table_with_times_the_column_action_tells_the_event(tmp_path: Path) -> None:
    body = "| time | action | actor | notes |\n|---|---|---|---|\n| 10:00Z | host isolated | SOC | it had opened the mail |\n"
    assert rows(read(tmp_path, HEAD + body)) == [("2024-05-06 10:00", "host isolated")]


def test_a_moment_before_a_sign_is_a_milestone(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        f"{HEAD}- 10:00Z detected: by a probe\n- 10:05Z acknowledged / on-call engaged\n- 10:09Z later: more\n",
    )
    assert [event.milestone for event in draft.events] == ["Alert detected", "Alert validated", ""]


def test_what_the_fields_of_a_page_take_over_stays_as_written(tmp_path: Path) -> None:
    head = "**Incident ID:** [OPS-7](https://x.test/7)\n**Date:** 2024-05-10\n**Severity:** SEV-1\n"
    draft = read(tmp_path, f"# Queue of 2024-05-06\n\n{head}\n## Status\n\nOpen\n\n## Timeline\n\n- 10:00Z full\n")
    text = " ".join(page(draft).text.replace("\n% ", " ").split())  # its id is another, and its day the title's
    assert "https://x.test/7" in text
    assert "**Date:** 2024-05-10; **Severity:** SEV-1; Status: Open" in text


def test_a_group_of_actions_ends_where_other_text_follows(tmp_path: Path) -> None:
    items = "**P0 — now**\n\n- Drain\n\nWe also want:\n\n- Rest\n"
    actions = read(tmp_path, f"# Q\n\n## Action items\n\n{items}").actions
    assert [action.priority for action in actions] == ["P0", ""]
