"""Builds several editions at the same time: each in a thread that waits for its programs.

What is printed, judged and published is left to the main thread. So the messages of editions do not mix, no two
editions are published at once, and a signal ends the command at any place.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import field
from math import ceil
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from sphinx_postmortem.cli.programs import Programs
from sphinx_postmortem.cli.terminal import kept_for
from sphinx_postmortem.core.dataclass_on_demand import dataclass

T = TypeVar("T")
_EVERY = 0.2  # seconds between two looks whether the command ends


class DoInMain(Protocol):
    """Does a piece of work in the main thread, and returns what it returns."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Do the work."""
        ...


def do_here(work: Callable[[], T], /) -> T:
    """Do a piece of work: this is the main thread."""
    return work()


def processors() -> int:
    """Return the number of processors that this program may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def share(jobs: str, editions: int) -> tuple[int, str]:
    """Return how many editions are built at the same time, and the number of processes of each, for ``-j``.

    With ``auto`` no edition is left to be built alone at the end, by one processor while the others rest: of three
    editions on two processors all three begin at once, and finish in the time of one and a half. There are always less
    than twice as many as processors, so that memory has a bound.

    Args:
        jobs: the number of processes that may run at once, or ``auto``: what the processors are best used by.
        editions: how many there are to build.
    """
    number = processors() if jobs == "auto" else int(jobs) if jobs.isdecimal() else 0
    if editions == 1 or number < 1:
        return 1, jobs  # Sphinx says what is wrong with a number that is none
    at_once = min(number, editions)
    if jobs == "auto":
        rounds = max(1, editions // number)
        at_once = ceil(editions / rounds)
    return at_once, str(max(1, number // at_once))


@dataclass(frozen=True)
class _Asked:
    """What the main thread is to do: print, or work that a thread waits for. Without either, a thread has ended."""

    turn: Turn
    work: Callable[[], object] | None
    answer: Future[Any] | None = None


@dataclass(eq=False)
class Turn:
    """What a thread asks of the main thread for one edition."""

    edition: str
    programs: Programs
    asked: SimpleQueue[_Asked]
    is_current: bool = False
    has_ended: bool = False
    kept: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    def show(self, say: Callable[[], object], *, fleeting: bool) -> None:
        """Have something printed when the editions before have ended; what is fleeting, now or never."""
        if self.is_current or not fleeting:
            self.asked.put(_Asked(self, say))

    def do_in_main(self, work: Callable[[], T], /) -> T:
        """Have the main thread do something, and return what it returns.

        Raises:
            StoppedError: the command ends.
            Exception: what the work has raised.
        """
        answer: Future[T] = Future()
        self.asked.put(_Asked(self, work, answer))
        while wait([answer], _EVERY).not_done:
            self.programs.go_on()
        return answer.result()

    def keep(self, say: Callable[[], object], *, fleeting: bool) -> None:
        """Keep what the main thread says of an edition whose turn has not come."""
        if not fleeting:
            self.kept.append(say)


def build_all(
    editions: Iterable[str], build: Callable[[str, DoInMain], T], number: int, programs: Programs
) -> dict[str, T]:
    """Build editions, ``number`` at a time, and return what each build returns.

    Args:
        editions: their names, in the order in which they are told.
        build: builds an edition. Its second argument does a piece of work in the main thread.
        number: how many are built at the same time.
        programs: those that the builds run: they are ended where the command is stopped.

    Raises:
        Exception: what a build has raised, of the first edition that has; the others have ended by then.
    """
    if number <= 1:
        return {name: build(name, do_here) for name in editions}
    asked: SimpleQueue[_Asked] = SimpleQueue()
    turns = [Turn(name, programs, asked) for name in editions]
    with ThreadPoolExecutor(number) as pool:
        try:
            running = [pool.submit(_in_thread, turn, build) for turn in turns]
            _serve(turns, asked)
        except BaseException:
            try:
                programs.stop()
            finally:  # a second signal may have ended the first try before it began
                programs.stop()
            raise
    return {turn.edition: future.result() for turn, future in zip(turns, running, strict=True)}


def _in_thread(turn: Turn, build: Callable[[str, DoInMain], T]) -> T:
    try:
        turn.programs.go_on()
        with kept_for(turn.show):
            return build(turn.edition, turn.do_in_main)
    finally:
        turn.asked.put(_Asked(turn, None))


def _serve(turns: list[Turn], asked: SimpleQueue[_Asked]) -> None:
    """Do what the threads ask for, until all have ended; print what is said in the order of the editions."""
    for current in turns:
        current.is_current = True
        for say in current.kept:
            say()
        while not current.has_ended:
            each = asked.get()
            if each.work is None:
                each.turn.has_ended = True
            elif each.answer is not None:
                _answer(each.turn, each.work, each.answer)
            elif each.turn.is_current:
                each.work()
            else:
                each.turn.kept.append(each.work)


def _answer(turn: Turn, work: Callable[[], object], answer: Future[Any]) -> None:
    try:
        if turn.is_current:
            answer.set_result(work())
        else:
            with kept_for(turn.keep):
                answer.set_result(work())
    except Exception as error:
        answer.set_exception(error)
