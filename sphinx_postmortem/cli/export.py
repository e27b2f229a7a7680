"""``sphinx-postmortem export``: the data files of every edition, without building its pages."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sphinx_postmortem.cli.build import check_editions, edition_of, publish, refuse_folders
from sphinx_postmortem.cli.build_options import has_unsafe_marking
from sphinx_postmortem.cli.caches import with_readable_caches
from sphinx_postmortem.cli.edition_folder import empty_unfinished
from sphinx_postmortem.cli.option_values import split_names
from sphinx_postmortem.cli.results import Written, possible_formats, say_results
from sphinx_postmortem.cli.site import Site, SiteError, read_site, run_sphinx
from sphinx_postmortem.cli.terminal import Progress, Told, echo, say_told, secho
from sphinx_postmortem.core.exports.edition_json import SCHEMA_FILE
from sphinx_postmortem.core.exports.export_files import CALENDARS_NEED, EXPORT_FORMATS, ON_REQUEST


def split_formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read ``--format json,csv``; without it all that can be made and is not on request."""
    formats = split_names(value, EXPORT_FORMATS, "format")
    if "ics" in formats and "ics" not in possible_formats():
        raise click.BadParameter(f"no calendars can be made: {CALENDARS_NEED}")
    return formats


def show_schema(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Print the JSON Schema and stop."""
    if value and not context.resilient_parsing:
        echo(SCHEMA_FILE.read_text("utf-8"), nl=False)
        context.exit()


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", metavar="OUT", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--edition", "editions", multiple=True, metavar="NAME", help="Edition to export; repeat for several. Default: all."
)
@click.option(
    "--format",
    "formats",
    default="",
    callback=split_formats,
    metavar="FORMATS",
    help=f"Of {','.join(EXPORT_FORMATS)}. Default: all but {' and '.join(ON_REQUEST)}, unless the site names these.",
)
@click.option("-W", "--fail-on-warning", is_flag=True, help="Treat warnings as errors.")
@click.option("-j", "--jobs", default="auto", show_default=True, help="Number of parallel processes.")
@click.option(
    "--audit/--no-audit", default=True, show_default=True, help="Search filtered editions for hidden content."
)
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_schema,
    help="Print the JSON Schema of postmortems.json and stop.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
def export(
    source: Path,
    output: Path,
    editions: tuple[str, ...],
    formats: tuple[str, ...],
    fail_on_warning: bool,
    jobs: str,
    audit: bool,
    as_json: bool,
) -> None:
    r"""Write the data of the site in SRC into OUT/EDITION, without building its pages.

    postmortems.json for programs, actions.csv and events.csv for spreadsheets, actions.ics and calendars/ (one for each
    owner) for calendars, incidents.atom for feed readers; where they are asked for, layers for MITRE's ATT&CK
    Navigator, incidents.stix.json, a STIX 2.1 bundle, and timesketch.csv for Timesketch; manifest.json and SHA256SUMS
    as with `build`. Each edition holds what its audience may see.

    \b
    Examples:
      sphinx-postmortem export . build/data
      sphinx-postmortem export . build/data --edition leadership --format json,csv
      sphinx-postmortem export . build/data --format navigator,stix
      sphinx-postmortem export --schema > postmortems.schema.json

    Exit codes: 0 written, 1 an edition failed, 2 wrong use.
    """
    try:
        site = read_site(source.resolve())
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    chosen = check_editions(site, editions)
    output = output.resolve()
    refuse_folders(site, output, chosen)
    for name in chosen:
        refuse_built_edition(output / name)
    arguments = ["-j", jobs, *(["-W", "--keep-going"] if fail_on_warning else [])]
    if wanted := formats or possible_formats(site.settings.export_formats):
        arguments += ["-D", f"postmortem_export_formats={','.join(wanted)}"]
    told = Told()
    succeeded = {name: write_edition(site, output, name, arguments, told, audit=audit) for name in chosen}
    say_told(told)
    results = {name: Written(name, output / name, 0, ()) if succeeded[name] else None for name in chosen}
    say_results(results, as_json=as_json, formats=formats or site.settings.export_formats)
    if None in results.values():
        sys.exit(1)


def refuse_built_edition(folder: Path) -> None:
    """Refuse to replace an edition with pages by one without.

    Raises:
        click.UsageError: the folder holds pages.
    """
    for name in ("html", "pdf", "md"):
        if (folder / name).exists():
            raise click.UsageError(f"{folder} holds an edition with its pages ({name}); choose another OUT")


def write_edition(
    site: Site, output: Path, edition: str, arguments: list[str], told: Told, *, audit: bool, is_kept: bool = True
) -> bool:
    """Write one edition aside and move it into place; say what failed and return False where it failed.

    ``is_kept`` says that ``output`` stays when the command ends, so that logs in it can be read.
    """
    with edition_of(output, edition) as state:
        return _write_aside(site, state, output / edition, edition, arguments, told, audit=audit, is_kept=is_kept)


def _write_aside(
    site: Site,
    state: Path,
    final: Path,
    edition: str,
    arguments: list[str],
    told: Told,
    *,
    audit: bool,
    is_kept: bool,
) -> bool:
    aside, log = empty_unfinished(state), state / "export.log"
    echo(f"{edition}: exporting ...", err=True)
    command = ["-b", "postmortem-export", "-d", str(state / "doctrees"), "-D", f"postmortem_audience={edition}"]
    progress = Progress(f"{edition}: export", told=told, edition=edition)

    def run() -> int:
        return run_sphinx([*command, *arguments, str(site.source), str(aside)], log, progress)

    failed = with_readable_caches(run, state, log, lambda said: echo(f"{edition}: {said}", err=True)) != 0
    if failed or (edition != site.audiences.internal and has_unsafe_marking(log)):
        where = f"Log: {log}" if is_kept else "What is wrong stands above"
        secho(f"{edition}: the export failed; nothing of this edition was published. {where}", fg="red", err=True)
        return False
    return publish(site, aside, final, edition, audit=audit, is_kept=is_kept)
