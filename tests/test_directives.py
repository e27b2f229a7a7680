"""The directives: what they show, what they note, and what they say to bad input."""

from __future__ import annotations

import pytest
from docutils import nodes

from sphinx_postmortem.sphinx_ext.records.domain import domain_of

SUMMARY = """# SEC-1: Title of it

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: sev-1
:type: Security
:status: in-review
:tlp: TLP:AMBER
:customer-impact: None: *no* data; issue #12 stays
:operational-impact: Frozen.
:regulatory-impact: None.

Executive *summary*.
:::
"""
HEAD = "# T\n\n:::{incident-summary} SEC-1\nText.\n:::\n\n"
ACTIONS = """
:::{action-table}
| Status | Due date | Action | ID | Owner | Ticket |
|---|---|---|---|---|---|
| open | 2026-03-20 | Use `a\\|b` and [link](https://example.com) | A1 | team-b | T-1 |
| done | 2026-03-10 | Second | A2 | team-a, team-b | T-2 |
:::
"""


def test_summary_shows_every_field_and_the_text(site):
    text = site({"index.md": SUMMARY}).build(builder="text").read("index.txt")
    for part in ("2026-03-02", "SEV-1", "Security", "in review", "TLP:AMBER", "Frozen.", "Executive *summary*."):
        assert part in text
    assert "None: *no* data; issue #12 stays" in text


def test_summary_is_noted_as_a_plain_record(site):
    built = site({"index.md": SUMMARY}).build()
    incident = domain_of(built.app.env).knowledge.incidents[0]
    assert (incident.id, incident.severity, incident.tlp, incident.status) == ("SEC-1", "SEV-1", "AMBER", "in-review")
    assert incident.title == "SEC-1: Title of it"
    assert incident.summary == "Executive summary."


def test_milestones_give_durations_with_both_ends_named(site):
    rows = "".join(
        f"| 2026-03-02 {time} | {event} |\n"
        for time, event in [
            ("01:14", "**Alert detected** by the registry"),
            ("02:57", "Containment executed: token revoked"),
        ]
    )
    page = HEAD + ":::{timeline}\n| TIME (UTC) | event |\n|--|--|\n" + rows + ":::\n"
    text = site({"index.md": page}).build(builder="text").read("index.txt")
    assert "Alert detected to Containment executed: 1 h 43 min" in text


def test_unknown_milestone_gives_an_unknown_duration(site):
    rows = "| unknown | Alert detected |\n| 2026-03-02 02:57 | Containment executed |\n"
    page = HEAD + ":::{timeline}\n| Time | Event |\n|--|--|\n" + rows + ":::\n"
    assert "Containment executed: unknown" in site({"index.md": page}).build(builder="text").read("index.txt")


def test_own_milestones_and_durations(site):
    conf = 'postmortem_milestones = ["Seen", "Gone"]\npostmortem_durations = [("Time to go", "Seen", "Gone")]'
    page = (
        HEAD
        + ":::{timeline}\n| Time | Event |\n|--|--|\n| 2026-01-01 00:00 | Seen |\n| 2026-01-03 03:00 | Gone |\n:::\n"
    )
    assert "Seen to Gone: 2 d 3 h" in site({"index.md": page}, conf).build(builder="text").read("index.txt")


def test_offset_is_converted_and_the_original_shown(site):
    page = HEAD + ":::{timeline}\n| Time | Event |\n|--|--|\n| 2026-03-02T01:14:00+02:00 | x |\n:::\n"
    table = next(iter(site({"index.md": page}).build().doctree().findall(nodes.table)))
    assert "2026-03-01 23:14:00 (written 2026-03-02T01:14:00+02:00)" in table.astext()


def test_cells_are_inline_markup_and_unknown_columns_stay(site):
    page = site({"index.md": HEAD + ACTIONS}).build().read("index.html")
    assert '<span class="pre">a|b</span>' in page
    assert 'href="https://example.com"' in page
    assert "T-2" in page


@pytest.mark.parametrize(
    ("stated", "is_shown"), [("day", False), ("Day", False), ("day, by the calendar", True), ("about", True)]
)
def test_a_column_of_precision_is_shown_where_it_says_more_than_the_time(site, stated, is_shown):
    rows = f"| 2026-03-02 | {stated} | A day |\n| 2026-03-03 01:14 | | Exact |\n"
    table = f":::{{timeline}}\n| Time (UTC) | Precision | Event |\n|---|---|---|\n{rows}\n:::\n"
    text = next(iter(site({"index.md": HEAD + table}).build().doctree().findall(nodes.table))).astext()
    assert "day only" in text or stated == "about"
    assert ("Precision" in text) is is_shown


def test_titles_may_hold_markup_and_the_mark_of_a_footnote(site):
    table = ":::{timeline}\n| `Time` (UTC)[^1] | **Event** |\n|---|---|\n| 2026-03-02 01:14 | a |\n\n:::\n\n[^1]: By the log.\n"
    built = site({"index.md": HEAD + table}).build()
    assert "footnote-reference" in built.read("index.html").partition("<tbody>")[0]
    assert "not referenced" not in built.warnings


def test_actions_are_found_in_any_column_order(site):
    built = site({"index.md": HEAD + ACTIONS}).build()
    first, second = domain_of(built.app.env).knowledge.actions
    assert (first.full_id, first.owners, first.due.isoformat(), first.status) == (
        "SEC-1/A1",
        ("team-b",),
        "2026-03-20",
        "open",
    )
    assert second.owners == ("team-a", "team-b")
    assert second.other == (("Ticket", "T-2"),)


def test_action_without_id_gets_one_from_its_text_alone(site):
    table = ":::{action-table}\n| Action | Owner |\n|--|--|\n| First | x |\n| Do it | x |\n:::\n\n"
    other = ":::{action-table}\n| Owner | Action |\n|--|--|\n| y | do  IT |\n:::\n"
    files = {"index.md": HEAD + table, "b.md": "---\norphan: true\n---\n" + HEAD.replace("SEC-1", "SEC-2") + other}
    built = site(files).build()
    ids = [action.local_id for action in domain_of(built.app.env).knowledge.actions]
    assert ids[0] == ids[2] != ids[1]
    assert ids[0].startswith("a-")


@pytest.mark.parametrize("role", ["incident", "postmortem:incident"])
def test_roles_link_to_the_incident(site, role):
    files = {
        "index.md": f"# T\n\n{{{role}}}`sec-1` {{{role}}}`words <SEC-1>`\n\n```{{toctree}}\nother\n```\n",
        "other.md": SUMMARY,
    }
    page = site(files).build().read("index.html")
    assert page.count('href="other.html#pm-incident-sec-1"') == 2
    assert ">SEC-1<" in page
    assert ">words<" in page


@pytest.mark.parametrize("target", ["SEC-1/A1", "sec-1/a1", "SEC-1#A1", "SEC-1:A1"])
def test_action_role_finds_the_row(site, target):
    built = site({"index.md": HEAD + ACTIONS + f"\n{{action}}`{target}`\n"}).build()
    assert 'href="#pm-action-sec-1-a1"' in built.read("index.html")


def test_owner_links_to_the_index_and_back(site):
    files = {
        "index.md": HEAD + ACTIONS + "\n{owner}`team-b`\n\n```{toctree}\nactions\n```\n",
        "actions.md": "# A\n\n:::{actions-by-owner}\n:::\n",
    }
    built = site(files).build()
    assert built.read("index.html").count('href="actions.html#pm-owner-team-b"') == 3
    index = built.read("actions.html")
    assert 'id="pm-owner-team-b"' in index
    assert 'href="index.html#pm-action-sec-1-a1"' in index


def test_index_lists_overdue_first_then_by_due_date_then_done(site):
    rows = "".join(
        f"| {id} | x | team | {due} | {status} |\n"
        for id, due, status in [
            ("D", "2026-01-01", "done"),
            ("L", "2026-12-01", "open"),
            ("O", "2026-02-01", "open"),
            ("E", "2026-11-30", "open"),
        ]
    )
    page = (
        HEAD
        + ":::{action-table}\n| ID | Action | Owner | Due date | Status |\n|--|--|--|--|--|\n"
        + rows
        + ":::\n\n:::{actions-by-owner}\n:::\n"
    )
    built = site({"index.md": page}, 'postmortem_today = "2026-11-24"').build()
    open_, done = list(built.doctree().findall(nodes.table))[-2:]
    ids = [[row[1].astext().rpartition("/")[2] for row in table.findall(nodes.row)][1:] for table in (open_, done)]
    assert ids == [["O", "E", "L"], ["D"]]
    assert "296 days overdue" in open_.astext()
    assert "in 6 days" in open_.astext()
    assert "<details" in built.read("index.html")


def test_overview_counts_the_actions_of_each_owner_and_links_to_them(site):
    page = HEAD + ACTIONS + "\n```{toctree}\nactions\n```\n\n:::{actions-by-owner}\n:overview:\n:::\n"
    files = {"index.md": page, "actions.md": "# A\n\n:::{actions-by-owner}\n:::\n"}
    built = site(files, 'postmortem_today = "2026-11-24"').build()
    table = list(built.doctree().findall(nodes.table))[-1]
    counts = [[entry.astext() for entry in row[:4]] for row in table.findall(nodes.row)]
    assert counts[1:] == [["team-b", "1", "1", "1"], ["team-a", "0", "0", "1"], ["All actions", "1", "1", "1"]]
    assert 'href="actions.html#pm-owner-team-a"' in built.read("index.html")


def test_columns_have_classes_that_style_sheets_can_name(site):
    page = site({"index.md": HEAD + ACTIONS}).build().read("index.html")
    assert 'class="pm-col-due-date"' in page


def test_csv_in_place_of_the_body(site):
    files = {
        "sub/page.md": HEAD + ":::{timeline}\n:file: events.csv\n:::\n",
        "sub/events.csv": "Time,Event\n2026-03-02 01:14,Alert detected\n",
        "index.md": "# T\n\n```{toctree}\nsub/page\n```\n",
    }
    assert "Alert detected" in site(files).build().read("sub/page.html")


BAD = {
    "missing id": ("# T\n\n:::{incident-summary}\n\nText.\n:::\n", "missing-id", 3),
    "bad date": ("# T\n\n:::{incident-summary} S-1\n:date: 2026-02-31\n\nText.\n:::\n", "bad-date", 4),
    "white": ("# T\n\n:::{incident-summary} S-1\n:tlp: WHITE\n\nText.\n:::\n", "bad-value", 4),
    "unknown option": ("# T\n\n:::{incident-summary} S-1\n:severty: SEV-1\n\nText.\n:::\n", "unknown-option", 4),
    "missing header": (HEAD + ":::{timeline}\n| a | b |\n| c | d |\n:::\nText.\n", "malformed-table", 8),
    "missing column": (HEAD + ":::{timeline}\n| Time | Room |\n|--|--|\n| 2026-01-01 00:00 | Text. |\n:::\n", "missing-column", 7),
    "bad time": (HEAD + ":::{timeline}\n| Time | Event |\n|--|--|\n| early | Text. |\n:::\n", "time-estimate", 10),
    "bad zone": (HEAD + ":::{timeline}\n| Time (IST) | Event |\n|--|--|\n| 2026-01-01 00:00 | Text. |\n:::\n", "time-not-utc", 7),
    "no incident": ("# T\n\nText.\n\n:::{timeline}\n| Time | Event |\n|--|--|\n| 2026-01-01 00:00 | x |\n:::\n", "summary-missing", 5),
    "missing file": (HEAD + ":::{timeline}\n:file: none.csv\n:::\n", "bad-file", 7),
    "outside": (HEAD + ":::{timeline}\n:file: ../../../etc/passwd\n:::\n", "bad-file", 7),
    "duplicate action": (HEAD + ":::{action-table}\n| ID | Action | Owner |\n|--|--|--|\n| A1 | x | t |\n| A1 | y | t |\n:::\n", "action-duplicate", 11),
    "bad due": (HEAD + ":::{action-table}\n| Action | Owner | Due date |\n|--|--|--|\n| x | t | soon |\n:::\n", "bad-date", 10),
    "unknown incident": (HEAD + "{incident}`NO-1`\n", "unknown-reference", 7),
    "order": (HEAD + ":::{timeline}\n| Time | Event |\n|--|--|\n| 2026-01-02 00:00 | Alert detected |\n| 2026-01-01 00:00 | Recovery completed |\n:::\n", "milestone-order", 11),
    "empty": (HEAD + ":::{root-cause}\n:::\n", "empty-directive", 7),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_reported_with_file_line_and_code_and_the_page_stays(site, case):
    text, code, line = BAD[case]
    built = site({"index.md": text}).build(warnings=True)
    found = [said for said in built.warnings.splitlines() if f"[postmortem.{code}]" in said]
    assert len(found) == 1
    assert f"index.md:{line}: WARNING: " in found[0]
    assert "Text." in built.read("index.html")


def test_a_warning_can_be_suppressed_by_its_code(site):
    source = site({"index.md": BAD["white"][0]}, 'suppress_warnings = ["postmortem.bad-value"]')
    source.build()


def test_duplicate_incident_ids_are_both_kept_and_reported(site):
    files = {"index.md": "# T\n\n```{toctree}\na\nb\n```\n", "a.md": SUMMARY, "b.md": SUMMARY.replace("sev-1", "sev-2")}
    built = site(files).build(warnings=True)
    assert 'b.md:3: WARNING: the incident id "SEC-1" is already used in a, line 3' in built.warnings
    assert len(domain_of(built.app.env).knowledge.incidents) == 2


def test_ids_in_any_script_have_their_own_anchors(site):
    page = "# T\n\n" + "".join(
        f":::{{incident-summary}} {name}\nText.\n:::\n\n" for name in ("Инцидент-1", "Инцидент-2", "事件一")
    )
    built = site({"index.md": page}).build()
    anchors = {incident.anchor for incident in domain_of(built.app.env).knowledge.incidents}
    assert len(anchors) == 3
    assert all(f'id="{anchor}"' in built.read("index.html") for anchor in anchors)


def test_two_equal_rows_have_their_own_anchors(site):
    rows = "| 2026-03-02 01:14 | Alert detected |\n" * 3
    built = site({"index.md": HEAD + f":::{{timeline}}\n| Time | Event |\n|---|---|\n{rows}:::\n"}).build()
    assert len({event.anchor for event in domain_of(built.app.env).knowledge.events}) == 3


def test_a_header_in_bold_is_shown_as_it_is_meant(site):
    table = ":::{timeline}\n| **Time (UTC)** | `Event` | _Audience_ |\n|---|---|---|\n| unknown | Seen | |\n"
    table += "| unknown | Hidden | internal |\n:::\n"
    source = site({"index.md": HEAD + table})
    assert "**" not in source.build(builder="text").read("index.txt")
    assert "Hidden" not in source.build("leadership", builder="text").read("index.txt")
