"""Recognises milestones in the words of an event: where a clause begins with one, or does what one names.

A name counts with articles and auxiliary verbs in it ("The alert was detected"), and turned round ("SRE declared the
severity"). A negation, a condition or a plan is no milestone ("before the alert was detected").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import SPACES_BETWEEN, negating_words
from sphinx_postmortem.core.records.tables import shown_title

_LAST_WITH_SPACES = 0x2E80  # letters of Chinese and Japanese, which have no spaces between words, come after it
_LONGEST_TEXT = 2000  # letters of an event that are looked at
_MOST_WORDS_BEFORE = 4  # of a subject: "the on-call engineer declared the severity"

_DETERMINER = (
    r"(?:(?:the|an?|our|its|their|this|first|initial|full|all|der|die|das|eine?|le|la|les|une?|el|los|las|una|o|os|um|uma)\s+"
    r"|l['’])"
)
_AUXILIARY = (
    r"(?:(?:was|were|is|are|has|have|had|been|being|now|first|finally|also|then|fully|automatically|formally|"
    r"wurden?|ist|sind|est|a|été|fue|ha|sido|foi|está)\s+)"
)
# Not after a question or an answer: "Severity declared?", "War room activated: no".
_TAIL_WITHOUT_SPACES = (
    r"(?!を?(?:して|され|でき)?(?:い)?(?:ない|ず|なかった)|[?？])"  # Japanese: a negation follows the verb
)
_TAIL = (
    r"(?![\w-])(?!\s*\?)(?!\s*[:(]?\s*(?:no|not(?: yet| done)?|none|never|pending|n/a|tb[cda])\s*(?:[.,;)|]|\Z))"
    r"(?!\s+(?:was|were|is|are)\s+(?:not|never)\b)"
)
_BOUNDARY = expression(r"[.;:!?()\[\]|/\n。、：（）]|,|->|[→⇒–—]|\s-\s|(?<=\s)(?:and|then|but)\s|(?:\*\*|__)(?=\w)")
_LEAD = expression(r"\A[\W_]++")  # a bullet, a sign
_SEVERITY = expression(r"(?<![\w-])SEV[ -]?\d(?!\d)", re.IGNORECASE)
_BRITISH = expression(r"\bneutralised\b", re.IGNORECASE)
_EMPHASIS = expression(r"[*_`\"“”]+")
_LINK = expression(r"!?\[([^\[\]]{0,300})\]\([^()]{0,500}\)")
_NEGATION = (
    r"\b(?:no|not|none|nobody|neither|nor|never|before|until|till|unless|without|if|whether|when|while|prior|false|"
    r"cannot|failed|fails|would|will|should|could|may|might|must|can|to|pending|planned|expected|missing|open|todo|next|"
    r"awaiting|yet|(?-i:{words}))\b|n[’']t\b|\A(?-i:{conditions})\b"
)
_NOT_A_SUBJECT = expression(
    r"\b(?:the|an?|our|its|their|this|that|of|about|with|for|in|on|by|from|as)\s*\Z", re.IGNORECASE
)


_PROPOSED = expression(r"(?<!\s)\s*+\(proposed\)\s*+\Z", re.IGNORECASE)


def as_proposed(milestone: str) -> str:
    """Return the cell of a milestone that an import proposes: it is none until its author confirms it."""
    return f"{milestone} (proposed)"


def proposed(cell: str) -> str:
    """Return the milestone that a cell proposes; empty where it proposes none."""
    text = shown_title(cell)
    return _PROPOSED.sub("", text) if _PROPOSED.search(text) else ""


@dataclass(frozen=True)
class _Pattern:
    """A written name of a milestone. Its expressions are made once a text holds its longest word: most never are."""

    words: tuple[str, ...]
    name: str

    @cached_property
    def word(self) -> str:
        """The longest word, which a text must hold."""
        return max(self.words, key=len)

    @cached_property
    def written(self) -> str:
        """The name as a text, for a text that begins with just that."""
        return " ".join(self.words)

    def begins(self, text: str) -> bool:
        """Say whether a text begins with the name, with or without articles and auxiliary verbs."""
        if (
            text.isascii()
            and text[: len(self.written)].lower() == self.written
            and _end().match(text, len(self.written))
        ):
            return True  # No expression of its own is needed: all names have the same end.
        if self.straight.match(text) is not None:
            return True
        is_german = " wurde" in text or " ist " in text or " sind " in text
        return is_german and len(self.words) > 1 and self.with_verb_last.match(text) is not None

    @cached_property
    def with_verb_last(self) -> re.Pattern[str]:
        """The name as a German sentence has it, its participle last: "Der Alarm wurde vom SIEM erkannt"."""
        *nouns, verb = map(re.escape, self.words)
        between = r"\s+".join(nouns)
        return re.compile(
            rf"{_DETERMINER}{{0,2}}{between}\s+(?:wurden?|ist|sind)\s+"
            rf"(?:(?!(?:nicht|nie|noch|kaum|erst|fast|kein\w*)\b)[\w:.-]{{1,30}}\s+){{1,7}}?{verb}{_TAIL}",
            re.IGNORECASE,
        )

    @cached_property
    def straight(self) -> re.Pattern[str]:
        """The name as it is written, with auxiliary verbs between its words."""
        between = rf"\s+{_AUXILIARY}{{0,3}}".join(map(re.escape, self.words))
        tail = _TAIL_WITHOUT_SPACES if ord(self.words[-1][-1]) > _LAST_WITH_SPACES else _TAIL
        return re.compile(rf"{_DETERMINER}{{0,2}}{between}{tail}", re.IGNORECASE)

    @cached_property
    def turned(self) -> re.Pattern[str] | None:
        """The name turned round, its verb first; None where it has no verb."""
        *nouns, verb = map(re.escape, self.words)
        if not nouns or not self.words[-1].endswith("ed"):
            return None
        between = r"\s+".join(nouns)
        return re.compile(rf"\b{verb}\s+{_DETERMINER}{{0,2}}{between}{_TAIL}", re.IGNORECASE)


class MilestoneNames:
    """The names by which a site knows its milestones: each milestone's own, and its synonyms."""

    def __init__(
        self, names: Iterable[str], synonyms: Mapping[str, Sequence[str]], of_clocks: Collection[str] = ()
    ) -> None:
        """Prepare the patterns.

        Args:
            names: the milestones.
            synonyms: further names of milestones, in any language, by the milestone.
            of_clocks: those of ``names`` that only reporting clocks look for: in other timelines, "Aware of the risk"
                is an event as any other.
        """
        self._of_clocks = frozenset(of_clocks)
        self.names = tuple(dict.fromkeys(names))
        known = [(name, name) for name in self.names]
        known += [(other, name) for name in self.names for other in synonyms.get(name, ())]
        self._by_key = {_folded(written): name for written, name in reversed(known)}
        # The longest first: a name may begin with another one.
        longest = sorted(known, key=lambda pair: -len(pair[0]))
        self._patterns = [
            _Pattern(tuple(words), name) for written, name in longest if (words := _folded(written).split())
        ]
        by_word: dict[str, list[int]] = {}
        for place, pattern in enumerate(self._patterns):
            by_word.setdefault(pattern.word, []).append(place)
        self._by_word = tuple(by_word.items())
        # In a text of ASCII, what separates words is known.
        self._by_part: dict[str, list[tuple[str, list[int]]]] = {}
        for word, places in self._by_word:
            if word.isascii():
                part = max(word.translate(SPACES_BETWEEN).split(), key=len, default="")
                self._by_part.setdefault(part, []).append((word, places))
        self._find = lru_cache(maxsize=1024)(self._find_in)  # a build and its checks ask for each row several times

    def find(self, event: str, *, for_clocks: bool = False) -> str:
        """Return the milestone that an Event cell, with its markup, names first; empty where it names none.

        ``for_clocks`` looks for those of reporting clocks too.
        """
        found = self._find(event[:_LONGEST_TEXT], for_clocks=True)
        # One of clocks may stand before another milestone.
        return (
            found if for_clocks or found not in self._of_clocks else self._find(event[:_LONGEST_TEXT], for_clocks=False)
        )

    def _find_in(self, event: str, *, for_clocks: bool) -> str:
        text = _LINK.sub(r"\1", event) if "](" in event else event
        text = _in_usual_words(text)
        folded = text.casefold()
        places = sorted(place for word, found in self._known_in(folded) if word in folded for place in found)
        left_out = frozenset[str]() if for_clocks else self._of_clocks
        wanted = [each for place in places if (each := self._patterns[place]).name not in left_out]
        found = (_name_in(clause, rest, wanted) for clause, rest in _clauses(text)) if wanted else ()
        return next(filter(None, found), "")

    def _known_in(self, folded: str) -> Iterable[tuple[str, list[int]]]:
        """Return the words of names that may stand in a text, each with the places of its names."""
        if not folded.isascii():
            return self._by_word
        parts = self._by_part.keys() & {"", *folded.translate(SPACES_BETWEEN).split()}
        return [each for part in parts for each in self._by_part[part]]

    def stated(self, cell: str) -> str | None:
        """Return the milestone that a cell of the column *Milestone* states; None where no milestone is called so.

        An empty cell, a dash, or a milestone that is proposed, states none: the result is an empty text.
        """
        if proposed(cell):
            return ""
        key = _folded(shown_title(cell))
        return self._by_key.get(key) if key.strip("-–— ") else ""

    def nearest(self, cell: str) -> str:
        """Return the name that is most like what a cell states; empty where none is like it."""
        key = _folded(shown_title(cell))
        near = get_close_matches(key, list(self._by_key), n=1, cutoff=0.6)
        if not near:
            words = set(key.split())
            near = [known for known in self._by_key if words & set(known.split())][:1]
        return self._by_key[near[0]] if near else ""

    def of_row(self, event: str, stated: str, *, for_clocks: bool = False) -> str:
        """Return the milestone of a row: what its column *Milestone* states, known or not, else that of its event."""
        if not shown_title(stated).strip("-–— ") or proposed(stated):
            return self.find(event, for_clocks=for_clocks)
        return self.stated(stated) or " ".join(shown_title(stated).split())


@lru_cache(maxsize=16)
def milestone_names(
    names: tuple[str, ...], synonyms: tuple[tuple[str, tuple[str, ...]], ...], of_clocks: tuple[str, ...] = ()
) -> MilestoneNames:
    """Return the prepared names of a site; the same ones are prepared once."""
    return MilestoneNames(names, dict(synonyms), of_clocks)


def _in_usual_words(text: str) -> str:
    """Return a text with "Severity declared" for "SEV-2 declared", and in the spelling of the names."""
    folded = text.casefold()
    if "declared" in folded and "sev" in folded:
        text = _SEVERITY.sub("severity", text)
    return _BRITISH.sub("neutralized", text) if "neutralised" in folded else text


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).casefold().split())


@cache
def _end() -> re.Pattern[str]:
    """Return what stands behind a name; it is matched at one place of a text of bounded length."""
    return re.compile(_TAIL, re.IGNORECASE)


@cache
def _negation() -> re.Pattern[str]:
    """Return what finds a negation or a condition in a clause, in any language that is read."""
    words: dict[str, list[str]] = {"not": [], "if": []}
    for word, kind in negating_words().items():  # in capitals they are names: SANS, SEM, PAS
        words[kind].append(f"[{word[0].upper()}{word[0]}]{re.escape(word[1:])}")
    # Within a sentence "falls" is English: "the rate falls".
    return re.compile(_NEGATION.format(words="|".join(words["not"]), conditions="|".join(words["if"])), re.IGNORECASE)


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the clauses of a text, each with what follows it; emphasis is taken away.

    One that goes on with a negation or a condition is left out.
    """
    negated, start = False, 0
    for match in (*_BOUNDARY.finditer(text), None):
        end = match.start() if match else len(text)
        clause = _LEAD.sub("", _EMPHASIS.sub("", text[start:end]))
        if not negated:
            yield clause, f"{clause}{_EMPHASIS.sub('', text[end : end + 40])}"
        if match is None:
            return
        # ", and …", ": …" and bold words go on with what stands before them; a full stop does not.
        goes_on = match[0].strip(" *_") in ("and", "then", "but", ":", "", "/", "(")
        negated = goes_on and (negated or bool(_negation().search(clause)))
        start = match.end()


def _name_in(clause: str, text: str, patterns: Sequence[_Pattern]) -> str:
    for pattern in patterns:
        if pattern.begins(text):
            return pattern.name
        found = pattern.turned.search(text) if pattern.turned is not None else None
        if found is None or found.start() >= len(clause):
            continue
        before = clause[: found.start()]
        is_subject = len(before.split()) <= _MOST_WORDS_BEFORE and not _NOT_A_SUBJECT.search(before)
        if is_subject and not _negation().search(before):
            return pattern.name
    return ""
