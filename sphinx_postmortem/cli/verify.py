"""``sphinx-postmortem verify``: is a published edition still what was built?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sphinx_postmortem.core.manifest import MANIFEST, SUMS, ManifestError, verify_folder


@click.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
def verify(folders: tuple[Path, ...]) -> None:
    r"""Check the files of an edition against its manifest.json and SHA256SUMS.

    FOLDER is the folder of one edition, OUT/EDITION. Files that are missing, changed or not listed are named.
    Who built the edition is proved by a signature of SHA256SUMS only: check that first.

    \b
    Examples:
      sphinx-postmortem verify build/site/public
      gpg --verify SHA256SUMS.asc SHA256SUMS

    Exit codes: 0 all is as it was built, 1 something differs, 2 wrong use or no manifest.
    """
    differs = False
    for folder in folders:
        try:
            problems = verify_folder(folder)
        except (ManifestError, OSError) as error:
            raise click.UsageError(str(error)) from error
        for problem in problems:
            click.secho(f"{folder}: {problem}", fg="red", err=True)
        if problems:
            differs = True
            click.secho(f"{folder}: {len(problems)} differences", fg="red", err=True)
        else:
            click.echo(f"{folder}: all files are as {MANIFEST} and {SUMS} state")
    if differs:
        sys.exit(1)
