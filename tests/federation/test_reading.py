"""What one site exports, another reads: nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.exports.edition_json import export_edition, json_text
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.federation import ForeignSourceError, read_source, what_is_allowed
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import PageRecords
from tests.exports.filled import filled_owner, filled_page

SOURCE = ForeignSource("Other", "other.json", "https://other.example.com/kb")
LEADERSHIP = Edition(Audiences(), "leadership")


def exported(knowledge: KnowledgeBase, edition: str = "public") -> bytes:
    return json_text(export_edition(knowledge, Publication(edition))).encode()


@pytest.mark.parametrize("incident_id", ["SEC-1", ""])
def test_every_field_comes_back(incident_id):
    page = filled_page(incident_id)
    if not incident_id:  # records that belong to no incident
        page = replace(page, incidents=())
    owner = filled_owner()
    found = read_source(exported(KnowledgeBase({"folder/page": page}, [owner])), SOURCE, LEADERSHIP)
    home, base = "//Other/folder/page", "https://other.example.com/kb/folder/page.html"
    there = {"site": "Other"}
    expected = PageRecords(
        tuple(
            replace(
                each,
                docname=home,
                runbooks=tuple(f"//Other/{runbook}" for runbook in each.runbooks),
                url=f"{base}#{each.anchor.replace(' ', '%20')}",
                **there,
            )
            for each in page.incidents
        ),
        *(
            tuple(
                replace(each, docname=home, url=f"{base}#{each.anchor.replace(' ', '%20')}", **there) for each in rows
            )
            for rows in (page.events, page.actions)
        ),
        tuple(
            replace(each, docname=home, runbooks=tuple(f"//Other/{runbook}" for runbook in each.runbooks))
            for each in page.points
        ),
        tuple(
            replace(each, docname=home, url=f"{base}#{each.anchor.replace(' ', '%20')}", **there)
            for each in page.responses
        ),
    )
    assert found.pages == {home: expected}
    assert owner in found.owners
    assert found.urls == {home: base}


@pytest.mark.parametrize(
    ("edition", "of_file", "taken"),
    [
        ("internal", "internal", True),
        ("internal", "public", True),
        ("leadership", "internal", False),
        ("leadership", "leadership", True),
        ("leadership", "public", True),
        ("public", "leadership", False),
        ("public", "internal", False),
        ("internal", "board", False),
    ],
)
def test_an_edition_takes_in_its_own_audience_or_a_less_privileged_one(edition, of_file, taken):
    data = exported(KnowledgeBase({}), of_file)
    if taken:
        assert read_source(data, SOURCE, Edition(Audiences(), edition)).pages == {}
    else:
        with pytest.raises(ForeignSourceError, match="audience"):
            read_source(data, SOURCE, Edition(Audiences(), edition))


@pytest.mark.parametrize(
    ("status", "tlp", "shown"),
    [
        ("closed", "CLEAR", ["internal", "leadership", "public"]),
        ("closed", "GREEN", ["internal", "leadership"]),
        ("closed", "RED", ["internal"]),
        ("draft", "CLEAR", ["internal"]),
        ("", "", ["internal", "leadership", "public"]),
    ],
)
def test_an_incident_of_another_site_is_held_to_the_labels_and_statuses_of_this_one(status, tlp, shown):
    page = filled_page("SEC-1")
    page = replace(page, incidents=tuple(replace(each, status=status, tlp=tlp) for each in page.incidents))
    found = read_source(exported(KnowledgeBase({"folder/page": page}, [])), SOURCE, LEADERSHIP)
    for name in Audiences().names:
        allowed, told = what_is_allowed(found, IncidentRule(), name)
        expected = {"//Other/folder/page"} if name in shown else set()
        assert set(allowed.pages) == expected
        assert set(allowed.urls) == expected
        assert len(told) == (name not in shown)
        assert all(sentence.startswith("SEC-1 (Other): ") for sentence in told)
