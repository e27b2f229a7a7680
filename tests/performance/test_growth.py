"""Checks and the gate take no more steps for each line of a long text than for each of a short one."""

from __future__ import annotations

import pytest

from benchmarks.growth import SHAPES, WORKS, exponent
from sphinx_postmortem.sphinx_ext.directives.options import line_of_option


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("shape", SHAPES)
def test_steps_grow_with_the_text(shape: str, work: str) -> None:
    # 1 is linear; of short texts, those for which few lines are quadratic have 1.3.
    assert exponent(WORKS[work], SHAPES[shape], 60) < 1.2


def test_steps_to_the_lines_of_all_options_grow_with_their_number() -> None:
    def find_lines(text: str) -> None:
        for number in range(text.count("\n") - 1):
            assert line_of_option(text, f"x{number}") == number + 1

    def of_options(count: int) -> str:
        return ":::{incident-summary}\n" + "".join(f":x{number}: y\n" for number in range(count))

    assert exponent(find_lines, of_options, 60) < 1.2
