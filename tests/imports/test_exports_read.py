"""What all kinds of exports share: they are recognised, nothing is lost, and nothing changes between two imports."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.source_kinds import KINDS, find_kind
from tests.imports.export_samples import JSON_SAMPLES, SAMPLES, kind_of, source_of


def read(folder: Path, name: str, **asked: Any) -> list[Draft]:
    file, content = SAMPLES[name]
    return list(kind_of(name).read(source_of(folder, file, content, **asked)))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_recognised_by_its_content_alone(name, tmp_path):
    source = source_of(tmp_path, "download", SAMPLES[name][1])
    documents = ("markdown", "html", "csv", "jsonl")  # which take what no tool's export is
    assert [kind.name for kind in KINDS if kind.recognise(source) and kind.name not in documents] == [name]
    assert find_kind(source).name == name


@pytest.mark.parametrize("name", SAMPLES)
def test_every_item_is_accounted_for(name, tmp_path):
    for everything in (False, True):
        for draft in read(tmp_path, name, everything=everything):
            assert draft.items == draft.accounted > 0


@pytest.mark.parametrize("name", SAMPLES)
def test_two_imports_give_the_same(name, tmp_path):
    assert read(tmp_path, name) == read(tmp_path, name)


@pytest.mark.parametrize("name", SAMPLES)
def test_rows_stand_in_the_order_of_time_with_their_own_ids(name, tmp_path):
    for draft in read(tmp_path, name, everything=True):
        times = [event.moment.utc for event in draft.events if event.moment.utc]
        keys = [event.key for event in draft.events]
        assert times == sorted(times)
        assert len(keys) == len(set(keys))
        assert all(key.startswith(f"{name}:") for key in keys)


PUBLIC = {
    "statuspage": ["Investigating: We look.", "Resolved: It is solved."],
    "cstate": ["Uploads are delayed", "Investigating: We look.", "Resolved", "Resolved: It is solved."],
    "firehydrant": ["Uploads are paused."],
    "rootly": ["Uploads are paused."],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_row_is_public_only_where_the_source_says_so(name, tmp_path):
    rows = [event for draft in read(tmp_path, name, everything=True) for event in draft.events]
    assert sorted(e.event.written for e in rows if e.is_public) == sorted(PUBLIC.get(name, []))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_milestone_is_proposed_once(name, tmp_path):
    for draft in read(tmp_path, name):
        proposed = [event.milestone for event in draft.events if event.milestone]
        assert len(proposed) == len(set(proposed))


HOSTILE = (
    "\u202e:::{internal-only}\n```{include} /etc/passwd\n```\n<script>alert(1)</script> | {incident}`X` \x00 ---\n"
)


def with_text(value: Any, text: str) -> Any:
    """Return a document with a text behind each text that is read by people."""
    if isinstance(value, dict):
        kept = (
            "type",
            "id",
            "status",
            "state",
            "key",
            "self",
            "_type",
            "entity",
            "kind",
            "visibility",
            "web_url",
            "url",
        )
        return {
            k: v if k in kept or "_at" in k or "ate" in k or "ime" in k else with_text(v, text)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [with_text(item, text) for item in value]
    return f"{value}{text}" if isinstance(value, str) else value


@pytest.mark.parametrize("name", JSON_SAMPLES)
def test_text_that_looks_like_markup_is_plain_text_of_the_draft(name, tmp_path):
    document = with_text(JSON_SAMPLES[name], HOSTILE)
    drafts = kind_of(name).read(source_of(tmp_path, "hostile.json", document))
    events = [event for draft in drafts for event in draft.events]
    assert all(draft.items == draft.accounted for draft in drafts)
    assert not any(event.event.is_markdown or event.notes.is_markdown for event in events)
    assert not any("\n" in event.event.written for event in events)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values in a document."""
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        found += places(below, (*path, key))
    return found


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a document with another value at a path."""
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just(["x", None, 3]),
    st.just({"id": 1, "name": ["y"], "type": "event/note", "items": {}}),
)


@pytest.mark.parametrize("name", JSON_SAMPLES)
@given(data=st.data())
def test_no_value_of_another_type_loses_an_item(name, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    document = JSON_SAMPLES[name]
    path = data.draw(st.sampled_from(places(document)))
    document = replaced(document, path, data.draw(odd_values))
    try:
        drafts = kind_of(name).read(source_of(folder, "odd.json", document))
    except SourceError as error:
        assert "odd.json" in str(error)
        return
    assert all(draft.items == draft.accounted for draft in drafts)


@given(data=st.binary(max_size=300))
@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_of_another_format_is_a_sentence(name, data, tmp_path_factory):
    source = source_of(tmp_path_factory.mktemp("bytes"), "some.bin", data)
    try:
        drafts = kind_of(name).read(source)
    except SourceError as error:
        assert "some.bin" in str(error)
    else:
        assert all(draft.items == draft.accounted for draft in drafts)


@pytest.mark.parametrize("name", SAMPLES)
def test_half_a_file_is_a_sentence_with_its_place(name, tmp_path):
    content = SAMPLES[name][1]
    source = source_of(tmp_path, "half", content[: len(content) // 2])
    with pytest.raises(SourceError, match="half"):
        kind_of(name).read(source)


@pytest.mark.parametrize("name", ["pagerduty", "opsgenie", "firehydrant", "statuspage"])
def test_records_of_a_pipeline_are_read_as_the_export_itself(name, tmp_path):
    document = JSON_SAMPLES[name]
    items = document if isinstance(document, list) else next(iter(document.values()))
    lines = [{"type": "LOG", "log": {"message": "syncing"}}]
    lines += [{"type": "RECORD", "record": {"stream": "s", "data": item}} for item in items]
    source = source_of(tmp_path, "all.log", "\n".join(map(json.dumps, lines)))
    assert find_kind(source).name == name
    drafts = kind_of(name).read(source)
    assert [e.event for d in drafts for e in d.events] == [e.event for d in read(tmp_path, name) for e in d.events]
    assert sum(draft.items for draft in drafts) == sum(draft.items for draft in read(tmp_path, name)) + 1
