"""Sites whose data files are looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Site

PAGE = """# SEC-1: Stolen token

:::{incident-summary} SEC-1
:date: 2026-03-02 to 2026-03-04
:severity: SEV-1
:type: Security
:status: closed
:tlp: AMBER
:tlp-public: CLEAR
:customer-impact: None *at all*.
:regulatory-impact: A notice.

What happened.
:::

:::{timeline}
| Time (UTC) | Event | Audience |
|--|--|--|
| 2026-03-02 01:14 | Alert detected | |
| 2026-03-02T03:31:07+02:00 | Alert validated | |
| unknown | Zqcanary left | internal |
:::

:::{affected-assets}
- **Service**: registry
:::

:::{contributing-factors}
- **Monitoring**: no comparison
:::

## What went well

- Quick alert

## What did not go well

- Slow call

## Key takeaways

- Compare uploads

:::{action-table}
| ID | Action | Owner | Priority | Due date | Status | Ticket | Audience |
|----|--------|-------|----------|----------|--------|--------|----------|
| A1 | Compare, with tags; then tell | appsec | P1 | 2026-03-20 | open | T-1 | |
| A2 | Rotate | appsec, ops | P2 | 2026-03-21 | done | T-2 | |
| A3 | Ask zqcanary | zqcanary | P2 | 2026-03-22 | open | zqcanary | internal |
:::
"""
LOOSE = """# Loose

:::{action-table}
| ID | Action | Owner | Due date |
|----|--------|-------|----------|
| L1 | Somewhere | 運用チーム | 2026-05-01 |
:::

:::{contributing-factors}
- **Process**: nobody asked
:::
"""
FILES = {
    "index.md": "# Home\n\n```{toctree}\nincidents/sec-1\nloose\n```\n",
    "incidents/sec-1.md": PAGE,
    "loose.md": LOOSE,
}
CONF = """
project = "Registry"
author = "The team"
html_baseurl = "https://kb.example.com/reg"
postmortem_owners = {"appsec": {"name": "Application security", "team": "Security", "contact": "a@example.com"}}
suppress_warnings = ["postmortem.summary-missing"]
"""


@pytest.fixture
def exported(site: Callable[..., Site]) -> Callable[..., Path]:
    """Return a function that makes the data files of an edition, and returns their folder."""
    made: list[Site] = []

    def export(edition: str = "internal", files: dict[str, str] = FILES, conf: str = CONF, **settings: object) -> Path:
        if not made:
            made.append(site(files, conf))
        return made[0].build(edition, "postmortem-export", **settings).outdir

    return export
