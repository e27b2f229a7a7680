"""``action-list`` and ``incident-list`` on small real sites."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docutils import nodes

from tests.conftest import Built, Site

MakeSite = Callable[..., Site]
PageOf = Callable[[str], nodes.document]

CONF = 'postmortem_today = "2026-06-01"\npostmortem_owners = {"ops": {"name": "Operations", "team": "Platform"}}\n'


def incident(number: int, severity: str, rows: str, after: str = "") -> str:
    return f"""# Incident {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-0{number}-02
:severity: {severity}
:type: Security
:status: closed

Text.
:::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status | Kind | Ticket | Audience |
|----|--------|-------|----------|----------|--------|------|--------|----------|
{rows}
:::
{after}"""


ONE = incident(
    1,
    "SEV-1",
    "| A1 | Late | ops | P1 | 2026-05-01 | open | Corrective | T-9 | |\n"
    "| A2 | Done | dev | P2 | 2026-05-01 | done | Preventive | | |",
    """
:::{contributing-factors}
- **Monitoring**: no alert.
- **Process**: no review.
:::

:::{affected-assets}
- **Accounts**: the account `deploy-bot`.
:::

## What went well

- **Detection**: quick.

## Key takeaways

- **Secrets**: rotate them.
- Write things down.
""",
)
TWO = incident(
    2,
    "SEV-3",
    "| A1 | Soon | dev, ops | P1 | 2026-07-01 | in progress | Preventative | T-10 | |\n"
    "| A2 | Hidden | Ωps | P3 | | open | | | internal |",
    """
:::{contributing-factors}
- **monitoring**: no log.
:::

:::{internal-only}
## What didn't go well

- **Shame**: hidden lesson.
:::
""",
)


def files(body: str) -> dict[str, str]:
    return {"index.md": f"# Home\n\n{body}\n\n:::{{toctree}}\none\ntwo\n:::\n", "one.md": ONE, "two.md": TWO}


def first_column(page: nodes.document) -> list[str]:
    table = next(iter(page.findall(nodes.table)), None)
    return [] if table is None else [row[0].astext() for row in list(table.findall(nodes.row))[1:]]


def action_list(options: str) -> str:
    return f":::{{action-list}}\n{options}\n:::"


def incident_list(options: str) -> str:
    return f":::{{incident-list}}\n{options}\n:::"


def lesson_list(options: str) -> str:
    return f":::{{lesson-list}}\n{options}\n:::"


ACTIONS = [
    ("", ["SEC-1/A1", "SEC-2/A1", "SEC-2/A2", "SEC-1/A2"]),
    (":owner: DEV", ["SEC-2/A1", "SEC-1/A2"]),
    (":owner: ωps", ["SEC-2/A2"]),
    (":team: platform", ["SEC-1/A1", "SEC-2/A1"]),
    (":state: overdue", ["SEC-1/A1"]),
    (":state: done", ["SEC-1/A2"]),
    (":priority: p1, p3", ["SEC-1/A1", "SEC-2/A1", "SEC-2/A2"]),
    (":severity: sev-3", ["SEC-2/A1", "SEC-2/A2"]),
    (":incident: sec-1\n:sort: id", ["SEC-1/A1", "SEC-1/A2"]),
    (":due-before: 2026-06-15\n:sort: id", ["SEC-1/A1", "SEC-1/A2"]),
    (":limit: 1", ["SEC-1/A1"]),
    (":status: in progress", ["SEC-2/A1"]),
    (":kind: preventative", ["SEC-2/A1", "SEC-1/A2"]),
    (":kind: corrective, preventive", ["SEC-1/A1", "SEC-2/A1", "SEC-1/A2"]),
    (":owner: Operations", ["SEC-1/A1", "SEC-2/A1"]),
    (":sort: priority, -due", ["SEC-2/A1", "SEC-1/A1", "SEC-1/A2", "SEC-2/A2"]),
    (":sort: -due", ["SEC-2/A1", "SEC-1/A1", "SEC-1/A2", "SEC-2/A2"]),
    (":sort: -severity, id", ["SEC-2/A1", "SEC-2/A2", "SEC-1/A1", "SEC-1/A2"]),
]

INCIDENT_LISTS = [
    ("", ["SEC-2", "SEC-1"]),
    (":sort: severity", ["SEC-1", "SEC-2"]),
    (":severity: SEV-3", ["SEC-2"]),
    (":until: 2026-01-31", ["SEC-1"]),
    (":since: 2026-02-02", ["SEC-2"]),
    (":status: draft", []),
    (":factor: process", ["SEC-1"]),
    (":factor: Monitoring", ["SEC-2", "SEC-1"]),
    (":asset: deploy-bot", ["SEC-1"]),
    (":asset: accounts", ["SEC-1"]),
    (":sort: -severity", ["SEC-2", "SEC-1"]),
    (":sort: oldest\n:limit: 1", ["SEC-1"]),
]

WRONG = [
    (":state: late", "open, done, overdue"),
    (":severity: SEV-9", "SEV-1, SEV-2, SEV-3, SEV-4"),
    (":sort: colour", "id, owner, team, incident, severity, priority, due, status, kind, addresses, urgency"),
    (":due-before: soon", "YYYY-MM-DD"),
    (":limit: -1", "a whole number above 0"),
    (":owner: nobody", "dev, ops, Ωps"),
    (":incident: SEC-7", "SEC-1, SEC-2"),
    (":status: opne", "done, in progress, open"),
    (":kind: detective", "corrective, preventative"),
    (
        ":columns: id, tikcet",
        "action, addresses, due, held, id, incident, kind, owner, priority, severity, status, team, techniques, ticket",
    ),
    (":group-by: colour", "owner, team, incident, severity, priority, status, kind, addresses, state, month"),
    (":group-by: owner, team", "not several"),
    (":runbook: restart", "the site has none yet"),
]

GROUPS = [
    ("owner", ["dev", "Operations", "Ωps"]),
    ("team", ["Platform", "No team"]),
    ("incident", ["SEC-1: Incident 1", "SEC-2: Incident 2"]),
    ("priority", ["P1", "P2", "P3"]),
    ("severity", ["SEV-1", "SEV-3"]),
    ("state", ["overdue", "open", "done"]),
    ("month", ["2026-05", "2026-07", "No due date"]),
    ("kind", ["Corrective", "Preventative", "Preventive", "No kind"]),
]

LESSONS = [
    ("", ["Shame: hidden lesson.", "Detection: quick.", "Secrets: rotate them.", "Write things down."]),
    (":what: takeaway", ["Secrets: rotate them. (SEC-1)", "Write things down. (SEC-1)"]),
    (":tag: detection", ["Detection: quick."]),
    (":severity: SEV-3", ["Shame: hidden lesson."]),
    (":until: 2026-01-31\n:what: went-well, did-not-go-well", ["Detection: quick."]),
    (":group-by: tag", ["quick.", "rotate them.", "hidden lesson.", "Write things down."]),
    (":limit: 1", ["Shame: hidden lesson."]),
]

# Lists that are pages of one site: it is built once for the tests that look at one of them.
LISTS = [
    *(action_list(options) for options, _ in ACTIONS),
    *(action_list(f":group-by: {field}") for field, _ in GROUPS),
    *(incident_list(options) for options, _ in INCIDENT_LISTS),
    *(lesson_list(options) for options, _ in LESSONS),
]


def build_pages(shared_site: MakeSite, name: str, lists: list[str], *, warnings: bool = False) -> Built:
    """Build a site of both incidents in which each list has a page of its own: the name and the list's number."""
    pages = {f"{name}{number}.md": f"# Page\n\n{text}\n" for number, text in enumerate(lists)}
    index = {"index.md": f"# Home\n\n:::{{toctree}}\n:glob:\n\none\ntwo\n{name}*\n:::\n"}
    return shared_site({**files(""), **index, **pages}, CONF).build(builder="dummy", warnings=warnings)


@pytest.fixture(scope="module")
def page_of(shared_site: MakeSite) -> PageOf:
    """Return a function that gives the page of a list."""
    built = build_pages(shared_site, "list", LISTS)
    return lambda text: built.doctree(f"list{LISTS.index(text)}")


@pytest.fixture(scope="module")
def warnings(shared_site: MakeSite) -> str:
    """Return what a build says of lists with a wrong option."""
    return build_pages(shared_site, "wrong", [action_list(options) for options, _ in WRONG], warnings=True).warnings


@pytest.mark.parametrize(("options", "expected"), ACTIONS)
def test_action_list_shows_what_passes_its_filter(page_of: PageOf, options: str, expected: list[str]) -> None:
    assert first_column(page_of(action_list(options))) == expected


def test_a_value_with_a_comma_stands_in_quotes(site: MakeSite) -> None:
    conf = CONF.replace("Platform", "Run, repair")
    built = site(files(action_list(':team: "run, repair", nobody\n:sort: id')), conf).build(
        builder="dummy", warnings=True
    )
    assert first_column(built.doctree()) == ["SEC-1/A1", "SEC-2/A1"]
    assert '`:team:` does not know "nobody"' in built.warnings


@pytest.mark.parametrize(("options", "expected"), INCIDENT_LISTS)
def test_incident_list_shows_what_passes_its_filter(page_of: PageOf, options: str, expected: list[str]) -> None:
    assert first_column(page_of(incident_list(options))) == expected


@pytest.mark.parametrize(("options", "valid"), WRONG)
def test_wrong_filter_names_the_valid_values(warnings: str, options: str, valid: str) -> None:
    place = f"wrong{[each for each, _ in WRONG].index(options)}.md:3: "
    (said,) = [line for line in warnings.splitlines() if place in line]
    assert valid in said


def test_an_old_option_works_and_is_told(site: MakeSite) -> None:
    done = site(files(action_list(":overdue:\n:sort: id")), CONF).build(builder="dummy", warnings=True)
    assert first_column(done.doctree()) == ["SEC-1/A1"]
    assert "index.md:4: WARNING: `:overdue:` is an old name; write `:state: overdue` instead" in done.warnings


@pytest.mark.parametrize(("field", "expected"), GROUPS)
def test_groups_stand_in_their_order_and_none_comes_last(page_of: PageOf, field: str, expected: list[str]) -> None:
    page = page_of(action_list(f":group-by: {field}"))
    assert [node.astext() for node in page.findall(nodes.rubric)] == expected
    shown = {row[0].astext() for row in page.findall(nodes.row)} - {"Action"}
    assert shown == {"SEC-1/A1", "SEC-1/A2", "SEC-2/A1", "SEC-2/A2"}


def test_columns_stand_as_asked_those_of_the_tables_among_them(site: MakeSite) -> None:
    built = site(files(action_list(":columns: ticket, Owner, due date, severity, id\n:limit: 1")), CONF).build()
    rows = [[cell.astext() for cell in row] for row in built.doctree().findall(nodes.row)]
    assert rows == [
        ["Ticket", "Owner", "Due date", "Severity", "Action"],
        ["T-9", "Operations", "2026-05-01", "SEV-1", "SEC-1/A1"],
    ]
    assert "3 more actions are not shown." in built.read("index.html")


def test_cards_hold_what_a_table_holds_and_the_summary(site: MakeSite) -> None:
    body = ":::{incident-list}\n:layout: cards\n:columns: id, title, date, severity, factors, actions, summary\n:::"
    text = site(files(body), CONF).build("public", "text").read("index.txt")
    assert "* ***SEC-1: Incident 1***\n\n  2026-01-02 · SEV-1\n\n  Contributing factors: Monitoring, Process" in text
    assert "Actions: 1 open (1 overdue), 1 done" in text
    assert "  Text." in text


def test_every_column_of_incidents_can_be_shown(site: MakeSite) -> None:
    from sphinx_postmortem.core.lists.incident_fields import INCIDENTS

    body = f":::{{incident-list}}\n:sort: oldest\n:columns: {', '.join(INCIDENTS.titles)}\n:::"
    row = next(iter(site(files(body), CONF).build().doctree().findall(nodes.tbody)))[0]
    assert row[list(INCIDENTS.titles).index("assets")].astext() == "Accounts"
    assert len(row) == len(INCIDENTS.titles)


@pytest.mark.parametrize(("options", "expected"), LESSONS)
def test_lesson_list_shows_what_passes_its_filter(page_of: PageOf, options: str, expected: list[str]) -> None:
    lessons = [item.astext() for item in page_of(lesson_list(options)).findall(nodes.list_item) if "(" in item.astext()]
    assert [lesson[: len(text)] for lesson, text in zip(lessons, expected, strict=True)] == expected


def test_factor_list_counts_incidents_not_factors(site: MakeSite) -> None:
    built = site(files(":::{factor-list}\n:::\n\n:::{factor-list}\n:min: 2\n:::"), CONF).build()
    rows = [[cell.astext() for cell in row] for row in built.doctree().findall(nodes.row)]
    head = ["Contributing factor", "Incidents", "Which"]
    often = ["monitoring", "2", "SEC-2, SEC-1"]
    assert rows == [head, often, ["Process", "1", "SEC-1"], head, often]


def test_lessons_and_factors_of_a_filtered_edition_are_those_it_sees(site: MakeSite) -> None:
    built = site(files(f"{lesson_list('')}\n\n:::{{factor-list}}\n:::"), CONF).build("public")
    assert "Detection:" in built.read("index.html")
    assert b"Shame" not in built.all_bytes()


def test_filtered_edition_lists_nothing_hidden_and_names_no_hidden_owner(site: MakeSite) -> None:
    built = site(files(action_list(":owner: ωps\n:none: Nothing owed.")), CONF).build("public")
    assert "Nothing owed." in built.read("index.html")
    assert b"Hidden" not in built.all_bytes()


def test_empty_site_says_that_there_is_nothing(site: MakeSite) -> None:
    built = site({"index.md": "# Home\n\n:::{action-list}\n:::\n\n:::{incident-list}\n:::\n"}).build(builder="text")
    assert "No actions." in built.read("index.txt")
    assert "No incidents." in built.read("index.txt")


EMPTY = ["lesson-list", "factor-list", "incident-metrics", "actions-by-owner"]


@pytest.mark.parametrize("name", EMPTY)
def test_every_list_of_an_empty_site_says_so(site: MakeSite, name: str) -> None:
    text = site({"index.md": f"# Home\n\n:::{{{name}}}\n:::\n"}).build(builder="text").read("index.txt")
    assert "No " in text


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "man", "texinfo", "singlehtml", "xml"])
def test_lists_work_in_other_builders(site: MakeSite, builder: str) -> None:
    lists = [f":::{{{name}}}\n:::" for name in ("incident-list", "lesson-list", "factor-list", "incident-metrics")]
    body = "\n\n".join(
        [action_list(":state: overdue\n:group-by: month"), *lists, lists[0][:-3] + ":layout: cards\n:::"]
    )
    settings = {"epub_copyright": "x", "version": "1"} if builder == "epub" else {}
    written = site(files(body), CONF).build(builder=builder, **settings).all_bytes()
    assert builder == "epub" or b"Late" in written


ALL_LISTS = """
:::{action-list}
:group-by: team
:columns: id, owner, ticket, title
:::

:::{incident-list}
:layout: cards
:::

:::{lesson-list}
:::

:::{factor-list}
:::

:::{incident-metrics}
:no-chart:
:::
"""


CHANGES = [
    ("Soon", "Sooner"),
    ("SEV-3", "SEV-2"),
    ("Text.", "Other text."),
    ("**monitoring**", "**logging**"),
    ("# Incident 2", "# Renamed"),
    ("T-10", "T-11"),
    ("hidden lesson", "other lesson"),
    (":date: 2026-02-02", ":date: 2026-05-02"),
    (
        "\n:::{action-table}",
        """
:::{timeline}
| Time (UTC) | Event |
|---|---|
| 2026-02-02 01:00 | Alert detected |
| 2026-02-02 02:00 | Alert validated |
:::

:::{action-table}""",
    ),
]


def test_incremental_builds_equal_clean_ones(site: MakeSite) -> None:
    changes = {f"{old}: {new}": {"two.md": (old, new)} for old, new in CHANGES}
    made = site(files(ALL_LISTS), CONF)
    seen = {made.build().read("index.html")}
    for change, again, clean in made.rebuilds(changes):
        found = again.read("index.html")
        assert (change, found in seen, found == clean.read("index.html")) == (change, False, True)
        seen.add(found)


def test_parallel_build_equals_a_serial_one(site: MakeSite) -> None:
    pages = {f"p{n}.md": f"# P{n}\n" for n in range(6)}
    made = site({**files(action_list("")), **pages}, CONF + 'exclude_patterns = ["p?.md"]\n')
    assert made.build(parallel=2).read("index.html") == made.build().read("index.html")
