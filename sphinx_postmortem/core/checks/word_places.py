"""Finds the texts that hold certain words: rules about language look closely at those alone, since most hold none.

The texts of a page are divided into words once, for all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import SPACES_BETWEEN
from sphinx_postmortem.core.reader import Line, Prose

_WORD = expression(r"[^\W_]+")

_MOST_KEPT = 50_000  # words of a site of which is known what they hold
_WANTED: set[str] = set()  # all words that a rule looks for; the places of others are not kept
Together = tuple[frozenset[str], ...]


def words(*groups: str) -> Together:
    """Return words to look for: a text must hold one of each group, whose words stand between spaces, in lower case.

    What an apostrophe or a hyphen divides is two words: "didn't" is "didn" and "t".
    """
    found = tuple(frozenset(group.split()) for group in groups)
    _WANTED.update(*found)
    return found


class _WordPlaces:
    """The words of a page that rules look for, and the numbers of the lines of prose that hold each of them."""

    def __init__(self, page: CheckedPage) -> None:
        self._prose = page.source.prose
        self._begins = page.paragraphs
        self._lines: list[str] = []
        self._words = _WANTED & _vocabulary(page)
        self._places: dict[str, set[int]] = {}
        self._paragraphs: list[int] = []  # for each line, the number of its paragraph

    def lines(self, wanted: Iterable[Together]) -> list[int]:
        """Return the numbers of the lines that hold a word of each group of one of ``wanted``, in order."""
        found = (set[int].intersection(*map(self._of_any, groups)) for groups in self._possible(wanted))
        return sorted(set[int]().union(*found))

    def paragraphs(self, wanted: Iterable[Together]) -> list[int]:
        """Return the numbers of the paragraphs that hold a word of each group of one of ``wanted``, in order."""
        possible = self._possible(wanted)
        if possible and not self._paragraphs:
            self._paragraphs = self._of_lines()
        found = (
            set[int].intersection(*({self._paragraphs[line] for line in self._of_any(group)} for group in groups))
            for groups in possible
        )
        return sorted(set[int]().union(*found))

    def _possible(self, wanted: Iterable[Together]) -> list[Together]:
        """Return those of which the page holds a word of each group, wherever it stands."""
        return [groups for groups in wanted if not any(map(self._words.isdisjoint, groups))]

    def _of_any(self, group: frozenset[str]) -> set[int]:
        return set[int]().union(*map(self._of, group & self._words))

    def _of(self, word: str) -> set[int]:
        if not self._lines:
            self._lines = [prose.text.lower() for prose in self._prose]
        if word not in self._places:
            near = (number for number, text in enumerate(self._lines) if word in text)
            self._places[word] = {number for number in near if word in _WORD.findall(self._lines[number])}
        return self._places[word]

    def _of_lines(self) -> list[int]:
        found: list[int] = []
        begins = iter([line.place for line, _ in self._begins])
        begin, paragraph = next(begins, None), -1
        for prose in self._prose:
            if prose.place == begin:
                begin, paragraph = next(begins, None), paragraph + 1
            found.append(paragraph)
        return found


@lru_cache(maxsize=1)  # all rules about language look at one page before the next
def _words_of(page: CheckedPage) -> _WordPlaces:
    return _WordPlaces(page)


def prose_with(page: CheckedPage, wanted: Iterable[Together]) -> list[Prose]:
    """Return the lines of a page's prose that hold one of ``wanted``."""
    return [page.source.prose[number] for number in _words_of(page).lines(wanted)]


def paragraphs_with(page: CheckedPage, wanted: Iterable[Together]) -> list[tuple[Line, Prose]]:
    """Return the paragraphs of a page that hold one of ``wanted``."""
    return [page.paragraphs[number] for number in _words_of(page).paragraphs(wanted)]


@lru_cache(maxsize=1)
def _texts_of_files(page: CheckedPage) -> dict[str, str]:
    return {name: "\n".join(lines) for name, lines in page.source.files.items()}


def text_of_file(page: CheckedPage, name: str) -> str:
    """Return the lines of a file of a page (empty: its own) as one text, which is put together once for all rules."""
    return _texts_of_files(page)[name]


@lru_cache(maxsize=1)
def _vocabulary(page: CheckedPage) -> frozenset[str]:
    """Return the words of a page and of the files that it includes, each once, in lower case and folded.

    A page without files is what an edition shows of one: its prose.
    """
    texts = _texts_of_files(page).values() or (prose.text for prose in page.source.prose)
    text = "\n".join(texts)
    if text.isascii():  # several times as fast
        return frozenset(text.lower().translate(SPACES_BETWEEN).split())
    lower, folded = text.lower(), text.casefold()
    found = frozenset(_WORD.findall(lower))
    return found if lower == folded else found.union(_WORD.findall(folded))


class _Phrases:
    """Finds which of some phrases a page may hold: it holds all that their words consist of.

    The pages of a site share most of their words: in which of these a part of a phrase stands is kept.
    """

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._of_parts = [(phrase, frozenset(_WORD.findall(phrase))) for phrase in phrases]
        self._parts = tuple(dict.fromkeys(part for _, parts in self._of_parts for part in parts))
        self._without: set[str] = set()  # words that hold no part
        self._with: dict[str, set[str]] = {}  # the parts that each of the other words holds

    def possible(self, words: frozenset[str]) -> tuple[str, ...]:
        """Return the phrases that a text of some words may hold."""
        if len(self._without) + len(self._with) > _MOST_KEPT:
            self._without, self._with = set(), {}
        new = words - self._without
        if not new <= self._with.keys():
            self._look_at(new - self._with.keys())
            new -= self._without
        found = set[str]().union(*map(self._with.__getitem__, new))
        return tuple(phrase for phrase, parts in self._of_parts if parts <= found)

    def _look_at(self, new: frozenset[str]) -> None:
        text = " ".join(new)
        for part in self._parts:
            if part in text:
                for word in new:
                    if part in word:
                        self._with.setdefault(word, set()).add(part)
        self._without |= new - self._with.keys()


@lru_cache(maxsize=32)
def _finder(phrases: tuple[str, ...]) -> _Phrases:
    return _Phrases(phrases)


def possible_phrases(page: CheckedPage, phrases: Sequence[str]) -> tuple[str, ...]:
    """Return those of some phrases, in lower case, that a page may hold: it holds all that their words consist of.

    A phrase may begin or end within a word, and a line may be broken within it.
    """
    return _finder(tuple(phrases)).possible(_vocabulary(page))
