"""The tone and the mark of a severity or a status: the same on pages, in charts and in PDFs.

A tone goes by the name of a thing, never by its place in a chart or list. No meaning is in a tone alone: each word
stands with its text, and has a mark of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES, plain_status, says_done
from sphinx_postmortem.core.records.vocabulary import DEFAULT_SEVERITIES


class Tone(StrEnum):
    """What a colour says; the value is the name of its CSS class after ``pm-``."""

    CRITICAL = "crit"
    WARNING = "warn"
    INFORMATION = "info"
    GOOD = "ok"
    QUIET = "mute"


@dataclass(frozen=True)
class Look:
    """A tone and a mark. ``mark`` is the name of the mark's CSS class after ``pm-mark-``; empty for none."""

    tone: Tone
    mark: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The CSS classes of what looks so."""
        return (f"pm-{self.tone}", *([f"pm-mark-{self.mark}"] if self.mark else []))


@dataclass(frozen=True)
class Inks:
    """The colours of a tone on white: of text, of a filled shape, and of the ground below the text."""

    text: str
    fill: str
    soft: str


INKS: Mapping[Tone, Inks] = {
    Tone.CRITICAL: Inks("#b3261e", "#c93a2b", "#fdecea"),
    Tone.WARNING: Inks("#8a4b00", "#e8a33d", "#fdf2df"),
    Tone.INFORMATION: Inks("#1f5bb5", "#2f6fc4", "#e9f1fc"),
    Tone.GOOD: Inks("#0b6b53", "#2f9e83", "#e4f5ef"),
    Tone.QUIET: Inks("#5a5c63", "#6b6e76", "#f0f1f4"),
}
"""On white the texts have a contrast of 6.4 or more, on their soft ground of 5.7 or more (WCAG 2.2)."""

OVERDUE = Look(Tone.CRITICAL, "over")
DRAFT = Look(Tone.QUIET, "draft")
OPEN = Look(Tone.WARNING, "open")
IN_PROGRESS = Look(Tone.INFORMATION, "prog")
IN_REVIEW = Look(Tone.INFORMATION, "review")
DONE = Look(Tone.GOOD, "done")

_BY_RANK = (Look(Tone.CRITICAL, "sev1"), Look(Tone.WARNING, "sev2"), Look(Tone.INFORMATION, "sev3"))
_LAST = Look(Tone.QUIET, "sev4")
_BY_STATUS = {
    "draft": DRAFT,
    "in review": IN_REVIEW,
    "closed": DONE,
    "in progress": IN_PROGRESS,
    "started": IN_PROGRESS,
    "doing": IN_PROGRESS,
    "wip": IN_PROGRESS,
    "overdue": OVERDUE,
}


def severity_look(severity: str, severities: Sequence[str] = DEFAULT_SEVERITIES) -> Look:
    """Return the look of a severity, by its rank among those that the site has; quiet for one that is unknown."""
    names = [name.casefold() for name in severities]
    wanted = severity.casefold()
    rank = names.index(wanted) if wanted in names else len(names)
    return _BY_RANK[rank] if rank < len(_BY_RANK) else _LAST


def status_look(status: str, done_statuses: Collection[str] = DEFAULT_DONE_STATUSES) -> Look:
    """Return the look of an incident's or an action's status; that of open work for one that is unknown."""
    return DONE if says_done(status, done_statuses) else _BY_STATUS.get(status_words(plain_status(status)), OPEN)


def status_words(status: str) -> str:
    """Return a status as words: ``in-review`` is ``in review``."""
    return " ".join(status.replace("-", " ").replace("_", " ").split())


_KNOWN_STATUSES = (
    *(later("draft"), later("in review"), later("closed"), later("open"), later("in progress"), later("started")),
    *(later("doing"), later("done"), later("completed"), later("cancelled"), later("overdue"), later("to do")),
    *(later("todo"), later("blocked"), later("resolved"), later("verified"), later("planned"), later("new")),
    *(later("rejected"), later("wontfix"), later("complete"), later("fixed"), later("not started"), later("wip")),
)


def status_label(status: str) -> str:
    """Return a status in the language of the build where that has a word for it, else as written."""
    shown = shown_status(status)
    return status if shown == status_words(status) else shown


def shown_status(status: str) -> str:
    """Return a status as readers see it: the words that we know in the language of the build, others as written."""
    words = status_words(status)
    known = words.casefold()
    translated = say(known) if known in _KNOWN_STATUSES else known
    return words if translated == known else translated
