"""Rules for the page as a whole: readable, all sections present, no prompts of the template left in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english_heading
from sphinx_postmortem.core.reader.read_page import Place
from sphinx_postmortem.core.records.prompts import find_prompt, is_prompt, may_hold_prompt
from sphinx_postmortem.core.settings import Settings

# Section of the template, words of its heading, and the directive that also stands for it. Sections 1, 2 and 14.1 are
# about the template itself; 11 is optional.
SECTIONS = (
    ("Incident summary", ("summary",), "incident-summary"),
    ("Timeline", ("timeline",), "timeline"),
    ("Technical details", ("technical", "details"), "internal-only"),
    ("Root cause analysis", ("root cause",), "root-cause"),
    ("Containment and remediation", ("containment", "remediation"), ""),
    ("What went well", ("went well",), ""),
    ("What didn't go well", ("go well", "went wrong", "went badly", "went poorly"), ""),
    ("Preventative and corrective actions", ("actions",), "action-table"),
    ("Distribution and storage", ("distribution",), ""),
    ("Closure criteria", ("closure",), "closure-checklist"),
    ("Key takeaways", ("takeaway", "lessons"), ""),
)
WAIVER = "postmortem-waived"
_SHORT_OPTIONS = ("date", "severity", "type", "status", "tlp")  # their values have rules of their own
_CODE = expression(r"`[^`]*`")
_BULLET = expression(r"^\s*[-*+]\s+")
_TIME_HEADING = expression(r"[~\d:.,\sTZ-]{3,40}(?:[AaPp]\.?[Mm]\.?)?(?:\s?[A-Z]{2,5})?")
_SUMMARY = ":::{incident-summary} SEC-1\n\nText.\n:::\n\n"
_FULL = _SUMMARY + "".join(f"## {name}\n\nText.\n\n" for name, _, _ in SECTIONS[1:])


def _faults(page: CheckedPage, code: str) -> Iterator[Hit]:
    for fault in page.faults:
        if fault.code == code:
            yield Hit(fault.line, fault.message, file=fault.file)


@check(
    "unreadable-file",
    "error",
    source="none: what cannot be read cannot be checked",
    any_page=True,
    in_build=True,
    bad="```{include} missing.md\n```\n",
    good="Text.\n",
)
def unreadable_file(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The page can be read, and is UTF-8."""
    yield from _faults(page, "unreadable-file")


@check(
    "too-large",
    "warning",
    source="none: checks take bounded time",
    any_page=True,
    bad="a" * 20_001 + "\n",
    good="One line.\n",
)
def too_large(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No line is longer than 20,000 characters and no file than 200,000 lines; what is beyond is not checked."""
    yield from _faults(page, "too-large")


@check(
    "broken-front-matter",
    "error",
    source="none: front matter holds markings and settings",
    any_page=True,
    bad="---\naudience: internal\n\n# Page\n",
    good="---\naudience: internal\n---\n\n# Page\n",
)
def broken_front_matter(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Front matter is closed, made of `key: value` lines, and its audience can be read."""
    yield from _faults(page, "broken-front-matter")
    if page.marking.broken and not any(fault.code == "broken-front-matter" for fault in page.faults):
        yield Hit(page.marking.line, f"{page.marking.broken}; mend it, the page is hidden until then")


@check(
    "section-missing",
    "warning",
    source="template, all sections",
    incomplete=True,
    bad=_SUMMARY,
    good=_FULL,
)
def section_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The template's sections are there and hold something, or are waived: `postmortem-waived: [Technical details]`."""
    waived = [entry.name.casefold() for entry in page.source.front_matter.below(WAIVER)]
    headings = [
        (heading, english_heading(heading.text).casefold().replace("’", "'")) for heading in page.source.headings
    ]
    filled = _filled(page)
    for name, words, directive in SECTIONS:
        if name.casefold() in waived or (directive and page.source.named(directive)):
            continue
        found = [heading for heading, text in headings if any(word in text for word in words)]
        if not found:
            yield Hit(
                page.line, f'the section "{name}" is missing; write it, or waive it in the front matter: {WAIVER}'
            )
        elif not any(heading.place in filled for heading in found):
            yield Hit(
                found[0].line,
                f'the section "{name}" is empty; write it, or waive it in the front matter: {WAIVER}',
                file=found[0].file,
            )


def _filled(page: CheckedPage) -> set[Place]:
    """Return the headings below which something stands: a line that readers see, a block of ours or code."""
    source, filled = page.source, set[Place]()
    places = (*(prose.place for prose in source.prose), *source.code)
    blocks = (block.place for block in (*source.directives, *source.included()))
    lines_of: dict[str, set[int]] = {}
    for file, line in (*places, *blocks):
        lines_of.setdefault(file, set()).add(line)
    for file, lines in lines_of.items():
        ordered = sorted(lines)
        below: list[tuple[int, int]] = []  # of later headings, those that end the sections before them
        for line, level in sorted({(each.line, each.level) for each in source.headings if each.file == file})[::-1]:
            while below and below[-1][1] > level:
                below.pop()
            first = bisect_right(ordered, line)
            if first < len(ordered) and (not below or ordered[first] < below[-1][0]):
                filled.add((file, line))
            below.append((line, level))
    return filled


@check(
    "prompt-left",
    "warning",
    source="template, all sections",
    incomplete=True,
    bad=_SUMMARY + "## What went well\n\nTBD\n",
    good=_SUMMARY + "## What went well\n\nThe alert came within a minute.\n",
)
def prompt_left(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No prompts are left in: "TBD", "TODO", "???", "Brief, non-technical description", "[insert ...]".

    Nor are those of `sphinx-postmortem new`: comments that begin with `TODO`, and "Not yet known." as a value.
    """
    for file, number in sorted(page.source.comments):
        if re.match(r"\s*(?:%|<!--|\.\.)\s*(?:TODO|TBD|FIXME)\b", text := page.source.files[file][number - 1]):
            yield Hit(number, f'"{text.strip()[:40]}" is a prompt; answer it and delete the line', file=file)
    for directive in (*page.source.named("incident-summary"), *page.source.named("closure-checklist")):
        for name, line in directive.options.items():
            if find_prompt(line.text) or (name not in _SHORT_OPTIONS and is_prompt(line.text)):
                message = f'"{line.text[:40]}" is a prompt; write what belongs into {name}'
                yield Hit(line.number, message, file=line.file)
    # A time whose precision is stated says all that is known.
    precise = [row for row in page.all_events if row.cell("precision")]
    exact_enough = {(row.file, row.line): row.cell("time") for row in precise}
    is_any = may_hold_prompt("\n".join(prose.text for prose in page.source.prose))
    for prose in page.source.prose:
        text = _CODE.sub(lambda match: " " * len(match[0]), prose.text) if "`" in prose.text else prose.text
        if time := exact_enough.get(prose.place):
            text = text.replace(time, " " * len(time), 1)
        match = find_prompt(text) if is_any else None
        item = _BULLET.sub("", text)
        if match:
            message = f'"{match[0]}" is a prompt; write what belongs here'
            yield Hit(prose.number, message, match.start() + 1, prose.file)
        elif item != text and "|" not in text and is_prompt(item):
            message = f'"{item.strip()[:60]}" is an example of the template; say what happened, or delete it'
            yield Hit(prose.number, message, file=prose.file)


@check(
    "empty-row",
    "warning",
    source="template sections 4 and 10",
    incomplete=True,
    bad=":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| | |\n:::\n",
    good=":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| unknown | Alert detected |\n:::\n",
)
def empty_row(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No row of a table is empty."""
    for _, table, file in [*page.timelines, *page.action_tables]:
        for row in table.rows:
            if not any(cell.strip(" *_`|-") for cell in row.cells):
                yield Hit(row.line, "the row is empty; fill it or remove it", file=file)


@check(
    "duplicate-heading",
    "warning",
    source="template, all sections",
    bad=_SUMMARY + "## What went well\n\nA.\n\n## What went well\n\nB.\n",
    good=_SUMMARY + "## What went well\n\nA.\n",
)
def duplicate_heading(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No two headings of one level under the same heading have the same text. Times may: events can share a minute."""
    seen: dict[tuple[str, ...], int] = {}
    path: list[tuple[int, str]] = []
    for heading in page.source.headings:
        while path and path[-1][0] >= heading.level:
            path.pop()
        path.append((heading.level, " ".join(heading.text.casefold().split())))
        key = tuple(text for _, text in path)
        if key in seen and not _TIME_HEADING.fullmatch(heading.text) and "hh:mm" not in heading.text.casefold():
            message = f'the heading "{heading.text}" is that of line {seen[key]}; join the two'
            yield Hit(heading.line, message, file=heading.file)
        seen.setdefault(key, heading.line)
