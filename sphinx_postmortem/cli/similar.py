"""``sphinx-postmortem similar``: the incidents that resemble a text, such as an alert."""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import click

from sphinx_postmortem.cli.terminal import echo
from sphinx_postmortem.core.exports.command_json import SimilarData
from sphinx_postmortem.core.exports.published_edition import EditionError, PublishedEdition
from sphinx_postmortem.core.similar import LARGEST_LIMIT, MOST_SIMILAR
from sphinx_postmortem.core.similar.published_similar import similar_to_text
from sphinx_postmortem.core.terminal_text import without_controls

MOST_BYTES = 400_000  # an alert is short; what stands behind adds nothing


@click.command()
@click.argument("text", metavar="FILE|-", type=click.File("rb"))
@click.argument("folder", metavar="OUT/EDITION", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--limit",
    type=click.IntRange(1, LARGEST_LIMIT),
    default=MOST_SIMILAR,
    show_default=True,
    help="How many incidents at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def similar(text: BinaryIO, folder: Path, limit: int, as_json: bool) -> None:
    r"""Print the incidents that resemble the text in FILE, or on standard input, each with what both have in common.

    The incidents are those of one published edition, of which postmortems.json is read and nothing else. Of the text
    the first 400 kB count.

    \b
    Examples:
      pbpaste | sphinx-postmortem similar - site/internal
      sphinx-postmortem similar alert.txt site/internal --json

    Exit codes: 0 something was found, 1 nothing was found, 2 wrong use, or no published edition.
    """
    asked = _decoded(text.read(MOST_BYTES))
    if not asked.strip():
        raise click.UsageError("the text is empty; paste an alert, or name a file that holds one")
    try:
        edition = PublishedEdition(folder)
        found = similar_to_text(edition, asked, limit)
    except EditionError as error:
        raise click.UsageError(without_controls(str(error))) from error
    if as_json:
        data: SimilarData = {"edition": edition.name, "similar": found}
        echo(json.dumps(data, indent=1))
    else:
        for each in found:
            facts = " · ".join(part for part in (each["severity"], each["first_day"], each["status"]) if part)
            lines = (f"{each['id']}: {each['title']}", facts, f"in common: {each['reason']}", each["address"])
            echo("\n  ".join(without_controls(line) for line in lines if line))
        if not found:
            echo(f"No incident of the edition {edition.name} resembles this text.", err=True)
    raise click.exceptions.Exit(0 if found else 1)


def _decoded(data: bytes) -> str:
    """Return a text in UTF-8, or in the UTF-16 that PowerShell writes to files; bytes of neither are replaced."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return data.decode("utf-16")
    return data.decode("utf-8-sig", "replace")
