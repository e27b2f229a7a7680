"""``build --pdf leadership,audit,interview``: each kind is one more PDF run of the edition that it shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from sphinx_postmortem.cli.check import find
from sphinx_postmortem.cli.option_values import split_names
from sphinx_postmortem.cli.site import SiteError
from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.checks.report import REPORTS
from sphinx_postmortem.core.records.vocabulary import PdfKind
from sphinx_postmortem.core.settings import SettingError


def split_kinds(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read ``--pdf leadership,audit``."""
    return split_names(value, PdfKind, "kind of PDF")


def edition_of_kind(kind: str, audiences: Audiences) -> str:
    """Return the edition that a kind shows.

    Raises:
        click.BadParameter: the site has no such edition.
    """
    try:
        return audiences.edition_of_kind(kind)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--pdf") from error


def check_kinds(kinds: tuple[str, ...], editions: tuple[str, ...], audiences: Audiences) -> None:
    """Refuse kinds whose edition is not built.

    Raises:
        click.BadParameter: the edition of a kind does not exist or is not among ``editions``.
    """
    for kind in kinds:
        edition = edition_of_kind(kind, audiences)
        if edition not in editions:
            raise click.BadParameter(
                f'the kind "{kind}" shows the edition "{edition}", which is not built; add --edition {edition}',
                param_hint="--pdf",
            )


def kinds_of_edition(kinds: tuple[str, ...], edition: str, audiences: Audiences) -> tuple[str, ...]:
    """Return the kinds that show an edition."""
    return tuple(kind for kind in kinds if edition_of_kind(kind, audiences) == edition)


def settings_of_kind(kind: str, source: Path, state: Path) -> list[str]:
    """Return the options of ``sphinx-build`` for a kind. For ``audit`` the checks are run and their results kept.

    Raises:
        SiteError: the checks could not be run.
    """
    if not kind:
        return []
    arguments = ["-D", f"postmortem_pdf_kind={kind}"]
    if kind != "audit":
        return arguments
    try:
        findings, number = find(source, ())
    except SettingError as error:
        raise SiteError(f"the checks for the audit PDFs could not be run: {error}") from error
    results = state / "check-results.txt"
    text = REPORTS["text"](findings, number).replace(f"{source.as_posix()}/", "")
    results.write_text(text, encoding="utf-8", newline="\n")
    return [*arguments, "-D", f"postmortem_pdf_check_results={results}"]


def gather_pdfs(made: Path, pdfs: Path) -> None:
    """Move the PDFs of a kind to those of the edition; their names end in the kind's."""
    pdfs.mkdir(exist_ok=True)
    for path in sorted(made.glob("*.pdf")):
        path.replace(pdfs / path.name)
    shutil.rmtree(made)
