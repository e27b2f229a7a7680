"""``sphinx-postmortem drill``: a tabletop exercise from an incident, with nothing that the edition hides."""

from __future__ import annotations

from pathlib import Path

import click

from sphinx_postmortem.cli.written_sheets import AskedSheets, asks_for_sheets, write_sheets


@click.command()
@click.option("--edition", required=True, metavar="NAME", help="The edition that the participants may see.")
@asks_for_sheets
def drill(source: Path, incident: str, edition: str, formats: tuple[str, ...], folder: Path) -> None:
    r"""Make a tabletop exercise from INCIDENT (its id, or its page below SRC) of the site in SRC, or from its PAGE.

    Two sheets for printing, in the language of the site: drill-ID-participants has the injects by the time since
    detection, decisions and questions; drill-ID-facilitator the real course. Both are made from the data of the
    edition, which is read, gated and audited as `export` does it: where that fails, nothing is written.

    \b
    Examples:
      sphinx-postmortem drill . SEC-2026-014 --edition public
      sphinx-postmortem drill incidents/sec-2026-014.md --edition leadership --format html,pdf --out exercises

    Exit codes: 0 written, 1 the edition or the exercise could not be made, 2 wrong use.
    """
    write_sheets(source, incident, AskedSheets("drill", edition, formats, folder))
