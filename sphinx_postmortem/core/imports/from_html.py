"""HTML documents, as Google Docs, Notion, Confluence and browsers save them: read as the Markdown that they become.

The shapes that these programs write are first put into those that Markdown can hold. Boxes of tasks become ``[x]`` and
``[ ]``, tables within cells and code of several lines become lines of the cell, a cell that spans rows stands in each
of them, and a title that is a paragraph becomes a heading.
"""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.from_markdown import read_document

_BEGIN = expression(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_NOT_SHOWN = expression(r"<(script|style|head|nav|template|noscript)\b", re.IGNORECASE)
_TITLE = expression(r"<title[^>]*>(?P<title>.*?)</title>", re.IGNORECASE | re.DOTALL)


def without_unshown(text: str) -> str:
    """Return HTML without the elements that browsers do not show; one that is not closed stays."""
    kept: list[str] = []
    at = 0
    unclosed: set[str] = set()
    for opened in _NOT_SHOWN.finditer(text):
        name = opened[1].casefold()
        if opened.start() < at or name in unclosed:
            continue
        closed = re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(text, opened.end())
        if closed is None:
            unclosed.add(name)  # so that each name is looked for to the end once
            continue
        kept += [text[at : opened.start()], " "]
        at = closed.end()
    return "".join([*kept, text[at:]])


def is_html(source: Source) -> bool:
    """Recognise HTML by how it begins."""
    return _BEGIN.match(source.head) is not None


def read_html(source: Source) -> list[Draft]:
    """Read an HTML document.

    Raises:
        SourceError: it cannot be read, or the extra ``html`` is missing.
        AnswerNeededError: it does not state the zone or the day of its times.
    """
    try:
        markdownify: Any = import_module("markdownify")
        bs4: Any = import_module("bs4")
    except ImportError:
        raise SourceError(f'{source.name}: HTML needs the extra: pip install "sphinx-postmortem[html]"') from None
    text = source.text()
    try:
        soup = bs4.BeautifulSoup(without_unshown(text), "html.parser")
        simplify_document(soup)
        converter = markdownify.MarkdownConverter(heading_style="ATX", bullets="-", table_infer_header=True)
        written = converter.convert_soup(soup)
    except RecursionError:
        raise SourceError(f"{source.name}: the HTML is nested too deeply; save the document as Markdown") from None
    title = _TITLE.search(text)
    draft = read_document(source, escape.visible(str(written)), kind="html")
    if not re.search(r"^# ", str(written), re.MULTILINE) and title:
        draft = replace(draft, title=" ".join(re.sub(r"<[^<>]*>", " ", title["title"]).split()))
    return [draft]


_TICKED, _OPEN = "[x] ", "[ ] "
_MOST_ROWS = 10_000  # of one table, over which a cell may span


def simplify_document(soup: Any) -> None:
    """Change a parsed document (``bs4.BeautifulSoup``) in place."""
    _mark_boxes(soup)
    for time in soup.find_all("time"):  # Notion writes "@May 6, 2024 10:00 AM → 11:00 AM"
        time.string = time.get_text().strip().removeprefix("@").replace("→", " to ")
    for title in soup.select("body > p.title"):
        title.name = "h1"
    for cell in soup.find_all(["td", "th"]):
        if cell.find_parent(["td", "th"]) is None:
            _flatten_cell(soup, cell)
    for table in soup.find_all("table"):
        _repeat_spanning_cells(soup, table)


def _mark_boxes(soup: Any) -> None:
    for box in soup.find_all("input", type="checkbox"):
        box.replace_with(_TICKED if box.has_attr("checked") else _OPEN)
    for box in soup.select("div.checkbox"):
        box.replace_with(_TICKED if "checkbox-on" in box["class"] else _OPEN)
    for task in soup.select("li[data-inline-task-id]"):
        task.insert(0, _TICKED if "checked" in task.get("class", []) else _OPEN)


def _flatten_cell(soup: Any, cell: Any) -> None:
    """Write the tables, lists and code within a cell as its lines."""
    for table in cell.find_all("table"):
        if table.find_parent("table") is not cell.find_parent("table"):
            continue  # within one that was flattened
        rows = [[each.get_text(" ", strip=True) for each in row.find_all(["td", "th"])] for row in table.find_all("tr")]
        table.replace_with("; ".join(" / ".join(filter(None, row)) for row in rows if any(row)) + ". ")
    for code in cell.find_all("pre"):
        _replace_with_lines(soup, code)
    for item in cell.find_all("li"):
        item.insert(0, soup.new_tag("br"))


def _replace_with_lines(soup: Any, code: Any) -> None:
    holder = soup.new_tag("span")
    for line in filter(str.strip, code.get_text().split("\n")):
        each = soup.new_tag("code")
        each.string = line
        holder.extend([each, soup.new_tag("br")])
    code.replace_with(holder)


def _repeat_spanning_cells(soup: Any, table: Any) -> None:
    """Put a cell that spans rows into each of them: with its text in the first column, empty in the others."""
    waiting: dict[int, tuple[int, Any]] = {}  # column: for how many rows, and the cell
    for row in table.find_all("tr")[:_MOST_ROWS]:
        cells = row.find_all(["td", "th"], recursive=False)
        for column in sorted(waiting):
            left, text = waiting.pop(column)
            copy = soup.new_tag("td")
            copy.string = text
            row.insert(0, copy) if column == 0 or not cells else cells[min(column, len(cells)) - 1].insert_after(copy)
            cells.insert(column, copy)
            if left > 1:
                waiting[column] = (left - 1, text)
        for column, cell in enumerate(cells):
            span = str(cell.attrs.pop("rowspan", "1"))
            if span.isdecimal() and 1 < int(span) <= _MOST_ROWS:
                waiting[column] = (int(span) - 1, cell.get_text(" ", strip=True) if column == 0 else "")
