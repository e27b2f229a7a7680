"""Finds causes that tell no more than what a person did, such as "A contractor clicked on a link".

Judged is the form of the sentence, and not the act: its subject, or its agent, is a person, and it gives no reason.
"""

from __future__ import annotations

import re

from sphinx_postmortem.core.checks.language import PERSON
from sphinx_postmortem.core.expressions import expression

_LONGEST = 2_000
_AGENT = (
    rf"(?:{PERSON}|persons?|people|users?|customers?|nurses?|doctors?|clerks?|students?|agents?|assistants?|officers?|"
    r"approvers?|leads?|teachers?|suppliers?|testers?|architects?|designers?|scientists?|hires?|owners?|authors?|"
    r"members? of (?:the )?staff|teams?|shift)"
)
_WHERE = r"(?: (?:on|in|of|from|at|with) (?:the |our |an? )?[\w-]{2,15}(?: [\w-]{2,15})?)?"
_WHO = (
    r"(?:(?:an?|the|our|their|(?:one|two) of (?:our|the|their)|some|several) )?"
    rf"(?:[\w’'-]{{2,20}} ){{0,3}}?{_AGENT}{_WHERE}"
)
_ACT = (
    r"(?:(?:had|was|were|then|simply|also) )?"
    r"(?:\w{2,14}(?:ed|pt|nt|ft|lt|ght|ung|unk)\b|"
    r"(?:ran|chose|gave|took|made|put|set|let|cut|shut|told|reset|fell|lost|wrote|read|saw|forgot|hid|"
    r"did not|didn[’']t|never|in a hurry|under pressure|careless)\b)"
)
_SUBJECT = expression(rf"\W{{0,8}}(?:\*\*[\w ]{{2,30}}\*\*\W{{1,3}})?{_WHO} {_ACT}", re.IGNORECASE)
# Who sees what happened has not caused it.
_AFFECTED = expression(
    rf"\W{{0,8}}(?:[\w’'-]{{2,20}} ){{0,4}}?{_AGENT}{_WHERE} (?:saw|received|got|noticed|reported|experienced|"
    r"(?:was|were) paged|were (?:unable|affected|logged)|restored|recovered|worked in parallel|could not)\b",
    re.IGNORECASE,
)
_BY_AGENT = expression(
    rf"\bby (?:an? |the |our |their |one of (?:our|the) )?(?:[\w-]{{3,20}} )?{_AGENT}{_WHERE}\W{{0,8}}\Z", re.IGNORECASE
)
_DENIED = expression(r"\b(?:not|never|another)\b|n[’']t\b|\?", re.IGNORECASE)  # "was not reviewed by another developer"
_LAPSE = expression(
    r"\b(?:lapse|loss|slip|moment|want) of (?:\w{3,12} )?(?:concentration|attention|judge?ment|memory|tongue|pen)\b|"
    r"\b(?:bad|poor|wrong) judge?ment\b|\A\W{0,8}an? typo\W{0,8}\Z|"
    rf"\b(?:mistake|fault|error|oversight) of (?:an? |the |our )?(?:[\w’'-]{{2,20}} ){{0,3}}?{_AGENT}\W{{0,8}}\Z",
    re.IGNORECASE,
)
_OF_PERSON = (
    rf"(?:then )?(?:{_AGENT}|(?:an?|the|our) (?:[\w-]{{2,20}} )?{_AGENT}|nobody|no one|{_ACT}|skipped|it was an? )"
)
_REASON = expression(
    r"\b(?:because|since|as|so|due to|owing to|which|that|while|whose|where|and)\b"
    rf"(?! {_OF_PERSON})|\bwithout\b|\bany(?:one|body)?\b",
    re.IGNORECASE,
)
_NAMED = expression(rf"\b{_AGENT}\b|\b(?:lapse|loss|slip|moment|want)\b|judge?ment|\btypo\b", re.IGNORECASE)
# One of these stands in what ``_NAMED`` finds; "call" is that of "on-call", "judg" that of "misjudgement".
_PERSONS = (
    *("engineer", "developer", "operator", "admin", "administrator", "technician", "employee", "intern", "contractor"),
    *("colleague", "analyst", "responder", "reviewer", "maintainer", "manager", "consultant", "trainee", "dba", "sre"),
    *("member", "commander", "person", "user", "customer", "nurse", "doctor", "clerk", "student", "agent", "assistant"),
    *("officer", "approver", "lead", "teacher", "supplier", "tester", "architect", "designer", "scientist", "hire"),
    *("owner", "author", "team", "staff", "someone", "somebody", "he", "she", "people", "shift", "oncall", "call"),
    *("lapse", "loss", "slip", "moment", "want", "typo"),
)
_WHO_WORDS = frozenset(f"{word}{end}" for word in _PERSONS for end in ("", "s"))
_WORD = expression(r"[^\W_]+")
_SENTENCE = expression(r"[.!?](?:\s|\Z)")


def may_name_person(text: str) -> bool:
    """Say whether a text may name a person or a lapse: most do not, which its words alone tell."""
    folded = text.casefold()
    return not _WHO_WORDS.isdisjoint(_WORD.findall(folded)) or "judg" in folded


def act_of_person(text: str) -> str:
    """Return the words with which a paragraph makes a person the cause; empty where it says anything else.

    A paragraph of several sentences is left alone: one of them may give the reason. Where no person and no lapse is
    named, the large expressions are not even compiled.
    """
    if not may_name_person(text):
        return ""
    plain = " ".join(text[:_LONGEST].split())
    if not _NAMED.search(plain):
        return ""
    if len(_SENTENCE.findall(plain)) > 1 or _REASON.search(plain) or _AFFECTED.match(plain):
        return ""
    by_agent = None if _DENIED.search(plain) else _BY_AGENT.search(plain)
    match = _SUBJECT.match(plain) or by_agent or _LAPSE.search(plain)
    return match[0].strip(" *:.-") if match else ""
