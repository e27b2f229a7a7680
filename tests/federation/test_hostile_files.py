"""Whatever stands in another site's file: it is refused with a reason and the mend, or every row of it is taken in."""

from __future__ import annotations

import copy
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.exports.atom import incident_feed
from sphinx_postmortem.core.exports.csv_tables import actions_csv
from sphinx_postmortem.core.exports.edition_json import POINT_LISTS, export_edition
from sphinx_postmortem.core.exports.publication import Publication, printable
from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.lesson_fields import LESSON_LIST, count_recurrence
from sphinx_postmortem.core.lists.metrics import MetricsChoice, measure
from sphinx_postmortem.core.lists.query import Facts, Query, select
from sphinx_postmortem.core.records.federation import ForeignSourceError, read_source
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.knowledge import ForeignRecords, KnowledgeBase
from sphinx_postmortem.core.records.model import FACTOR
from sphinx_postmortem.sphinx_ext.exports.calendars import action_calendars
from tests.conftest import Site
from tests.exports.filled import filled_owner, filled_page

TODAY = date(2026, 6, 1)
PUBLICATION = Publication("leadership", "Ours", today=TODAY)
VALID: dict[str, Any] = export_edition(
    KnowledgeBase({"folder/page": filled_page(), "loose": replace(filled_page(""), incidents=())}, [filled_owner()]),
    Publication("public", "Other", url="https://other.example.com/kb/"),
)
NASTY_TEXTS = [
    *(
        "",
        " ",
        "\0",
        "\ud800",
        "\u202eSEC-1",
        "ＳＥＣ－１",
        "İß",
        "👩‍🚒",
        "مهندس",
        "x" * 3_000,
        "a\nb\r\nc",
        "\x1f",
        "NaN",
    ),
    *("javascript:alert(1)", "//evil.example", "https://evil.example/", "../../up", "http://[", "data:text/html,x"),
    *("<script>alert(1)</script>", "{internal-only}", "|a|b|", '"&<>', "=1+1", "SEC-1", "sec-1", "folder/page", "%00"),
    *("0001-01-01", "9999-12-31", "2026-02-31", "2026-03-02T24:00:00Z", "0001-01-01T00:00:00Z", "internal", "board"),
]
VALUES = st.one_of(
    st.sampled_from(NASTY_TEXTS),
    st.text(max_size=8),
    st.integers(-1, 2),
    st.sampled_from([10**300, 1e400, float("nan"), 1.0, True, False, None, [], {}, [[]], [None], {"": ""}]),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value within a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, inner in items for each in places(inner, (*path, key)))]


PLACES = places(VALID)[1:]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A valid file in which some values are others, lack, or stand twice."""
    content = copy.deepcopy(VALID)
    for place in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)):
        parent: Any = content
        try:
            for key in place[:-1]:
                parent = parent[key]
            old = parent[place[-1]]
            assert isinstance(parent, dict | list)
        except (AssertionError, KeyError, IndexError, TypeError):  # an earlier change has taken the place away
            continue
        how = draw(st.sampled_from(["replace", "replace", "remove", "repeat", "add"]))
        if how == "replace":
            parent[place[-1]] = copy.deepcopy(draw(VALUES))
        elif how == "remove":
            parent.pop(place[-1])
        elif isinstance(old, list) and how == "repeat":
            parent[place[-1]] = old * 2
        elif isinstance(old, dict) and how == "add":
            old[draw(st.text(max_size=5))] = copy.deepcopy(draw(VALUES))
    return content


def read(data: bytes, *, url: str = "https://other.example.com/kb") -> ForeignRecords | None:
    """What is taken in; None where the file is refused with a reason that a terminal can show."""
    try:
        return read_source(data, ForeignSource("Other", "data/other.json", url), Edition(Audiences(), "leadership"))
    except ForeignSourceError as error:
        said = str(error)
        assert said.startswith('the file "data/other.json" of the site "Other" cannot be taken in: ')
        assert re.search("; (export|give|take|only|name|fetch)", said), said
        assert printable(said) == said
        return None


def rows(content: dict[str, Any]) -> list[int]:
    """How many incidents, events, actions and points a file holds."""
    every = content["incidents"]
    points = sum(len(each[name]) for each in every for name in POINT_LISTS.values())
    return [
        len(every),
        sum(len(each["events"]) for each in every) + len(content["loose_events"]),
        sum(len(each["actions"]) for each in every) + len(content["loose_actions"]),
        points + len(content["loose_points"]),
    ]


def use_everything(knowledge: KnowledgeBase) -> None:
    """Make all that is derived from records: none of it may fail."""
    facts = Facts(knowledge, TODAY, ("done",), ("SEV-1",))
    for group_by in ("", "owner", "incident", "status"):
        listed = select(Query(group_by=group_by), ACTIONS, facts)
        assert set(map(id, listed.rows)) == set(map(id, knowledge.actions))
    by_owner = knowledge.actions_by_owner(TODAY)
    assert len({group.owner.key for group in by_owner}) == len(by_owner)
    assert {id(action) for group in by_owner for action in group.actions} == set(map(id, knowledge.actions))
    knowledge.actions_by_team(TODAY)
    measure(MetricsChoice(Query(), by="month", has_mean=True), facts, ())
    select(Query(), LESSON_LIST, facts)
    count_recurrence(Query(), facts, FACTOR)
    actions_csv(knowledge, PUBLICATION)
    incident_feed(knowledge, PUBLICATION)
    list(action_calendars(knowledge, PUBLICATION, ("done",)))
    list(knowledge.duplicates)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_changed_file_is_refused_or_taken_in_whole(content: dict[str, Any]) -> None:
    found = read(json.dumps(content).encode())
    if found is None:
        return
    pages = found.pages.values()
    counts = [sum(len(getattr(page, kind)) for page in pages) for kind in ("incidents", "events", "actions", "points")]
    assert counts == rows(content)
    linked = [record.url for page in pages for record in (*page.incidents, *page.actions)]
    for url in (*linked, *found.urls.values()):
        assert re.fullmatch(r"https://other\.example\.com/kb/[!-~]*", url)
        assert not re.search(r"[<>\"\\]|/\.\.?(/|#|$)", url)
    use_everything(KnowledgeBase({"page": filled_page()}, (), foreign=found))


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([*NASTY_TEXTS, "https://", "ftp://x/", "https://a b/", "HTTPS://X", "https://x:port/"]))
def test_the_address_of_a_site_is_one_of_the_web_or_refused(address: str) -> None:
    content = {**VALID, "site": {"title": "", "url": address}}
    found = read(json.dumps(content).encode(), url="")
    assert found is None or all(re.match("https?://[^/]", url, re.IGNORECASE) for url in found.urls.values())


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.binary(max_size=3))
def test_damaged_bytes_are_refused_or_taken_in(place: int, inserted: bytes) -> None:
    data = json.dumps(VALID, ensure_ascii=False).encode()
    place %= len(data)
    assert read(data[:place]) is None
    read(data[:place] + inserted + data[place:])


TWICE = json.dumps(VALID)[:-1] + ', "incidents": []}'
DEEP = json.dumps(VALID)[:-1] + ', "more": ' + "[" * 3_000 + "]" * 3_000 + "}"


@pytest.mark.parametrize("text", [TWICE, "", "null", "\ufeff\ufeff{}", "[" * 10**6, '{"a": ' * 10**5, "9" * 5_000])
def test_what_is_no_such_file_is_refused(text: str) -> None:
    assert read(text.encode()) is None


def test_an_object_of_many_fields_is_looked_at_once() -> None:
    fields = [f'"field{number}": 1' for number in range(50_000)]
    assert read(f"{{{', '.join([*fields, fields[-1]])}}}".encode()) is None  # each against each takes minutes


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
def test_another_encoding_is_refused(encoding: str) -> None:
    assert read(json.dumps({"title": "é", **VALID}, ensure_ascii=False).encode(encoding)) is None


def test_a_byte_order_mark_and_deep_fields_of_a_later_version_do_no_harm() -> None:
    assert read(json.dumps(VALID).encode()) is not None
    assert read(b"\xef\xbb\xbf" + json.dumps(VALID).encode()) is not None
    read(DEEP.encode())  # how deep a reader can go depends on Python: refused or taken in


LISTS = """# Lists

:::{incident-list}
:columns: id, title, date, severity, type, status, tlp, runbooks, factors, assets, summary
:::

:::{incident-list}
:layout: cards
:::

:::{action-list}
:group-by: owner
:::

:::{actions-by-owner}
:::

:::{lesson-list}
:::

:::{factor-list}
:::

:::{incident-metrics}
:no-chart:
:::

:::{incident-navigation}
:::
"""


def everywhere(value: Any, text: str, key: str = "") -> Any:
    """A JSON value in which a text stands in every field that takes any."""
    if isinstance(value, dict):
        return {name: everywhere(inner, text, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [everywhere(inner, text, key) for inner in value]
    bound = ("time", "earliest", "latest", "precision", "unit", "sha256", "due", "first_day", "last_day", "read_on")
    is_free = isinstance(value, str) and key not in (*bound, "edition", "list", "url")
    is_free = is_free and value not in ("containment", "remediation")
    return text if is_free else value


@pytest.mark.parametrize("builder", ["html", "latex", "postmortem-export"])
def test_pages_show_every_incident_of_a_hostile_file_and_link_to_its_site_only(
    site: Callable[..., Site], builder: str
) -> None:
    incident = VALID["incidents"][0]
    texts = [text for text in NASTY_TEXTS if text.strip()]
    content = {**everywhere(VALID, texts[0]), "incidents": [everywhere(incident, text) for text in texts]}
    conf = 'postmortem_sources = {"Other": {"file": "other.json", "url": "https://other.example.com/"}}\n'
    files = {"index.md": LISTS, "other.json": json.dumps({**content, "owners": everywhere(VALID["owners"], texts[1])})}
    built = site(files, conf + 'postmortem_today = "2026-06-01"\n').build(builder=builder, warnings=True)
    assert "Traceback" not in built.warnings
    if builder != "html":
        return
    page = built.read("index.html")
    table = re.search(r'<table class="[^"]*pm-incidents.*?</table>', page, re.DOTALL)
    assert table
    assert table[0].count("<tr") - 1 == len(texts)
    for address in re.findall(r'href="([^"]*)"', re.search(r'<div class="body.*?<div class="sph', page, re.DOTALL)[0]):
        assert re.match(r"#|https://other\.example\.com/|[\w/]+\.html", html.unescape(address)), address
    assert "<script>alert" not in page
