"""Caches that cannot be read are thrown away with a word; what a build can use stays."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_postmortem.cli.caches import drop_unreadable, with_readable_caches
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

PICKLE = pickle.dumps({"a": 1})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state of an edition as a build leaves it."""
    doctrees = tmp_path / "public" / "doctrees"
    (doctrees / "year").mkdir(parents=True)
    for name in ("environment.pickle", "index.doctree", "year/page.doctree"):
        (doctrees / name).write_bytes(PICKLE)
    (doctrees / ".postmortem-edition").write_text(json.dumps({"edition": "public"}))
    (tmp_path / "public" / "html.log").write_text("")
    return tmp_path / "public"


def test_caches_that_can_be_read_stay(state: Path) -> None:
    before = sorted(state.rglob("*"))
    assert drop_unreadable(state, "public") == ""
    assert sorted(state.rglob("*")) == before


def test_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert drop_unreadable(tmp_path / "none", "public") == ""


def cut(path: Path) -> None:
    path.write_bytes(PICKLE[:-3])


SPOILS: dict[str, Callable[[Path], object]] = {
    "environment.pickle was cut short": lambda state: cut(state / "doctrees/environment.pickle"),
    "year/page.doctree was cut short": lambda state: cut(state / "doctrees/year/page.doctree"),
    "index.doctree was cut short": lambda state: (state / "doctrees/index.doctree").write_bytes(b""),
    "the stamp of the caches could not be read": lambda state: (state / "doctrees/.postmortem-edition").write_bytes(
        b"\xff"
    ),
    "the caches had no stamp": lambda state: (state / "doctrees/.postmortem-edition").unlink(),
    'the caches were those of the edition "internal"': lambda state: (
        state / "doctrees/.postmortem-edition"
    ).write_text('{"edition": "internal"}'),
}


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


SPOILS |= {
    ".postmortem-edition was no file of a build": lambda state: pipe(state / "doctrees/.postmortem-edition"),
    ".postmortem-content.json was no file of a build": lambda state: (
        state / "doctrees/.postmortem-content.json"
    ).mkdir(),
    "year/loop was no file of a build": lambda state: (state / "doctrees/year/loop").symlink_to("."),
}


@pytest.mark.parametrize("why", SPOILS)
def test_caches_that_cannot_be_read_go(state: Path, why: str) -> None:
    SPOILS[why](state)
    assert drop_unreadable(state, "public") == why
    assert not (state / "doctrees").exists()
    assert drop_unreadable(state, "public") == ""


def test_what_stands_in_the_place_of_a_file_or_a_folder_goes(tmp_path: Path) -> None:
    state = tmp_path / "public"
    (state / "html.log").mkdir(parents=True)
    (state / "warnings").mkdir()
    (state / "doctrees").write_text("x")
    (state / "replaced").symlink_to("/nowhere")
    said = [drop_unreadable(state, "public") for _ in range(5)]
    assert [bool(why) for why in said] == [True] * 4 + [False]
    assert list(state.iterdir()) == []


def test_a_build_throws_away_what_it_cannot_read_and_says_so(site, tmp_path: Path) -> None:
    source = site({"index.md": "# Site\n"}).source
    arguments = ("build", source, tmp_path / "out", "--edition", "public")
    assert run(*arguments).exit_code == 0
    tree = tmp_path / "out/.state/public/doctrees/index.doctree"
    tree.write_bytes(tree.read_bytes()[:100])
    done = run(*arguments)
    assert done.exit_code == 0
    assert "public: index.doctree was cut short; it was thrown away, and all pages are read anew" in done.output
    tree.write_bytes(PICKLE)
    done = run(*arguments)
    assert done.exit_code == 0
    assert "public: that was with caches of an earlier build; they were thrown away" in done.output
    assert tree.read_bytes() != PICKLE


@pytest.mark.parametrize(
    ("log", "runs"),
    [
        ("Traceback\n    _pickle.UnpicklingError: invalid load key.\n", 2),
        ("Theme error!\nReason: AttributeError(\"'dict' object\")\n", 2),
        ("Handler <f> for event 'x' threw an exception (exception: x)\n", 2),
        ("    sphinx.errors.ExtensionError: the page differs from what was approved\n", 1),
        ("a.md:3: WARNING: a problem\n", 1),
    ],
)
def test_a_build_that_breaks_over_its_caches_is_run_again(state: Path, log: str, runs: int) -> None:
    said: list[str] = []
    codes = iter([2, 0])
    (state / "html.log").write_text(log)
    code = with_readable_caches(lambda: next(codes), state, state / "html.log", said.append)
    assert (code, len(said)) == ((0, 1) if runs == 2 else (2, 0))
    assert (state / "doctrees").exists() == (runs == 1)


def test_a_build_without_caches_that_breaks_is_not_run_again(tmp_path: Path) -> None:
    (tmp_path / "html.log").write_text("    ValueError: wrong\n")
    codes = iter([2])
    assert with_readable_caches(lambda: next(codes), tmp_path, tmp_path / "html.log", print) == 2


@pytest.mark.parametrize("name", ["html.log", "warnings", "unfinished", "parts"])
def test_a_link_in_the_place_of_what_builds_write_goes_and_its_target_stays(
    state: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "mine").write_text("mine")
    (state / name).unlink(missing_ok=True)
    (state / name).symlink_to(tmp_path / "mine")
    assert drop_unreadable(state, "public") == f"{state / name} was of another kind"
    assert not (state / name).is_symlink()
    assert (tmp_path / "mine").read_text() == "mine"
