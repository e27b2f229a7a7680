"""A ``toctree`` that knows hidden pages: their entries vanish before Sphinx could name them in a warning."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.directives.other import TocTree, glob_re
from sphinx.util import docname_join
from sphinx.util.matching import Matcher, patfilter
from sphinx.util.nodes import explicit_title_re

from sphinx_postmortem.sphinx_ext.audience.page_files import HIDDEN_PATTERNS
from sphinx_postmortem.sphinx_ext.records.domain import domain_of


class EditionTocTree(TocTree):
    """Sphinx's own directive, without the entries that the edition must not see."""

    def run(self) -> list[nodes.Node]:
        """Drop entries that name hidden pages, then do as Sphinx does."""
        patterns = HIDDEN_PATTERNS.of(self.env)
        if patterns or domain_of(self.env).settings.edition.is_filtered:
            hidden = Matcher(patterns)
            kept = [index for index, entry in enumerate(self.content) if not self.is_hidden(entry, hidden)]
            items = [self.content.items[index] for index in kept]
            self.content = StringList([self.content[index] for index in kept], items=items)
        return super().run()

    def is_hidden(self, entry: str, hidden: Matcher) -> bool:
        """Say whether an entry names hidden pages only: by name, or by a pattern that matches nothing visible."""
        explicit = explicit_title_re.match(entry)
        if "glob" in self.options and not explicit and glob_re.match(entry):
            here = self.env.current_document.docname  # Sphinx lists no page on itself
            return not patfilter(self.env.found_docs - {here}, docname_join(here, entry))
        docname = explicit.group(2) if explicit else entry
        for suffix in self.config.source_suffix:
            docname = docname.removesuffix(suffix)
        docname = docname_join(self.env.current_document.docname, docname)
        if docname in self.env.found_docs:
            return False
        return any(hidden(f"{docname}{suffix}") for suffix in self.config.source_suffix)
