"""The directive ``revision-history``, on real repositories."""

from __future__ import annotations

import os
import subprocess

import pytest

PAGE = "# T\n\n:::{revision-history}\n:::\n"
ENVIRONMENT = {
    **os.environ,
    "GIT_AUTHOR_DATE": "2026-03-05T23:30:00-05:00",
    "GIT_COMMITTER_DATE": "2026-03-06T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(folder, *arguments):
    identity = ["-c", "user.name=Ann Smith", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def committed(site):
    made = site({"index.md": PAGE})
    git(made.source, "init", "-q")
    git(made.source, "add", ".")
    git(made.source, "commit", "-qm", "First <b>version</b>")
    return made


def test_all_columns_in_the_internal_edition(committed):
    text = committed.build().doctree().astext()
    for expected in (
        "2026-03-06",
        "Ann Smith",
        "First <b>version</b>",
        git(committed.source, "rev-parse", "--short", "HEAD"),
    ):
        assert expected in text


def test_roles_in_place_of_authors(committed):
    text = committed.build(postmortem_author_roles={"*": "Incident team"}).doctree().astext()
    assert "Incident team" in text
    assert "Ann Smith" not in text


def test_nothing_in_a_filtered_edition(committed):
    built = committed.build("public")
    assert b"2026-03-06" not in built.all_bytes()
    assert "No revision" not in built.doctree().astext()


def test_days_and_hashes_in_a_filtered_edition_if_set(committed):
    built = committed.build("public", postmortem_revisions_in_filtered_editions=True)
    text = built.doctree().astext()
    assert "2026-03-06" in text
    assert git(committed.source, "rev-parse", "--short", "HEAD") in text
    for hidden in (b"Ann Smith", b"First &lt;b", b"First <b"):
        assert hidden not in built.all_bytes()


def test_history_follows_a_new_name(committed):
    git(committed.source, "mv", "index.md", "page.md")
    committed.write({"index.md": "# Other\n\n```{toctree}\npage\n```\n"})
    git(committed.source, "add", ".")
    git(committed.source, "commit", "-qm", "Moved")
    text = committed.build().doctree("page").astext()
    assert "Moved" in text
    assert "First" in text


def test_a_commit_makes_the_page_outdated(committed):
    committed.write({"index.md": PAGE + "\nMore.\n"})
    assert "changes that are not committed" in committed.build().doctree().astext()
    git(committed.source, "commit", "-qam", "Second version")
    text = committed.build(keep=True).doctree().astext()
    assert "Second version" in text
    assert "not committed" not in text


def test_no_repository_is_said(site):
    built = site({"index.md": PAGE}).build(warnings=True)
    assert "[postmortem.no-history]" in built.warnings
    assert "index.md:3" in built.warnings
    assert "No revision history: The source is not in a Git repository." in built.doctree().astext()


def test_file_that_was_never_committed_is_said(committed):
    committed.write({"index.md": "# T\n\n```{toctree}\nnew\n```\n", "new.md": PAGE})
    built = committed.build(warnings=True)
    assert "new.md has not been committed to Git yet." in built.warnings


def test_shallow_clone_is_said(committed, tmp_path):
    git(committed.source, "commit", "-q", "--allow-empty", "-m", "Second")
    git(tmp_path, "clone", "-q", "--depth", "1", committed.source.as_uri(), "clone")
    built = type(committed)(tmp_path / "clone").build(warnings=True)
    assert "shallow clone" in built.warnings
    assert "git fetch --unshallow" in built.doctree().astext()


def test_repository_without_commits_is_said(site):
    made = site({"index.md": PAGE})
    git(made.source, "init", "-q")
    assert "no commits yet" in made.build(warnings=True).warnings


def test_missing_program_is_said(committed, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "program git could not be run" in committed.build(warnings=True).warnings


def test_a_separator_of_ours_in_a_name_is_text(committed):
    git(
        committed.source,
        "-c",
        "user.name=A\x1eB\x1fC",
        "commit",
        "-q",
        "--amend",
        "--reset-author",
        "-m",
        "Zoë \x1b[2J",
    )
    text = committed.build().doctree().astext()
    assert "A\ufffdB\ufffdC" in text
    assert "Zoë \ufffd[2J" in text


def test_no_program_of_the_repository_is_run(committed, tmp_path):
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "diff.external", "pager.log"):
        git(committed.source, "config", setting, program)
    (committed.source / ".git/hooks").mkdir(exist_ok=True)
    (committed.source / ".git/hooks/post-index-change").symlink_to(program)
    committed.build()
    assert not ran.exists()
