"""``incidents.atom``: RFC 4287, with lasting ids and dates that no clock has given."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.exports.atom import incident_feed
from sphinx_postmortem.core.exports.publication import Publication, printable
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident, PageRecords

ATOM = "{http://www.w3.org/2005/Atom}"
PUBLISHED = Publication("internal", "Reg", "The team", "https://kb.example.com/")


def feed(*incidents: Incident, publication: Publication = PUBLISHED) -> ET.Element:
    return ET.fromstring(incident_feed(KnowledgeBase({"p": PageRecords(incidents)}), publication))


def texts(element: ET.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.iter(f"{ATOM}{name}")]


def test_an_incident_is_an_entry(exported):
    root = ET.fromstring((exported() / "incidents.atom").read_bytes())
    (entry,) = root.findall(f"{ATOM}entry")
    assert texts(root, "title") == ["Registry: incidents", "SEC-1: Stolen token"]
    assert texts(root, "name") == ["The team"]
    assert texts(entry, "id") == ["tag:kb.example.com,2026-01-01:postmortem/incident/sec-1"]
    assert texts(entry, "updated") == ["2026-03-04T00:00:00Z"]
    assert texts(entry, "published") == ["2026-03-02T00:00:00Z"]
    assert entry.find(f"{ATOM}link").get("href") == "https://kb.example.com/reg/incidents/sec-1.html#pm-incident-sec-1"
    assert [category.get("term") for category in entry.iter(f"{ATOM}category")] == ["SEV-1", "Security", "closed"]
    assert texts(entry, "content")[0].startswith("What happened.\n\nCustomer impact: None at all.")


def test_ids_of_entries_are_those_of_every_edition_and_of_feeds_their_own():
    internal = feed(Incident("A", "p"))
    public = feed(Incident("A", "q/r"), publication=Publication("public", "Reg", url="https://kb.example.com/"))
    assert texts(internal, "id")[1] == texts(public, "id")[1]
    assert texts(internal, "id")[0] != texts(public, "id")[0]


def test_without_address_ids_last_and_links_are_left_out():
    root = feed(Incident("A", "p"), publication=Publication("internal", "Reg"))
    assert texts(root, "id") == texts(feed(Incident("A", "x"), publication=Publication("internal", "Reg")), "id")
    assert root.findall(f".//{ATOM}link") == []


def test_the_feed_is_as_new_as_its_latest_entry():
    root = feed(Incident("A", "p", last_day=date(2026, 1, 2)), Incident("B", "p", last_day=date(2026, 5, 6)))
    assert texts(root, "updated")[0] == "2026-05-06T00:00:00Z"


@pytest.mark.parametrize(
    ("today", "updated"), [(None, "1970-01-01T00:00:00Z"), (date(2026, 6, 1), "2026-06-01T00:00:00Z")]
)
def test_an_empty_site_has_a_feed(today, updated):
    assert texts(feed(publication=Publication("internal", today=today)), "updated") == [updated]


HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x00\x01\x0b\r\n<>&]\ufffe\u2028")), max_size=60)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_comes_back(incident_id, title, summary):
    root = feed(Incident(incident_id, "p", title, summary=summary))
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}content").text == (printable(summary) or None)
    assert printable(title) in texts(entry, "title")[0]
    assert all(character.isascii() for character in texts(entry, "id")[0])


@given(st.lists(st.text(max_size=5), max_size=6))
def test_no_two_entries_share_an_id(ids):
    found = texts(feed(*(Incident(name, "p") for name in ids)), "id")
    assert len(found) == len(set(found)) == len(ids) + 1
