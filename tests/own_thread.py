"""Code that runs an event loop: browser tests of the same process may have one running in the main thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(run: Callable[[], T]) -> T:
    """Return what a function gives that is called in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(run).result()
