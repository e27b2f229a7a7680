"""Which names are found in a text, and what stands there instead."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.names.pseudonyms import (
    Edit,
    Pseudonyms,
    incident_numbers,
    organisation_names,
    pseudonyms_for,
    with_edits,
)
from sphinx_postmortem.core.records.model import Incident, Owner

NAMES = Pseudonyms({"Acme": "the company", "Detection engineering": "the team", "rel-eng": "Owner A", "東光": "a bank"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ACME's token", "the company's token"),
        ("Acmes, acme2 and placme stay", "Acmes, acme2 and placme stay"),
        ("acme_ci_token", "the company_ci_token"),
        ("Detection\n  engineering, detection-engineering", "the team, the team"),
        ("Rel eng and REL_ENG", "Owner A and Owner A"),
        ("Ac\u00adme and A\u200bcme", "the company and the company"),
        ("株式会社東光の口座", "株式会社a bankの口座"),
        ("Mail ann@home.example now", "Mail [address] now"),
        ("See https://wiki.acme.example/x?y or registry.acme.example.", "See [address] or [address]."),
        ("See https://example.org/x", "See https://example.org/x"),
    ],
)
def test_a_name_is_replaced_as_a_word(text: str, shown: str) -> None:
    assert NAMES.apply(text) == shown


@pytest.mark.parametrize("form", ["Caf\u00e9", "Cafe\u0301", "CAF\u00c9"])
def test_both_ways_to_write_an_accent(form: str) -> None:
    assert Pseudonyms({"Caf\u00e9": "a shop"}).apply(f"In {form}.") == "In a shop."


def test_case_of_letters_that_fold_to_two() -> None:
    assert Pseudonyms({"ID": "x"}).apply("\u0130D \u0131d") == "x x"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["Seen by Detection ", "engineering", " first"], ["Seen by the team", "", " first"]),
        (["Detec", "tion", " engi", "neering."], ["the team", "", "", "."]),
        (["ann", "@home.", "example"], ["[address]", "", ""]),
        (["https://a", "cme.example"], ["[address]", ""]),
        (["Ac", "me and ac", "me"], ["the company", " and the company", ""]),
        (["", "none"], ["", "none"]),
    ],
)
def test_a_name_over_several_pieces(pieces: list[str], shown: list[str]) -> None:
    assert NAMES.apply_to_pieces(pieces) == shown


def test_edits_may_cover_pieces_whole() -> None:
    assert with_edits(["ab", "cd", "ef"], [Edit(1, 5, "-"), Edit(5, 6, "!")]) == ["a-", "", "!"]


def test_the_longest_name_wins() -> None:
    names = Pseudonyms({"SEC-1": "Incident 1", "SEC-1-2": "Incident 2", "SEC-10": "Incident 3"})
    assert names.apply("SEC-1, SEC-1-2, sec-10, SEC-100") == "Incident 1, Incident 2, Incident 3, SEC-100"


def test_what_a_role_holds_is_no_name_that_was_left() -> None:
    names = Pseudonyms({"Platform": "Owner A", "ops": "the Platform owner", "Acme": "the company"})
    assert names.found_in("the Platform owner of Acme") == ["acme"]


def test_a_role_that_is_the_name_keeps_it() -> None:
    names = pseudonyms_for({"Northbank": "Northbank"}, [], authors=["Northbank"])
    assert names.apply("Northbank") == "Northbank"


def test_owners_have_letters_unless_they_have_a_role() -> None:
    owners = [Owner("rel-eng", "Release engineering", contact="#rel"), Owner("idm"), Owner("ops", "Operations")]
    names = pseudonyms_for({"Operations": "the operators"}, owners)
    assert names.apply("idm, rel-eng, Release engineering, #rel, ops") == (
        "Owner A, Owner B, Owner B, [contact], the operators"
    )


def test_a_common_word_is_a_name_only_where_names_stand() -> None:
    names = pseudonyms_for({}, [Owner("platform", "Platform engineering"), Owner("rel-eng")])
    assert names.apply("platform, rel-eng") == "Owner A, Owner B"
    assert names.apply("The platform of Platform engineering, by rel-eng") == "The platform of Owner A, by Owner B"
    assert names.found_in("The platform") == []


def test_a_common_word_with_a_role_is_a_name() -> None:
    assert pseudonyms_for({"platform": "a team"}, [Owner("platform")]).apply("By platform.") == "By a team."


def test_more_than_seven_hundred_owners() -> None:
    names = pseudonyms_for({}, [Owner(f"id{number:03}") for number in range(703)])
    assert names.roles["id702"] == "Owner AAA"


@pytest.mark.parametrize(
    ("authors", "titles", "names"),
    [
        (["Tamarwick Ltd"], ["Tamarwick incident library"], ["Tamarwick Ltd", "Tamarwick"]),
        (["2021\u20132026, Northbank"], ["Postmortems"], ["Northbank"]),
        (["Security team"], ["Blameless postmortems"], ["Security team"]),
        (["unknown"], ["Project name not set"], []),
        ([], ["Incidents of Blue Harbour: a library"], ["Blue Harbour"]),
        (["acme"], ["the acme docs"], ["acme"]),
    ],
)
def test_names_of_the_organisation(authors: list[str], titles: list[str], names: list[str]) -> None:
    assert organisation_names(authors, titles) == names


def test_incidents_are_numbered_by_first_day() -> None:
    incidents = [
        Incident("SEC-2026-003", "c"),
        Incident("SEC-2026-002", "b", first_day=date(2026, 1, 2)),
        Incident("SEC-2026-001", "a", first_day=date(2026, 3, 2)),
    ]
    assert incident_numbers(incidents) == {
        "SEC-2026-002": "Incident 1",
        "SEC-2026-001": "Incident 2",
        "SEC-2026-003": "Incident 3",
    }


def test_an_address_that_names_a_target_of_restructuredtext_leaves_it_a_target():
    text = "See `who@example.org`_.\n\n.. _who@example.org: https://example.org/lists/\n"
    replaced = Pseudonyms({}).apply(text)
    assert replaced == "See `[address]`_.\n\n.. _[address]: https://example.org/lists/\n"
    assert Pseudonyms({}).apply("_who@example.org_") == "[address]"
