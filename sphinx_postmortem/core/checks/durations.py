"""Rules about durations that a text states: they are those that the timeline gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from sphinx_postmortem.core.checks.contradictions import timeline_text
from sphinx_postmortem.core.checks.page import IMPACT_OPTIONS, CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.records.spans import Span, span_between
from sphinx_postmortem.core.records.stated_durations import StatedDuration, find_durations
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.core.settings import Settings

_MOST_ROWS = 40  # of which all pairs are compared
_SENTENCE_END = expression(r"[.!?](?=\s|\Z)|[|\n;]")
_FILLER = (
    r"(?:(?:that|which|it|we|has|have|had|lasted|lasting|lasts|took|was|were|is|of|for|a|an|the|about|around|approximately|"
    r"approx|circa|roughly|some|nearly|almost|over|under|just|at|least|most|more|than|less|total|in)\b\W{1,3}){0,6}"
)
_TIME_TO = expression(rf"\btime[ -]to[ -](?P<verb>[a-z]+)\b[\s:*_=~≈-]{{0,8}}{_FILLER}[~≈>< ]{{0,3}}\Z", re.IGNORECASE)
_TOTAL = expression(
    r"\b(?:outage|incident|downtime|disruption|interruption|(?:total|outage|incident) (?:duration|time)|duration)\b"
    rf"(?: of the (?:outage|incident|disruption))?[\s:*_=~≈,-]{{0,8}}{_FILLER}[~≈>< ]{{0,3}}\Z",
    re.IGNORECASE,
)
_OF_TOTAL = expression(
    r"[\s-]{1,2}(?:long )?(?:of )?(?:total |full |complete )?(?:outage|downtime|disruption|interruption)s?\b",
    re.IGNORECASE,
)
# Not what happened, or not all of it.
_ELSEWHERE = expression(
    r"\b(?:target|goal|objective|SLOs?|SLAs?|budget|within|should|would|could|might|must|every|per|timeout|expected|"
    r"usual(?:ly)?|average|mean|median|previous|earlier|last (?:year|month|time)|next|another|other|second|(?:support|"
    r"business|working|office) hours|cumulative|combined|each|if|partial|some (?:users|customers)|before|after|until|"
    r"reduce|limit|maximum|minimum|longer|shorter|planned|maintenance)\b",
    re.IGNORECASE,
)
_STEMS = {
    "detect": ("detect", "detection"),
    "acknowledge": ("acknowledge", "acknowledgement", "acknowledgment", "validate", "validation"),
    "contain": ("contain", "containment"),
    "recover": ("recover", "recovery", "resolve", "resolution", "restore", "restoration", "repair", "fix"),
}
_TOPICS = (
    *("time to", "time-to", "outage", "incident", "downtime", "disruption", "interruption", "duration"),
    *("detection", "containment", "recovery", "resolution", "compromise", "acknowledg", "restoration"),
)
_ENDS = {
    "start": "Adverse activity started",
    "beginning": "Adverse activity started",
    "onset": "Adverse activity started",
    "compromise": "Adverse activity started",
    "intrusion": "Adverse activity started",
    "detection": "Alert detected",
    "alert": "Alert detected",
    "validation": "Alert validated",
    "acknowledgement": "Alert validated",
    "acknowledgment": "Alert validated",
    "declaration": "Severity declared",
    "containment": "Containment executed",
    "neutralization": "Threat neutralized",
    "eradication": "Threat neutralized",
    "recovery": "Recovery completed",
    "resolution": "Recovery completed",
    "restoration": "Recovery completed",
}
_OF_EVENT = r"(?:(?:the|our|its|first|initial|full|final|complete) ){0,2}"
_END = "|".join(_ENDS)
_FROM_TO = (
    rf"(?:from |between )?{_OF_EVENT}(?P<first>{_END})"
    rf"(?: to | until | till | and | ?[-–→] ?){_OF_EVENT}(?P<last>{_END})\b"
)
_ENDS_BEFORE = expression(rf"\b{_FROM_TO}[\s:*_=~≈-]{{0,8}}{_FILLER}[~≈>< ]{{0,3}}\Z", re.IGNORECASE)
_ENDS_AFTER = expression(rf"\s?(?:passed |elapsed |went by |lay |lie )?(?=from |between ){_FROM_TO}", re.IGNORECASE)
_STARTS = ("Adverse activity started", "Alert detected")

_ROWS = ("| 2026-03-02 01:14 | Alert detected |", "| 2026-03-02 05:34 | Recovery completed |")


@check(
    Code.DURATION_STATED,
    "error",
    source="template sections 3 and 4",
    english=True,
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
    for line, text in _texts(page):
        folded = text.lower()
        for stated in find_durations(text) if any(word in folded for word in _TOPICS) else ():
            sentence, before, after = _around(text, stated)
            if _ELSEWHERE.search(sentence):
                continue
            found = _contradiction(stated, before, after, milestones, timed, settings)
            if found:
                message = f'"{stated.words}" {found}; mend the text or the timeline'
                yield Hit(line.number + text.count("\n", 0, stated.start), message, file=line.file)


def _texts(page: CheckedPage) -> Iterator[tuple[Line, str]]:
    """Yield the paragraphs that may state durations, and the summary's impacts."""
    for line, prose in page.paragraphs:
        if prose.directive is None or prose.directive.name != "timeline":
            yield line, line.text
    for summary in page.source.named("incident-summary"):
        yield from ((each, each.text) for name in IMPACT_OPTIONS if (each := summary.options.get(name)))


def _around(text: str, stated: StatedDuration) -> tuple[str, str, str]:
    """Return the sentence of a duration, what stands before it in it, and what follows."""
    begin = max((match.end() for match in _SENTENCE_END.finditer(text, 0, stated.start)), default=0)
    end = match.start() if (match := _SENTENCE_END.search(text, stated.end)) else len(text)
    return text[begin:end], text[begin : stated.start], text[stated.end : end]


def _milestones(page: CheckedPage) -> Mapping[str, Moment]:
    """Return the time of each milestone; of one that stands twice, the first."""
    found: dict[str, Moment] = {}
    for row in page.all_events:
        if row.milestone and row.moment is not None and row.moment.is_known:
            found.setdefault(row.milestone, row.moment)
    return found


def _contradiction(
    stated: StatedDuration,
    before: str,
    after: str,
    milestones: Mapping[str, Moment],
    timed: list[Moment],
    settings: Settings,
) -> str:
    """Say what a stated duration contradicts; empty where it agrees, or where nothing can be compared."""
    if match := _TIME_TO.search(before):
        term, spans = _spans_of(match["verb"].casefold(), milestones, timed, settings)
        if spans and not any(stated.agrees_with(span) for span in spans):
            return f"is stated as {term}, which is {spans[0]} by the timeline"
        return ""
    if match := _ENDS_AFTER.match(after) or _ENDS_BEFORE.search(before):
        ends = match["first"].casefold(), match["last"].casefold()
        span = span_between(*(milestones.get(_ENDS[end]) for end in ends))
        if span is None or stated.agrees_with(span):
            return ""
        return f"is stated from {ends[0]} to {ends[1]}, which is {span} by the timeline"
    if not (_TOTAL.search(before) or _OF_TOTAL.match(after)):
        return ""
    whole = span_between(timed[0], timed[-1])
    if whole is None or any(stated.agrees_with(span) for span in _pairs(timed)):
        return ""
    is_longer = whole.most is not None and stated.least > whole.most
    has_ends = any(name in milestones for name in _STARTS) and "Recovery completed" in milestones
    return f"is stated for the whole, but no two rows are so far apart (all: {whole})" if is_longer or has_ends else ""


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
