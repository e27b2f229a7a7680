"""The checks within Sphinx: the builder ``postmortem-check``, and warnings in builds that ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from sphinx_postmortem.core import checks
from sphinx_postmortem.core.checks.report import REPORTS, summary_line
from sphinx_postmortem.core.checks.settings import CHECK_SETTINGS
from sphinx_postmortem.sphinx_ext.settings import settings_of

_logger = logging.getLogger("sphinx_postmortem")


def find_all(config: Config, env: BuildEnvironment) -> tuple[list[checks.Finding], int]:
    """Return the findings of all pages of the edition, by absolute path, and the number of pages.

    Raises:
        ExtensionError: a setting of the checks cannot be used.
    """
    values: dict[str, Any] = {name: config[f"postmortem_{name}"] for name in CHECK_SETTINGS}
    values["today"] = settings_of(config).today
    source = Path(env.srcdir)
    if values["register"]:
        values["register"] = str(source / values["register"])
    try:
        settings = checks.read_settings(values)
        checks.validate_severities(settings)
    except checks.BadCheckSettingError as error:
        raise ExtensionError(str(error)) from error
    paths = [Path(env.doc2path(docname)) for docname in sorted(env.found_docs)]
    pages = [checks.read_file(path, path.as_posix(), settings, source) for path in paths]
    findings = [finding for page in pages for finding in checks.run_page(page)]
    return [*findings, *checks.run_site(pages, settings)], len(pages)


def warn_of(findings: list[checks.Finding]) -> None:
    """Emit findings as Sphinx warnings ``postmortem.<code>``; the suppressed ones are left out."""
    for finding in findings:
        if not finding.suppressed:
            place = f"{finding.file}:{finding.line}" if finding.line else finding.file
            _logger.warning(finding.message, type="postmortem", subtype=finding.code, location=place)


def check_in_build(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-check-consistency``: warn of errors that Sphinx has not reported, where the site asks for it.

    Only in the internal edition: in a filtered one a finding could tell of what is hidden.
    """
    if not app.config.postmortem_check_builds or app.builder.name == CheckBuilder.name:
        return
    if settings_of(app.config).edition.is_filtered:
        return
    said = {item.code for item in checks.all_checks() if item.in_build}
    warn_of(
        [
            finding
            for finding in find_all(app.config, env)[0]
            if finding.severity == "error" and finding.code not in said
        ]
    )


class CheckBuilder(Builder):
    """Runs the checks on all pages, and writes ``postmortem-check.txt``, ``.json`` and ``.sarif``."""

    name = "postmortem-check"
    format = ""
    epilog = "The report is in %(outdir)s."
    allow_parallel = True

    def init(self) -> None:
        """Refuse filtered editions: the sources hold what they may not say."""
        if settings_of(self.config).edition.is_filtered:
            raise ExtensionError("the builder postmortem-check reads all sources; run it in the internal edition")

    def get_outdated_docs(self) -> Iterator[str]:
        """Return no page: all work is done at the end."""
        return iter(())

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return an empty address: there are no pages."""
        return ""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Do nothing."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Run the checks, warn of errors and warnings, and write the reports."""
        findings, pages = find_all(self.config, self.env)
        warn_of([finding for finding in findings if finding.severity != "note"])
        folder = Path(self.outdir)
        folder.mkdir(parents=True, exist_ok=True)
        for form, suffix in (("text", "txt"), ("json", "json"), ("sarif", "sarif")):
            path = folder / f"postmortem-check.{suffix}"
            path.write_text(REPORTS[form](findings, pages), encoding="utf-8")
        _logger.info(summary_line(findings, pages))


def setup_checks(app: Sphinx) -> None:
    """Register the builder and the warnings in builds."""
    app.add_builder(CheckBuilder)
    app.connect("env-check-consistency", check_in_build)
