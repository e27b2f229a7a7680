"""Checks and the gate take no more steps for each line of a long text than for each of a short one."""

from __future__ import annotations

import pytest

from benchmarks.growth import SHAPES, WORKS, exponent


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("shape", SHAPES)
def test_steps_grow_with_the_text(shape: str, work: str) -> None:
    assert (
        exponent(WORKS[work], SHAPES[shape], 60) < 1.2
    )  # 1 is linear; where few lines are quadratic, short texts have 1.3
