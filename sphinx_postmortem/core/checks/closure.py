"""The closure criteria (template section 13): four, each met or unmet, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.settings import CheckSettings

_COMMUNICATED = re.compile(
    r"\b(?:shared|communicated|presented|sent|published|briefed|discussed|distributed)\b", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:not (?:yet )?(?:met|done|shared|communicated)|pending|open|unmet|planned|tb[cd]|to be)\b|\[ \]",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_PROMPT = re.compile(r"^\W*(?:tb[cd]|todo|fixme|concise explanation of the underlying cause)\W*$", re.IGNORECASE)
NO_OWNER = ("", "tbd", "tbc", "n/a", "none")


@dataclass(frozen=True)
class Criterion:
    """One criterion: the template's words, whether it is met, the evidence or what is missing, and its line."""

    name: str
    is_met: bool
    evidence: str
    line: int


def closure_criteria(page: CheckedPage, settings: CheckSettings) -> tuple[Criterion, ...]:
    """Return the four criteria of a page, in the template's order."""
    return (_cause(page), _assigned(page), _deadlines(page, settings), _communicated(page))


def _cause(page: CheckedPage) -> Criterion:
    name = "Root cause is clearly documented"
    for directive in page.source.named("root-cause"):
        text = " ".join(line.text.strip() for line in directive.body).strip()
        if text and not _PROMPT.match(text):
            return Criterion(name, True, f"root cause, line {directive.line}", directive.line)
    return Criterion(name, False, "there is no root cause with text", page.line)


def _assigned(page: CheckedPage) -> Criterion:
    name = "Preventative actions are assigned"
    if not page.actions:
        return Criterion(name, False, "there is no action", page.line)
    for row in page.actions:
        if not any(owner.casefold().strip("-–—? ") not in NO_OWNER for owner in row.owners):
            return Criterion(name, False, f"the action of line {row.line} has no owner", row.line)
    return Criterion(name, True, f"{len(page.actions)} actions, each with an owner", page.actions[0].line)


def _deadlines(page: CheckedPage, settings: CheckSettings) -> Criterion:
    name = "Ownership and deadlines are established"
    if not page.actions:
        return Criterion(name, False, "there is no action", page.line)
    for row in page.actions:
        if row.due is None:
            return Criterion(name, False, f"the action of line {row.line} has no due date", row.line)
        unknown = [owner for owner in row.owners if settings.owners and owner.casefold() not in settings.owners]
        if unknown:
            reason = f'the owner "{unknown[0]}" of line {row.line} is not in postmortem_owners'
            return Criterion(name, False, reason, row.line)
    return Criterion(name, True, f"{len(page.actions)} actions, each with a due date", page.actions[0].line)


def _communicated(page: CheckedPage) -> Criterion:
    name = "Lessons learned are communicated"
    line = page.line
    for first, prose in page.paragraphs:
        section = prose.section.casefold()
        if "closure" not in section and "lessons" not in section and "distribution" not in section:
            continue
        text = first.text
        if "lesson" in text.casefold():
            line = first.number
            is_said = _COMMUNICATED.search(text) or re.search(r"\bmet\b|\[x\]", text, re.IGNORECASE)
            if is_said and _DATE.search(text) and not _OPEN.search(text):
                return Criterion(name, True, " ".join(text.split())[:120], first.number)
    return Criterion(
        name,
        False,
        'no item under "Closure criteria" says when lessons were shared ("Lessons shared: 2026-03-20")',
        line,
    )


def _page(
    *,
    status: str,
    cause: str = "No tag was compared.",
    owner: str = "appsec",
    due: str = "2026-03-20",
    lessons: str = "Lessons shared with teams: met 2026-04-22.",
) -> str:
    return (
        f":::{{incident-summary}} SEC-1\n:status: {status}\n\nText.\n:::\n\n:::{{root-cause}}\n{cause}\n:::\n\n"
        ":::{action-table}\n| Action | Owner | Due date |\n|---|---|---|\n"
        f"| Compare tags | {owner} | {due} |\n:::\n\n## Closure criteria\n\n- {lessons}\n"
    )


@check(
    "closed-unmet",
    "error",
    source="template section 13",
    bad=_page(status="closed", owner=""),
    good=_page(status="closed"),
)
def closed_unmet(page: CheckedPage, settings: CheckSettings) -> Iterator[Hit]:
    """An incident with `status: closed` meets the four closure criteria.

    The root cause is documented; each action has an owner; each action has a due date and an owner that is known;
    an item under "Closure criteria" says on which date the lessons were shared.
    """
    if page.status != "closed":
        return
    for criterion in closure_criteria(page, settings):
        if not criterion.is_met:
            message = f'the incident is closed, but "{criterion.name}" is not met: {criterion.evidence}'
            yield Hit(criterion.line, message)
