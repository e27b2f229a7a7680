"""The pre-commit hook, run by the program pre-commit itself on a small repository.

pre-commit would install the hook's package anew for each run. The tests take the package that is installed here:
the hook's own definition is used with ``language: system``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or shutil.which("pre-commit")
pytestmark = pytest.mark.skipif(PRE_COMMIT is None, reason="the program pre-commit is not installed (group test)")

DRAFT = "# T\n\n:::{incident-summary} SEC-1\n:status: draft\n\nWork has begun.\n:::\n"
TABLE = "\n:::{timeline}\n:file: events.csv\n:::\n"
EVENTS = "Time (UTC),Event\n2026-03-02 01:14,Alert detected\n"


def run(folder, *command):
    names = {"NAME": "T", "EMAIL": "t@example.org"}
    git = {f"GIT_{who}_{key}": text for who in ("AUTHOR", "COMMITTER") for key, text in names.items()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {
        **os.environ,
        **git,
        "PATH": path,
        "PRE_COMMIT_HOME": str(folder.parent / "home"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def commit(folder, message="change"):
    run(folder, "git", "add", "-A")
    return run(folder, "git", "commit", "-m", message)


@pytest.fixture
def repository(tmp_path):
    """A repository with the hook installed, and a first page."""
    hook = tmp_path / "hook"
    hook.mkdir()
    definition = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    definition[0]["language"] = "system"
    (hook / ".pre-commit-hooks.yaml").write_text(yaml.safe_dump(definition), encoding="utf-8")
    run(hook, "git", "init", "-q")
    commit(hook)
    revision = run(hook, "git", "rev-parse", "HEAD").stdout.strip()
    folder = tmp_path / "site"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/conf.py").write_text('extensions = ["sphinx_postmortem"]\n', encoding="utf-8")
    (folder / "docs/index.md").write_text(DRAFT, encoding="utf-8")
    hooks = [{"repo": str(hook), "rev": revision, "hooks": [{"id": definition[0]["id"]}]}]
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": hooks}), encoding="utf-8")
    run(folder, "git", "init", "-q")
    done = run(folder, PRE_COMMIT, "install")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_definition_is_one_that_pre_commit_accepts():
    done = run(HOOKS.parent, PRE_COMMIT, "validate-manifest", str(HOOKS))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_commit_that_keeps_the_rules_passes(repository):
    done = commit(repository)
    assert done.returncode == 0, done.stderr
    assert "check postmortems against the template" in done.stderr
    assert "Passed" in done.stderr


def test_a_commit_that_breaks_a_rule_is_stopped_with_file_and_line(repository):
    commit(repository)
    (repository / "docs/index.md").write_text(DRAFT.replace("Work", "From 203.0.113.7 work"), encoding="utf-8")
    done = commit(repository)
    assert done.returncode == 1
    assert "docs/index.md:6:6: error: the IP address 203.0.113.7" in done.stderr


def test_only_changed_pages_are_checked(repository):
    (repository / "docs/index.md").write_text(DRAFT.replace("Work", "From 203.0.113.7 work"), encoding="utf-8")
    run(repository, "git", "add", "-A")
    run(repository, "git", "commit", "--no-verify", "-m", "past")
    (repository / "docs/other.md").write_text("# Other\n", encoding="utf-8")
    assert commit(repository).returncode == 0


def test_a_changed_csv_has_its_page_checked(repository):
    (repository / "docs/index.md").write_text(DRAFT + TABLE, encoding="utf-8")
    (repository / "docs/events.csv").write_text(EVENTS, encoding="utf-8")
    assert commit(repository).returncode == 0
    (repository / "docs/events.csv").write_text(EVENTS.replace("2026-03-02 01:14", "around 2"), encoding="utf-8")
    done = commit(repository)
    assert done.returncode == 1
    assert "docs/events.csv:2: error: " in done.stderr


def test_a_site_that_cannot_be_read_stops_the_commit(repository):
    (repository / "docs/conf.py").write_text("1/0\n", encoding="utf-8")
    done = commit(repository)
    assert done.returncode == 1
    assert "division by zero" in done.stderr
