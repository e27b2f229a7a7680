"""Ids that others give to weaknesses, attacks and countermeasures: how they are written, and where each is described.

CVE: https://www.cve.org, CWE: https://cwe.mitre.org, CAPEC: https://capec.mitre.org, D3FEND: https://d3fend.mitre.org.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_D3FEND = "https://d3fend.mitre.org/"
_D3FEND_NAMES = Path(__file__).with_name("d3fend.tsv")


@dataclass(frozen=True)
class IdKind:
    """A kind of id: how one is written, an example, and how its page is found.

    ``prefix`` is that of an id, which authors may leave out; empty where there is none.
    """

    prefix: str
    pattern: re.Pattern[str]
    example: str
    url: Callable[[str], str]

    def read(self, written: str) -> str:
        """Return the id in the spelling of those who give it; empty where the text is none."""
        text = written.strip()
        if not self.prefix:
            return text if self.pattern.fullmatch(text) else ""
        bare = text.upper().removeprefix(self.prefix).lstrip("- ")
        return f"{self.prefix}-{bare}" if self.pattern.fullmatch(bare) else ""


@cache
def _d3fend_names() -> Mapping[str, str]:
    lines = _D3FEND_NAMES.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def _d3fend_url(known: str) -> str:
    """Return a countermeasure's page, which its site finds by its name; for an id without known name, the site."""
    name = _d3fend_names().get(known, "") if known.startswith("D3-") else known.removeprefix("d3f:")
    return f"{_D3FEND}technique/d3f:{name}/" if name else _D3FEND


def _definition(site: str) -> Callable[[str], str]:
    return lambda known: f"https://{site}/data/definitions/{known.partition('-')[2]}.html"


_NUMBER = expression(r"[1-9]\d{0,4}", re.ASCII)
_YEAR_AND_NUMBER = expression(r"(?:1999|2\d{3})-\d{4,19}", re.ASCII)
_ID_OR_NAME = expression(r"D3-[A-Z0-9]{1,12}|(?:d3f:)?[A-Z][A-Za-z0-9-]{2,80}", re.ASCII)
ID_KINDS = {
    "cve": IdKind("CVE", _YEAR_AND_NUMBER, "CVE-2021-44228", lambda known: f"https://www.cve.org/CVERecord?id={known}"),
    "cwe": IdKind("CWE", _NUMBER, "CWE-798", _definition("cwe.mitre.org")),
    "capec": IdKind("CAPEC", _NUMBER, "CAPEC-560", _definition("capec.mitre.org")),
    "d3fend": IdKind("", _ID_OR_NAME, "D3-MFA", _d3fend_url),
}
"""The kinds of ids, by the names of their roles."""
