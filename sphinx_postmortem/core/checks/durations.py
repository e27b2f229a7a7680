"""Rules about durations that a text states: they are those that the timeline gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from sphinx_postmortem.core.checks.contradictions import (
    english_statement,
    is_all_english,
    phrases_on,
    timeline_text,
)
from sphinx_postmortem.core.checks.milestone_words import DETECTED, DONE, EVENTS, RECOVERED, STARTED
from sphinx_postmortem.core.checks.named_spans import FILLER as _FILLER
from sphinx_postmortem.core.checks.named_spans import NamedEnds, clocks_of_whole, named_ends
from sphinx_postmortem.core.checks.page import IMPACT_OPTIONS, CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression, expression_of
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.records.milestones import milestone_moments
from sphinx_postmortem.core.records.spans import Span, span_between
from sphinx_postmortem.core.records.stated_durations import StatedDuration, find_durations
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.core.settings import Settings

_BARS_OF_A_PAIR = 3
_MOST_ROWS = 40  # of which all pairs are compared
_SENTENCE_END = expression(r"[.!?](?=\s|\Z)|[|;]|\n(?![^\W\dA-ZÀ-Þ_]|[\d(~])")  # a line may be broken anywhere
_TIME_TO = expression_of(
    ["time"], rf"\btime[ -]to[ -](?P<verb>[a-z]+)\b[\s:*_=~≈-]{{0,8}}{_FILLER}[~≈>< ]{{0,3}}\Z", re.IGNORECASE
)
_TOTAL = expression_of(
    ["outage", "incident", "downtime", "disruption", "interruption", "duration", "total"],
    r"\b(?:outage|incident|downtime|disruption|interruption|(?:total|outage|incident) (?:duration|time)|duration)\b"
    rf"(?: of the (?:outage|incident|disruption))?[\s:*_=~≈,-]{{0,8}}{_FILLER}[~≈>< ]{{0,3}}\Z",
    re.IGNORECASE,
)
_OF_TOTAL = expression_of(
    ["outage", "downtime", "disruption", "interruption"],
    r"[\s-]{1,2}(?:long )?(?:of )?(?:total |full |complete )?(?:outage|downtime|disruption|interruption)s?\b",
    re.IGNORECASE,
)
# Not what happened, or not all of it.
_ELSEWHERE = expression(
    r"\b(?:target|goal|objective|SLOs?|SLAs?|budget|within|should|would|could|might|must|every|per|timeout|expected|"
    r"usual(?:ly)?|average|mean|median|previous|earlier|last (?:year|month|time)|next|another|other|second|(?:support|"
    r"business|working|office) hours|cumulative|combined|each|if|partial|some (?:users|customers)|before|after|until|"
    r"reduce|limit|maximum|minimum|longer|shorter|planned|maintenance|quarter|across|industry|typical(?:ly)?)\b",
    re.IGNORECASE,
)
# "Recovery took 9 hours", "resolved after 9 hours", "it took us 9 hours to recover": each names what was reached.
_NAMED_BEFORE = expression_of(
    ["detect", "contain", "recover", "restor", "resol", "repair", "acknowledged", "fixed"],
    r"\b(?P<verb>detection|containment|recovery|restoration|resolution|repair) (?:took|lasted|needed|required)\s"
    rf"{_FILLER}[~≈>< ]{{0,3}}\Z"
    r"|(?:\b(?:was|were|been|fully|completely) |\A\W{0,4})"
    r"(?P<done>acknowledged|detected|contained|recovered|restored|resolved|repaired|fixed) "
    rf"(?:in|after|within) {_FILLER}[~≈>< ]{{0,3}}\Z",
    re.IGNORECASE,
)
_DOWN = expression_of(
    ["down", "unavailable", "offline", "unreachable", "service"],
    r"\b(?:was|were|been) (?:\w{1,20}ly )?(?:down|unavailable|offline|unreachable|out of service) "
    rf"(?:for|lasting) {_FILLER}[~≈>< ]{{0,3}}\Z",
    re.IGNORECASE,
)
_TOOK = expression_of(["took"], rf"\btook (?:us |the team |the responders )?{_FILLER}[~≈>< ]{{0,3}}\Z", re.IGNORECASE)
_TO_VERB = expression(
    r"\s(?:for us )?to (?:fully |completely )?(?P<verb>detect|contain|recover|restore|resolve|repair)\b", re.IGNORECASE
)
_DONE_BEFORE = expression_of(DONE, rf"\b(?P<last>{'|'.join(DONE)})\s{_FILLER}[~≈>< ]{{0,3}}\Z", re.IGNORECASE)
_CLOCK = r"(\d{1,2}):(\d{2})(?:\s?(?:UTC|Z|h))?"
_BETWEEN_CLOCKS = expression_of(
    "([",
    rf"(?<![\d:]){_CLOCK}\s?(?:to|until|till|and|-|–|—|bis|und|à|et|hasta|y|até|e)\s?{_CLOCK}[^\d()\[\]\n]{{0,12}}[(\[]"
    r"(?:about |around |approx\.? |~|≈|for |i\.e\. |a total of ){0,2}\Z",
    re.IGNORECASE,
)
_STEMS = {
    "detect": ("detect", "detection", "detected"),
    "acknowledge": ("acknowledge", "acknowledgement", "acknowledgment", "acknowledged", "validate", "validation"),
    "contain": ("contain", "containment", "contained"),
    "recover": (
        *(
            "recover",
            "recovery",
            "recovered",
            "resolve",
            "resolution",
            "resolved",
            "restore",
            "restoration",
            "restored",
        ),
        *("repair", "repaired", "fix", "fixed"),
    ),
}
_TOPICS = (
    *("time to", "time-to", "outage", "incident", "downtime", "disruption", "interruption", "duration"),
    *("dwell", "mtt", "ttd", "tta", "ttc", "ttr", "access", "undetected", "unnoticed", "noticed", "discovered"),
    *("detection", "containment", "recover", "resol", "compromise", "acknowledg", "restor", "repair", "detected"),
    *("contained", "to detect", "to contain", "validated", "unavailable", "offline", "unreachable", "down for"),
)
_OF_CLOCKS = ("(", "from ", "between ")  # beside two clocks
_OF_EVENT = r"(?:(?:the|our|its|first|initial|full|final|complete) ){0,2}"
_END = "|".join(EVENTS)
_FROM_TO = (
    rf"(?:from |between )?{_OF_EVENT}(?P<first>{_END})"
    rf"(?: to | until | till | and | ?[-–→] ?){_OF_EVENT}(?P<last>{_END})\b"
)
_ENDS_BEFORE = expression_of(EVENTS, rf"\b{_FROM_TO}[\s:*_=~≈-]{{0,8}}{_FILLER}[~≈>< ]{{0,3}}\Z", re.IGNORECASE)
_ENDS_AFTER = expression_of(
    ["from ", "between "], rf"\s?(?:passed |elapsed |went by |lay |lie )?(?=from |between ){_FROM_TO}", re.IGNORECASE
)
_AFTER_END = expression_of(EVENTS, rf"\s(?:after|from) {_OF_EVENT}(?P<first>{_END})\b", re.IGNORECASE)
_DAY = 24 * 3600
_STARTS = (STARTED, DETECTED)

_ROWS = ("| 2026-03-02 01:14 | Alert detected |", "| 2026-03-02 05:34 | Recovery completed |")


@dataclass(frozen=True)
class _Said:
    """A duration with the sentence that states it, what stands before it in the sentence, and what follows."""

    stated: StatedDuration
    sentence: str
    before: str
    after: str

    def is_of_another(self, *phrases: str) -> bool:
        """Say whether the sentence, without phrases that were understood, speaks of another time, a part or a goal."""
        rest = self.sentence
        for phrase in filter(None, phrases):
            rest = rest.replace(phrase, "")
        return _ELSEWHERE.search(rest) is not None


@check(
    Code.DURATION_STATED,
    "error",
    source="template sections 3 and 4",
    bad=timeline_text(*_ROWS) + "\nTime to recover: 6 hours 20 minutes.\n",
    good=timeline_text(*_ROWS) + "\nTime to recover: 4 hours 20 minutes.\n",
)
def duration_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A duration that the text states ("time to recover: 4 h", "the outage lasted nine hours") is that of the rows.

    Rounded and "about" ones may differ by a unit, or by a fifth. What is said of other times or targets is left out.
    """
    timed = [row.moment for row in page.all_events if row.moment is not None and row.moment.is_known]
    if len(timed) < 2 or len(page.source.named("incident-summary")) > 1:
        return
    milestones = _milestones(page)
    topics, is_english = phrases_on(page, _TOPICS), is_all_english(page)
    for line, written in _texts(page):
        if is_english and not _is_topic(written, topics):
            continue
        english = english_statement(page, written)
        text = english.text
        for stated in find_durations(text) if _is_topic(text, topics) else ():
            if found := _contradiction(_around(text, stated), milestones, timed, settings):
                place, words = english.place(stated.start), english.words(stated.start, stated.end)
                message = f'"{words}" {found}; mend the text or the timeline'
                yield Hit(line.number + written.count("\n", 0, place), message, file=line.file)


def _is_topic(text: str, topics: Sequence[str]) -> bool:
    """Say whether a text may be about a duration."""
    folded = text.lower()
    return any(word in folded for word in (topics if ":" not in text else (*topics, *_OF_CLOCKS)))


def _texts(page: CheckedPage) -> Iterator[tuple[Line, str]]:
    """Yield the paragraphs that may state durations, and the summary's impacts."""
    for line, prose in page.paragraphs:
        if prose.directive is None or prose.directive.name != "timeline":
            yield line, _as_sentence(line.text)
    for summary in page.source.named("incident-summary"):
        yield from ((each, each.text) for name in IMPACT_OPTIONS if (each := summary.options.get(name)))


def _as_sentence(text: str) -> str:
    """Return "Duration : 9 hours" for a row of a table of two columns, such as ``| Duration | 9 hours |``."""
    row = text.strip()
    is_pair = row.startswith("|") and row.endswith("|") and row.count("|") == _BARS_OF_A_PAIR
    return row.strip("|").replace("|", ":") if is_pair else text


def _around(text: str, stated: StatedDuration) -> _Said:
    """Return a duration with its sentence."""
    begin = max((match.end() for match in _SENTENCE_END.finditer(text, 0, stated.start + 1)), default=0)
    end = match.start() if (match := _SENTENCE_END.search(text, stated.end)) else len(text)
    text = text.replace("\n", " ")
    return _Said(stated, text[begin:end], text[begin : stated.start], text[stated.end : end])


def _milestones(page: CheckedPage) -> Mapping[str, Moment]:
    """Return the time of each milestone, as the durations of a build have it."""
    found = milestone_moments((row.milestone, row.moment) for row in page.all_events)
    return {milestone: moment for milestone, moment in found.items() if moment.is_known}


def _contradiction(said: _Said, milestones: Mapping[str, Moment], timed: list[Moment], settings: Settings) -> str:
    """Say what a stated duration contradicts; empty where it agrees, or where nothing can be compared."""
    if match := _BETWEEN_CLOCKS.search(said.before):
        return _beside_clocks(said.stated, match)
    if named := named_ends(said.before, said.after):
        return _as_named(said, named, milestones)
    if clocks := clocks_of_whole(said.before, said.after):
        return "" if said.is_of_another(clocks[2]) else _apart(said.stated, clocks[0], clocks[1])
    return _of_ends(said, milestones, timed, settings)


def _of_ends(said: _Said, milestones: Mapping[str, Moment], timed: list[Moment], settings: Settings) -> str:
    """Say what a duration contradicts whose sentence names one or both of its ends, or the whole."""
    first = _AFTER_END.match(said.after)
    if (done := _DONE_BEFORE.search(said.before)) and first:
        ends = first["first"].casefold(), done["last"].casefold()
        return _between_ends(said, milestones.get(EVENTS[ends[0]]), milestones.get(DONE[ends[1]]), ends, first)
    match = _NAMED_BEFORE.search(said.before)
    if match and first:
        verb = (match["verb"] or match["done"]).casefold()
        reached = next((each for each in DONE if each[:5] == verb[:5]), "recovered")
        ends = first["first"].casefold(), reached
        return _between_ends(said, milestones.get(EVENTS[ends[0]]), milestones.get(DONE[reached]), ends, first)
    if match:
        return _as_term(said, match["verb"] or match["done"], milestones, timed, settings, match)
    if match := _TIME_TO.search(said.before) or (_TOOK.search(said.before) and _TO_VERB.match(said.after)):
        return _as_term(said, match["verb"], milestones, timed, settings)
    if match := _ENDS_AFTER.match(said.after) or _ENDS_BEFORE.search(said.before):
        ends = match["first"].casefold(), match["last"].casefold()
        return _between_ends(said, milestones.get(EVENTS[ends[0]]), milestones.get(EVENTS[ends[1]]), ends)
    is_total = _TOTAL.search(said.before) or _OF_TOTAL.match(said.after)
    return _as_whole(said, milestones, timed) if is_total or _DOWN.search(said.before) else ""


def _as_term(
    said: _Said,
    verb: str,
    milestones: Mapping[str, Moment],
    timed: list[Moment],
    settings: Settings,
    phrase: re.Match[str] | None = None,
) -> str:
    term, spans = _spans_of(verb.casefold(), milestones, timed, settings)
    if (
        not spans
        or said.is_of_another(phrase[0] if phrase else "")
        or any(said.stated.agrees_with(span) for span in spans)
    ):
        return ""
    return f"is stated as {term}, which is {spans[0]} by the timeline"


def _as_whole(said: _Said, milestones: Mapping[str, Moment], timed: list[Moment]) -> str:
    whole = span_between(timed[0], timed[-1])
    if whole is None or said.is_of_another() or any(said.stated.agrees_with(span) for span in _pairs(timed)):
        return ""
    is_longer = whole.most is not None and said.stated.least > whole.most
    has_ends = any(name in milestones for name in _STARTS) and RECOVERED in milestones
    is_part = _DOWN.search(said.before) is not None  # one service may have been down for less
    if not is_longer and (is_part or not has_ends):
        return ""
    return f"is stated for the whole, but no two rows are so far apart (all: {whole})"


def _beside_clocks(stated: StatedDuration, clocks: re.Match[str]) -> str:
    """Say that a duration in brackets is not what lies between the two clocks before it."""
    first, last = (int(clocks[number]) * 3600 + int(clocks[number + 1]) * 60 for number in (1, 3))
    return _apart(stated, first, last)


def _apart(stated: StatedDuration, first: int, last: int) -> str:
    seconds = (last - first) % _DAY
    agrees = any(stated.agrees_with(Span(each, each)) for each in (seconds, seconds + _DAY))
    return "" if agrees else f"stands beside times that lie {Span(seconds, seconds)} apart"


def _as_named(said: _Said, named: NamedEnds, milestones: Mapping[str, Moment]) -> str:
    """Say what a duration contradicts that the sentence gives between certain milestones."""
    pairs = ((milestones.get(first), milestones.get(last)) for first in named.firsts for last in named.lasts)
    spans = [span for first, last in pairs if (span := span_between(first, last)) is not None]
    if not spans or said.is_of_another(*named.phrases):
        return ""
    most = said.stated.most
    if named.is_most and any(most is None or span.least <= most for span in spans):
        return ""
    if any(said.stated.agrees_with(span) for span in spans):
        return ""
    return f"is stated as {named.words}, which is {spans[0]} by the timeline"


def _between_ends(
    said: _Said,
    first: Moment | None,
    last: Moment | None,
    ends: tuple[str, str],
    phrase: re.Match[str] | None = None,
) -> str:
    span = span_between(first, last)
    if span is None or said.is_of_another(phrase[0] if phrase else "") or said.stated.agrees_with(span):
        return ""
    return f"is stated from {ends[0]} to {ends[1]}, which is {span} by the timeline"


def _spans_of(
    verb: str, milestones: Mapping[str, Moment], timed: list[Moment], settings: Settings
) -> tuple[str, list[Span]]:
    """Return the term that a verb stands for, and its values by the timeline: from its own start, and from others."""
    own = [item for item in settings.durations if item[0].casefold() == f"time to {verb}"]
    stem = next((name for name, forms in _STEMS.items() if verb in forms), "")
    for term, start, end in own or [item for item in settings.durations if item[0].casefold() == f"time to {stem}"]:
        last = milestones.get(end)
        if start not in milestones:
            continue  # where it began is not known
        firsts = [milestones.get(name) for name in (start, *_STARTS)] + [timed[0]]
        spans = [span for first in firsts if (span := span_between(first, last)) is not None]
        return term.casefold(), spans
    return "", []


def _pairs(timed: list[Moment]) -> Iterator[Span]:
    for one, other in combinations(timed[:_MOST_ROWS], 2):
        if span := span_between(one, other):
            yield span
