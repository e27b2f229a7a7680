"""Blocks of VERIS: read, judged with suggestions, and made into records that the official schema allows."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from sphinx_postmortem.core.checks import check_page, read_settings, run_page
from sphinx_postmortem.core.records.model import Event, Incident
from sphinx_postmortem.core.records.tables import parse_pipe_table
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.veris.veris_block import BlockRow, block_rows, block_text, read_block
from sphinx_postmortem.core.veris.veris_record import judge_rows, rows_of, valid_record, whole_record
from sphinx_postmortem.core.veris.veris_schema import SCHEMA_FILE, faults_of, schema

OFFICIAL = Draft4Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))
INCIDENT = Incident("SEC-1", "p", title="SEC-1: Stolen token", first_day=date(2026, 3, 2), summary="What happened.")
WHOLE = {
    "actor.external.variety": "Organized crime; Activist",
    "actor.external.motive": "Financial",
    "action.hacking.variety": "Use of stolen creds",
    "action.hacking.vector": "Web application",
    "asset.assets": "S - Web application; amount: 1",
    "asset.cloud": "NA",
    "attribute.confidentiality.data_disclosure": "Yes",
    "attribute.confidentiality.data": "Personal; amount: 41",
    "discovery_method.internal.variety": "Nids",
    "confidence": "High",
}


def rows(fields: dict[str, str]) -> list[BlockRow]:
    return [BlockRow(path, value, line) for line, (path, value) in enumerate(fields.items(), start=5)]


def record(fields: dict[str, str], incident: Incident = INCIDENT, events: tuple[Event, ...] = ()):
    return valid_record(read_block(rows(fields)).record, incident, events)


def test_the_schema_is_the_official_one():
    Draft4Validator.check_schema(schema())
    assert schema()["description"] == "VERIS Community Schema 1.4.1."
    licence = SCHEMA_FILE.with_name("LICENSE-VERIS.txt").read_text("utf-8")
    assert licence.startswith("Creative Commons Attribution-ShareAlike 4.0")


def test_a_block_and_its_page_make_a_record():
    made = record(WHOLE)
    assert list(OFFICIAL.iter_errors(made)) == []
    assert made["incident_id"] == "SEC-1"
    assert made["summary"] == "What happened."
    assert made["security_incident"] == "Confirmed"
    assert made["schema_version"] == "1.4.1"
    assert made["timeline"] == {"incident": {"year": 2026, "month": 3, "day": 2}}
    assert made["actor"] == {"external": {"variety": ["Organized crime", "Activist"], "motive": ["Financial"]}}
    assert made["asset"]["assets"] == [{"variety": "S - Web application", "amount": 1}]
    assert made["attribute"]["confidentiality"]["data"] == [{"variety": "Personal", "amount": 41}]


def test_what_the_block_states_is_not_derived():
    stated = {"summary": "Ours.", "security_incident": "Suspected", "timeline.incident.year": "2025"}
    made = record({**WHOLE, **stated})
    assert (made["summary"], made["security_incident"]) == ("Ours.", "Suspected")
    assert made["timeline"] == {"incident": {"year": 2025}}


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (
            ("2026-03-01 00:00", "2026-03-03 00:00", "2026-03-03 01:30"),
            ({"unit": "Days", "value": 2}, {"unit": "Hours", "value": 1.5}),
        ),
        (
            ("2026-03-01 00:00", "2026-03-01 00:20", "2026-03-01 00:20"),
            ({"unit": "Minutes", "value": 20}, {"unit": "Minutes", "value": 0}),
        ),
        (("2026-03-01", "2026-03-04", "2026-03-05"), ({"unit": "Days"}, {"unit": "Unknown"})),
        (("unknown", "2026-03-04 01:00", "2026-03-04 03:00"), (None, {"unit": "Hours", "value": 2})),
    ],
)
def test_discovery_and_containment_come_from_the_milestones(times, expected):
    names = ("Adverse activity started", "Alert detected", "Containment executed")
    events = tuple(Event("SEC-1", "p", parse_moment(text), name, name) for text, name in zip(times, names, strict=True))
    made = record(WHOLE, events=events)
    assert (made["timeline"].get("discovery"), made["timeline"].get("containment")) == expected
    assert list(OFFICIAL.iter_errors(made)) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("actor.external.variety", "Organised crime", 'did you mean "Organized crime"?'),
        ("actor.externl.variety", "Activist", 'did you mean "actor.external"?'),
        ("acton.hacking.variety", "SQLi", 'did you mean "action"?'),
        ("confidence", "high", 'did you mean "High"?'),
        ("asset.assets", "Mainframe; amount: 1", "is no value of asset.assets.variety"),
        ("asset.total_amount", "many", "write a number"),
        ("actor.external", "Activist", "as in actor.external.variety"),
        ("timeline.incident.year", "1066", "write 1950 to 2050"),
        ("victim.industry", "x", "length"),
        ("victim.industry", "99999", "which is not of its form"),
        ("", "Activist", "has no field"),
        (".", "Activist", '"." names no field between two dots'),
        ("action..variety", "SQLi", "names no field between two dots"),
    ],
)
def test_what_the_schema_does_not_know_is_named_with_its_line_and_a_cure(field, value, message):
    written = rows({**WHOLE, "zz": ""})[:-1]
    written = [row for row in written if row.path != field] + [BlockRow(field, value, 77)]
    (fault,) = [each for each in judge_rows(written) if not each.is_missing]
    assert message in fault.message
    assert fault.line == 77
    made = valid_record(read_block(written).record, INCIDENT)
    assert list(OFFICIAL.iter_errors(made)) == []


def test_a_field_that_is_stated_twice_is_named():
    (fault,) = judge_rows([*rows(WHOLE), BlockRow("confidence", "Low", 77)])
    assert (fault.line, fault.message) == (77, "confidence is stated twice; leave one of them")


def test_what_is_missing_is_unknown_in_the_record_and_named_by_the_check():
    made = record({"action.error.variety": "Misconfiguration"})
    assert list(OFFICIAL.iter_errors(made)) == []
    assert made["action"] == {"error": {"variety": ["Misconfiguration"], "vector": ["Unknown"]}}
    assert made["discovery_method"] == {"unknown": True}
    said = [fault.message for fault in judge_rows(rows({"action.error.variety": "Misconfiguration"}))]
    assert "action.error needs action.error.vector; write `Unknown` where nobody knows" in said
    assert any(message.startswith("the record needs actor") for message in said)


def test_without_a_year_there_is_no_record():
    assert record(WHOLE, Incident("SEC-1", "p", summary="What happened.")) is None


def test_our_reader_of_the_schema_finds_what_the_official_one_finds():
    wrong = [
        {"actor": {}},
        {"actor": {"external": {"variety": ["Activist", "Activist"], "motive": ["Fun"]}}},
        {"timeline": {"incident": {"year": True}}},
        {"attribute": {"availability": {"variety": [], "more": 1}}},
        {"plus": {"master_id": "", "anything": [1]}},
        {"extra": {"a": 1}},
        {"asset": {"assets": [{"variety": "S - Web application", "amount": 1.5}], "cloud": "NA"}},
    ]
    for part in wrong:
        ours = [fault for fault in faults_of(part, schema()) if not fault.is_missing]
        theirs = [error for error in OFFICIAL.iter_errors(part) if error.validator != "required"]
        assert bool(ours) is bool(theirs), part


def read_again(made: dict) -> dict:
    """Write a record as a block, and read the block's table as a page does."""
    lines = block_text(block_rows(made)).splitlines()[1:-2]
    table = parse_pipe_table(lines, range(2, len(lines) + 2))
    assert table.problems == ()
    block = read_block(rows_of(table))
    assert block.faults == ()
    return block.record


TEXTS = st.text(max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "summary": TEXTS,
            "confidence": st.sampled_from(["High", "Internal", 3, None]),
            "asset": st.fixed_dictionaries(
                {"assets": st.lists(st.fixed_dictionaries({"variety": TEXTS}, optional={"amount": VALUES}), max_size=3)}
            ),
            "actor": st.fixed_dictionaries(
                {},
                optional={"unknown": VALUES, "external": st.fixed_dictionaries({"name": st.lists(TEXTS, max_size=3)})},
            ),
            "plus": st.dictionaries(TEXTS, VALUES, max_size=3),
            "victim": VALUES,
            "zz": VALUES,
        },
    )
)
def test_any_record_survives_as_a_block(made):
    assert json.dumps(read_again(made), sort_keys=True) == json.dumps(made, sort_keys=True)


def test_a_record_of_another_version_stays_as_it_is():
    old = {**WHOLE, "schema_version": "1.3.4", "asset.governance": "Personally owned"}
    made = record(old)
    assert made == whole_record(read_block(rows(old)).record, INCIDENT)
    assert made["asset"]["governance"] == "Personally owned"
    (fault,) = judge_rows(rows(old))
    assert "its names are not compared" in fault.message


@pytest.mark.parametrize(
    "written",
    ["`NaN`", '`{"a": NaN}`', "`1e999`", "`-Infinity`", f"`{'[' * 20000}`", f"`{'[' * 900}{']' * 900}`"]
    + [f"`{chr(123)}" + '"a":{' * 200 + "}" * 201 + "`"],
)
def test_what_only_looks_like_json_is_kept_as_a_text(written):
    found = read_block([BlockRow("plus.x", written, 1)]).record
    assert found == {"plus": {"x": written.strip("`")}}


def test_a_value_of_the_right_form_is_told_nothing_of():
    assert not [fault for fault in judge_rows([BlockRow("victim.industry", "51", 4)]) if "form" in fault.message]


def test_lists_are_written_as_people_write_them():
    record = {
        "action": {"hacking": {"variety": ["SQLi", "Brute force"]}},
        "asset": {"assets": [{"variety": "S - Database", "amount": 2}, {"variety": "S - Web application"}]},
    }
    assert block_rows(record) == [
        ("action.hacking.variety", "SQLi; Brute force"),
        ("asset.assets", "S - Database; amount: 2"),
        ("asset.assets", "S - Web application"),
    ]


@pytest.mark.parametrize("number", ["9" * 400 + ".0", "9" * 5000, "-" + "9" * 301])
def test_a_number_that_no_file_could_hold_stays_a_text_and_is_told(number):
    rows = [BlockRow("impact.overall_amount", number, 4)]
    assert read_block(rows).record == {"impact": {"overall_amount": number}}
    (told,) = [fault for fault in judge_rows(rows) if "write a number" in fault.message]
    assert told.line == 4
    assert len(told.message) < 200


def test_a_field_of_very_many_names_is_told_with_its_line():
    (fault,) = read_block([BlockRow("plus" + ".a" * 3000, "x", 4)]).faults
    assert (fault.line, fault.message) == (4, "a field has at most 40 names; this one has 3001")


def test_check_gates_the_rows_of_a_block_as_a_build_does():
    written = block_text([("confidence", "High | internal"), ("notes", "Seen. | internl")])
    text = f"# SEC-1\n\n{written}".replace("Value |", "Value | Audience |").replace("---|\n", "---|---|\n")
    found = [(each.code, each.line) for each in run_page(check_page("page.md", text, read_settings({})))]
    assert found == [("unknown-audience", 7)]


def test_check_tells_of_a_table_without_the_columns_that_a_block_needs():
    found = {each.code: each.line for each in run_page(check_page("page.md", NO_COLUMNS, read_settings({})))}
    assert found == {"missing-column": 1}


def test_check_reads_a_long_text_whole():
    """A row cannot be broken; the longest summary of the VCDB has 17,355 characters."""
    text = "Seen. " * 3000
    page = check_page("page.md", block_text([("summary", text)]), read_settings({}))
    assert [row.value for _, table, _ in page.tables_named("veris") for row in rows_of(table)] == [text.strip()]
    assert [each for each in run_page(page) if "characters" in each.message] == []


NO_COLUMNS = ":::{veris}\n| Path | Worth |\n|---|---|\n| confidence | High |\n\n:::\n"


def test_checks_say_the_same_as_builds():
    text = f"# SEC-1\n\n:::{{incident-summary}} SEC-1\n\nText.\n:::\n\n{block_text([('confidence', 'Hihg')])}"
    found = {each.code: each for each in run_page(check_page("page.md", text, read_settings({})))}
    assert found["veris-name"].line == 11
    assert "no record can be written" in " ".join(
        each.message
        for each in run_page(check_page("page.md", text, read_settings({})))
        if each.code == "veris-incomplete"
    )
