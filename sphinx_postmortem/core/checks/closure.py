"""The closure criteria (template section 13): four, each met or unmet, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english_heading
from sphinx_postmortem.core.language.texts import Message, later
from sphinx_postmortem.core.records.model import is_owner
from sphinx_postmortem.core.records.prompts import is_prompt, is_template_action
from sphinx_postmortem.core.settings import Settings

CHECKLIST = "closure-checklist"
_COMMUNICATED = expression(
    r"\b(?:shared|communicated|presented|sent|published|briefed|discussed|distributed|reviewed|circulated|posted|"
    r"e-?mailed|walked through|met|done)\b|\[x\]",
    re.IGNORECASE,
)
_OPEN = expression(
    r"\bnot (?:yet|before|until|been|met|done|shared|communicated|presented|sent|published|discussed)\b|"
    r"\b(?:pending|open|unmet|planned|scheduled|tb[acd]|will|shall|upcoming|expected|proposed)\b|"
    r"\b(?:to be|going to|(?:plan|intend|aim|hope|want|need|have)s? to|intention to)\b|"
    r"\b(?:by|until|before|after|due|due on) \d{4}-|\bnext (?:week|month|quarter|sprint|meeting|review)\b|"
    r":\s*(?:no|never|nobody)\b|\[ \]",
    re.IGNORECASE,
)
_DATE = expression(r"\b\d{4}-\d{2}-\d{2}\b")
_NO_CAUSE = expression(
    r"^\W*(?:tb[acd]|n/?a|none|todo|fixme|unknown|pending|not (?:yet )?known|to be (?:determined|confirmed|written)|"
    r"see (?:the )?(?:ticket|issue|jira|above|below|report|link|timeline)\b.{0,60}|"
    r"(?:still )?under investigation|(?:the root cause is )?(?:still )?being (?:analy[sz]ed|investigated)|"
    r"concise explanation of the underlying cause)\W*$",
    re.IGNORECASE,
)


_ON_PAGE = Message("on this page")


@dataclass(frozen=True)
class Criterion:
    """One criterion: the template's words, whether it is met, the evidence or what is missing, and its line."""

    name: str
    is_met: bool
    evidence: Message | str
    line: int = 0


@dataclass(frozen=True)
class Said:
    """A text, where it stands (for readers), and its line."""

    text: str
    place: Message = _ON_PAGE
    line: int = 0


@dataclass(frozen=True)
class Assigned:
    """What the criteria must know of an action: how to call it, its owners, whether it has a due date, its line."""

    label: Message | str
    owners: tuple[str, ...]
    is_dated: bool
    line: int = 0

    @property
    def real_owners(self) -> tuple[str, ...]:
        """The owners without words that stand for none."""
        return tuple(name for name in self.owners if is_owner(name))


@dataclass(frozen=True)
class ClosureFacts:
    """What a page says that bears on closure.

    ``statements`` are texts below headings about closure, ``lessons`` the option of the checklist; ``registered`` are
    the owners that the settings know, in lower case, empty where any will do; a date after ``today`` is a plan.
    """

    causes: tuple[Said, ...] = ()
    actions: tuple[Assigned, ...] = ()
    statements: tuple[Said, ...] = ()
    lessons: tuple[Said, ...] = ()
    registered: Collection[str] = ()
    line: int = 0
    today: date | None = None


def judge_closure(facts: ClosureFacts) -> tuple[Criterion, ...]:
    """Return the four criteria, in the template's order."""
    return (_cause(facts), _assigned(facts), _deadlines(facts), _communicated(facts))


def closure_criteria(page: CheckedPage, settings: Settings) -> tuple[Criterion, ...]:
    """Return the four criteria of a page, as its source states them."""
    causes = [
        Said(
            " ".join(line.text.strip() for line in page.source.written(directive)),
            Message("line {number}", number=page.source.own_line(directive.place)),
            page.source.own_line(directive.place),
        )
        for directive in page.source.named("root-cause")
    ]
    actions = [
        Assigned(
            Message("of line {number}", number=row.line),
            row.owners,
            row.due is not None,
            page.source.own_line((row.file, row.line)),
        )
        for row in page.actions
        if not is_template_action(row.cell("action")) and not is_prompt(row.cell("action"))
    ]
    statements = [
        Said(first.text, line=page.source.own_line(first.place))
        for first, prose in page.paragraphs
        if is_about_closure(prose.section)
    ]
    lessons = [
        Said(directive.option("lessons"), line=page.source.own_line(directive.options["lessons"].place))
        for directive in page.source.named(CHECKLIST)
        if "lessons" in directive.options and not is_prompt(directive.option("lessons"))
    ]
    return judge_closure(
        ClosureFacts(
            tuple(causes),
            tuple(actions),
            tuple(statements),
            tuple(lessons),
            settings.owner_names,
            page.line,
            settings.today,
        )
    )


def is_about_closure(heading: str) -> bool:
    """Say whether statements about closure are looked for below a heading."""
    words = english_heading(heading).casefold()
    return any(word in words for word in ("closure", "lessons", "distribution", "takeaways"))


def _cause(facts: ClosureFacts) -> Criterion:
    name = later("Root cause is clearly documented")
    for cause in facts.causes:
        if re.search(r"[^\W\d_]{3}", cause.text) and not _NO_CAUSE.match(cause.text) and not is_prompt(cause.text):
            return Criterion(name, True, Message("root cause, {place}", place=cause.place), cause.line)
    return Criterion(name, False, Message("there is no root cause with text"), facts.line)


def _assigned(facts: ClosureFacts) -> Criterion:
    name = later("Preventative actions are assigned")
    if not facts.actions:
        return Criterion(name, False, Message("there is no action"), facts.line)
    for action in facts.actions:
        if not action.real_owners:
            return Criterion(name, False, Message("the action {action} has no owner", action=action.label), action.line)
    return Criterion(
        name,
        True,
        Message("1 action, with an owner", "{number} actions, each with an owner", number=len(facts.actions)),
        facts.actions[0].line,
    )


def _deadlines(facts: ClosureFacts) -> Criterion:
    name = later("Ownership and deadlines are established")
    if not facts.actions:
        return Criterion(name, False, Message("there is no action"), facts.line)
    for action in facts.actions:
        if not action.is_dated:
            return Criterion(
                name, False, Message("the action {action} has no due date", action=action.label), action.line
            )
        unknown = [owner for owner in action.real_owners if owner.casefold() not in facts.registered]
        if unknown and facts.registered:
            reason = Message(
                'the owner "{owner}" of the action {action} is not in postmortem_owners',
                owner=unknown[0],
                action=action.label,
            )
            return Criterion(name, False, reason, action.line)
    return Criterion(
        name,
        True,
        Message("1 action, with a due date", "{number} actions, each with a due date", number=len(facts.actions)),
        facts.actions[0].line,
    )


def _communicated(facts: ClosureFacts) -> Criterion:
    name = later("Lessons learned are communicated")
    line = facts.line
    for said in facts.lessons:
        if _has_happened(said.text, facts.today):
            return Criterion(name, True, _short(said.text), said.line)
        line = said.line
    for said in facts.statements:
        if "lesson" not in said.text.casefold():
            continue
        line = said.line
        if _COMMUNICATED.search(said.text) and _has_happened(said.text, facts.today):
            return Criterion(name, True, _short(said.text), said.line)
    missing = Message('no item under "Closure criteria" says when lessons were shared ("Lessons shared: 2026-03-20")')
    return Criterion(name, False, missing, line)


def _has_happened(text: str, today: date | None) -> bool:
    """Say whether a text has a date, none of them still to come, and no word of a plan."""
    days = _DATE.findall(text)
    return bool(days) and not _OPEN.search(text) and (today is None or max(days) <= today.isoformat())


def _short(text: str) -> str:
    """Return a text on one line, cut at a word where it is long."""
    line = " ".join(text.lstrip("-*+ ").split())
    return line if len(line) <= 120 else line[:120].rpartition(" ")[0] + " …"


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
def closed_unmet(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
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
