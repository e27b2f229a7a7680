"""The records of a knowledge base: plain values, without markup trees.

Each field says in its metadata what becomes of it (``field_uses``). A field that says nothing is an author's text:
references and names in it are replaced, and it is not exported. ``line`` never takes part in comparisons, so that
moving text does not count as a change of the record.
"""

from __future__ import annotations

import pickle
import re
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.records.anchors import anchor, short_hash
from sphinx_postmortem.core.records.field_uses import OWNERS, PLAIN, SUMMARIES, use
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.core.records.vocabulary import UNSTATED


@dataclass(frozen=True)
class Incident:
    """One incident, from its summary (template section 3).

    ``id`` as written; ``first_day`` and ``last_day`` the incident's dates; ``impacts`` pairs of kind
    (customer, operational, regulatory) and text; ``summary`` the executive-safe text without markup; ``runbooks``
    the document names of the runbooks that were used; ``techniques`` the ids of ATT&CK that the summary names;
    ``detected_by`` who or what noticed it, as written. ``site`` and ``url`` are the name of the other site that the
    record comes from, and its address there; empty for this site's own records. ``repeats`` are the ids of earlier
    incidents that it repeats.
    """

    id: str = field(metadata=use(PLAIN, exported="id"))
    docname: str = field(metadata=use(PLAIN, exported="page"))
    title: str = field(default="", metadata=use(exported="title"))
    first_day: date | None = field(default=None, metadata=use(PLAIN, exported="first_day"))
    last_day: date | None = field(default=None, metadata=use(PLAIN, exported="last_day"))
    severity: str = field(default="", metadata=use(exported="severity"))
    type: str = field(default="", metadata=use(exported="type"))
    status: str = field(default="", metadata=use(exported="status"))
    tlp: str = field(default="", metadata=use(exported="tlp"))
    impacts: tuple[tuple[str, str], ...] = field(
        default=(), metadata=use(exported="impacts", parts=("kind", "text"), listed=SUMMARIES)
    )
    summary: str = field(default="", metadata=use(exported="summary", listed=SUMMARIES))
    runbooks: tuple[str, ...] = field(default=(), metadata=use(PLAIN, exported="runbooks"))
    techniques: tuple[str, ...] = field(default=(), metadata=use(PLAIN, exported="techniques"))
    repeats: tuple[str, ...] = field(default=(), metadata=use(PLAIN, exported="repeats"))
    detected_by: str = field(default="", metadata=use(exported="detected_by", added=True))
    anchor: str = field(default="", metadata=use(PLAIN, exported="anchor"))
    site: str = field(default="", metadata=use(PLAIN))
    url: str = field(default="", metadata=use(PLAIN))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))

    @property
    def key(self) -> str:
        """The id without regard to case: how incidents are told apart."""
        return self.id.casefold()

    @property
    def bare_title(self) -> str:
        """The title without the id with which pages often begin it, for lists that show the id beside it."""
        return bare_title(self.id, self.title)

    @property
    def full_title(self) -> str:
        """The id and the title, such as ``SEC-2026-014: Token stolen``; the id alone where there is no title."""
        return full_title(self.id, self.title)


def bare_title(incident_id: str, title: str) -> str:
    """Return a title without the id with which it may begin; a title that is no more than the id stays."""
    rest = title[len(incident_id) :] if title.casefold().startswith(incident_id.casefold()) else ""
    bare = rest.lstrip(" :-–—.,")
    return bare if bare and not rest[0].isalnum() else title


def full_title(incident_id: str, title: str) -> str:
    """Return the id and the title of an incident, the id once; the id alone where there is no title."""
    bare = bare_title(incident_id, title)
    return f"{incident_id}: {bare}" if bare.casefold() not in ("", incident_id.casefold()) else incident_id


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence that a row names.

    ``text`` is what the row shows; ``url`` the address of a link; ``file`` a file below the source folder, as a path
    from there with ``/``, and ``sha256`` its SHA-256 in hexadecimal. What is neither link nor file has its text alone.
    """

    text: str = field(metadata=use(exported="text"))
    url: str = field(default="", metadata=use(exported="url"))
    file: str = field(default="", metadata=use(exported="file"))
    sha256: str = field(default="", metadata=use(PLAIN, exported="sha256"))


@dataclass(frozen=True)
class Event:
    """One row of a timeline (template section 4).

    ``moment`` is what is known of its time; of a time that cannot be read, its text. ``milestone`` is the name of the
    milestone that it reaches, or empty, and ``clock_milestone`` that which reporting clocks see in it; ``who`` the
    person or system that acted or saw it, ``source`` where it is known from, ``stated_precision`` the author's word on
    the time; ``techniques`` ids of ATT&CK; ``other``, ``site`` and ``url`` as for actions.
    """

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN, exported="page"))
    moment: Moment | None  # exported as several fields
    text: str = field(metadata=use(exported="event"))
    milestone: str = field(default="", metadata=use(PLAIN, exported="milestone"))
    anchor: str = field(default="", metadata=use(PLAIN, exported="anchor"))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))
    notes: str = field(default="", metadata=use(exported="notes"))
    evidence: tuple[Evidence, ...] = field(default=(), metadata=use(exported="evidence"))
    source: str = field(default="", metadata=use(exported="source"))
    who: str = field(default="", metadata=use(exported="who"))
    stated_precision: str = field(default="", metadata=use(exported="stated_precision"))
    techniques: tuple[str, ...] = field(default=(), metadata=use(PLAIN, exported="techniques"))
    other: tuple[tuple[str, str], ...] = field(default=(), metadata=use(exported="other", parts=("column", "text")))
    site: str = field(default="", metadata=use(PLAIN))
    url: str = field(default="", metadata=use(PLAIN))
    clock_milestone: str = field(default="", metadata=use(PLAIN))


@dataclass(frozen=True)
class Action:
    """One preventative or corrective action (template section 10).

    ``local_id`` is the id within its incident; ``owners`` the owner ids as written, in order; ``kind`` is preventative
    or corrective, where the table says so; ``addresses`` is what it improves (``core.records.kind_words``), as written;
    ``techniques`` the ids of ATT&CK that it answers; ``factors`` the tags of the contributing factors that it is
    against; ``other`` pairs of column title and text for the columns that the
    product does not know; ``site`` and ``url`` as for incidents.
    """

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN, exported="page"))
    local_id: str = field(metadata=use(PLAIN, exported="local_id"))
    text: str = field(metadata=use(exported="action"))
    owners: tuple[str, ...] = field(default=(), metadata=use(OWNERS, exported="owners"))
    priority: str = field(default="", metadata=use(exported="priority"))
    due: date | None = field(default=None, metadata=use(PLAIN, exported="due"))
    due_written: str = field(default="", metadata=use(exported="due_written"))
    status: str = field(default="", metadata=use(exported="status"))
    kind: str = field(default="", metadata=use(exported="kind"))
    addresses: tuple[str, ...] = field(default=(), metadata=use(exported="addresses"))
    techniques: tuple[str, ...] = field(default=(), metadata=use(PLAIN, exported="techniques"))
    factors: tuple[str, ...] = field(default=(), metadata=use(exported="factors"))
    other: tuple[tuple[str, str], ...] = field(default=(), metadata=use(exported="other", parts=("column", "text")))
    anchor: str = field(default="", metadata=use(PLAIN, exported="anchor"))
    site: str = field(default="", metadata=use(PLAIN))
    url: str = field(default="", metadata=use(PLAIN))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))

    @property
    def full_id(self) -> str:
        """The id that is unique in the knowledge base, such as ``SEC-2026-014/A1``."""
        return f"{self.incident_id}/{self.local_id}" if self.incident_id else self.local_id


CONTAINMENT, REMEDIATION = later("containment"), later("remediation")
RESPONSE_KINDS = (CONTAINMENT, REMEDIATION)


@dataclass(frozen=True)
class Response:
    """One thing that was done against the incident (template section 7).

    ``kind`` is one of ``RESPONSE_KINDS``, or empty where the page does not say; ``text`` the action taken or the fix
    applied; ``moment`` when, None where the table has no times. The other fields are as for events and actions.
    """

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN, exported="page"))
    kind: str = field(metadata=use(PLAIN, exported="kind"))
    text: str = field(metadata=use(exported="response"))
    moment: Moment | None = None  # exported as several fields
    rationale: str = field(default="", metadata=use(exported="rationale"))
    evidence: tuple[Evidence, ...] = field(default=(), metadata=use(exported="evidence"))
    validation: str = field(default="", metadata=use(exported="validation"))
    monitoring: str = field(default="", metadata=use(exported="monitoring"))
    who: str = field(default="", metadata=use(exported="who"))
    other: tuple[tuple[str, str], ...] = field(default=(), metadata=use(exported="other", parts=("column", "text")))
    anchor: str = field(default="", metadata=use(PLAIN, exported="anchor"))
    site: str = field(default="", metadata=use(PLAIN))
    url: str = field(default="", metadata=use(PLAIN))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))


@dataclass(frozen=True)
class Review:
    """Who has read a postmortem, when, and whether they agreed: one row of a review record.

    ``read_on`` is the day, None where none is stated or it is no date; ``read_written`` its text; ``state`` what the
    reader said of it, as written (``core.records.kind_words``). The other fields are as for events and actions.
    """

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN, exported="page"))
    who: str = field(metadata=use(exported="who"))
    role: str = field(default="", metadata=use(exported="role"))
    read_on: date | None = field(default=None, metadata=use(PLAIN, exported="read_on"))
    read_written: str = field(default="", metadata=use(exported="read_written"))
    state: str = field(default="", metadata=use(exported="state"))
    other: tuple[tuple[str, str], ...] = field(default=(), metadata=use(exported="other", parts=("column", "text")))
    anchor: str = field(default="", metadata=use(PLAIN, exported="anchor"))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))


FACTOR, ASSET = "factor", "asset"
WENT_WELL, DID_NOT_GO_WELL, TAKEAWAY = "went-well", "did-not-go-well", "takeaway"
LESSONS = (WENT_WELL, DID_NOT_GO_WELL, TAKEAWAY)


@dataclass(frozen=True)
class Point:
    """One item of a list in a postmortem: what contributed, what was affected, or what was learned.

    ``role`` is ``FACTOR`` (template section 6), ``ASSET`` (section 5) or one of ``LESSONS`` (sections 8, 9 and 14);
    ``kind`` the bold words with which the item begins, without their colon, or empty; ``text`` the rest as plain text.
    ``tags`` are the ids of a factor's tags in the site's vocabulary (``core.records.factors``); ``runbooks`` the pages
    to which an item below "What didn't go well" links.
    """

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN))
    role: str = field(metadata=use(PLAIN))
    kind: str = field(metadata=use(exported="kind"))
    text: str = field(metadata=use(exported="text"))
    tags: tuple[str, ...] = field(default=(), metadata=use(exported="tags"))
    runbooks: tuple[str, ...] = field(default=(), metadata=use(PLAIN, exported="runbooks", added=True))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))


@dataclass(frozen=True)
class ClockRequest:
    """Which reporting clocks an incident is under: ``regimes`` by name (``core.clocks``). The clocks are derived."""

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN))
    regimes: tuple[str, ...] = field(metadata=use(PLAIN))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))


@dataclass(frozen=True)
class VerisBlock:
    """The rows of a block ``veris``: pairs of a field and its value as written (``core.veris``).

    ``names`` are values that the schema lists, and numbers; ``texts`` those that an author has written.
    """

    incident_id: str = field(metadata=use(PLAIN))
    docname: str = field(metadata=use(PLAIN))
    names: tuple[tuple[str, str], ...] = field(default=(), metadata=use(PLAIN))
    texts: tuple[tuple[str, str], ...] = field(default=(), metadata=use(parts=("field", "value")))
    line: int = field(default=0, compare=False, metadata=use(PLAIN))


@dataclass(frozen=True)
class Owner:
    """Who owns actions: a team or role, from the setting ``postmortem_owners`` or as first written in a table.

    ``role`` is what editions without names show.
    """

    id: str = field(metadata=use(PLAIN, exported="id"))
    name: str = field(default="", metadata=use(PLAIN, exported="name"))
    team: str = field(default="", metadata=use(PLAIN, exported="team"))
    contact: str = field(default="", metadata=use(PLAIN, exported="contact"))
    role: str = field(default="", metadata=use(PLAIN, exported="role"))

    @property
    def key(self) -> str:
        """The id without regard to case: how owners are told apart."""
        return self.id.casefold()

    @property
    def label(self) -> str:
        """The name to show."""
        return self.name or self.id

    @property
    def anchor(self) -> str:
        """The anchor of the owner's part of the actions index."""
        return anchor("owner", self.key)


@dataclass(frozen=True)
class OwnerList:
    """A list that a page holds for some owners, by id or name, and teams, all in lower case; its pages count from 1."""

    owners: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    page: int = 1


# What lists show beyond the fields of incidents, actions and points; ``SUMMARIES`` are texts of incidents.
EVENTS = "events"
_UNREAD_EVENTS = "_unread_events"


@dataclass(frozen=True)
class PageRecords:
    """All records of one page, as the edition sees them, and its title.

    ``lessons_shared`` holds what closure checklists say of when and to whom the lessons were communicated.
    ``has_list`` says that it holds the index of all actions, ``has_overview`` another list over all pages,
    ``has_factors`` the list of all factors to which tags lead, ``owner_lists`` those for some owners, and ``shows``
    which of ``SUMMARIES`` and ``EVENTS`` its lists show. ``is_runbook`` says that the page shows what past incidents
    taught about it.

    Half of what is stored of a page are its events, which few lists show: they are read when somebody asks for them.
    """

    incidents: tuple[Incident, ...] = ()
    events: tuple[Event, ...] = field(default_factory=tuple)  # a default of the class would hide events not yet read
    actions: tuple[Action, ...] = ()
    points: tuple[Point, ...] = ()
    responses: tuple[Response, ...] = ()
    clocks: tuple[ClockRequest, ...] = ()
    veris: tuple[VerisBlock, ...] = ()
    reviews: tuple[Review, ...] = ()
    mentions: frozenset[str] = field(default=frozenset(), metadata=use(PLAIN))
    lessons_shared: tuple[str, ...] = ()
    has_list: bool = False
    has_overview: bool = False
    has_navigation: bool = False
    has_factors: bool = False
    is_runbook: bool = False
    title: str = ""
    owner_lists: tuple[OwnerList, ...] = field(default=(), metadata=use(PLAIN))
    shows: frozenset[str] = field(default=frozenset(), metadata=use(PLAIN))

    def __getstate__(self) -> dict[str, object]:
        """Return what is stored: the events in a piece of their own."""
        state = dict(vars(self))
        if events := state.pop(EVENTS, None):
            state[_UNREAD_EVENTS] = pickle.dumps(events, pickle.HIGHEST_PROTOCOL)
        return state

    if not TYPE_CHECKING:  # else no type checker would know a wrong name

        def __getattr__(self, name: str) -> object:
            """Read the events; Python asks for what the record does not hold."""
            if name != EVENTS:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            held = vars(self)
            unread = held.get(_UNREAD_EVENTS)
            # What is stored is part of the environment, a pickle itself.
            events = pickle.loads(unread) if unread else held.get(EVENTS, ())  # noqa: S301
            held[EVENTS] = events
            held.pop(_UNREAD_EVENTS, None)
            return events


# Words in owners' cells that stand for nobody, or for all.
_NOBODY = frozenset(
    [*UNSTATED, "", "none", "nobody", "no one", "unassigned", "unowned", "owner", "name"]
    + ["everyone", "everybody", "anyone", "all", "team", "us"]
)


def is_owner(name: str) -> bool:
    """Say whether an owner's cell names somebody."""
    return name.casefold().strip("-–—?<>[]{} ") not in _NOBODY


def generated_action_id(text: str) -> str:
    """Return the id of an action that was written without one: a short hash of its text, stable over row order."""
    return f"a-{short_hash(text)}"


def split_owners(cell: str) -> tuple[str, ...]:
    """Return the owners that a cell names, separated by commas or semicolons, without markup and leading ``@``."""
    plain = re.sub(r"(\{[\w:-]{1,60}\}|:[\w:-]{1,60}:)(?=`)", "", cell)
    plain = re.sub(r"\[([^\]]{0,300})\]\([^)]{0,500}\)", r"\1", plain)
    names = (part.strip().strip("`*_").strip().removeprefix("@") for part in plain.replace(";", ",").split(","))
    return tuple(dict.fromkeys(name for name in names if name))
