"""Rules for blameless language over the whole page (template sections 1, 2 and 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sphinx_postmortem.core.checks.blaming_sayings import LATE_WISDOM, OF_LATE_WISDOM, OF_SAYINGS, SAYINGS
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.word_places import Together, prose_with, words
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template sections 1, 2 and 9"
PERSON = (
    r"(?:engineers?|developers?|operators?|admins?|administrators?|technicians?|employees?|interns?|contractors?|"
    r"colleagues?|analysts?|responders?|reviewers?|maintainers?|managers?|consultants?|trainees?|DBAs?|SREs?|"
    r"staff(?: members?)?|team members?|commanders?|on-?call|someone|somebody|he|she)"
)
_CHECKED = r"(?:check|verify|notice|follow|read|test|think|reali[sz]e|bother|pay attention|consider|double[- ]check)"
FAULT = (
    r"(?:forgot|neglected|overlooked|ignored|carelessly|negligently|mistakenly|wrongly|erroneously|incorrectly|"
    r"improperly|accidentally|unintentionally|unwittingly|"
    r"inadvertently|misread|misunderstood|should (?:not |never )?have|should(?:n[’']t) have|failed to|"
    rf"(?:did not|didn[’']t|never) (?:even |properly |fully )?{_CHECKED}|"
    r"(?:not|never) (?:even |properly |fully )?(?:read|checked|followed|tested|noticed|verified|bothered)|"
    r"fat[- ]fingered|screwed up|messed up|typed the wrong|"
    r"made (?:a|an|the|another|this) (?:\w{3,12} )?(?:mistake|error|typo)|"
    r"(?:was|were) (?:careless|negligent|inattentive|at fault|to blame))"
)
_GROUP = (  # those who are named by what they do, behind an article or at the beginning of a clause
    r"(?:(?i:(?:the|our|their|an?) (?:[\w-]{2,20} ){0,3}(?:teams?|shift|crew|vendor|supplier|department|contractor|"
    r"person|agency|support|helpdesk|desk|group))|"
    r"(?:^|(?<=[.;:,] )|(?<=that ))(?:[Tt]he )?(?:[Mm]anagement|[Mm]arketing|[Oo]perations|[Oo]ps|[Ss]upport|"
    r"[Ff]inance|[Ss]ales|[Ee]ngineering|[Ll]egal|DevOps|IT|HR))"
)
_BY_THE_WAY = r"(?:(?:had|have|has|also|then|again|simply) ){0,2}"
_FAULT_OF_GROUP = (
    r"(?:failed to (?:follow|notice|check|read|tell|inform|communicate|escalate|respond|react|document|test|review|act|"
    r"answer|do|verify)|forgot|neglected|overlooked|ignored|carelessly|mistakenly|wrongly|should (?:not |never )?have|"
    r"(?:slept|dozed) through|rubber[- ]stamped|(?:did not|didn[’']t) (?:even )?(?:do (?:its|their|his|her) jobs?|"
    r"bother|care)|(?:took|needed|waited) (?:far |much |way )?too long|"
    r"(?:was|were) (?:far |much |simply )?too (?:lazy|slow|careless|busy|inexperienced)|screwed up|messed up|"
    r"(?:was|were) (?:careless|negligent|at fault|to blame)|"
    r"(?:[a-z]{2,14} ){1,4}without (?:thinking|care|checking|looking))"
)
_LURE = r"(?:e?-?mail|phish\w*|scam|trick|lure|link|message|call|attachment|ruse|hoax)s?"
_BLAME_PERSON = expression(
    rf"\b(?:{_GROUP}|(?i:{PERSON})) {_BY_THE_WAY}{_FAULT_OF_GROUP}(?!\w)|"
    r"\b(?i:nobody|no[- ]one|none of (?:us|them)) (?:had )?(?:even )?(?:bothered|cared|took the trouble)\b|"
    rf"\b(?:[A-Z][a-z]{{1,20}}|(?i:{PERSON})) (?:was|were) the ones? (?:who|that)\b|"
    rf"\bfell for (?:the|a|an|this|that) (?:\w+ ){{0,2}}{_LURE}\b|"
    rf"\b(?i:{PERSON}),? (?:who (?:[\w-]{{1,20}},? ){{1,5}})?(?:again, )?(?:had |have |has |also |then ){{0,2}}"
    rf"{FAULT}(?!\w)|"
    rf"\b(?i:{PERSON})[’']s? (?:own )?(?:fault|mistake|carelessness|negligence|inexperience)\b|"
    r"\b(?:[Mm]istake|[Ee]rror)s? (?:was|were) made by (?:the |an? |our )?\w|"
    r"\b(?:[A-Z][a-z]{1,20},? (?:who (?:[\w-]{1,20},? ){1,5})?)did(?: not|n[’']t) (?:even )?bother\b|"
    r"\b(?:we|they|[A-Z][a-z]{1,20}) (?:had |have |has |simply )?"
    r"(?:forgot|forgotten|neglected to|carelessly|negligently|"
    r"(?<!Nobody )(?<!None )(?<!Neither )(?<!Nothing )(?:was|were) (?:careless|negligent|at fault|to blame))(?!\w)",
)
_ASKED = (
    r"(?:known|noticed|reali[sz]ed|checked|verified|caught|thought|remembered|been more careful|paid|double[- ]checked|"
    r"asked|seen|tested|reviewed|escalated|anticipated|considered|spotted)"
)
_WAS_ASKED = (
    r"(?:known|noticed|checked|verified|caught|tested|reviewed|escalated|anticipated|considered|spotted|addressed|"
    r"communicated|documented|rushed|prevented|avoided|raised|monitored|identified|rotated|revoked|patched|detected)"
)
# What follows shows a verb: "we should have automated the test", and not "we should have automated tests".
_OBJECT = (
    r"(?=\s+(?:the|a|an|this|that|these|those|it|them|our|their|his|her|for|before|after|more|earlier|sooner)\b|"
    r"[.,;!?])"
)
_HINDSIGHT = expression(
    rf"\b(?:should|ought to)(?: not|n[’']t| never)? have (?:been {_WAS_ASKED}|{_ASKED})(?!\w)|"
    rf"\b(?:{PERSON}|we|they|(?:the|our) team) (?:should(?: not|n[’']t| never)?|ought(?: not)? to) have "
    rf"[a-z]{{2,14}}ed{_OBJECT}|"
    rf"\bhad (?:(?:the|our|an?) )?(?:{PERSON}|we|they) (?:only |just )?{_ASKED}(?!\w)(?![^.]*\?)|"
    rf"\b(?:{PERSON}|we|they) could(?: have|[’']ve) (?:easily )?(?:prevented|avoided|{_ASKED})(?!\w)|"
    r"\bany (?:competent|decent|good|experienced|sensible|reasonable|half-awake) \w+ would\b|"
    r"\bknew better than\b|\b(?:should|ought to) have known better\b|"
    r"\bwould(?: not|n[’']t) have been (?:necessary|needed)\b|"
    rf"\bif (?:only )?(?:the |our |an? )?(?:[\w-]{{2,20}} )?(?:{PERSON}|team|support|vendor|we|they) had "
    rf"(?:only |just )?"
    rf"(?:{_ASKED}|[a-z]{{2,12}}ed (?:sooner|earlier|better|their|it|the|this|more))(?!\w)(?![^.]*\?)|"
    r"\bwould(?: not|n[’']t) have (?:occurred|happened)\b|"
    r"\bwould(?: likely| probably| easily| also)? have (?:easily |likely )?(?:been )?"
    r"(?:caught|prevented|avoided|stopped|detected|flagged|spotted|noticed|averted|revealed)\b|"
    r"\bif only (?:we|they|he|she|the|someone)\b|\bif only (?:[\w’'-]{2,20} ){1,3}had\b|"
    r"\b(?:could|would|might) (?:easily |have easily )?have (?:easily )?been (?:avoided|prevented)\b",
    re.IGNORECASE,
)
_BLAME_WORD = expression(
    r"\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|ce)|sloppy|sloppiness|stupid(?:ity|ly)?|idiot(?:ic)?|"
    r"inattenti(?:on|ve)|reckless(?:ly|ness)?|thoughtless(?:ly|ness)?|"
    r"lazi(?:ness|ly)|(?:too|so|was|were) lazy|irresponsib(?:le|ly|ility)|unprofessional(?:ly)?|"
    r"incomprehensible that|inexcusabl[ey]|(?:poor|bad|wrong) judge?ment|"
    r"lack of (?:care|diligence|discipline|common sense)|"
    r"(?:was|were) (?:told off|reprimanded|scolded|disciplined)|clums(?:y|iness|ily)|"
    r"foolish(?:ly|ness)?|complacen(?:t|cy)|"
    r"dropped the ball|rookie (?:mistake|error)|asleep at the (?:wheel|switch)|PEBKAC|"
    r"blunder(?:ed|s)?|lazy (?:engineer|operator|developer|admin)s?)\b",
    re.IGNORECASE,
)


def mentions(text: str, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each of ``names`` that stands in ``text`` as whole words, with its 1-based column."""
    folded = text.casefold()
    for name in names:
        wanted = name.casefold().strip()
        position = folded.find(wanted) if wanted else -1
        while position >= 0:
            end = position + len(wanted)
            if not folded[position - 1 : position].isalnum() and not folded[end : end + 1].isalnum():
                yield name, position + 1
                break
            position = folded.find(wanted, position + 1)


# What a text must hold for a rule to match: most texts hold none of it.
OF_FAULT = (
    words(
        "forgot neglected overlooked ignored carelessly negligently mistakenly wrongly erroneously incorrectly "
        "improperly accidentally unintentionally unwittingly inadvertently misread misunderstood failed fat screwed "
        "messed typed careless negligent inattentive fault blame"
    ),
    words("should shouldn", "have"),
    words(
        "not never didn",
        "check verify notice follow read test think realise realize bother pay consider double checked followed tested "
        "noticed verified bothered",
    ),
    words("made", "mistake error typo"),
)
_OF_PERSON = (
    *OF_FAULT,
    words("slept dozed rubber bother bothered cared trouble fell forgotten"),
    words("mistake carelessness negligence inexperience"),
    words("did didn", "job jobs care"),
    words("too", "long lazy slow busy inexperienced"),
    words("without", "thinking care checking looking"),
    words("one ones", "who that"),
    words("mistake mistakes error errors", "by"),
)
_OF_HINDSIGHT = (
    words("should shouldn ought oughtn could would wouldn might", "have ve"),
    words(
        "had",
        "if known noticed realised realized checked verified caught thought remembered careful paid double asked seen "
        "tested reviewed escalated anticipated considered spotted",
    ),
    words("any", "would"),
    words("knew"),
    words("if", "only"),
)
_OF_WORD = (
    words(
        "careless carelessly carelessness negligent negligently negligence incompetent incompetence sloppy sloppiness "
        "stupid stupidity stupidly idiot idiotic inattention inattentive reckless recklessly recklessness thoughtless "
        "thoughtlessly thoughtlessness laziness lazily lazy irresponsible irresponsibly irresponsibility "
        "unprofessional unprofessionally incomprehensible inexcusable inexcusably judgement judgment reprimanded "
        "scolded disciplined clumsy clumsiness clumsily foolish foolishly foolishness complacent complacency dropped "
        "rookie asleep pebkac blunder blundered blunders"
    ),
    words("lack", "care diligence discipline common"),
    words("told", "off"),
)


def _matches(page: CheckedPage, pattern: re.Pattern[str], wanted: Sequence[Together], mend: str) -> Iterator[Hit]:
    for prose in prose_with(page, wanted):
        text = prose.text
        if text.lstrip().startswith(">"):
            continue  # what others said is quoted as they said it
        for match in pattern.finditer(text):
            yield Hit(prose.number, f'"{match[0]}": {mend}', match.start() + 1, prose.file)


@check(
    "blame-person",
    "warning",
    source=_SOURCE,
    english=True,
    bad="The engineer forgot to renew the certificate.\n",
    good="No reminder was sent before the certificate expired.\n",
)
def blame_person(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No person is the subject of a fault: "the engineer forgot", "she should have", "the operator failed to"."""
    mend = "a person as subject of a fault; say what the system let happen"
    yield from _matches(page, _BLAME_PERSON, _OF_PERSON, mend)
    yield from _matches(page, SAYINGS, OF_SAYINGS, mend)


@check(
    "blame-hindsight",
    "note",
    source=_SOURCE,
    english=True,
    bad="The reviewers should have noticed the change.\n",
    good="The change was not visible in the review.\n",
)
def blame_hindsight(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No counterfactuals: "should have noticed", "could have been prevented", "if only"."""
    mend = "a counterfactual; say what was seen, and why it made sense at the time"
    yield from _matches(page, _HINDSIGHT, _OF_HINDSIGHT, mend)
    yield from _matches(page, LATE_WISDOM, OF_LATE_WISDOM, mend)


@check(
    "blame-word",
    "warning",
    source=_SOURCE,
    english=True,
    bad="A careless deletion removed the data.\n",
    good="A deletion removed the data; the tool asked for no confirmation.\n",
)
def blame_word(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No words that judge people: "careless", "negligent", "sloppy", "blunder"."""
    yield from _matches(page, _BLAME_WORD, _OF_WORD, "this judges people; say what the system let happen")


@check(
    "person-name",
    "error",
    source=_SOURCE,
    bad="Jane Doe restarted the service.\n",
    good="The engineer on call restarted the service.\n",
    settings={"people": {"deny": ["Jane Doe"]}},
)
def person_name(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No name of `postmortem_people["deny"]` stands on the page, unless it is in its "allow"; roles belong there."""
    allowed = {name.casefold() for name in settings.people.allow}
    names = [name for name in settings.people.deny if name.casefold() not in allowed]
    for file, lines in page.source.files.items() if names else ():
        for number, name, column in _places_of_names(lines, names):
            yield Hit(number, f"{name} is named; write the role", column, file)


def _places_of_names(lines: Sequence[str], names: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Yield each name with its line and column (0 where markup stands before it)."""
    bare = [re.sub(r"[*_`]", "", text) for text in lines]
    for number, text in enumerate(bare, start=1):
        for name, column in mentions(text, names):
            yield number, name, column if text == lines[number - 1] else 0
        # A name may be broken over two lines.
        if number < len(bare) and text.strip() and bare[number].strip():
            here, both = text.strip(), f"{text.strip()} {bare[number].strip()}"
            for name, column in mentions(both, names):
                if column <= len(here) < column + len(name) - 1:
                    yield number, name, 0
