"""Files that are published as they are: a marking in a text counts, whatever else a program has left in it."""

from __future__ import annotations

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.published_files import hides_something

PUBLIC = Edition(Audiences(), "public")


def test_a_control_character_makes_no_text_binary(tmp_path):
    table, log, image = (tmp_path / name for name in ("rows.csv", "session.log", "x.png"))
    table.write_bytes(b"Event,Audience\n\x07x,internal\n")
    log.write_bytes(b"\x08x\n:::{internal-only}\nx\n:::\n")
    image.write_bytes(b"\x89PNG\x01\n:::{internal-only}\nx\n:::\n")
    assert [hides_something(file, PUBLIC) for file in (table, log, image)] == [True, True, False]
