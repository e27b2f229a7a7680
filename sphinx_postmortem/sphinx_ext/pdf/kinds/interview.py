"""The interview PDF: roles in the place of names, and offsets from an incident's first event in the place of dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from babel.dates import get_month_names
from docutils import nodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.names.pseudonyms import Edit, Pseudonyms, incident_numbers, pseudonyms_for, with_edits
from sphinx_postmortem.core.records.model import Event, Incident, Owner
from sphinx_postmortem.core.records.spans import format_duration
from sphinx_postmortem.sphinx_ext.pdf.raw_html import text_of_html
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES, unknown_owners
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import is_line_break, rewrite_texts

LANGUAGES = ("de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "ru", "uk")
"""Beside English: those that we translate to, and others whose texts write months by name (names of Unicode's CLDR)."""


@cache
def english_months() -> dict[str, int]:
    """Return the numbers of English months by name and by three letters, with a capital as they are written."""
    wide = {name: number for number, name in get_month_names("wide", locale="en").items()}
    return wide | {name[:3]: number for name, number in wide.items()}


@cache
def other_months() -> dict[str, int]:
    """Return the numbers of months in other languages by their whole name in lower case."""
    return _month_names("wide")


@cache
def other_short_months() -> dict[str, int]:
    """Return the same by short names; some are English words ("set", "out"), so they need a day and a year."""
    return _month_names("abbreviated")


def month_number(name: str) -> int:
    """Return the number of a month, 1 to 12.

    Raises:
        KeyError: no month has this name.
    """
    bare = name.rstrip(".")
    if bare in english_months():
        return english_months()[bare]
    return (other_short_months() | other_months())[bare.lower()]


def _month_names(width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                if len(name) > 2 and not name[0].isdigit():
                    found.setdefault(name.rstrip(".").lower(), number)
    return found


PLAIN_TITLE = later("Postmortems")

TEXT_ATTRIBUTES = ("alt", "title", "reftitle", "explanation", "name", "code")
"""Attributes that are printed, as such or where a node has no PDF form."""

_MONTH = rf"{'|'.join(english_months())}|(?i:{'|'.join(sorted(other_months(), key=len, reverse=True))})"
_SHORT_MONTH = f"(?i:{'|'.join(sorted(other_short_months(), key=len, reverse=True))})"
_ORDER = r"(?:st|nd|rd|th|er|\.|[º°ª])?"
_LEFT, _RIGHT = r"(?<![^\W_])", r"(?![^\W_])"
"""A date may stand between hyphens and underscores, as in the name of a file."""

_DATES = expression(
    r"(?<!\d)(?:\d{4}\s?[年년](?:\s?\d{1,2}\s?[月월](?:\s?\d{1,2}\s?[日일])?)?"  # words follow without a space
    r"|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
    rf"|(?=[^\W_]){_LEFT}(?:"  # looked at first: it spares spaces and signs all names of months
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?:[T _](?P<time>\d{2}:\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?:Z|UTC)|(?P<zone>[+-]\d{2}:?\d{2}))?)?"
    rf"|(?P<day>\d{{1,2}}){_ORDER}[\s-]+(?:(?:of|de)\s+)?(?P<month>{_MONTH})\.?"
    rf"(?:,?[\s-]+(?:del?\s+)?(?P<year>\d{{4}}))?"
    rf"|(?P<day3>\d{{1,2}}){_ORDER}[\s-]+(?:de\s+)?(?P<month3>{_SHORT_MONTH})\.?,?[\s-]+(?:del?\s+)?(?P<year3>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year2>\d{{4}}))?"
    rf"|\d{{1,2}}/(?:{_MONTH})/\d{{4}}(?::\d\d:\d\d:\d\d(?:\s[+-]\d{{4}})?)?"
    rf"|(?:{_MONTH})\.?,?\s+(?:del?\s+)?\d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2}(?:\d{2})?|\d{4}[/.]\d{1,2}[/.]\d{1,2}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T\d{4,6}Z?)?"
    r"|(?:19|20)\d{2}-(?:0[1-9]|1[0-2]|[WQ]\d{1,2})|[QH]\d[\s/-](?:19|20)\d{2}|(?:19|20)\d{2}\s[QH]\d"
    rf"){_RIGHT}"
)
_CLOCK = expression(
    r"(?<![\w:+])(?P<clock>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d(?:[.,]\d+)?)?"
    r"(?: ?(?:UTC|[ap]\.?m\b\.?|CES?T|GMT)|Z)?(?![\w:])|(?<![\w.])1[4-9]\d{8}(?:\d{3})?(?![\w.])"
)
"""Times of day, and seconds or milliseconds since 1970 as logs have them."""

_DATED_ID = expression(r"(?<![\w-])[A-Za-z][\w.]{0,80}(?:-[A-Za-z]{1,80}){0,20}-(?:19|20)\d{2}-\d+(?![\w-])")
"""An id with a year in it: of a vulnerability, a ticket, an incident that is not in the document."""

_YEAR = expression(
    r"(?P<before>\b(?:in|of|since|by|until|till|during|from|before|after|early|late|mid|to|and|through|spring|summer"
    r"|autumn|fall|winter|year|im|seit|bis|vor|nach|jahr|en|de|depuis|avant|après|année|desde|hasta|antes|año|em|até"
    r"|ano|dal|nel|anno|sinds|tot|jaar)[\s-]+)(?:19|20)\d{2}(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_DATE_WITHHELD = later("[date withheld]")
_TIME_WITHHELD = later("[time withheld]")
_ID_WITHHELD = later("[id withheld]")
_LEADS_TO_IT = r"[ ,;:(\u2013-]{0,4}(?:\b(?:of|on|in|from|since|at|by|during|until|for)\s)?"
"""The word or the sign that leads to what is withheld in a title."""


def pseudonyms_of(env: BuildEnvironment) -> Pseudonyms:
    """Return the replacements of a site, by its settings and the records of the edition.

    Incidents are numbered only if dates are hidden: an id such as ``SEC-2026-014`` tells the year.
    """
    config = env.config
    knowledge = domain_of(env).knowledge
    # In an edition without names the records hold roles; what remains are owners whom the register lacks.
    owners = knowledge.owners if NAMES.of(env) is None else [Owner(id=name) for name in sorted(unknown_owners(env))]
    titles = (config.project, getattr(config, "html_title", ""), getattr(config, "html_short_title", ""))
    return pseudonyms_for(
        settings_of(config).pseudonyms,
        owners,
        authors=[str(config.author or ""), *_texts(config.copyright)],
        titles=[str(title or "") for title in titles],
        incidents=_numbers(knowledge.incidents) if hides_dates(config) else {},
    )


def _numbers(incidents: Iterable[Incident]) -> dict[str, str]:
    numbers = incident_numbers(incidents)
    # "Incident SEC-2026-014", as the summary is headed, would become "Incident Incident 1".
    return {**{f"Incident {name}": number for name, number in numbers.items()}, **numbers}


def hides_dates(config: Config) -> bool:
    """Say whether interview PDFs show offsets in the place of dates."""
    return settings_of(config).pdf_offsets


def replace_names(tree: nodes.Element, pseudonyms: Pseudonyms) -> None:
    """Replace the names in everything that is printed, and cut the links that hold one."""
    _show_text_of_html(tree)
    rewrite_texts(tree, pseudonyms.apply_to_pieces)
    for node in list(tree.findall(nodes.Element)):
        if isinstance(node, nodes.image) and not node.get("alt"):
            node["alt"] = Path(str(node.get("uri", ""))).stem  # printed if the image cannot be
        for name in TEXT_ATTRIBUTES:
            if isinstance(node.get(name), str):
                node[name] = pseudonyms.apply(node[name])
        uri = str(node.get("refuri", ""))
        if isinstance(node, nodes.reference) and (uri.startswith("mailto:") or _holds_a_name(pseudonyms, uri)):
            node.replace_self(list(node.children))


def _holds_a_name(pseudonyms: Pseudonyms, uri: str) -> bool:
    # A link inside the file names a page or an anchor, which the file does not hold in the end.
    return "://" in uri and pseudonyms.apply(uri) != uri


def _show_text_of_html(tree: nodes.Element) -> None:
    """Put the words of raw HTML in its place, so that a name is found that goes on after a tag."""
    for raw in list(tree.findall(nodes.raw)):
        if "html" in str(raw.get("format", "")).lower().split() and not is_line_break(raw.astext()):
            text = nodes.Text(text_of_html(raw.astext()))
            raw.replace_self(text if isinstance(raw.parent, nodes.TextElement) else nodes.paragraph("", "", text))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def first_moment(incident: Incident | None, events: Iterable[Event]) -> datetime | None:
    """Return when an incident's first event with a time of day took place; without one, its first day."""
    times = [event.moment.instant for event in events if event.moment is not None and event.moment.instant is not None]
    if times:
        return min(times)
    if incident is not None and incident.first_day is not None:
        return datetime(incident.first_day.year, incident.first_day.month, incident.first_day.day, tzinfo=UTC)
    return None


def show_offsets(tree: nodes.Element, origin: datetime | None) -> None:
    """Replace every date and every time of day in a tree, and cut the links that hold one; see :func:`date_edits`."""
    dates = {"pm-written", "pm-since"}  # they say nothing without their date
    for written in list(tree.findall(nodes.inline)):
        if dates & set(written["classes"]) and written.parent is not None:
            written.parent.remove(written)
    rewrite_texts(tree, lambda pieces: with_edits(pieces, date_edits("".join(pieces), origin)))
    for title in tree.findall(nodes.title):
        text = title_without_dates(title.astext(), None)
        if text != title.astext():  # in lists, half of a title says less than the rest alone
            title[:] = [nodes.Text(text)]
    for node in list(tree.findall(nodes.Element)):
        for name in TEXT_ATTRIBUTES:
            if isinstance(node.get(name), str):
                node[name] = without_dates(node[name], origin)
        uri = str(node.get("refuri", ""))
        if isinstance(node, nodes.reference) and "://" in uri and without_dates(uri, None) != uri:
            node.replace_self(list(node.children))


def without_dates(text: str, origin: datetime | None) -> str:
    """Return a text after :func:`date_edits`."""
    return with_edits([text], date_edits(text, origin))[0]


def title_without_dates(title: str, origin: datetime | None) -> str:
    """Return a title after :func:`date_edits`, without what is withheld; that alone is left where nothing else is."""
    hidden = without_dates(title, origin)
    marks = "|".join(re.escape(say(mark)) for mark in (_DATE_WITHHELD, _TIME_WITHHELD, _ID_WITHHELD))
    withheld = re.compile(rf"{_LEADS_TO_IT}(?:{marks})[ )]{{0,2}}", re.IGNORECASE)
    rest = withheld.sub(lambda gap: "" if hidden[gap.end() : gap.end() + 1] in ",;:." else " ", hidden)
    return rest.strip(" ,;:-\u2013") or hidden


def date_edits(text: str, origin: datetime | None) -> list[Edit]:
    """Return what shows a text's dates as ``day 12`` and its points in time as ``T+3 h 5 min``.

    Withheld are a date without a year, one that does not exist, a month, a year, a time of day on its own and an id
    that holds a year; without an origin all of them.
    """
    edits = [Edit(match.start(), match.end(), say(_ID_WITHHELD)) for match in _DATED_ID.finditer(text)]
    found = [Edit(match.start(), match.end(), _offset(match, origin)) for match in _DATES.finditer(text)]
    found += [Edit(match.start(), match.end(), say(_TIME_WITHHELD)) for match in _CLOCK.finditer(text)]
    found += [Edit(match.end("before"), match.end(), say(_DATE_WITHHELD)) for match in _YEAR.finditer(text)]
    for edit in found:
        if not any(other.start < edit.end and edit.start < other.end for other in edits):
            edits.append(edit)
    return sorted(edits, key=lambda edit: edit.start)


def days_in(text: str) -> list[str]:
    """Return the days that stand in a text as ``YYYY-MM-DD``: what can be told for sure from text without markup."""
    return sorted({match["iso"] for match in _DATES.finditer(text) if match["iso"]})


def _offset(match: re.Match[str], origin: datetime | None) -> str:
    if origin is None:
        return say(_DATE_WITHHELD)
    try:
        if match["iso"] and match["time"]:
            return _exact(match, origin)
        day = date.fromisoformat(match["iso"]) if match["iso"] else _written_date(match)
    except (ValueError, KeyError):
        return say(_DATE_WITHHELD)
    return say("day {number}", number=(day - origin.date()).days)


def _exact(match: re.Match[str], origin: datetime) -> str:
    zone = match["zone"] or "+00:00"
    zone = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    moment = datetime.fromisoformat(f"{match['iso']}T{match['time']}:{match['second'] or '00'}{zone}")
    difference = moment - origin
    if difference.total_seconds() == 0:
        return "T+0"
    sign = "+" if difference.total_seconds() > 0 else "\u2212"
    return f"T{sign}{format_duration(abs(difference), with_seconds=bool(match['second']), say_it=say)}"


def _written_date(match: re.Match[str]) -> date:
    """Return a date that is written with the name of its month.

    Raises:
        ValueError: it has no year or no day, or there is no such day.
    """
    day, month, year = (match[name] or match[f"{name}2"] or match[f"{name}3"] for name in ("day", "month", "year"))
    if not (day and month and year):
        raise ValueError("no complete date")
    return date(int(year), month_number(month), int(day))
