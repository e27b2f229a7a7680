"""CSV and JSON Lines of any tool become a timeline, by columns that are known or named."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.imports.draft import AnswerNeededError, Draft, SourceError
from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.source_kinds import find_kind
from tests.imports.documents import rows


def read(folder: Path, name: str, text: str, **columns: str) -> Draft:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    source = Source(path, name, Asked(columns=columns))
    return find_kind(source).read(source)[0]


def test_known_titles_need_no_mapping(tmp_path: Path) -> None:
    draft = read(tmp_path, "log.csv", 'Time (UTC);Event;Who;Severity\n2024-05-06 10:00;"a | b";ann;high\n\n')
    assert rows(draft) == [("2024-05-06 10:00", "a | b")]
    assert (draft.names, draft.events[0].notes.written) == (("ann",), "Severity: high")


@pytest.mark.parametrize("line", ["sep=;\n", '\ufeff"sep=;"\r\n', "SEP=;\n"])
def test_the_line_that_names_the_separator_is_no_header(tmp_path: Path, line: str) -> None:
    draft = read(tmp_path, "log.csv", f"{line}Time (UTC);Event\n2024-05-06 10:00;a, b\n2024-05-06 10:01;b;c\n")
    assert rows(draft) == [("2024-05-06 10:00", "a, b")]
    assert draft.events[0].evidence == "log.csv:3"
    assert [item.place for item in draft.unread] == ["log.csv:4"]


def test_a_mapping_names_the_columns_of_others(tmp_path: Path) -> None:
    text = '{"ts": 1714989600, "msg": "a", "uid": "7"}\nno json\n{"ts": "2024-05-06T10:00:05Z", "msg": "b"}\n'
    draft = read(tmp_path, "log.jsonl", text, time="ts", event="msg", id="uid")
    assert rows(draft) == [("2024-05-06 10:00:00", "a"), ("2024-05-06 10:00:05", "b")]
    assert draft.events[0].key == "jsonl:7"
    assert [item.place for item in draft.unread] == ["log.jsonl:2"]
    assert draft.items == draft.accounted == 3


def test_an_unknown_column_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AnswerNeededError, match="its columns are ts, msg") as caught:
        read(tmp_path, "log.csv", "ts,msg\n1714989600,a\n")
    assert caught.value.option == "--map"
    with pytest.raises(SourceError, match='no column "nope"'):
        read(tmp_path, "log.csv", "ts,msg\n1714989600,a\n", time="nope", event="msg")


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnswerNeededError, match=r"log\.csv:2") as caught:
        read(tmp_path, "log.csv", "Time,Event\n2024-05-06 10:00,a\n")
    assert caught.value.option == "--zone"
