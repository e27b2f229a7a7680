"""The checks of any build. What they are made of is loaded with the first page that is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import guest
from sphinx_postmortem.sphinx_ext.on_demand import CheckBuilderOnDemand
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.warnings import warn

if TYPE_CHECKING:
    from sphinx_postmortem.core.checks import Baseline, Finding


class BuildChecks:
    """The checks of any build: each page when it is read, so that an edit costs no more than the pages it touches."""

    def __init__(self) -> None:
        """Start without settings: they are read when the builder is known."""
        self.settings: Settings | None = None
        self.baseline: Baseline | None = None
        self.least = "error"

    def prepare(self, app: Sphinx) -> None:
        """Handle ``builder-inited``: read the settings, unless the site wants no checks in builds.

        Raises:
            ExtensionError: a setting of the checks cannot be used.
        """
        self.settings = None
        self.baseline = None
        self.least = settings_of(app.config).check_builds
        source = Path(app.srcdir)
        settings = settings_of(app.config).with_files_below(source)
        if settings.check_baseline:
            from sphinx_postmortem.sphinx_ext.checks import baseline_of

            self.baseline = baseline_of(settings, source)
            for message in self.baseline.told:
                warn(Code.RENAMED_CODE, message)
        if self.least != "off" and app.builder.name != CheckBuilderOnDemand.name:
            self.settings = settings

    def warn_of(self, findings: list[Finding]) -> None:
        """Emit findings as warnings, but for the known ones."""
        from sphinx_postmortem.sphinx_ext.checks import warn_of

        warn_of(self.baseline.excuse(findings) if self.baseline else findings)

    def check_page(self, app: Sphinx, doctree: nodes.document) -> None:
        """Handle ``doctree-read``: warn of what is wrong with the page, unless Sphinx has reported it.

        A filtered edition is judged by its tree, which holds only what it shows, and by the rules about what a text
        says: what is missing there may be hidden. A site that sets nothing of ours is told of pages that use us alone.
        """
        if not guest.page_uses_us(app.env):
            return
        from sphinx_postmortem.core import checks
        from sphinx_postmortem.sphinx_ext.checks import SAID, noted_in_build, place_of_finding, read_page, shown_source
        from sphinx_postmortem.sphinx_ext.directives.ran import ran_on_page

        path = Path(app.env.doc2path(app.env.docname))
        edition = settings_of(app.config).edition
        noted = noted_in_build(app.env)
        if path.suffix not in checks.PAGE_SUFFIXES or (self.settings is None and not noted):
            self.warn_of(noted)
            return
        settings = self.settings or settings_of(app.config).with_files_below(Path(app.srcdir))
        page = read_page(app.env, path, settings, ran_on_page(app.env))
        findings: list[Finding] = []
        if self.settings is not None and edition.is_filtered:
            findings = checks.run_text(page, shown_source(doctree), edition=edition, least=self.least)
        elif self.settings is not None:
            findings = checks.run_page(page, least=self.least, skip=SAID)
            told = {place_of_finding(finding) for finding in findings}
            noted = [finding for finding in noted if place_of_finding(finding) not in told]
        least = "warning" if self.settings is None else self.least
        findings += checks.run_noted(page, noted, edition=edition, least=least)
        self.warn_of(findings)

    def check_site(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Handle ``env-check-consistency``: what is wrong between pages, and with the register, where there is one."""
        if not guest.is_in_use(app):
            return
        from sphinx_postmortem.core import checks
        from sphinx_postmortem.sphinx_ext.checks import read_pages, shared_ids

        self.warn_of(shared_ids(env))
        if self.settings and self.settings.register and not settings_of(app.config).edition.is_filtered:
            findings = checks.run_site(read_pages(env, self.settings), self.settings, least=self.least)
            self.warn_of([finding for finding in findings if finding.code != Code.INCIDENT_DUPLICATE.value])
