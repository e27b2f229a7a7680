"""``sphinx-postmortem import``: postmortems and exports of other tools become pages of a site."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sphinx_postmortem.cli.import_answers import Answers, read_answers, read_source
from sphinx_postmortem.cli.import_writing import Importing, write_drafts
from sphinx_postmortem.cli.site import SiteError, read_site
from sphinx_postmortem.cli.terminal import Progress, echo, secho
from sphinx_postmortem.core.exports.command_json import ImportData, ImportedPage
from sphinx_postmortem.core.imports.draft import AnswerNeededError, Draft, SourceError
from sphinx_postmortem.core.imports.source_kinds import KINDS
from sphinx_postmortem.core.imports.together import combine

_KIND_NAMES = [kind.name for kind in KINDS]
_MOST_FILES = 5_000


@click.command("import")
@click.argument("files", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--site",
    "source",
    metavar="SRC",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The site. Default: this folder.",
)
@click.option(
    "--from", "kind", type=click.Choice(_KIND_NAMES), help="The kind of the files. Default: what they look like."
)
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A page to add to: what is new is added, what you have edited stays.",
)
@click.option(
    "--batch",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Import every file below a folder, one page each.",
)
@click.option("--zone", help="Zone of times that state none: UTC, +02:00, Europe/London.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Day of clocks that have no date.")
@click.option("--date-order", type=click.Choice(["mdy", "dmy"]), help="How to read a date such as 03/04/2026.")
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML: columns of CSV and JSON Lines, and answers for single files.",
)
@click.option("--id", "incident_id", metavar="ID", help="Incident id. Default: the source's, or the next free one.")
@click.option("--folder", metavar="DIR", help="Folder below SRC for new pages. Default: as `new` chooses it.")
@click.option("--everything", is_flag=True, help="Take also what a source leaves out by default.")
@click.option(
    "--set", "others", metavar="NAME=VALUE", multiple=True, help="An option of the kind, such as reactions=pushpin."
)
@click.option("--json", "as_json", is_flag=True, help="Print what became of each item as JSON.")
def import_(files: tuple[Path, ...], source: Path, **asked: Any) -> None:
    r"""Import postmortems and exports of other tools into a site.

    Several FILES make one postmortem with one timeline. Imported pages are drafts that the first edition alone shows.
    Nothing is fetched.

    \b
    Examples:
      sphinx-postmortem import report.md --zone Europe/London
      sphinx-postmortem import --batch ../old-postmortems --zone UTC
      sphinx-postmortem import pagerduty.json --into incidents/sec-2026-014.md

    Exit codes: 0 imported, 1 something was not imported or holds a secret, 2 wrong use.
    """
    if bool(files) == bool(asked["batch"]):
        raise click.UsageError("name the files to import, or a folder with --batch")
    if asked["batch"] and (asked["into"] or asked["incident_id"]):
        raise click.UsageError("--batch makes a page of each file: it goes with neither --into nor --id")
    site = read_site(source.resolve())
    answers = read_answers(asked)
    importing = Importing(site, asked["folder"], asked["incident_id"])
    if asked["batch"]:
        pages = _import_batch(asked["batch"], importing, answers)
    else:
        pages = _import_files(files, importing, answers, asked["into"])
    if asked["as_json"]:
        data: ImportData = {"pages": pages}
        echo(json.dumps(data, indent=1, ensure_ascii=False))
    elif asked["batch"]:
        say_batch(pages)
    else:
        for page in pages:
            say_page(page)
    sys.exit(1 if any(page["problem"] or page["secrets"] for page in pages) else 0)


def _import_files(
    files: Sequence[Path], importing: Importing, answers: Answers, into: Path | None
) -> list[ImportedPage]:
    drafts: list[list[Draft]] = []
    for path in files:
        try:
            drafts.append(read_source(path, path.name, answers))
        except AnswerNeededError as error:
            raise click.UsageError(f"{error}; give {error.option}") from error
        except SourceError as error:
            raise SiteError(str(error)) from error
    if len(files) == 1 and into is None:
        if answers.incident_id and len(drafts[0]) > 1:
            raise click.UsageError(f"{files[0].name} holds {len(drafts[0])} incidents: --id cannot name them all")
        return [write_drafts(draft, importing) for draft in drafts[0]]
    return [write_drafts(combine([draft for found in drafts for draft in found]), importing, into)]


def _import_batch(folder: Path, importing: Importing, answers: Answers) -> list[ImportedPage]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))
    if len(found) > _MOST_FILES:
        raise SiteError(f"{folder} holds {len(found)} files, the bound is {_MOST_FILES}; import its folders one by one")
    pages: list[ImportedPage] = []
    progress = Progress("importing")
    for number, path in enumerate(found, start=1):
        name = path.relative_to(folder).as_posix()
        progress.status(f"{number} of {len(found)}: {name}")
        try:
            pages += [write_drafts(draft, importing) for draft in read_source(path, name, answers)]
        except AnswerNeededError as error:
            pages.append(importing.failed(name, f"{error}; give {error.option}"))
        except SourceError as error:
            pages.append(importing.failed(name, str(error)))
    progress.clear()
    return pages


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


_MOST_SAID = 12


def say_page(page: ImportedPage) -> None:
    """Print what became of one page, and what its author is to do."""
    if page["problem"]:
        secho(page["problem"], fg="red", err=True)
        return
    counts = Counter(item["what"] for item in page["items"] if item["became"] in ("row", "section", "comment"))
    kept = sum(item["became"] == "kept" for item in page["items"])
    what = ", ".join(f"{count} {_plural(name, count)}" for name, count in counts.items()) or "nothing new"
    verb = "Wrote" if page["changed"] else "Left as it is:"
    echo(f"{verb} {page['path']} ({page['id']}): {what}" + (f"; {kept} were there" if kept else ""))
    for sentence in page["said"][:_MOST_SAID]:
        echo(f"  {sentence}")
    if len(page["said"]) > _MOST_SAID:
        echo(f"  and {len(page['said']) - _MOST_SAID} more notes, which stand in the page")
    _say_secrets([page])
    if page["names"]:
        echo(f"  People, for postmortem_pseudonyms: {', '.join(page['names'])}")
    if page["changed"]:
        echo("Next: read the page, and answer  sphinx-postmortem check .")


def say_batch(pages: Sequence[ImportedPage]) -> None:
    """Print one line for each file, and the sums."""
    for page in pages:
        name = ", ".join(page["sources"])
        if page["problem"]:
            secho(f"{name}: not imported: {page['problem']}", fg="red")
            continue
        unread = sum(item["what"] == "unread" for item in page["items"])
        to_do = f", {len(page['said'])} to look at" if page["said"] else ""
        state = "" if page["changed"] else " (was there)"
        counts = f"{page['events']} events, {page['actions']} actions, {unread} not read{to_do}"
        echo(f"{name} -> {Path(page['path']).name}{state}: {counts}")
    done = [page for page in pages if not page["problem"]]
    events, actions = sum(page["events"] for page in done), sum(page["actions"] for page in done)
    with_times = sum(page["events"] > 0 for page in done)
    echo(
        f"{len(done)} of {len(pages)} files imported; {with_times} have a timeline; {events} events, {actions} actions"
    )
    _say_secrets(pages)
    names = dict.fromkeys(name for page in done for name in page["names"])
    if names:
        echo(f"{len(names)} people are named, in the column Who and in the text: --json lists them")


def _say_secrets(pages: Sequence[ImportedPage]) -> None:
    for place in (place for page in pages for place in page["secrets"]):
        secho(f"{place}: this looks like a secret; revoke it and take it out", fg="red", err=True)


def _plural(name: str, count: int) -> str:
    return name if count == 1 or name == "unread" else f"{name}s"
