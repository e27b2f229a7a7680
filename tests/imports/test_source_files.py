"""Sources are read within bounds, and each fault is a sentence with its place."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from sphinx_postmortem.core.imports import files
from sphinx_postmortem.core.imports.draft import SourceError
from sphinx_postmortem.core.imports.files import BadLine, Source


def source(path: Path) -> Source:
    return Source(path, path.name)


def test_gzip_is_read_as_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(gzip.compress(b'{"entries": [1, 2]}'))
    assert list(source(path).json_items("entries.item")) == [1, 2]


def test_streamed_items_equal_those_that_are_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.json"
    path.write_text('{"entries": [{"a": 1.5}, {"a": "é"}], "more": [3]}')
    whole = list(source(path).json_items("entries.item"))
    monkeypatch.setattr(files, "LARGEST_JSON", 5)
    assert list(source(path).json_items("entries.item")) == whole == [{"a": 1.5}, {"a": "é"}]


def test_a_streamed_file_beyond_its_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.json"
    path.write_text("[" + "1," * 200_000 + "1]")
    monkeypatch.setattr(files, "LARGEST_JSON", 5)
    monkeypatch.setattr(files, "LARGEST_STREAM", 1000)
    with pytest.raises(SourceError, match="larger than"):
        list(source(path).json_items("item"))


@pytest.mark.parametrize(
    ("text", "said"),
    [('{"a": 1,\n oops}', r"a\.json:2: the file is no JSON here"), ("[" * 100_000, "nested too deeply")],
)
def test_what_is_no_json_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=said):
        source(path).json()


def test_a_bad_line_of_json_lines_does_not_end_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\nno json\n{"a": 2}\n')
    assert list(source(path).json_lines()) == [(1, {"a": 1}), (3, BadLine("no json")), (4, {"a": 2})]


def test_half_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "slack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", "[]")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SourceError, match="damaged or incomplete"):
        _ = source(path).members


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "slack.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("general/2026-01-01.json", b"0" * 20_000_000)
    with pytest.raises(SourceError, match="ZIP bomb"):
        _ = source(path).members


def test_a_member_of_a_zip_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "slack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", "[1]")
    assert source(path).member_json("users.json") == [1]
    with pytest.raises(SourceError, match="holds no channels.json"):
        source(path).member_json("channels.json")


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"fine\n\xff\xff\n")
    with pytest.raises(SourceError, match=r"a\.md:2: .* UTF-8"):
        source(path).text()
