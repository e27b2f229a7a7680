"""Shows the workflow that ``init`` writes, from its own template: ``{ci-workflow} github``."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sphinx_postmortem.cli.init import CI_FILES
from sphinx_postmortem.cli.templates import render
from sphinx_postmortem.html_templates import TEMPLATES

VALUES: dict[str, object] = {
    "folder": ".",
    "theme_package": "furo",
    "audiences": ("internal", "leadership"),
    "released": [],
}


class Workflow(SphinxDirective):
    """The file of one kind of CI, for a site with two editions."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        ((target, template),) = CI_FILES[self.arguments[0]].items()
        text = render(TEMPLATES / "init" / template, VALUES)
        self.env.note_dependency(TEMPLATES / "init" / template)
        block = nodes.literal_block(text, text, language="yaml")
        return [nodes.paragraph("", "", nodes.literal("", target), nodes.Text(":")), block]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("ci-workflow", Workflow)
    return {"parallel_read_safe": True}
