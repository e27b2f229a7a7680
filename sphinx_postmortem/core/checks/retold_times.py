"""Rules for what the text tells again of the timeline's rows: at which time, and on which day, a milestone was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from sphinx_postmortem.core.checks.contradictions import timeline_text
from sphinx_postmortem.core.checks.milestone_words import DONE
from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.records.time_parts import find_days
from sphinx_postmortem.core.settings import Settings

_MOST_LETTERS = 20_000
_MAY_SAY = expression(r"\d:\d\d|\bon (?:the )?[\dA-Z]")
_SENTENCE = expression(r"[.!?](?=\s|\Z)|;")
_CLOCK = r"(?<![\d:.-])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
_ZONE = r"(?! ?(?:[ap]\.?m\b|(?!UTC\b|Z\b|GMT\b)[A-Z]{2,4}\b|[+-]\d|local|\())"
_AT = expression(rf"\s(?:at|@) (?P<clock>{_CLOCK}){_ZONE}", re.IGNORECASE)
_OPENING = expression(rf"\A\W*At (?P<clock>{_CLOCK})(?: ?(?:UTC|Z))?,? (?!to |and |until )", re.IGNORECASE)
_ON = expression(r"\son (?=(?:the )?\w+ )|\son (?=\d{4}-)")
_WHOLE = expression(
    r"\b(?:incident|outage|disruption|downtime|breach|attack)(?: (?:itself|as a whole))?"
    r"(?: (?:lasted|took place|ran|occurred|happened|was|went on|on [\w ,]{3,20}?)){0,2}:? (?:from|between) "
    rf"(?P<first>{_CLOCK})(?: ?(?:UTC|Z|h))?(?: to | until | till | and | ?[-–—] ?)(?P<last>{_CLOCK}){_ZONE}",
    re.IGNORECASE,
)
_OTHER = expression(
    r"\b(?:second|another|again|later|previous|next|other|earlier|around|about|roughly|approx\w*|circa|shortly|before|"
    r"after|until|by|would|should|could|if|when|while|had|partial\w*|some|each|every)\b|[~≈?]",
    re.IGNORECASE,
)
_SUBJECT = expression(
    r"(?:the |this |our )?(?:incident|breach|intrusion|attack|compromise|outage|problem|issue) "
    r"(?:was|were) (?:first |finally |fully )?(?P<done>detected|discovered|noticed|contained|resolved|declared)\b",
    re.IGNORECASE,
)
_ROWS = ("| 2026-03-02 01:14 | Alert detected |", "| 2026-03-02 05:34 | Recovery completed |")


@check(
    Code.TIME_STATED,
    "warning",
    source="template section 4",
    bad=timeline_text(*_ROWS) + "\nThe alert was detected at 01:41 UTC.\n",
    good=timeline_text(*_ROWS) + "\nThe alert was detected at 01:14 UTC.\n",
)
def time_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The time or day that the text gives a milestone is that of its row, and the incident's ends are times of rows.

    Sentences with "about", "later", "second" and the like, and times in other zones, are left out.
    """
    if len(page.source.named("incident-summary")) > 1 or not any(row.milestone for row in page.all_events):
        return
    for line, text, offset in _sentences(page):
        if message := _of_milestone(page, text, settings) or _of_whole(page, text):
            yield Hit(line.number + offset, f"{message}; mend the text or the timeline", file=line.file)


def _sentences(page: CheckedPage) -> Iterator[tuple[Line, str, int]]:
    """Yield the sentences of the text that may state a time or a day, each with its paragraph and place in it."""
    for line, prose in page.paragraphs:
        in_timeline = prose.directive is not None and prose.directive.name == "timeline"
        if in_timeline or line.text.startswith("|") or not _MAY_SAY.search(line.text, 0, _MOST_LETTERS):
            continue
        start = 0
        for match in (*_SENTENCE.finditer(line.text), None):
            end = match.start() if match else len(line.text)
            sentence = line.text[start:end]
            if _MAY_SAY.search(sentence):
                yield line, sentence.replace("\n", " "), line.text.count("\n", 0, start)
            start = match.end() if match else end


def _of_milestone(page: CheckedPage, text: str, settings: Settings) -> str:
    """Say that a sentence gives a milestone a time or a day that its rows do not have."""
    opening = _OPENING.match(text)
    clock = opening or _AT.search(text)
    day = None if clock is not None else _ON.search(text)
    found = clock or day
    if found is None:
        return ""
    clause = text[opening.end() :] if opening else text[: found.start()]
    rest = text[found.end() :] if opening is None else ""
    if _OTHER.search(clause.replace("after-hours", "")) or (clock is not None and _OTHER.match(rest.lstrip())):
        return ""
    name = _named(clause, settings)
    rows = [row for row in page.all_events if row.milestone == name] if name else []
    if not rows or any(row.moment is None or not row.moment.is_known or row.moment.is_estimate for row in rows):
        return ""
    days = list(_days(rest if clock is not None else text[found.start() :][:40]))
    if clock is not None and not any(_has_clock(row, clock["clock"]) for row in rows):
        return f'the text says {clock["clock"]} for "{name}", its row {rows[0].moment}'
    if days and not any(row.moment and row.moment.days[0] <= days[0] <= row.moment.days[-1] for row in rows):
        return f'the text says {days[0]} for "{name}", its row {rows[0].moment}'
    return ""


def _named(clause: str, settings: Settings) -> str:
    """Return the milestone that a clause names."""
    clause = clause.strip(" *_-•")
    if match := _SUBJECT.match(clause):
        return DONE[match["done"].casefold()]
    return settings.milestone_names.find(clause)


def _of_whole(page: CheckedPage, text: str) -> str:
    """Say that the incident is said to have lasted from a time, or to one, that no row has."""
    match = _WHOLE.search(text)
    if match is None or _OTHER.search(text[: match.start()]) or "~" in text:
        return ""
    exact = [row for row in page.all_events if row.moment is not None and row.moment.is_exact]
    if len(exact) < 2:
        return ""
    for clock in (match["first"], match["last"]):
        if not any(_has_clock(row, clock) for row in page.all_events):
            return f"the text says {match['first']} to {match['last']} for the incident, and no row has {clock}"
    return ""


def _has_clock(row: CheckedRow, clock: str) -> bool:
    """Say whether a row's time is, or may be, at a time of day: in UTC, or by the clock of its zone."""
    moment = row.moment
    if moment is None or not moment.is_known or not moment.is_exact:
        return True  # it may be
    utc = moment.utc
    return utc is not None and clock.zfill(5) in (f"{utc:%H:%M}", f"{utc.astimezone(moment.local_zone):%H:%M}")


def _days(text: str) -> Iterator[date]:
    """Yield the days that a text states with their year."""
    for found in find_days(text):
        try:
            yield date(found.year, found.month, found.day)
        except ValueError:
            continue
