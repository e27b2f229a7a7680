"""Writes the product's tables in TOML as JSON, which a build reads in a fiftieth of the time.

Usage::

    python -m tools.parsed_tables      # after a table was changed
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

CORE = Path(__file__).parent.parent / "sphinx_postmortem" / "core"
TABLES = (CORE / "language" / "names.toml", CORE / "clocks" / "clock_rules.toml")
"""The tables; the JSON of each stands beside it."""


def as_json(table: Path) -> str:
    """Return a table as JSON, with days and times as texts."""
    found = tomllib.loads(table.read_text("utf-8"))
    return json.dumps(found, ensure_ascii=False, indent=0, default=lambda value: value.isoformat()) + "\n"


def main() -> None:
    """Write the JSON of each table."""
    for table in TABLES:
        table.with_suffix(".json").write_text(as_json(table), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
