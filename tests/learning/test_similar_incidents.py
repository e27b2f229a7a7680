"""Which incidents resemble one another: core rules, without a build."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.attack.site_table import table_of
from sphinx_postmortem.core.records.factors import Factor, FactorVocabulary
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import ASSET, FACTOR, Event, Incident, PageRecords, Point
from sphinx_postmortem.core.similar import similar_incidents
from sphinx_postmortem.core.similar.features import terms_in
from sphinx_postmortem.core.similar.reasons import FeatureNames, reason
from sphinx_postmortem.core.similar.similar_incidents import SimilarIncidents

NAMES = FeatureNames(FactorVocabulary((Factor("no-probe", "Monitoring", "No probe"),)), table_of(""))
OTHERS = [
    ("C", "Printer on fire", "Smoke came from the basement kitchen.", {}),
    ("D", "Parking lot flooded", "Heavy rain broke a drain outside.", {}),
    ("E", "Office keys missing", "The janitor found a bunch at home.", {}),
]


def page(name: str, title: str = "", summary: str = "", more: dict | None = None) -> PageRecords:
    more = more or {}
    incident = Incident(
        name,
        name,
        title=title,
        summary=summary,
        type=more.get("type", ""),
        techniques=more.get("techniques", ()),
        runbooks=more.get("runbooks", ()),
    )
    points = [Point(name, name, FACTOR, "Monitoring", "", (tag,)) for tag in more.get("tags", ())]
    points += [Point(name, name, ASSET, "", text) for text in more.get("assets", ())]
    events = tuple(Event(name, name, None, text) for text in more.get("events", ()))
    return PageRecords((incident,), points=tuple(points), events=events)


def similar(*pages: tuple) -> SimilarIncidents:
    return SimilarIncidents(KnowledgeBase({each[0]: page(*each) for each in pages}))


def found(finder: SimilarIncidents, name: str, most: int = 3) -> list[str]:
    incident = next(each for each in finder.incidents if each.id == name)
    return [f"{each.incident.id}: {reason(each, NAMES)}" for each in finder.to_incident(incident, most)]


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        ({"tags": ("no-probe",)}, "factor No probe"),
        ({"techniques": ("T1078.004",)}, "technique T1078.004 Valid Accounts: Cloud Accounts"),
        ({"assets": ("Deployment identity.",)}, "asset Deployment identity"),
        ({"runbooks": ("runbooks/stolen-token",)}, "runbook stolen-token"),
        ({"events": ("The signing certificate expired",)}, "words certificate, expired, signing"),
        ({"tags": ("x", "y"), "techniques": ("T1",)}, "factors x, y; technique T1"),
    ],
)
def test_the_reason_names_what_both_have_in_common(shared, said):
    finder = similar(("A", "", "", shared), ("B", "", "", shared), *OTHERS)
    assert found(finder, "A") == [f"B: {said}"]
    assert found(finder, "B") == [f"A: {said}"]
    assert found(finder, "C") == []


def test_a_factor_weighs_more_than_words_and_a_rare_word_more_than_a_frequent_one():
    finder = similar(
        ("A", "Token leaked", "The zebra pipeline published tokens.", {"tags": ("no-probe",)}),
        ("B", "", "A token of the zebra pipeline was published.", {}),
        ("F", "", "Tokens published by pipeline builds.", {}),
        ("G", "", "", {"tags": ("no-probe",)}),
        *OTHERS,
    )
    assert [each[0] for each in found(finder, "A")] == ["G", "B"]  # F has less than a third of what G has


def test_at_most_three_are_found_unless_more_are_asked_for():
    finder = similar(*((name, "", "", {"tags": ("no-probe",)}) for name in "ABCDEFG"))
    assert [each[0] for each in found(finder, "A")] == ["G", "F", "E"]
    assert len(found(finder, "A", 5)) == 5


def test_two_words_are_no_resemblance_but_may_be_all_of_an_alert():
    finder = similar(("A", "Zebra pipeline", "", {}), ("B", "", "The zebra pipeline.", {}), *OTHERS)
    assert found(finder, "A") == []
    assert [each.incident.id for each in finder.to_text("ALERT zebra pipeline down")] == ["B", "A"]


def test_who_names_an_incident_does_not_resemble_it_for_that():
    finder = similar(("SEC-A-1", "", "", {}), ("B", "As SEC-A-1, SEC-A-2 and SEC-A-3", "", {}), ("SEC-A-2", "", "", {}))
    assert found(finder, "B") == []


def test_of_two_that_resemble_alike_that_of_the_same_type_comes_first():
    shared = {"tags": ("no-probe",)}
    finder = similar(
        ("A", "", "", {**shared, "type": "Security"}),
        ("B", "", "", {**shared, "type": "Security"}),
        ("F", "", "", {**shared, "type": "Availability"}),
    )
    assert [each[0] for each in found(finder, "A")] == ["B", "F"]


@pytest.mark.parametrize("text", ["", "   \n", "!!! -- ...", "the and of", "\x00\x1b[2J", "x" * 200_000])
def test_a_text_that_says_nothing_finds_nothing(text):
    assert similar(("A", "Zebra pipeline stopped", "", {}), *OTHERS).to_text(text) == ()


def test_one_incident_and_none():
    assert found(similar(("A", "Zebra pipeline stopped", "", {"tags": ("no-probe",)})), "A") == []
    assert SimilarIncidents(KnowledgeBase({})).to_text("Zebra pipeline stopped") == ()


def test_of_an_id_that_stands_twice_the_first_is_found():
    pages = {"a": page("A", "Zebra pipeline stopped twice"), "z": page("A", "Zebra pipeline stopped twice")}
    finder = SimilarIncidents(KnowledgeBase({"a": pages["a"], "z": pages["z"], "b": page("B", "Zebra")}))
    assert [each.id for each in finder.incidents] == ["B", "A"]


def test_ten_thousand_incidents_are_searched_within_the_bound_of_work(monkeypatch):
    """Each search looks at a bounded number of pairs, however many incidents share a feature."""
    pages = [
        (f"S{n:05}", f"Zebra w{n % 50:03}x w{n % 70:03}y w{n % 90:03}z", "", {"tags": (f"t{n % 3}",)})
        for n in range(10_000)
    ]
    finder = similar(*pages)
    first = finder.incidents[0]
    expected = finder.to_incident(first)
    assert [len(each.words) for each in expected] == [3, 3, 3][: len(expected)]
    assert expected[0].incident.title.partition("w")[2][:3] == first.title.partition("w")[2][:3]
    looked_at = 0

    class Counted(list):
        def __iter__(self):
            nonlocal looked_at
            looked_at += len(self)
            return super().__iter__()

    for posting in finder._postings.values():
        vars(posting)["places"] = Counted(posting.places)
    again = SimilarIncidents._nearest(finder, finder._features[0], 0, 3, 3)
    assert tuple(again) == expected
    assert 0 < looked_at <= 2 * similar_incidents._MOST_WORK


def test_ten_thousand_that_are_alike_tell_nothing_apart():
    finder = similar(*((f"S{n}", "Zebra pipeline stopped here", "", {"tags": ("no-probe",)}) for n in range(10_000)))
    assert finder.to_incident(finder.incidents[0]) == ()


def test_the_order_of_pages_does_not_matter():
    pages = [("A", "Zebra pipeline stopped twice", "", {}), ("B", "Zebra pipeline stopped once", "", {}), *OTHERS]
    assert found(similar(*pages), "A") == found(similar(*reversed(pages)), "A")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Certificates expired at the VPN of S3", ["certificates", "expired", "vpn", "s3"]),
        ("CVE-2021-44228 at 203.0.113.7", ["cve-2021-44228", "cve", "203.0.113.7"]),
        ("ci-pub-7 on 2026-03-02 at 01:14", ["ci-pub-7"]),
        ("which would have been over in March", []),
        ("der die und ein Zertifikat lief ab", ["zertifikat", "lief"]),
        ("凭证泄露", ["凭证", "证泄", "泄露"]),
        ("", []),
    ],
)
def test_words_that_count(text, words):
    assert [word for _, word in terms_in(text)] == words


@pytest.mark.parametrize(("one", "other"), [("certificate", "certificates"), ("expired", "expires")])
def test_forms_of_a_word_are_one_term(one, other):
    assert [stem for stem, _ in terms_in(one)] == [stem for stem, _ in terms_in(other)]


@pytest.mark.parametrize(("total", "having", "eighths"), [(1, 1, 8), (3, 1, 16), (8553, 1, 104), (8553, 8553, 8)])
def test_rarity_is_a_logarithm_in_whole_numbers(total, having, eighths):
    assert similar_incidents._rarity(total, having) == eighths
