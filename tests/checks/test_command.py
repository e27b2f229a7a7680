"""``sphinx-postmortem check`` and the builder, on real sites."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main

BAD = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| ~01:14 | Alert, detected: 100% |\n:::\n"
INCIDENT = ":::{incident-summary} SEC-1\n:severity: SEV-4\n\nText.\n:::\n\n"
GOOD = "# Page\n\nNo incident here.\n"


@pytest.fixture
def source(tmp_path):
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_postmortem"]\nexclude_patterns = ["old"]\n')
    (tmp_path / "index.md").write_text(GOOD)
    (tmp_path / "a.md").write_text("# A\n\n" + BAD)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "b.md").write_text(BAD)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


def test_text_names_file_line_severity_and_code(source):
    done = run(source)
    assert done.exit_code == 1
    assert f"{source}/a.md:6: error: " in done.output
    assert "[time-estimate]" in done.output
    assert "old/b.md" not in done.output


def test_a_clean_page_exits_with_0(source):
    assert run(source, source / "index.md").exit_code == 0


def test_only_the_named_files_are_checked(source):
    assert "1 page checked" in run(source, source / "index.md").output


def test_a_file_is_found_below_the_source_folder(source):
    assert run(source, "a.md").exit_code == 1


@pytest.mark.parametrize(
    "conf", ["1/0\n", 'postmortem_checks = {"x": "off"}\n', 'postmortem_today = "soon"\n', "postmortem_people = 3\n"]
)
def test_a_bad_configuration_exits_with_2(source, conf):
    (source / "conf.py").write_text(conf)
    assert run(source).exit_code == 2


def test_a_missing_file_exits_with_2(source):
    assert run(source, "no.md").exit_code == 2


def test_fail_on_sets_the_least_severity(source):
    (source / "conf.py").write_text('postmortem_checks = {"time-estimate": "note"}\n')
    (source / "a.md").write_text(f"---\npostmortem-checks:\n  summary-missing: off\n---\n\n{BAD}")
    others = ["root-cause-missing", "factor-missing", "actions-missing", "section-missing"]
    (source / "conf.py").write_text(f"postmortem_checks = {dict.fromkeys([*others, 'time-estimate'], 'note')}\n")
    assert run(source, "a.md").exit_code == 0
    assert run(source, "a.md", "--fail-on", "note").exit_code == 1


def test_json_holds_every_finding(source):
    data = json.loads(run(source, "--format", "json").output)
    found = next(item for item in data["findings"] if item["code"] == "time-estimate")
    assert (found["line"], found["severity"], found["suppressed"]) == (6, "error", "")
    assert data["summary"]["error"] == sum(item["severity"] == "error" for item in data["findings"])


def test_sarif_names_rules_places_and_reasons(source):
    text = "<!-- postmortem-check: ignore time-estimate: the log was lost -->\n" + BAD
    (source / "a.md").write_text(text)
    run_ = json.loads(run(source, "--format", "sarif").output)["runs"][0]
    result = next(item for item in run_["results"] if item["ruleId"] == "time-estimate")
    assert result["suppressions"] == [{"kind": "inSource", "justification": "the log was lost"}]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}
    assert {item["ruleId"] for item in run_["results"]} <= {rule["id"] for rule in run_["tool"]["driver"]["rules"]}


def test_github_annotations_are_escaped(source):
    (source / "conf.py").write_text('postmortem_people = {"deny": ["Jane, 100%"]}\n')
    (source / "a.md").write_text(INCIDENT + "Jane, 100% did it.\n")
    line = next(x for x in run(source, "--format", "github").output.splitlines() if "person-name" in x)
    assert line.startswith("::error file=")
    assert "title=postmortem.person-name::Jane, 100%25 is named" in line


def test_the_register_is_checked_on_whole_sites(source):
    (source / "conf.py").write_text('postmortem_register = "register.csv"\n')
    (source / "register.csv").write_text("id,severity,date\nSEC-1,SEV-1,2026-03-02\nSEC-2,SEV-1,2026-03-02\n")
    (source / "a.md").write_text(INCIDENT)
    lines = [line for line in run(source).output.splitlines() if "register-missing" in line]
    assert len(lines) == 1
    assert "register.csv:3: error: SEC-2" in lines[0]


def test_a_deadline_that_has_not_passed_is_no_finding(source):
    (source / "conf.py").write_text('postmortem_register = "register.csv"\npostmortem_today = "2026-03-20"\n')
    (source / "register.csv").write_text("id,severity,date\nSEC-2,SEV-1,2026-03-02\n")
    assert "register-missing" not in run(source).output


def test_builds_warn_of_errors_where_asked(site):
    made = site({"index.md": "# T\n\n" + INCIDENT + "The engineer forgot it: 203.0.113.7.\n\n" + BAD})
    assert "postmortem.time-estimate" not in made.build(warnings=True).warnings
    said = made.build(warnings=True, postmortem_check_builds=True).warnings
    assert "index.md:14: WARNING" in said
    assert "[postmortem.time-estimate]" in said
    assert "blame-person" not in said


def test_filtered_builds_say_nothing_of_the_source(site):
    made = site({"index.md": "# T\n\n" + INCIDENT + ":::{internal-only}\n## S\n\n" + "Jane did it.\n:::\n"})
    settings = {"postmortem_check_builds": True, "postmortem_people": {"deny": ["Jane"]}}
    assert "Jane" in made.build(warnings=True, **settings).warnings
    made.build("public", **settings)


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


LEAK = "# T\n\n" + INCIDENT.replace("Text.", "Traffic went to 203.0.113.7.")


def test_builds_warn_of_errors_only_when_told_to(site):
    from sphinx_postmortem.sphinx_ext.settings import OPTIONS

    assert next(option for option in OPTIONS if option.name == "check_builds").default is False
    made = site({"index.md": LEAK})
    assert "[postmortem.executive-ip]" in made.build(warnings=True, postmortem_check_builds=True).warnings
    made.build(postmortem_check_builds=False)


def test_a_filtered_build_judges_what_it_shows(site):
    hidden = "::::{internal-only}\n:::{root-cause}\nHuman error.\n:::\n::::\n"
    made = site({"index.md": LEAK + hidden})
    assert "[postmortem.human-error]" in made.build(warnings=True, postmortem_check_builds=True).warnings
    said = made.build("leadership", warnings=True, postmortem_check_builds=True).warnings
    assert "the IP address 203.0.113.7" in said
    assert "human-error" not in said
    assert "missing" not in said


def test_a_suppression_holds_in_filtered_builds(site):
    comment = "<!-- postmortem-check: ignore-page executive-ip: a documentation address -->\n\n"
    site({"index.md": comment + LEAK}).build("leadership", postmortem_check_builds=True)


def test_warnings_of_builds_can_be_suppressed(site):
    made = site({"index.md": ":::{incident-summary} SEC-1\n:status: draft\n\nTraffic went to 203.0.113.7.\n:::\n"})
    settings = {"postmortem_check_builds": True, "suppress_warnings": ["postmortem.executive-ip"]}
    assert "executive-ip" not in made.build(warnings=True, **settings).warnings


def test_a_draft_builds_without_warnings(site):
    draft = "# T\n\n:::{incident-summary} SEC-1\n:status: draft\n\nWork has begun.\n:::\n\n## What went well\n\nTBD\n"
    site({"index.md": draft}).build(postmortem_check_builds=True)


def test_an_edit_checks_only_the_pages_it_touches(site):
    made = site({"index.md": LEAK + "\n```{toctree}\nb\n```\n", "b.md": "# B\n\nText.\n"})
    made.build(warnings=True, postmortem_check_builds=True)
    made.write({"b.md": "# B\n\nMore text.\n"})
    assert "executive-ip" not in made.build(warnings=True, keep=True, postmortem_check_builds=True).warnings
