"""The facets of a list of incidents on HTML pages: check boxes, and the rules of CSS by which they hide rows.

They need no script. A browser that does not know ``:has()``, or a site that forbids style sheets within pages, shows
the table alone: the rules that hide rows are also what shows the boxes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.lists.facets import Facet, FacetValue, facets_of, slugs_of
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.tones import severity_look, shown_status, status_look
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage


class FacetBoxes:
    """The boxes of one list, and the classes of its rows. ``number`` tells the lists of a page apart."""

    def __init__(self, incidents: Sequence[Incident], page: ListPage, number: int = 0) -> None:
        """Count the values; pages of other builders than HTML have no boxes."""
        self.page = page
        self.facets = facets_of(incidents, page.facts) if output.is_html(page.domain.env) else ()
        self.prefix = f"pm-f{number if number > 1 else ''}"

    def around(self, tables: Sequence[nodes.Node]) -> nodes.Node:
        """Return the table, or the folds of a long list, below the boxes."""
        if self.facets:
            return output.together([output.raw_html(self.boxes()), *tables], "pm-faceted")
        return output.together(tables, "pm-faceted") if len(tables) > 1 else tables[0]

    def classes(self, incident: Incident) -> tuple[str, ...]:
        """Return the classes of an incident's row."""
        slugs = slugs_of(incident, self.page.facts) if self.facets else {}
        return tuple(
            f"{self.prefix}-{facet.name}-{slug}"
            for facet in self.facets
            for slug in [value.slug for value in facet.values if value.slug in slugs[facet.name]] or ("none",)
        )

    def boxes(self) -> str:
        """Return the boxes and their rules as HTML."""
        rules = "".join(rule for facet in self.facets for rule in self._rules(facet))
        shown = f"@supports selector(:has(a)){{:is(#pm,body) .pm-faceted>.pm-facets{{display:grid}}{rules}}}"
        parts = "".join(self._part(facet) for facet in self.facets)
        name = escape(say("Filter incidents"))
        return f'<style>{shown}</style><div class="pm-facets" role="group" aria-label="{name}">{parts}</div>'

    def _rules(self, facet: Facet) -> Iterator[str]:
        name = f"{self.prefix}-{facet.name}"
        chosen = f".pm-faceted:has([name={name}]:checked)"
        hide = "{display:none!important}"
        if not facet.has_many:
            yield f"{chosen} tr.{name}-none{hide}"
        for value in facet.values:
            here = f"{name}-{value.slug}"
            if facet.has_many:
                yield f".pm-faceted:has(#{here}:checked) tbody tr:not(.{here}){hide}"
            else:
                yield f"{chosen}:not(:has(#{here}:checked)) tr.{here}{hide}"

    def _part(self, facet: Facet) -> str:
        name = f"{self.prefix}-{facet.name}"
        labels = "".join(
            f'<label><input type="checkbox" id="{name}-{value.slug}" name="{name}" value="{escape(value.text)}">'
            f"{_shown(facet, value, self.page.domain.settings)} <small>{value.count}</small></label>"
            for value in facet.values
        )
        title = escape(say(facet.title))
        return f'<span id="{name}">{title}</span><div role="group" aria-labelledby="{name}">{labels}</div>'


def _shown(facet: Facet, value: FacetValue, settings: Settings) -> str:
    words = shown_status(value.text) if facet.name == "status" else value.text
    text = escape(say(words) if facet.name == "type" else words)
    looks = {"severity": severity_look(value.text, settings.severities), "status": status_look(value.text)}
    if facet.name not in looks:
        return f"<span>{text}</span>"
    return f'<span class="pm-look {" ".join(looks[facet.name].classes)}">{text}</span>'
