"""Mends what has one mechanical cure: times and due dates in another spelling, and days that neighbours imply.

Nothing else of a file changes.

Line ends, a byte order mark, tabs, escaped pipes and, where the new text fits, the widths of columns stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from sphinx_postmortem.core.checks.implied_days import slip_is_certain, written
from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow, file_of
from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.checks.slack_paste import find_pasted, outside_code
from sphinx_postmortem.core.checks.suppress import apply_suppressions
from sphinx_postmortem.core.checks.time_order import misplaced_rows
from sphinx_postmortem.core.checks.time_text import written_day
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.reader import Directive
from sphinx_postmortem.core.records.tables import Row
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.time_reading import without_markup
from sphinx_postmortem.core.records.vocabulary import COLUMNS


@dataclass(frozen=True)
class Fix:
    """One cell to mend: the file as findings name it (empty: the page's own), its row, the column, and the text."""

    file: str
    row: Row
    column: int
    old: str
    new: str
    code: str
    is_csv: bool = False
    in_line: bool = False
    """Whether the text stands anywhere in its line, and no cell is meant."""
    together: str = ""
    """Fixes with the same text here are made all or none: half of a converted column would be false."""


def find_fixes(page: CheckedPage) -> list[Fix]:
    """Return what can be mended on a page; what a comment excuses, and rules that are off, are left alone."""
    found = [*_of_times(page), *_of_slips(page), *_of_zones(page), *_of_due_dates(page), *_of_pasted(page)]
    kept: list[Fix] = []
    left_alone: set[str] = set()
    for fix in found:
        finding = Finding(fix.code, "error", "", file_of(page, fix.file), fix.row.line)
        is_off = page.settings.checks.get(fix.code) == "off"
        if not is_off and not apply_suppressions(page, [finding])[0].suppressed:
            kept.append(fix)
        elif fix.together:
            left_alone.add(fix.together)
    return [fix for fix in kept if fix.together not in left_alone]


def _of_times(page: CheckedPage) -> Iterator[Fix]:
    for (directive, table, file), rows in zip(page.timelines, page.events, strict=True):
        columns = find_time_columns(table.header)
        if columns.time is None or columns.day is not None or columns.faults:
            continue  # a day in another column would have to change with the clock
        if columns.zone is not None and columns.zone.in_force:
            continue  # the column is converted as a whole
        for row, checked in zip(table.rows, rows, strict=True):
            fault = checked.time_fault
            if fault is not None and fault.cure:
                new = _mended(row.cells[columns.time], fault.cure, fault.part)
                yield from _fix(directive, file, row, columns.time, new, fault.code)


def _of_slips(page: CheckedPage) -> Iterator[Fix]:
    """Yield the times with a wrong day whose neighbours leave no other than the right one."""
    for (directive, table, file), rows in zip(page.timelines, page.events, strict=True):
        columns = find_time_columns(table.header)
        if columns.time is None or columns.day is not None or not (columns.zone is None or columns.zone.is_utc):
            continue
        moments = [each.moment for each in rows]
        for found in misplaced_rows(moments, page.days):
            row, moment = table.rows[found.index], moments[found.index]
            if moment and found.probably and not rows[found.index].time_fault and slip_is_certain(moments, found):
                new = _mended(row.cells[columns.time], written(found.probably, has_seconds=moment.has_seconds))
                yield from _fix(directive, file, row, columns.time, new, "time-slip")


def _of_zones(page: CheckedPage) -> Iterator[Fix]:
    """Yield what converts a column of times in another zone, such as ``Time (CET)``, to UTC: each time and the title.

    One time that is not exact leaves the column as it is.
    """
    for (directive, table, file), rows in zip(page.timelines, page.events, strict=True):
        columns = find_time_columns(table.header)
        zone, index = columns.zone, columns.time
        if index is None or columns.day is not None or columns.faults or zone is None or not zone.in_force:
            continue
        is_csv = bool(directive.option("file")) and file != directive.file
        title = re.sub(rf"(?<!\w){re.escape(zone.written)}(?!\w)", "UTC", table.header[index])
        fixes = [
            Fix(file, row, index, row.cells[index], _in_utc(row, index, each), "time-not-utc", is_csv)
            for row, each in zip(table.rows, rows, strict=True)
            if row.cells[index].strip()
        ]
        if title == table.header[index] or not table.rows or not all(fix.new and fix.row.fits for fix in fixes):
            continue
        header = Row(table.header, 1 if is_csv else table.rows[0].line - 2)
        fixes.append(Fix(file, header, index, table.header[index], title, "time-not-utc", is_csv))
        yield from (replace(fix, together=f"{file}:{header.line}") for fix in fixes if fix.new != fix.old)


def _in_utc(row: Row, column: int, checked: CheckedRow) -> str:
    """Return a cell with its time in UTC; empty where the time is not exact or doubtful."""
    cell, moment = row.cells[column], checked.moment
    if moment is None or (checked.time_fault and checked.time_fault.code != "time-format"):
        return ""
    if not moment.is_known:
        return cell
    if not moment.is_exact or moment.utc is None or moment.utc.microsecond:
        return ""
    return _mended(cell, f"{moment.utc:%Y-%m-%d %H:%M}" + (f":{moment.utc:%S}" if moment.has_seconds else ""))


def _of_due_dates(page: CheckedPage) -> Iterator[Fix]:
    for directive, table, file in page.action_tables:
        column = table.column(*COLUMNS["due"])
        for row in table.rows if column is not None else ():
            cell = row.cells[column or 0]
            day = written_day(cell)
            if day and day not in cell:
                yield from _fix(directive, file, row, column or 0, _mended(cell, day), "bad-date")


def _of_pasted(page: CheckedPage) -> Iterator[Fix]:
    for pasted in find_pasted(page):
        if pasted.cure:
            row = Row((), pasted.line.number)
            yield Fix(pasted.line.file, row, 0, pasted.written, pasted.cure, "slack-text", in_line=True)


def _fix(directive: Directive, file: str, row: Row, column: int, new: str, code: str) -> Iterator[Fix]:
    old = row.cells[column]
    if new and new != old and row.fits:
        yield Fix(file, row, column, old, new, code, is_csv=bool(directive.option("file")) and file != directive.file)


def cell_with(cell: str, text: str) -> str:
    """Return a cell with another text, in the markup of its own; empty where that is unsafe."""
    return _mended(cell, text) if cell.strip() else text


def _mended(cell: str, cure: str, part: str = "") -> str:
    """Return a cell with the cure in the place of its words, or of a part; empty where markup makes it unsafe."""
    plain = part or without_markup(cell)
    return cell.replace(plain, cure) if plain and cell.count(plain) == 1 else ""


def apply_fixes(data: bytes, fixes: Sequence[Fix], *, own_markdown: bool) -> tuple[bytes, list[Fix]]:
    """Return a file's bytes with the fixes, and those that were made.

    A fix whose row no longer stands where it stood is left out, as is a file that is not UTF-8.

    Args:
        data: the file.
        fixes: those of this file.
        own_markdown: whether it is a Markdown page, whose lines end at line feeds and carriage returns alone.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data, []
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) if own_markdown else text.splitlines(keepends=True)
    if fixes and fixes[0].is_csv:
        lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    made: list[Fix] = []
    groups = [[fix for fix in fixes if fix.together == name] for name in dict.fromkeys(f.together for f in fixes)]
    for group in groups:
        before, done = list(lines), [fix for fix in group if _mend(lines, fix)]
        if group[0].together and len(done) < len(group):
            lines[:], done = before, []
        made += done
    return "".join(lines).encode("utf-8"), made


def _mend(lines: list[str], fix: Fix) -> bool:
    """Write a fix into the lines of its file, and say whether its row stands where it stood."""
    if not 0 < fix.row.line <= len(lines):
        return False
    if fix.in_line:
        mended = outside_code(lines[fix.row.line - 1], fix.old, fix.new)
    else:
        mended = (_in_csv if fix.is_csv else _in_pipes)(lines, fix)
    if mended is not None:
        lines[fix.row.line - 1] = mended
    return mended is not None


def _in_pipes(lines: Sequence[str], fix: Fix) -> str | None:
    line = lines[fix.row.line - 1]
    body = line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
    starts = dict.fromkeys([len(body) - len(body.lstrip(" \t>")), max(body.find("|"), 0)])
    for start in starts:
        spans = list(_cell_spans(body, start))
        if len(spans) != len(fix.row.cells):
            continue
        first, last = spans[fix.column]
        written = body[first:last]
        if written.strip() == fix.old and "\\" not in written:
            return line[:first] + _as_wide(written, fix.new) + line[last:]
    return None


def _cell_spans(line: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the cells of a line stand, between its pipes; an escaped pipe is a part of a cell."""
    end = len(line.rstrip())
    first = start + (line[start : start + 1] == "|")
    pipes = [match.start() for match in re.finditer(r"\\.|\|", line[first:end]) if match[0] == "|"]
    places = [first - 1, *(first + pipe for pipe in pipes)]
    if not pipes or places[-1] != end - 1:
        places.append(end)
    yield from ((left + 1, right) for left, right in pairwise(places))


def _as_wide(written: str, new: str) -> str:
    """Return a cell's new text between the blanks of the old one, as wide as that where it fits."""
    if not written.strip():
        return f" {new} ".ljust(len(written)) if written.strip(" ") == "" else f"{written}{new}"
    before = written[: len(written) - len(written.lstrip())]
    after = written[len(written.rstrip()) :]
    if after.strip(" "):  # tabs
        return f"{before}{new}{after}"
    blanks = max(len(written) - len(before) - len(new), min(len(after), 1))
    return f"{before}{new}{' ' * blanks}"


def _in_csv(lines: Sequence[str], fix: Fix) -> str | None:
    line = lines[fix.row.line - 1]
    delimiter = max(",;\t", key=lines[0].count)
    quoted = r'"(?:[^"]|"")*"'
    field = re.compile(rf"({quoted}|[^{delimiter}\"\r\n]*)(?:{delimiter}|(?=[\r\n]|\Z))")
    position = 0
    for _ in range(fix.column):
        match = field.match(line, position)
        if match is None or match.end() == position:
            return None
        position = match.end()
    match = field.match(line, position)
    if match is None or " ".join(match[1].strip('"').split()) != fix.old:
        return None
    bare = match[1].strip('" \t')
    if bare:
        new = match[1].replace(bare, fix.new)
    else:
        new = f'"{fix.new}"' if '"' in match[1] or re.search(rf'[{delimiter}"]', fix.new) else fix.new
    return line[: match.start(1)] + new + line[match.end(1) :]
