"""``sphinx-postmortem actions``: what is said of actions and their tickets, and which cells change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.follow_trackers import actions
from sphinx_postmortem.core.checks import check_page, compare, read_settings, run_tickets
from sphinx_postmortem.core.imports.tracker_files import read_tickets
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState
from tests.imports.export_samples import INCIDENT_IO, source_of
from tests.imports.tracker_samples import GITHUB, GITLAB, JIRA

pytestmark = pytest.mark.usefixtures("warm_start")

TABLE = """\
:::{action-table}
| ID | Action            | Owner  | Due date   | Status | Ticket  |
|----|-------------------|--------|------------|--------|---------|
| A1 | Alert \\| uploads  | bofern | 2026-03-27 | open   | SEC-41  |
| A2 | Freeze forever    | ada    |            | done   | SEC-42  |
| A3 | Rotate tokens     | ada    |            | open   | SEC-99  |

:::
"""


def found(text, tickets, **settings):
    page = check_page("p.md", text, read_settings(settings))
    return run_tickets([page], compare([page], [("export.json", tickets)]), read_settings(settings))


def codes(text, tickets, **settings):
    return [(finding.code, finding.line) for finding in found(text, tickets, **settings) if not finding.suppressed]


def row(ticket, status="open", title="Ticket"):
    return f":::{{action-table}}\n| ID | Action | Status | {title} |\n|--|--|--|--|\n| A1 | x | {status} | {ticket} |\n\n:::\n"


DONE = Ticket(
    "acme/registry#12", "x", TicketState.DONE, "closed", "https://github.com/acme/registry/issues/12", ("#12",)
)


@pytest.mark.parametrize(
    "written",
    [
        "acme/registry#12",
        "#12",
        "[#12](https://github.com/acme/registry/issues/12)",
        "<https://github.com/Acme/registry/issues/12#issuecomment-1>",
        "see https://github.com/acme/registry/issues/12.",
        "`#12`",
    ],
)
def test_a_ticket_is_known_by_each_of_its_names(written):
    assert codes(row(written), [DONE]) == [("ticket-done", 4)]


@pytest.mark.parametrize("written", ["#120", "other/registry#12", "PR 12", ""])
def test_what_only_looks_like_its_name_is_no_ticket(written):
    assert codes(row(written), [DONE]) == [("ticket-untracked", 0)] or "ticket-gone" in dict(
        codes(row(written), [DONE])
    )


def test_a_short_name_that_two_projects_have_names_neither():
    other = Ticket("acme/site#12", "y", TicketState.DONE, "closed", names=("#12",))
    assert codes(row("#12"), [DONE, other]) == [("ticket-untracked", 0), ("ticket-untracked", 0)]


def test_a_key_in_an_address_of_another_host_names_its_ticket():
    jira = Ticket("SEC-41", "x", TicketState.DONE, "Done", "https://api.example/browse/SEC-41")
    assert codes(row("https://acme.atlassian.example/browse/SEC-41"), [jira]) == [("ticket-done", 4)]


def test_without_a_column_of_tickets_all_cells_are_looked_at():
    assert codes(row("SEC-41", title="Remarks"), [Ticket("SEC-41", "x", TicketState.DONE, "Done")]) == [
        ("ticket-done", 4)
    ]


def test_a_ticket_of_another_project_is_not_missed():
    assert ("ticket-gone", 4) in codes(row("SEC-9"), [Ticket("SEC-41", "x", TicketState.OPEN)])
    assert ("ticket-gone", 4) not in codes(row("OPS-9"), [Ticket("SEC-41", "x", TicketState.OPEN)])


def test_a_comment_excuses_a_finding_and_a_setting_turns_a_rule_off():
    ticket = Ticket("SEC-41", "x", TicketState.DONE, "Done")
    excused = "<!-- postmortem-check: ignore ticket-done: waits for the audit -->\n" + row("SEC-41")
    assert codes(excused, [ticket]) == []
    assert codes(row("SEC-41"), [ticket], checks={"ticket-done": "off"}) == []


def test_an_owner_is_known_by_the_names_of_the_register():
    ticket = Ticket("SEC-41", "x", TicketState.OPEN, assignees=(("Bo Fern", "bo@acme.example"),))
    text = row("SEC-41").replace("Action", "Owner").replace("| x |", "| detection |")
    owners = {"detection": {"name": "Detection", "contact": "mailto:bo@acme.example"}}
    assert codes(text, [ticket]) == [("ticket-owner", 4)]
    assert codes(text, [ticket], owners=owners) == []


@pytest.mark.parametrize(
    ("document", "states"),
    [
        (JIRA, ["done", "dropped"]),
        (GITHUB, ["done", "dropped"]),
        (GITLAB, ["done"]),
        (INCIDENT_IO, ["open", "dropped"]),
        ({"follow_ups": INCIDENT_IO["incidents"][0]["follow_ups"]}, ["open", "dropped"]),
    ],
)
def test_tickets_are_read_from_the_export_of_each_tracker(document, states, tmp_path):
    assert [t.state.value for t in read_tickets(source_of(tmp_path, "x.json", document)).tickets] == states


def test_the_default_list_of_github_is_noticed(tmp_path):
    issues = [{**GITHUB[0], "number": n, "state": "OPEN", "stateReason": "x"} for n in range(1, 31)]
    assert "--state all" in read_tickets(source_of(tmp_path, "gh.json", issues)).said[0]


def run(tmp_path: Path, *options: str, text: str | bytes = TABLE):
    page, export = tmp_path / "p.md", tmp_path / "jira.json"
    page.write_bytes(text if isinstance(text, bytes) else text.encode())
    export.write_text(json.dumps(JIRA))
    done = CliRunner().invoke(actions, [str(page), "--from", str(export), *options])
    return done, page.read_bytes().decode()


def test_the_report_names_line_ticket_and_what_to_do(tmp_path):
    done, text = run(tmp_path)
    assert done.exit_code == 1
    assert 'p.md:4: warning: the ticket SEC-41 is done (Done), the action is "open"; write done' in done.output
    assert "p.md:5: warning: the ticket SEC-42 was closed without being done (Closed (Won't Do))" in done.output
    assert "p.md:6: warning: the export does not hold the ticket SEC-99" in done.output
    assert text == TABLE


def test_sarif_names_the_rules(tmp_path):
    done, _ = run(tmp_path, "--format", "sarif")
    results = json.loads(done.output)["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["ticket-done", "ticket-owner", "ticket-dropped", "ticket-gone"]


@pytest.mark.parametrize("change", [lambda t: t, lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t])
def test_writing_changes_the_cell_alone(change, tmp_path):
    done, text = run(tmp_path, "--write", text=change(TABLE))
    assert text == change(TABLE.replace("| open   | SEC-41", "| done   | SEC-41"))
    assert '4: "open" is now "done" [ticket-done]' in done.output
    assert "1 cell written" in done.output


def test_a_cell_that_cannot_be_written_is_said(tmp_path):
    done, text = run(tmp_path, "--write", text=TABLE.replace("| open   | SEC-41", r"| open\|late | SEC-41"))
    assert r"| open\|late | SEC-41" in text
    assert "p.md:4: the cell" in done.output
    assert "0 cells written" in done.output


def test_writing_again_changes_nothing(tmp_path):
    _, once = run(tmp_path, "--write")
    done, twice = run(tmp_path, "--write", text=once)
    assert twice == once
    assert "0 cells written" in done.output


def test_a_due_date_fills_an_empty_cell_and_keeps_its_width(tmp_path):
    document = {"issues": [{**JIRA["issues"][0], "fields": {**JIRA["issues"][0]["fields"], "resolution": None}}]}
    document["issues"][0]["fields"]["status"] = {"name": "To do", "statusCategory": {"key": "new"}}
    page, export = tmp_path / "p.md", tmp_path / "jira.json"
    page.write_text(TABLE.replace("2026-03-27", " " * 10))
    export.write_text(json.dumps(document))
    CliRunner().invoke(actions, [str(page), "--from", str(export), "--write"])
    assert page.read_text() == TABLE.replace("2026-03-27", "2026-03-20")


def test_a_csv_file_is_written_too(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'ID,Action,Due date,Status,Ticket\r\nA1,"Alert, all",,open,SEC-41\r\n')
    done, _ = run(tmp_path, "--write", text=":::{action-table}\n:file: a.csv\n:::\n")
    assert (tmp_path / "a.csv").read_bytes() == b'ID,Action,Due date,Status,Ticket\r\nA1,"Alert, all",,done,SEC-41\r\n'
    assert "a.csv:2" in done.output


def test_a_file_that_is_no_tracker_is_a_sentence(tmp_path):
    page, export = tmp_path / "p.md", tmp_path / "x.json"
    page.write_text(TABLE)
    export.write_text("{}")
    done = CliRunner().invoke(actions, [str(page), "--from", str(export)])
    assert done.exit_code == 2
    assert "x.json" in done.output
