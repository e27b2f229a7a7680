"""Writes the product's tables in TOML, and that of its checks, as JSON, which a build reads in a fiftieth of the time.

Usage::

    python -m tools.parsed_tables      # after a table was changed, or a check declared
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from sphinx_postmortem.core.problems import Code

CORE = Path(__file__).parent.parent / "sphinx_postmortem" / "core"
TABLES = (CORE / "language" / "names.toml", CORE / "clocks" / "clock_rules.toml")
"""The tables; the JSON of each stands beside it."""

CHECKS = CORE / "check_modules.json"
"""Which module declares each check; made of the sources of the rules."""

_DECLARATION = re.compile(r'^@(?:site_|after_|ticket_)?check\(\s*(?:Code\.(\w+)|"([\w-]+)")', re.MULTILINE)


def as_json(table: Path) -> str:
    """Return a table as JSON, with days and times as texts."""
    found = tomllib.loads(table.read_text("utf-8"))
    return json.dumps(found, ensure_ascii=False, indent=0, default=lambda value: value.isoformat()) + "\n"


def checks_as_json() -> str:
    """Return the code of every check with the name of the module that declares it."""
    found: dict[str, str] = {}
    for file in sorted((CORE / "checks").glob("*.py")):
        for shared, own in _DECLARATION.findall(file.read_text("utf-8")):
            found[Code[shared].value if shared else own] = file.stem
    return json.dumps(found, indent=0) + "\n"


def main() -> None:
    """Write the JSON of each table."""
    CHECKS.write_text(checks_as_json(), "utf-8", newline="\n")
    for table in TABLES:
        table.with_suffix(".json").write_text(as_json(table), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
