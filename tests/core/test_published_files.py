"""Files that are published as they are: a marking in a text counts, whatever else a program has left in it."""

from __future__ import annotations

from pathlib import Path

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.published_files import hides_something
from sphinx_postmortem.core.audience.written_folders import edition_that_wrote

PUBLIC = Edition(Audiences(), "public")


def test_a_control_character_makes_no_text_binary(tmp_path):
    table, log, image = (tmp_path / name for name in ("rows.csv", "session.log", "x.png"))
    table.write_bytes(b"Event,Audience\n\x07x,internal\n")
    log.write_bytes(b"\x08x\n:::{internal-only}\nx\n:::\n")
    image.write_bytes(b"\x89PNG\x01\n:::{internal-only}\nx\n:::\n")
    assert [hides_something(file, PUBLIC) for file in (table, log, image)] == [True, True, False]


def test_data_files_hide_by_a_key_or_a_column_in_any_form(tmp_path):
    marked = {
        "a.txt": "Time\tEvent\tAudience\n1\tx\t\n2\ty\tinternal\n",
        "b.log": "note\n\nTime;Event;Audience\n1;x;internal\n",
        "c.json": '[{"Audience":"public"},{"Event":"x","Audience":"internal","Who":"a"}]',
        "d.yaml": "- text: x\n  audience: internal\n",
        "e.toml": 'audience = "leadership"\n',
        "f.md.bak": "+++\naudience = 'internal'\n+++\n",
    }
    plain = {
        "g.txt": "Time\tEvent\tAudience\n1\tx\tpublic\n2\ty\t\n",
        "h.json": '{"audience": "api://x", "evidence": "internal"}',
        "i.yaml": "audience: everyone\n",
        "j.txt": "evidence, audience, stage\nand the internal evidence, too\n",
        "k.yaml": "audience: internal  # postmortem: no-marking\n",
    }
    for name, text in (marked | plain).items():
        (tmp_path / name).write_text(text)
    assert {name for name in marked | plain if hides_something(tmp_path / name, PUBLIC)} == set(marked)


def test_a_folder_tells_which_edition_has_written_it(tmp_path):
    files = {
        "stamp/.postmortem-edition": '{"edition": "internal", "holds": "html"}',
        "broken/.postmortem-edition": "{",
        "built/manifest.json": '{"manifest": 1, "edition": "leadership", "files": []}',
        "data/postmortems.json": '{"schema_version": 2, "edition": "public"}',
        "other/manifest.json": '{"name": "an app of the web"}',
        "odd/postmortems.json": "[",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    found = {Path(name).parent.name: edition_that_wrote((tmp_path / name).parent) for name in files}
    expected = {"stamp": "internal", "broken": "", "built": "leadership", "data": "public", "other": None, "odd": None}
    assert found == expected
