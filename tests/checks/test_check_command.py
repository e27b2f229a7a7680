"""``sphinx-postmortem check`` and the builder, on real sites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main
from tests.shapes import assert_documented

pytestmark = pytest.mark.usefixtures("warm_start")

BAD = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| ~01:14 | Alert, detected: 100% |\n:::\n"
INCIDENT = ":::{incident-summary} SEC-1\n:severity: SEV-4\n\nText.\n:::\n\n"
EXAMPLE = Path(__file__).parents[2] / "example_site"
GOOD = "# Page\n\nNo incident here.\n"


@pytest.fixture
def source(tmp_path):
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_postmortem"]\nexclude_patterns = ["old"]\n')
    (tmp_path / "index.md").write_text(GOOD)
    (tmp_path / "a.md").write_text("# A\n\n" + BAD)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "b.md").write_text(BAD)
    return tmp_path


def check(*arguments):
    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


def test_text_names_file_line_severity_and_code(source):
    done = check(source)
    assert done.exit_code == 1
    assert f"{source}/a.md:6: error: " in done.output
    assert "[time-estimate]" in done.output
    assert "old/b.md" not in done.output


def test_a_clean_page_exits_with_0(source):
    assert check(source, source / "index.md").exit_code == 0


def test_only_the_named_files_are_checked(source):
    assert "1 page checked" in check(source, source / "index.md").output


def test_a_file_is_found_below_the_source_folder(source):
    assert check(source, "a.md").exit_code == 1


@pytest.mark.parametrize(
    "conf", ["1/0\n", 'postmortem_checks = {"x": "off"}\n', 'postmortem_today = "soon"\n', "postmortem_people = 3\n"]
)
def test_a_bad_configuration_exits_with_2(source, conf):
    (source / "conf.py").write_text(conf)
    assert check(source).exit_code == 2


def test_a_missing_file_exits_with_2(source):
    assert check(source, "no.md").exit_code == 2


def test_fail_on_sets_the_least_severity(source):
    (source / "conf.py").write_text('postmortem_checks = {"time-estimate": "note"}\n')
    (source / "a.md").write_text(f"---\npostmortem-checks:\n  summary-missing: off\n---\n\n{BAD}")
    others = ["root-cause-missing", "factor-missing", "actions-missing", "section-missing"]
    (source / "conf.py").write_text(f"postmortem_checks = {dict.fromkeys([*others, 'time-estimate'], 'note')}\n")
    assert check(source, "a.md").exit_code == 0
    assert check(source, "a.md", "--fail-on", "note").exit_code == 1


def test_json_holds_every_finding(source):
    data = json.loads(check(source, "--format", "json").output)
    assert_documented(data, "check --format json")
    found = next(item for item in data["findings"] if item["code"] == "time-estimate")
    assert (found["line"], found["severity"], found["suppressed"]) == (6, "error", "")
    assert data["summary"]["error"] == sum(item["severity"] == "error" for item in data["findings"])


def test_sarif_names_rules_places_and_reasons(source):
    text = "<!-- postmortem-check: ignore time-estimate: the log was lost -->\n" + BAD
    (source / "a.md").write_text(text)
    run_ = json.loads(check(source, "--format", "sarif").output)["runs"][0]
    result = next(item for item in run_["results"] if item["ruleId"] == "time-estimate")
    assert result["suppressions"] == [{"kind": "inSource", "justification": "the log was lost"}]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}
    assert {item["ruleId"] for item in run_["results"]} <= {rule["id"] for rule in run_["tool"]["driver"]["rules"]}


def test_github_annotations_are_escaped(source):
    (source / "conf.py").write_text('postmortem_people = {"deny": ["Jane, 100%"]}\n')
    (source / "a.md").write_text(INCIDENT + "Jane, 100% did it.\n")
    line = next(x for x in check(source, "--format", "github").output.splitlines() if "person-name" in x)
    assert line.startswith("::error file=")
    assert "title=postmortem.person-name::Jane, 100%25 is named" in line


def test_the_register_is_checked_on_whole_sites(source):
    (source / "conf.py").write_text('postmortem_register = "register.csv"\n')
    (source / "register.csv").write_text("id,severity,date\nSEC-1,SEV-1,2026-03-02\nSEC-2,SEV-1,2026-03-02\n")
    (source / "a.md").write_text(INCIDENT)
    lines = [line for line in check(source).output.splitlines() if "register-missing" in line]
    assert len(lines) == 1
    assert "register.csv:3: error: SEC-2" in lines[0]


def test_a_deadline_that_has_not_passed_is_no_finding(source):
    (source / "conf.py").write_text('postmortem_register = "register.csv"\npostmortem_today = "2026-03-20"\n')
    (source / "register.csv").write_text("id,severity,date\nSEC-2,SEV-1,2026-03-02\n")
    assert "register-missing" not in check(source).output


def test_the_builder_writes_its_reports(site):
    built = site({"index.md": "# T\n\n" + INCIDENT + BAD}).build(builder="postmortem-check", warnings=True)
    assert "[postmortem.time-estimate]" in built.warnings
    assert json.loads(built.read("postmortem-check.json"))["pages"] == 1
    assert json.loads(built.read("postmortem-check.sarif"))["version"] == "2.1.0"
    assert "time-estimate" in built.read("postmortem-check.txt")


def test_front_matter_and_comments_build_without_warning(site):
    head = "---\npostmortem-checks:\n  time-slip: off\npostmortem-waived: [Timeline]\n---\n\n# T\n\n"
    comment = "<!-- postmortem-check: ignore blame-word: a quotation -->\nA careless thing.\n"
    site({"index.md": head + INCIDENT + comment}).build()


def test_a_baseline_leaves_new_findings_only(source):
    (source / "a.md").write_text(INCIDENT + BAD)
    done = check(source, "--write-baseline", source / "known.json")
    assert 'postmortem_check_baseline = "known.json"' in done.output
    (source / "conf.py").write_text('postmortem_check_baseline = "known.json"\nexclude_patterns = ["old"]\n')
    assert check(source).exit_code == 0
    # Lines may move; what is new counts.
    (source / "a.md").write_text("# A\n\n" + INCIDENT + BAD + "\nThe admin forgot it.\n")
    done = check(source)
    assert [line for line in done.output.splitlines() if "blame-person" in line]
    assert "time-estimate" not in done.output


def test_a_baseline_keeps_nothing_that_a_comment_excuses(source):
    (source / "a.md").write_text("<!-- postmortem-check: ignore time-estimate: the log was lost -->\n" + BAD)
    check(source, "--write-baseline", source / "known.json")
    assert "time-estimate" not in (source / "known.json").read_text()


def test_a_baseline_is_that_of_the_whole_site(source):
    assert check(source, source / "a.md", "--write-baseline", source / "known.json").exit_code == 2


def test_known_findings_are_in_the_reports_with_their_reason(source):
    (source / "a.md").write_text(BAD)
    check(source, "--write-baseline", source / "known.json")
    (source / "conf.py").write_text('postmortem_check_baseline = "known.json"\nexclude_patterns = ["old"]\n')
    results = json.loads(check(source, "--format", "sarif").output)["runs"][0]["results"]
    assert results
    assert all(item["suppressions"][0]["kind"] == "external" for item in results)


def test_the_example_site_has_no_errors_and_warnings():
    done = check(EXAMPLE)
    assert done.exit_code == 0, done.output
    assert "0 errors, 0 warnings" in done.output


def test_a_csv_below_the_source_folder_is_named_by_its_path(source):
    (source / "data").mkdir()
    (source / "data" / "e.csv").write_text("Time (UTC),Event\naround 2,Alert detected\n")
    (source / "a.md").write_text(":::{timeline}\n:file: /data/e.csv\n:::\n")
    assert f"{source}/data/e.csv:2: error: " in check(source).output


def test_two_incidents_with_one_id_are_found(source):
    (source / "a.md").write_text(INCIDENT)
    (source / "b.md").write_text(INCIDENT)
    assert 'b.md:1: error: the incident id "SEC-1" is already used in a, line 1' in check(source).output
