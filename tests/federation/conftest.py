"""Three sites: two that publish their data, and one that takes it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CONF, Site


def incident(incident_id: str, rows: str, *, title: str = "", day: str = "2026-03-02") -> str:
    return f"""# {title or f"Incident {incident_id}"}

:::{{incident-summary}} {incident_id}
:date: {day}
:severity: SEV-1
:type: Security
:status: closed

What happened in {incident_id}.
:::

:::{{timeline}}
| Time (UTC) | Event |
|--|--|
| {day} 01:00 | Alert detected |
| {day} 02:00 | Containment executed |
:::

:::{{action-table}}
| ID | Action | Owner | Due date | Status | Audience |
|----|--------|-------|----------|--------|----------|
{rows}
:::
"""


PAYMENTS = {
    "index.md": "# Payments\n\n```{toctree}\nincidents/pay-1\n```\n",
    "incidents/pay-1.md": incident(
        "PAY-1",
        "| A1 | Pin the client | appsec | 2026-05-01 | open | |\n| A2 | Zqcanary | zqcanary | 2026-05-02 | open | internal |",
        title="Card data in a log",
    ),
}
IDENTITY = {"index.md": incident("IDP-7", "| A1 | Rotate keys | appsec, idp | 2026-04-01 | done | |", day="2026-02-01")}
HUB = {
    "index.md": "# Hub\n\n```{toctree}\nown\nlists\n```\n",
    "own.md": incident("HUB-1", "| A1 | Ask others | appsec | 2026-06-01 | open | |") + "\nAs in {incident}`PAY-1`.\n",
    "lists.md": "# Lists\n\n:::{incident-list}\n:::\n\n:::{action-list}\n:::\n\n:::{actions-by-owner}\n:::\n\n"
    ":::{actions-by-owner}\n:overview:\n:::\n",
}
# Names are shown in every edition: what becomes of them in public is another matter.
NAMES = "postmortem_pseudonym_audiences = []\n"
HUB_CONF = """
postmortem_today = "2026-05-20"
postmortem_owners = {"appsec": {"name": "Application security"}}
postmortem_sources = {
    "Payments": {"file": "../data/payments-{edition}.json", "url": "https://pay.example.com/{edition}/"},
    "Identity": {"file": "../data/identity-{edition}.json"},
}
"""
OTHER_CONF = """
postmortem_owners = {"idp": {"name": "Identity platform", "team": "Core"}}
html_baseurl = "https://idp.example.com"
"""


@pytest.fixture(scope="session")
def data_of_others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the data of the two other sites for each edition, made once."""
    folder = tmp_path_factory.mktemp("others")
    for name, files in (("payments", PAYMENTS), ("identity", IDENTITY)):
        source = folder / name / "source"
        source.mkdir(parents=True)
        other = Site(source).write({"conf.py": CONF + OTHER_CONF + NAMES, **files})
        for edition in ("internal", "leadership", "public"):
            built = other.build(
                edition,
                "postmortem-export",
                postmortem_export_formats=["json"],
                postmortem_export_pages="dirhtml" if name == "payments" else "html",
            )
            data = folder / "data" / f"{name}-{edition}.json"
            data.parent.mkdir(exist_ok=True)
            data.write_bytes((built.outdir / "postmortems.json").read_bytes())
    return folder / "data"


@pytest.fixture
def hub(site: Callable[..., Site], tmp_path: Path, data_of_others: Path) -> Site:
    """The third site, with the data of the two others for each edition beside it."""
    shutil.copytree(data_of_others, tmp_path / "hub/data")
    return site(HUB, HUB_CONF + NAMES, "hub")
