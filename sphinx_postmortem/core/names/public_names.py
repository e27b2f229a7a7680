"""Names in the sources of an edition that shows roles in their place: on top of ``pseudonyms``, what sources need.

A source holds more than text: a name may be part of a label or a file name, and ``name@1.2.3`` is no mail address.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.names.pseudonyms import ADDRESS, Edit, Pseudonyms, name_key, pseudonyms_for, with_edits
from sphinx_postmortem.core.records.field_uses import rewrite_texts
from sphinx_postmortem.core.records.knowledge import ForeignRecords
from sphinx_postmortem.core.records.model import Owner, PageRecords, is_owner

UNNAMED = "Unnamed owner"
"""What stands in place of an owner whom the register does not have."""

_ROLE = expression(r"[^\W_](?:[\w ,.'()&/+-]*[\w.)])?")
_ADDRESS_END = expression(r"[)\]}>\"'`|<]|(?<![.,;:!?])[.,;:!?]+\Z")
_SENTENCE_START = expression(r"(?:[.!?]\s+|\n[ \t]*\n\s*|(?:^|\n)[ \t]*(?:#+|[-*>]|\d+\.|\|)[ \t]+)\Z")
_IN_LABEL = expression(r"(?:[}:]`|<|:(?:name|label):[ \t]*)\0|\(\0\)=")
_VERSION = expression(r"@[\w-]*(?:\.[\w-]*)*\.\d[\w-]*\Z")


class BadPseudonymError(ValueError):
    """A name or a role of the setting that cannot be used."""


@dataclass(frozen=True)
class PublicNames:
    """The names of a site and the roles that an edition shows instead."""

    pseudonyms: Pseudonyms
    owners: tuple[Owner, ...]

    def apply(self, text: str) -> str:
        """Return a text, of a source or a reader, with roles in the place of names."""
        return with_edits([text], self._edits(text))[0]

    def apply_to_pieces(self, pieces: Sequence[str]) -> list[str]:
        """Return the pieces of one text with roles in the place of names."""
        return with_edits(pieces, self._edits("".join(pieces)))

    def left_in(self, text: str) -> list[str]:
        """Return the names that stand in a text, in lower case; single common words do not count."""
        return self.pseudonyms.found_in(text)

    def owner(self, written: str) -> str:
        """Return the role of an owner, by id, name, or the role itself; ``UNNAMED`` for one whom nobody knows.

        What names nobody, such as ``TBD``, stays.
        """
        if not is_owner(written):
            return written
        return self._by_key.get(name_key(written), UNNAMED)

    def knows_owner(self, written: str) -> bool:
        """Say whether an owner has a role."""
        return not is_owner(written) or name_key(written) in self._by_key

    def rewritten(self, page: PageRecords) -> PageRecords:
        """Return a page's records with roles in the place of names; owners without a role stay as they are."""
        # Statuses and priorities are the same in most rows.
        return rewrite_texts(page, cache(self.apply), cache(self._role_or_written))

    def rewritten_foreign(self, foreign: ForeignRecords) -> ForeignRecords:
        """Return what other sites publish, with roles for names that are known here; other names stay."""
        owners = tuple(
            Owner(
                id=self._role_or_written(owner.id), name=self._role_or_written(owner.label), team=self.apply(owner.team)
            )
            for owner in foreign.owners
        )
        pages = {name: self.rewritten(page) for name, page in foreign.pages.items()}
        return replace(foreign, pages=pages, owners=owners)

    def _role_or_written(self, owner: str) -> str:
        return self._by_key.get(name_key(owner)) or self.apply(owner)

    @cached_property
    def _hyphenated(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.pseudonyms.roles if re.search(r"[-_+]", name))

    def with_unknown_owners(self, written: Iterable[str]) -> PublicNames:
        """Return the names with owners whom the register lacks, as they are written in tables."""
        found = pseudonyms_for({}, [Owner(id=name) for name in written if not self.knows_owner(name)])
        roles = {**dict.fromkeys(found.roles, UNNAMED), **self.pseudonyms.roles}
        return replace(self, pseudonyms=Pseudonyms(roles, self.pseudonyms.common | found.common))

    @cached_property
    def _by_key(self) -> dict[str, str]:
        roles = self.pseudonyms.roles
        return {
            **{name_key(role): role for role in roles.values()},
            **{name_key(name): role for name, role in roles.items()},
            name_key(UNNAMED): UNNAMED,
        }

    def _edits(self, text: str) -> list[Edit]:
        edits = self.pseudonyms.edits(text)
        return [self._fitted(edit, text) for edit in edits]

    def _fitted(self, edit: Edit, text: str) -> Edit:
        """Join the words of a role where the name is one word, or a part of one: in labels, ids and file names."""
        written = text[edit.start : edit.end]
        around = text[edit.start - 1 : edit.start] + text[edit.end : edit.end + 1]
        is_joined = bool(re.search(r"[-_+\u2010-\u2015]", written)) and not re.search(r"\s", written)
        if is_joined and written.casefold() in self._hyphenated:
            # The name itself is written so: in a sentence it is a name like others, in a label it is none.
            around_it = f"{text[max(0, edit.start - 40) : edit.start]}\0{text[edit.end : edit.end + 2]}"
            is_joined = bool(_IN_LABEL.search(around_it))
        goes_on = re.match(r"[.:]\w", text[edit.end : edit.end + 2]) or any(each in "-_/\\#" for each in around)
        if _is_version(edit, text):
            return replace(edit, text="@".join(map(self.apply, written.split("@"))))
        if edit.text == ADDRESS:
            # What closes a link or a text after an address is no part of it, whatever comes then.
            end = _ADDRESS_END.search(written)
            return replace(edit, text=ADDRESS + self.apply(written[end.start() :])) if end else edit
        if not (is_joined or goes_on):
            begins = not edit.start or _SENTENCE_START.search(text[max(0, edit.start - 40) : edit.start])
            return replace(edit, text=edit.text[:1].upper() + edit.text[1:]) if begins else edit
        return replace(edit, text=re.sub(r"[^\w]+", "-", edit.text).strip("-").lower())


def _is_version(edit: Edit, text: str) -> bool:
    return edit.text == ADDRESS and _VERSION.search(text[edit.start : edit.end]) is not None


def public_names(given: Mapping[str, str], owners: Iterable[Owner], reserved: Collection[str]) -> PublicNames:
    """Return the names of a site.

    Args:
        given: the setting, name to role.
        owners: the register. An owner whom ``given`` does not name is shown as their ``role``, else as their team, else
            as ``Owner A``, ``Owner B`` and so on, in the order of ids.
        reserved: words that sources need as they are: audiences and directives.

    Raises:
        BadPseudonymError: a name is one of these words, or a role holds what could be markup.
    """
    known = tuple(owners)
    words = {name_key(word) for word in reserved}
    set_names = {name_key(name) for name in given}
    pseudonyms = pseudonyms_for(given, known)
    roles = dict(pseudonyms.roles)
    shown: dict[str, Owner] = {}
    for owner in known:
        names = [name for name in (owner.id, owner.name) if name_key(name)]
        own = owner.role or owner.team
        if own and not any(name_key(name) in set_names for name in names):
            roles.update(dict.fromkeys(names, own))
        role = roles[names[0]] if names else ""
        if role:
            shown.setdefault(name_key(role), Owner(id=role, team=owner.team))
    for name, role in roles.items():
        if name_key(name) in words and name_key(name) not in {name_key(word) for word in pseudonyms.common}:
            raise BadPseudonymError(f'"{name}" is the name of an audience or a directive; it cannot be replaced')
        if not _ROLE.fullmatch(role) and role not in (ADDRESS, "[contact]"):
            raise BadPseudonymError(f'the role "{role}" of "{name}" may hold letters, digits, spaces and ,.\'()&/+-')
        if name_key(role) in words:
            raise BadPseudonymError(f'the role "{role}" is the name of an audience or a directive; choose another')
    made = Pseudonyms(roles, pseudonyms.common)
    return PublicNames(made, tuple(replace(owner, team=made.apply(owner.team)) for owner in shown.values()))
