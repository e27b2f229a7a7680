"""The names that an interview PDF must not hold, and the roles that stand in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from docutils import nodes
from sphinx.config import Config

from sphinx_postmortem.core.records import Owner

PLAIN_TITLE = "Postmortems"

_NO_NAME = frozenset({"", "unknown", "author name not set"})
_TEXT_ATTRIBUTES = ("alt", "title", "reftitle", "explanation", "name", "code")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Pseudonyms:
    """Names and the role that replaces each, wherever it stands as a word of its own; case does not count."""

    roles: Mapping[str, str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self.roles, key=lambda name: (-len(name), name))
        choices = "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in names)
        # Hyphens and dots join words to another name: "sre" is no word of "sre-tools.example".
        return re.compile(rf"(?<![\w])(?:{choices})(?![\w])" if choices else r"(?!)", re.IGNORECASE)

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {_key(name): role for name, role in self.roles.items()}

    def apply(self, text: str) -> str:
        """Return a text with every name replaced, and mail addresses left out."""
        without_addresses = _ADDRESS.sub("[address]", text)
        return self._pattern.sub(lambda match: self._by_key[_key(match[0])], without_addresses)

    def found_in(self, text: str) -> list[str]:
        """Return the names that stand in a text."""
        return sorted({_key(match[0]) for match in self._pattern.finditer(text)} - self._harmless)

    @cached_property
    def _harmless(self) -> set[str]:
        # A role may hold the name of another owner as a word: "Platform" in "Platform owner".
        shown = " ".join(self.roles.values())
        return {_key(match[0]) for match in self._pattern.finditer(shown)}


def pseudonyms_of(config: Config, owners: Iterable[Owner]) -> Pseudonyms:
    """Return the replacements of a site.

    They are, the first winning: ``postmortem_pseudonyms``; the registered owners and those written in tables, by id
    and name; the author. An owner without a pseudonym becomes ``Owner A``, ``Owner B`` ... in the order of ids. An
    owner whose id has a pseudonym has it for the name too, and the other way round. Names of teams are often common
    words ("Security"), so they are replaced only if the setting holds them.
    """
    given = {str(name): str(role) for name, role in _setting(config, "postmortem_pseudonyms").items() if str(name)}
    known = {_key(name): role for name, role in given.items()}
    roles = dict(given)
    letters = _letters()
    for owner in sorted({owner.key: owner for owner in owners}.values(), key=lambda owner: owner.key):
        named = [name for name in (owner.id, owner.name) if name]
        role = next((known[_key(name)] for name in named if _key(name) in known), None) or f"Owner {next(letters)}"
        for name in named:
            roles.setdefault(name, role)
        if owner.contact and not _ADDRESS.search(owner.contact):
            roles.setdefault(owner.contact, "[contact]")
    author = str(config.author)
    if author.casefold() not in _NO_NAME:
        roles.setdefault(author, "the organisation")
    return Pseudonyms(roles)


def replace_names(tree: nodes.Element, pseudonyms: Pseudonyms) -> None:
    """Replace the names in everything that is printed, and cut the links that hold one."""
    for text in list(tree.findall(nodes.Text)):
        replaced = pseudonyms.apply(str(text))
        if replaced != text and text.parent is not None:
            text.parent.replace(text, nodes.Text(replaced))
    for node in list(tree.findall(nodes.Element)):
        for name in _TEXT_ATTRIBUTES:
            if isinstance(node.get(name), str):
                node[name] = pseudonyms.apply(node[name])
        uri = str(node.get("refuri", ""))
        if isinstance(node, nodes.reference) and (uri.startswith("mailto:") or pseudonyms.found_in(uri)):
            node.replace_self(list(node.children))


def _setting(config: Config, name: str) -> Mapping[object, object]:
    return cast("Mapping[object, object]", getattr(config, name, None) or {})


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _letters() -> Iterator[str]:
    """Yield A to Z, then AA, AB and so on."""
    alphabet = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    yield from alphabet
    for first in alphabet:
        for second in alphabet:
            yield first + second
