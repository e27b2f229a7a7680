"""The lines of a TOML file on which tables and their keys stand, for messages."""

from __future__ import annotations

import re


def line_in_toml(text: str, table: str, key: str = "") -> int:
    """Return the 1-based line of a key of a table, of the table when there is no such line, else 0."""

    def names(word: str) -> str:
        return rf"""["']?{re.escape(word)}["']?"""

    begins_table = re.compile(rf"\s*(?:\[\s*{names(table)}\s*\]|{names(table)}\s*=)")
    begins_key = re.compile(rf"\s*{names(key)}\s*=")
    found = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if begins_table.match(line):
            found = number
        elif found and line.lstrip().startswith("["):
            break
        elif found and key and begins_key.match(line):
            return number
    return found
