"""cState: an issue of a status page: Markdown with front matter, whose updates state their times by ``track``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import Draft, DraftSection, SourceError, Text
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.gathering import RECOVERED, Gathered, joined, told
from sphinx_postmortem.core.reader.front_matter import front_matter_length, read_front_matter
from sphinx_postmortem.core.reader.read_page import Entry, Line

KIND = "cstate"
_TRACK = expression(r"""\{\{<\s*track\s+["']?(?P<when>[^"'>]{1,60}?)["']?\s*>\}\}""")
_HEAD = expression(r"^(?P<stars>[*_]{1,2})(?P<status>[^*_\n]{1,40})(?P=stars)\s*[-–—:]\s*")
_RULE = expression(r"^\s*(?:-{3,}|\*{3,}|_{3,})\s*$", re.MULTILINE)


def recognise(source: Source) -> bool:
    """Say whether a file is an issue of cState."""
    if source.is_zip:
        return False
    lines = source.head.decode("utf-8-sig", "ignore").splitlines()
    entries = _entries(lines)
    keys = set(entries)
    is_issue = entries["section"].value.strip() == "issue" if "section" in entries else False
    return "title" in keys and "date" in keys and (is_issue or bool({"resolvedWhen", "resolved"} <= keys))


def read(source: Source) -> Sequence[Draft]:
    """Return the incident of a file; the public has read all of it.

    Raises:
        SourceError: it has no front matter that can be read.
        AnswerNeededError: its times have no zone, and none was named.
    """
    lines = source.text().splitlines()
    entries = _entries(lines)
    if "title" not in entries or "date" not in entries:
        raise SourceError(
            f"{source.name}:1: there is no front matter with a title and a date, which cState's issues have"
        )
    gathered = Gathered(KIND, source)
    title = entries["title"].value
    _moment(gathered, entries, "date", title, "")
    _moment(gathered, entries, "resolvedWhen", "Resolved", RECOVERED)
    timeless: list[str] = []
    for number, block in _blocks(lines):
        _update(gathered, number, block, timeless)
    if timeless:
        text = Text("\n\n".join(timeless), is_markdown=True)
        section = DraftSection(f"{KIND}:{source.name}/text", "Text of the status page", text)
        gathered.section(section, source.name)
    affected = joined(entry.name for entry in entries["affected"].entries) if "affected" in entries else ""
    resolved = entries["resolved"].value.casefold() == "true" if "resolved" in entries else False
    zone = source.asked.zone
    draft = gathered.draft(
        title=title,
        severity=entries["severity"].value if "severity" in entries else "",
        status="resolved" if resolved else "",
        impacts=(("customer", Text(f"Affected: {affected}")),) if affected else (),
        zone=zone.written if zone else "",
    )
    return [draft]


def _entries(lines: Sequence[str]) -> Mapping[str, Entry]:
    """Return the front matter's entries by name; none where there is none, or it cannot be read."""
    length = front_matter_length(lines) or 0
    if length < 2:
        return {}
    numbered = [Line(number, text) for number, text in enumerate(lines[1 : length - 1], start=2)]
    return {entry.name: entry for entry in read_front_matter(numbered)[0].entries}


def _moment(gathered: Gathered, entries: Mapping[str, Entry], name: str, text: str, milestone: str) -> None:
    entry = entries.get(name)
    if entry is None or not entry.value:
        return
    place = f"{gathered.source.name}:{entry.line}"
    gathered.row(place, name, entry.value, text, milestone=milestone, is_public=True, evidence=place)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the updates of an issue, each with the number of its first line: paragraphs, and the track behind them."""
    start = front_matter_length(lines) or 0
    gathered: list[str] = []
    first = start + 1
    for number, line in enumerate([*lines[start:], ""], start=start + 1):
        if line.strip() and not _RULE.match(line):
            first = first if gathered else number
            gathered.append(line)
        elif gathered:
            yield first, "\n".join(gathered)
            gathered = []


def _update(gathered: Gathered, number: int, block: str, timeless: list[str]) -> None:
    track = _TRACK.search(block)
    text = _TRACK.sub("", block).strip()
    if track is None or not text:
        timeless.append(block)
        return
    head = _HEAD.match(text)
    said = f"{head['status'].strip()}: {text[head.end() :]}" if head else text
    place = f"{gathered.source.name}:{number}"
    milestone = RECOVERED if head and head["status"].strip().casefold() in ("resolved", "fixed") else ""
    key = f"update/{len(said)}/{told(said)[0].written[:40]}/{track['when']}"
    gathered.row(place, key, track["when"].strip(), said, milestone=milestone, is_public=True, evidence=place)
