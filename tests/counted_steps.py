"""The work that something does, as a count: it is the same on each machine, at each hour."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def steps(work: Callable[[str], object], text: str) -> int:
    """Return how many lines of Python run for a text. What traced before goes on afterwards: `make coverage` does."""
    count = 0

    def trace(_frame: FrameType, kind: str, _argument: object):
        nonlocal count
        count += kind == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(text)
    finally:
        sys.settrace(before)
    return count
