"""Which checks there are, and which module of ``core/checks`` declares each.

Read is ``check_modules.json``, which ``tools/parsed_tables.py`` makes of the sources of the rules. A site that names
checks in ``postmortem_checks`` would otherwise load all rules whenever its settings are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def check_codes() -> Mapping[str, str]:
    """Return the code of every check with the name of the module that declares it, by module."""
    found: dict[str, str] = json.loads(Path(__file__).with_name("check_modules.json").read_bytes())
    return found
