"""The how-to guide, followed with real sites."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Site
from tests.federation.conftest import incident

GUIDE = (Path(__file__).parents[2] / "docs/how-to/federation.md").read_text("utf-8")


def snippets(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_runbook_project_of_the_guide(site: Callable[..., Site]):
    rows = "| A1 | Scan | detection-eng | | open | |"
    kb = site({"index.md": incident("SEC-2026-014", rows) + "\n:::{actions-by-owner}\n:::\n"}).build()
    (links,) = snippets("none")
    runbooks = site({"index.md": f"# Runbook\n\n{links}"}, snippets("python")[0], "runbooks")
    (runbooks.source / "inventories").mkdir()
    shutil.copy(kb.outdir / "objects.inv", runbooks.source / "inventories/kb.inv")
    page = runbooks.build().read("index.html")
    for anchor in ("pm-incident-sec-2026-014", "pm-action-sec-2026-014-a1", "pm-owner-detection-eng"):
        assert f'href="https://kb.example.com/internal/html/index.html#{anchor}"' in page


def test_the_hub_of_the_guide(site: Callable[..., Site], tmp_path: Path):
    hub = site({"index.md": "# Hub\n\n:::{incident-list}\n:::\n"}, snippets("python")[1], "hub")
    (hub.source / "other-sites").mkdir()
    for number, (name, url) in enumerate({"payments": "", "identity": "https://idp.example.com/"}.items(), 1):
        other = site({"index.md": incident(f"X-{number}", "| A1 | Do | team | | open | |")}, "", name)
        built = other.build("leadership", "postmortem-export", html_baseurl=url)
        data = (built.outdir / "postmortems.json").read_bytes()
        (hub.source / f"other-sites/{name}-leadership.json").write_bytes(data)
    page = hub.build("leadership").read("index.html")
    assert 'href="https://pay.example.com/leadership/html/index.html#pm-incident-x-1"' in page
    assert 'href="https://idp.example.com/index.html#pm-incident-x-2"' in page
    assert "(Payments)" in page
