"""What the command line knows of a site, and how it runs Sphinx: always as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from sphinx_postmortem.cli.build_lock import inherited
from sphinx_postmortem.cli.terminal import Progress
from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.records.milestones import DEFAULT_MILESTONES
from sphinx_postmortem.core.records.vocabulary import DEFAULT_SEVERITIES

_GRACE = 5.0  # seconds that a program has to end by itself


class SiteError(Exception):
    """A site that cannot be used as it is; the message says how to mend it."""


@dataclass(frozen=True)
class Site:
    """A source folder, and what its ``conf.py`` says that the command line needs."""

    source: Path
    audiences: Audiences
    severities: tuple[str, ...] = DEFAULT_SEVERITIES
    milestones: tuple[str, ...] = DEFAULT_MILESTONES
    owners: tuple[str, ...] = ()
    audience_paths: Mapping[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    suffixes: Mapping[str, str] = field(default_factory=dict)
    themes: tuple[Path, ...] = ()
    catalogues: tuple[Path, ...] = ()
    versions: tuple[str, ...] = ()
    shown_metadata: tuple[str, ...] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    other_sites: tuple[str, ...] = ()
    without_names: tuple[str, ...] = ()
    root: str = "index"


def read_site(source: Path) -> Site:
    """Ask a site's ``conf.py`` for its audiences.

    Raises:
        SiteError: there is no ``conf.py``, it fails, or its audiences cannot be used.
    """
    if not (source / "conf.py").is_file():
        raise SiteError(f"{source} has no conf.py; name the folder of a Sphinx project")
    command = [sys.executable, "-m", "sphinx_postmortem.sphinx_ext.describe", str(source)]
    done = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", errors="replace", env=_environment()
    )
    if done.returncode:
        raise SiteError(done.stderr.strip() or f"{source / 'conf.py'} could not be read")
    return make_site(source, json.loads(done.stdout.strip().splitlines()[-1]))


def make_site(source: Path, described: Mapping[str, Any]) -> Site:
    """Return a site from what ``describe`` has said of it.

    Raises:
        SiteError: its audiences cannot be used.
    """
    if isinstance(described["audiences"], str):
        raise SiteError(f"{source / 'conf.py'}: postmortem_audiences is a text; write a list of texts")
    try:
        audiences = Audiences(tuple(str(name) for name in described["audiences"]))
    except (TypeError, ValueError) as error:
        raise SiteError(f"{source / 'conf.py'}: {error}") from error
    return Site(
        source,
        audiences,
        severities=tuple(described.get("severities") or DEFAULT_SEVERITIES),
        milestones=tuple(described.get("milestones") or DEFAULT_MILESTONES),
        owners=tuple(described.get("owners", ())),
        audience_paths=described["audience_paths"],
        exclude=tuple(described["exclude"]),
        suffixes=described["suffixes"],
        themes=tuple(map(Path, described["themes"])),
        versions=tuple(described["versions"]),
        catalogues=tuple(map(Path, described["catalogues"])),
        shown_metadata=tuple(described["shown_metadata"]),
        checks=described.get("checks", {}),
        other_sites=tuple(described.get("other_sites", ())),
        root=str(described.get("root", "index")),
        without_names=audiences.without_names(described.get("without_names")),
    )


def end_program(process: subprocess.Popen[str]) -> None:
    """End a program and all processes that it has started; those that do not heed are killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
            break


def _environment() -> dict[str, str]:
    """Return the environment of our programs: they write UTF-8, whatever the locale is."""
    return {**os.environ, "PYTHONIOENCODING": "utf-8"}


def run_sphinx(arguments: Sequence[str], log: Path, progress: Progress, module: str = "sphinx") -> int:
    """Run Sphinx (or ``module``) and return its exit code; what it prints goes to ``log``, and is shown on the way."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as record,
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=1,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            pass_fds=inherited(),
            start_new_session=True,  # so that its own processes can be ended with it
        ) as process,
    ):

        def follow(stream: Iterable[str], show: Callable[[str], None]) -> None:
            for line in stream:
                record.write(line)
                show(line.rstrip("\n"))

        errors = Thread(target=follow, args=(process.stderr or (), progress.say))
        errors.start()
        try:
            follow(process.stdout or (), progress.status)
        except BaseException:
            end_program(process)
            raise
        finally:
            errors.join()
            progress.clear()
        return process.wait()
