"""The domain ``postmortem``: incidents, actions, owners and events as plain records, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from sphinx_postmortem.core.names.public_names import PublicNames
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.changes import Change, pages_that_show
from sphinx_postmortem.core.records.knowledge import (
    NO_FOREIGN_RECORDS,
    ForeignRecords,
    KnowledgeBase,
    duplicate_message,
)
from sphinx_postmortem.core.records.mentions import resolve_pages
from sphinx_postmortem.core.records.model import Action, Event, Incident, Owner, PageRecords
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext.records.points import lessons_of
from sphinx_postmortem.sphinx_ext.records.text import record_text
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import warn

if TYPE_CHECKING:
    from sphinx_postmortem.sphinx_ext.releases.additions import ApprovedTexts
DOMAIN = "postmortem"
_NOTHING = PageRecords()


@dataclass(frozen=True)
class Target:
    """Where a reference leads: page, anchor, and the text and tooltip to show."""

    docname: str
    anchor: str
    text: str
    tooltip: str


@dataclass(frozen=True)
class PageFiles:
    """Files that a page draws in: those of tables, those of which a table hides columns, and those published whole."""

    tables: tuple[str, ...] = ()
    hiding: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavigationEntry:
    """A page in the order of a navigation, with its title and the year of its incident."""

    docname: str
    title: str
    year: str


def incident_key(target: str) -> str:
    """Return the key of the incident in a role's target, which may name one of its actions (``SEC-1/A1``)."""
    return re.split(r"[/#:]", target.strip().casefold(), maxsplit=1)[0].strip()


class PostmortemDomain(Domain):
    """Holds the facts of each page. Whatever is derived from them comes from ``knowledge``."""

    name = DOMAIN
    label = "Postmortem"
    object_types = {
        "incident": ObjType("incident", "incident"),
        "action": ObjType("action", "action"),
        "owner": ObjType("owner", "owner"),
    }
    # docname -> PageRecords, docname -> PageFiles, docname -> entries of its navigation, and the owners that the
    # settings knew when the pages were last written
    initial_data = {"pages": {}, "files": {}, "arranged": {}, "owners": ()}
    data_version = 3

    def __init__(self, env: BuildEnvironment) -> None:
        """Start with what the environment holds, and nothing touched in this build."""
        super().__init__(env)
        self._knowledge: tuple[KnowledgeBase, KnowledgeBase] | None = None
        self.foreign = NO_FOREIGN_RECORDS  # read at the start of each build, and never stored
        self._owner_pages: dict[str, str] | None = None
        # All are set when the builder is known, and never stored.
        self.hidden_patterns: tuple[str, ...] = ()
        self.builder: Builder | None = None
        self.names: PublicNames | None = None
        self.approved_texts: ApprovedTexts | None = None
        self._all_names: tuple[frozenset[str], PublicNames] | None = None
        self.has_warned_of_charts = False
        self._touched: set[str] = set()
        self._before: dict[str, PageRecords] = {}

    @property
    def pages(self) -> dict[str, PageRecords]:
        """The records by page. Only ``note_page``, ``clear_doc`` and ``merge_domaindata`` change it."""
        return cast("dict[str, PageRecords]", self.data["pages"])

    @property
    def files(self) -> dict[str, PageFiles]:
        """The files that pages draw in, by page. Only the ``note_`` methods, ``clear_doc`` and the merge change it."""
        return cast("dict[str, PageFiles]", self.data["files"])

    @property
    def arranged(self) -> dict[str, tuple[NavigationEntry, ...]]:
        """The pages to which a navigation gave their place, by the page that it stands on, as last built."""
        return cast("dict[str, tuple[NavigationEntry, ...]]", self.data.setdefault("arranged", {}))

    @arranged.setter
    def arranged(self, value: dict[str, tuple[NavigationEntry, ...]]) -> None:
        self.data["arranged"] = value

    @cached_property
    def settings(self) -> Settings:
        """The build's settings."""
        return settings_of(self.env.config)

    @property
    def knowledge(self) -> KnowledgeBase:
        """The index over all pages and what other sites publish, made anew after any change of the facts."""
        return self._indices()[0]

    @property
    def own_knowledge(self) -> KnowledgeBase:
        """The index over this site's pages alone."""
        return self._indices()[1]

    def _indices(self) -> tuple[KnowledgeBase, KnowledgeBase]:
        if self._knowledge is None:
            settings = self.settings
            raw = KnowledgeBase(self.pages, settings.owners, settings.done_statuses, self.foreign)
            otherwise = settings.hidden_reference if settings.edition.is_filtered else None
            pages = resolve_pages(self.pages, raw, self._is_page_or_label, otherwise)
            foreign = self.foreign
            if (names := self.all_names()) is not None:
                pages = {name: names.rewritten(page) for name, page in pages.items()}
                foreign = names.rewritten_foreign(foreign)
            self._knowledge = (
                KnowledgeBase(pages, settings.owners, settings.done_statuses, foreign),
                KnowledgeBase(pages, settings.owners, settings.done_statuses),
            )
        return self._knowledge

    def _is_page_or_label(self, target: str) -> bool:
        standard = self.env.domains.standard_domain
        label = target.casefold()
        return target.strip("/") in self.env.all_docs or label in standard.labels or label in standard.anonlabels

    def shown_owners(self, written: Iterable[str]) -> tuple[str, ...]:
        """Return owners as the edition shows them: as they are written, or as roles."""
        names = self.names
        if names is None:
            return tuple(written)
        shown: dict[str, None] = {}
        for name in written:
            shown[names.owner(name)] = None
            if not names.knows_owner(name):
                noted = self.unknown_owners.get(self.env.current_document.docname, frozenset())
                self.unknown_owners[self.env.current_document.docname] = noted | {name}
        return tuple(shown)

    @property
    def unknown_owners(self) -> dict[str, frozenset[str]]:
        """The owners whom the register lacks, as pages write them; noted only in editions without names."""
        return cast("dict[str, frozenset[str]]", self.data.setdefault("unknown_owners", {}))

    def all_names(self) -> PublicNames | None:
        """Return the names that the edition does not show, unknown owners' too, when all pages have been read."""
        if self.names is None:
            return None
        unknown = frozenset[str]().union(*self.unknown_owners.values())
        if self._all_names is None or self._all_names[0] != unknown:
            self._all_names = (unknown, self.names.with_unknown_owners(sorted(unknown)))
        return self._all_names[1]

    def records_of(self, docname: str) -> PageRecords:
        """Return what a page holds so far."""
        return self.pages.get(docname, _NOTHING)

    def note_page(self, docname: str, records: PageRecords) -> None:
        """Store a page's records; they replace what it held before."""
        self.pages[docname] = records
        self._mark(docname)

    def files_of(self, docname: str) -> PageFiles:
        """Return the files that a page draws in, as far as it has been read."""
        return self.files.get(docname, PageFiles())

    def note_table_file(self, docname: str, relative: str, absolute: str, *, hides_columns: bool) -> None:
        """Note the file of a table, and whether the edition sees only some of its columns."""
        files = self.files_of(docname)
        hiding = (*files.hiding, absolute) if hides_columns else files.hiding
        self.files[docname] = replace(files, tables=(*files.tables, relative), hiding=hiding)

    def note_copies(self, docname: str, paths: Iterable[str]) -> None:
        """Note the files that a page publishes as they are, by absolute path."""
        files = replace(self.files_of(docname), copies=tuple(sorted(paths)))
        if files != PageFiles():
            self.files[docname] = files

    def clear_doc(self, docname: str) -> None:
        """Forget a page, but remember for this build what it held."""
        self.unknown_owners.pop(docname, None)
        self.files.pop(docname, None)
        if docname in self.pages:
            self._before.setdefault(docname, self.pages.pop(docname))
            self._mark(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over the records of the pages that another process has read."""
        for docname, owners in otherdata.get("unknown_owners", {}).items():
            if docname in docnames:
                self.unknown_owners[docname] = owners
        for docname, records in otherdata["pages"].items():
            if docname in docnames:
                self.pages[docname] = records
                self._mark(docname)
        self.files.update({name: files for name, files in otherdata["files"].items() if name in docnames})

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Complete a page's records when it has been read: the title, the references, the incident of loose rows."""
        mentions = frozenset(
            incident_key(str(node["reftarget"]))
            for node in every(document, pending_xref)
            if node.get("refdomain") == DOMAIN
        )
        records = self.records_of(docname)
        title = next((record_text(node.children) for node in document.findall(nodes.title)), "")
        if records == _NOTHING and not mentions and not title:
            return
        incidents = tuple(replace(incident, title=title) for incident in records.incidents)
        home = incidents[0].id if incidents else ""
        rows: list[Event | Action] = [*records.events, *records.actions]
        loose = [row for row in rows if not row.incident_id]
        if loose and not home:
            message = "this table belongs to no incident; put an `incident-summary` with the incident's id on the page"
            warn(Code.NO_INCIDENT, message, (docname, loose[0].line))
        events = tuple(e if e.incident_id else replace(e, incident_id=home) for e in records.events)
        actions = tuple(a if a.incident_id else replace(a, incident_id=home) for a in records.actions)
        found = [*records.points, *(lessons_of(document, docname) if home else ())]
        points = tuple(point if point.incident_id else replace(point, incident_id=home) for point in found)
        self.note_page(
            docname,
            replace(
                records,
                incidents=incidents,
                events=events,
                actions=actions,
                points=points,
                mentions=mentions,
                title=title,
            ),
        )

    def pages_to_write_again(self) -> set[str]:
        """Return the pages that show what this build changed on others: lists, and references to changed records."""
        changes = {
            docname: Change(self._before.get(docname, _NOTHING), self.records_of(docname)) for docname in self._touched
        }
        self._touched, self._before = set(), {}
        owners_before, self.data["owners"] = self.data["owners"], self.settings.owners
        return pages_that_show(changes, self.pages, self.settings.owners, owners_before)

    def take_in(self, foreign: ForeignRecords) -> None:
        """Set what other sites publish, for this build."""
        self.foreign = foreign
        self._knowledge = None

    def _mark(self, docname: str) -> None:
        self._touched.add(docname)
        self._knowledge = None
        self._owner_pages = None

    def owner_page(self, owner: Owner) -> str:
        """Return the page that lists an owner's actions, or an empty text.

        It is the first page for that owner, else the first for their team, else the first with the index of all
        actions. That holds only owners who have any.
        """
        if self._owner_pages is None:
            pages: dict[str, str] = {}
            for docname in sorted(self.pages):
                page = self.pages[docname]
                first = [listed for listed in page.owner_lists if listed.page == 1]
                owners = [self.knowledge.find_owner(name) for listed in first for name in listed.owners]
                names = [f"owner {owner.key}" for owner in owners if owner]
                names += [f"team {team}" for listed in first for team in listed.teams]
                for name in [*names, *(["index"] if page.has_list else [])]:
                    pages.setdefault(name, docname)
            self._owner_pages = pages
        found = self._owner_pages.get(f"owner {owner.key}") or self._owner_pages.get(f"team {owner.team.casefold()}")
        if found or owner.key not in self.knowledge.owners_with_actions:
            return found or ""
        return self._owner_pages.get("index", "")

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
        """Return the link to a place on a page, of this site or of another one."""
        if url := self.foreign.urls.get(target.docname):
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

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield all own records that others may link to: they make the inventory and the search's object list."""
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

    def check_consistency(self) -> None:
        """Report records that share an id; each is kept and listed, references lead to the first."""
        knowledge = self.knowledge
        pairs: list[tuple[Incident | Action, Incident | Action]] = []
        pairs += [*knowledge.duplicates, *knowledge.actions_of_two_sites]
        for repeated, first in pairs:
            own = next((record for record in (repeated, first) if not record.site), None)
            place = (own.docname, own.line) if own else str(self.env.srcdir / "conf.py")
            warn(Code.DUPLICATE_ID, duplicate_message(repeated, first), place)


def domain_of(env: BuildEnvironment) -> PostmortemDomain:
    """Return this build's domain."""
    return cast("PostmortemDomain", env.get_domain(DOMAIN))


def rewrite_dependants(app: object, env: BuildEnvironment) -> Iterable[str]:
    """Handle ``env-updated``: name the pages that must be written again."""
    return sorted(domain_of(env).pages_to_write_again())
