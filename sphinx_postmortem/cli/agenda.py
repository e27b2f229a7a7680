"""``sphinx-postmortem agenda``: the printable pack of a review meeting, from an incident."""

from __future__ import annotations

from pathlib import Path

import click

from sphinx_postmortem.cli.written_sheets import AskedSheets, asks_for_sheets, write_sheets


@click.command()
@click.option(
    "--edition", default="", metavar="NAME", help="The edition that all who take part may see. Default: the first."
)
@asks_for_sheets
def agenda(source: Path, incident: str, edition: str, formats: tuple[str, ...], folder: Path) -> None:
    r"""Make the pack of a review meeting from INCIDENT (its id, or its page below SRC) of the site in SRC, or its PAGE.

    agenda-ID holds the timeline with what is open in each row, all open questions (what is called unknown, what is
    estimated, what contradicts itself), questions by section, and sheets to write on: decisions, and who has read and
    agreed. It is in the language of the site, and made from what the edition shows, which is read, gated and audited
    as `export` does it: where that fails, nothing is written.

    \b
    Examples:
      sphinx-postmortem agenda incidents/sec-2026-014.md
      sphinx-postmortem agenda . SEC-2026-014 --edition leadership --format html,pdf --out meetings

    Exit codes: 0 written, 1 the edition or the pack could not be made, 2 wrong use.
    """
    write_sheets(source, incident, AskedSheets("agenda", edition, formats, folder))
