"""A site with hidden content of every kind, its full edition, and a shortcut to the audit."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.cli.audit import audit_folder
from sphinx_postmortem.cli.site import make_site
from sphinx_postmortem.sphinx_ext.describe import describe
from tests.conftest import CONF as SITE_CONF
from tests.conftest import Site

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
CONF = """
postmortem_audience_paths = {"vault": "internal"}
html_static_path = ["vault/assets", "assets"]
exclude_patterns = ["assets"]
"""
INDEX = """---
reviewer: avocetnote
orphan: true
---
# SEC-1: Registry outage

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-2

Uploads failed for one morning.
:::

:::{timeline}
:internal-columns: Remarks
| Time (UTC) | Event | Remarks | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | gannetcolumn | |
| 2026-03-02 01:31 | Alert validated by plovershift | x | internal |
:::

::::{internal-only}
:summary: Details are withheld.

## Heronheading

The bastion ternhost-9.corp answered from 198.51.100.23.
Nobody there had seen such a thing.

![diagram](images/ospreymap.png)
{download}`log <files/kestrellog.txt>`
::::

% curlewcomment

Compare [](siskinplan.md), {doc}`siskinplan`, {incident}`SEC-2026-77`, and ![the picture](vault/shrikemap.png), and
{download}`the file <vault/wrenfile.txt>`.

```{toctree}
siskinplan
open
```
"""
FILES = {
    "index.md": INDEX,
    "open.rst": "Open page\n=========\n\nAll may read this.\n\n.. internal-only::\n\n   Dunlinparagraph.\n\nThe end.\n",
    "siskinplan.md": "---\naudience: internal\n---\n# SEC-2026-77: Lapwingtitle\n\n:::{incident-summary} SEC-2026-77\nPipitsummary.\n:::\n",
    "vault/wrenfile.txt": "wrencontent",
    "vault/assets/snipe.css": "/* snipestyle */",
    "assets/open.css": "/* free */",
    "files/kestrellog.txt": "kestrelline 17",
}
SETTINGS = {"html_css_files": []}


class AuditedSite:
    """A source folder, and what the audit says of builds of it."""

    def __init__(self, site) -> None:
        self.site = site
        self.source: Path = site.source
        self._full: dict[str, Path] = {}

    def build(self, edition: str = "leadership", builder: str = "html", **settings: object) -> Path:
        return self.site.build(edition, builder, warnings=True, **settings).outdir

    def full(self, builder: str = "html") -> Path:
        """Build the full edition, once for each builder."""
        if builder not in self._full:
            self._full[builder] = self.build("internal", builder)
        return self._full[builder]

    def audit(self, folder: Path, edition: str = "leadership"):
        return audit_folder(make_site(self.source, describe(self.source)), folder, edition)


def with_pictures(made: Site) -> AuditedSite:
    (made.source / "images").mkdir()
    (made.source / "images/ospreymap.png").write_bytes(PIXEL + b"1")
    (made.source / "vault/shrikemap.png").write_bytes(PIXEL + b"2")
    return AuditedSite(made)


@pytest.fixture
def audited(site) -> AuditedSite:
    return with_pictures(site(FILES, CONF))


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> tuple[AuditedSite, Path]:
    """A site for all tests of a module, and its leadership edition; nobody writes to either."""
    source = tmp_path_factory.mktemp("shared") / "source"
    source.mkdir()
    made = with_pictures(Site(source).write({"conf.py": SITE_CONF + CONF, **FILES}))
    return made, made.build()
