"""Runs programs and counts what they cost: CPU time and peak memory of the process and all it starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system), wall seconds, peak memory of the largest process in MiB, user CPU seconds."""

    cpu: float
    wall: float
    memory: float
    user: float


def run(command: Sequence[str], log: Path, accepted: Sequence[int] = (0,)) -> Cost:
    """Run a program to its end.

    Args:
        command: the program and its arguments.
        log: file for what it says.
        accepted: the exit codes that are no failure.

    Raises:
        RuntimeError: it failed; the message holds the end of what it said.
    """
    start = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode not in accepted:
        said = log.read_text(encoding="utf-8")[-2000:]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, usage.ru_utime)


def sphinx(source: Path, build: Path, *arguments: str, fresh: bool) -> Cost:
    """Build HTML with ``sphinx-build``."""
    if fresh:
        shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(build / "doctrees"), *arguments]
    return run([*command, str(source), str(build / "html")], build / "log.txt")


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(
        median(c.cpu for c in costs),
        median(c.wall for c in costs),
        median(c.memory for c in costs),
        median(c.user for c in costs),
    )
