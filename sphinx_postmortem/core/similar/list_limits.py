"""How many similar incidents a list shows."""

from __future__ import annotations

MOST_SIMILAR = 3
LARGEST_LIMIT = 10
