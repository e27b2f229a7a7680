"""The events of a page are stored apart, and read when somebody asks for them: nobody can tell the difference."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from sphinx_postmortem.core.records.field_uses import rewrite_texts, texts_of
from sphinx_postmortem.core.records.model import Event, Incident, PageRecords
from sphinx_postmortem.core.records.text_references import mention, refers
from sphinx_postmortem.core.records.times import Moment

EVENTS = tuple(Event("SEC-1", "p", Moment(f"2026-03-02 01:{n:02}"), text=f"Jane looked at {n}") for n in range(3))
PAGE = PageRecords((Incident("SEC-1", "p"),), EVENTS, title="A title")


def stored(page: PageRecords) -> PageRecords:
    """The page as a later build has it."""
    read = pickle.loads(pickle.dumps(page))
    assert isinstance(read, PageRecords)
    return read


def is_unread(page: PageRecords) -> bool:
    return "events" not in vars(page)


def test_events_are_read_at_their_first_use() -> None:
    page = stored(PAGE)
    assert (page.title, page.incidents, is_unread(page)) == (PAGE.title, PAGE.incidents, True)
    assert page.events == EVENTS
    assert page.events is page.events


@pytest.mark.parametrize(
    "use",
    [
        lambda page: page,
        hash,
        repr,
        asdict,
        copy.copy,
        copy.deepcopy,
        stored,
        lambda page: stored(stored(page)),
        lambda page: replace(page, title="Another"),
        lambda page: replace(page, events=()),
        lambda page: list(texts_of(page)),
        lambda page: rewrite_texts(page, lambda text: text.replace("Jane", "a responder")),
        lambda page: {page: 1}[PAGE],
    ],
)
def test_whatever_is_done_with_records_does_the_same_before_events_are_read(
    use: Callable[[PageRecords], object],
) -> None:
    assert use(stored(PAGE)) == use(PAGE)


@pytest.mark.parametrize("page", [PageRecords(), PageRecords(title="A title"), replace(PAGE, events=())])
def test_pages_without_events_are_stored_as_they_are(page: PageRecords) -> None:
    assert (stored(page), stored(page).events) == (page, ())


def test_what_is_known_of_references_is_stored_too() -> None:
    page = replace(PAGE, events=(replace(EVENTS[0], text=f"See {mention('SEC-2')}"),))
    assert refers(page)
    again = stored(page)
    assert (refers(again), is_unread(again)) == (True, True)
    assert refers(replace(again, title="Changed"))


def test_a_wrong_name_is_no_event() -> None:
    with pytest.raises(AttributeError, match="evnts"):
        _ = getattr(stored(PAGE), "evnts")  # noqa: B009
