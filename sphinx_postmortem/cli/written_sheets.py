"""What the commands ``agenda`` and ``drill`` share: they write sheets about one incident of one edition."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import click

from sphinx_postmortem.cli.build import check_editions
from sphinx_postmortem.cli.export import write_edition
from sphinx_postmortem.cli.option_values import split_some_names
from sphinx_postmortem.cli.site import Site, SiteError, read_site, run_sphinx
from sphinx_postmortem.cli.terminal import Progress, Told, echo
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.published_edition import EditionError, PublishedEdition, Record
from sphinx_postmortem.core.whole_files import replace_file
from sphinx_postmortem.core.working_folders import working_folder

FORMATS = ("html", "pdf")
_BUILDER = "postmortem-sheets"
_P = ParamSpec("_P")


@dataclass(frozen=True)
class AskedSheets:
    """What is asked for: ``sheets`` is ``agenda`` or ``drill``; an empty edition stands for the first."""

    sheets: str
    edition: str
    formats: tuple[str, ...]
    folder: Path


def split_formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read ``--format html,pdf``."""
    return split_some_names(value, FORMATS, "format")


def asks_for_sheets(command: Callable[_P, None]) -> Callable[_P, None]:
    """Give a command what each takes that writes sheets: a site and an incident, or a page; formats, and a folder."""
    takes = (
        click.argument("source", metavar="SRC|PAGE", type=click.Path(exists=True, path_type=Path)),
        click.argument("incident", metavar="[INCIDENT]", default=""),
        click.option(
            "--format",
            "formats",
            default="html",
            show_default=True,
            callback=split_formats,
            help="html, pdf, or both: html,pdf",
        ),
        click.option(
            "--out",
            "folder",
            default=".",
            show_default="the current folder",
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder to write to.",
        ),
    )
    for add in reversed(takes):
        command = add(command)
    return command


def write_sheets(source: Path, incident: str, asked: AskedSheets) -> None:
    """Write the sheets of an incident, from an edition that is gated, checked against its releases, and audited.

    Args:
        source: the folder of the site, or the page of the incident.
        incident: its id, its page, or the path of its page; empty where ``source`` is the page.
        asked: what to write.

    Raises:
        click.UsageError: the site, the edition or the page cannot be found.
        SiteError: the edition or the sheets could not be made; nothing was written.
    """
    site, wanted = _site_and_incident(source, incident)
    edition = asked.edition or site.audiences.internal
    check_editions(site, (edition,))
    with working_folder("sheets") as made:
        published = read_published(site, made, edition)
        try:
            record = find_incident(published, wanted, site.source)
        except EditionError as error:
            hint = "name its id or its page, or choose an edition that shows it"
            raise SiteError(f"{error}; the edition is {edition}: {hint}") from error
        for path in _make(site, made, edition, record, asked):
            asked.folder.mkdir(parents=True, exist_ok=True)
            replace_file(asked.folder / path.name, path.read_bytes())
            echo(f"written {asked.folder / path.name}")


def _site_and_incident(source: Path, incident: str) -> tuple[Site, str]:
    """Return the site, and what its incident is called; of a page alone, the site that it lies in."""
    folder = source.resolve()
    if folder.is_file():
        if incident:
            raise click.UsageError(f"{source} is a page; name the page alone, or a site and an incident")
        incident = str(folder)
        folder = next((each for each in folder.parents if (each / "conf.py").is_file()), folder.parent)
    elif not incident:
        raise click.UsageError(f"name an incident of {source}: its id, or its page")
    try:
        return read_site(folder), incident
    except SiteError as error:
        raise click.UsageError(str(error)) from error


def read_published(site: Site, folder: Path, edition: str) -> PublishedEdition:
    """Return the data of an edition, made as `export` makes it: gated, checked against its releases, and audited.

    Raises:
        SiteError: the edition could not be made.
    """
    told = Told()
    if not write_edition(
        site, folder, edition, ["-D", "postmortem_export_formats=json"], told, audit=True, is_kept=False
    ):
        raise SiteError(f"the edition {edition} could not be made, so nothing was written; see the error above")
    try:
        return PublishedEdition(folder / edition, expected=edition)
    except EditionError as error:
        raise SiteError(str(error)) from error


def find_incident(published: PublishedEdition, wanted: str, source: Path) -> Record:
    """Return an incident by its id, or by its page or the path of that page.

    Raises:
        EditionError: the edition has no such incident, or several on the page.
    """
    path = Path(wanted).resolve()
    inner = path.relative_to(source).as_posix() if path.is_relative_to(source) else wanted
    names = {wanted.strip("/"), inner, *(name.rpartition(".")[0] for name in (wanted, inner) if "." in name)}
    on_page = [each for each in published.incidents if each.get("page") in names]
    if len(on_page) > 1:
        listed = ", ".join(sorted(str(each.get("id")) for each in on_page))
        raise EditionError(f"the page {inner} holds several incidents ({listed})")
    return on_page[0] if on_page else published.incident(inner)


def _make(site: Site, made: Path, edition: str, record: Record, asked: AskedSheets) -> list[Path]:
    """Return the sheets in a folder of their own. The pages are not read again: the caches of the edition are used.

    Raises:
        SiteError: they could not be made.
    """
    output = made / "sheets"
    incident = {"incident": record["id"], "page": record["page"]}
    request = {"edition": str(made / edition), **incident, "sheets": asked.sheets, "formats": asked.formats}
    output.with_suffix(".json").write_text(json.dumps(request), encoding="utf-8")
    arguments = ["-b", _BUILDER, "-d", str(made / ".state" / edition / "doctrees"), "-j", "auto"]
    arguments += ["-D", f"postmortem_audience={edition}", "-D", "postmortem_export_formats=json"]
    progress = Progress(f"{edition}: {asked.sheets}", told=Told(), edition=edition)
    if run_sphinx([*arguments, str(site.source), str(output)], made / "sheets.log", progress):
        raise SiteError(f"the sheets could not be made from the edition {edition}; see the error above")
    return sorted(path for path in output.iterdir() if path.suffix.removeprefix(".") in FORMATS)
