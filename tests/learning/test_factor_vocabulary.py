"""The vocabulary of contributing factors: what it holds, and how tags are read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.checks import check_page, read_settings, run_page, run_site
from sphinx_postmortem.core.records.factors import NO_FACTORS, BadFactorsError, as_mapping, read_factors

ENTRIES = {
    "no-probe": {"kind": "Monitoring", "words": "No probe of certificates", "since": "2026-01-20"},
    "no-review": {
        "kind": "Process",
        "words": "No second reader",
        "definition": "A change reaches production without a review.",
        "formerly": ["one-reader"],
    },
}


@pytest.fixture
def known(tmp_path):
    return read_factors(ENTRIES, tmp_path)


def test_a_file_holds_the_same_as_a_dict(tmp_path, known):
    (tmp_path / "factors.toml").write_text(
        '[no-probe]\nkind = "Monitoring"\nwords = "No probe of certificates"\nsince = 2026-01-20\n\n'
        '[no-review]\nkind = "Process"\nwords = "No second reader"\n'
        'definition = "A change reaches production without a review."\nformerly = ["one-reader"]\n'
    )
    read = read_factors("factors.toml", tmp_path)
    assert read == known == read_factors(as_mapping(known), tmp_path)
    assert read.factors[0].since == date(2026, 1, 20)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[no-probe]\nkind = 1\n", 'factors.toml, line 2: "kind" must be a text, not 1'),
        ("[no-probe]\n\n[No Probe]\n", "factors.toml: Expected ']' at the end"),
        ('["No Probe"]\n', 'factors.toml, line 1: "No Probe" cannot be a tag'),
        ("[no-probe]\n[no-probe]\n", "an id may stand only once"),
        ('[a]\n[b]\nformerly = ["a"]\n', 'factors.toml, line 3: the id "a" stands twice, for "a" and "b"'),
        ('[a]\nsince = "soon"\n', "factors.toml, line 2: "),
        ('[a]\ncolour = "red"\n', 'line 2: "a" has no key "colour"; known are kind, words'),
        ('[a]\nformerly = "b"\n', 'line 2: "formerly" must be a list of ids'),
        ('a = "words"\n', 'line 1: "a" must hold kind'),
        (f"a = {'[' * 100_000}", "recursion"),
    ],
)
def test_an_entry_that_cannot_be_used_is_told_with_its_line(tmp_path, text, message):
    (tmp_path / "factors.toml").write_text(text)
    with pytest.raises(BadFactorsError, match="factors.toml") as raised:
        read_factors("factors.toml", tmp_path)
    assert message in str(raised.value)


@pytest.mark.parametrize("name", ["../factors.toml", "factors.csv", "missing.toml"])
def test_a_file_that_cannot_be_read_is_told(tmp_path, name):
    with pytest.raises(BadFactorsError, match="postmortem_factors: .*factors|missing"):
        read_factors(name, tmp_path)


@pytest.mark.parametrize(
    ("text", "ids", "rest"),
    [
        (" [no-probe]: text", ("no-probe",), ": text"),
        (": [no-probe] text", ("no-probe",), " text"),
        (" [NO-PROBE, one-reader]: text", ("no-probe", "no-review"), ": text"),
        (" [1]: text", (), " [1]: text"),
        (" [no-probe](page.md): text", (), " [no-probe](page.md): text"),
        (" text [no-probe]", (), " text [no-probe]"),
    ],
)
def test_tags_stand_between_the_kind_and_the_text(known, text, ids, rest):
    read = known.read_tags(text)
    assert (read.ids, read.rest, read.unknown) == (ids, rest, ())


def test_a_tag_that_is_not_known_stays_text(known):
    read = known.read_tags(" [no-prob]: text")
    assert (read.ids, read.rest, read.unknown) == ((), " [no-prob]: text", ("no-prob",))
    assert known.near("no-prob") == "no-probe"


@given(st.text(max_size=60))
def test_without_a_vocabulary_every_text_stays(text):
    assert NO_FACTORS.read_tags(text).rest == text


def codes(*items: str) -> list[str]:
    text = ":::{contributing-factors}\n" + "".join(f"- {item}\n" for item in items) + ":::\n"
    page = check_page("p.md", text, read_settings({"factors": ENTRIES}))
    return [f"{each.line} {each.code}: {each.message}" for each in run_page(page) if each.code.startswith("factor")]


def test_a_former_id_is_no_finding_and_an_unknown_one_names_the_nearest():
    assert codes("**Process** [one-reader]: nobody read it.") == []
    assert codes("**Process** [one-readers]: nobody read it.") == [
        '2 factor-unknown: there is no factor "one-readers"; did you mean "one-reader"?'
    ]


@pytest.mark.parametrize("cell", ["no-review", "[one-reader]", "No second reader", "process", "1"])
def test_an_action_that_names_the_tag_or_the_words_covers_its_factor(cell):
    tag = "one-reader" if cell == "[one-reader]" else "no-review"
    assert uncovered(f"**Process** [{tag}]: nobody read it.", cell) == []


def test_an_action_against_another_factor_covers_none():
    assert uncovered("**Process** [no-review]: nobody read it.", "no-probe") == ["factor-uncovered"]


def uncovered(item: str, cell: str) -> list[str]:
    head = "| ID | Action | Owner | Priority | Due date | Status | Factor |\n|---|---|---|---|---|---|---|\n"
    row = f"| A1 | Read it | sre | P1 | 2026-03-20 | open | {cell} |\n"
    text = f":::{{contributing-factors}}\n- {item}\n:::\n\n:::{{action-table}}\n{head}{row}:::\n"
    page = check_page("p.md", text, read_settings({"factors": ENTRIES}))
    return [each.code for each in run_page(page) if each.code == "factor-uncovered"]


def test_a_text_that_resembles_a_factor_is_told_its_tag():
    assert codes("**Process**: the change reached production, and a review was optional.") == [
        '2 factor-untagged: the factor has no tag; "No second reader" is near: write **Process** [no-review]'
    ]
    assert codes("**Process**: the rota had a gap.") == []


def cycle(*pairs: tuple[str, str]) -> list[str]:
    pages = [
        check_page(
            f"{name}.md", f":::{{incident-summary}} {name}\n:repeats: {repeats}\n\nText.\n:::\n", read_settings({})
        )
        for name, repeats in pairs
    ]
    return [f"{each.file}: {each.message}" for each in run_site(pages, read_settings({})) if "repeats" in each.code]


def test_a_cycle_of_repeats_is_told_once_and_what_leads_into_it_is_not():
    assert cycle(("A", "B"), ("B", "C"), ("C", "A"), ("D", "A"), ("E", "D")) == [
        "A.md: A repeats B repeats C repeats A; take out the one that is wrong"
    ]


def test_an_incident_that_repeats_itself_is_told_beside_a_cycle():
    assert cycle(("A", "A"), ("B", "B, C"), ("C", "B")) == [
        "A.md: A repeats itself; take its id out of `:repeats:`",
        "B.md: B repeats itself; take its id out of `:repeats:`",
        "B.md: B repeats C repeats B; take out the one that is wrong",
    ]


def test_a_long_chain_of_repeats_is_no_cycle():
    assert cycle(("S0", ""), *((f"S{n}", f"S{n - 1}") for n in range(1, 500))) == []


def test_an_incident_that_repeats_an_unknown_one_is_told():
    assert cycle(("SEC-10", ""), ("SEC-11", "SEC-1O")) == [
        'SEC-11.md: repeats: there is no incident "SEC-1O"; did you mean "SEC-10"?'
    ]
