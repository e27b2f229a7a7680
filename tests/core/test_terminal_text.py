"""No character of a page, a name or a commit commands a terminal; what people write stays."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.terminal_text import lines_without_controls


def test_commands_are_written_as_escapes() -> None:
    assert lines_without_controls("a\x1b[2J\x07\r\x9b\u202eb\udce9") == "a\\x1b[2J\\x07\\x0d\\u009b\\u202eb\\udce9"


def test_lines_tabs_and_letters_of_any_script_stay() -> None:
    text = "Zoë\tnon\u00a0breaking\nنامه\u200cها 👩\u200d🚒 soft\u00adhyphen"
    assert lines_without_controls(text) == text


@given(st.text())
def test_json_stays_the_same_json(text: str) -> None:
    assert json.loads(lines_without_controls(json.dumps(text, ensure_ascii=False))) == text


@given(st.text())
def test_nothing_is_left_to_escape(text: str) -> None:
    once = lines_without_controls(text)
    assert lines_without_controls(once) == once
    assert not {"\x1b", "\r", "\x9b", "\u202e"} & set(once)
