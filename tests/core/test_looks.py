"""What the gate remembers of a file: its text, and whether it was written since."""

from __future__ import annotations

import os

from sphinx_postmortem.core.audience.hidden_pages import cells_of
from sphinx_postmortem.core.audience.looks import digest_of, look_at, marks_of


def test_line_ends_and_a_byte_order_mark_make_no_other_text():
    assert digest_of("\ufeffa\r\nb\rc\n") == digest_of("a\nb\nc\n")
    assert digest_of("a b") != digest_of("a\nb")


def test_a_file_that_is_written_anew_with_the_same_text_is_another(tmp_path):
    file = tmp_path / "p.md"
    file.write_text("a")
    os.utime(file, ns=(1, 1))
    text, look = look_at(file)
    file.write_text(text)
    again = look_at(file)[1]
    assert again.digest == look.digest
    assert again.marks != look.marks
    assert marks_of(file.stat()) == again.marks


def test_a_file_is_read_in_the_encoding_of_the_sources(tmp_path):
    (tmp_path / "p.md").write_bytes("ü".encode("utf-16"))
    assert look_at(tmp_path / "p.md", "utf-16")[0] == "ü"
    assert "\ufffd" in look_at(tmp_path / "p.md")[0]


def test_cells_of_a_notebook_that_are_no_code():
    notebook = '{"cells": [{"cell_type": "raw", "source": ["a\\n", "b"]}, {"cell_type": "code", "source": "c"}, 7]}'
    assert cells_of(notebook) == ("a\nb",)
    assert cells_of('{"cells": 7}') == cells_of("{broken") == cells_of('{"a": ' * 100_000) == cells_of("# Text") == ()
