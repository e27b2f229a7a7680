"""What is a prompt: a text that a template put where an author's should stand. A prompt is no fact.

Prompts are those of the template that the product implements (its questions and its examples), those that
``sphinx-postmortem new`` writes, and what people write until they know ("TBD", "???", "<owner>").
"""

from __future__ import annotations

import re
from functools import lru_cache

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english

TEMPLATE_ACTION = "Agree on the actions at the review meeting"
"""The action that ``new`` writes: somebody owes it, but it prevents nothing. See ``is_template_action``."""

_LONGEST_KEPT = 200  # characters
_WITHIN = expression(
    r"(?<!☐ )(?<!☑ )\b(?:TBD|TBC|TODO|FIXME|XXX)\b(?!-?\d| (?:list|item|comment)s?\b)|(?<![\w?])\?{3,}|"
    r"Brief, non-technical description|Concise explanation of the underlying cause|lorem ipsum|"
    r"Highlight effective actions and behaviors|Identify gaps and friction points|"
    r"The (?:root cause|summary|leadership summary) is being (?:analysed|written)\.|"
    r"\*\*\w+\*\*: being analysed\.|"
    r"\[(?:insert|describe|add|fill|your) [^\]]{0,80}\](?!\()|<(?:insert|describe|add|fill|your) [^>]{0,80}>|"
    r"<(?:owner|team|ticket)>",
)
# One of these stands in each such text: most hold none.
_MARKS = (
    *("TBD", "TBC", "TODO", "FIXME", "XXX", "???", "Brief, non", "Concise expl", "lorem ipsum", "Highlight effective"),
    *("Identify gaps", " is being ", "being analysed", "<owner>", "<team>", "<ticket>"),
)
_ASKS = tuple(f"{bracket}{verb}" for bracket in "[<" for verb in ("insert", "describe", "add", "fill", "your"))
_WHOLE = expression(
    r"(?:\w+(?: \w+){0,3}: )?(?:"  # a factor with its kind
    r"(?-i:TB[ACD]|TODO|FIXME|XXX)\b.{0,200}|(?:tb[acd]|todo|fixme|xxx)(?::.{0,200})?|fill (?:this )?in"
    r"|to be (?:written|filled in|added|completed|determined|confirmed)|\?{2,}|…|\.{2,}|<[^<>]{1,120}>|% ?todo\b.*"
    r"|(?:the [\w ]{1,40} is )?(?:still )?being (?:analy[sz]ed|written|investigated)"
    r"|not yet known)",
    re.IGNORECASE | re.DOTALL,
)
# The examples of the template, by the section that they stand in.
_EXAMPLES = frozenset(
    [
        "brief, non-technical description of what occurred, the impact, and the resolution",
        *("concise explanation of the underlying cause", "highlight effective actions and behaviors"),
        *("customer impact", "operational or revenue impact", "regulatory, legal, or reputational considerations"),
        *("hosts / instances", "cloud services", "accounts / identities", "network segments"),
        *("tool or alert mechanism", "why it triggered", "detection gaps or delays identified"),
        *("initial access vector", "privilege level obtained", "lateral movement observed"),
        "persistence mechanisms (if any)",
        *("configuration gaps", "monitoring or logging blind spots", "process weaknesses"),
        "architectural decisions or trade-offs",
        *("actions taken", "rationale", "evidence preserved"),
        *("fixes applied", "validation steps", "monitoring enhancements"),
        *("rapid alert detection", "timely escalation", "clear communication", "effective runbook usage"),
        *("alert fatigue or noise", "unclear ownership", "missing logs or telemetry"),
        "manual steps that increased response time",
        *("detection improvements", "access control changes", "architectural updates"),
        "process or documentation gaps",
        *("high-level cause", "confirmation of resolution", "summary of preventative measures"),
        "assurance of follow-up actions",
        *("blameless does not mean uncritical", "learning is the primary objective"),
        *("strong postmortems improve systems and teams", "documentation protects engineers and organizations"),
    ]
)


def is_template_action(text: str) -> bool:
    """Say whether the text of an action is the one that ``new`` writes, in whatever language."""
    return english("prompts", text.strip("*_` .")) == TEMPLATE_ACTION


def find_prompt(text: str) -> re.Match[str] | None:
    """Return the first prompt within a running text, with its place."""
    return _WITHIN.search(text) if may_hold_prompt(text) else None


def may_hold_prompt(text: str) -> bool:
    """Say whether a running text, or a whole page, may hold a prompt; a text without one is most often told apart."""
    has_bracket = "[" in text or "<" in text
    return any(mark in text for mark in _MARKS) or (has_bracket and any(ask in text for ask in _ASKS))


def is_prompt(text: str) -> bool:
    """Say whether a text as a whole (a cell, an item, a value) is a prompt and no fact; an empty text is none."""
    # A build asks for each cell several times; long texts are not kept in memory for that.
    return _is_short_prompt(text) if len(text) <= _LONGEST_KEPT else _is_prompt(text)


def _is_prompt(text: str) -> bool:
    bare = " ".join(text.replace("*", "").split()).strip("_` ")
    plain = bare.rstrip(".:! ")
    return bool(plain or bare) and (
        plain.casefold() in _EXAMPLES
        or _WHOLE.fullmatch(bare) is not None
        or _WHOLE.fullmatch(plain) is not None
        or ((match := find_prompt(bare)) is not None and len(match[0]) * 2 > len(bare))
    )


_is_short_prompt = lru_cache(maxsize=4096)(_is_prompt)
