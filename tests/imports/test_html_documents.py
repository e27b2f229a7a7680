"""HTML as Confluence, Notion and Google Docs write it."""

from pathlib import Path

from sphinx_postmortem.core.imports.draft import Draft
from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.from_html import read_html
from tests.imports.documents import rows


def _read(folder: Path, body: str) -> Draft:
    path = folder / "page.html"
    path.write_text(f"<html><head><title>Lost queue</title></head><body>{body}</body></html>", encoding="utf-8")
    return read_html(Source(path, path.name, Asked()))[0]


def test_a_table_without_a_head_is_a_timeline_and_a_cell_over_two_rows_counts_for_both(tmp_path: Path) -> None:
    body = (
        "<p class='c0 title'>Lost queue 2024-05-06</p><h1>Timeline (UTC)</h1><table>"
        "<tr><td><p><b>Time</b></p></td><td><p>Event</p></td></tr>"
        "<tr><td rowspan='2'><p>10:30</p></td><td><p>Restarted</p></td></tr><tr><td><p>Told users</p></td></tr></table>"
    )
    draft = _read(tmp_path, body)
    assert draft.title == "Lost queue 2024-05-06"
    assert rows(draft) == [("2024-05-06 10:30", "Restarted"), ("2024-05-06 10:30", "Told users")]


def test_what_a_cell_holds_of_tables_and_code_stays_in_its_row(tmp_path: Path) -> None:
    body = (
        "<h2>Timeline (UTC)</h2><table><tr><th>Time</th><th>Event</th></tr><tr><td>2024-05-06 10:15</td><td>"
        "<table><tr><th>Node</th><th>Depth</th></tr><tr><td>a</td><td>10</td></tr></table>Measured"
        "<pre>one\ntwo</pre></td></tr></table>"
    )
    assert rows(_read(tmp_path, body)) == [("2024-05-06 10:15", "Node / Depth; a / 10. Measured`one` `two`")]


def test_times_of_notion_are_read(tmp_path: Path) -> None:
    body = "<h2>Timeline (UTC)</h2><ul><li><time>@May 6, 2024 10:00 AM</time> Alert fired</li></ul>"
    assert rows(_read(tmp_path, body)) == [("2024-05-06 10:00", "Alert fired")]


def test_boxes_say_what_is_done(tmp_path: Path) -> None:
    body = (
        "<h2>Action items</h2><ul class='to-do-list'><li><div class='checkbox checkbox-on'></div>Notion, done</li></ul>"
        "<ul><li><div class='checkbox checkbox-off'></div>Notion, open</li></ul>"
        "<ul class='inline-task-list'><li class='checked' data-inline-task-id='1'>Confluence, done</li>"
        "<li data-inline-task-id='2'>Confluence, open</li></ul>"
        "<ul><li><input type='checkbox' checked>Browser, done</li><li><input type='checkbox'>Browser, open</li></ul>"
    )
    found = [(action.action.written, action.status) for action in _read(tmp_path, body).actions]
    assert found == [
        (f"{tool}, {state}", state) for tool in ("Notion", "Confluence", "Browser") for state in ("done", "open")
    ]
