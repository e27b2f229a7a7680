"""The command line: ``sphinx-postmortem COMMAND``."""

from __future__ import annotations

import click

from sphinx_postmortem import __version__
from sphinx_postmortem.cli.build import build
from sphinx_postmortem.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sphinx-postmortem")
def main() -> None:
    """Build and check a knowledge base of security-incident postmortems."""


main.add_command(build)
main.add_command(verify)
