"""Rules for the root cause and its contributing factors (template section 6).

A text must say which control was missing or failed: that turns a fault into a cause. A word such as "check" or
"policy" says nothing by itself. A clause counts where it says that a control is absent, that a control or a tool did
what it should not, or that the system let a mistake through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.checks.acts_of_persons import act_of_person
from sphinx_postmortem.core.checks.language import FAULT, OF_FAULT, PERSON, mentions
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.word_places import paragraphs_with, words
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english
from sphinx_postmortem.core.reader.read_page import Place
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 6"
_SUMMARY = ":::{incident-summary} SEC-1\n\nText.\n:::\n\n"
_WHY = expression(
    r"\b(?:because|since|due to|caused by|so that|therefore|as a result|allow(?:s|ed)|led to|"
    r"not|never|no|nor|none|nobody|nothing|without|lack(?:s|ed)?|missing|absent|"
    r"only|cannot|could ?n.t|was ?n.t|were ?n.t|"
    r"did ?n.t|does ?n.t|is ?n.t|unable|fail(?:s|ed|ure)?|stale|out of date|outdated|too|instead of|rather than|"
    r"by ?pass(?:es|ed)?|trust(?:s|ed)?|assum(?:es|ed))\b",
    re.IGNORECASE,
)
_WHOSE = (
    r"(?:human|operator|pilot|user|admin(?:istrator)?|engineer|developer|technician|staff|employee|personnel|people|"
    r"manual)"
)
_ERROR = expression(
    r"(?<!not )(?<!no )(?<!not a )(?<!avoid )(?<!prevent )(?<!reduce )(?<!against )(?<!risk of )(?<!instead of )"
    r"(?<!than )"
    rf"\b{_WHOSE}(?:[’']s)?[ -](?:error|mistake|failure|fault|oversight|slip|blunder)s?\b"
    r"(?! (?:rates?|messages?|reports?|pages?|codes?|handling|logs?|counts?|budgets?|responses?|was ruled out)\b)"
    r"(?![ -]prone)|"
    rf"\bmanual (?:\w{{3,12}} )?mistake|\bhuman (?:factors?|fallibility|weakness|nature)\b|"
    r"\bfinger trouble\b|\bfat[- ]finger(?:ed)?\b",
    re.IGNORECASE,
)
_OF_ERROR = (
    words(
        "human operator pilot user admin administrator engineer developer technician staff employee personnel people",
        "error errors mistake mistakes failure failures fault faults oversight oversights slip slips blunder blunders",
    ),
    words("manual"),
    words("human", "factor factors fallibility weakness nature"),
    words("finger fingered"),
)
_FAULT_IN_CAUSE = expression(
    rf"\b(?:{PERSON}|(?:the|our|their) (?:[\w-]{{2,20}} )?team|we|they) "
    rf"(?:had |have |has |simply )?{FAULT}(?!\w)|"
    r"\b(?:accidentally|unintentionally|inadvertently|mistakenly|unwittingly) (?:deleted|removed|dropped|wiped|"
    r"destroyed|overwr(?:ote|itten)|disabled|exposed|committed|published|terminated|reverted|revoked|triggered|merged|deployed)\b|"
    r"\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|ce)|inattenti(?:on|ve)|oversight by|"
    r"(?:by|in|a|an|the|made|honest) (?:\w{3,12} )?mistake"
    r"(?! (?:in [^.;]{1,30} )?(?:was|is|were) (?:caught|found|noticed|spotted|mended|undone))|"
    r"lack of (?:care|attention|diligence|discipline))\b",
    re.IGNORECASE,
)

_OF_PERSONS = words(
    "engineer engineers developer developers operator operators admin admins administrator administrators technician "
    "technicians employee employees intern interns contractor contractors colleague colleagues analyst analysts "
    "responder responders reviewer reviewers maintainer maintainers manager managers consultant consultants trainee "
    "trainees dba dbas sre sres staff team commander commanders call oncall someone somebody he she we they"
)
_OF_FAULT_IN_CAUSE = (
    *((*groups, *_OF_PERSONS) for groups in OF_FAULT),
    words(
        "accidentally unintentionally inadvertently mistakenly unwittingly careless carelessly carelessness negligent "
        "negligently negligence incompetent incompetence inattention inattentive oversight mistake lack"
    ),
)


def _cause(text: str) -> str:
    return f":::{{root-cause}}\n{text}\n:::\n"


@check(
    "root-cause-missing",
    "error",
    source=_SOURCE,
    incomplete=True,
    bad=_SUMMARY,
    good=_SUMMARY + _cause("The token could publish any package."),
)
def root_cause_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A postmortem has a root cause with text."""
    causes = page.source.named("root-cause")
    if not causes:
        yield Hit(page.line, "the page has no root cause; write `:::{root-cause}` with why existing controls failed")
    elif any(line.text.strip() for line in causes[0].body) and not page.text_of("root-cause"):
        message = "the root cause is empty; explain why existing controls failed"
        yield Hit(causes[0].line, message, file=causes[0].file)


@check(
    "root-cause-why",
    "note",
    source=_SOURCE,
    incomplete=True,
    english=True,
    bad=_cause("An attacker took the token and published a package."),
    good=_cause("The token was taken since it was valid for a year and could publish any package."),
)
def root_cause_why(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The root cause explains why existing controls failed, and not just what happened.

    A text without any word of cause, lack or failure does not.
    """
    for directive in page.source.named("root-cause"):
        text = " ".join(line.text for line in page.source.written(directive)).strip()
        if text and not _WHY.search(text):
            message = "the text tells what happened; explain why the existing controls did not stop it"
            yield Hit(directive.line, message, file=directive.file)


@check(
    "human-error",
    "error",
    source="template section 6",
    english=True,
    bad=_cause("The outage was a human error."),
    good=_cause("Human error was possible since the tool has no confirmation step."),
)
def human_error(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No generic "human error", "operator error" or their kin without systemic context in the same paragraph."""
    for line, prose in paragraphs_with(page, _OF_ERROR):
        # A timeline tells what was thought at the time.
        is_event = (prose.directive and prose.directive.name == "timeline") or re.match(r"\|\s*[~\d]", line.text)
        match = None if is_event else _ERROR.search(line.text)
        if match and not names_control(line.text, match.start()):
            message = f'"{match[0]}" without systemic context; say which control allowed it to matter'
            yield Hit(line.number + line.text.count("\n", 0, match.start()), message, file=line.file)


@check(
    "cause-fault",
    "error",
    source="template section 6",
    english=True,
    bad=_cause("The operator failed to follow the process."),
    good=_cause("The operator failed to notice it, since the tool shows both clusters alike."),
)
def cause_fault(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The root cause and the factors are no one's fault without systemic context in the same paragraph.

    "The engineer should have", "the team failed to", "clicked on a link", "by mistake", "careless", "lack of attention"
    and their kin say who, and not why the controls let it happen.
    """
    causes = page.cause_paragraphs
    with_fault = {line.place for line, _ in paragraphs_with(page, _OF_FAULT_IN_CAUSE)} if causes else set[Place]()
    for line, _ in causes:
        match = _FAULT_IN_CAUSE.search(line.text) if line.place in with_fault else None
        words, place = (match[0], match.start()) if match else (act_of_person(line.text), 0)
        if words and not names_control(line.text, place):
            message = f'"{words}" without systemic context; say which control allowed it to matter'
            yield Hit(line.number + line.text.count("\n", 0, place), message, file=line.file)


@check(
    "cause-person",
    "error",
    source="template sections 1 and 6",
    bad=_cause("@jdoe was able to push to production without review."),
    good=_cause("Anyone on call was able to push to production without review."),
)
def cause_person(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No person is named in the root cause or the factors: no `@handle`, no name of `postmortem_people["deny"]`."""
    for directive in [*page.source.named("root-cause"), *page.source.named("contributing-factors")]:
        for line in page.source.written(directive):
            match = re.search(r"(?<![\w@.`/])@[A-Za-z][\w-]{1,38}\b(?!/)", line.text)
            if match and match[0].removeprefix("@").casefold() not in _folded(settings.people.allow):
                yield Hit(
                    line.number,
                    f"the cause names {match[0]}; name the role, or the control that was missing",
                    match.start() + 1,
                    line.file,
                )
            for name, column in mentions(line.text, settings.people.deny):
                message = f"the cause names {name}; name the role, or the control that was missing"
                yield Hit(line.number, message, column, line.file)


@check(
    "factor-missing",
    "error",
    source=_SOURCE,
    incomplete=True,
    bad=_SUMMARY,
    good=_SUMMARY + ":::{contributing-factors}\n- **Monitoring**: uploads were not compared with tags.\n:::\n",
)
def factor_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A postmortem has at least one contributing factor."""
    if not page.factors:
        yield Hit(page.line, "there is no contributing factor; write `:::{contributing-factors}` with a list")


@check(
    "factor-kind",
    "warning",
    source=_SOURCE,
    bad=":::{contributing-factors}\n- **Luck**: nobody looked.\n:::\n",
    good=":::{contributing-factors}\n- **Process**: reviews were optional.\n:::\n",
)
def factor_kind(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each contributing factor begins with a known kind (`postmortem_factor_kinds`), as in `**Process**: ...`."""
    kinds = _folded(settings.factor_kinds)
    for factor in page.factors:
        first = re.match(r"[*_`]*([^\W\d_][\w /&-]{0,60}?)[*_`]*\s*[:：.–—-]", factor.text)
        found = re.findall(r"[^\W\d_]+", first[1].casefold()) if first else []
        words = {*found, *(english("factor_kinds", word).casefold() for word in found)}
        if not any(word in kinds or word.rstrip("s") in kinds for word in words):
            message = f"the factor has no known kind; begin it with one of {', '.join(settings.factor_kinds)}"
            yield Hit(factor.number, message, file=factor.file)


def _folded(names: tuple[str, ...]) -> set[str]:
    return {name.casefold().removeprefix("@") for name in names}


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
    r"(?:allow(?:s|ed)?|permit(?:s|ted)?|invite[sd]?|lets?|accept(?:s|ed)?|grant(?:s|ed)?|skips|hid(?:es)?|lack(?:s|ed)?|"
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
    r"(?<![^.;:])[^.;:]*\b(?:will|must|shall|has been booked|is planned|are planned|was reminded|were reminded|"
    r"reminded|to be (?:trained|reviewed|explained))\b[^.;:]*",
    re.IGNORECASE,
)


def names_control(text: str, place: int) -> bool:
    """Say whether a paragraph names a control that was missing or failed, near the fault that stands at ``place``."""
    near = text[max(0, place - _NEAR) : place + _NEAR]
    plain = _WISH.sub(" ", " ".join(near.split())[:_LONGEST])
    return any(pattern.search(plain) for pattern in _STATES)
