"""Which editions show an incident, by its status and its labels, and which label it bears there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.audience.incident_rule import IncidentRule, held_back, read_statement
from sphinx_postmortem.core.audience.tlp import labels_in, read_label, strictness
from sphinx_postmortem.core.audience.withheld import head_lines
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS

RULE = IncidentRule()
TWO = IncidentRule(Audiences(("internal", "public")))
FOUR = IncidentRule(Audiences(("internal", "leadership", "partners", "public")))


def stated(**options: str):
    return read_statement({name.replace("_", "-"): value for name, value in options.items()}, [])


def shown(rule: IncidentRule, **options: str) -> list[str]:
    return [name for name in rule.audiences.names if not rule.why_hidden(stated(**options), name)]


@pytest.mark.parametrize(
    ("options", "editions"),
    [
        ({}, ["internal", "leadership", "public"]),
        ({"status": "closed"}, ["internal", "leadership", "public"]),
        ({"status": "In-Review"}, ["internal", "leadership", "public"]),
        ({"status": "draft"}, ["internal"]),
        ({"status": ""}, ["internal"]),
        ({"status": "wip"}, ["internal"]),
        ({"tlp": "CLEAR"}, ["internal", "leadership", "public"]),
        ({"tlp": "TLP:CLEAR"}, ["internal", "leadership", "public"]),
        ({"tlp": "clear # agreed with legal"}, ["internal", "leadership", "public"]),
        ({"tlp": "GREEN"}, ["internal", "leadership"]),
        ({"tlp": "AMBER"}, ["internal", "leadership"]),
        ({"tlp": "AMBER + STRICT"}, ["internal", "leadership"]),
        ({"tlp": "RED"}, ["internal"]),
        ({"tlp": "WHITE"}, ["internal"]),
        ({"tlp": "secret"}, ["internal"]),
        ({"tlp": "RED, CLEAR"}, ["internal"]),
        ({"tlp": ""}, ["internal"]),
        ({"tlp": "# to be decided"}, ["internal"]),
        ({"tlp": "AMBER", "tlp_public": "CLEAR"}, ["internal", "leadership", "public"]),
        ({"tlp": "RED", "tlp_leadership": "AMBER"}, ["internal", "leadership"]),
        ({"tlp": "RED", "tlp_leadership": "CLEAR"}, ["internal", "leadership", "public"]),
        ({"tlp": "RED", "tlp_public": "CLEAR"}, ["internal", "public"]),
        ({"tlp": "CLEAR", "status": "draft"}, ["internal"]),
        ({"tpl": "RED"}, ["internal"]),
        ({"tlp_": "RED"}, ["internal"]),
        ({"satus": "draft"}, ["internal"]),
    ],
)
def test_which_of_three_editions_show_an_incident(options, editions):
    assert shown(RULE, **options) == editions


def test_the_ceilings_of_two_three_and_four_audiences():
    ceilings = [[rule.ceiling(name) for name in rule.audiences.names] for rule in (TWO, RULE, FOUR)]
    assert ceilings == [
        ["RED", "CLEAR"],
        ["RED", "AMBER+STRICT", "CLEAR"],
        ["RED", "AMBER+STRICT", "GREEN", "CLEAR"],
    ]
    assert IncidentRule(Audiences(("internal", "leadership"))).ceiling("leadership") == "AMBER+STRICT"


def test_the_label_of_an_editions_documents_is_its_ceiling_unless_one_is_set():
    rule = IncidentRule(documents={"leadership": "GREEN"})
    assert rule.ceiling("leadership") == "GREEN"
    assert (
        IncidentRule(ceilings={"leadership": "AMBER"}, documents={"leadership": "GREEN"}).ceiling("leadership")
        == "AMBER"
    )


def test_a_site_says_which_statuses_an_edition_shows():
    rule = IncidentRule(statuses={"public": ("closed",), "leadership": ("draft", "in-review", "closed")})
    assert shown(rule, status="draft") == ["internal", "leadership"]
    assert shown(rule, status="in-review") == ["internal", "leadership"]
    assert shown(rule, status="closed") == ["internal", "leadership", "public"]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ([":tlp: CLEAR", ":tlp: RED"], "twice"),
        ([":::{incident-summary} S", "---", "tlp: RED", "'tlp': CLEAR", "---"], "twice"),
        ([":::{incident-summary} S", "---", "tlp: CLEAR", "---", ":status: draft"], "right below"),
        ([":tlp: CLEAR", "", ":status: draft"], "right below"),
        ([":tlp: CLEAR", "Text.", ":tlp-public: RED"], "right below"),
    ],
)
def test_what_stands_in_the_block_and_is_not_read_hides(block, says):
    statement = read_statement({"tlp": "CLEAR"}, block)
    assert says in RULE.why_hidden(statement, "public")
    assert RULE.why_hidden(statement, "internal") == ""


@pytest.mark.parametrize(
    "block",
    [
        [":::{incident-summary} SEC-1 :status: draft"],
        [":::{incident-summary} SEC-1 (draft)"],
        [":::{incident-summary} SEC-1 TLP:RED"],
        ["S", "status: draft"],
        ["S", ":status=draft"],
        ["S", "", ":sta\u200btus: draft"],
        ["S", "", ":state: draft"],
        ["S", "**Status:** draft"],
        ["S", "| Status | draft |"],
        ["S", "<b>TLP</b>: RED"],
        ["S", "- tlp = amber+strict"],
        ["S", ":status\uff1a draft"],
    ],
)
def test_what_the_text_of_a_summary_says_hides(block):
    statement = read_statement({}, block)
    assert "its text says" in RULE.why_hidden(statement, "public")
    assert RULE.may_hide("\n".join(["incident-summary " + block[0], *block[1:]]), "public")


def test_the_head_of_the_page_says_it_for_its_incident():
    assert RULE.why_hidden(read_statement({"status": "closed"}, [], ["tlp: RED"]), "public")


@pytest.mark.parametrize(
    "line",
    [
        "draft: true",
        "Draft: yes  # until Friday",
        "published: 'false'",
        "classification: RED",
        "classification: TLP:AMBER",
        "private: true",
        "isDraft: true",
        "public: no",
        "unlisted: yes",
        "visibility: restricted",
        "access: Internal use only",
        "protective-marking: OFFICIAL-SENSITIVE",
        "security_level: C3 - confidential",
        "embargo: 2027-01-01",
        "tags: [draft, dns]",
        "stage: work in progress",
        "estado: borrador",
        "confidentialit\u00e9: interne",
        "Vertraulichkeit: streng vertraulich",
        "\u516c\u958b: \u3044\u3044\u3048",
    ],
)
def test_words_of_other_tools_hide_in_the_head_and_as_options(line):
    """An unknown option is in the block for docutils, and among the options for the reader of sources."""
    good = {"status": "closed", "tlp": "CLEAR"}
    block = ["S", ":status: closed", ":tlp: CLEAR", f":{line}", "", "Text."]
    name, _, value = line.partition(": ")
    for statement in (
        read_statement(good, block[:3], [line]),
        read_statement(good, block),
        read_statement({**good, name: value}, block),
    ):
        assert "its text says" in RULE.why_hidden(statement, "public")
    assert RULE.may_hide("\n".join(["---", line, "---", ":::{incident-summary} SEC-1", *block[1:3]]), "public")


@pytest.mark.parametrize(
    "line",
    [
        *("draft: false", "published: true", "published: 2026-03-02", "classification: phishing", "Drafts: 3"),
        *(
            "private: false",
            "visibility: public",
            "access: via the bastion",
            "distribution: Debian 12",
            "embargo: none",
        ),
        *("tags: [dns, secrets]", "confidentiality: high", "state: resolved", "tlp_version: 2", "issues: yes"),
    ],
)
def test_words_of_other_tools_that_mean_no_more_hide_nothing(line):
    statement = read_statement({"status": "closed"}, ["S", ":status: closed", f":{line}", "", line], [line])
    assert not RULE.why_hidden(statement, "public")


@pytest.mark.parametrize(
    "line", ["tlp: rot", "TLP: amberstrict", "traffic-light: orange", "tlp: WHITE", "tlp: pending"]
)
def test_a_label_that_is_none_hides_in_the_head_and_in_the_summary(line):
    for statement in (read_statement({}, ["S"], [line]), read_statement({}, ["S", "", line])):
        assert "names no TLP label" in RULE.why_hidden(statement, "leadership")
        assert RULE.may_hide(f"---\n{line}\n---\n:::{{incident-summary}} S\n\n{line}\n:::\n", "leadership")


@pytest.mark.parametrize(
    "line", ["label: TLP:RED", "marking: red", "tlp: AMBER_STRICT", "sharing: amber+strict", "status: Entwurf"]
)
def test_a_label_under_another_key_of_the_head_counts(line):
    assert RULE.why_hidden(read_statement({}, ["S"], [line]), "public")
    assert RULE.may_hide(f"---\n{line}\n---\n:::{{incident-summary}} S\n:::\n", "public")


@pytest.mark.parametrize(
    "head",
    [
        "tags:\n  - draft\n  - dns",
        "tags:\n- dns\n- draft",
        "meta:\n  private: true",
        "visibility: >-\n  private",
        "private: !!bool true",
        "tlp: &label RED",
        "'private' : yes",
        "{title: x, tlp: RED}",
        " private: true",
        "tlp:red",
    ],
)
def test_a_head_is_read_in_each_form_of_yaml(head):
    text = f"---\ntitle: x\n{head}\n---\n# P\n\n:::{{incident-summary}} S\n:::\n"
    lines = [line for _, line in head_lines(text.split("\n"), markdown=True)]
    assert RULE.why_hidden(read_statement({}, ["S"], lines), "public")
    assert RULE.may_hide(text, "public")
    toml = text.replace("---", "+++")
    assert list(head_lines(toml.split("\n"), markdown=True)) == list(head_lines(text.split("\n"), markdown=True))


def test_a_line_that_is_no_marking_as_its_author_says_hides_nothing():
    head = ["private: true  # postmortem: no-marking"]
    block = ["S", "", "<!-- postmortem: no-marking -->", "Access: restricted"]
    assert not RULE.why_hidden(read_statement({}, block, head), "public")


@pytest.mark.parametrize("line", ["Status: resolved at noon.", "Status: closed", "The draft was red.", "tlp: CLEAR"])
def test_words_that_state_nothing_stricter_hide_nothing(line):
    assert not RULE.why_hidden(read_statement({}, ["S", "", line]), "public")


def test_options_between_rules_are_read_once():
    block = [":::{incident-summary} S", "---", "tlp: CLEAR", "status: closed", "---", "tlp: RED in the text"]
    assert RULE.why_hidden(read_statement({"tlp": "CLEAR", "status": "closed"}, block), "public") == ""


@pytest.mark.parametrize(
    ("options", "edition", "marked", "label"),
    [
        ({"tlp": "AMBER"}, "internal", False, "AMBER"),
        ({"tlp": "AMBER"}, "leadership", False, "AMBER"),
        ({"tlp": "AMBER", "tlp_public": "CLEAR"}, "leadership", False, "AMBER"),
        ({"tlp": "AMBER", "tlp_public": "CLEAR"}, "public", False, "CLEAR"),
        ({"tlp": "CLEAR"}, "internal", True, "AMBER"),
        ({"tlp": "GREEN"}, "internal", True, "AMBER"),
        ({"tlp": "RED"}, "internal", True, "RED"),
        ({"tlp": "CLEAR", "tlp_internal": "CLEAR"}, "internal", True, "CLEAR"),
        ({"tlp": "secret"}, "internal", True, "secret"),
        ({}, "internal", True, ""),
    ],
)
def test_the_label_that_an_incident_bears(options, edition, marked, label):
    assert RULE.label(stated(**options), edition, marked=marked) == label


def test_the_label_of_documents_raises_and_never_lowers():
    rule = IncidentRule(documents={"leadership": "GREEN"})
    assert rule.label(stated(tlp="CLEAR"), "leadership") == "GREEN"
    assert rule.label(stated(tlp="AMBER"), "leadership") == "AMBER"


@pytest.mark.parametrize(
    ("options", "marked_for", "says"),
    [
        ({"tlp": "RED"}, "public", "`audience: public`"),
        ({"tlp": "GREEN"}, "public", "up to TLP:CLEAR"),
        ({"tlp": "RED"}, "leadership", "up to TLP:AMBER+STRICT"),
        ({"tlp": "GREEN", "tlp_public": "AMBER"}, "", "more privileged"),
        ({"tlp": "AMBER", "tlp_pubic": "CLEAR"}, "", "`:tlp-public:`"),
        ({"tlp_public": "CLEAR"}, "", "`:tlp:`"),
        ({"tlp": "RED", "tlp_internal": "CLEAR"}, "", "laxer"),
    ],
)
def test_a_contradiction(options, marked_for, says):
    found = list(RULE.contradictions(stated(**options), marked_for))
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    ("options", "marked_for"),
    [({"tlp": "AMBER"}, "leadership"), ({"tlp": "RED"}, "internal"), ({"tlp": "RED"}, ""), ({}, "public")],
)
def test_no_contradiction(options, marked_for):
    assert list(RULE.contradictions(stated(**options), marked_for)) == []


def test_a_reason_is_told_once_for_all_editions():
    assert [text.count("draft") for text in held_back(RULE, stated(status="draft"))] == [1]
    assert [text.count("leadership") for text in held_back(RULE, stated(tlp="RED"))] == [1, 0]
    assert list(held_back(RULE, stated(tlp="CLEAR", status="closed"))) == []


words = some.sampled_from(["", "draft", "closed", "in-review", "wip", *TLP_LABELS, "WHITE", "TLP:RED", '"RED"', "a: b"])
names = some.sampled_from(["tlp", "status", "tlp-public", "tlp-leadership", "tpl", "statuss", "severity", "class"])


@given(some.lists(some.tuples(names, words), max_size=4, unique_by=lambda pair: pair[0]), some.sampled_from([0, 1, 2]))
def test_the_quick_look_passes_over_nothing_that_hides(options, edition):
    name = RULE.audiences.names[edition]
    text = "".join(f":{option}: {word}\n" for option, word in options)
    if RULE.why_hidden(read_statement(dict(options), text.split("\n")), name):
        assert RULE.may_hide(f":::{{incident-summary}} SEC-1\n{text}\nText.\n:::\n", name)


@given(some.text(), some.sampled_from(RULE.audiences.names[1:]))
def test_no_text_that_is_no_label_is_laxer_than_red(text, edition):
    label = read_label(text)
    if label not in TLP_LABELS:
        assert strictness(label) == strictness("RED")
        assert RULE.why_hidden(stated(tlp=text), edition)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("TLP:AMBER. The source", ["AMBER"]),
        ("tlp: amber+strict", ["AMBER+STRICT"]),
        ("**TLP:** RED and TLP:GREEN", ["RED", "GREEN"]),
        ("TLP:WHITE", ["WHITE"]),
        ("`TLP:RED` and ``TLP:RED``", []),
        ("the TLP is clear", []),
        ("TLP:CLEARED", []),
    ],
)
def test_labels_in_a_text(text, labels):
    assert [label for _, label in labels_in(text)] == labels
