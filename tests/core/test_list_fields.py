"""Lists: what they filter, sort, group and show in columns, from their tables of fields alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.event_fields import EVENT_LIST
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.lesson_fields import LESSON_LIST, RECURRING, count_recurrence
from sphinx_postmortem.core.lists.list_options import (
    BadFilterError,
    query_texts,
    read_query,
    split_values,
    unknown_names,
)
from sphinx_postmortem.core.lists.owner_rows import BY_OWNER, choose_owners, rows_of_page
from sphinx_postmortem.core.lists.query import (
    Facts,
    Field,
    Filter,
    ListKind,
    Query,
    SortKey,
    columns_of,
    select,
    sort_by,
)
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import TAKEAWAY, Action, Event, Incident, Owner, PageRecords, Point

TODAY = date(2026, 6, 1)
SEVERITIES = ("SEV-1", "SEV-2", "SEV-3")
OWNERS = (Owner("ops", "Operations", team="Platform"), Owner("dev", team="Product"))


def incident(number: int, severity: str = "SEV-1", day: date | None = None, **more) -> Incident:
    day = day or date(2026, number, 1)
    return Incident(f"SEC-{number}", f"p{number}", f"Title {number}", day, day, severity, **more)


def action(number: int, local_id: str, **more) -> Action:
    return Action(f"SEC-{number}", f"p{number}", local_id, f"Do {local_id}", **more)


ONE = PageRecords(
    (incident(1, "SEV-2", type="Security", status="closed", runbooks=("runbooks/token",)),),
    actions=(
        action(1, "A1", owners=("ops",), due=date(2026, 5, 1), status="open", priority="P2", kind="preventive"),
        action(1, "A2", owners=("dev", "ops"), due=date(2026, 4, 1), status="done", priority="P1"),
        action(1, "A10", other=(("Ticket", "T-7"),), kind="Preventative"),
    ),
    points=(
        Point("SEC-1", "p1", "factor", "Monitoring", "nobody looked"),
        Point("SEC-1", "p1", "factor", "monitoring", "nobody compared"),
        Point("SEC-1", "p1", "asset", "Service", "the package registry"),
        Point("SEC-1", "p1", "takeaway", "Detection", "compare uploads"),
    ),
)
TWO = PageRecords(
    (incident(2, "SEV-1", type="Availability", status="draft"),),
    actions=(action(2, "A1", owners=("Ωps",), due=date(2026, 7, 1), status="Open"),),
    points=(
        Point("SEC-2", "p2", "factor", "Monitoring", "again"),
        Point("SEC-2", "p2", "factor", "", "no kind"),
        Point("SEC-2", "p2", "went-well", "", "quick call"),
    ),
)
PAGES = {"p1": ONE, "p2": TWO}


def facts(pages=PAGES, today: date | None = TODAY) -> Facts:
    return Facts(KnowledgeBase(pages, OWNERS), today, DEFAULT_DONE_STATUSES, SEVERITIES)


def asked(kind: ListKind, /, **options: str) -> Query:
    return read_query({name.replace("_", "-"): text for name, text in options.items()}, kind, SEVERITIES)


def actions(**options: str) -> list[str]:
    return [each.full_id for each in select(asked(ACTIONS, **options), ACTIONS, facts()).rows]


def incidents(**options: str) -> list[str]:
    return [each.id for each in select(asked(INCIDENTS, **options), INCIDENTS, facts()).rows]


def groups(kind: ListKind, /, **options: str) -> dict[str, int]:
    found = select(asked(kind, **options), kind, facts())
    return {group.title: len(rows) for group, rows in found.groups if group}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["SEC-1/A1", "SEC-2/A1", "SEC-1/A10", "SEC-1/A2"]),
        ({"owner": "OPERATIONS"}, ["SEC-1/A1", "SEC-1/A2"]),
        ({"owner": "ωps"}, ["SEC-2/A1"]),
        ({"team": "product"}, ["SEC-1/A2"]),
        ({"state": "open"}, ["SEC-1/A1", "SEC-2/A1", "SEC-1/A10"]),
        ({"state": "overdue, done"}, ["SEC-1/A1", "SEC-1/A2"]),
        ({"status": "open"}, ["SEC-1/A1", "SEC-2/A1"]),
        ({"kind": "Preventive"}, ["SEC-1/A1", "SEC-1/A10"]),
        ({"severity": "sev-1"}, ["SEC-2/A1"]),
        ({"runbook": "token"}, ["SEC-1/A1", "SEC-1/A10", "SEC-1/A2"]),
        ({"runbook": "oken"}, []),
        ({"due_before": "2026-05-01"}, ["SEC-1/A2"]),
        ({"owner": "ops", "state": "done"}, ["SEC-1/A2"]),
        ({"sort": "id"}, ["SEC-1/A1", "SEC-1/A2", "SEC-1/A10", "SEC-2/A1"]),
        ({"sort": "-due"}, ["SEC-2/A1", "SEC-1/A1", "SEC-1/A2", "SEC-1/A10"]),
        ({"sort": "severity, -id"}, ["SEC-2/A1", "SEC-1/A10", "SEC-1/A2", "SEC-1/A1"]),
        ({"limit": "2"}, ["SEC-1/A1", "SEC-2/A1"]),
    ],
)
def test_actions(options, expected):
    assert actions(**options) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["SEC-2", "SEC-1"]),
        ({"sort": "oldest"}, ["SEC-1", "SEC-2"]),
        ({"sort": "-newest"}, ["SEC-1", "SEC-2"]),
        ({"sort": "-severity"}, ["SEC-1", "SEC-2"]),
        ({"type": "security"}, ["SEC-1"]),
        ({"factor": "monitoring"}, ["SEC-2", "SEC-1"]),
        ({"asset": "package"}, ["SEC-1"]),
        ({"since": "2026-01-02"}, ["SEC-2"]),
        ({"until": "2026-01-31"}, ["SEC-1"]),
        ({"since": "2026-01-02", "until": "2026-01-31"}, []),
    ],
)
def test_incidents(options, expected):
    assert incidents(**options) == expected


def test_of_the_incidents_of_one_day_the_oldest_comes_first():
    day = date(2026, 1, 1)
    pages = {f"p{number}": PageRecords((incident(number, day=day),)) for number in (1, 2, 3)}
    found = select(asked(INCIDENTS, sort="oldest"), INCIDENTS, facts(pages))
    assert [each.id for each in found.rows] == ["SEC-1", "SEC-2", "SEC-3"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("owner", {"dev": 1, "Operations": 2, "Ωps": 1, "No owner": 1}),
        ("team", {"Platform": 2, "Product": 1, "No team": 2}),
        ("incident", {"SEC-1: Title 1": 3, "SEC-2: Title 2": 1}),
        ("severity", {"SEV-1": 1, "SEV-2": 3}),
        ("state", {"overdue": 1, "open": 2, "done": 1}),
        ("month", {"2026-04": 1, "2026-05": 1, "2026-07": 1, "No due date": 1}),
    ],
)
def test_groups_of_actions(field, expected):
    found = groups(ACTIONS, group_by=field)
    assert found == expected
    assert list(found) == list(expected)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("what", {"Key takeaways": 1, "What went well": 1}),
        ("tag", {"Detection": 1, "Without a tag": 1}),
        ("severity", {"SEV-1": 1, "SEV-2": 1}),
        ("incident", {"SEC-2: Title 2": 1, "SEC-1: Title 1": 1}),
        ("year", {"2026": 2}),
    ],
)
def test_groups_of_lessons(field, expected):
    found = groups(LESSON_LIST, group_by=field)
    assert (found, list(found)) == (expected, list(expected))


def test_lessons_are_filtered_by_their_incident():
    found = select(asked(LESSON_LIST, severity="sev-1", what="went-well"), LESSON_LIST, facts())
    assert [row.point.text for row in found.rows] == ["quick call"]


def test_an_incident_counts_once_for_a_kind_of_factor():
    found, left_out = count_recurrence(asked(RECURRING["factor"]), facts())
    assert [(each.kind, len(each.incidents)) for each in found] == [("Monitoring", 2), ("Without a kind", 1)]
    assert left_out == 0
    assert [each.kind for each in count_recurrence(Query(), facts(), least=2)[0]] == ["Monitoring"]
    assert count_recurrence(Query(limit=1), facts())[1] == 1


def test_what_is_left_out_is_counted():
    assert select(asked(ACTIONS, limit="3"), ACTIONS, facts()).left_out == 1


def test_columns_are_named_by_field_or_title_those_of_tables_too():
    query = asked(ACTIONS, columns="Due date, id, ticket, nonsense")
    columns = columns_of(query, ACTIONS, facts())
    assert [field.title for field in columns] == ["Due date", "Action", "Ticket"]
    (row,) = (each for each in facts().knowledge.actions if each.local_id == "A10")
    assert columns[2].values(row, facts()) == ("T-7",)
    assert unknown_names(query, ACTIONS, facts())[0].startswith('`:columns:` does not know "nonsense"; write one of')


def test_the_column_of_the_group_is_left_out():
    assert "owner" not in [field.name for field in columns_of(Query(group_by="owner"), ACTIONS, facts())]


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (ACTIONS, {"severity": "SEV-9"}, "SEV-1, SEV-2, SEV-3"),
        (ACTIONS, {"state": "late"}, "open, done, overdue"),
        (ACTIONS, {"sort": "colour"}, "urgency"),
        (ACTIONS, {"group_by": "owner, team"}, "not several"),
        (ACTIONS, {"limit": "0"}, "a whole number above 0"),
        (ACTIONS, {"due_before": "soon"}, "YYYY-MM-DD"),
        (INCIDENTS, {"columns": "id, colour"}, "customer-impact"),
        (INCIDENTS, {"tlp": "WHITE"}, "AMBER\\+STRICT"),
    ],
)
def test_a_value_that_no_filter_can_use_names_those_that_it_can(kind, options, message):
    with pytest.raises(BadFilterError, match=message):
        asked(kind, **options)


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (ACTIONS, {"owner": "nobody, ops"}, '`:owner:` does not know "nobody"; write one of dev, ops, Ωps'),
        (ACTIONS, {"status": "blocked, opne"}, '`:status:` does not know "opne"'),
        (ACTIONS, {"runbook": "no"}, '`:runbook:` does not know "no"; write one of runbooks/token'),
        (INCIDENTS, {"asset": "ledger, registry"}, '`:asset:` does not know "ledger"; write one of Service'),
        (LESSON_LIST, {"tag": "x"}, '`:tag:` does not know "x"; write one of Detection'),
        (LESSON_LIST, {"incident": "SEC-9"}, '`:incident:` does not know "sec-9"'),
        (BY_OWNER, {"team": "nobody"}, '`:team:` does not know "nobody"; write one of Platform, Product'),
    ],
)
def test_names_that_the_site_lacks_are_told(kind, options, message):
    (found,) = unknown_names(asked(kind, **options), kind, facts())
    assert found.startswith(message)


def test_what_another_list_needs_is_one_entry_in_its_table_of_fields():
    text = Field[Action](
        "text",
        lambda each, _: (each.text,),
        "Text",
        Filter("text", "texts", "Its text."),
        can_sort=True,
        can_group=True,
    )
    kind = replace(ACTIONS, fields=(*ACTIONS.fields, text))
    assert [each.text for each in select(asked(kind, text="do a10"), kind, facts()).rows] == ["Do A10"]
    assert [each.text for each in select(asked(kind, sort="-text", limit="1"), kind, facts()).rows] == ["Do A10"]
    assert groups(kind, group_by="text") == {"Do A1": 2, "Do A2": 1, "Do A10": 1}
    assert columns_of(asked(kind, columns="text"), kind, facts()) == [text]
    assert query_texts(kind)["text"].meaning == "Its text."
    assert "`text`" in query_texts(kind)["sort"].takes


@given(st.lists(st.tuples(st.none() | st.integers(0, 3), st.none() | st.integers(0, 3))), st.booleans(), st.booleans())
def test_missing_values_come_last_whatever_the_direction(rows, first_down, second_down):
    keys = [SortKey("0", first_down), SortKey("1", second_down)]
    found = list(rows)
    sort_by(found, keys, lambda field, row: row[int(field)])
    assert sorted(found, key=repr) == sorted(rows, key=repr)

    def rank(value: int | None, down: bool) -> tuple[bool, int]:
        return value is None, (-1 if down else 1) * (value or 0)

    assert found == sorted(found, key=lambda row: (rank(row[0], first_down), rank(row[1], second_down)))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters='"\n\r'), min_size=1), max_size=4))
def test_values_in_quotes_are_read_whole(values):
    written = ", ".join(f'"{value}"' for value in values)
    expected = dict.fromkeys(" ".join(value.casefold().split()) for value in values)
    assert split_values(written) == tuple(value for value in expected if value)


# --- by owner


def named(query: Query) -> list[tuple[str, int]]:
    return [(group.owner.label, len(group.actions)) for group in choose_owners(query, facts())]


def test_owners_and_teams_that_are_asked_for_are_alternatives():
    assert named(Query()) == [("dev", 1), ("Operations", 2), ("Ωps", 1), ("No owner", 1)]
    assert named(asked(BY_OWNER, owner="Ωps", team="platform")) == [("Operations", 2), ("Ωps", 1)]
    assert named(asked(BY_OWNER, owner="nobody")) == []


def test_an_owner_who_is_asked_for_may_have_no_actions():
    sole = Facts(KnowledgeBase({}, OWNERS), TODAY, DEFAULT_DONE_STATUSES, SEVERITIES)
    assert [group.actions for group in choose_owners(asked(BY_OWNER, owner="ops"), sole)] == [()]


def of_two_owners(opened: Sequence[int], done: Sequence[int]):
    pages = {
        f"p{index}": PageRecords(
            actions=tuple(
                Action(
                    "", f"p{index}", f"A{n}", "x", (f"owner{index}",), status="open" if n < opened[index] else "done"
                )
                for n in range(opened[index] + done[index])
            )
        )
        for index in range(len(opened))
    }
    return choose_owners(Query(), Facts(KnowledgeBase(pages), None, DEFAULT_DONE_STATUSES, ()))


COUNTS = st.lists(st.integers(0, 5), min_size=2, max_size=2)


@given(COUNTS, COUNTS, st.integers(1, 7))
def test_the_pages_of_a_list_hold_every_action_once_the_open_ones_first(opened, done, limit):
    owners = of_two_owners(opened, done)
    total = sum(opened) + sum(done)
    pages = [rows_of_page(owners, DEFAULT_DONE_STATUSES, limit, page) for page in range(1, total // limit + 2)]
    shown = [[each for rows in page for each in rows.actions] for page in pages]
    assert all(len(page) <= limit for page in shown)
    everything = [(each.docname, each.local_id) for page in shown for each in page]
    assert sorted(everything) == sorted((a.docname, a.local_id) for owner in owners for a in owner.actions)
    kinds = [{each.status for each in page} for page in shown]
    first_done = next((n for n, each in enumerate(kinds) if "done" in each), len(kinds))
    assert not any("open" in each for each in kinds[first_done + 1 :])


@given(COUNTS, COUNTS, st.integers(1, 7), st.integers(1, 4), st.booleans())
def test_what_a_page_leaves_out_is_counted(opened, done, limit, page, open_only):
    owners = of_two_owners(opened, done)
    for owner, rows in zip(
        owners, rows_of_page(owners, DEFAULT_DONE_STATUSES, limit, page, open_only=open_only), strict=True
    ):
        assert rows.before + len(rows.actions) + rows.more_open + rows.more_done == len(owner.actions)
        assert not (open_only and any(each.status == "done" for each in rows.actions))


@pytest.mark.parametrize("title", ["SEC-1: Token stolen", "Token stolen", "SEC-1 – Token stolen"])
@pytest.mark.parametrize("kind", [ACTIONS, EVENT_LIST, LESSON_LIST])
def test_the_heading_of_an_incident_names_its_id_once(title, kind):
    page = PageRecords(
        (Incident("SEC-1", "page", title=title),),
        actions=(Action("SEC-1", "page", "A1", "Do it"),),
        events=(Event("SEC-1", "page", None, "It began"),),
        points=(Point("SEC-1", "page", TAKEAWAY, "", "Ask early"),),
    )
    groups = select(Query(group_by="incident"), kind, Facts(KnowledgeBase({"page": page}), None, (), SEVERITIES)).groups
    assert [group.title for group, _rows in groups] == ["SEC-1: Token stolen"]
