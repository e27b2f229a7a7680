"""Rules about language look at texts that hold certain words: whatever a rule would find holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sphinx_postmortem.core import checks
from sphinx_postmortem.core.checks import acts_of_persons, causes, durations, language
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.word_places import Together, paragraphs_with, possible_phrases, prose_with, words
from sphinx_postmortem.core.expressions import compiled, expression_of

_RULES = {
    "person": (language._BLAME_PERSON, language._OF_PERSON),
    "hindsight": (language._HINDSIGHT, language._OF_HINDSIGHT),
    "word": (language._BLAME_WORD, language._OF_WORD),
    "error": (causes._ERROR, causes._OF_ERROR),
    "fault": (causes._FAULT_IN_CAUSE, causes._OF_FAULT_IN_CAUSE),
}


def _page(text: str) -> CheckedPage:
    return checks.check_page("page.md", text, checks.Settings())


@pytest.mark.parametrize("name", _RULES)
@given(data=st.data())
def test_a_text_that_a_rule_finds_holds_its_words(name: str, data: st.DataObject) -> None:
    pattern, wanted = _RULES[name]
    made: Any = compiled(pattern)
    written = data.draw(st.from_regex(made, alphabet="abcdefghijklmnopqrstuvwxyz -'"))
    found = made.search(" ".join(written.split()))
    assume(found)
    line = f"It is said: {found[0]}." if re.match(r"\w", found[0]) else found[0]
    assume(made.search(line))
    assert prose_with(_page(f"{line}\n"), wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("One careless act.\nTwo.\n", [words("careless")], ["One careless act."]),
        ("They CARELESSly acted.\n", [words("careless")], []),
        ("He didn’t check it.\n", [words("didn", "check")], ["He didn’t check it."]),
        ("He did not.\nCheck it.\n", [words("not", "check")], []),
        ("*Careless*, `careless_x`.\n", [words("careless")], ["*Careless*, `careless_x`."]),
    ],
)
def test_a_line_holds_one_word_of_each_group(text: str, wanted: Sequence[Together], expected: list[str]) -> None:
    assert [prose.text for prose in prose_with(_page(text), wanted)] == expected


def test_a_paragraph_may_hold_the_words_in_several_lines() -> None:
    page = _page("He did not\ncheck it.\n\nHe did not.\n\nCheck it.\n")
    assert [line.text for line, _ in paragraphs_with(page, [words("not", "check")])] == ["He did not\ncheck it."]


_PIECES = (
    "took",
    "place",
    "All",
    "times",
    "time-to",
    "daß",
    "DURÉE",
    "de l'incident",
    "sev-1",
    "\u212a",
    "x_y",
    ".",
    "|",
)


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8), st.integers(0, 30), st.integers(1, 12))
def test_a_phrase_that_stands_on_a_page_is_possible(pieces: list[str], start: int, length: int) -> None:
    text = " ".join(pieces)
    page = _page("\n".join(pieces) + "\n")
    for folded in (text.lower(), text.casefold()):
        phrase = folded[start : start + length]
        assert possible_phrases(page, (phrase,)) == (phrase,)


def test_a_phrase_whose_words_stand_nowhere_is_not_possible() -> None:
    assert possible_phrases(_page("It took a place.\n"), ("took place", "took hold", "pla")) == ("took place", "pla")


@given(data=st.data())
def test_who_names_a_person_is_looked_at_closely(data: st.DataObject) -> None:
    made: Any = compiled(acts_of_persons._NAMED)
    written = data.draw(st.from_regex(made, alphabet="abcdefghijklmnopqrstuvwxyz -'"))
    assert made.search(written) is None or acts_of_persons.may_name_person(written)


_OF_WORDS: dict[str, Any] = {
    name: value
    for module in (acts_of_persons, durations)
    for name, value in vars(module).items()
    if isinstance(value, type(expression_of((), "")))
}


@pytest.mark.parametrize("name", _OF_WORDS)
@settings(max_examples=25)
@given(data=st.data())
def test_what_an_expression_of_words_finds_holds_one_of_them(name: str, data: st.DataObject) -> None:
    made: Any = compiled(_OF_WORDS[name])
    written = data.draw(st.from_regex(made, alphabet="abcdefghijklmnopqrstuvwxyz0123456789 -':.,([~"))
    assert any(word in written.lower() for word in _OF_WORDS[name].words)


def test_an_expression_of_words_is_compiled_for_a_text_that_holds_one() -> None:
    found = expression_of(["service"], r"out of (service)", re.IGNORECASE)
    assert (found.search("out of order"), found.match("It is out of order")) == (None, None)
    assert "made" not in vars(found)
    assert found.search("it is OUT OF SERVICE") is not None
    assert found.match("out of \u017fervice") is not None  # which stands for an s where case does not count
    assert found.search("out of service", 1) is None


@pytest.mark.parametrize("name", ["_SUBJECT", "_AFFECTED"])
@settings(max_examples=50)
@given(data=st.data())
def test_a_clause_with_an_act_may_begin_with_a_person(name: str, data: st.DataObject) -> None:
    made: Any = compiled(getattr(acts_of_persons, name))
    written = data.draw(st.from_regex(made, alphabet="abcdefghijklmnopqrstuvwxyz -'*"))
    assert made.match(written) is None or acts_of_persons._may_begin_with_person(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Human factor**: one of the very tired night operators fell asleep.", True),
        ("- One of our three new duty on-call engineers", True),
        ("One two three four five six seven operators", False),
        ("The token was valid", False),
    ],
)
def test_whether_a_clause_may_begin_with_a_person(text: str, expected: bool) -> None:
    assert acts_of_persons._may_begin_with_person(text) is expected
