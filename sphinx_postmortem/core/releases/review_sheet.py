"""The review of an edition for people who do not read diffs: the text in its order, with what is hidden within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from difflib import SequenceMatcher
from itertools import groupby

from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.releases.compare import Change, PageReview, PageState, compare
from sphinx_postmortem.core.releases.release_files import Release
from sphinx_postmortem.core.releases.statements import Statement

FEW = 6
"""So many lines in a row that nobody changed are shown; of more, only the first and the last two."""


@dataclass(frozen=True)
class ReviewPiece:
    """A part of a line: ``same``, ``added`` or ``removed``; ``is_found`` where a finding quotes it."""

    how: str
    text: str
    is_found: bool = False


@dataclass(frozen=True)
class ReviewLine:
    """One line of the sheet.

    Attributes:
        how: ``same``, ``added``, ``removed``, ``changed`` or ``hidden``.
        kind: the statement's kind.
        pieces: its text; of a changed line with what was added and removed.
        number: its line in the source, or 0.
        findings: what the checks say of it.
    """

    how: str
    kind: str
    pieces: tuple[ReviewPiece, ...]
    number: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Run:
    """Neighbouring lines that are shown alike; a folded run is closed at first."""

    how: str
    is_folded: bool
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True)
class ReviewSheet:
    """One page of the review."""

    review: PageReview
    source: str
    runs: tuple[Run, ...] = ()
    general: tuple[Finding, ...] = field(default=())

    @property
    def lines(self) -> list[ReviewLine]:
        """All lines of the page."""
        return [line for run in self.runs for line in run.lines]

    def count(self, *hows: str) -> int:
        """Return how many lines are of some kind."""
        return sum(line.how in hows for line in self.lines)

    @property
    def findings(self) -> list[Finding]:
        """All findings about what the edition shows of the page."""
        return [*self.general, *(finding for line in self.lines for finding in line.findings)]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to look at."""
        return self.review.state is PageState.APPROVED and not self.count("hidden") and not self.findings


def make_sheet(
    review: PageReview,
    source: str,
    release: Release | None,
    shown: Sequence[Statement],
    full: Sequence[Statement],
    findings: Sequence[Finding],
    written: Sequence[str] = (),
) -> ReviewSheet:
    """Return the sheet of one page.

    Args:
        review: the page against its release.
        source: its source file, for readers.
        release: what was approved, if anything was.
        shown: the statements of the edition.
        full: the statements of the first edition.
        findings: what the checks say of the page.
        written: the lines of the source file.
    """
    approved = release.statements if release is not None and not release.problem else ()
    lines = list(_lines(approved, shown, full))
    placed, general = _place(findings, lines, written)
    lines = [_with_findings(line, placed.get(index, [])) for index, line in enumerate(lines)]
    return ReviewSheet(review, source, tuple(_runs(lines)), tuple(general))


def _lines(
    approved: Sequence[Statement], shown: Sequence[Statement], full: Sequence[Statement]
) -> Iterator[ReviewLine]:
    """Yield the lines of a page: what is shown, with what is no longer shown and what is hidden where it would be."""
    hidden: dict[int, list[Statement]] = {}
    place = 0
    for each in compare(full, shown):
        if isinstance(each, Change) and each.new is None and each.old is not None:
            hidden.setdefault(place, []).append(each.old)
        else:
            place += 1
    place = 0
    for each in compare(approved, shown):
        if isinstance(each, Change) and each.new is None:
            yield _line(each)
            continue
        yield from (_plain("hidden", statement) for statement in hidden.get(place, ()))
        yield _line(each)
        place += 1
    yield from (_plain("hidden", statement) for statement in hidden.get(place, ()))


def _line(each: Change | Statement) -> ReviewLine:
    if isinstance(each, Statement):
        return _plain("same", each)
    if each.old is None and each.new is not None:
        return _plain("added", each.new)
    if each.new is None and each.old is not None:
        return _plain("removed", each.old)
    old, new = each.old or Statement("text", ""), each.new or Statement("text", "")
    return ReviewLine("changed", new.kind, tuple(_pieces(old.text, new.text)), new.line)


def _plain(how: str, statement: Statement) -> ReviewLine:
    piece = {"added": "added", "removed": "removed"}.get(how, "same")
    return ReviewLine(how, statement.kind, (ReviewPiece(piece, statement.text),), statement.line)


def _pieces(old: str, new: str) -> Iterator[ReviewPiece]:
    """Yield the words of two texts: those in common, those removed, and those added."""
    ours, theirs = old.split(" "), new.split(" ")
    for tag, start, end, new_start, new_end in SequenceMatcher(None, ours, theirs).get_opcodes():
        if tag == "equal":
            yield ReviewPiece("same", " ".join(ours[start:end]))
            continue
        if start < end:
            yield ReviewPiece("removed", " ".join(ours[start:end]))
        if new_start < new_end:
            yield ReviewPiece("added", " ".join(theirs[new_start:new_end]))


def _place(
    findings: Sequence[Finding], lines: Sequence[ReviewLine], written: Sequence[str]
) -> tuple[dict[int, list[Finding]], list[Finding]]:
    """Return the findings by the line that they are about; those about hidden lines are left out.

    Findings about the whole page come second.
    """
    placed: dict[int, list[Finding]] = {}
    general: list[Finding] = []
    for finding in findings:
        text = written[finding.line - 1] if 0 < finding.line <= len(written) else ""
        index = _nearest(finding.line, _words(text), lines) if finding.line else None
        if index is None:
            general.append(finding)
        elif lines[index].how != "hidden":
            placed.setdefault(index, []).append(finding)
    return placed, general


def _nearest(number: int, words: set[str], lines: Sequence[ReviewLine]) -> int | None:
    """Return the line of the sheet that shows a line of the source.

    It has most of its words, for the rows of a table may all be numbered as the table is; of several, the nearest.
    """
    before = [index for index, line in enumerate(lines) if 0 < line.number <= number and line.how != "removed"]
    near = [index for index in before if number - lines[index].number <= _FAR] or before

    def rank(index: int) -> tuple[int, int, int]:
        shared = {word for piece in lines[index].pieces for word in _words(piece.text)} & words
        return len(shared), lines[index].number, index

    return max(near, key=rank, default=None)


_FAR = 60  # lines of a source between the start of a table and one of its rows
_WORD = expression(r"[^\s|*`,;()\[\]]+")


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def _with_findings(line: ReviewLine, findings: Sequence[Finding]) -> ReviewLine:
    """Return a line with its findings; words that they quote, such as an address, are marked."""
    said = {word.strip(".:\"'") for finding in findings for word in _words(finding.message)}
    quoted = {word for word in said if len(word) > 2 and not word.islower()}
    pieces = [part for piece in line.pieces for part in _parts(piece, quoted)]
    return ReviewLine(line.how, line.kind, tuple(pieces), line.number, tuple(findings))


def _parts(piece: ReviewPiece, quoted: set[str]) -> Iterator[ReviewPiece]:
    words = piece.text.split(" ") if quoted and piece.how != "removed" else []
    if not any(word.strip(".,:;\"'") in quoted for word in words):
        yield piece
        return
    for is_found, group in groupby(words, key=lambda word: word.strip(".,:;\"'") in quoted):
        yield ReviewPiece(piece.how, " ".join(group), is_found)


def _runs(lines: Sequence[ReviewLine]) -> Iterator[Run]:
    """Yield neighbouring lines together: hidden ones folded, and the middle of many that nobody changed."""
    for (how, is_said), group in groupby(lines, key=lambda line: (line.how, bool(line.findings))):
        run = tuple(group)
        if how == "hidden":
            yield Run(how, True, run)
        elif how == "same" and not is_said and len(run) > FEW:
            yield from (Run(how, False, run[:2]), Run(how, True, run[2:-2]), Run(how, False, run[-2:]))
        else:
            yield Run(how, False, run)
