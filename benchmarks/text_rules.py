"""Run the text and timeline rules on plain Markdown: ``python benchmarks/text_rules.py FOLDER [--rule CODE]``.

Real postmortems have no directives of ours. Their timelines are lists, tables and headings that begin with a time;
this script gathers each run of them and gives it to the timeline rules as if it were a `timeline` directive.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sphinx_postmortem.core.checks import CheckedPage, Settings, check_page, find_check
from sphinx_postmortem.core.checks.time_order import misplaced_rows
from sphinx_postmortem.core.checks.time_text import fault_of
from sphinx_postmortem.core.reader import Directive, decode
from sphinx_postmortem.core.records.times import exact_moment

TEXT_RULES = (
    "blame-person",
    "blame-hindsight",
    "blame-word",
    "human-error",
    "cause-fault",
    "prompt-left",
    "duplicate-heading",
    "time-not-utc",
    "time-estimate",
    "secret",
)
MARKUP = r"[\s>]*(?:[-*+] |\d+\. |#{1,6} |\|)?[\s*_`\[(]*"
SUMMARY = re.compile(r"summary|overview|impact|leadership|executive|tl;?dr|what happened", re.IGNORECASE)
SUMMARY_RULES = ("executive-ip", "executive-host", "executive-hash", "executive-path", "executive-cve")
SUMMARY_RULES += ("executive-email", "executive-account", "executive-machine")
TIME_TITLE = re.compile(r"\btime(?:stamp)?\b|^when$", re.IGNORECASE)
# What stands before the event in a list item or heading: a short text with a number, or words for a part of a day.
TIME_PART = re.compile(
    r"^\s{0,8}(?:[-*+] |#{2,6} )[\s*_`\[(]*(?P<time>(?:(?:~|≈|around|about|approx\w*\.?|circa|ca\.?|early|late|mid|"
    r"before|after|by|since|until|from) ?)?(?:\d{4}-\d\d-\d\d )?(?:~ ?)?\d{1,2}:\d\d[^:|#*\n]{0,14}|"
    r"(?:early|late|mid)[ -](?:morning|afternoon|evening|night))(?=\s*(?:[-–—:*|#\])]|$))",
    re.IGNORECASE,
)
LABEL = r"(?:(?P<label>[A-Z][A-Za-z ]{2,40}?)[:*_ ]+)?"
FULL = re.compile(rf"^{MARKUP}{LABEL}(?P<day>\d{{4,5}}-\d\d-\d\d)[ T,]+(?P<time>\d\d:\d\d(?::\d\d)?)")
SHORT = re.compile(rf"^{MARKUP}(?P<day>\d\d-\d\d)[ T]+(?P<time>\d\d:\d\d)\]?")
CLOCK = re.compile(
    rf"^{MARKUP}(?:(?P<month>[A-Z][a-z]{{2,8}}) (?P<dom>\d{{1,2}})(?:,? (?P<year>\d{{4}}))?[ ,]+)?"
    r"(?P<time>\d{1,2}:\d\d(?::\d\d)?)\b(?!\s*(?:-|–|to)\s*\d)(?P<half>\s?[AaPp][Mm])?"
)
DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DECLARED = re.compile(r"\bdeclared\b", re.IGNORECASE)
RESOLVED = re.compile(r"\b(?:resolved|recovered)\b", re.IGNORECASE)


class Run:
    """Lines with times that stand together."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, datetime | None, str]] = []


def moments(lines: list[str]) -> list[Run]:
    """Return the runs of timed lines. A clock without a date takes the date before it, or that of the page."""
    runs: list[Run] = [Run()]
    page_day = next((day for line in lines[:15] if (day := first_day(line))), datetime(2000, 1, 1, tzinfo=UTC))
    current, kind, last = page_day, "", -9
    for number, line in enumerate(lines, start=1):
        read = moment(line, current)
        if read is None:
            bare = re.fullmatch(r"[\s*#_]*(?:Date:?\s*)?(\d{4}-\d\d-\d\d)[\s*_:#]*", line)
            if bare and (day := first_day(line)):
                current = day
            is_prose = bool(line.strip()) and not line.startswith((" ", ">", "\t"))
            if (is_prose and kind.startswith("line")) or re.match(r"#+ ", line):
                kind = ""
            continue
        found, form = read
        # A heading with a time goes on with those before; other lines do so only near each other.
        near = number - last <= (60 if form.startswith("heading") else 12)
        if form != kind or not near:
            runs.append(Run())
        kind, last = form, number
        runs[-1].rows.append((number, found, line.strip()))
        if found:
            current = found
    return [run for run in runs if len(run.rows) > 1]


def first_day(line: str) -> datetime | None:
    """Return the first date of a line."""
    match = DAY.search(line)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC) if match else None
    except ValueError:
        return None


def indent_of(line: str) -> int:
    """Return the number of spaces before a line's text."""
    return len(line) - len(line.lstrip())


def moment(line: str, current: datetime) -> tuple[datetime | None, str] | None:
    """Return the moment with which a line begins, and how it is written; None when it begins with none."""
    place = "heading " if line.startswith("#") else "cell " if line.startswith("|") else f"line {indent_of(line)} "
    if match := FULL.match(line):
        try:
            return datetime.fromisoformat(f"{match['day']} {match['time']}").replace(tzinfo=UTC), f"{place}full"
        except ValueError:
            return None, f"{place}full"
    if match := SHORT.match(line):
        try:
            written = f"{current.year}-{match['day']} {match['time']}"
            return datetime.fromisoformat(written).replace(tzinfo=UTC), f"{place}short"
        except ValueError:
            return None, f"{place}short"
    match = CLOCK.match(line)
    if not match:
        return None
    hour, minute = (int(part) for part in match["time"].split(":")[:2])
    half = (match["half"] or "").strip().lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    day = current
    try:
        if match["month"] and match["month"][:3].lower() in MONTHS:
            day = day.replace(month=MONTHS.index(match["month"][:3].lower()) + 1, day=int(match["dom"]))
        return day.replace(hour=hour, minute=minute), f"{place}clock"
    except ValueError:
        return None, f"{place}clock"


def timeline_findings(lines: list[str], today: date) -> list[tuple[str, int, str]]:  # noqa: C901
    """Return the code, line and message of what is wrong with the times of a page."""
    found: list[tuple[str, int, str]] = []
    for number, line in enumerate(lines, start=1):
        written = FULL.match(line) or CLOCK.match(line)
        day = written["day"] if written and "day" in written.groupdict() else "2000-01-01"
        fault = fault_of(f"{day} {written['time']}") if written else None
        if fault is not None and fault.code == "time-impossible":
            found.append((fault.code, number, fault.message))
    for run in moments(lines):
        times = [time for _, time, _ in run.rows]
        misplaced = misplaced_rows([None if time is None else exact_moment("", time) for time in times])
        slipped = {row.index: (row.field, row.probably) for row in misplaced if row.field in ("year", "month", "day")}
        for index, (name, mended) in slipped.items():
            found.append(("time-slip", run.rows[index][0], f"another {name}: {times[index]}, probably {mended}"))
        before: tuple[int, datetime] | None = None
        for index, (number, time, text) in enumerate(run.rows):
            if time is None or index in slipped:
                continue
            # A list of named times is no timeline. A clock without a date begins again each day: a slip is short.
            wraps = before and "full" not in kind_of(text) and before[1] - time > timedelta(hours=2)
            if (labelled := FULL.match(text)) and labelled["label"]:
                continue
            if before and time < before[1] and not wraps:
                found.append(("timeline-order", number, f"{time} after {before[1]} (line {before[0]})"))
            before = (number, time)
            if time.date() > today:
                found.append(("future-date", number, f"{time}"))
        named = {
            name: next((t for _, t, x in run.rows if t and p.search(x)), None)
            for name, p in (("declared", DECLARED), ("resolved", RESOLVED))
        }
        if named["declared"] and named["resolved"] and named["resolved"] < named["declared"]:
            number = next(n for n, t, x in run.rows if RESOLVED.search(x))
            message = f"resolved {named['resolved']} before declared {named['declared']}"
            found.append(("milestone-order", number, message))
        seen: dict[str, int] = {}
        for number, _, text in run.rows:
            if text in seen and not text.startswith("#"):  # a heading's event stands below it
                found.append(("timeline-duplicate", number, f"as line {seen[text]}"))
            seen.setdefault(text, number)
    return found


def time_texts(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield what authors wrote as times: cells of a time column, and the heads of list items and headings."""
    column: int | None = None
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if column is None:
                column = next((i for i, cell in enumerate(cells) if TIME_TITLE.search(cell) and len(cell) < 30), -1)
            elif 0 <= column < len(cells) and cells[column].strip("-: "):
                yield number, cells[column]
            continue
        column = None
        if match := TIME_PART.match(line):
            yield number, match["time"].strip(" `*_")


def time_text_findings(lines: list[str]) -> list[tuple[str, int, str]]:
    """Return the estimates, and the times in other zones, among what authors wrote as times."""
    found: list[tuple[str, int, str]] = []
    for number, text in time_texts(lines):
        fault = fault_of(text)
        if fault and fault.code in ("time-estimate", "time-not-utc"):
            found.append((fault.code, number, fault.message))
    return found


def as_summary(page: CheckedPage) -> CheckedPage:
    """Return the page with the text of its summary and impact sections as that of an incident summary."""
    block = Directive("incident-summary", "X", 1)
    prose = [replace(line, directive=block) for line in page.source.prose if SUMMARY.search(line.section)]
    source = replace(page.source, prose=prose, directives=[block])
    return CheckedPage(page.file, source, page.marking, page.settings)


def kind_of(text: str) -> str:
    """Return how the time of a line is written: full, short (no year) or clock."""
    return "full" if FULL.match(text) else "short" if SHORT.match(text) else "clock"


def title_finding(path: Path, lines: list[str]) -> list[tuple[str, int, str]]:
    """Report a page whose title has another date than its file name: the summary's dates against the record."""
    named, said = (
        first_day(path.name),
        next((day for line in lines[:3] if line.startswith("#") and (day := first_day(line))), None),
    )
    number = next((i for i, line in enumerate(lines[:3], start=1) if line.startswith("#") and first_day(line)), 1)
    body = "\n".join(lines[3:])
    told = named and said and all(f"{day:%Y-%m-%d}" in body for day in (named, said))  # a story of several days
    if named and said and not told and abs((named - said).days) > 1:
        return [("summary-dates", number, f"the title says {said.date()}, the file name {named.date()}")]
    body = [t for run in moments(lines) if kind_of(run.rows[0][2]) == "full" for _, t, _ in run.rows if t]
    prose = [day for line in lines[3:60] if re.search(r"between|from|on", line) and (day := first_day(line))]
    titled = re.match(r"#\s+(\w+) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", lines[0]) if lines else None
    if titled and titled[1][:3].lower() in MONTHS and prose and not body:
        day = datetime(int(titled[3]), MONTHS.index(titled[1][:3].lower()) + 1, int(titled[2]), tzinfo=UTC)
        if abs((prose[0] - day).days) > 15:
            return [("summary-dates", 1, f"the title says {day.date()}, the text {prose[0].date()}")]
    return []


def main() -> int:
    """Print the findings, and their number for each rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rule", default="")
    parser.add_argument("--safe", nargs="*", default=[], help="names that the executive-safe rules allow")
    parser.add_argument("--limit", type=int, default=10_000)
    options = parser.parse_args()
    settings = Settings(safe_terms=tuple(options.safe))
    today = datetime.now(tz=UTC).date()
    numbers: Counter[str] = Counter()
    paths = [path for path in sorted(options.folder.rglob("*")) if path.is_file()]
    for path in paths:
        text, _ = decode(path.read_bytes())
        lines = text.replace("\r\n", "\n").split("\n")
        findings = [*timeline_findings(lines, today), *title_finding(path, lines), *time_text_findings(lines)]
        page = check_page(path.name, text, settings, markdown=not path.name.endswith(".rst"))
        page.forced = True
        summary = as_summary(page)
        for code in (*TEXT_RULES, *SUMMARY_RULES):
            rule = find_check(code)
            if rule and rule.page_rule:
                read = summary if code in SUMMARY_RULES else page
                findings += [(code, hit.line, hit.message) for hit in rule.page_rule(read, settings)]
        for code, line, message in findings:
            numbers[code] += 1
            if options.rule in ("", code) and numbers[code] <= options.limit:
                source = lines[line - 1].strip()[:220] if 0 < line <= len(lines) else ""
                print(f"{path.name}:{line}: [{code}] {message}\n    {source}")
    print(f"{len(paths)} files: " + ", ".join(f"{code} {number}" for code, number in sorted(numbers.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
