"""The command line, run within the process of the tests."""

from __future__ import annotations

from click.testing import CliRunner, Result

from sphinx_postmortem.cli.main import main


def run(*arguments: object) -> Result:
    """Run ``sphinx-postmortem`` with the arguments, each as text."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])
