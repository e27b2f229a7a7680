"""The audit's own reader of a column's title: what stands in brackets does not count, however long the title is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.audit.marks import title_key


@given(st.text("([)]*_`a- ", max_size=30))
def test_the_first_closing_bracket_ends_what_is_left_out(title: str) -> None:
    bare = re.sub(r"[*_`]|\([^)]*\)|\[[^\]]*\]", "", title)
    assert title_key(title) == " ".join(bare.replace("-", " ").split())


@pytest.mark.parametrize("sign", ["(", "[", "([", "*(", "a ["])
def test_a_million_brackets_that_are_never_closed_are_read_at_once(sign: str) -> None:
    title = sign * (1_000_000 // len(sign))
    assert title_key(title) == " ".join(title.replace("*", "").split())
