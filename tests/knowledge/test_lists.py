"""``action-list`` and ``incident-list`` on small real sites."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docutils import nodes

from tests.conftest import Built, Site

MakeSite = Callable[..., Site]

CONF = 'postmortem_today = "2026-06-01"\npostmortem_owners = {"ops": {"name": "Operations", "team": "Platform"}}\n'


def incident(number: int, severity: str, rows: str, before: str = "") -> str:
    return f"""{before}# Incident {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-0{number}-02
:severity: {severity}
:type: Security
:status: closed

Text.
:::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status | Audience |
|----|--------|-------|----------|----------|--------|----------|
{rows}
:::
"""


ONE = incident(
    1, "SEV-1", "| A1 | Late | ops | P1 | 2026-05-01 | open | |\n| A2 | Done | dev | P2 | 2026-05-01 | done | |"
)
TWO = incident(
    2, "SEV-3", "| A1 | Soon | dev | P1 | 2026-07-01 | open | |\n| A2 | Hidden | Ωps | P3 | | open | internal |"
)


def files(body: str) -> dict[str, str]:
    return {"index.md": f"# Home\n\n{body}\n\n:::{{toctree}}\none\ntwo\n:::\n", "one.md": ONE, "two.md": TWO}


def first_column(built: Built) -> list[str]:
    table = next(iter(built.doctree().findall(nodes.table)), None)
    return [] if table is None else [row[0].astext() for row in list(table.findall(nodes.row))[1:]]


def action_list(options: str) -> str:
    return f":::{{action-list}}\n{options}\n:::"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["SEC-1/A1", "SEC-2/A1", "SEC-2/A2", "SEC-1/A2"]),
        (":owner: DEV", ["SEC-2/A1", "SEC-1/A2"]),
        (":owner: ωps", ["SEC-2/A2"]),
        (":team: platform", ["SEC-1/A1"]),
        (":state: overdue", ["SEC-1/A1"]),
        (":state: done", ["SEC-1/A2"]),
        (":priority: p1, p3", ["SEC-1/A1", "SEC-2/A1", "SEC-2/A2"]),
        (":severity: sev-3", ["SEC-2/A1", "SEC-2/A2"]),
        (":incident: sec-1\n:sort: id", ["SEC-1/A1", "SEC-1/A2"]),
        (":due-before: 2026-06-15\n:sort: id", ["SEC-1/A1", "SEC-1/A2"]),
        (":limit: 1", ["SEC-1/A1"]),
    ],
)
def test_action_list_shows_what_passes_its_filter(site: MakeSite, options: str, expected: list[str]) -> None:
    assert first_column(site(files(action_list(options)), CONF).build(builder="dummy")) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["SEC-2", "SEC-1"]),
        (":sort: severity", ["SEC-1", "SEC-2"]),
        (":severity: SEV-3", ["SEC-2"]),
        (":until: 2026-01-31", ["SEC-1"]),
        (":since: 2026-02-02", ["SEC-2"]),
        (":status: draft", []),
    ],
)
def test_incident_list_shows_what_passes_its_filter(site: MakeSite, options: str, expected: list[str]) -> None:
    body = f":::{{incident-list}}\n{options}\n:::"
    assert first_column(site(files(body), CONF).build(builder="dummy")) == expected


@pytest.mark.parametrize(
    ("options", "valid"),
    [
        (":state: late", "open, done, overdue"),
        (":severity: SEV-9", "SEV-1, SEV-2, SEV-3, SEV-4"),
        (":sort: colour", "urgency, due, owner, priority, status, incident, id"),
        (":due-before: soon", "YYYY-MM-DD"),
        (":limit: -1", "a whole number above 0"),
        (":owner: nobody", "dev, ops, Ωps"),
        (":incident: SEC-7", "SEC-1, SEC-2"),
    ],
)
def test_wrong_filter_names_the_valid_values(site: MakeSite, options: str, valid: str) -> None:
    said = site(files(action_list(options)), CONF).build(warnings=True).warnings
    assert valid in said
    assert "index.md:3" in said


def test_filtered_edition_lists_nothing_hidden_and_names_no_hidden_owner(site: MakeSite) -> None:
    built = site(files(action_list(":owner: ωps\n:none: Nothing owed.")), CONF).build("public")
    assert "Nothing owed." in built.read("index.html")
    assert b"Hidden" not in built.all_bytes()


def test_empty_site_says_that_there_is_nothing(site: MakeSite) -> None:
    built = site({"index.md": "# Home\n\n:::{action-list}\n:::\n\n:::{incident-list}\n:::\n"}).build(builder="text")
    assert "No actions." in built.read("index.txt")
    assert "No incidents." in built.read("index.txt")


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_lists_work_in_other_builders(site: MakeSite, builder: str) -> None:
    body = action_list(":state: overdue") + "\n\n:::{incident-list}\n:::"
    settings = {"epub_copyright": "x", "version": "1"} if builder == "epub" else {}
    assert b"Late" in site(files(body), CONF).build(builder=builder, **settings).all_bytes()


def test_incremental_build_equals_a_clean_one(site: MakeSite) -> None:
    made = site(files(action_list("") + "\n\n:::{incident-list}\n:::"), CONF)
    made.build()
    made.write({"two.md": TWO.replace("Soon", "Sooner").replace("SEV-3", "SEV-2")})
    incremental = made.build(keep=True).read("index.html")
    assert "Sooner" in incremental
    assert incremental == made.build().read("index.html")


def test_parallel_build_equals_a_serial_one(site: MakeSite) -> None:
    pages = {f"p{n}.md": f"# P{n}\n" for n in range(6)}
    made = site({**files(action_list("")), **pages}, CONF + 'exclude_patterns = ["p?.md"]\n')
    assert made.build(parallel=2).read("index.html") == made.build().read("index.html")
