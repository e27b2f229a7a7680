"""The directives ``root-cause``, ``contributing-factors`` (template section 6) and ``affected-assets`` (section 5)."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import ASSET, FACTOR
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.records.points import points_of


class Box(PostmortemDirective):
    """Base of all: a box with a title round the author's text, whose items are noted as records of a role."""

    title = ""
    css_class = ""
    missing = ""
    role = ""

    def run_visible(self) -> list[nodes.Node]:
        """Return the box, and note its items."""
        body = self.parse_body()
        if not body:
            self.warn(Code.EMPTY_DIRECTIVE, f"`{self.name}` is empty; {self.missing}")
            return []
        if self.role:
            docname = self.env.current_document.docname
            records = self.domain.records_of(docname)
            points = points_of(body, self.incident_id, docname, self.role)
            self.domain.note_page(docname, replace(records, points=(*records.points, *points)))
        box = output.box(self.title, "", [self.css_class, *self.options.get("class", ())], body)
        self.add_name(box)
        return [box]


class RootCause(Box):
    """The primary root cause: why the existing controls failed."""

    title = "Primary root cause"
    css_class = "pm-root-cause"
    missing = "explain why existing controls failed"


class ContributingFactors(Box):
    """What contributed: configuration, monitoring, process, architecture. Each item begins with its kind in bold."""

    title = "Contributing factors"
    css_class = "pm-factors"
    missing = "name what contributed, as in `- **Monitoring**: no alert covered it`"
    role = FACTOR


class AffectedAssets(Box):
    """What was affected: hosts, cloud services, accounts, network segments. Each item begins with its kind in bold."""

    title = "Affected assets"
    css_class = "pm-assets"
    missing = "name what was affected, as in `- **Accounts**: the deployment identity`"
    role = ASSET
