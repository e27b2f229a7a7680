"""``sphinx-postmortem audit``: an independent look at a finished edition, for text and files that must not be in it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import click

from sphinx_postmortem import __version__
from sphinx_postmortem.cli.reference_build import Settled, compare_with_reference, git_files
from sphinx_postmortem.cli.site import Site, SiteError, read_site
from sphinx_postmortem.cli.terminal import echo, failing_with_2, secho
from sphinx_postmortem.core.audience.incident_rule import DEFAULT_STATUSES, IncidentRule
from sphinx_postmortem.core.audit.allowed_texts import (
    ThemeFiles,
    configuration_texts,
    federated_texts,
    message_texts,
    product_texts,
)
from sphinx_postmortem.core.audit.held_incidents import Limits
from sphinx_postmortem.core.audit.leaky_references import find_leaky_references
from sphinx_postmortem.core.audit.marks import View
from sphinx_postmortem.core.audit.pdf_texts import read_pdf
from sphinx_postmortem.core.audit.search import Boilerplate, Leak, search_edition
from sphinx_postmortem.core.audit.sources import Content, Scope, read_content
from sphinx_postmortem.core.audit.terms import distinctive_terms
from sphinx_postmortem.core.audit.unpacking import AuditError
from sphinx_postmortem.core.exports.command_json import AuditData
from sphinx_postmortem.core.rarer_collection import rarer_collection
from sphinx_postmortem.core.terminal_text import without_controls

PACKAGE = Path(__file__).parent.parent
_SHOWN_PER_FILE = 10
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="OUT/EDITION", type=_FOLDER)
@click.option("--source", required=True, metavar="SRC", type=_FOLDER, help="The site's sources.")
@click.option("--edition", default="", metavar="NAME", help="The edition in the folder. Default: the folder's name.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True, help="Report."
)
@click.option("--reference", is_flag=True, help="Compare with a build without hidden content, whatever is found.")
def audit(folder: Path, source: Path, edition: str, style: str, reference: bool) -> None:
    r"""Look for hidden content in every file of a finished edition.

    It reads the sources by itself, without the code that hides content during a build. Where it finds something, it
    builds the edition from a copy of the sources without hidden content: what is the same there is no leak, and what
    differs is one. The report quotes hidden words: it is for those who may read the sources.

    \b
    Examples:
      sphinx-postmortem audit build/site/leadership --source .
      sphinx-postmortem audit build/site/public --source . --format sarif > audit.sarif
      sphinx-postmortem audit build/site/public --source . --reference

    For the edition that shows everything it lists the references from visible to hidden content, by file and line.

    Exit codes: 0 clean, 1 something hidden was found, 2 could not audit.
    """
    with failing_with_2("audit"):
        name = edition or folder.resolve().name
        try:
            site = read_site(source.resolve())
            settled = audit_with_reference(site, folder.resolve(), name, always=reference)
        except (SiteError, AuditError) as error:
            secho(f"could not audit: {without_controls(str(error))}", fg="red", err=True)
            sys.exit(2)
        if style == "text" and name == site.audiences.internal:
            say_leaky_references(site)
        if settled.failure:
            echo(unsettled(settled), err=True)
        echo(report(settled.leaks, style))
    sys.exit(1 if settled.leaks else 0)


def audit_with_reference(site: Site, folder: Path, edition: str, *, always: bool = False) -> Settled:
    """Search an edition's folder for hidden content; settle what is found by a reference.

    Args:
        site: the site.
        folder: the edition's folder, as ``build`` has made it.
        edition: the edition's name.
        always: build the reference also where nothing was found.

    Raises:
        AuditError: the edition is unknown, a source or an output file cannot be read, or there is no reference although
            it was asked for.
    """
    with rarer_collection():
        content = content_of(site, edition)
        leaks = search_folder(site, folder, edition, content)
    if edition == site.audiences.internal or not (leaks or always):
        return Settled(tuple(leaks))
    settled = compare_with_reference(site, folder, edition, scope_of(site, edition), content, leaks, always=always)
    if always and settled.failure:
        raise AuditError(settled.failure)
    return settled


def unsettled(settled: Settled) -> str:
    """Return the sentence that says why the findings were not compared with a reference."""
    return without_controls(f"the findings stay, since they could not be compared with a reference: {settled.failure}")


def audit_folder(site: Site, folder: Path, edition: str) -> list[Leak]:
    """Return what an edition's folder holds of hidden content, by a search alone.

    Raises:
        AuditError: the edition is unknown, or a source or an output file cannot be read.
    """
    with rarer_collection():
        return search_folder(site, folder, edition, content_of(site, edition))


def content_of(site: Site, edition: str) -> Content:
    """Return what the sources hold for an edition.

    Raises:
        AuditError: the edition is unknown, or a source cannot be read.
    """
    names = site.audiences.names
    if edition not in names:
        raise AuditError(f'"{edition}" is no edition of this site; choose with --edition from {", ".join(names)}')
    try:
        return read_content(scope_of(site, edition))
    except OSError as error:
        raise AuditError(str(error)) from error


def search_folder(site: Site, folder: Path, edition: str, content: Content) -> list[Leak]:
    """Return what of the hidden content is in an edition's folder.

    Raises:
        AuditError: an output file or ``conf.py`` cannot be read.
    """
    names = site.audiences.names
    themes = ThemeFiles(site.themes)
    try:
        allowed = [configuration_texts(site.source), *themes.template_texts()]
        allowed.append(themes.published_names())
        allowed += site.versions
        allowed += [message_texts(path) for path in site.catalogues]
        allowed += [
            federated_texts(site.source / other.file_for(edition), names, edition) for other in site.settings.sources
        ]
        terms = distinctive_terms(content, allowed, names, product_texts(PACKAGE))
        boilerplate = Boilerplate(themes.hashes, themes.is_static_word)
        return search_edition(folder, edition, terms, boilerplate, read_pdf if find_spec("pypdf") else None)
    except (OSError, SyntaxError) as error:
        raise AuditError(str(error)) from error


def scope_of(site: Site, edition: str) -> Scope:
    """Return what the audit must know of the sources, and of the edition that is looked at."""
    settings = site.settings
    view = View(site.audiences.names, edition, leaves_notice=bool(settings.redaction_notice))
    paths, shown = settings.audience_paths, settings.shown_metadata
    reads = ThemeFiles(site.extensions).is_read_key
    of_git = git_files(site.source)
    limits = limits_of(settings.incident_rule, edition)
    return Scope(site.source, view, paths, site.exclude, site.suffixes, shown, reads, *of_git, limits)


def limits_of(rule: IncidentRule, edition: str) -> Limits | None:
    """Return which incidents an edition shows, as the settings say; None for the first, which shows all."""
    names = rule.audiences.names
    if edition == names[0]:
        return None
    statuses = frozenset(rule.statuses.get(edition, DEFAULT_STATUSES))
    return Limits(names[: names.index(edition) + 1], statuses, rule.ceiling(edition))


def say_leaky_references(site: Site) -> None:
    """List, for each filtered edition, the references that lead from what it shows to what it hides."""
    names = site.audiences.names
    for edition in names[1:]:
        scope = scope_of(site, edition)
        for reference in find_leaky_references(scope):
            echo(f"{reference} (edition {edition}: the author's own words stay, without the link)")


def report(leaks: Sequence[Leak], style: str) -> str:
    """Return the report in the format asked for."""
    if style == "json":
        return json.dumps(audit_data(leaks), indent=1)
    if style == "sarif":
        return json.dumps(sarif(leaks), indent=1)
    if not leaks:
        return "clean: nothing hidden was found"
    lines: list[str] = []
    files = sorted({leak.file for leak in leaks})
    for file in files:
        of_file = [leak for leak in leaks if leak.file == file]
        lines += [str(leak) for leak in of_file[:_SHOWN_PER_FILE]]
        if len(of_file) > _SHOWN_PER_FILE:
            lines.append(f"{file}: and {len(of_file) - _SHOWN_PER_FILE} more; --format json shows all")
    lines.append(f"{len(leaks)} findings in {len(files)} files: hidden content is in this edition; do not publish it")
    return "\n".join(lines)


def audit_data(leaks: Sequence[Leak]) -> AuditData:
    """Return what ``--format json`` prints."""
    return {
        "leaks": [
            {"file": e.file, "position": e.position, "kind": e.kind, "found": e.found, "source": e.source}
            for e in leaks
        ]
    }


def sarif(leaks: Sequence[Leak]) -> dict[str, object]:
    """Return the findings as SARIF 2.1.0."""
    kinds = sorted({leak.kind for leak in leaks})
    rules = [{"id": _rule(kind), "shortDescription": {"text": f"Hidden content published: {kind}"}} for kind in kinds]
    results = [
        {
            "ruleId": _rule(leak.kind),
            "level": "error",
            "message": {"text": str(leak)},
            "locations": [{"physicalLocation": _location(leak)}],
        }
        for leak in leaks
    ]
    driver = {"name": "sphinx-postmortem audit", "version": __version__, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _location(leak: Leak) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": {"uri": quote(leak.file)}}
    if match := re.fullmatch(r"line (\d+)", leak.position):  # other lines count within a part of the file
        location["region"] = {"startLine": int(match[1])}
    return location


def _rule(kind: str) -> str:
    return "audit." + kind.replace(",", "").replace(" ", "-")
