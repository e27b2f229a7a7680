"""What the audit looks for is the same in whichever way it is found: one by one, all at once, or not again."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.audit import terms as terms_module
from sphinx_postmortem.core.audit.marks import Line
from sphinx_postmortem.core.audit.search import STAMP, Boilerplate, search_edition
from sphinx_postmortem.core.audit.sources import Content
from sphinx_postmortem.core.audit.terms import Terms, distinctive_terms, windows, words_in

WORDS = ("token", "ledger", "signal", "mirror", "queue", "drift", "of", "the")


def some(number: int, seed: int) -> list[str]:
    return random.Random(seed).choices(WORDS, k=number)


def site_of(seed: int) -> tuple[Content, list[list[str]]]:
    hidden = [some(9, seed + number) for number in range(6)]
    visible = [some(30, seed + 100 + number) for number in range(4)]
    content = Content(
        [Line("hidden.md", 2 * number, " ".join(words)) for number, words in enumerate(hidden, start=1)],
        [Line(f"{number}.md", 1, " ".join(words)) for number, words in enumerate(visible)],
    )
    return content, visible


@pytest.mark.parametrize("few", [0, 3, 2_000])
@pytest.mark.parametrize("very_few", [0, 20])
def test_sequences_are_those_that_follow_each_other_in_no_visible_text(
    monkeypatch: pytest.MonkeyPatch, few: int, very_few: int
) -> None:
    monkeypatch.setattr(terms_module, "_FEW", few)
    monkeypatch.setattr(terms_module, "_VERY_FEW", very_few)
    for seed in range(40):
        content, visible = site_of(seed)
        found = distinctive_terms(content, [], [])
        phrases = {phrase for line in content.hidden for phrase in windows(line.text.split(), 3)}
        wanted = {phrase for phrase in phrases if sum(len(word) > 3 for word in phrase) > 1}
        wanted -= {phrase for words in visible for phrase in windows(words, 3)}
        assert set(found.sequences[3]) == wanted
        text = [*some(50, seed + 500), *content.hidden[0].text.split()]
        assert set(found.sequences_in(text, frozenset(text))) == wanted & set(windows(text, 3))


def test_a_stem_is_a_beginning_of_a_hidden_word_and_of_no_visible_one() -> None:
    letters = random.Random(7)
    for _ in range(100):
        hidden, visible = ({"".join(letters.choices("abc", k=letters.randint(1, 9))) for _ in range(12)} for _ in "12")
        content = Content([Line("a.md", 1, " ".join(hidden))], [Line("b.md", 1, " ".join(visible))])
        beginnings = {
            word[:length] for word in (*visible, "null", "true", "false") for length in range(3, len(word) + 1)
        }
        found = distinctive_terms(content, [], [])
        wanted = {
            word[:length]
            for word in found.words
            for length in range(max(4, len(word) - 4), len(word) + 1)
            if not {word[:length], word[: length - 1]} & beginnings
        }
        assert set(found.stems) == wanted | {word for word in found.words if word[:-1] not in beginnings}


def test_a_text_that_repeats_is_found_in_each_file_that_has_it(tmp_path: Path) -> None:
    (tmp_path / STAMP).write_text('{"edition": "public"}', encoding="utf-8")
    for name in ("a.html", "b.html"):
        page = "<p>All is well.</p>\n<p>The zorblat\nfell.</p>\n<p>\nof the walrus\n</p>\n"
        (tmp_path / name).write_text(page, encoding="utf-8")
    terms = Terms(words={"zorblat": "p.md:1"}, sequences={3: {("of", "the", "walrus"): "p.md:2"}})
    terms.leave_out([], set())
    found = search_edition(tmp_path, "public", terms, Boilerplate(frozenset(), lambda _: False), None)
    each = [("line 2", "zorblat"), ("line 5", "of the walrus")]
    assert [(leak.file, leak.position, leak.found) for leak in found] == [
        (name, *hit) for name in ("a.html", "b.html") for hit in each
    ]


@given(st.text(st.characters(codec=None) | st.sampled_from("ab_- .\n\x1f\x85\xa0\u2028")))
def test_words_are_those_that_an_expression_finds(text: str) -> None:
    assert words_in(text) == re.findall(r"\w+", text)


def test_every_character_is_of_a_word_or_not_as_in_expressions() -> None:
    text = "".join(f"a{chr(number)}b " for number in range(sys.maxunicode + 1))
    assert words_in(text) == re.findall(r"\w+", text)
