"""Rules for what a page tells again of its summary: the TLP label, the severity, and the date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import islice

from sphinx_postmortem.core.checks.contradictions import english_statement, phrases_on, timeline_text
from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow, plain_value
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.time_text import written_day
from sphinx_postmortem.core.checks.word_places import possible_phrases
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import severities_in_english, words_of
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.translated_times import in_english
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template sections 3 and 4"
_DETECTED = "| 2026-03-02 01:14 | Alert detected |"
_SUMMARY = """:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:tlp: AMBER

A stolen token published a package.
:::

"""
_TLP = expression(
    rf"\bTLP(?:\s?[:-]\s?| )(?P<label>{'|'.join(re.escape(label) for label in TLP_LABELS)}|WHITE)(?![\w+])"
)
_OTHER_COPY = expression(
    r"\b(?:saniti[sz]ed|redacted|edition|version|copy|copies|derived|raised|lowered|public)\b", re.IGNORECASE
)
_OTHER_SEVERITY = expression(
    r"\b(?:upgrad|downgrad|rais|lower|initial|first|at that time|then|until|from|previous|would|should|could|if|"
    r"similar|polic|any|every|other|all|or|and|instead|not|earlier|later)\w*",
    re.IGNORECASE,
)


@check(
    Code.TLP_STATED,
    "error",
    source="template section 3; Traffic Light Protocol 2.0",
    bad=_SUMMARY + "This report is TLP GREEN.\n",
    good=_SUMMARY + "This report is TLP AMBER.\n",
)
def tlp_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A TLP label in the text is that of the summary; a line about another copy or edition may name another."""
    if page.said:
        yield from _labels_of_plain(page)
    if len(page.source.named("incident-summary")) != 1 or page.summary is None:
        return
    label = _label(page.summary)
    for prose in page.source.prose if label else ():
        if not (found := _labels_in(prose.text)):
            continue
        is_marked = prose.directive is not None and bool(page.marks(prose.directive))
        if len(found) == 1 and label not in found and not is_marked and not _OTHER_COPY.search(prose.text):
            message = f"the text says TLP:{found.pop()}, the summary TLP:{label}; mend one of them"
            yield Hit(prose.number, message, file=prose.file)


def _labels_of_plain(page: CheckedPage) -> Iterator[Hit]:
    """Yield the lines of a plain document that state another label than the first one."""
    first: str = ""
    for prose in page.source.prose:
        found = _labels_in(prose.text)
        if len(found) != 1 or _OTHER_COPY.search(prose.text):
            continue
        label = found.pop()
        if first and label != first:
            yield Hit(
                prose.number, f"the text says TLP:{label}, above it TLP:{first}; mend one of them", file=prose.file
            )
        first = first or label


def _labels_in(text: str) -> set[str]:
    return {match["label"] for match in _TLP.finditer(text)} if "TLP" in text else set()


def _label(summary: Directive) -> str:
    return plain_value(summary.option("tlp")).upper().removeprefix("TLP:").strip()


@check(
    Code.SEVERITY_STATED,
    "error",
    source=_SOURCE,
    bad=_SUMMARY + timeline_text("| 2026-03-02 01:40 | Severity declared: SEV-3 |"),
    good=_SUMMARY + timeline_text("| 2026-03-02 01:40 | Severity declared: SEV-1 |"),
)
def severity_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The severity that the last row about it declares, and that a sentence gives the incident, is the summary's."""
    known = {_plain(name): name for name in settings.severities}
    own = _plain(page.severity) or _plain(_SEVERITY_NUMBER.sub(r"SEV-\1", page.said.get("severity", "")))
    if own not in known or (len(page.source.named("incident-summary")) != 1 and not page.said):
        return
    stated = page.severity or page.said.get("severity", "")
    where = "summary" if page.severity else "head of the page"
    named, said = _expressions_of(tuple(known.values()))
    rows = [
        (row, found)
        for row in page.all_events
        if _is_of_severity(row) and (found := named.findall(severities_in_english(row.cell("event"))))
    ]
    if rows and own not in {_plain(name) for name in rows[-1][1]}:
        row, found = rows[-1]
        yield Hit(row.line, f"the row says {found[-1]}, the {where} {stated}; mend one of them", file=row.file)
    begins = {match[0] for name in known if (match := _LETTERS.match(name))} | _severity_words()
    possible = possible_phrases(page, sorted(begins))
    for prose in page.source.prose if possible else ():
        folded = prose.text.casefold()
        if not any(begin in folded for begin in possible):
            continue
        english = _with_severities(page, prose.text)
        match = said.search(english)
        is_row = prose.text.lstrip().startswith("|") and not _SEVERITY_ROW.match(prose.text)
        if match and not is_row and _plain(match["name"]) != own and not _OTHER_SEVERITY.search(english):
            message = f"the text says {match['name']}, the {where} {stated}; mend one of them"
            yield Hit(prose.number, message, file=prose.file)


@lru_cache(maxsize=16)
def _expressions_of(severities: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds severities anywhere, and what finds the one that a sentence gives the incident."""
    names = "|".join(re.escape(name).replace(r"\-", "[ -]?") for name in severities)
    named = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)
    said = re.compile(
        r"(?:\b(?:this|the|our)(?: incident)? (?:was|is) (?:an? )?(?:(?:classified|rated|declared) )?(?:as )?(?:an? )?|"
        r"\band (?:was|is) (?:an? )?|"
        r"\b(?:treated|handled|rated|classified|declared|categori[sz]ed|triaged) "
        r"(?:(?:it|this|that|the (?:incident|event)) )?as (?:an? )?|"
        rf"\bseverity:?\W{{0,6}}(?:is |was )?)(?P<name>{names})(?![\w-])",
        re.IGNORECASE,
    )
    return named, said


def _with_severities(page: CheckedPage, text: str) -> str:
    """Return a sentence in English, with severities as they are usual: "severity 1" is SEV-1."""
    return _SEVERITY_NUMBER.sub(r"SEV-\1", severities_in_english(english_statement(page, text).text))


def _is_of_severity(row: CheckedRow) -> bool:
    return row.milestone == "Severity declared" or bool(re.match(r"\W*severity\b", row.cell("event"), re.IGNORECASE))


def _plain(text: str) -> str:
    """Return a severity in one spelling: SEV 1, SEV1 and sev-1 are one."""
    return re.sub(r"[ -]", "", text.casefold())


_LETTERS = expression(r"[^\W\d_]+")
_SEVERITY_NUMBER = expression(r"~?\bseverity(?: |::? ?)(\d)(?!\d)", re.IGNORECASE)
_SEVERITY_ROW = expression(r"\s*\|[\s*_]*severity[\s*_:]*\|[^|]*\|?\s*\Z", re.IGNORECASE)


@cache
def _severity_words() -> frozenset[str]:
    return frozenset(word for word, name in words_of("statement_words").items() if name == "severity") | {"severity"}


_TITLE_DAY = expression(r"(?<![\d-])(\d{4}-\d{2}-\d{2})(?![\d-])")
_NAMED_DAY = expression(
    r"(?<![\w.:-])(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?),? \d{4}"
    r"(?![\w:-])"
)
_LONGEST_OPENING = 60
_NUMBER_OF_DAY = expression(r"(?<!\d)\d{1,2}(?!\d)")
# "The incident took place on …", "Date of the incident: …"
_DATE_SAID = expression(
    r"\b(?:the|this|our) (?:incident|outage|breach|attack|intrusion|disruption) "
    r"(?:took place|happened|occurred|was|began|started) (?=on |am |le |el |em |no )"
    r"|\b(?:date of (?:the |l')?(?:incident|outage|breach)|incident date|date\(s\))[\s:*_|]{1,8}",
    re.IGNORECASE,
)
_WORDS_OF_DATES = (
    "took place",
    "happened",
    "occurred",
    "began",
    "started",
    "was on",
    "date of",
    "incident date",
    "date(s)",
)
_OF_ANOTHER_DAY = expression(
    r"\b(?:previous|similar|earlier|last|another|other|if|would|report|review)\b", re.IGNORECASE
)


@check(
    Code.DATE_STATED,
    "error",
    source=_SOURCE,
    bad="# Outage of 2026-03-12\n\n" + _SUMMARY + timeline_text(_DETECTED),
    good="# Outage of 2026-03-02\n\n" + _SUMMARY + timeline_text(_DETECTED),
)
def date_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The date in the title, in the summary's first words, and where the text says when it was, is one of its days."""
    known = [day for row in page.all_events if row.moment for day in row.moment.days] + list(page.days or ())
    if not known:
        return
    known += _days_beside(page)
    first, last = min(known), max(known)
    for number, text, file in _dated_texts(page):
        for written in _days_in(text):
            if not first.isoformat() <= written <= last.isoformat():
                days = f"{first}" if first == last else f"{first} to {last}"
                yield Hit(number, f"the text says {written}, the incident was on {days}; mend one of them", file=file)


def _days_beside(page: CheckedPage) -> Iterator[date]:
    """Yield the days of second columns of times: there the incident may have been on another day."""
    for _, table, _ in page.timelines:
        columns = find_time_columns(table.header)
        for row in table.rows if columns.second is not None else ():
            second = columns.read_second(row.cells)
            yield from second.moment.days if second is not None else ()


def _dated_texts(page: CheckedPage) -> Iterator[tuple[int, str, str]]:
    for heading in page.source.headings[:1]:
        if heading.level == 1:
            yield heading.line, heading.text, heading.file
    summary = (each for each in page.source.prose if each.directive is not None and each.directive is page.summary)
    for prose in islice(summary, 1):
        if day := _opening_day(prose.text):
            yield prose.number, day, prose.file
    phrases = phrases_on(page, _WORDS_OF_DATES)
    for line, _ in page.paragraphs if phrases else ():
        for text, offset in _said_days(page, line.text, phrases):
            yield line.number + offset, text, line.file


def _said_days(page: CheckedPage, written: str, phrases: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each day that a paragraph gives the incident, where it holds a phrase, and in which of its lines."""
    english = english_statement(page, written)
    text = english.text.replace("\n", " ")
    folded = text.casefold()
    if not any(words in folded for words in phrases):
        return
    for match in _DATE_SAID.finditer(text):
        sentence = text[text.rfind(". ", 0, match.start()) + 1 : match.end() + _LONGEST_OPENING]
        day = _opening_day(text[match.end() :]) or _opening_day(f"on {text[match.end() :]}")
        if day and not _OF_ANOTHER_DAY.search(sentence):
            yield day, written.count("\n", 0, english.place(match.start()))


def _days_in(text: str) -> Iterator[str]:
    """Yield the days that a text states with their year, as YYYY-MM-DD."""
    if not _may_state_day(text):
        return
    text = in_english(text)
    yield from _TITLE_DAY.findall(text)
    for named in _NAMED_DAY.findall(text):
        if day := written_day(named):
            yield day


def _may_state_day(text: str) -> bool:
    """Say whether a text may state a day, which has a number; the titles of most incidents do not."""
    return not text.isascii() or _NUMBER_OF_DAY.search(text) is not None


def _opening_day(text: str) -> str:
    """Return the day with which a text begins, as in "On 2 March 2026 …" or "Am 2. März 2026 …"; else nothing."""
    opening = text[:_LONGEST_OPENING].lstrip("*_ ")
    if not _may_state_day(opening):
        return ""
    translated = in_english(opening)
    begins_with_on = opening[:3].casefold() == "on "
    day = translated[3:] if begins_with_on else translated if translated[:10] != opening[:10] else ""
    found = _TITLE_DAY.match(day) or _NAMED_DAY.match(day)
    return found[0] if found else ""
