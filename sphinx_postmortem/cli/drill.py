"""``sphinx-postmortem drill``: a tabletop exercise from an incident, with nothing that the edition hides."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sphinx_postmortem.cli.build import check_editions
from sphinx_postmortem.cli.export import write_edition
from sphinx_postmortem.cli.site import Site, SiteError, read_site
from sphinx_postmortem.cli.templates import TEMPLATES
from sphinx_postmortem.cli.terminal import Told, echo
from sphinx_postmortem.core.exports.published_edition import EditionError, PublishedEdition, Record
from sphinx_postmortem.core.exports.tabletop import AT_FIRST, AT_LAST, Drill, DrillError, make_drill
from sphinx_postmortem.core.records.anchors import slug

_SHEETS = ("participants", "facilitator")


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("incident", metavar="INCIDENT")
@click.option("--edition", required=True, metavar="NAME", help="The edition that the participants may see.")
@click.option(
    "--out",
    "folder",
    default=".",
    show_default="the current folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write the sheets to.",
)
def drill(source: Path, incident: str, edition: str, folder: Path) -> None:
    r"""Make a tabletop exercise from INCIDENT (its id, or its page below SRC) of the site in SRC.

    Two HTML pages for printing: drill-ID-participants.html has the injects by the time since detection, decisions and
    questions; drill-ID-facilitator.html the real course. Both are made from the data of the edition, which is read,
    gated and audited as `export` does it: where that fails, nothing is written.

    \b
    Examples:
      sphinx-postmortem drill . SEC-2026-014 --edition public
      sphinx-postmortem drill . incidents/sec-2026-014.md --edition leadership --out exercises

    Exit codes: 0 written, 1 the edition or the exercise could not be made, 2 wrong use.
    """
    try:
        site = read_site(source.resolve())
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    check_editions(site, (edition,))
    with tempfile.TemporaryDirectory(prefix="postmortem-drill-") as made:
        published = read_published(site, Path(made), edition)
        try:
            exercise = make_drill(find_incident(published, incident, site.source), edition)
        except (EditionError, DrillError) as error:
            raise SiteError(str(error)) from error
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in _SHEETS:
        path = folder / f"drill-{slug(str(exercise.incident['id']))}-{sheet}.html"
        path.write_text(sheet_text(exercise, sheet), encoding="utf-8")
        echo(f"written {path}")


def read_published(site: Site, folder: Path, edition: str) -> PublishedEdition:
    """Return the data of an edition, made as `export` makes it: gated, checked against its releases, and audited.

    Raises:
        SiteError: the edition could not be made.
    """
    told = Told()
    if not write_edition(site, folder, edition, ["-D", "postmortem_export_formats=json"], told, audit=True):
        raise SiteError(f"the edition {edition} could not be made, so there is no exercise; see the error above")
    try:
        return PublishedEdition(folder / edition, expected=edition)
    except EditionError as error:
        raise SiteError(str(error)) from error


def find_incident(published: PublishedEdition, wanted: str, source: Path) -> Record:
    """Return an incident by its id, or by its page or the path of that page.

    Raises:
        EditionError: the edition has no such incident.
    """
    path = Path(wanted).resolve()
    inner = path.relative_to(source).as_posix() if path.is_relative_to(source) else wanted
    names = {wanted.strip("/"), inner, *(name.rpartition(".")[0] for name in (wanted, inner) if "." in name)}
    by_page = next((each for each in published.incidents if each.get("page") in names), None)
    return by_page or published.incident(wanted)


def sheet_text(exercise: Drill, sheet: str) -> str:
    """Return one of the two sheets as HTML. That of the participants does not name the incident."""
    record = exercise.incident
    for_facilitator = sheet == _SHEETS[1]
    id_, title = str(record["id"]), str(record.get("title") or "")
    name = title if title.casefold().startswith(id_.casefold()) else f"{id_}: {title}" if title else id_
    loader = FileSystemLoader(TEMPLATES / "drill", encoding="utf-8")
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("drill.html.j2").render(
        drill=exercise,
        for_facilitator=for_facilitator,
        title=f"Facilitator's sheet: {name}" if for_facilitator else "Tabletop exercise",
        about=_about(record, for_facilitator=for_facilitator),
        lists=_lists(record),
        at_first=AT_FIRST,
        at_last=AT_LAST,
    )


def _about(record: Record, *, for_facilitator: bool) -> str:
    if not for_facilitator:
        return "Participants' sheet. Cover what lies ahead, and go on when the facilitator says so."
    return ", ".join(str(record[name]) for name in ("first_day", "severity", "type") if record.get(name))


def _lists(record: Record) -> list[tuple[str, list[str]]]:
    """Return what the facilitator may ask about when the exercise is over."""
    points = (
        ("What contributed", "factors"),
        ("What went well", "went_well"),
        ("What didn't go well", "did_not_go_well"),
        ("Key takeaways", "takeaways"),
    )
    found = [(heading, [_point(each) for each in record.get(name, ())]) for heading, name in points]
    actions = [str(action.get("action", "")) for action in record.get("actions", ())]
    return [*found, ("Actions that followed", actions)]


def _point(point: Record) -> str:
    return f"{point['kind']}: {point['text']}" if point.get("kind") else str(point["text"])
