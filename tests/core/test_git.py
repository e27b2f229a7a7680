"""Git is run without the programs that a repository names, and without the network."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sphinx_postmortem.core.git import history_of, run_git, source_state


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository in which each kind of program would leave the file ``ran``."""
    page = tmp_path / "page.md"
    page.write_text("one\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    (tmp_path / ".gitattributes").write_text("*.md filter=a=b diff=x\n")
    program = f"touch {tmp_path / 'ran'}; cat"
    for name in ("filter.a=b.clean", "filter.a=b.smudge", "filter.a=b.process", "core.fsmonitor", "diff.x.textconv"):
        git(tmp_path, "config", name, program)
    page.write_text("two\n")
    return tmp_path


def test_filters_monitors_and_converters_of_a_repository_are_not_run(repository: Path) -> None:
    assert source_state(repository).changed
    assert history_of(repository / "page.md").revisions
    assert not (repository / "ran").exists()


def test_filters_of_the_user_stay(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "filter.own.clean")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"touch {tmp_path / 'own'}; cat")
    (repository / ".gitattributes").write_text("*.md filter=own\n")
    run_git.__globals__["_without_filters"].cache_clear()
    source_state(repository)
    assert (tmp_path / "own").exists()


def test_nothing_is_fetched(repository: Path) -> None:
    git(repository, "config", "remote.origin.url", f"ext::touch {repository / 'ran'}")
    git(repository, "config", "protocol.ext.allow", "always")
    assert run_git(repository, "fetch", "origin").returncode
    assert not (repository / "ran").exists()


def test_filters_of_a_submodule_are_not_run_and_its_commit_counts(tmp_path: Path) -> None:
    module, site = tmp_path / "module", tmp_path / "site"
    for folder in (module, site):
        folder.mkdir()
        git(folder, "init", "-q")
        (folder / "page.md").write_text("one\n")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "one")
    git(site, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(module), "sub")
    git(site, "commit", "-q", "-m", "two")
    git(site / "sub", "config", "filter.a.clean", f"touch {tmp_path / 'ran'}; cat")
    (site / "sub/.gitattributes").write_text("*.md filter=a\n")
    (site / "sub/page.md").write_text("two\n")
    assert not source_state(site).changed
    assert not (tmp_path / "ran").exists()
    git(site / "sub", "-c", "filter.a.clean=cat", "commit", "-q", "-a", "-m", "three")
    assert source_state(site).changed


@pytest.mark.parametrize("name", ["[[x]].md", ":!x.md", "*.md"])
def test_signs_of_patterns_in_a_file_name_are_letters(repository: Path, name: str) -> None:
    (repository / name).write_text("a text of its own\n")
    git(repository, "--literal-pathspecs", "add", "--", name)
    git(repository, "commit", "-q", "-m", "its own")
    assert [revision.subject for revision in history_of(repository / name).revisions] == ["its own"]
