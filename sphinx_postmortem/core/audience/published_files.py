"""Files that are published as they are: no gate reads them, so they must hold nothing that an edition hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx_postmortem.core.audience.audiences import Edition, UnknownAudienceError
from sphinx_postmortem.core.audience.incident_rule import IncidentRule, IncidentStatement, said_in_head
from sphinx_postmortem.core.audience.mentions import ODD_BREAKS, excused_lines, plain, search_for
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.audience.rows import gate_table, nearly_audience
from sphinx_postmortem.core.audience.unread_summaries import opens_summary, unread_statements
from sphinx_postmortem.core.audience.withheld import own_head
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.tables import Table, column_key, parse_csv_table, parse_pipe_table, split_cells
from sphinx_postmortem.core.regular_files import open_regular

_SIGNS = (
    b"internal-only",
    b"review-record",
    b"internal-columns",
    b"aud",
    b"ence",
    b"only",
)  # slips of the column's name, and of the blocks', have one of these
_INCIDENT = (b"incident", b"summar")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096
_CONTROLS = frozenset(range(1, 32)) - set(b"\t\n\v\f\r\x1b\x1c\x1d\x1e\x1f")  # bytes that no text has
_BREAKS = expression(rf"\r\n|[\r{ODD_BREAKS}]")
TABLE_SUFFIXES = (".csv", ".tsv")
_TEXT_SUFFIXES = (*TABLE_SUFFIXES, ".txt", ".log", ".md", ".rst", ".html", ".json", ".yaml", ".yml", ".xml", ".svg", "")
"""Of files that are texts, whatever control characters a terminal or a program has left in them."""
_BLOCK = expression(
    r"^(?:[^\S\n]|[>*+-])*+(?:(?::{3,}|`{3,}|~{3,})[ \t]*\{|\.\.[ \t]+)(?:postmortem:)?"
    r"(?P<name>internal-only|review-record|audience)(?:\}|[ \t]?::)[ \t]*(?P<audience>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_OPENED = expression(r"(?:\s|[>*+-])*+(?:[:`~]{3}|\.\.\s|<)")
_KEY = expression(r"audiences?[\"']?\s*[:=]", re.IGNORECASE)
_PARTS = expression(r"[{};]|,(?=\s*[\"']?[\w-]+[\"']?\s*[:=])")
"""Between the fields of data that stand on one line."""
_HEADER = expression(
    r"(?:^|[\t;,])[ \"]*+(?=[\w-]*?(?:aud|ence))[\w-]++[ \"]*+(?:[\t;,]|$)", re.IGNORECASE | re.MULTILINE
)
_MOST_HEADERS = 20
_OPTION = expression(
    r"^(?:[^\S\n]|>)*+:(?P<name>audience|internal-columns):[ \t]*(?P<value>[^\n]*)$", re.IGNORECASE | re.MULTILINE
)


def hides_something(file: Path, edition: Edition, *, is_table: bool = False, rule: IncidentRule | None = None) -> bool:
    """Say whether a file holds a marking that hides a part of it from the edition.

    Args:
        file: what would be published.
        edition: the edition being built.
        is_table: whether the file is read as a table, whatever its name is.
        rule: the site's rule, by which the status and the label of an incident in the file hide it, too.

    Raises:
        OSError: the file cannot be read.
    """
    if not edition.is_filtered:
        return False
    with open_regular(file) as stream:
        data = stream.read(_HEAD)
        is_text = is_table or file.suffix.casefold() in _TEXT_SUFFIXES or data.startswith(_UTF_16)
        if not is_text and _CONTROLS & set(data):  # an image or another binary file
            return False
        data += stream.read()
    if data.startswith(_UTF_16):
        data = data.decode("utf-16", errors="replace").encode()
    data = data.replace(b"\0", b"")  # UTF-16 that does not say so, and what a program has left over
    folded = data.lower()
    has_incident = rule is not None and all(word in folded for word in _INCIDENT)
    if not has_incident and not any(sign in folded for sign in _SIGNS):
        return False
    text = data.decode("utf-8", errors="replace")
    text = _BREAKS.sub("\n", text)
    if has_incident and rule is not None and _holds_back_incident(text, edition, rule):
        return True
    if is_table or file.suffix.casefold() in TABLE_SUFFIXES:
        return _loses_rows(parse_csv_table(text), edition)
    if any(_loses_rows(table, edition) for table in (*_pipe_tables(text), *_delimited_tables(text, edition))):
        return True
    return _has_hiding_marking(text, edition) or _has_slip(text, edition) or _has_key(text, edition)


def _holds_back_incident(text: str, edition: Edition, rule: IncidentRule) -> bool:
    lines = text.split("\n")
    if not any(opens_summary(plain(line)) for line in lines):
        return False
    found = [each.line - 1 for each in unread_statements(lines, rule, edition, has_incident=True)]
    if not set(found) <= excused_lines(lines):
        return True
    said, unread = said_in_head(line for _, line in own_head(lines))
    return bool(rule.why_hidden(IncidentStatement(said=tuple(said), unread=tuple(unread)), edition.name))


def _has_hiding_marking(text: str, edition: Edition) -> bool:
    if any(_hides(read_page_marking(text, markdown=markdown).name, edition) for markdown in (True, False)):
        return True
    for match in _BLOCK.finditer(text):
        if match["name"].casefold() != "audience" or _hides(match["audience"], edition):
            return True
    return any(
        match["name"].casefold() == "internal-columns" or _hides(match["value"], edition)
        for match in _OPTION.finditer(text)
    )


def _has_slip(text: str, edition: Edition) -> bool:
    """Say whether a line opens a block with a name that is a slip for a marking: in HTML, too, where none works."""
    if "only" not in text.casefold() and text.isascii():
        return False
    lines = text.split("\n")
    slips = [
        mention
        for mention in search_for(edition.audiences.names).find(text)
        if mention.kind == "block"
        and not all(map(edition.shows_known, mention.audiences))
        and _OPENED.match(plain(lines[mention.line - 1]))
    ]
    excused = excused_lines(lines) if slips else ()
    return any(mention.line - 1 not in excused for mention in slips)


def _has_key(text: str, edition: Edition) -> bool:
    """Say whether a key ``audience`` hides something, as data files have it: JSON, YAML, TOML."""
    if not _KEY.search(text):
        return False
    lines = text.split("\n")
    excused = excused_lines(lines)
    parts = "\n".join(_PARTS.sub("\n", line) for index, line in enumerate(lines) if index not in excused)
    found = search_for(edition.audiences.names).find(parts)
    named = [mention.audiences for mention in found if mention.kind == "key"]
    return any(names and not all(map(edition.shows_known, names)) for names in named)


def _hides(audience: str, edition: Edition) -> bool:
    try:
        return not edition.shows(audience)
    except UnknownAudienceError:
        return True


def _pipe_tables(text: str) -> Iterator[Table]:
    """Yield the pipe tables that have an Audience column."""
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        start = index
        while index < len(lines) and "|" in lines[index]:
            index += 1
        if index > start and any(nearly_audience(column_key(cell)) for cell in split_cells(lines[start])):
            yield parse_pipe_table(lines[start:index], list(range(start + 1, index + 1)))
        index = max(index, start + 1)


def _delimited_tables(text: str, edition: Edition) -> Iterator[Table]:
    """Yield the tables of tabs, semicolons or commas that have an Audience column, in files of any name."""
    search = search_for(edition.audiences.names)
    for block in re.split(r"\n[^\S\n]*\n", text):
        lines = block.split("\n") if _HEADER.search(block) else []
        for start in [index for index, line in enumerate(lines) if _HEADER.search(line)][:_MOST_HEADERS]:
            table = parse_csv_table("\n".join(lines[start:]))
            columns = [index for index, title in enumerate(table.header) if nearly_audience(column_key(title))]
            if any(search.cell_audiences(row.cells[index]) for row in table.rows for index in columns):
                yield table  # in prose none names an audience


def _loses_rows(table: Table, edition: Edition) -> bool:
    return len(gate_table(table, edition).rows) < len(table.rows)
