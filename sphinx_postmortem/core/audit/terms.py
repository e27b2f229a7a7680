"""What to look for: words, sequences of words and names that stand in hidden content and in nothing visible."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, groupby, islice
from typing import TypeVar

from sphinx_postmortem.core.audit.marks import Line
from sphinx_postmortem.core.audit.sources import Content
from sphinx_postmortem.core.audit.spellings import readings_of
from sphinx_postmortem.core.expressions import expression

_FOREIGN_SIGNS = expression(r"[^\w\x00-\x7f]+")
# In UTF-8 every byte of a sign of ASCII is that sign: each that is in no word becomes a space.
_ONLY_WORDS = bytes(sign if sign > 127 or chr(sign).isalnum() or chr(sign) == "_" else 32 for sign in range(256))
_COMPOUND = expression(r"(?<!\w)\w++(?:[-._/@:]\w++)+")
_SINGLE_PART = expression(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_PARTS = expression(r"[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")
_SHORTEST_WORD = 4
_NUMBER = expression(r"\d+(?:t\d+)?")  # also day and hour of a time such as 2026-03-02T01:14
_SHORTEST_NUMBER = 6  # shorter ones coincide with years, sizes and counts
_PHRASE = 3
_KEYWORDS = ("null", "true", "false")  # of JSON and JavaScript
_STARTS_BLOCK = expression(r"[\s>]*(?:[-+*#:|`~.=]|\d+[.)]\s)")
_OPTION_NAME = expression(r"^[\s>]*:[\w-]+:(?=\s|$)|(?<!\w)\{[\w:-]+\}|:[\w-]+:(?=`)")
_JOINT = expression(r"[-./@:]\w")  # without which there is no compound
_CELL_END = expression(r"(?<!\\)\|")
_LONGEST_COMPOUND = 5
_FEW, _VERY_FEW = 2_000, 20  # sequences that are noted by a word; that are looked for one by one
_T = TypeVar("_T")


class _Sequences:
    """Finds sequences of words of one length in texts.

    A few are noted under the rarest word of each. Where few of these can stand in a text, since all their words do,
    they are looked for; else all words that follow each other in the text are looked up.
    """

    def __init__(self, sequences: Iterable[tuple[str, ...]], visible: set[str]) -> None:
        """Take sequences; ``visible`` are words that stand in visible texts, and so may stand anywhere."""
        self.all = set(sequences)
        self.length = len(next(iter(self.all), ()))
        self.by_word: dict[str, list[tuple[str, ...]]] = {}
        self.beginnings = frozenset(each[0] for each in self.all)
        for sequence in self.all if len(self.all) <= _FEW else ():
            word = next((each for each in sequence if each not in visible), "") or max(sequence, key=len)
            self.by_word.setdefault(word, []).append(sequence)

    def found_in(self, words: list[str], present: frozenset[str]) -> Iterable[tuple[str, ...]]:
        """Return those that stand in a list of words; ``present`` holds each of its words once."""
        if self.beginnings.isdisjoint(present):
            return ()
        if self.by_word:
            noted = [self.by_word[word] for word in self.by_word.keys() & present]
            possible = [each for group in noted for each in group if each in self.all and present.issuperset(each)]
            if len(possible) <= _VERY_FEW:
                text = f" {' '.join(words)} " if possible else ""
                return [each for each in possible if f" {' '.join(each)} " in text]
        return self.all.intersection(windows(words, self.length))


@dataclass
class Terms:
    """What to look for. Each term maps to where it stands, ``file:line``. Sequences of words stand by their length."""

    words: dict[str, str] = field(default_factory=dict)
    sequences: dict[int, dict[tuple[str, ...], str]] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    finders: tuple[_Sequences, ...] = ()

    def sequences_in(self, words: list[str], present: frozenset[str]) -> list[tuple[str, ...]]:
        """Return the sequences that stand in a list of words; ``present`` holds each of its words once."""
        return [sequence for finder in self.finders for sequence in finder.found_in(words, present)]

    def leave_out(self, visible: Iterable[list[str]], allowed: set[str]) -> None:
        """Take away the sequences that stand in visible texts, given as their words, all of which are ``allowed``."""
        # One with a word that is not allowed stands in none of them.
        of_visible = [_Sequences(filter(allowed.issuperset, found), allowed) for found in self.sequences.values()]
        for words in visible:
            present = frozenset(words)
            for finder in of_visible:
                gone = finder.found_in(words, present)
                for sequence in gone:
                    del self.sequences[len(sequence)][sequence]
                finder.all.difference_update(gone)
        self.finders = tuple(_Sequences(found, allowed) for found in self.sequences.values())


def words_in(text: str) -> list[str]:
    r"""Return the words of a text as they are written: what ``\w+`` finds, in a fourth of the time."""
    if not text.isascii():
        text = _FOREIGN_SIGNS.sub(" ", text)
    return text.encode().translate(_ONLY_WORDS).decode().split()


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower-case."""
    return words_in(text.casefold())


def distinctive_terms(
    content: Content, allowed_texts: Iterable[str], allowed_words: Iterable[str], product: tuple[str, ...] = ()
) -> Terms:
    """Return what stands in hidden content alone.

    Args:
        content: both halves of the sources.
        allowed_texts: further texts that are published as they are, such as those of ``conf.py`` and of the theme.
        allowed_words: further words that are no sign of a leak, such as the audiences' names.
        product: texts of the product, which are allowed too; their words are kept for the next audit.
    """
    allowed = {word.casefold() for word in (*allowed_words, *_KEYWORDS)}
    visible: list[list[str]] = []
    written = [reading for text in _files(content.visible) for reading in dict.fromkeys(readings_of(text))]
    as_written: set[str] = set()
    for found, words in (
        *map(_both_words, (*written, *allowed_texts, *content.visible_names)),
        *_product_words(product),
    ):
        as_written.update(found)
        visible.append(words)
        allowed.update(words)
    for word in as_written:
        if not _SINGLE_PART.fullmatch(word):
            allowed.update(part.casefold() for part in _PARTS.findall(word))
    terms = Terms(hashes=dict(content.hidden_hashes))
    for line in _first_of_each(content.hidden, lambda line: line.text):
        _add_words(terms, line, allowed)
    for paragraph in _first_of_each(_paragraphs(content.hidden), lambda run: tuple(line.text for line in run)):
        _add_sequences(terms, paragraph)
    _add_names(terms, content, allowed)
    terms.leave_out(visible, allowed)
    terms.stems = _stems(terms.words, allowed)
    return terms


def _both_words(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text, as they are written and as they are compared."""
    return words_in(text), words_of(text)


@lru_cache(maxsize=1)
def _product_words(texts: tuple[str, ...]) -> tuple[tuple[list[str], list[str]], ...]:
    return tuple(map(_both_words, texts))


def _first_of_each(items: Iterable[_T], text_of: Callable[[_T], Hashable]) -> Iterator[_T]:
    """Yield the first item of each text: in tables texts repeat, and a term stands where it is met first."""
    seen: set[Hashable] = set()
    for item in items:
        if (text := text_of(item)) not in seen:
            seen.add(text)
            yield item


def windows(words: list[_T], length: int) -> Iterator[tuple[_T, ...]]:
    """Yield every sequence of ``length`` words."""
    return zip(*(islice(words, start, None) for start in range(length)), strict=False)


def _line_runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield lines that follow each other in one file, and so may hold one sentence."""
    run: list[Line] = []
    for line in lines:
        if run and (line.file != run[-1].file or line.number - run[-1].number not in (0, 1)):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _paragraphs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield text that stays together on a page: a paragraph, a list item, a table cell, an option's value."""
    for run in _line_runs(lines):
        paragraph: list[Line] = []
        for line in run:
            text = _OPTION_NAME.sub(" ", line.text) if ":" in line.text or "{" in line.text else line.text
            cells = _CELL_END.split(text) if "|" in text else [text]
            if paragraph and (_STARTS_BLOCK.match(line.text) or len(cells) > 1 or line.number == paragraph[-1].number):
                yield paragraph
                paragraph = []
            paragraph.append(Line(line.file, line.number, cells[0]))
            for cell in cells[1:]:
                yield paragraph
                paragraph = [Line(line.file, line.number, cell)]
        yield paragraph


def _files(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the text of each file: where it has blank lines, as in code, a page may show none."""
    return ("\n".join(line.text for line in group) for _, group in groupby(lines, key=lambda line: line.file))


def _add_words(terms: Terms, line: Line, allowed: set[str]) -> None:
    for word in words_of(" ".join(dict.fromkeys(readings_of(line.text)))):
        if word in allowed or word in terms.words or len(word) < _SHORTEST_WORD:
            continue
        if len(word) >= _SHORTEST_NUMBER or not _NUMBER.fullmatch(word):
            terms.words[word] = f"{line.file}:{line.number}"


def _add_sequences(terms: Terms, run: list[Line]) -> None:
    """Add phrases of several lines, and compounds such as host names and addresses."""
    for texts in dict.fromkeys(zip(*(readings_of(line.text) for line in run), strict=True)):
        _add_phrases(terms, run, texts)
    for line in run:
        if _JOINT.search(line.text):
            for compound in _COMPOUND.findall(line.text.casefold()):
                _add_compound(terms, compound, f"{line.file}:{line.number}")


def _add_phrases(terms: Terms, run: list[Line], texts: tuple[str, ...]) -> None:
    """Add the phrases of a run of lines, each in the reading that stands at its place in ``texts``."""
    words: list[str] = []
    places: list[str] = []
    for line, text in zip(run, texts, strict=True):
        found = words_of(text)
        words += found
        places += [f"{line.file}:{line.number}"] * len(found)
    phrases = terms.sequences.setdefault(_PHRASE, {})
    long = [len(word) >= _SHORTEST_WORD for word in words]
    of_two_long = [one + two + three > 1 for one, two, three in windows(long, _PHRASE)]
    for place, sequence in compress(zip(places, windows(words, _PHRASE), strict=False), of_two_long):
        if sequence not in phrases:
            phrases[sequence] = place


def _add_compound(terms: Terms, compound: str, place: str) -> None:
    words = words_of(compound)
    length = min(len(words), _LONGEST_COMPOUND)
    for sequence in windows(words, length) if length > 1 else ():
        bare = "".join(sequence)
        weak = len(bare) < _SHORTEST_NUMBER or (bare.isdigit() and length < 3)
        if not weak:
            terms.sequences.setdefault(length, {}).setdefault(sequence, place)


def _add_names(terms: Terms, content: Content, allowed: set[str]) -> None:
    for name in sorted(content.hidden_names):
        base = posixpath.splitext(posixpath.basename(name))[0]
        for part in (base, name):
            words = words_of(part)
            if len(words) == 1 and len(part) >= _SHORTEST_WORD and part.casefold() not in allowed:
                terms.words.setdefault(part.casefold(), name)
            _add_compound(terms, part.casefold(), name)


def _stems(words: dict[str, str], allowed: set[str]) -> dict[str, str]:
    """Return what search indices may hold of the words: their beginnings, where no visible word begins so.

    The visible words are sorted once; no beginnings of theirs are kept, since a long word has many. What a word has in
    common with any visible one it has with its neighbours among them.
    """
    visible = sorted(allowed)
    stems: dict[str, str] = {}
    for word, place in words.items():
        at = bisect_left(visible, word)
        common = max((_common(word, each) for each in visible[max(0, at - 1) : at + 1]), default=0)
        for length in range(max(_SHORTEST_WORD, len(word) - 4, common + 2), len(word) + 1):
            stems.setdefault(word[:length], place)
        if len(word) > 2 and (common < len(word) - 1 or len(word) < 4):
            stems.setdefault(word, place)
    return stems


def _common(word: str, other: str) -> int:
    """Return with how many letters two words begin alike."""
    number = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        number += 1
    return number
