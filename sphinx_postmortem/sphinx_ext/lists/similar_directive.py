"""The directive ``similar-incidents``."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.lists.list_options import CANNOT_BE_SHOWN, BadFilterError, read_number
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.similar import LARGEST_LIMIT, MOST_SIMILAR
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec
from sphinx_postmortem.sphinx_ext.directives.options import option_spec, without_comment
from sphinx_postmortem.sphinx_ext.lists.similar_lists import AskedIncidents, place_of_list
from sphinx_postmortem.sphinx_ext.records.technique_cells import note_file


class SimilarList(PostmortemDirective):
    """At most three incidents that resemble this page's, or another, each with what both have in common."""

    has_content = False
    option_spec: ClassVar[OptionSpec] = option_spec("similar-incidents")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the list, which is made when all pages are known."""
        target = without_comment(self.options.get("for", "")).strip()
        try:
            limit = read_number("limit", self.options.get("limit", ""), MOST_SIMILAR, LARGEST_LIMIT)
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            return [output.paragraph(say(CANNOT_BE_SHOWN))]
        note_file(self.env, self.settings)
        place = place_of_list(self.env, AskedIncidents(target, limit), none=self.options.get("none", ""))
        self.set_source_info(place)
        return [place]
