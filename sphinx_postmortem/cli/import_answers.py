"""What the user says of sources that they do not say themselves: by options, in a file, or when asked on a terminal."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click

from sphinx_postmortem.cli.site import SiteError
from sphinx_postmortem.cli.terminal import echo, is_terminal
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.imports.draft import AnswerNeededError, Draft, SourceError, with_own_names
from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.source_kinds import find_kind
from sphinx_postmortem.core.records.numeric_dates import Order
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.zones import BadZoneError, Zone, read_zone

_QUESTIONS = {
    "--zone": "Zone of its times (UTC, +02:00, Europe/London)",
    "--date": "Day of its times (YYYY-MM-DD)",
    "--date-order": "Order of its dates (mdy or dmy)",
}
_MOST_QUESTIONS = 5


@dataclass(frozen=True)
class Answers:
    """The options of one run. ``files`` holds answers for single files, by a pattern of their names."""

    kind: str = ""
    asked: Asked = field(default_factory=Asked)
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    incident_id: str = ""

    def for_file(self, name: str) -> Asked:
        """Return the answers for one file."""
        asked = self.asked
        for pattern, given in self.files.items():
            if fnmatch(name, pattern):
                for key, value in given.items():
                    asked = with_answer(asked, f"--{key}", str(value))
        return asked


def read_answers(options: Mapping[str, Any]) -> Answers:
    """Return the answers that options and the file of ``--map`` give.

    Raises:
        UsageError: one of them is none.
        SiteError: the file cannot be read.
    """
    asked = Asked(everything=options["everything"])
    for option, name in (("--zone", "zone"), ("--date", "day"), ("--date-order", "date_order")):
        if options[name]:
            asked = with_answer(asked, option, options[name])
    found = _read_map(options["mapping"]) if options["mapping"] else {}
    others = dict(part.partition("=")[::2] for part in options["others"])
    if "" in others.values():
        raise click.BadParameter("write NAME=VALUE", param_hint="--set")
    asked = replace(asked, columns=_texts(found.get("columns", {})), others=others)
    files = {name: _texts(given) for name, given in found.get("files", {}).items()}
    return Answers(options["kind"] or "", asked, files, options["incident_id"] or "")


def _read_map(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SiteError(f"{path}: the file is no TOML ({error})") from error


def _texts(given: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {}


def with_answer(asked: Asked, option: str, text: str) -> Asked:
    """Return the answers with one more.

    Raises:
        UsageError: it is none.
    """
    try:
        if option == "--zone":
            return replace(asked, zone=_zone(text))
        if option == "--date":
            return replace(asked, day=_day(text))
        if option == "--date-order":
            return replace(asked, date_order=_order(text))
    except (BadZoneError, BadDateError, ValueError) as error:
        raise click.BadParameter(str(error), param_hint=option) from error
    raise click.BadParameter(f'"{option}" is no answer; write zone, date or date-order', param_hint="--map")


def _zone(text: str) -> Zone:
    return read_zone(text)


def _day(text: str) -> date:
    return parse_date(text)


def _order(text: str) -> Order:
    if text == "mdy":
        return "mdy"
    if text == "dmy":
        return "dmy"
    raise ValueError(f'"{text}" is no order of dates; write mdy (month first) or dmy (day first)')


def read_source(path: Path, name: str, answers: Answers) -> list[Draft]:
    """Read one file, and ask on a terminal for what it does not state.

    Raises:
        SourceError: it cannot be read.
        AnswerNeededError: there is no terminal to ask on.
    """
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file")
    asked = answers.for_file(name)
    for _ in range(_MOST_QUESTIONS):
        source = Source(path, name, asked)
        try:
            return with_own_names(find_kind(source, answers.kind).read(source))
        except AnswerNeededError as error:
            if error.option not in _QUESTIONS or not is_terminal(sys.stdin):
                raise
            echo(str(error), err=True)
            asked = with_answer(asked, error.option, str(click.prompt(_QUESTIONS[error.option], err=True)))
    raise SourceError(f"{name}: too many questions; give the answers as options")
