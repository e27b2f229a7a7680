"""Mentions against uses: each word that looks like a marking must have been read as one, or be proven to be none.

``mentions`` says where a source holds such words; ``DirectiveUse`` says what it did. This module compares the two,
and each block's end with a second opinion (``extents``). What remains is a fault of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from functools import cached_property, lru_cache

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.cures import CURES, cure_of
from sphinx_postmortem.core.audience.extents import Extent, fenced_extent, indented_extent, option_lines
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.audience.mentions import ODD_BREAKS, Mention, MentionSearch, excused_lines, plain
from sphinx_postmortem.core.audience.notebooks import SUFFIX, readable_lines
from sphinx_postmortem.core.audience.only_hidden import find_labels_above, find_only_hidden
from sphinx_postmortem.core.audience.samples import Literal, sample_lines
from sphinx_postmortem.core.audience.unread_summaries import SUMMARY, unread_statements
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.directive_names import REQUIRED_COLUMNS
from sphinx_postmortem.core.expressions import expression

MOST_FAULTS = 100  # of one page: one is enough to refuse it

_ODD_BREAK = expression(f"[{ODD_BREAKS}]")
_ODD_NAMES = {"\v": "a vertical tab", "\f": "a form feed"}
_DOCSTRING = "docstring of "  # Sphinx names these by their module's file, too
_LEADING = expression(r"^[\s>|]+")

_WITH_BODY = {"audience", "internal-only", "root-cause", "contributing-factors", "affected-assets", *REQUIRED_COLUMNS}


def needs_body(name: str, file: str) -> bool:
    """Say whether a directive of ours needs a body: where it has none, a wrong indent has left the body outside."""
    return name in _WITH_BODY and not file


@dataclass(frozen=True)
class BrokenMarking:
    """A broken marking: the file, the 1-based line, and what is wrong and how to mend it."""

    path: str
    line: int
    message: str


@dataclass(frozen=True)
class DirectiveUse:
    """What one of our directives did.

    ``block`` is its text as the parser took it, from the opening line on; ``body`` the lines after its options.
    ``marks`` says that it is, or carries, a marking; ``table`` that its rows and columns went through the gate of
    tables. ``hidden_text`` is what the edition does not see of it, ``shown_text`` what it does see of a table.
    """

    path: str
    line: int
    name: str
    block: tuple[str, ...]
    body: tuple[str, ...]
    marks: bool
    hidden: bool = False
    needs_body: bool = False
    table: bool = False
    hidden_text: str = ""
    shown_text: str = ""
    fault: str = ""


@dataclass
class Page:
    """All that is known of one page: its texts by path, the uses, and the lines of its own head that were read."""

    texts: dict[str, str] = field(default_factory=dict[str, str])
    generated: dict[str, str] = field(default_factory=dict[str, str])  # texts that no file holds: docstrings, settings
    uses: list[DirectiveUse] = field(default_factory=list[DirectiveUse])
    head: dict[str, int] = field(default_factory=dict[str, int])  # path to the line of the page's own marking
    comments: list[Literal] = field(default_factory=list["Literal"])  # taken out of the tree
    lone_returns: set[str] = field(default_factory=set[str])  # files in which a carriage return stands alone


def find_faults(
    page: Page, search: MentionSearch, edition: Edition, literals: Iterable[Literal], rule: IncidentRule | None = None
) -> tuple[BrokenMarking, ...]:
    """Return what is wrong with the markings of a page, in order.

    Args:
        page: its texts and what was done with them.
        search: the search for the site's audiences.
        edition: the edition being built; what it shows anyway needs no marking.
        literals: the page's code and comments. They are asked for only where a mention is left over.
        rule: which incidents the editions show; None where it is not asked whether a summary was read.
    """
    texts = {path: _Text(path, text, search) for path, text in {**page.generated, **page.texts}.items()}
    if rule is not None:
        has_incident = any(use.name == SUMMARY for use in page.uses)
        for text in texts.values():
            text.mentions += (*unread_statements(text.lines, rule, edition, has_incident=has_incident),)
    if not any(text.mentions for text in texts.values()) and not any(use.marks for use in page.uses):
        return ()
    faults = list(_match_uses(page, texts))
    for path, line in page.head.items():
        if path in texts:
            texts[path].covered.add(line)
    left = {path: list(text.left(edition)) for path, text in texts.items()}
    if any(left.values()):
        _excuse_literals(left, texts, literals, search, page.generated)
    for path in page.generated:
        faults.extend(_left_over(path, left.get(path, ()), texts[path]))
    own = next(iter(page.texts), "")  # what the page includes follows
    for path in page.texts:
        faults.extend(_left_over(path, left[path], texts[path], is_included=path != own))
        faults.extend(_odd_breaks(texts[path], lone_return=path in page.lone_returns))
        only_hidden = find_only_hidden(texts[path].visible_lines(), _hidden(page), _shown(page))
        labels_above = find_labels_above(texts[path].lines, texts[path].hidden)
        faults.extend(BrokenMarking(path, line, message) for line, message in (*only_hidden, *labels_above))
    unique = sorted(dict.fromkeys(faults), key=lambda fault: (fault.path, fault.line))
    return tuple(unique[:MOST_FAULTS])


def find_translation_faults(
    translations: Mapping[str, str], search: MentionSearch, edition: Edition
) -> Iterator[tuple[str, str]]:
    """Yield each text whose translation holds a marking, with what is wrong: nothing hides within a translation.

    A translation may mention what its text mentions: a sample of a marking stays one.

    Args:
        translations: what is shown, by the text in whose place it is shown.
        search: the search for the site's audiences.
        edition: the edition being built.
    """
    for text, translation in translations.items():
        found = next(_Text("", translation, search).left(edition), None)
        if found and not search.find(text):
            shown = " ".join(text.split())
            shown = shown if len(shown) <= 60 else f"{shown[:60]}..."
            message = (
                f'the translation of "{shown}" holds `{found.words}`, which looks like a marking, but hides nothing: '
                "take it out, and mark the text in its page"
            )
            yield text, message


class _Text:
    """One file's text: its lines, its mentions, and which lines are accounted for."""

    def __init__(self, path: str, text: str, search: MentionSearch) -> None:
        self.path = path
        text = readable_lines(text) if path.endswith(SUFFIX) else text
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.mentions = search.find(text)
        self.covered: set[int] = set()  # accounted for: hidden, or read as a marking
        self.tables: set[int] = set()  # lines of tables that went through the gate
        self.hidden: set[int] = set()
        self.opened: set[int] = set()  # lines on which a use begins
        self._squashed: dict[int, str] = {}

    def squashed(self, index: int) -> str:
        """Return the line without its indent, quote marks and borders."""
        if index not in self._squashed:
            self._squashed[index] = _squash(self.lines[index])
        return self._squashed[index]

    @cached_property
    def excused(self) -> Set[int]:
        """The indices of the lines that mark nothing, as their author says."""
        return excused_lines(self.lines)

    @cached_property
    def keys(self) -> Set[int]:
        """The lines that hold an option ``audience``, which is no text."""
        return {mention.line for mention in self.mentions if mention.kind == "key"}

    def left(self, edition: Edition) -> Iterator[Mention]:
        """Yield the mentions that nothing accounts for."""
        for mention in self.mentions:
            if mention.line in self.covered or (mention.kind == "cell" and mention.line in self.tables):
                continue
            if mention.audiences and not _hides(mention, edition):
                continue
            if mention.line - 1 not in self.excused:
                yield mention

    def visible_lines(self) -> list[tuple[int, str]]:
        """Return the lines that the edition may show, with their numbers."""
        return [
            (number, line)
            for number, line in enumerate(self.lines, start=1)
            if number not in self.hidden and number not in self.tables
        ]


def _hides(mention: Mention, edition: Edition) -> bool:
    if edition.is_filtered:
        return any(not edition.shows_known(name) for name in mention.audiences)
    return any(name != edition.audiences.names[-1] for name in mention.audiences)


@lru_cache(maxsize=4096)  # each line of a block is compared once for each edition, and for each block round it
def _squash(line: str) -> str:
    return _LEADING.sub("", plain(line)).rstrip(" |\t")


# --- uses


def _match_uses(page: Page, texts: Mapping[str, _Text]) -> Iterator[BrokenMarking]:
    """Find the text of each use, note which lines it accounts for, and yield what is wrong with it."""
    for noted in page.uses:
        use = noted
        if use.fault:
            yield BrokenMarking(use.path, use.line, use.fault)
        if use.name == SUMMARY and (place := _locate(use, texts)):
            place[0].covered.add(place[1] + 1)
        if not (use.marks or use.table):
            continue
        found = _locate(use, texts)
        if found is None and len(use.block) > 1 and not use.block[1]:
            # MyST puts a blank line between a colon fence and one that begins its text, which is not in the source.
            use = replace(use, block=(use.block[0], *use.block[2:]))
            found = _locate(use, texts)
        if found is None:
            if use.marks:
                message = (
                    f"`{use.name}` marks a text that stands in no file of this page; write the marking into a file"
                )
                yield BrokenMarking(use.path, use.line, message)
            continue
        text, start = found
        text.opened.add(start)
        if use.marks and text.path.endswith(SUFFIX):
            yield BrokenMarking(text.path, start + 1, f"`{use.name}` is not for notebooks: {CURES['notebook']}")
        body = enumerate(use.body, start + 1 + len(use.block) - len(use.body))
        if use.needs_body and not any(line.strip() and number not in text.keys for number, line in body):
            message = (
                "the marked block is empty, so what should be hidden stands outside; indent its text by three spaces"
            )
            yield BrokenMarking(text.path, start + 1, f"{message} beyond the dots, or take the block out")
        if use.marks:
            yield from _check_extent(use, text, start)
        _cover(use, text, start)


def _locate(use: DirectiveUse, texts: Mapping[str, _Text]) -> tuple[_Text, int] | None:
    """Return the text and the index of the line on which a use begins: as its parser says, or where its words stand."""
    wanted = [_squash(line) for line in use.block]
    own = texts.get(use.path) or texts.get(use.path[use.path.rfind(_DOCSTRING) :])
    if own is not None and _stands_at(wanted, own, use.line - 1):
        return own, use.line - 1
    for text in (own, *texts.values()):
        if text is not None:
            starts = (start for start in range(len(text.lines)) if start not in text.opened)
            found = next((start for start in starts if _stands_at(wanted, text, start)), None)
            if found is not None:
                return text, found
    return None


def _stands_at(wanted: Sequence[str], text: _Text, start: int) -> bool:
    if not 0 <= start < len(text.lines) or not wanted or wanted[0] not in text.squashed(start):
        return False
    position = start
    for line in wanted[1:-1]:
        position += 1
        if position >= len(text.lines) or (line and line not in text.squashed(position)):
            return False
    return True


def _check_extent(use: DirectiveUse, text: _Text, start: int) -> Iterator[BrokenMarking]:
    extent = _extent_of(use, text, start)
    if extent is None:
        yield BrokenMarking(
            text.path, start + 1, f"`{use.name}` is read here in an unknown form; write it on a line of its own"
        )
    elif extent.broken:
        yield BrokenMarking(text.path, start + 1, extent.broken)
    elif (taken := _last_line(use, start)) != extent.last:
        ends, meant = sorted((taken, extent.last))
        message = (
            f"this block ends on line {ends + 1}, but seems to be meant to end on line {meant + 1}; give the outer "
            "fence more marks than the inner ones, and indent the block's text as its first line"
        )
        yield BrokenMarking(text.path, start + 1, message)


def _extent_of(use: DirectiveUse, text: _Text, start: int) -> Extent | None:
    if use.block[0].lstrip().startswith(".."):
        return indented_extent(text.lines, start)
    return fenced_extent(text.lines, start)


def _last_line(use: DirectiveUse, start: int) -> int:
    last = max((index for index, line in enumerate(use.block) if line.strip()), default=0)
    return start + last


def _cover(use: DirectiveUse, text: _Text, start: int) -> None:
    last = _last_line(use, start)
    if use.hidden:
        lines = range(start + 1, last + 2)
        text.hidden.update(lines)
        text.covered.update(lines)
        return
    if use.table:
        text.tables.update(range(start + 1, last + 2))
    if not use.marks:
        return
    text.covered.add(start + 1)
    text.covered.update(start + 1 + index for index in option_lines(use.block[: len(use.block) - len(use.body)]))


# --- what is left over


def _excuse_literals(
    left: dict[str, list[Mention]],
    texts: Mapping[str, _Text],
    literals: Iterable[Literal],
    search: MentionSearch,
    generated: Iterable[str],
) -> None:
    """Take out the mentions that stand within code or a comment of the same words, each of these once.

    Code of a generated text has the place in the page at which it is shown.
    """
    for literal in literals:
        for path in (literal.path, *generated):
            if mentions := left.get(path):
                for line in sample_lines(literal, search):
                    _excuse_line(mentions, texts[path], _words(line), literal.line)


def _excuse_line(mentions: list[Mention], text: _Text, words: str, near: int) -> None:
    """Take out the mentions of one source line that holds these words: the nearest to the place of the code."""
    fitting = [m for m in mentions if m.words in words and words in _words(text.lines[m.line - 1])]
    if not fitting:
        return
    line = min(fitting, key=lambda mention: abs(mention.line - near)).line
    for kind in {m.kind for m in fitting if m.line == line}:
        same = [m for m in fitting if m.line == line and m.kind == kind]
        for mention in same[: words.count(same[0].words)]:
            mentions.remove(mention)


def _words(line: str) -> str:
    return " ".join(plain(line).replace("`", "").split())


def _left_over(
    path: str, mentions: Iterable[Mention], text: _Text, *, is_included: bool = False
) -> Iterator[BrokenMarking]:
    seen: set[int] = set()
    for mention in mentions:
        if mention.line in seen:
            continue
        seen.add(mention.line)
        shown = " ".join(text.lines[mention.line - 1].split())
        shown = shown if len(shown) <= 60 else mention.words
        cure = cure_of(path, mention, text.lines, is_included=is_included)
        message = f"`{shown}` looks like a marking, but hides nothing: {cure}"
        yield BrokenMarking(path, mention.line, message)


def _odd_breaks(text: _Text, *, lone_return: bool) -> Iterator[BrokenMarking]:
    if not text.mentions:
        return
    if lone_return:
        message = "a carriage return stands alone in this file, which is a new line for parsers and none for editors"
        yield BrokenMarking(text.path, text.mentions[0].line, f"{message}; save the file with line feeds")
    for number, line in enumerate(text.lines, start=1):
        if line.isprintable():
            continue  # no such character is
        if match := _ODD_BREAK.search(line):
            name = _ODD_NAMES.get(match[0], f"the character U+{ord(match[0]):04X}")
            message = f"{name} is a new line for parsers and none for editors, so that a marking may end there"
            yield BrokenMarking(text.path, number, f"{message}; replace it by a space or a line feed")


def _hidden(page: Page) -> str:
    return "\n".join(use.hidden_text for use in page.uses)


def _shown(page: Page) -> str:
    return "\n".join(use.shown_text for use in page.uses)
