"""The directives ``root-cause`` and ``contributing-factors`` (template section 6)."""

from __future__ import annotations

from docutils import nodes

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directive import PostmortemDirective


class CauseBox(PostmortemDirective):
    """Base of both: a box with a title round the author's text."""

    title = ""
    css_class = ""

    def run_visible(self) -> list[nodes.Node]:
        """Return the box."""
        body = self.parse_body()
        if not body:
            self.warn(Code.EMPTY_DIRECTIVE, f"`{self.name}` is empty; explain why existing controls failed")
            return []
        box = output.box(self.title, "", [self.css_class, *self.options.get("class", ())], body)
        self.add_name(box)
        return [box]


class RootCause(CauseBox):
    """The primary root cause: why the existing controls failed."""

    title = "Primary root cause"
    css_class = "pm-root-cause"


class ContributingFactors(CauseBox):
    """What contributed: configuration, monitoring, process, architecture."""

    title = "Contributing factors"
    css_class = "pm-factors"
