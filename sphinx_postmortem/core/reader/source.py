"""Reads the text of a page: the entry to the one reader of sources.

The reader never raises: what it cannot read is a fault of the page. Its work is linear in the length of the text;
lines beyond ``LONGEST_LINE`` characters are cut, and those beyond ``MOST_LINES`` are not read.
"""

from __future__ import annotations

from sphinx_postmortem.core.reader.front_matter import CODE, front_matter_length, read_fields, read_front_matter
from sphinx_postmortem.core.reader.includes import OpenFile
from sphinx_postmortem.core.reader.markdown import read_markdown
from sphinx_postmortem.core.reader.read_page import Fault, Line, SourcePage
from sphinx_postmortem.core.reader.reading import PageReading
from sphinx_postmortem.core.reader.rst import read_rst
from sphinx_postmortem.core.reader.shapes import as_docutils_reads

LONGEST_LINE = 20_000  # a row of a table cannot be broken: summaries of the VCDB have 17,000 characters
MOST_LINES = 200_000
DEFAULT_MARKDOWN_SYNTAX = frozenset(["colon_fence"])  # the extension turns it on, whatever a site chooses


def decode(data: bytes) -> tuple[str, list[Fault]]:
    """Return a file's text; bytes that are not UTF-8 are replaced and reported."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = Fault("unreadable-file", line, f"the file is not UTF-8 (byte {error.start}); save it as UTF-8")
        return data.decode("utf-8", errors="replace"), [fault]


def read_page(
    text: str,
    *,
    markdown: bool,
    markdown_syntax: frozenset[str] = DEFAULT_MARKDOWN_SYNTAX,
    open_file: OpenFile | None = None,
) -> SourcePage:
    """Read one page's text.

    Args:
        text: the text of its file.
        markdown: whether it is Markdown; otherwise it is reStructuredText.
        markdown_syntax: the site's ``myst_enable_extensions``.
        open_file: opens a file that the page includes (see ``includes.SiteFiles``); without it none is followed.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # A Markdown page is divided at line feeds alone; docutils takes U+2028 and its like for ends of lines, too.
    raw = text.removesuffix("\n").split("\n") if markdown else as_docutils_reads(text).splitlines()
    page = SourcePage(markdown, [line[:LONGEST_LINE] for line in raw[:MOST_LINES]])
    page.files[""] = page.lines
    _note_bounds(page, raw)
    reading = PageReading(page, markdown_syntax | DEFAULT_MARKDOWN_SYNTAX, read_markdown, open_file)
    lines = list(map(Line, range(1, len(page.lines) + 1), page.lines))
    if markdown:
        head = _read_head(page, lines)
        own_syntax = [entry for entry in page.front_matter.below("myst") if entry.name == "enable_extensions"]
        if own_syntax:  # MyST takes a page's list in place of the site's
            reading.markdown_syntax = frozenset(item.name for item in own_syntax[0].entries)
        # Blank lines in its place, so that a rule below it is not taken for front matter, too.
        read_markdown(reading, [*(line.with_text("") for line in lines[:head]), *lines[head:]], ())
    else:
        page.front_matter = read_fields(lines)
        read_rst(reading, lines, ())
    return page


def _note_bounds(page: SourcePage, raw: list[str]) -> None:
    for number, line in enumerate(raw[:MOST_LINES], start=1):
        if len(line) > LONGEST_LINE:
            message = f"the line has {len(line)} characters, only {LONGEST_LINE} are checked; break it"
            page.faults.append(Fault("too-large", number, message))
    if len(raw) > MOST_LINES:
        message = f"the file has {len(raw)} lines, only {MOST_LINES} are checked; divide it"
        page.faults.append(Fault("too-large", MOST_LINES, message))


def _read_head(page: SourcePage, lines: list[Line]) -> int:
    """Read the front matter; return how many lines it takes."""
    length = front_matter_length(page.lines)
    if length is None:
        message = "the front matter is never closed; end it with a line of three dashes"
        page.faults.append(Fault(CODE, 1, message))
        return 1
    if length > 1:
        page.front_matter, faults = read_front_matter(lines[1 : length - 1])
        page.faults += faults
    return length
