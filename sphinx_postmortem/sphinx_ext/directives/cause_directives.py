"""The directives ``root-cause``, ``contributing-factors`` (template section 6) and ``affected-assets`` (section 5)."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.directives import empty_body
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import ASSET, FACTOR
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.lists.factor_tags import link_tags
from sphinx_postmortem.sphinx_ext.records.points import points_of


class Box(PostmortemDirective):
    """Base of all: a box with a title round the author's text, whose items are noted as records of a role."""

    title = ""
    css_class = ""
    role = ""

    def run_visible(self) -> list[nodes.Node]:
        """Return the box, and note its items."""
        body = self.parse_body()
        if not body:
            self.warn(Code.EMPTY_DIRECTIVE, empty_body(self.plain_name))
            return []
        if self.role:
            docname = self.env.current_document.docname
            records = self.domain.records_of(docname)
            points = points_of(body, self.incident_id, docname, self.role, self.settings.factors)
            self.domain.note_page(docname, replace(records, points=(*records.points, *points)))
            if self.role == FACTOR:
                link_tags(body, docname, self.settings.factors)
        box = output.box(say(self.title), "", [self.css_class, *self.options.get("class", ())], body)
        self.add_name(box)
        return [box]


class RootCause(Box):
    """The primary root cause: why the existing controls failed."""

    title = later("Primary root cause")
    css_class = "pm-root-cause"


class ContributingFactors(Box):
    """What contributed: configuration, monitoring, process, architecture. Each item begins with its kind in bold."""

    title = later("Contributing factors")
    css_class = "pm-factors"
    role = FACTOR


class AffectedAssets(Box):
    """What was affected: hosts, cloud services, accounts, network segments. Each item begins with its kind in bold."""

    title = later("Affected assets")
    css_class = "pm-assets"
    role = ASSET
