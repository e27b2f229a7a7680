"""Puts the shapes of HTML that Confluence, Notion and Google Docs write into those that Markdown can hold.

Boxes of tasks become ``[x]`` and ``[ ]``, tables within cells and code of several lines become lines of the cell, a
cell that spans rows stands in each of them, and a title that is a paragraph becomes a heading.
"""

from __future__ import annotations

from typing import Any

_TICKED, _OPEN = "[x] ", "[ ] "
_MOST_ROWS = 10_000  # of one table, over which a cell may span


def put_in_usual_shape(soup: Any) -> None:
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
