"""``sphinx-postmortem new``: a postmortem with all sections of the template, ready to be filled."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from sphinx_postmortem.cli.bounded_templates import render_any
from sphinx_postmortem.cli.site import Site, SiteError, read_site
from sphinx_postmortem.cli.templates import texts_in, write_new
from sphinx_postmortem.cli.terminal import ask, echo, readable
from sphinx_postmortem.core.exports.command_json import NewData
from sphinx_postmortem.core.file_stems import stem_of_id
from sphinx_postmortem.core.reader import read_page
from sphinx_postmortem.core.reader.includes import SiteFiles
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.times import BadTimeError, Precision
from sphinx_postmortem.core.records.vocabulary import INCIDENT_TYPES, TLP_LABELS
from sphinx_postmortem.core.regular_files import read_regular_text
from sphinx_postmortem.html_templates import TEMPLATES

_UNFIT_FOR_IDS = set("`<>{}[]()|/\\,;\"'*%$#&?!")  # markup, or what separates ids in options and references
_LONGEST_ID = 80  # characters: an id is said aloud, and stands in names of files
_DEFAULT_PATTERN = "SEC-{year}-{number:03}"
_REVIEW_WITHIN = timedelta(days=14)


def used_ids(site: Site) -> dict[str, Path]:
    """Return the incident ids that the site's sources use, without regard to case, and the file of each."""
    found: dict[str, Path] = {}
    for path in sorted([*site.source.rglob("*.md"), *site.source.rglob("*.rst")]):
        if any(part.startswith(".") or part == "build" for part in path.relative_to(site.source).parts):
            continue
        try:
            text = read_regular_text(path)
        except (OSError, UnicodeDecodeError):
            continue  # the build reports what it cannot read
        if "incident-summary" not in text.casefold() and "include" not in text:
            continue
        page = read_page(
            text,
            markdown=path.suffix == ".md",
            markdown_syntax=site.markdown_syntax,
            open_file=SiteFiles(path, site.source).open,
        )
        for summary in page.named("incident-summary"):
            if summary.argument:
                found.setdefault(summary.argument.casefold(), path)
    return found


def next_id(pattern: str, year: int, used: Iterable[str]) -> str:
    """Return the next free id of a year by a pattern such as ``SEC-{year}-{number:03}``.

    Raises:
        SiteError: the pattern cannot be used.
    """
    try:
        if pattern.format(year=year, number=1) == pattern.format(year=year, number=2):
            raise SiteError(f'the pattern "{pattern}" has no {{number}}; write for example {_DEFAULT_PATTERN}')
    except (KeyError, ValueError, IndexError) as error:
        raise SiteError(f'the pattern "{pattern}" cannot be used ({error}); write {_DEFAULT_PATTERN}') from error
    taken = {known.casefold() for known in used}
    numbers = (int(match[1]) for known in taken if (match := re.search(r"(\d{1,9})\D*$", known)))
    own = (number for number in numbers if pattern.format(year=year, number=number).casefold() in taken)
    return pattern.format(year=year, number=max(own, default=0) + 1)


def guess_pattern(used: Iterable[str]) -> str:
    """Return the pattern that most of a site's ids follow (``INC-{year}-{number:03}``), or the product's own."""
    shapes: dict[str, int] = {}
    for known in used:
        match = re.fullmatch(r"(\D*)(\d{4})(\D+)(\d{1,6})", known)
        if match:
            before, after = (part.upper().replace("{", "{{").replace("}", "}}") for part in (match[1], match[3]))
            shape = f"{before}{{year}}{after}{{number:0{len(match[4])}}}"
            shapes[shape] = shapes.get(shape, 0) + 1
    return max(shapes, key=lambda shape: (shapes[shape], shape), default=_DEFAULT_PATTERN)


@click.command()
@click.argument("source", metavar="[SRC]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--id", "incident_id", metavar="ID", help="Incident id. Default: the next free one.")
@click.option("--title", help="What happened, in a few words.")
@click.option("--severity", help="One of the site's severities, such as SEV-2.")
@click.option(
    "--type", "incident_type", type=click.Choice(INCIDENT_TYPES, case_sensitive=False), help="Kind of incident."
)
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Day of the incident. Default: today, in UTC.")
@click.option(
    "--tlp",
    type=click.Choice(TLP_LABELS, case_sensitive=False),
    default="AMBER",
    show_default=True,
    help="TLP 2.0 label.",
)
@click.option("--language", metavar="CODE", help="Language of headings and prompts, such as de. Default: the site's.")
@click.option("--pattern", help="Pattern of ids. Default: that of the site's ids, else SEC-{year}-{number:03}.")
@click.option("--folder", metavar="DIR", help="Folder below SRC. Default: incidents/YEAR where there is incidents/.")
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own Jinja template. Default: the 14 sections of the product.",
)
@click.option("--stdout", is_flag=True, help="Print the text; write no file.")
@click.option("--json", "as_json", is_flag=True, help="Print the id and the path of the file as JSON.")
def new(source: Path, **asked: Any) -> None:
    r"""Write a new postmortem into the site in SRC (default: this folder).

    What no option gives is asked on a terminal; without a terminal only --title is needed.

    \b
    Examples:
      sphinx-postmortem new
      sphinx-postmortem new docs --title "Stolen token" --severity SEV-1 --type Security

    Exit codes: 0 written, 1 not written, 2 wrong use.
    """
    site = read_site(source.resolve())
    language = asked["language"]
    texts = texts_in(language or site.settings.written_language, site.locale_folders, asked=bool(language))
    title = one_line(asked["title"]) if asked["title"] else ask("Title", None, one_line)
    day = read_day(asked["day"])
    used = used_ids(site)
    proposed = next_id(asked["pattern"] or guess_pattern(used), day.year, used)
    places = {name: path.relative_to(site.source) for name, path in used.items()}

    def as_free_id(written: str) -> str:
        line = one_line(written)
        check_id(line, proposed)
        if taken := taken_by(line, places, proposed):
            raise click.UsageError(taken)
        return line

    given = asked["incident_id"]
    incident_id = one_line(given) if given else ask("Incident id", proposed, as_free_id)
    check_id(incident_id, proposed)
    if taken := taken_by(incident_id, places, proposed):
        raise SiteError(taken)
    severities = site.settings.severities
    severity = choose("severity", asked["severity"], severities, severities[min(1, len(severities) - 1)])
    values: dict[str, object] = {
        "_": texts,
        "id": incident_id,
        "title": as_heading(title),
        "severity": severity,
        "type": choose("type", asked["incident_type"], INCIDENT_TYPES, INCIDENT_TYPES[0]),
        "date": day.isoformat(),
        "review_date": (day + _REVIEW_WITHIN).isoformat(),
        "tlp": asked["tlp"],
        **values_of(site),
    }
    text = render_any(asked["template"] or TEMPLATES / "postmortem.md.j2", values)
    if asked["stdout"]:
        echo(text, nl=False)
        return
    path = site.source / folder_for(site, asked["folder"], day) / f"{stem_of_id(incident_id)}.md"
    if not path.parent.resolve().is_relative_to(site.source):
        raise SiteError(f"--folder {asked['folder']} lies outside {site.source}; name a folder below it")
    write_new(path, text)
    if asked["as_json"]:
        echo(json.dumps(new_data(incident_id, path), indent=1))
        return
    echo(f"Wrote {path}")
    echo(f"Next: answer the lines that begin with %, then  sphinx-postmortem serve {shlex.quote(str(source))}")


def values_of(site: Site) -> dict[str, object]:
    """Return what templates may say of the site."""
    return {
        "milestones": site.settings.milestones,
        "audiences": site.audiences.names,
        "leadership_audience": leadership_audience(site.audiences.names),
        "owner": site.settings.owners[0].id if site.settings.owners else "security-operations",
    }


def new_data(incident_id: str, path: Path) -> NewData:
    """Return what ``--json`` prints: the incident's id and the file that was written."""
    return {"id": incident_id, "path": str(path)}


def leadership_audience(names: Sequence[str]) -> str:
    """Return the audience of the leadership summary: the one of that name, else all but the least privileged."""
    return "leadership" if "leadership" in names else names[max(len(names) - 2, 0)]


def folder_for(site: Site, asked: str | None, day: date) -> Path:
    """Return the folder, below the source, of a new postmortem."""
    if asked:
        return Path(asked)
    return Path("incidents", str(day.year)) if (site.source / "incidents").is_dir() else Path()


def check_id(written: str, example: str) -> None:
    """Refuse an id that no reference could name.

    Raises:
        UsageError: it holds markup or a character that separates ids, has neither letter nor digit, or is too long.
    """
    if (length := len(written)) > _LONGEST_ID:
        message = f"the id has {length} characters; use {_LONGEST_ID} at most, as in {example}"
        raise click.BadParameter(message, param_hint="--id")
    unfit = _UNFIT_FOR_IDS & set(written)
    if unfit or not re.search(r"\w", written):
        why = f"holds {' '.join(sorted(unfit))}" if unfit else "has no letter and no digit"
        message = f'"{written}" {why}; use letters, digits, hyphens, dots and spaces, as in {example}'
        raise click.BadParameter(message, param_hint="--id")


def taken_by(written: str, used: Mapping[str, Path], free: str) -> str:
    """Return a sentence that says which page has an id; empty where none has."""
    place = used.get(written.casefold())
    return f"the id {written} is taken by {place}; the next free one is {free}" if place else ""


def read_day(written: str | None) -> date:
    """Return the day that is given or asked for, as ``2026-11-29`` or ``29 Nov 2026``.

    Raises:
        UsageError: it is no date.
    """
    today = datetime.now(tz=UTC).date()
    return _as_day(written) if written else ask("Date (YYYY-MM-DD)", today.isoformat(), _as_day)


def _as_day(written: str) -> date:
    try:
        moment = parse_moment(written)
    except BadTimeError as error:
        raise click.BadParameter(f"{str(error).partition(';')[0]}; write YYYY-MM-DD", param_hint="--date") from error
    if moment.precision is not Precision.DAY or moment.earliest is None:
        raise click.BadParameter(f'"{written}" is not a date; write YYYY-MM-DD', param_hint="--date")
    return moment.earliest.date()


def choose(name: str, asked: str | None, allowed: Sequence[str], default: str) -> str:
    """Return one of the allowed values, given or asked for: ``sev2`` is ``SEV-2``.

    Raises:
        UsageError: another was given.
    """

    def read(written: str) -> str:
        for value in allowed:
            if _letters(value) == _letters(written):
                return value
        message = f'"{written}" is not known; choose from {", ".join(allowed)}'
        raise click.BadParameter(message, param_hint=f"--{name}")

    return read(asked) if asked else ask(f"{name.capitalize()} ({', '.join(allowed)})", default, read)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def as_heading(title: str) -> str:
    """Return a title as Markdown that shows it as it was written; only code in backticks keeps its meaning."""
    text = title.rstrip("#")
    parts = re.split(r"(`+[^`]*`+)", title if text == title else f"{text}\\{title[len(text) :]}")
    return "".join(part if index % 2 else re.sub(r"[<\[{$*]", r"\\\g<0>", part) for index, part in enumerate(parts))


def one_line(text: str) -> str:
    """Return a text on one line.

    Raises:
        UsageError: nothing is left.
    """
    line = " ".join(readable(text).split())
    if not line:
        raise click.UsageError("the id and the title need a text")
    return line
