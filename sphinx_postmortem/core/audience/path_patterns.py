"""Patterns for paths, as the settings and commands that name files and folders take them."""

from __future__ import annotations

import re


def matches(pattern: str, path: str) -> bool:
    """Say whether a pattern (``*`` within a folder, ``**`` across folders) matches a path or a folder above it."""
    parts = re.split(r"(\*\*|\*|\?|\[[^\]]*\])", pattern.replace("\\", "/").removeprefix("./").strip("/"))
    translated = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    expression = "".join(
        translated.get(part) or (part.replace("[!", "[^") if part.startswith("[") else re.escape(part))
        for part in parts
    )
    return re.fullmatch(rf"{expression}(/.*)?", path) is not None
