"""Which incidents resemble one another, and why; and how many similar ones a list shows."""

from __future__ import annotations

MOST_SIMILAR = 3
LARGEST_LIMIT = 10
