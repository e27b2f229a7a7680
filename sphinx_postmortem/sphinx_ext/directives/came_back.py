"""What an incident's summary says of others: which it repeats, which followed, and which fixes did not hold."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.fixes import Regression
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.lists.factor_tags import regression_words
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import incident_link


class CameBack(Placeholder):
    """Stands for what is known of other incidents (attributes ``docname`` and ``incident``, its id)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the relations as fields; nothing where there are none."""
        knowledge = domain.knowledge
        place = (self.docname, self["incident"])
        incident = next((each for each in domain.records_of(self.docname).incidents if each.id == place[1]), None)
        if incident is None:
            return []
        earlier = (found for name in incident.repeats if (found := knowledge.find_incident(name)))
        pairs = (
            (say("Repeat of"), self._incidents(earlier, domain)),
            (say("Followed by"), self._incidents(knowledge.followers.get(incident.key, ()), domain)),
            (
                say("Fixes that did not hold"),
                self._fixes(domain.derived.facts.fixes.by_incident.get(place, ()), domain),
            ),
        )
        known = [(term, blocks) for term, blocks in pairs if blocks]
        return [output.fields(known, "pm-came-back")] if known else []

    def _incidents(self, incidents: Iterable[Incident], domain: PostmortemDomain) -> list[nodes.Node]:
        links = ([incident_link(each, domain.knowledge, self.docname, _name(each))] for each in incidents)
        listed = output.separated(links, ", ")
        return [output.paragraph(*listed)] if listed else []

    def _fixes(self, fixes: Iterable[Regression], domain: PostmortemDomain) -> list[nodes.Node]:
        return [output.paragraph(*regression_words(each, self.docname, domain)) for each in fixes]


def _name(incident: Incident) -> str:
    title = incident.bare_title
    return f"{incident.id}: {title}" if title.casefold() not in ("", incident.key) else incident.id
