"""The programs that a command runs, several at once or one after the other: none outlives the command."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Lock
from time import monotonic
from typing import Any

_GRACE = 5.0  # seconds that a program has to end by itself


class StoppedError(Exception):
    """The command ends: no further program is started, and what has been made is not published."""


def end_programs(programs: Sequence[subprocess.Popen[str]]) -> None:
    """End programs and all processes that they have started; those that do not heed are killed.

    A second Ctrl+C while they are waited for kills them at once.
    """
    try:
        _send(programs, signal.SIGTERM)
        end = monotonic() + _GRACE
        for process in programs:
            process.wait(timeout=max(0.0, end - monotonic()))
    except subprocess.TimeoutExpired:
        pass
    finally:
        _send(programs, signal.SIGKILL, ended_too=True)


def _send(programs: Sequence[subprocess.Popen[str]], number: int, *, ended_too: bool = False) -> None:
    """Send a signal to programs and what they have started; ``ended_too`` to what those that have ended have left."""
    for process in programs:
        if process.poll() is None or ended_too:
            with suppress(ProcessLookupError, PermissionError):  # it ends just now; macOS says EPERM of such a one
                os.killpg(process.pid, number)


class Programs:
    """The programs of one command. Threads start them; the main thread may end them all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: list[subprocess.Popen[str]] = []
        self._stopped = Event()

    @contextmanager
    def running(self, command: Sequence[str], **how: Any) -> Generator[subprocess.Popen[str]]:
        """Start a program, in a session of its own, and end it where the block does not end well.

        Raises:
            StoppedError: the command ends, or has been ended meanwhile.
            OSError: the program cannot be started.
        """
        with self._lock:
            self.go_on()
            process = subprocess.Popen(command, start_new_session=True, **how)
            self._running.append(process)
        try:
            with process:
                try:
                    yield process
                except BaseException:
                    end_programs((process,))  # before its pipes are closed: a thread may read them
                    raise
        finally:
            with self._lock:
                self._running.remove(process)
        self.go_on()

    def go_on(self) -> None:
        """Say nothing while the command runs.

        Raises:
            StoppedError: it ends.
        """
        if self._stopped.is_set():
            raise StoppedError

    def pause(self, seconds: float) -> None:
        """Wait for some time.

        Raises:
            StoppedError: the command ends.
        """
        self._stopped.wait(seconds)
        self.go_on()

    def stop(self) -> None:
        """End all programs, and let none be started any more."""
        with self._lock:
            self._stopped.set()
            ending = tuple(self._running)
        end_programs(ending)
