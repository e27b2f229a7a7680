"""Makes a page of a draft: the sections of our template, with what the source holds for each of them.

The page is closed twice: its front matter is of the first audience, and its status is draft. Rows are of the first
audience unless the source says that the public has read them, and so is every section without a home in our template.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import field

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import Draft, DraftAction, DraftEvent, DraftSection, Text
from sphinx_postmortem.core.imports.draft_rows import ACTION_TITLES, EVENT_TITLES, INTERNAL, action_cells, event_cells
from sphinx_postmortem.core.imports.markdown_text import (
    HIDDEN,
    as_blocks,
    as_line,
    boxed,
    comment,
    table,
    write_blocks,
)
from sphinx_postmortem.core.imports.template_sections import Home
from sphinx_postmortem.core.reader.foreign_markdown import read_foreign
from sphinx_postmortem.core.records.anchors import short_hash
from sphinx_postmortem.core.veris.veris_block import block_text

LONG_TIMELINE = 150  # events from which on a timeline is a CSV file
_MARK = expression(r"% imported from (?P<kind>[\w-]+) (?P<source>.+?): (?P<keys>[0-9a-f ]+)\Z")
_KEYS_IN_A_LINE = 10
_KEY_LENGTH = 8
PAGE_MARK = "0"  # of the page itself, so that a source without items leaves a mark, too


@dataclass(frozen=True)
class Frame:
    """What the site gives to a page: the incident's id, the names of its audiences, and its severities."""

    incident_id: str
    audiences: Sequence[str] = ("internal", "leadership", "public")
    severities: Sequence[str] = ()


@dataclass(frozen=True)
class DraftPage:
    """The text of a page, and the CSV of a long timeline; empty where the page holds its table itself."""

    text: str
    csv: str = ""
    said: tuple[str, ...] = field(default=())


def make_page(draft: Draft, frame: Frame, csv_name: str) -> DraftPage:
    """Return the page of a draft.

    Args:
        draft: what was read.
        frame: what the site gives.
        csv_name: the name for the CSV file of a long timeline, beside the page.
    """
    first = frame.audiences[0]
    said: list[str] = []
    events = [event_cells(event, frame.audiences, frame.incident_id) for event in draft.events]
    is_long = len(events) > LONG_TIMELINE
    lines = ["---", f"audience: {first}", "---", f"# {frame.incident_id}: {escape.one_line(draft.title)}", ""]
    lines += [*_head(draft), ""]
    lines += ["## Incident summary", "", *_summary(draft, frame, said), ""]
    lines += ["## Timeline", "", *_texts(draft, (Home.TIMELINE,), 3)]
    lines += [*_timeline(draft, events, csv_name if is_long else ""), ""]
    lines += _details(draft, frame)
    lines += _rest(draft, first)
    lines += [*_end(draft)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"
    titles = _used(EVENT_TITLES, events)
    return DraftPage(text, _csv(titles, events) if is_long else "", tuple(said))


def _head(draft: Draft) -> Iterator[str]:
    origins = ", ".join(f"{quoted(source.source)} ({source.kind})" for source in draft.parts or (draft,))
    yield f"% This page was imported from {origins}. It is a draft, and the first edition"
    yield "% alone shows it. Read it, mend it, mark what others may not read; then take the audience away from the head"
    yield "% of this page, and set the status to in-review. Lines that begin with % are yours: readers see none."
    for sentence in draft.said:
        yield from _wrapped(f"Note: {sentence}")
    if draft.headings:
        yield from _wrapped(f"Headings of the source: {'; '.join(draft.headings)}")
    if draft.facts:
        yield from _wrapped(f"The source says of itself: {'; '.join(draft.facts)}")
    if draft.names:
        yield from _wrapped(
            f"People in it, for postmortem_pseudonyms in conf.py, each with its role: {', '.join(draft.names)}"
        )


def _wrapped(text: str) -> list[str]:
    return [f"% {line}" for line in textwrap.wrap(" ".join(escape.visible(text).split()), 110) or [""]]


def quoted(name: str) -> str:
    """Return a file's name as comments have it."""
    return " ".join(escape.visible(name).split())


# --- the summary


def _summary(draft: Draft, frame: Frame, said: list[str]) -> list[str]:
    return boxed(f"{{incident-summary}} {frame.incident_id}", _summary_lines(draft, frame, said))


def _summary_lines(draft: Draft, frame: Frame, said: list[str]) -> Iterator[str]:
    if draft.first_day:
        last = draft.last_day if draft.last_day and draft.last_day > draft.first_day else None
        yield f":date: {draft.first_day}" + (f" to {last}" if last else "")
    severity = known_severity(draft.severity, frame.severities)
    if severity:
        yield f":severity: {severity}"
    if draft.incident_type:
        yield f":type: {draft.incident_type}"
    yield ":status: draft"
    for kind in ("customer", "operational", "regulatory"):
        texts = [as_line(text) for name, text in draft.impacts if name == kind and text]
        if texts:
            yield f":{kind}-impact: {' '.join(texts)}"
    yield ""
    if draft.severity and not severity:
        said.append(f'the severity "{draft.severity}" is none of the site; write the one that fits')
        yield from _wrapped(f"Severity in the source: {draft.severity}")
    if draft.status:
        yield from _wrapped(f"Status in the source: {draft.status}")
    yield from as_blocks(draft.summary) or ["The summary is being written."]


def known_severity(written: str, severities: Sequence[str]) -> str:
    """Return the severity of the site that a source writes: the same letters and digits; empty for another."""
    folded = re.sub(r"[^a-z0-9]", "", written.casefold())
    return next((name for name in severities if re.sub(r"[^a-z0-9]", "", name.casefold()) == folded), "")


# --- the timeline


def _timeline(draft: Draft, events: Sequence[dict[str, str]], csv_name: str) -> Iterator[str]:
    if not events:
        yield "% The source has no events with times."
        return
    titles = _used(EVENT_TITLES, events)
    hidden = [title for title in titles if title in INTERNAL]
    yield ":::{timeline}"
    if csv_name:
        yield f":file: {csv_name}"
    if hidden:
        yield f":internal-columns: {', '.join(hidden)}"
    yield ""
    if not csv_name:
        yield from table(titles, [[cells[title] for title in titles] for cells in events])
        yield ""
    yield ":::"


def _used(titles: Sequence[str], rows: Sequence[dict[str, str]]) -> list[str]:
    """Return the titles of the columns that hold anything, and of those that a table needs."""
    needed = ("Time (UTC)", "Event", "Action", "Owner", "Priority", "Due date", "Status", "Source", "Audience")
    return [title for title in titles if title in needed or any(row[title] for row in rows)]


def _csv(titles: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([row[title].replace("\\|", "|") for title in titles] for row in rows)
    return out.getvalue()


def _details(draft: Draft, frame: Frame) -> Iterator[str]:
    detailed = [event for event in draft.events if event.detail]
    if not detailed:
        return
    lines = ["### Details of the timeline", ""]
    for event in detailed:
        time = event_cells(event, frame.audiences, frame.incident_id)["Time (UTC)"]
        label = f"({detail_label(frame.incident_id, event.key)})="
        lines += [label, f"**{time}**: {as_line(event.event)}", "", *as_blocks(event.detail), ""]
    yield from (*boxed(HIDDEN, lines), "")


def detail_label(incident_id: str, key: str) -> str:
    """Return the label of an event's detail, which the row's notes link to."""
    return f"detail-{short_hash(f'{incident_id} {key}', 10)}"


# --- the other sections

_TECHNICAL = (Home.TECHNICAL, Home.DETECTION, Home.ASSETS)
_AFTER = {
    Home.SUMMARY: Home.TIMELINE,
    **dict.fromkeys((Home.CUSTOMER_IMPACT, Home.OPERATIONAL_IMPACT, Home.REGULATORY_IMPACT), Home.TIMELINE),
    **dict.fromkeys((Home.PEOPLE, Home.STATUS, Home.SEVERITY, Home.DATE), Home.TIMELINE),
    **dict.fromkeys(_TECHNICAL, Home.TECHNICAL),
    Home.FACTORS: Home.ROOT_CAUSE,
}


def _rest(draft: Draft, first: str) -> Iterator[str]:
    yield from _homeless(draft, Home.TIMELINE)
    technical = _texts(draft, _TECHNICAL, 3)
    if technical:
        yield from (*boxed(HIDDEN, ["## Technical details", "", *technical]), "")
    yield from _homeless(draft, Home.TECHNICAL)
    if draft.veris:
        classified = ["## Classification (VERIS)", "", *block_text(draft.veris).splitlines()]
        yield from (*boxed(HIDDEN, classified), "")
    yield from ("## Root cause analysis", "")
    causes = _merged(draft, (Home.ROOT_CAUSE,), 0)
    if causes:
        yield from (*boxed("{root-cause}", causes), "")
    if draft.factors:
        yield from (":::{contributing-factors}", *_factors(draft.factors), ":::", "")
    yield from _texts(draft, (Home.FACTORS,), 3)
    yield from _homeless(draft, Home.ROOT_CAUSE)
    plain = (
        (Home.CONTAINMENT, "Containment and remediation"),
        (Home.WENT_WELL, "What went well"),
        (Home.DID_NOT_GO_WELL, "What didn't go well"),
    )
    for home, title in plain:
        yield from (f"## {title}", "", *_merged(draft, (home,), 3), "")
        yield from _homeless(draft, home)
    yield from (
        "## Preventative and corrective actions",
        "",
        *_texts(draft, (Home.ACTIONS,), 3),
        *_actions(draft, first),
        "",
    )
    yield from _homeless(draft, Home.ACTIONS)
    leadership = _merged(draft, (Home.LEADERSHIP,), 0)
    if leadership:
        yield from (*boxed(HIDDEN, ["## Leadership summary", "", *leadership]), "")
    yield from ("## Key takeaways", "", *_merged(draft, (Home.TAKEAWAYS,), 3), "")
    for home in (Home.LEADERSHIP, Home.TAKEAWAYS):
        yield from _homeless(draft, home)


def _merged(draft: Draft, homes: Sequence[Home], level: int) -> list[str]:
    """Return the texts of sections that one section of ours stands for; of several each has its title."""
    sections = [section for section in draft.sections if section.home in homes]
    if len(sections) == 1:
        return body_of(sections[0].text, level)
    return _titled(sections, level)


def _texts(draft: Draft, homes: Sequence[Home], level: int) -> list[str]:
    sections = [section for section in draft.sections if section.home in homes]
    own = [section for section in sections if section.home == Home.TIMELINE and len(sections) == 1]
    return [*body_of(own[0].text, level), ""] if own else _titled(sections, level)


def _titled(sections: Sequence[DraftSection], level: int) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines += [f"{'#' * level} {section.title}" if level else f"**{_unmarked(section.title)}**", ""]
        lines += [*body_of(section.text, level + 1 if level else 0), ""]
    return lines


def _unmarked(title: str) -> str:
    return title.replace("**", "")


def body_of(text: Text, level: int) -> list[str]:
    """Return the text of a section, its highest headings at a level; at 0 they are bold paragraphs."""
    if not text.is_markdown:
        return as_blocks(text)
    return write_blocks(read_foreign(escape.visible(text.written)), level)


def _homeless(draft: Draft, after: Home) -> Iterator[str]:
    """Yield the sections without a home that stood after a section of this home."""
    last = Home.TIMELINE
    level, top = 0, 0
    lines: list[str] = []
    for section in draft.sections:
        if section.home:
            last, top = _AFTER.get(Home(section.home), Home(section.home)), 0
            if section.home not in _SHOWN_AS_OTHERS:
                continue
        if last is not after:
            continue
        top = top if top and section.level > top else section.level
        level = 2 if section.level <= top else min(level + 1, 2 + section.level - top)
        lines += [f"{'#' * level} {section.title or 'Introduction'}", "", *body_of(section.text, level + 1), ""]
    if lines:
        yield from (*boxed(HIDDEN, lines), "")


_SHOWN_AS_OTHERS = (
    *(Home.SUMMARY, Home.CUSTOMER_IMPACT, Home.OPERATIONAL_IMPACT, Home.REGULATORY_IMPACT),
    *(Home.PEOPLE, Home.STATUS, Home.SEVERITY, Home.DATE),
)


def _factors(factors: Sequence[Text]) -> Iterator[str]:
    for factor in factors:
        lines = as_blocks(factor) or [""]
        yield from (f"{'- ' if index == 0 else '  '}{line}".rstrip() for index, line in enumerate(lines))


def _actions(draft: Draft, first: str) -> Iterator[str]:
    if not draft.actions:
        yield "% The source has no actions."
        return
    rows = [action_cells(action, f"A{number}", first) for number, action in enumerate(draft.actions, start=1)]
    titles = _used(ACTION_TITLES, rows)
    hidden = [title for title in titles if title in INTERNAL]
    yield from (":::{action-table}", f":internal-columns: {', '.join(hidden)}", "")
    yield from table(titles, [[cells[title] for title in titles] for cells in rows])
    yield from ("", ":::")


# --- the end


def _end(draft: Draft) -> Iterator[str]:
    if draft.links:
        links = [f"- {escape.link(label, address)}" for label, address in draft.links]
        yield from (*boxed(HIDDEN, ["## Links", "", *links]), "")
    for item in draft.unread:
        yield from _wrapped(f"Not read: {item.place}: {item.reason}:")
        yield from comment(item.text)
    for left in draft.left_out:
        option = f"; {left.option} takes them" if left.option else ""
        yield from _wrapped(f"Left out: {left.count} {left.what}{option}")
    yield from ("", *marks_of(draft))


def marks_of(draft: Draft) -> Iterator[str]:
    """Yield the comments by which a later import knows what this one has brought."""
    for source in draft.parts or (draft,):
        yield from marks(source.kind, source.source, [PAGE_MARK, *(mark_of(item.key) for item in items_of(source))])


def marks(kind: str, source: str, keys: Sequence[str]) -> Iterator[str]:
    """Yield the comments that name some keys of one source: a later import knows by them what a page holds."""
    for start in range(0, len(keys), _KEYS_IN_A_LINE):
        yield f"% imported from {kind} {quoted(source)}: {' '.join(keys[start : start + _KEYS_IN_A_LINE])}"


def items_of(draft: Draft) -> list[DraftEvent | DraftAction | DraftSection]:
    """Return all that has a key, in the order of the source."""
    return [*draft.events, *draft.actions, *draft.sections]


def mark_of(key: str) -> str:
    """Return the short form of a key, which stands in the comments of ``marks``."""
    return short_hash(key, _KEY_LENGTH)


def read_marks(lines: Sequence[str]) -> dict[tuple[str, str], set[str]]:
    """Return the keys that earlier imports have brought, by kind and source."""
    found: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if match := _MARK.match(line.strip()):
            found.setdefault((match["kind"], match["source"]), set()).update(match["keys"].split())
    return found
