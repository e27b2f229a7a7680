"""Finds the texts that hold certain words: rules about language look closely at those alone, since most hold none.

The texts of a page are divided into words once, for all rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.reader import Line, Prose

_WORD = expression(r"[^\W_]+")

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
    """The words of a page's prose that rules look for, each with the numbers of the lines that hold it."""

    def __init__(self, page: CheckedPage) -> None:
        self._places: dict[str, list[int]] = {}
        self._paragraphs: list[int] = []  # for each line, the number of its paragraph
        begins = iter([line.place for line, _ in page.paragraphs])
        begin, paragraph = next(begins, None), -1
        for number, prose in enumerate(page.source.prose):
            if prose.place == begin:
                begin, paragraph = next(begins, None), paragraph + 1
            self._paragraphs.append(paragraph)
            for word in _WANTED.intersection(_WORD.findall(prose.text.lower())):
                self._places.setdefault(word, []).append(number)

    def lines(self, wanted: Iterable[Together]) -> list[int]:
        """Return the numbers of the lines that hold a word of each group of one of ``wanted``, in order."""
        found = (set[int].intersection(*map(self._of_any, groups)) for groups in wanted)
        return sorted(set[int]().union(*found))

    def paragraphs(self, wanted: Iterable[Together]) -> list[int]:
        """Return the numbers of the paragraphs that hold a word of each group of one of ``wanted``, in order."""
        found = (
            set[int].intersection(*({self._paragraphs[line] for line in self._of_any(group)} for group in groups))
            for groups in wanted
        )
        return sorted(set[int]().union(*found))

    def _of_any(self, group: frozenset[str]) -> set[int]:
        return set[int]().union(*(self._places[word] for word in group if word in self._places))


@lru_cache(maxsize=1)  # all rules about language look at one page before the next
def _words_of(page: CheckedPage) -> _WordPlaces:
    return _WordPlaces(page)


def prose_with(page: CheckedPage, wanted: Iterable[Together]) -> list[Prose]:
    """Return the lines of a page's prose that hold one of ``wanted``."""
    return [page.source.prose[number] for number in _words_of(page).lines(wanted)]


def paragraphs_with(page: CheckedPage, wanted: Iterable[Together]) -> list[tuple[Line, Prose]]:
    """Return the paragraphs of a page that hold one of ``wanted``."""
    return [page.paragraphs[number] for number in _words_of(page).paragraphs(wanted)]
