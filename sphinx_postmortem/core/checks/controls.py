"""Whether a text says which control was missing or failed: what turns a fault into a cause.

A word such as "check" or "policy" says nothing by itself. A clause counts where it says that a control is absent, that
a control or a tool did what it should not, or that the system let a mistake through.
"""

from __future__ import annotations

import re

from sphinx_postmortem.core.expressions import expression

_NEAR = 1500  # letters on either side of a fault
_CONTROL = (
    r"(?:[\w-]{0,20}(?:controls?|guard ?rails?|safeguards?|safety nets?|checks?|reviews?|approvals?|confirmations?|"
    r"validations?|"
    r"alerts?|alarms?|monitoring|warnings?|reminders?|limits?|locks?|gates?|tests?|previews?|scanning|logging|"
    r"documentation|runbooks?|checklists?|procedures?|process(?:es)?|polic(?:y|ies)|automation|training|inventory|"
    r"rollback|way (?:to|of)|separation|isolation|redundancy|backups?|owners?|factor|staging|protections?|steps?|"
    r"permissions?|least privilege|authentication|verification))"
)
_SYSTEM = (
    r"(?:[\w-]{0,20}(?:tool(?:ing)?s?|consoles?|systems?|scripts?|commands?|interfaces?|UIs?|forms?|prompts?|pipelines?|jobs?|"
    r"modules?|services?|dashboards?|pages?|APIs?|programs?|software|templates?|logs?|roles?|accounts?|tokens?|"
    r"credentials?|environments?|defaults?|clusters?|hosts?|platforms?|repositor(?:y|ies)|branch(?:es)?|settings?|"
    r"contexts?|notifications?|publishing|sharing|renewal|releases?|designs?|architectures?|configurations?|rules?))"
)
_ABSENT = (
    r"(?:no|nothing|lack(?:s|ed|ing)?(?: of)?|(?:was|were|is|are|had been) (?:missing|absent)|missing|absent|"
    r"absence of|insufficient|inadequate|incomplete|outdated|obsolete|stale|ambiguous|confusing|misleading|optional|"
    r"only one)"
)
_WEAK = (
    r"(?:missing|absent|optional|manual|disabled|muted|silenced|outdated|out of date|obsolete|stale|incomplete|unclear|"
    r"ambiguous|confusing|misleading|bypassed|untested|ineffective|impossible|inadequate|insufficient|"
    r"unowned|shared|too (?:broad|wide|long|late|noisy)|spread over|hidden|the (?:default|same)|"
    r"not? (?:set up|enforced|enabled|required|possible|available|automated|tested|shown|covered|protected|in place))"
)
_NOT = r"(?:(?:did|does|do|could|can|would|will|had|has)(?: not|n[’']t)|cannot|never)"
_FAILS = rf"(?:fail(?:s|ed)|went to|cover(?:s|ed)? only|{_NOT})"
_GUARD = (
    r"(?:ask|warn|stop|prevent|check|show|tell|protect|block|reject|refuse|validate|verify|confirm|detect|catch|limit|"
    r"require|alert|notice|distinguish|notify|have|had|offer|enforce|say|separate|restrict|record|test)(?:s|ed)?"
)
_LETS = (
    r"(?:allow(?:s|ed)?|permit(?:s|ted)?|lets?|accept(?:s|ed)?|grant(?:s|ed)?|skips|hid(?:es)?|lack(?:s|ed)?|"
    r"default(?:s|ed)? to|dropped|need(?:s|ed)? only|cover(?:s|ed)? only|prints? hundreds|opens? all|"
    r"(?:show|look)(?:s|ed)?\b.{0,30}\b(?:alike|the same|similar)|named? the wrong|shared?|shares|"
    rf"{_NOT} (?:even )?{_GUARD})"
)
_HUMAN_DUTY = r"(?:follow|obey|observe|respect|adhere|heed|use|read|know)"  # "the process was not followed" blames
_BETWEEN = r"(?:\s+(?!(?:who|he|she|they|one|body|man|woman)\b)[\w’'-]+){0,3}?\s+"
_RELATIVE = r"(?:,?\s+(?:which|that|whose|it))?(?:\s+[\w’'-]+){0,6}?\s+"
_ABLE = r"(?:could|can|may|might|(?:was|were|is) (?:able|enough)|possible|allowed)"
_BE = r"(?:is|are|was|were|been|had been|has been)\s+(?:\w+ly )?"
_STATES = tuple(
    expression(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_ABSENT}\b{_BETWEEN}?\s*\b{_CONTROL}\b(?! (?:{_HUMAN_DUTY})ed)",
        r"\bnothing\b[^.]{0,40}\b(?:ask|warn|stop|prevent|check|tell|show|limit|protect|block|catch|caught)\w*",
        r"\bthere (?:is|was|are|were) (?:no|nothing)\b(?! (?:one|excuse|reason|doubt))",
        r"\bno\s+(?:\w+\s+)?(?:control|alert|check|way|limit|one (?:owned|was paged))\b",
        rf"\b{_CONTROL}{_RELATIVE}{_BE}{_WEAK}\b",
        rf"\b{_CONTROL}{_RELATIVE}{_BE}(?:wrong|incorrect|broken|unavailable|off)\b",
        rf"\b{_SYSTEM}{_RELATIVE}{_BE}{_WEAK}\b",
        rf"\bneither\b[^.;]{{0,40}}\b{_GUARD}\b",
        rf"\b{_CONTROL}{_RELATIVE}{_FAILS}\b(?!\s+(?:be(?:en)?\s+)?{_HUMAN_DUTY}(?:ed|d)?\b)",
        rf"\b(?:{_CONTROL}|{_SYSTEM}){_RELATIVE}{_LETS}\b(?!\s+(?:be\s+)?{_HUMAN_DUTY}(?:ed|d)?\b)",
        rf"\b{_ABLE}\b[^.;]{{0,40}}\b(?:without|by one person|any(?:one)?\b)",
        rf"\b(?:one|any|a single) (?:person|account|click|key|command|factor)\b[^.;]{{0,20}}\b{_ABLE}\b",
        r"\b(?:same|identical|similar|confusable)\b[^.;]{0,12}\bnames?\b|\blook(?:s|ed)? (?:alike|the same)\b",
        r"\b(?:full|admin|root|broad|unlimited|write|production) (?:access|rights|permissions|privileges)\b",
        r"\bfalse (?:positives|alarms)\b|\balert fatigue\b|\bbug in\b|\brace condition\b",
        r"\bby itself\b|\bunless told otherwise\b|\bmakes? it easy\b|\bwas made (?:likely|possible|easy) by\b",
        rf"\b(?:owing|due) to (?:an? |the )?{_ABSENT}\b",
    )
)
# What will be done, or ought to have been, is no control that was missing.
_LONGEST = 2_000  # characters of a clause that are looked at
_WISH = expression(
    r"[^.;:]*\b(?:will|must|shall|has been booked|is planned|are planned|was reminded|were reminded|reminded|"
    r"to be (?:trained|reviewed|explained))\b[^.;:]*",
    re.IGNORECASE,
)


def names_control(text: str, place: int) -> bool:
    """Say whether a paragraph names a control that was missing or failed, near the fault that stands at ``place``."""
    near = text[max(0, place - _NEAR) : place + _NEAR]
    plain = _WISH.sub(" ", " ".join(near.split())[:_LONGEST])
    return any(pattern.search(plain) for pattern in _STATES)
