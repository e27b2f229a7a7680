"""What an edition would show against what was approved of it, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import Enum
from pathlib import Path

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.releases.release_files import SITE, Release, file_name, read_release, release_files
from sphinx_postmortem.core.releases.statements import Statement


class PageState(Enum):
    """How a page stands to its release."""

    APPROVED = "approved"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Change:
    """One statement that is newly shown (no ``old``), no longer shown (no ``new``), or shown differently (both)."""

    old: Statement | None
    new: Statement | None

    @property
    def kind(self) -> str:
        """``shown``, ``no longer shown`` or ``changed``."""
        if self.old is None:
            return "shown"
        return "no longer shown" if self.new is None else "changed"


@dataclass(frozen=True)
class PageReview:
    """One page of an edition against its release.

    Attributes:
        page: name of the page; of one that is gone the path of its release without ``.txt``.
        state: how it stands to its release.
        changes: what differs, in the order of the page.
        problem: why the release cannot be used, if so.
    """

    page: str
    state: PageState
    changes: tuple[Change, ...] = ()
    problem: str = ""

    @property
    def is_shown_unapproved(self) -> bool:
        """Whether the edition would show the page otherwise than it was approved."""
        return self.state not in (PageState.APPROVED, PageState.GONE)


def compare(old: Sequence[Statement], new: Sequence[Statement]) -> Iterator[Change | Statement]:
    """Yield what both have as statements of the new text, and what differs as changes, in the order of the page."""
    matcher = SequenceMatcher(None, list(old), list(new))
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield from new[new_start:new_end]
        else:
            yield from _replaced(old[old_start:old_end], new[new_start:new_end])


def _replaced(old: Sequence[Statement], new: Sequence[Statement]) -> Iterator[Change]:
    """Yield the changes of a run: each new statement with the first old one of its kind that is much like it."""
    waiting = list(old)
    for statement in new:
        place = next((index for index, each in enumerate(waiting) if _are_alike(each, statement)), None)
        if place is None:
            yield Change(None, statement)
            continue
        yield from (Change(each, None) for each in waiting[:place])
        yield Change(waiting[place], statement)
        del waiting[: place + 1]
    yield from (Change(each, None) for each in waiting)


def _are_alike(one: Statement, other: Statement) -> bool:
    """Say whether two statements are of one kind and share half their words."""
    ours, theirs = set(one.text.split()), set(other.text.split())
    return one.kind == other.kind and 2 * len(ours & theirs) >= max(len(ours), len(theirs))


def review_page(page: str, shown: Sequence[Statement], release: Release | None) -> PageReview:
    """Compare one page with its release."""
    if release is None:
        return PageReview(page, PageState.NEW, tuple(Change(None, statement) for statement in shown))
    if release.problem:
        return PageReview(page, PageState.UNREADABLE, problem=release.problem)
    if tuple(shown) == release.statements:
        return PageReview(page, PageState.APPROVED)
    changes = tuple(each for each in compare(release.statements, shown) if isinstance(each, Change))
    return PageReview(page, PageState.CHANGED, changes)


def review_edition(folder: Path, edition: str, pages: Mapping[str, Sequence[Statement]]) -> list[PageReview]:
    """Compare every page with its release; what stands on no page and pages that are gone come last.

    Args:
        folder: the folder of releases.
        edition: name of the edition.
        pages: what the edition shows, by page.
    """
    ordered = sorted(pages, key=lambda page: (page == SITE, page))
    reviews = [review_page(page, pages[page], read_release(folder, edition, page)) for page in ordered]
    known = {file_name(page) for page in pages}
    gone = [name for name in release_files(folder, edition) if name not in known]
    return [*reviews, *(PageReview(name.removesuffix(".txt"), PageState.GONE) for name in gone)]


def first_difference(review: PageReview) -> str:
    """Say in a few words what is first found to differ on a page."""
    if review.state is PageState.UNREADABLE:
        return f"its release cannot be used: {review.problem}"
    if review.state is PageState.NEW:
        return "nobody has approved the page"
    change = review.changes[0]
    old, new = str(change.old or ""), str(change.new or "")
    start = max(0, _common_start(old, new) - _BEFORE)
    if change.new is None:
        return f"it no longer shows {_quoted(old, 0)}"
    if change.old is None:
        return f"it newly shows {_quoted(new, 0)}"
    return f"it shows {_quoted(new, start)} where {_quoted(old, start)} was approved"


_BEFORE, _MOST = 20, 100  # characters of a statement that a message quotes: before a difference, and in all


def _common_start(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))


def _quoted(text: str, start: int) -> str:
    """Return a part of a text in quotes."""
    part = text[start : start + _MOST]
    return f'"{"..." if start else ""}{part}{"..." if start + _MOST < len(text) else ""}"'
