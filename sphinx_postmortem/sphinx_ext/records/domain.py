"""The domain ``postmortem``: incidents, actions, owners and events as plain records, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.factors import FactorVocabulary
from sphinx_postmortem.core.records.knowledge import (
    NO_FOREIGN_RECORDS,
    ForeignRecords,
    KnowledgeBase,
)
from sphinx_postmortem.core.records.model import Owner, PageRecords
from sphinx_postmortem.core.records.owner_pages import OwnerPages
from sphinx_postmortem.core.records.text_references import resolve_pages
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext.guest import page_uses_us
from sphinx_postmortem.sphinx_ext.kept import PerBuild
from sphinx_postmortem.sphinx_ext.on_demand import real_directive
from sphinx_postmortem.sphinx_ext.records.points import lessons_of
from sphinx_postmortem.sphinx_ext.records.shown_owners import all_names
from sphinx_postmortem.sphinx_ext.records.stored_records import RecordsOfPages, StoredRecords
from sphinx_postmortem.sphinx_ext.records.text import record_text
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import every

if TYPE_CHECKING:
    from sphinx_postmortem.core.lists.query import Facts
    from sphinx_postmortem.core.records.fixes import FixHistory
    from sphinx_postmortem.core.similar.similar_incidents import SimilarIncidents

DOMAIN = "postmortem"
_NOTHING = PageRecords()
DomainObject = tuple[str, str, str, str, str, int]  # name, text, type, page, anchor, priority, as Sphinx asks for them
_SHORT = 17  # characters, such as INC-2026-0014/A12: they fit the narrowest column


@dataclass(frozen=True)
class Target:
    """Where a reference leads: page, anchor, and the text and tooltip to show."""

    docname: str
    anchor: str
    text: str
    tooltip: str


def incident_key(target: str) -> str:
    """Return the key of the incident in a role's target, which may name one of its actions (``SEC-1/A1``)."""
    return re.split(r"[/#:]", target.strip().casefold(), maxsplit=1)[0].strip()


@dataclass(frozen=True)
class _Derived:
    """What is derived from the records: the index of all, that of this site's own, and the pages of owners.

    ``factors`` are what tags mean; ``factor_page`` is the page with the list of all factors, or empty.
    """

    knowledge: KnowledgeBase
    own: KnowledgeBase
    owner_pages: OwnerPages
    settings: Settings
    factors: FactorVocabulary
    factor_page: str

    @cached_property
    def similar(self) -> SimilarIncidents:
        """The incidents that resemble one another."""
        from sphinx_postmortem.core.similar.similar_incidents import SimilarIncidents

        return SimilarIncidents(self.knowledge)

    @cached_property
    def fixes(self) -> FixHistory:
        """What was done against each contributing factor, and what came back. Each incident's page asks for it."""
        from sphinx_postmortem.core.records.fixes import FixHistory

        return FixHistory(self.knowledge, self.settings.done_statuses)

    @cached_property
    def facts(self) -> Facts:
        """What lists read."""
        from sphinx_postmortem.core.lists.query import Facts

        settings = self.settings
        return Facts(
            self.knowledge,
            settings.today,
            settings.done_statuses,
            settings.severities,
            settings.clock_keeper,
            settings.attack,
            self.factors,
            self.fixes,
        )


FOREIGN = PerBuild[ForeignRecords](NO_FOREIGN_RECORDS)
"""What other sites publish, read at the start of each build."""


class PostmortemDomain(Domain):
    """Holds the records of each page. Whatever is derived from them comes from ``knowledge``."""

    name = DOMAIN
    label = "Postmortem"
    object_types = {
        "incident": ObjType("incident", "incident"),
        "action": ObjType("action", "action"),
        "owner": ObjType("owner", "owner"),
    }
    initial_data = {"pages": {}}  # StoredRecords by page
    data_version = 11

    def __init__(self, env: BuildEnvironment) -> None:
        """Start with what the environment holds."""
        super().__init__(env)
        self._derived: _Derived | None = None
        self._objects: tuple[DomainObject, ...] | None = None

    def directive(self, name: str) -> type[Directive] | None:
        """Return a directive of ours; the first use loads it."""
        if name in self.directives:
            self.directives[name] = real_directive(self.directives[name])
        return super().directive(name)

    @property
    def pages(self) -> Mapping[str, PageRecords]:
        """The records by page. Only ``note_page``, ``clear_doc`` and ``merge_domaindata`` change them."""
        return RecordsOfPages(self._stored)

    def stored_pages(self) -> dict[str, StoredRecords]:
        """Return what is stored by page, as it is now: a page that is read again gets another object."""
        return dict(self._stored)

    @property
    def _stored(self) -> dict[str, StoredRecords]:
        return cast("dict[str, StoredRecords]", self.data["pages"])

    @cached_property
    def settings(self) -> Settings:
        """The build's settings."""
        return settings_of(self.env.config)

    @property
    def knowledge(self) -> KnowledgeBase:
        """The index over all pages and what other sites publish, made anew after any change of the facts."""
        return self.derived.knowledge

    @property
    def own_knowledge(self) -> KnowledgeBase:
        """The index over this site's pages alone."""
        return self.derived.own

    @property
    def derived(self) -> _Derived:
        """What is derived from the records of all pages."""
        if self._derived is None:
            self._derived = self._derive()
        return self._derived

    def _derive(self) -> _Derived:
        """Index the records as the edition shows them: references to what it lacks and hidden names replaced."""
        settings, foreign, pages = self.settings, FOREIGN.of(self.env), dict(self.pages)
        raw = KnowledgeBase(pages, settings.owners, settings.done_statuses, foreign)
        otherwise = settings.hidden_reference_text if settings.edition.is_filtered else None
        pages = resolve_pages(pages, raw, self._is_page_or_label, otherwise)
        factors = settings.factors
        if (names := all_names(self.env)) is not None:
            factors = factors.rewritten(names.apply)
            pages = {name: names.rewritten(page) for name, page in pages.items()}
            foreign = names.rewritten_foreign(foreign)
        knowledge = KnowledgeBase(pages, settings.owners, settings.done_statuses, foreign)
        own = KnowledgeBase(pages, settings.owners, settings.done_statuses)
        factor_page = next((name for name in sorted(self.pages) if self.pages[name].has_factors), "")
        return _Derived(knowledge, own, OwnerPages(self.pages, knowledge), settings, factors, factor_page)

    def _is_page_or_label(self, target: str) -> bool:
        standard = self.env.domains.standard_domain
        label = target.casefold()
        return target.strip("/") in self.env.all_docs or label in standard.labels or label in standard.anonlabels

    def records_of(self, docname: str) -> PageRecords:
        """Return what a page holds so far."""
        stored = self._stored.get(docname)
        return _NOTHING if stored is None else stored.records

    def note_page(self, docname: str, records: PageRecords) -> None:
        """Store a page's records; they replace what it held before."""
        self._stored[docname] = StoredRecords(records)
        self._forget_derived()

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self._stored.pop(docname, None)
        self._forget_derived()

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over the records of the pages that another process has read."""
        self._stored.update({name: stored for name, stored in otherdata["pages"].items() if name in docnames})
        self._forget_derived()

    def _forget_derived(self) -> None:
        self._derived = self._objects = None

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Complete a page's records when it has been read: the title, the references, the incident of loose rows."""
        references = every(document, pending_xref) if page_uses_us(env) else ()  # our roles note themselves
        mentions = frozenset(
            incident_key(str(node["reftarget"])) for node in references if node.get("refdomain") == DOMAIN
        )
        records = self.records_of(docname)
        title = next((record_text(node.children) for node in document.findall(nodes.title)), "")
        if records == _NOTHING and not mentions and not title:
            return
        incidents = tuple(replace(incident, title=title) for incident in records.incidents)
        home = incidents[0].id if incidents else ""
        events = tuple(e if e.incident_id else replace(e, incident_id=home) for e in records.events)
        actions = tuple(a if a.incident_id else replace(a, incident_id=home) for a in records.actions)
        responses = tuple(r if r.incident_id else replace(r, incident_id=home) for r in records.responses)
        veris = tuple(v if v.incident_id else replace(v, incident_id=home) for v in records.veris)
        reviews = tuple(r if r.incident_id else replace(r, incident_id=home) for r in records.reviews)
        clocks = tuple(c if c.incident_id else replace(c, incident_id=home) for c in records.clocks)
        anchors = {incident.anchor: incident.id for incident in incidents}
        found = [*records.points, *(lessons_of(document, docname, env.found_docs, anchors) if home else ())]
        points = tuple(point if point.incident_id else replace(point, incident_id=home) for point in found)
        self.note_page(
            docname,
            replace(
                records,
                incidents=incidents,
                events=events,
                actions=actions,
                points=points,
                responses=responses,
                clocks=clocks,
                veris=veris,
                reviews=reviews,
                mentions=mentions,
                title=title,
            ),
        )

    def owner_page(self, owner: Owner) -> str:
        """Return the page that lists an owner's actions, or an empty text."""
        return self.derived.owner_pages.page_of(owner)

    def find(self, kind: str, target: str, from_page: str) -> Target | None:
        """Return where a role leads, or None when the edition has no such record."""
        if kind == "incident":
            incident = self.knowledge.find_incident(target)
            if incident is None:
                return None
            return Target(incident.docname, incident.anchor, incident.id, incident.title)
        if kind == "action":
            action = self.knowledge.find_action(target, from_page)
            return None if action is None else Target(action.docname, action.anchor, action.full_id, action.text)
        owner = self.knowledge.find_owner(target)
        return None if owner is None else Target(self.owner_page(owner), owner.anchor, owner.label, owner.team)

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Resolve one role of this domain; None leaves it to intersphinx and then to ``neutral_reference``."""
        if typ == "place":
            return make_refnode(builder, fromdocname, target, node["pm_anchor"], contnode)
        found = self.find(typ, target, node.get("refdoc", fromdocname))
        if found is None:
            return None
        if not node.get("refexplicit"):
            contnode = nodes.inline("", found.text, classes=contnode["classes"])
        if not found.docname:
            return cast("nodes.reference", contnode)  # An owner on a site without actions index: plain text.
        return self.link_to(builder, fromdocname, found, contnode)

    def link_to(self, builder: Builder, fromdocname: str, target: Target, contnode: nodes.Element) -> nodes.reference:
        """Return the link to a place on a page, of this site or of another one. No line ends within a short id."""
        text = contnode.astext()
        if len(text) <= _SHORT and not any(map(str.isspace, text)) and "pm-short" not in contnode["classes"]:
            contnode["classes"].append("pm-short")
        if url := FOREIGN.of(self.env).urls.get(target.docname):
            address = f"{url}#{target.anchor}" if target.anchor else url
            title = {"reftitle": target.tooltip} if target.tooltip else {}
            return nodes.reference("", "", contnode, refuri=address, internal=False, **title)
        return make_refnode(builder, fromdocname, target.docname, target.anchor, contnode, target.tooltip or None)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Resolve ``any`` and Markdown links to the ids of our records."""
        results: list[tuple[str, nodes.reference]] = []
        for kind in self.object_types:
            found = self.find(kind, target, node.get("refdoc", fromdocname))
            if found and found.docname:
                results.append((f"{DOMAIN}:{kind}", self.link_to(builder, fromdocname, found, contnode)))
        return results

    def get_objects(self) -> Iterator[DomainObject]:
        """Yield all own records that others may link to: they make the inventory and the search's object list."""
        return iter(self.objects)

    @property
    def objects(self) -> tuple[DomainObject, ...]:
        """What ``get_objects`` yields, found once for the records that there are."""
        if self._objects is None:
            self._objects = tuple(self._find_objects())
        return self._objects

    def take_objects(self, objects: tuple[DomainObject, ...]) -> None:
        """Take the objects of an earlier build, made of the very same records."""
        self._objects = objects

    def _find_objects(self) -> Iterator[DomainObject]:
        for incident in self.own_knowledge.incident_by_key.values():
            title = incident.title or incident.id
            yield incident.id, title, "incident", incident.docname, incident.anchor, 1
        seen: set[str] = set()
        for action in self.own_knowledge.actions:
            if action.incident_id and action.full_id not in seen:
                seen.add(action.full_id)
                yield action.full_id, action.full_id, "action", action.docname, action.anchor, 1
        for owner in self.knowledge.owners:
            if page := self.owner_page(owner):
                yield owner.id, owner.label, "owner", page, owner.anchor, 1


def domain_of(env: BuildEnvironment) -> PostmortemDomain:
    """Return this build's domain."""
    return cast("PostmortemDomain", env.get_domain(DOMAIN))
