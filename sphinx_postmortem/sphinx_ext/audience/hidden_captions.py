"""A ``figure`` whose caption is hidden."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.directives.patches import Figure


class EditionFigure(Figure):
    """Sphinx's own directive; where an edition hides all of its text, the image stands alone."""

    def run(self) -> list[nodes.Node]:
        """Return the figure."""
        options = dict(self.options)
        try:
            return super().run()
        except UnboundLocalError:  # docutils 0.22 looks for the last child of a text that has none
            self.options, self.content = options, StringList()
            return super().run()
