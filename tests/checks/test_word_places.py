"""Rules about language look at texts that hold certain words: whatever a rule would find holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sphinx_postmortem.core import checks
from sphinx_postmortem.core.checks import causes, language
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.word_places import Together, paragraphs_with, prose_with, words
from sphinx_postmortem.core.expressions import compiled

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
