"""``init`` and ``new``: from nothing to a site that builds, and what is said when something is in the way."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sphinx_postmortem.cli.bounded_templates import render_bounded
from sphinx_postmortem.cli.main import main
from sphinx_postmortem.cli.new import as_heading, guess_pattern, next_id
from sphinx_postmortem.cli.site import SiteError
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")
AUDIENCES = ("--audiences", "internal,leadership,public")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    assert run("init", tmp_path / "kb", "--theme", "alabaster", *AUDIENCES).exit_code == 0
    return tmp_path / "kb"


def show_drafts(library: Path) -> None:
    """Let all editions show drafts, and the public what is AMBER."""
    with (library / "conf.py").open("a", encoding="utf-8") as file:
        file.write('postmortem_edition_statuses = {"leadership": ["draft"], "public": ["draft"]}\n')
        file.write('postmortem_edition_ceilings = {"public": "AMBER"}\n')


def test_a_new_postmortem_is_a_draft_in_the_first_edition_alone(library, tmp_path):
    run("new", library, "--title", "Stolen token", "--date", "2026-03-02")
    built = run("build", library, tmp_path / "out", "--edition", "leadership", "--fail-on-warning")
    assert built.exit_code == 0, built.output
    published = [path for path in (tmp_path / "out/leadership").rglob("*") if path.is_file()]
    assert all(b"Stolen token" not in path.read_bytes() for path in published)


def test_three_commands_lead_to_editions_without_warning(library, tmp_path):
    assert run("new", library, "--title", "Stolen token", "--date", "2026-03-02").exit_code == 0
    show_drafts(library)
    built = run("build", library, tmp_path / "out", "--fail-on-warning")
    assert built.exit_code == 0, built.output
    internal = (tmp_path / "out/internal/html/incidents/2026/sec-2026-001.html").read_text(encoding="utf-8")
    leadership = (tmp_path / "out/leadership/html/incidents/2026/sec-2026-001.html").read_text(encoding="utf-8")
    public = (tmp_path / "out/public/html/incidents/2026/sec-2026-001.html").read_text(encoding="utf-8")
    assert "Technical details" in internal
    assert "Technical details" not in leadership
    assert "The technical details are kept internal." in leadership
    assert "The leadership summary is being written." in leadership
    assert "The leadership summary is being written." not in public
    assert "TODO" not in internal
    register = (tmp_path / "out/leadership/html/incidents/index.html").read_text(encoding="utf-8")
    assert "SEC-2026-001: Stolen token" in register


@pytest.mark.parametrize(
    ("audiences", "marked"),
    [
        (["responders", "engineering", "executives", "customers"], "executives"),
        (["board", "leadership"], "leadership"),
        (["staff"], "staff"),
    ],
)
def test_the_leadership_summary_is_for_an_audience_that_the_site_has(tmp_path, audiences, marked):
    (tmp_path / "conf.py").write_text(f"postmortem_audiences = {audiences}\n")
    text = run("new", tmp_path, "--title", "x", "--stdout").output
    assert f":::{{audience}} {marked}\n" in text


def test_landing_page_of_a_new_knowledge_base_shows_the_latest_incident_and_what_is_due(library, tmp_path):
    empty = run("build", library, tmp_path / "empty", "--edition", "public", "--fail-on-warning")
    assert empty.exit_code == 0, empty.output
    assert "No incident so far." in (tmp_path / "empty/public/html/index.html").read_text(encoding="utf-8")
    run("new", library, "--title", "Stolen token", "--date", "2026-03-02")
    show_drafts(library)
    run("build", library, tmp_path / "out", "--edition", "leadership")
    landing = (tmp_path / "out/leadership/html/index.html").read_text(encoding="utf-8")
    assert "SEC-2026-001: Stolen token" in landing


def test_new_postmortem_has_the_sections_of_the_template_in_order():
    text = CliRunner().invoke(
        main, ["new", str(Path(__file__).parent.parent.parent / "docs"), "--stdout", "--title", "x"]
    )
    headings = [line for line in text.output.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Incident summary",
        "## Timeline",
        "## Technical details",
        "## Root cause analysis",
        "## Containment and remediation",
        "## What went well",
        "## What didn't go well",
        "## Preventative and corrective actions",
        "## Leadership summary",
        "## Distribution and storage",
        "## Closure criteria",
        "## Key takeaways",
    ]
    assert "% TODO: Purpose and principles" in text.output


def test_ids_go_on_from_those_in_use(library):
    for title in ("One", "Two"):
        assert run("new", library, "--title", title, "--date", "2026-01-01").exit_code == 0
    assert (library / "incidents/2026/sec-2026-002.md").exists()


def test_taken_id_is_refused_with_the_next_free_one(library):
    run("new", library, "--title", "One", "--id", "INC-2026-007", "--date", "2026-01-01")
    again = run("new", library, "--title", "Two", "--id", "inc-2026-007", "--date", "2026-01-01")
    assert again.exit_code == 1
    assert "inc-2026-007.md; the next free one is INC-2026-008" in again.output


def test_existing_file_is_never_overwritten(library):
    target = library / "incidents/2026/sec-2026-001.md"
    target.parent.mkdir()
    target.write_text("mine", encoding="utf-8")
    result = run("new", library, "--title", "One", "--date", "2026-01-01")
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--date", "2026-02-30", "--title", "x"], "out of range for month); write YYYY-MM-DD"),
        (["--severity", "SEV-9", "--title", "x"], "choose from SEV-1, SEV-2, SEV-3, SEV-4"),
        ([], "give --title"),
        (["--title", " "], "need a text"),
        (["--title", "x", "--id", "../../etc"], '"../../etc" holds /; use letters, digits'),
        (["--title", "x", "--id", "SEC`1"], "holds `; use letters, digits"),
        (["--title", "x", "--id", "--"], "has no letter and no digit; use letters"),
        (["--title", "x", "--id", "A" * 300], "the id has 300 characters; use 80 at most"),
    ],
)
def test_wrong_use_is_a_sentence(library, arguments, said):
    result = run("new", library, *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_folder_outside_the_site_is_refused(library):
    result = run("new", library, "--title", "x", "--folder", "../elsewhere")
    assert result.exit_code == 1
    assert "name a folder below it" in result.output
    assert not (library.parent / "elsewhere").exists()


def test_folder_that_cannot_be_written_is_a_sentence(library, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = run("new", library, "--title", "x", "--date", "2026-01-01")
    assert result.exit_code == 1
    assert "cannot be written (Permission denied); choose another name, or a folder you may write to" in result.output


def test_folder_that_is_a_file_is_not_taken_for_a_postmortem_that_exists(library):
    result = run("new", library, "--title", "x", "--folder", "conf.py")
    assert (result.exit_code, "cannot be written (Not a directory)" in result.output) == (1, True)


def test_conf_that_fails_is_a_sentence_with_its_line(library):
    (library / "conf.py").write_text('project = "x"\nimport no_such_module\n')
    result = run("new", library, "--title", "x")
    assert result.exit_code == 1
    assert result.output.strip() == f"Error: {library}/conf.py:2: ModuleNotFoundError: No module named 'no_such_module'"


def test_title_is_shown_as_it_was_written(site):
    titles = [
        "a: b",
        '"q" --- {{ x }} % y',
        "[P1] <b>x</b> {incident}",
        "C #",
        "::: fence",
        "--- ",
        "% x",
        "a $x$ *b* _c",
    ]
    pages = {f"page{number}.md": f"# X: {as_heading(title)}\n\nText.\n" for number, title in enumerate(titles)}
    names = "\n".join(f"page{number}" for number in range(len(titles)))
    built = site({**pages, "index.md": f"# Home\n\n```{{toctree}}\n{names}\n```\n"}, "smartquotes = False\n").build()
    shown = [built.app.env.titles[f"page{number}"].astext() for number in range(len(titles))]
    assert shown == [f"X: {title.strip()}" for title in titles]
    assert as_heading("a `<x>` b") == "a `<x>` b"


def test_defect_is_told_without_traceback_unless_asked_for(library, monkeypatch):
    def fail(site):
        raise RuntimeError("broken inside")

    monkeypatch.setattr("sphinx_postmortem.cli.new.used_ids", fail)
    result = run("new", library, "--title", "x")
    assert result.exit_code == 1
    assert "broken inside" in result.output
    assert "--debug" in result.output
    assert isinstance(run("--debug", "new", library, "--title", "x").exception, RuntimeError)


def test_own_template_is_used_and_a_wrong_one_writes_nothing(library, tmp_path):
    template = tmp_path / "own.j2"
    template.write_text("# {{ id }} by {{ nobody }}\n", encoding="utf-8")
    result = run("new", library, "--title", "x", "--date", "2026-01-01", "--template", template)
    assert result.exit_code == 1
    assert f"{template}:1: the template cannot be used: UndefinedError: 'nobody' is undefined" in result.output
    template.write_text("# {{ id }}\n{% if %}\n", encoding="utf-8")
    assert "own.j2:2: the template cannot be used" in run("new", library, "--title", "x", "--template", template).output
    template.write_text("# {{ id }}\n{{ 1 // 0 }}\n", encoding="utf-8")
    assert "own.j2:2: the template cannot be used" in run("new", library, "--title", "x", "--template", template).output
    assert not (library / "incidents/2026").exists()
    template.write_text("# {{ id }}: {{ title }}, {{ milestones[0] }}\n", encoding="utf-8")
    assert run("new", library, "--title", "x", "--date", "2026-01-01", "--template", template).exit_code == 0
    written = (library / "incidents/2026/sec-2026-001.md").read_text(encoding="utf-8")
    assert written == "# SEC-2026-001: x, Alert detected\n"


def test_foreign_conf_is_kept_and_the_lines_to_add_are_shown(tmp_path):
    (tmp_path / "conf.py").write_text("project = 'Mine'\n", encoding="utf-8")
    result = run("init", tmp_path, *AUDIENCES)
    assert result.exit_code == 0
    assert (tmp_path / "conf.py").read_text(encoding="utf-8") == "project = 'Mine'\n"
    assert 'extensions = [..., "sphinx_postmortem"]' in result.output
    again = run("init", tmp_path, *AUDIENCES)
    assert again.exit_code == 1
    assert "nothing was written" in again.output


def test_pattern_is_that_of_most_ids():
    assert guess_pattern(["inc-2026-012", "inc-2025-001", "sec-2024-1"]) == "INC-{year}-{number:03}"
    assert next_id("INC-{year}-{number:03}", 2026, ["inc-2026-012", "inc-2025-044"]) == "INC-2026-013"


def test_completion_script_is_printed():
    result = run("completion", "bash")
    assert result.exit_code == 0
    assert "_SPHINX_POSTMORTEM_COMPLETE" in result.output


def test_own_templates_of_init_replace_and_add_files(tmp_path):
    own = tmp_path / "own"
    (own / "runbooks/steps").mkdir(parents=True)
    (own / "index.md.j2").write_text(
        "# Our {{ name }}\n\n```{toctree}\nincidents/index\nrunbooks/index\nactions\n```\n"
    )
    (own / "runbooks/steps/vpn.md.j2").write_text("# VPN\n")
    assert run("init", tmp_path / "kb", "--templates", own, "--name", "library", *AUDIENCES).exit_code == 0
    assert (tmp_path / "kb/index.md").read_text().startswith("# Our library\n")
    assert (tmp_path / "kb/runbooks/steps/vpn.md").read_text() == "# VPN\n"
    assert (tmp_path / "kb/owners.toml").exists()


def test_template_of_init_that_fails_leaves_nothing(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "index.md.j2").write_text("{{ nobody }}")
    result = run("init", tmp_path / "kb", "--templates", own, *AUDIENCES)
    assert result.exit_code == 1
    assert "nobody" in result.output
    assert not (tmp_path / "kb").exists()


def test_folder_without_templates_is_told(tmp_path):
    (tmp_path / "own").mkdir()
    result = run("init", tmp_path / "kb", "--templates", tmp_path / "own", *AUDIENCES)
    assert (result.exit_code, "holds no template" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("ci", "file"), [("github", ".github/workflows/postmortems.yml"), ("gitlab", ".gitlab-ci.yml"), ("none", "")]
)
def test_workflow_of_the_ci_asked_for(tmp_path, ci, file):
    run("init", tmp_path, "--ci", ci, *AUDIENCES)
    made = {name for name in (".github/workflows/postmortems.yml", ".gitlab-ci.yml") if (tmp_path / name).exists()}
    assert made == ({file} if file else set())
    if file:
        assert "sphinx-postmortem build" in str(yaml.safe_load((tmp_path / file).read_text(encoding="utf-8")))


def test_foreign_site_with_the_lines_added_builds_without_warning(tmp_path):
    """The landing page in reStructuredText stays the only one; what init shows is added by hand, as a user would."""
    source = tmp_path / "site"
    source.mkdir()
    (source / "conf.py").write_text('project = "Mine"\nextensions = []\n')
    (source / "index.rst").write_text("Mine\n====\n\n.. toctree::\n\n   other\n")
    (source / "other.rst").write_text("Other\n=====\n")
    shown = run("init", source, *AUDIENCES).output
    assert not (source / "index.md").exists()
    conf, landing = shown.split("Your landing page was not changed.")
    lines = [line.strip() for line in conf.splitlines() if line.startswith("    ")]
    (source / "conf.py").write_text('project = "Mine"\n' + "\n".join(lines).replace("[..., ", "["))
    entries = "\n".join(f"   {line.strip()}" for line in landing.splitlines() if line.startswith("    "))
    (source / "index.rst").write_text(f"Mine\n====\n\n.. toctree::\n\n   other\n{entries}\n")
    built = run("build", source, tmp_path / "out", "--edition", "leadership", "-W")
    assert built.exit_code == 0, built.output


def test_landing_page_of_another_name_stays_the_only_one(tmp_path):
    (tmp_path / "conf.py").write_text(
        'root_doc = "contents"\r\nextensions = []\r\nextensions += ["sphinx_postmortem"]\r\n'
    )
    (tmp_path / "contents.rst").write_text("Mine\n====\n")
    shown = run("init", tmp_path, *AUDIENCES).output
    assert not (tmp_path / "index.md").exists()
    assert f"kept     {tmp_path}/contents.rst" in shown
    assert "Your landing page was not changed." in shown


def test_knowledge_base_without_a_postmortem_builds_without_warning(library, tmp_path):
    built = run("build", library, tmp_path / "out", "-W", "--edition", "internal", "--edition", "public")
    assert built.exit_code == 0, built.output


def test_init_turns_no_edition_on_by_itself(tmp_path):
    assert run("init", tmp_path, "--theme", "alabaster").exit_code == 0
    assert 'postmortem_audiences = ["internal"]' in (tmp_path / "conf.py").read_text()
    assert "leadership" not in (tmp_path / ".github/workflows/postmortems.yml").read_text()


@pytest.mark.parametrize(
    ("ci", "file"), [("github", ".github/workflows/postmortems.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_init_hands_on_the_editions_that_were_asked_for(tmp_path, ci, file):
    run("init", tmp_path, "--theme", "alabaster", "--ci", ci, "--audiences", "internal, Board")
    assert 'postmortem_audiences = ["internal", "board"]' in (tmp_path / "conf.py").read_text()
    text = (tmp_path / file).read_text()
    assert yaml.safe_load(text)
    assert re.findall(r"build/site/(\w+)", text) == ["internal", "board"]


@pytest.mark.parametrize(
    ("ci", "file"), [("github", ".github/workflows/postmortems.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_init_below_the_root_of_a_repository_says_what_is_read_there(tmp_path, ci, file):
    (tmp_path / ".git").mkdir()
    done = run("init", tmp_path / "docs", "--ci", ci, "--release", "public", "--audiences", "internal,public")
    _, told = done.output.split(f"read at the root of the repository alone. Move them from docs to {tmp_path}:\n")
    assert {file, ".pre-commit-config.yaml"} < set(told.split("\n\n")[0].split())
    assert "sphinx-postmortem build docs build/site" in (tmp_path / "docs" / file).read_text(encoding="utf-8")
    (owners,) = (tmp_path / "docs").rglob("CODEOWNERS")
    assert "/docs/releases/public/" in owners.read_text(encoding="utf-8")


def test_init_at_the_root_of_a_repository_has_nothing_to_move(tmp_path):
    (tmp_path / ".git").mkdir()
    assert "Move them" not in run("init", tmp_path, *AUDIENCES).output


def test_init_refuses_what_cannot_be_an_audience(tmp_path):
    done = run("init", tmp_path, "--audiences", "internal,in ternal")
    assert done.exit_code == 2
    assert "--audiences" in done.output
    assert not (tmp_path / "conf.py").exists()


def test_an_own_template_runs_no_program(library, tmp_path):
    template = tmp_path / "own.md.j2"
    template.write_text("# {{ ''.__class__.__mro__[1].__subclasses__() }}\n", encoding="utf-8")
    done = run("new", library, "--title", "x", "--template", template)
    assert done.exit_code == 1
    assert "own.md.j2" in done.output
    assert "SecurityError" in done.output


@pytest.mark.parametrize(
    "text", ["{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "{{ 'a' * 10**10 }}"]
)
def test_an_own_template_without_end_is_stopped(tmp_path, text):
    template = tmp_path / "own.md.j2"
    template.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match="own.md.j2.*: the template cannot be used"):
        render_bounded(template, {}, seconds=1)


def test_a_link_in_the_place_of_a_new_page_is_named_and_its_target_stays(library, tmp_path):
    (tmp_path / "mine").write_text("mine")
    wanted = library / "incidents/2026/sec-2026-001.md"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.symlink_to(tmp_path / "mine")
    done = run("new", library, "--title", "x", "--date", "2026-03-02")
    assert (done.exit_code, "sec-2026-001.md exists already" in done.output) == (1, True)
    assert (tmp_path / "mine").read_text() == "mine"
