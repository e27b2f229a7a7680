"""A site's vocabulary of contributing factors: what each tag in a text means.

An author writes ``- **Monitoring** [no-certificate-probe]: nothing compared the served certificate``. The tag is the id
of a factor of the setting ``postmortem_factors``, a dict or a TOML file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.toml_lines import line_in_toml
from sphinx_postmortem.core.regular_files import read_regular_text

FIELDS = ("kind", "words", "definition", "since", "formerly")
SETTING = "postmortem_factors"
_ID = expression(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAGS = expression(r"\s*+(?::\s*+)?\[([^\[\]\n]{1,300})\](?![(\[{_])")
_KIND = expression(r"\s*(\*\*|__)\S.{0,80}?\1")
_WORD = expression(r"[^\W\d_]{4,}")
COMMON_WORDS = frozenset(
    ["that", "this", "with", "from", "were", "which", "when", "what", "there", "have", "been", "than", "then", "into"]
    + ["only", "also", "each", "other", "more", "most", "such", "they", "their", "them", "does", "could", "would"]
    + ["should", "because", "before", "after", "while", "where", "whose", "over", "under", "about", "nothing"]
    + ["nobody", "every", "neither", "both", "many", "some", "same", "itself"]
)


class BadFactorsError(ValueError):
    """A vocabulary that cannot be used; the message names the place and says how to mend it."""


@dataclass(frozen=True)
class Factor:
    """One contributing factor: its id (the tag), its kind, its words for people, and what it means.

    ``since`` is the day from which the site uses it; ``formerly`` are ids that it had before, which still lead here.
    """

    id: str
    kind: str = ""
    words: str = ""
    definition: str = ""
    since: date | None = None
    formerly: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The words to show."""
        return self.words or self.id.replace("-", " ")

    @property
    def anchor(self) -> str:
        """The anchor of the factor's part of a list."""
        return anchor("factor", self.id)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The stems of what its words and its definition speak of."""
        return terms_of(f"{self.words} {self.definition} {self.id.replace('-', ' ')}")


@dataclass(frozen=True)
class FactorVocabulary:
    """All factors of a site, in their order."""

    factors: tuple[Factor, ...] = ()

    def __iter__(self) -> Iterator[Factor]:
        """Yield the factors."""
        return iter(self.factors)

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.factors)

    @cached_property
    def _by_name(self) -> dict[str, Factor]:
        names = {factor.id: factor for factor in self.factors}
        return names | {former: factor for factor in self.factors for former in factor.formerly}

    @cached_property
    def _by_words(self) -> dict[str, Factor]:
        return {" ".join(factor.label.casefold().split()): factor for factor in reversed(self.factors)}

    def find(self, name: str) -> Factor | None:
        """Return the factor with this id, or that had it, without regard to case."""
        return self._by_name.get(name.strip().casefold())

    def find_named(self, text: str) -> Factor | None:
        """Return the factor with this id, former id, or these words."""
        return self.find(text) or self._by_words.get(" ".join(text.casefold().split()))

    def ids_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the factors that texts are the tags or the words of; other texts name none."""
        found = (self.find_named(text) for text in texts)
        return tuple(dict.fromkeys(factor.id for factor in found if factor))

    def label_of(self, tag: str) -> str:
        """Return the words of a tag; the tag itself when it is another site's."""
        factor = self.find(tag)
        return factor.label if factor else tag

    def near(self, name: str) -> str:
        """Return the id that a name resembles most, or an empty text."""
        return next(iter(get_close_matches(name.strip().casefold(), [*self._by_name], n=1)), "")

    def rewritten(self, rewrite: Callable[[str], str]) -> FactorVocabulary:
        """Return the vocabulary with its texts rewritten."""
        return FactorVocabulary(
            tuple(replace(each, words=rewrite(each.label), definition=rewrite(each.definition)) for each in self)
        )

    def read_tags(self, text: str) -> FactorTags:
        """Return the tags with which the text after a factor's kind begins.

        Brackets that hold none are the author's text. Without a vocabulary nothing is a tag.
        """
        match = _TAGS.match(text) if self else None
        if match is None:
            return FactorTags(text)
        names = [name.strip() for name in match[1].split(",")]
        found = [self.find(name) for name in names]
        unknown = [name for name, factor in zip(names, found, strict=True) if factor is None]
        is_meant = all(_ID.fullmatch(name.casefold()) and not name.isdigit() for name in names)
        if not any(found):
            return FactorTags(text, (), tuple(unknown), text[match.end() :]) if is_meant else FactorTags(text)
        ids = tuple(factor.id for factor in found if factor)
        return FactorTags(text[match.end() :], ids, tuple(unknown))

    def read_item(self, text: str) -> tuple[str, FactorTags]:
        """Return the bold words with which an item of a source begins, with their marks, and its tags."""
        kind = _KIND.match(text)
        return (kind[0], self.read_tags(text[kind.end() :])) if kind else ("", FactorTags(text))

    def suggest(self, text: str, kind: str = "", most: int = 2) -> tuple[Factor, ...]:
        """Return the factors whose words and definition a text resembles, the nearest first.

        Two terms must be shared with a factor of the text's kind, three with one of another kind.
        """
        terms = terms_of(text)
        scored: list[tuple[float, str, Factor]] = []
        for factor in self:
            shared = terms & factor.terms
            is_of_kind = kind.casefold() == factor.kind.casefold()
            if len(shared) >= (2 if is_of_kind else 3):
                scored.append((-len(shared) - is_of_kind / 2, factor.id, factor))
        return tuple(factor for _, _, factor in sorted(scored, key=lambda each: each[:2])[:most])


NO_FACTORS = FactorVocabulary()


@dataclass(frozen=True)
class FactorTags:
    """What was read: the text without its tags, the ids, and what looks like a tag and is none.

    ``after`` is what follows brackets that hold no tag; empty where the brackets are gone from ``rest``.
    """

    rest: str
    ids: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    after: str = ""


def terms_of(text: str) -> frozenset[str]:
    """Return the stems of a text's words of four letters or more, without the commonest."""
    return frozenset(stem(word) for word in _WORD.findall(text.casefold()) if word not in COMMON_WORDS)


def stem(word: str) -> str:
    """Return a word without the commonest English endings: ``certificates`` and ``certificate`` are one term."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def read_factors(value: object, source: Path) -> FactorVocabulary:
    """Return the vocabulary of the setting ``postmortem_factors``.

    Args:
        value: a mapping of id to ``kind``, ``words``, ``definition``, ``since`` and ``formerly``, or the name of a TOML
            file.
        source: the source folder, below which the file lies.

    Raises:
        BadFactorsError: the value, the file, or an entry in it cannot be used.
    """
    if isinstance(value, Mapping):
        return _from_mapping(cast("Mapping[Any, object]", value), lambda _id, _field: SETTING)
    if not isinstance(value, str):
        raise BadFactorsError(f"{SETTING} must be a dict, or the name of a TOML file, not {type(value).__name__}")
    return _from_file(value, source) if value.strip() else NO_FACTORS


def as_mapping(factors: Iterable[Factor]) -> dict[str, dict[str, Any]]:
    """Return factors as the plain values that ``postmortem_factors`` may hold."""
    return {
        each.id: {
            "kind": each.kind,
            "words": each.words,
            "definition": each.definition,
            **({"since": each.since.isoformat()} if each.since else {}),
            **({"formerly": list(each.formerly)} if each.formerly else {}),
        }
        for each in factors
    }


def _from_file(name: str, source: Path) -> FactorVocabulary:
    path = (source / name).resolve()
    if not path.is_relative_to(source.resolve()):
        raise BadFactorsError(f"{SETTING}: {name} lies outside the source folder; move it below")
    if path.suffix.lower() != ".toml":
        raise BadFactorsError(f"{SETTING}: {name} is no TOML file; name one")
    try:
        text = read_regular_text(path, "utf-8-sig")
        entries = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadFactorsError(f"{name}: {error}; mend the TOML (an id may stand only once)") from error
    except UnicodeDecodeError as error:
        raise BadFactorsError(f"{name}: it is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadFactorsError(f"{SETTING}: {name} cannot be read ({error.strerror}); mend the path") from error

    def place(factor_id: object, field: object) -> str:
        line = line_in_toml(text, str(factor_id), str(field))
        return f"{name}, line {line}" if line else name

    return _from_mapping(entries, place)


def _from_mapping(entries: Mapping[Any, object], place: Callable[[object, object], str]) -> FactorVocabulary:
    """Read entries; ``place(id, field)`` says where one stands."""
    factors: list[Factor] = []
    owner: dict[str, str] = {}
    for key, entry in entries.items():
        factor = _read_factor(str(key), entry, place)
        for name in (factor.id, *factor.formerly):
            if name in owner:
                message = f'the id "{name}" stands twice, for "{owner[name]}" and "{factor.id}"; keep one'
                raise BadFactorsError(f"{place(key, 'formerly' if name != factor.id else '')}: {message}")
            owner[name] = factor.id
        factors.append(factor)
    return FactorVocabulary(tuple(factors))


def _read_factor(factor_id: str, entry: object, place: Callable[[object, object], str]) -> Factor:
    if not _ID.fullmatch(factor_id):
        message = (
            f'"{factor_id}" cannot be a tag; write small letters, digits and hyphens, such as "no-certificate-probe"'
        )
        raise BadFactorsError(f"{place(factor_id, '')}: {message}")
    if not isinstance(entry, Mapping):
        raise BadFactorsError(f'{place(factor_id, "")}: "{factor_id}" must hold {", ".join(FIELDS)}, not {entry!r}')
    fields = cast("Mapping[str, Any]", entry)
    for name, value in fields.items():
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            raise BadFactorsError(f'{place(factor_id, name)}: "{factor_id}" has no key "{name}"; known are {known}')
        if name in ("kind", "words", "definition") and not isinstance(value, str):
            raise BadFactorsError(f'{place(factor_id, name)}: "{name}" must be a text, not {value!r}')
    texts = {name: " ".join(str(fields.get(name, "")).split()) for name in ("kind", "words", "definition")}
    return Factor(
        factor_id,
        **texts,
        since=_read_since(fields.get("since"), place(factor_id, "since")),
        formerly=_read_formerly(fields.get("formerly", ()), place(factor_id, "formerly")),
    )


def _read_since(value: object, place: str) -> date | None:
    if value is None or value == "":
        return None
    try:
        return parse_date(value.isoformat()[:10] if isinstance(value, date) else str(value))
    except BadDateError as error:
        raise BadFactorsError(f"{place}: {error}") from error


def _read_formerly(value: object, place: str) -> tuple[str, ...]:
    ids = cast("list[object]", value) if isinstance(value, list | tuple) else None
    if ids is None or not all(isinstance(each, str) and _ID.fullmatch(each) for each in ids):
        raise BadFactorsError(f'{place}: "formerly" must be a list of ids, such as ["old-id"], not {value!r}')
    return tuple(str(each) for each in ids)
