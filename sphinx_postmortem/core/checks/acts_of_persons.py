"""Finds causes that tell no more than what a person did, such as "A contractor clicked on a link".

Judged is the form of the sentence: its subject, or its agent, is a person, who did something once, and it gives no
reason. How people work ("Engineers shared a key"), what they have, and what was done to them are no acts.
"""

from __future__ import annotations

import re
from itertools import islice

from sphinx_postmortem.core.checks.language import PERSON
from sphinx_postmortem.core.expressions import expression, expression_of

_LONGEST = 2_000
_ROLES = (
    *("user", "customer", "nurse", "doctor", "clerk", "student", "agent", "assistant", "officer", "approver", "lead"),
    *("teacher", "supplier", "tester", "architect", "designer", "scientist", "hire", "owner", "author", "accountant"),
    *("apprentice", "bookkeeper", "cashier", "courier", "director", "driver", "electrician", "executive", "freelancer"),
    *("guard", "lawyer", "librarian", "pharmacist", "physician", "programmer", "receptionist", "recruiter"),
    *("salesperson", "secretary", "specialist", "supervisor", "sysadmin", "volunteer", "webmaster", "ceo", "cfo"),
    *("cto", "ciso", "coo"),
)
_AGENT = rf"(?:{PERSON}|persons?|people|(?:{'|'.join(_ROLES)})s?|heads? of \w+|members? of (?:the )?staff|teams?|shift)"
_WHERE = r"(?: (?:on|in|of|from|at|with) (?:the |our |an? )?[\w-]{2,15}(?: [\w-]{2,15})?)?"
_WHO = (
    r"(?:(?:an?|the|our|their|(?:one|two) of (?:our|the|their)|some|several) )?"
    rf"(?:[\w’'-]{{2,20}} ){{0,3}}?{_AGENT}{_WHERE}"
)
# Of what is said with "was", these alone are of the person: others were done to it.
_FAILING = (
    r"(?:(?:too|so|very|simply|not) )?(?:tired|confused|distracted|hurried|rushed|stressed|bored|careless|mistaken|"
    r"overconfident|inattentive|inexperienced|impatient|drunk|tricked|fooled|deceived|duped|lured|phished|persuaded|"
    r"overwhelmed|in a (?:hurry|rush)|in haste|under (?:stress|pressure)|talked into|asleep|curious|lazy|sloppy|wrong|"
    r"paying (?:no |little )?attention|unaware)"
)
_ACT = (
    rf"(?:(?:was|were|got|had been) {_FAILING}\b|(?:(?:had|then|simply|also) )?(?!(?:need|consist)ed\b)"
    r"(?:\w{2,14}ed\b|(?:kept|slept|swept|went|sent|lent|spent|bent|meant|burnt|left|felt|dealt|built|spilt|"
    r"bought|brought|caught|taught|thought|sought|hung|swung|flung|clung|sunk|shrunk)\b|"
    r"(?:ran|chose|gave|took|made|put|set|let|cut|shut|told|reset|fell|lost|paid|wrote|read|saw|forgot|hid|went|"
    r"did not|didn[’']t|never|in a hurry|under pressure|careless)\b))"
)
_WHO_CLAUSE = r"(?:,? who (?:[\w’'-]+ ){1,7}?)?"
_LABEL = r"\W{0,8}(?:\*\*[\w ]{2,30}\*\*\W{1,3})?"
_SUBJECT = expression(rf"{_LABEL}{_WHO}{_WHO_CLAUSE} ?{_ACT}", re.IGNORECASE)
_ONE = r"(?:an?|the|our|their|this|that|one|some|several|two of|his|her|its)"
_MANY = (
    r"(?:engineer|developer|operator|admin|administrator|technician|employee|intern|contractor|colleague|analyst|"
    rf"responder|reviewer|maintainer|manager|consultant|trainee|DBA|SRE|commander|person|team|{'|'.join(_ROLES)})s"
)
_HABIT = (  # of several people, or of one: what is so, or is done again and again
    r"(?:needed|required|owned|lacked|had (?!\w+ed\b)|held|carried|watched|belonged|consisted|received|got (?!rid)|"
    r"relied|depended|worked(?! around)|managed|maintained|operated|handled|spoke|waited(?! too)|logged in|signed in|"
    r"remained|stayed|monitored|administered|covered|supported)\b"
)
_HABIT_OF_MANY = (
    r"(?:used|shared|stored|kept|accepted|accessed|entered|ran|tested|signed|sent|reused|connected|deployed from|"
    r"published with)\b(?!.*\b(?:wrong|mistake|too|instead|careless\w*)\b)"
)
_STATE = expression(
    rf"{_LABEL}(?:(?!{_ONE} )(?:[\w’'-]{{2,20}} ){{0,3}}?(?:{_MANY}|staff|people|personnel)\b(?! fell\b)|"
    rf"{_WHO} {_HABIT}|(?:[\w’'-]{{2,20}} ){{0,4}}?(?:{_MANY}|staff|people|personnel){_WHERE} {_HABIT_OF_MANY})",
    re.IGNORECASE,
)
_RESPONSE = expression(  # what was done about the incident, and when, has not caused it
    r"\bat \d{1,2}[:.h]\d\d\b|"
    r"\b(?:after|within) (?:[\w-]{1,10} ){1,2}(?:seconds?|minutes?|hours?|days?|weeks?|months?)\b|"
    r"\b(?:escalated|restored|contained|mitigated|investigated|notified|informed|declared|rolled back)\b"
    r"(?!.*\b(?:wrong|without|too)\b)",
    re.IGNORECASE,
)
_BECAUSE = expression(r"\b(?:because|since|due to the fact that) ", re.IGNORECASE)
# Who sees what happened has not caused it.
_AFFECTED = expression(
    rf"\W{{0,8}}(?:[\w’'-]{{2,20}} ){{0,4}}?{_AGENT}{_WHERE} (?:saw|received|got|noticed|reported|experienced|"
    r"(?:was|were) paged|were (?:unable|affected|logged)|restored|recovered|worked in parallel|could not)\b",
    re.IGNORECASE,
)
_BY_AGENT = expression_of(
    ["by "],
    rf"\bby (?:an? |the |our |their |one of (?:our|the) )?(?:[\w-]{{3,20}} )?{_AGENT}{_WHERE}\W{{0,8}}\Z",
    re.IGNORECASE,
)
_DENIED = expression(r"\b(?:not|never|another)\b|n[’']t\b|\?", re.IGNORECASE)  # "was not reviewed by another developer"
_WEAKNESSES = (
    *("haste", "inexperience", "carelessness", "negligence", "inattention", "ignorance", "clumsiness", "impatience"),
    *("forgetfulness", "laziness", "overconfidence", "incompetence", "tiredness", "fatigue", "curiosity", "hurry"),
    *("sloppiness", "stress"),
)
_WEAKNESS = rf"(?:{'|'.join(_WEAKNESSES)})"
_LAPSES = (
    "failure",
    "lapse",
    "loss",
    "slip",
    "moment",
    "want",
    "judg",
    "typo",
    "mistake",
    "fault",
    "error",
    "oversight",
)
_LAPSE = expression_of(
    (*_WEAKNESSES, *_LAPSES),
    rf"\b{_AGENT}[’']s (?:\w{{3,12}} )?{_WEAKNESS}\b|"
    rf"\b(?:{_WEAKNESS} (?:of|by|on the part of)|failure (?:of|by)) {_WHO}\b(?! (?:account|host|tool)s?\b)|"
    r"\b(?:lapse|loss|slip|moment|want) of (?:\w{3,12} )?(?:concentration|attention|judge?ment|memory|tongue|pen)\b|"
    r"\b(?:bad|poor|wrong) judge?ment\b|\A\W{0,8}an? typo\W{0,8}\Z|"
    rf"\b(?:mistake|fault|error|oversight) of (?:an? |the |our )?(?:[\w’'-]{{2,20}} ){{0,3}}?{_AGENT}\W{{0,8}}\Z",
    re.IGNORECASE,
)
_OF_PERSON = (
    rf"(?:then )?(?:{_AGENT}|(?:an?|the|our) (?:[\w-]{{2,20}} )?{_AGENT}|nobody|no one|{_ACT}|skipped|it was an? )"
)
_REASON = expression(
    rf"\b(?:because|since|as|so|due to|owing to|which|that|while|whose|where|and)\b(?! {_OF_PERSON})", re.IGNORECASE
)
_REASON_BY_ITSELF = expression(r"\b(?:without|until)\b|\bany(?:one|body)?\b", re.IGNORECASE)
_HELD = expression(  # what is thought, or taken for something, is no reason
    r"\b(thought|believed|assumed|supposed|presumed|decided|insisted|hoped|expected) that\b|"
    rf"\b(?:due|owing) to (?=(?:(?:the|an?|his|her|their) )?(?:\w{{3,12}} )?{_WEAKNESS}\b)|"
    r"\bas (?:an? )?(?:noise|spam|harmless|benign|safe|false|duplicate|routine|resolved|done|solved)\b",
    re.IGNORECASE,
)
_NAMED = expression(rf"\b{_AGENT}\b|\b(?:lapse|loss|slip|moment|want)\b|judge?ment|\btypo\b", re.IGNORECASE)
# One of these stands in what ``_NAMED`` finds; "call" is that of "on-call", "judg" that of "misjudgement".
_PERSONS = (
    *("engineer", "developer", "operator", "admin", "administrator", "technician", "employee", "intern", "contractor"),
    *("colleague", "analyst", "responder", "reviewer", "maintainer", "manager", "consultant", "trainee", "dba", "sre"),
    *("member", "commander", "person", "team", "staff", "someone", "somebody", "he", "she", "people", "shift"),
    *("oncall", "call", "head", *_ROLES),
    *("lapse", "loss", "slip", "moment", "want", "typo"),
)
_WHO_WORDS = frozenset(f"{word}{end}" for word in _PERSONS for end in ("", "s"))
_WORD = expression(r"[^\W_]+")
_BEGINNING = expression(r"\w[\w’'-]*")
_MOST_BEFORE = 6  # words that stand before the person of ``_WHO``
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
    without_held = _HELD.sub(r"\1", plain)
    if len(_SENTENCE.findall(plain)) > 1 or _REASON_BY_ITSELF.search(without_held):
        return ""
    if not _NAMED.search(plain) or _REASON.search(without_held):
        return ""
    if (_may_begin_with_person(plain) and _AFFECTED.match(plain)) or _RESPONSE.search(plain):
        return ""
    by_agent = None if _DENIED.search(plain) else _BY_AGENT.search(plain)
    match = _act(plain) or _act_behind(plain) or by_agent or _LAPSE.search(plain)
    return match[0].strip(" *:.-") if match else ""


def _act(clause: str) -> re.Match[str] | None:
    """Return the act with which a clause begins; None where it tells how people work, or what they have."""
    return None if not _may_begin_with_person(clause) or _STATE.match(clause) else _SUBJECT.match(clause)


def _may_begin_with_person(clause: str) -> bool:
    """Say whether a person may stand among the first words of a clause, behind a label or none."""
    words = islice(_BEGINNING.finditer(clause.casefold()), _MOST_BEFORE + 1)
    return "**" in clause or any(word[0].startswith(("on-call", *_PERSONS)) for word in words)


def _act_behind(text: str) -> re.Match[str] | None:
    """Return the act that a sentence gives as its reason: "since the engineer was in a hurry"."""
    found = (_act(text[match.end() :]) for match in _BECAUSE.finditer(text))
    return next(filter(None, found), None)
