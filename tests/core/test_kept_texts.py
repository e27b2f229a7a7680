"""What a directive of another extension is given of its text: all that the edition shows, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.kept_texts import HiddenPartError, mentions_marking, without_hidden

LEADERSHIP = Edition(Audiences(), "leadership")
PUBLIC = Edition(Audiences(), "public")


def kept(text: str, edition: Edition = LEADERSHIP, notice: str = "") -> list[str]:
    return without_hidden(text.split("\n"), edition, notice, None)[0]


PARAGRAPHS = st.lists(
    st.sampled_from(["one", "- item", "a: b", ".. note::\n\n   nested", "::\n\n   sample"]), min_size=1
)


@given(PARAGRAPHS, st.integers(1, 4), st.data())
def test_what_is_around_a_hidden_block_is_kept_line_for_line(paragraphs, length, data):
    place = data.draw(st.integers(0, len(paragraphs)))
    visible = "\n\n".join(paragraphs).split("\n")
    before = "\n\n".join(paragraphs[:place]).split("\n") if place else []
    hidden = [".. internal-only::", *(["", "   secret"] * length)]
    written = [*before, *([""] if before else []), *hidden, "", *"\n\n".join(paragraphs[place:]).split("\n")]
    found = [line for line in without_hidden(written, LEADERSHIP, "", None)[0] if line]
    assert found == [line for line in visible if line]


def test_a_block_for_the_edition_is_kept():
    text = ".. audience:: leadership\n\n   shown"
    assert kept(text) == text.split("\n")
    assert kept(text, PUBLIC) == []


def test_a_block_for_nobody_is_cut():
    assert kept(".. audience::\n\n   secret") == []
    assert kept(".. audience:: nobody\n\n   secret") == []


def test_the_notice_stands_in_place_of_a_block_without_a_summary():
    assert kept("   .. internal-only::\n\n      secret", notice="Left out.") == ["   Left out."]


def test_a_directive_of_ours_with_a_marking_is_cut():
    assert kept(".. root-cause::\n   :audience: internal\n\n   secret\n\nafter") == ["", "after"]


@pytest.mark.parametrize(
    "text",
    [
        "x\n\n.. internal-only:\n\n   secret",
        "| Time | Audience |\n|--|--|\n| x | internal |",
        ".. timeline::\n   :internal-columns: Notes\n\n   secret",
        "{internal-only}",
    ],
)
def test_what_cannot_be_cut_is_refused(text):
    assert mentions_marking(text)
    with pytest.raises(HiddenPartError):
        kept(text)


def test_a_sample_is_kept():
    text = ".. code-block:: rst\n\n   .. internal-only::\n\n      sample"
    assert kept(text) == text.split("\n")


def test_a_text_without_markings_mentions_none():
    assert not mentions_marking("The audience likes the internal part.\n\n| a | b |\n|--|--|\n")
