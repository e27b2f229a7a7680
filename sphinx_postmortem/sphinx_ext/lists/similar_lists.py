"""Incidents that resemble one: their list, which ends each incident's page where the site wants it, and rebuilds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.similar import MOST_SIMILAR
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.kept import IS_PART, Kept, KeptByPage
from sphinx_postmortem.sphinx_ext.records.domain import FOREIGN, PostmortemDomain, domain_of
from sphinx_postmortem.sphinx_ext.records.links import incident_link
from sphinx_postmortem.sphinx_ext.records.rebuilds import have_records_changed
from sphinx_postmortem.sphinx_ext.warnings import warn

if TYPE_CHECKING:
    from sphinx_postmortem.core.similar.similar_incidents import Similar

HEADING = later("Related incidents")
_NOTHING = later("No similar incident is known.")


@dataclass(frozen=True)
class AskedIncidents:
    """What a list asks for: the incident that others resemble, empty for that of the page, and how many at most."""

    target: str = ""
    limit: int = MOST_SIMILAR


_ASKED = KeptByPage[tuple[AskedIncidents, ...]]("similar-asked", ())
_SHOWN = Kept[dict[str, str]]("similar-shown", {})
"""A hash, by page, of what the lists of each page showed when it was last written."""


class SimilarBullets(Placeholder):
    """Stands for incidents that resemble one (attributes ``docname``, ``asked``, ``none`` and ``heading``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return a list, each incident with the reason in words; the text for none where there is none."""
        asked: AskedIncidents = self["asked"]
        if not domain.settings.edition.is_filtered and (fault := _fault(asked, self.docname, domain)):
            warn(Code.BAD_FILTER, fault, self.place)  # in a filtered edition the incident may be hidden
        found = _similar_to(asked, self.docname, domain)
        if not found:
            return [] if self["heading"] else [output.paragraph(self["none"] or say(_NOTHING))]
        built = output.bullets(([*self.item(each, domain)] for each in found), "pm-taught", "pm-similar")
        return [output.heading(say(self["heading"]), level=2), built] if self["heading"] else [built]

    def item(self, each: Similar, domain: PostmortemDomain) -> Iterator[nodes.Node]:
        """Yield an incident's name, and below its severity and what both have in common."""
        incident = each.incident
        name: list[nodes.Node] = [incident_link(incident, domain.knowledge, self.docname)]
        if incident.bare_title.casefold() not in ("", incident.key):
            name += [nodes.Text(" "), output.marked([nodes.Text(incident.bare_title)], "pm-title")]
        yield output.paragraph(*name)
        about: list[list[nodes.Node]] = [[nodes.Text(say("In common: {what}", what=_reason(each, domain)))]]
        if incident.severity:
            about.insert(0, [output.severity_badge(incident.severity, domain.settings.severities)])
        said = output.paragraph(*output.separated(about, " · "))
        said["classes"].append("pm-sub")
        yield said


def add_to_incidents(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: where the site wants it, end an incident's page with the incidents that resemble it."""
    from sphinx_postmortem.sphinx_ext.records.technique_cells import note_file

    env = app.env
    domain, docname = domain_of(env), env.current_document.docname
    if not domain.settings.related_incidents or not domain.records_of(docname).incidents:
        return
    if any(not asked.target for asked in _ASKED.of(env, docname)):
        return  # the author has put the list where it is wanted
    note_file(env, domain.settings)
    end = next((part for part in reversed(document.children) if isinstance(part, nodes.section)), document)
    end.append(place_of_list(env, AskedIncidents(), heading=HEADING))


def place_of_list(env: BuildEnvironment, asked: AskedIncidents, *, none: str = "", heading: str = "") -> SimilarBullets:
    """Return the placeholder of a list, and note that the page has it."""
    docname = env.current_document.docname
    _ASKED.set(env, docname, (*_ASKED.of(env, docname), asked))
    return SimilarBullets(docname=docname, asked=asked, none=none, heading=heading)


def rewrite_similar(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: name the pages whose lists, or the reasons in them, are others now."""
    domain, pages = domain_of(env), _ASKED.by_page(env)
    is_known = pages.keys() <= _SHOWN.of(env).keys() and not FOREIGN.of(env).pages
    if IS_PART.of(env) or (is_known and not have_records_changed(env)):
        return []
    now = {docname: _digest(asked, docname, domain) for docname, asked in pages.items()}
    before = _SHOWN.exchange(env, now)
    return sorted(docname for docname, shown in now.items() if before.get(docname) != shown)


def _digest(every_asked: tuple[AskedIncidents, ...], docname: str, domain: PostmortemDomain) -> str:
    """Return a hash of what the lists of a page show."""
    shown = [
        (i.id, i.title, i.severity, i.docname, i.anchor, i.url, _reason(each, domain))
        for asked in every_asked
        for each in _similar_to(asked, docname, domain)
        for i in (each.incident,)
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _incident_of(asked: AskedIncidents, docname: str, domain: PostmortemDomain) -> Incident | None:
    knowledge = domain.knowledge
    return knowledge.find_incident(asked.target) if asked.target else knowledge.incidents_by_page.get(docname)


def _similar_to(asked: AskedIncidents, docname: str, domain: PostmortemDomain) -> tuple[Similar, ...]:
    incident = _incident_of(asked, docname, domain)
    return domain.derived.similar.to_incident(incident, asked.limit) if incident else ()


def _fault(asked: AskedIncidents, docname: str, domain: PostmortemDomain) -> str:
    """Return what is wrong with what a list asks for; empty where nothing is."""
    from sphinx_postmortem.core.lists.list_options import unknown_message

    if _incident_of(asked, docname, domain):
        return ""
    if asked.target:
        return unknown_message("for", asked.target, [incident.id for incident in domain.knowledge.incidents])
    return "this page holds no incident that others could resemble; name one with `:for:`"


def _reason(each: Similar, domain: PostmortemDomain) -> str:
    from sphinx_postmortem.core.similar.reasons import FeatureNames, reason

    facts, titles = domain.derived.facts, domain.env.titles

    def title_of(page: str) -> str:
        return titles[page].astext() if page in titles else page.rpartition("/")[2]

    return reason(each, FeatureNames(facts.factors, facts.attack, title_of))
