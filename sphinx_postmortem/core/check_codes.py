"""Which checks there are, and which module of ``core/checks`` declares each: read from the sources of the rules.

A site that names checks in ``postmortem_checks`` would otherwise load all rules whenever its settings are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code

_RULES = Path(__file__).parent / "checks"
_DECLARATION = expression(rb'(?:site_|after_|ticket_)?check\(\s*(?:Code\.(\w+)|"([\w-]+)")')


@cache
def check_codes() -> Mapping[str, str]:
    """Return the code of every check with the name of the module that declares it, by module."""
    found: dict[str, str] = {}
    for file in sorted(_RULES.glob("*.py")):
        for decorated in file.read_bytes().split(b"\n@")[1:]:  # cheaper than to try each line
            if match := _DECLARATION.match(decorated):
                found[Code[match[1].decode()].value if match[1] else match[2].decode()] = file.stem
    return found
