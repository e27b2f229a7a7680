"""A field that somebody adds to a record is treated as hidden text until it says what it is."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, make_dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.exports.edition_json import POINT_LISTS, SCHEMA_FILE, export_edition, time_fields
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.names.public_names import public_names
from sphinx_postmortem.core.records.changes import PageChange, pages_that_show
from sphinx_postmortem.core.records.field_uses import (
    OWNERS,
    PLAIN,
    RECORDS,
    SUMMARIES,
    exported_fields,
    from_exported,
    rewrite_texts,
    texts_of,
    use,
    uses_of,
)
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import (
    Action,
    Event,
    Evidence,
    Incident,
    Owner,
    PageRecords,
    Point,
    Response,
    Review,
)
from sphinx_postmortem.core.records.text_references import mention, refers, resolve_pages

PLACES = {"incidents": Incident, "events": Event, "actions": Action, "points": Point}
REQUIRED = {
    Incident: {"id": "SEC-1", "docname": "p"},
    Event: {"incident_id": "SEC-1", "docname": "p", "moment": None, "text": "x"},
    Action: {"incident_id": "SEC-1", "docname": "p", "local_id": "A1", "text": "x"},
    Point: {"incident_id": "SEC-1", "docname": "p", "role": "factor", "kind": "", "text": "x"},
}


def shapes(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, object]]:
    """The type of a field, and a value of it that holds a text."""
    return st.one_of(
        text.map(lambda each: ("str", each)),
        text.map(lambda each: ("tuple[str, ...]", ("before", each))),
        text.map(lambda each: ("tuple[tuple[str, str], ...]", (("key", each),))),
        text.map(lambda each: ("dict[str, str]", {"key": each})),
        text.map(lambda each: ("list[str]", [each])),
    )


def extended(place: str, shape: tuple[str, object]) -> PageRecords:
    """A page with one record whose class has a further field."""
    kind, value = shape
    base = PLACES[place]
    more = make_dataclass(f"More{base.__name__}", [("added", kind, field(default=None))], bases=(base,), frozen=True)
    return PageRecords(**{place: (more(**REQUIRED[base], added=value),)})


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from leaves(each)


@given(place=st.sampled_from(sorted(PLACES)), shape=shapes(st.just(f"see {mention('SEC-HIDDEN')}, please")))
def test_references_in_a_new_field_are_replaced(place, shape):
    pages = {"p": extended(place, shape)}
    found = resolve_pages(pages, KnowledgeBase(pages), lambda _: False, "another incident")
    (record,) = getattr(found["p"], place)
    texts = list(leaves(record.added))
    assert "see another incident, please" in texts
    assert not any("SEC-HIDDEN" in text or "\x01" in text for text in texts)


def test_changed_records_are_looked_through_again():
    page = PageRecords((Incident("SEC-1", "p", title="Nothing"),))
    assert not refers(page)
    changed = replace(page, incidents=(replace(page.incidents[0], title=f"see {mention('SEC-2')}"),))
    assert refers(changed)
    assert refers(pickle.loads(pickle.dumps(changed)))
    assert replace(changed, incidents=page.incidents) == page


@given(place=st.sampled_from(sorted(PLACES)), shape=shapes(st.just("ask Jane Doe today")))
def test_names_in_a_new_field_are_replaced(place, shape):
    names = public_names({"Jane Doe": "an engineer"}, [], [])
    (record,) = getattr(names.rewritten(extended(place, shape)), place)
    assert "ask an engineer today" in list(leaves(record.added))


@given(place=st.sampled_from(sorted(PLACES)), shape=shapes(st.just("never to be seen")))
def test_a_new_field_is_not_exported_unless_declared(place, shape):
    page = extended(place, shape)
    pages = {"p": page} if page.incidents else {"p": PageRecords((Incident("SEC-1", "p"),)), "q": page}
    assert "never to be seen" not in json.dumps(export_edition(KnowledgeBase(pages), Publication("internal")))


@pytest.mark.parametrize("place", ["incidents", "actions", "points"])
def test_lists_are_written_again_when_a_new_field_changes(place):
    before, after = (extended(place, ("str", text)) for text in ("before", "after"))
    index = PageRecords(has_overview=True)
    assert RECORDS in PageChange(before, after).topics
    assert pages_that_show({"p": PageChange(before, after)}, {"p": after, "index": index}, [], []) == {"index"}


def test_a_text_of_incidents_concerns_only_lists_that_show_such_texts():
    @dataclass(frozen=True)
    class Longer(Incident):
        story: str = field(default="", metadata=use(listed=SUMMARIES))

    before, after = (PageRecords((Longer("SEC-1", "p", story=text),)) for text in ("before", "after"))
    assert PageChange(before, after).topics == {SUMMARIES, "events"}
    pages = {"p": after, "index": PageRecords(has_overview=True), "cards": PageRecords(shows=frozenset([SUMMARIES]))}
    assert pages_that_show({"p": PageChange(before, after)}, pages, [], []) == {"cards"}


def test_a_declared_field_is_exported_under_its_name_and_read_back():
    @dataclass(frozen=True)
    class Longer(Incident):
        reported: date | None = field(default=None, metadata=use(PLAIN, exported="reported_on"))
        costs: tuple[tuple[str, str], ...] = field(default=(), metadata=use(exported="costs", parts=("what", "sum")))

    longer = Longer("SEC-1", "p", reported=date(2026, 3, 2), costs=(("lost", "1 EUR"),))
    data = exported_fields(longer)
    assert (data["reported_on"], data["costs"]) == ("2026-03-02", [{"what": "lost", "sum": "1 EUR"}])
    assert from_exported(Longer, json.loads(json.dumps(data))) == longer


def test_the_keys_of_pairs_and_plain_fields_stay():
    incident = Incident("SEC-1", "p", title="a", impacts=(("customer", "b"),), runbooks=("c",))
    found = rewrite_texts(incident, str.upper)
    assert found == Incident("SEC-1", "p", title="A", impacts=(("customer", "B"),), runbooks=("c",))


def test_owners_are_rewritten_as_owners_alone():
    action = Action("SEC-1", "p", "A1", "do it", owners=("a", "A"))
    assert rewrite_texts(action, str.upper).owners == ("a", "A")
    assert rewrite_texts(action, str, str.casefold).owners == ("a",)


def test_a_record_that_does_not_change_is_the_same_object():
    page = PageRecords((Incident("SEC-1", "p", title="x"),))
    assert rewrite_texts(page, lambda text: text) is page


def test_texts_within_records_of_a_page_are_found():
    page = PageRecords((Incident("SEC-1", "p", title="one"),), title="two", lessons_shared=("three",))
    assert {"one", "two", "three"} <= set(texts_of(page))


@pytest.mark.parametrize(
    ("record", "definition", "also"),
    [
        (
            Incident,
            "incident",
            {"uri", "events", "actions", "responses", "reviews", "clocks", "veris", *POINT_LISTS.values()},
        ),
        (Event, "event", {"uri", *time_fields(None)}),
        (Response, "response", {"uri", *time_fields(None)}),
        (Review, "review", {"uri"}),
        (Evidence, "evidence", set()),
        (Action, "action", {"uri", "id"}),
        (Point, "point", set()),
        (Owner, "owner", set()),
    ],
)
def test_the_schema_names_what_records_declare(record, definition, also):
    properties = json.loads(SCHEMA_FILE.read_text("utf-8"))["$defs"][definition]["properties"]
    assert set(properties) == {each.exported for each in uses_of(record).values() if each.exported} | also


def test_only_these_fields_hold_no_text():
    """Who adds a field here has made sure that no author's text can stand in it."""
    plain = {
        f"{record.__name__}.{each.name}"
        for record in (Incident, Event, Action, Response, Review, Point, Evidence)
        for each in fields(record)
        if uses_of(record)[each.name].content in (PLAIN, OWNERS)
    }
    rows = (Event, Action, Response, Review)
    places = {f"{record.__name__}.{name}" for record in (*rows, Point) for name in ("incident_id", "docname")}
    anchors = {f"{record.__name__}.anchor" for record in (Incident, *rows)}
    lines = {f"{record.__name__}.line" for record in (Incident, *rows, Point)}
    others = {"Incident.id", "Incident.docname", "Incident.first_day", "Incident.last_day", "Incident.runbooks"}
    elsewhere = {
        f"{record.__name__}.{name}" for record in (Incident, Event, Action, Response) for name in ("site", "url")
    }
    of_rows = {"Event.milestone", "Action.local_id", "Action.owners", "Action.due", "Point.role"}
    of_rows |= {"Event.clock_milestone", "Response.kind", "Review.read_on", "Evidence.sha256"}
    others |= {"Point.runbooks"}  # pages that the edition has, as of incidents
    others |= {"Incident.repeats"}  # Of these only the ids of incidents stay that the edition has.
    techniques = {f"{record.__name__}.techniques" for record in (Incident, Event, Action)}  # ids of one form alone
    assert plain == places | anchors | lines | others | elsewhere | of_rows | techniques
