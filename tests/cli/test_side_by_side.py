"""Editions that are built at the same time: whose words are shown when, what the main thread does, and how all end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sphinx_postmortem.cli import side_by_side
from sphinx_postmortem.cli.build_lock import inherited, locked
from sphinx_postmortem.cli.programs import Programs, StoppedError, end_programs
from sphinx_postmortem.cli.side_by_side import DoInMain, build_all, processors, share
from sphinx_postmortem.cli.site import run_sphinx
from sphinx_postmortem.cli.terminal import Progress, Told, echo

WARNS = """
import signal
import subprocess
import sys
print("a.md:1: WARNING: of both", file=sys.stderr)
print("a.md:2: WARNING: of", sys.argv[1], file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("jobs", "editions", "shared"),
    [("1", 3, (1, "1")), ("2", 3, (2, "1")), ("8", 3, (3, "2")), ("3", 1, (1, "3")), ("auto", 1, (1, "auto"))],
)
def test_the_processes_are_shared_between_the_editions(jobs: str, editions: int, shared: tuple[int, str]) -> None:
    assert share(jobs, editions) == shared


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_that_is_none_is_left_to_sphinx(jobs: str) -> None:
    assert share(jobs, 3) == (1, jobs)


@pytest.mark.parametrize(
    ("number", "editions", "shared"),
    [(1, 3, (1, "1")), (2, 2, (2, "1")), (2, 3, (3, "1")), (2, 4, (2, "1")), (2, 5, (3, "1")), (8, 3, (3, "2"))],
)
def test_auto_leaves_no_edition_to_be_built_alone(
    number: int, editions: int, shared: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "processors", lambda: number)
    assert share("auto", editions) == shared


def test_the_processors_are_those_of_this_program() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)


def test_what_is_said_of_editions_is_shown_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    has_ended = threading.Event()

    def build(edition: str, do_in_main: DoInMain) -> str:
        if edition == "internal":
            has_ended.wait()
        echo(f"{edition} begins")
        do_in_main(lambda: echo(f"{edition} is judged"))
        echo(f"{edition} ends")
        has_ended.set()
        return edition.upper()

    built = build_all(("internal", "public"), build, 2, Programs())
    assert built == {"internal": "INTERNAL", "public": "PUBLIC"}
    words = ("begins", "is judged", "ends")
    assert capsys.readouterr().out.splitlines() == [f"{name} {word}" for name in built for word in words]


def test_warnings_in_common_are_shown_for_the_first_edition_whichever_ends_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "warns.py").write_text(WARNS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    has_ended, told, programs = threading.Event(), Told(), Programs()

    def build(edition: str, _do_in_main: DoInMain) -> int:
        if edition == "internal":
            has_ended.wait()
        progress = Progress("x", told=told, edition=edition)
        code = run_sphinx([edition], tmp_path / f"{edition}.log", progress, "warns", programs)
        has_ended.set()
        return code

    assert set(build_all(("internal", "public"), build, 2, programs).values()) == {0}
    assert capsys.readouterr().err.splitlines() == [
        "a.md:1: WARNING: of both",
        "a.md:2: WARNING: of internal",
        "a.md:2: WARNING: of public",
    ]


def test_editions_are_judged_by_the_main_thread() -> None:
    def build(_edition: str, do_in_main: DoInMain) -> threading.Thread:
        return do_in_main(threading.current_thread)

    assert set(build_all(("a", "b", "c"), build, 2, Programs()).values()) == {threading.main_thread()}


def test_no_more_editions_are_built_at_once_than_asked_for() -> None:
    free = threading.Semaphore(2)

    def build(_edition: str, do_in_main: DoInMain) -> bool:
        found = free.acquire(blocking=False)
        do_in_main(lambda: None)
        free.release()
        return found

    assert set(build_all("abcdef", build, 2, Programs()).values()) == {True}


def test_a_signal_ends_what_runs_and_starts_nothing_more(tmp_path: Path) -> None:
    """The main thread meets it while it judges one edition; another waits for its program, a third for its turn."""
    programs, started = Programs(), threading.Event()
    ended: list[str] = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    def build(edition: str, do_in_main: DoInMain) -> None:
        if edition == "internal":
            started.wait()
            do_in_main(interrupt)
        try:
            with programs.running([sys.executable, "-c", "import time; time.sleep(60)"]):
                started.set()
        except StoppedError:
            ended.append(edition)
            raise

    with pytest.raises(KeyboardInterrupt):
        build_all(("internal", "leadership", "public"), build, 2, programs)
    assert ended == ["leadership"]
    with pytest.raises(StoppedError), programs.running([sys.executable, "-c", ""]):
        pytest.fail("a program was started")


def test_a_build_that_waits_for_another_ends_with_the_command(tmp_path: Path) -> None:
    programs = Programs()
    with (
        locked(tmp_path, "public", pytest.fail),
        pytest.raises(StoppedError),
        locked(tmp_path, "public", lambda _: programs.stop(), pause=programs.pause),  # ended when the wait is told
    ):
        pytest.fail("the lock was taken twice")


def test_an_edition_that_cannot_be_built_leaves_the_others_their_time() -> None:
    done: list[str] = []

    def build(edition: str, do_in_main: DoInMain) -> None:
        do_in_main(lambda: done.append(edition))
        if edition != "public":
            raise OSError(edition)

    with pytest.raises(OSError, match="internal"):
        build_all(("internal", "leadership", "public"), build, 2, Programs())
    assert sorted(done) == ["internal", "leadership", "public"]


def test_a_program_inherits_the_lock_of_its_own_edition_alone(tmp_path: Path) -> None:
    """One that outlives a killed command keeps no other edition from being built."""
    numbers: list[int] = []
    both_hold = threading.Barrier(2)

    def build(edition: str, _do_in_main: DoInMain) -> None:
        with locked(tmp_path, edition, pytest.fail):
            both_hold.wait()
            numbers.append(len(inherited()))
            both_hold.wait()

    build_all(("internal", "public"), build, 2, Programs())
    assert numbers == [1, 1]


DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def test_programs_that_do_not_heed_are_killed_by_a_second_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes while the command waits for them; their own time has not passed."""
    programs = Programs()

    def interrupt(_process: subprocess.Popen[str], timeout: float | None = None) -> int:
        raise KeyboardInterrupt

    with programs.running([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "deaf\n"
        with monkeypatch.context() as patch:
            patch.setattr(subprocess.Popen, "wait", interrupt)
            with pytest.raises(KeyboardInterrupt):
                end_programs((process,))
        assert process.wait() == -signal.SIGKILL


def test_two_signals_at_once_end_all_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is heeded before the first has ended anything."""
    programs, stop, started = Programs(), Programs.stop, threading.Event()
    signals = [KeyboardInterrupt(), SystemExit(143)]

    def interrupt() -> None:
        raise signals.pop(0)

    def late(self: Programs) -> None:
        if signals:
            interrupt()
        stop(self)

    def build(edition: str, do_in_main: DoInMain) -> None:
        if edition == "internal":
            started.wait()
            do_in_main(interrupt)
        with programs.running([sys.executable, "-c", "import time; time.sleep(60)"]):
            started.set()

    monkeypatch.setattr(Programs, "stop", late)
    with pytest.raises(SystemExit):
        build_all(("internal", "public"), build, 2, programs)
    with pytest.raises(StoppedError):
        programs.go_on()
