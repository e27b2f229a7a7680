"""What the command line knows of a site, and how it runs Sphinx: always as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import field
from pathlib import Path
from threading import Thread
from typing import Any

from sphinx_postmortem.cli.build_lock import inherited
from sphinx_postmortem.cli.programs import Programs, end_programs
from sphinx_postmortem.cli.terminal import Progress
from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.settings import SettingError, Settings, read_settings
from sphinx_postmortem.core.settings.setting_names import PREVIEW_FOLDER
from sphinx_postmortem.core.terminal_text import lines_without_controls

_NOT_HANDED_ON = ("FORCE_COLOR", "CLICOLOR_FORCE", PREVIEW_FOLDER)


class SiteError(Exception):
    """A site that cannot be used as it is; the message says how to mend it."""


@dataclass(frozen=True)
class Site:
    """A source folder, its settings, and what else its ``conf.py`` says that the command line needs."""

    source: Path
    settings: Settings = field(default_factory=Settings)
    exclude: tuple[str, ...] = ()
    suffixes: Mapping[str, str] = field(default_factory=dict[str, str])
    themes: tuple[Path, ...] = ()
    extensions: tuple[Path, ...] = ()
    catalogues: tuple[Path, ...] = ()
    versions: tuple[str, ...] = ()
    locale_folders: tuple[Path, ...] = ()
    root: str = "index"
    markdown_syntax: frozenset[str] = frozenset()

    @property
    def audiences(self) -> Audiences:
        """The site's audiences."""
        return self.settings.audiences


def read_site(source: Path) -> Site:
    """Ask a site's ``conf.py`` for its settings.

    Raises:
        SiteError: there is no ``conf.py``, it fails, or a setting cannot be used.
    """
    if not (source / "conf.py").is_file():
        raise SiteError(f"{source} has no conf.py; name the folder of a Sphinx project")
    command = [sys.executable, "-m", "sphinx_postmortem.sphinx_ext.describe", str(source)]
    done = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", errors="replace", env=_environment()
    )
    if done.returncode:
        raise SiteError(lines_without_controls(done.stderr.strip()) or f"{source / 'conf.py'} could not be read")
    return make_site(source, json.loads(done.stdout.strip().splitlines()[-1]))


def make_site(source: Path, described: Mapping[str, Any]) -> Site:
    """Return a site from what ``describe`` has said of it.

    Raises:
        SiteError: a setting cannot be used.
    """
    try:
        settings = read_settings(described["settings"])
    except SettingError as error:
        raise SiteError(f"{source / 'conf.py'}: {error}") from error
    return Site(
        source,
        settings,
        exclude=tuple(described["exclude"]),
        suffixes=described["suffixes"],
        themes=tuple(map(Path, described["themes"])),
        extensions=tuple(map(Path, described["extensions"])),
        versions=tuple(described["versions"]),
        catalogues=tuple(map(Path, described["catalogues"])),
        locale_folders=tuple(map(Path, described["locale_folders"])),
        root=str(described["root"]),
        markdown_syntax=frozenset(described["markdown_syntax"]),
    )


def translations(language: str, folders: Iterable[Path] = ()) -> Mapping[str, str]:
    """Return our texts in a language, by the English ones; none for English and for languages without a catalogue.

    Args:
        language: as ``language`` in ``conf.py`` names it.
        folders: where a site keeps catalogues of its own.

    Raises:
        SiteError: the catalogues cannot be read.
    """
    if language.casefold().replace("_", "-").partition("-")[0] in ("", "en"):
        return {}
    command = [sys.executable, "-m", "sphinx_postmortem.sphinx_ext.catalogue_texts", language, *map(str, folders)]
    done = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", errors="replace", env=_environment()
    )
    if done.returncode:
        raise SiteError(lines_without_controls(done.stderr.strip()) or f"the texts in {language} could not be read")
    found: dict[str, str] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _environment() -> dict[str, str]:
    """Return the environment of our programs: they write UTF-8 whatever the locale is, no colours, and no preview."""
    given = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
    return {**given, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


def run_sphinx(
    arguments: Sequence[str], log: Path, progress: Progress, module: str = "sphinx", programs: Programs | None = None
) -> int:
    """Run Sphinx (or ``module``) and return its exit code; what it prints goes to ``log``, and is shown on the way.

    Raises:
        StoppedError: it was ended with the other programs of its command, ``programs``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as record,
        (programs or Programs()).running(
            [sys.executable, "-m", module, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=1,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            pass_fds=inherited(),
        ) as process,
    ):

        def follow(stream: Iterable[str], show: Callable[[str], None]) -> None:
            for line in stream:
                text = lines_without_controls(line)  # pages, names and commits are text of others
                record.write(text)
                show(text.rstrip("\n"))

        errors = Thread(target=copy_context().run, args=(follow, process.stderr or (), progress.say))
        errors.start()
        try:
            follow(process.stdout or (), progress.status)
        except BaseException:
            end_programs((process,))
            raise
        finally:
            errors.join()
            progress.clear()
        return process.wait()
