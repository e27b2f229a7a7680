"""Names of people, teams and the organisation, and the roles that stand in their place.

Text only: no markup trees. A reader sees one text where the source has several pieces (``Detection *engineering*``),
so everything that searches can be asked for a text, or for the pieces of one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count, product
from string import ascii_uppercase

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.model import Incident, Owner
from sphinx_postmortem.core.records.vocabulary import NOT_NAMED

ADDRESS = "[address]"
"""What stands in place of a mail address, and of a web address or a host that holds a name."""

CONTACT = "[contact]"
ORGANISATION = "the organisation"

# The underscore of ``.. _who@example.org: https://…`` makes a target of reStructuredText: it is not of the address.
_MAIL = expression(r"(?:(?<![\w.+-])(?!(?<=\.\. )_)|(?<=\.\. _))[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = expression(r"(?<![\w.-])(?:[A-Za-z][A-Za-z0-9+-]*://\S+|[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?![\w-])(?:/\S*)?)")
_INVISIBLE = expression("[\u00ad\u200b-\u200f\u2060\ufeff]")
_GAP = expression("(?:[\\s_\u2010-\u2015-]|%20)+")
_ANY_GAP = "(?:[\\s_+\u2010-\u2015-]|%20)+"
"""What joins the words of a name: ``rel-eng`` is written ``Rel eng`` and ``rel_eng`` too."""

# A name that ends in a letter of these scripts has no gap after it: Thai to Khmer, and Chinese, Japanese, Korean.
_NO_GAPS = expression(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_YEARS = expression(r"(?:\u00a9|\(c\)|copyright|\b\d{4}\b|%Y)[\s,\u2013-]*", re.IGNORECASE)
_COMMON = """
a all an and at base blameless book by co company corp corporation demo department docs documentation edition example
for from group guide handbook history in inc incident incidents it knowledge learning library limited llc ltd gmbh ag
sa plc management manual of on our page pages postmortem postmortems post mortem mortems product products project
public record records register report reports review reviews sample site team teams test tests the to us with
access analytics app application applications apps audit automation backend billing build client cloud commander
communications comms compliance core customer customers data database databases delivery deploy
deployment design desktop detection dev devops dns edge email engineering facilities finance frontend hardware helpdesk
hosting hr identity infra infrastructure integration internal leadership legal mail marketing messaging mobile
monitoring network networking networks observability office oncall operations ops owner owners payments people
platform platforms pr privacy procurement qa quality release releases reliability research response risk sales search
secops security service services soc software sre storage support system systems tools training vendor web website
workplace unknown tbd none nobody everyone
"""
_COMMON_WORDS = frozenset(_COMMON.split())
"""Words that name no organisation, and an owner only where nothing else stands. Of English; others need the setting."""


@dataclass(frozen=True)
class Edit:
    """A part of a text, by its first character and the one after its last, and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Pseudonyms:
    """Names and the role that replaces each, wherever it stands as a word of its own; case does not count.

    A name in ``common`` is a word with another meaning too ("platform"): it is replaced where a text holds names only,
    such as the cell with the owners of an action.
    """

    roles: Mapping[str, str]
    common: frozenset[str] = frozenset()

    def apply(self, text: str) -> str:
        """Return a text with every name replaced, and without mail addresses and hosts that hold a name."""
        return with_edits([text], self.edits(text))[0]

    def apply_to_pieces(self, pieces: Sequence[str]) -> list[str]:
        """Return the pieces of one text with every name replaced.

        A role stands in the piece in which its name begins; later pieces lose their part of the name.
        """
        return with_edits(pieces, self.edits("".join(pieces)))

    def found_in(self, text: str) -> list[str]:
        """Return the names that stand in a text, in lower case; common words, and what a role holds, do not count."""
        return sorted({name_key(name) for name, _edit in self._matches(text)} - self._harmless - self._common_keys)

    def edits(self, text: str) -> list[Edit]:
        """Return what is to be replaced in a text, in its order and without overlaps."""
        names = self._names_in(text)
        mails = [Edit(match.start(), match.end(), ADDRESS) for match in _MAIL.finditer(text)] if "@" in text else []
        if not names:
            return mails
        hosts = [
            Edit(match.start(), match.end(), ADDRESS)
            for match in _HOST.finditer(text)
            if _overlap(names, match.start(), match.end())
        ]
        chosen = mails
        for more in (hosts, names):
            free = [edit for edit in more if not _overlap(chosen, edit.start, edit.end)]
            chosen = sorted([*chosen, *free], key=lambda edit: edit.start)
        return chosen

    def _names_in(self, text: str) -> list[Edit]:
        found = list(self._matches(text))
        if not any(name_key(name) in self._common_keys for name, _edit in found):
            return [edit for _name, edit in found]
        rest = with_edits([text], [Edit(edit.start, edit.end, "") for _name, edit in found])[0]
        holds_names_only = not any(character.isalnum() for character in rest)
        return [edit for name, edit in found if holds_names_only or name_key(name) not in self._common_keys]

    def _matches(self, text: str) -> Iterator[tuple[str, Edit]]:
        places: Sequence[int] = range(len(text))
        if _INVISIBLE.search(text):
            places = [place for place, character in enumerate(text) if not _INVISIBLE.match(character)]
            text = "".join(text[place] for place in places)
        for match in self._pattern.finditer(text):
            name = self._names[(match.lastindex or 1) - 1]
            edit = Edit(places[match.start()], places[match.end() - 1] + 1, self.roles[name])
            yield name, edit

    @cached_property
    def _names(self) -> list[str]:
        # The longest first: "Release engineering" before "Release". A role that is the name itself keeps the name.
        usable = [name for name, role in self.roles.items() if name_key(name) and name_key(role) != name_key(name)]
        return sorted(usable, key=lambda name: (-len(name), name))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        choices = "|".join(f"({_pattern_of(name)})" for name in self._names)
        return re.compile(choices or r"(?!)", re.IGNORECASE)

    @cached_property
    def _harmless(self) -> set[str]:
        # A role may hold the name of another owner as a word: "Platform" in "Platform owner".
        return {name_key(name) for name, _edit in self._matches(" | ".join(self.roles.values()))}

    @cached_property
    def _common_keys(self) -> frozenset[str]:
        return frozenset(map(name_key, self.common))


def pseudonyms_for(
    given: Mapping[str, str],
    owners: Iterable[Owner],
    *,
    authors: Iterable[str] = (),
    titles: Iterable[str] = (),
    incidents: Mapping[str, str] | None = None,
) -> Pseudonyms:
    """Return the replacements of a site.

    They are, the first winning: ``given`` (the setting); ``incidents`` (id to what it is called); the owners by id and
    name, an owner without a pseudonym being ``Owner A``, ``Owner B`` ... in the order of ids; and the organisation, by
    ``authors`` (holders of rights too) and ``titles`` of the site. An owner whose id has a pseudonym has it for the
    name too, and the other way round. An owner that is called by one common word ("platform") counts as common.
    """
    roles = {name: role for name, role in given.items() if name_key(name)}
    known = {name_key(name): role for name, role in roles.items()}

    def add(name: str, role: str) -> None:
        if name_key(name) and name_key(name) not in known:
            known[name_key(name)] = roles[name] = role

    for name, role in (incidents or {}).items():
        add(name, role)
    common: set[str] = set()
    letters = _letters()
    for owner in sorted({owner.key: owner for owner in owners}.values(), key=lambda owner: owner.key):
        named = [name for name in (owner.id, owner.name) if name_key(name)]
        roles_given = [known[name_key(name)] for name in named if name_key(name) in known]
        role = roles_given[0] if roles_given else f"Owner {next(letters)}"
        common |= {name for name in named if name_key(name) in _COMMON_WORDS and name_key(name) not in known}
        for name in named:
            add(name, role)
        if owner.contact and not _MAIL.search(owner.contact):
            add(owner.contact, CONTACT)
    for name in organisation_names(authors, titles):
        add(name, ORGANISATION)
    return Pseudonyms(roles, frozenset(common))


def organisation_names(authors: Iterable[str], titles: Iterable[str]) -> list[str]:
    """Return what the texts of a site's configuration call the organisation.

    An author or holder of rights is a name as a whole. Of a title, and of an author too, what is left without common
    words is a name: ``Acme`` in ``Acme incident library``. A text of common words alone ("Postmortems") is none.
    """
    found: dict[str, None] = {}
    for text in authors:
        for part in re.split(r"[,;&]|\\and|\band\b", _YEARS.sub("", text)):
            whole = " ".join(part.split()).strip(" .")
            words = [word for word in whole.split() if word.casefold() not in _COMMON_WORDS]
            if whole.casefold() not in NOT_NAMED and (words or " " in whole):
                found.update(dict.fromkeys([whole, *_proper_parts(whole)]))
    for text in titles:
        if text.strip().casefold() not in NOT_NAMED:
            found.update(dict.fromkeys(_proper_parts(_YEARS.sub("", text))))
    return list(found)


def incident_numbers(incidents: Iterable[Incident]) -> dict[str, str]:
    """Return what each incident id is called where ids would tell a date: ``Incident 1`` ... by first day, then id."""
    known = {incident.key: incident for incident in incidents if incident.id}
    ordered = sorted(known.values(), key=lambda each: (each.first_day is None, str(each.first_day or ""), each.key))
    return {incident.id: f"Incident {number}" for number, incident in enumerate(ordered, 1)}


def with_edits(pieces: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """Return the pieces of a text after edits of the joined text; the new text goes where the old one began."""
    made: list[str] = []
    waiting = sorted(edits, key=lambda edit: edit.start)
    begin = 0
    for piece in pieces:
        end = begin + len(piece)
        parts: list[str] = []
        place = begin
        for edit in waiting:
            if edit.end <= begin or edit.start >= end:
                continue
            parts.append(piece[place - begin : max(edit.start, place) - begin])
            if edit.start >= begin:
                parts.append(edit.text)
            place = min(edit.end, end)
        parts.append(piece[place - begin :])
        made.append("".join(parts))
        begin = end
        waiting = [edit for edit in waiting if edit.end > end]
    return made


def name_key(name: str) -> str:
    """Return a name as names are told apart: without regard to case, and with one space between words."""
    return " ".join(_words(name)).casefold()


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", name))
    return [word for word in _GAP.split(plain) if word]


def _pattern_of(name: str) -> str:
    words = _words(name)
    start, end = words[0][0], words[-1][-1]
    before = r"(?<![^\W_])" if start.isalnum() and not _NO_GAPS.match(start) else ""
    after = r"(?![^\W_])" if end.isalnum() and not _NO_GAPS.match(end) else ""
    forms = dict.fromkeys(
        _ANY_GAP.join(re.escape(unicodedata.normalize(form, word)) for word in words) for form in ("NFC", "NFD")
    )
    return f"{before}(?:{'|'.join(forms)}){after}"


def _proper_parts(text: str) -> list[str]:
    """Return the runs of words that are not common ones, if they look like a name."""
    runs: list[list[str]] = [[]]
    for written in text.split():
        word = written.strip("\"'.,:;!?()[]\u2013\u2014|/-")
        stem = re.sub(r"['\u2019]s?$", "", word)
        is_common = (
            not word
            or stem.casefold() in _COMMON_WORDS
            or all(part.casefold() in _COMMON_WORDS for part in _GAP.split(stem))
        )
        if is_common:
            runs.append([])
        else:
            runs[-1].append(stem)
        if written[-1:] in ",:;|\u2013\u2014":
            runs.append([])
    names = (" ".join(run) for run in runs)
    return [name for name in names if len(name) > 1 and any(not each.islower() and each.isalpha() for each in name)]


def _overlap(edits: Sequence[Edit], start: int, end: int) -> bool:
    """Say whether a part of a text overlaps one of these edits, which are in order and do not overlap each other."""
    last = bisect_left(edits, end, key=lambda edit: edit.start) - 1
    return last >= 0 and edits[last].end > start


def _letters() -> Iterator[str]:
    """Yield A to Z, then AA, AB and so on."""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))
