"""``sphinx-postmortem verify``: is a published edition still what was built?"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from sphinx_postmortem.cli.terminal import echo, failing_with_2, secho
from sphinx_postmortem.core.exports.command_json import VerifyData
from sphinx_postmortem.core.exports.manifest import MANIFEST, SUMS, ManifestError, verify_folder
from sphinx_postmortem.core.terminal_text import without_controls

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(folders: tuple[Path, ...], as_json: bool) -> None:
    r"""Check the files of an edition against its manifest.json and SHA256SUMS.

    FOLDER is the folder of one edition, OUT/EDITION. Files that are missing, changed or not listed are named.
    Who built the edition is proved by a signature of SHA256SUMS only: check that first.

    \b
    Examples:
      sphinx-postmortem verify build/site/public
      gpg --verify SHA256SUMS.asc SHA256SUMS

    Exit codes: 0 all is as it was built, 1 something differs, 2 wrong use or no manifest.
    """
    with failing_with_2("verify"):
        found = {str(folder): verified(folder) for folder in folders}
        if as_json:
            echo(json.dumps(verify_data(found), indent=1))
        else:
            for name, problems in found.items():
                say(name, problems)
    if any(found.values()):
        sys.exit(1)


def verified(folder: Path) -> list[str]:
    """Return what differs in one folder; ends with a sentence where there is no manifest that can be read."""
    try:
        return [without_controls(problem) for problem in verify_folder(folder)]
    except (ManifestError, OSError) as error:
        raise click.UsageError(without_controls(str(error))) from error


def say(folder: str, problems: list[str]) -> None:
    """Print the result for one folder."""
    for problem in problems:
        secho(f"{folder}: {problem}", fg="red", err=True)
    if problems:
        secho(f"{folder}: {len(problems)} differences", fg="red", err=True)
    else:
        echo(f"{folder}: all files are as {MANIFEST} and {SUMS} state")


def verify_data(found: Mapping[str, list[str]]) -> VerifyData:
    """Return what ``--json`` prints: each folder with its differences."""
    return {"folders": [{"folder": folder, "differences": problems} for folder, problems in found.items()]}
