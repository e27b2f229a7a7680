"""Measures sites with many actions: ``python -m benchmarks.many_actions --sizes 10000 60000``.

A sixth of the actions belong to one incident, the others to incidents of a hundred each; 200 owners have them, half of
whom have a page of their own. Figures are CPU seconds and peak memory of a build from nothing and of the data files
alone, and the largest pages.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import run, sphinx

OWNERS = tuple(f"team-{number:03}" for number in range(200))
WITH_PAGE = OWNERS[:100]
CONF = """extensions = ["sphinx_postmortem"]
project = "Many actions"
html_theme = "alabaster"
html_baseurl = "https://kb.example.com/"
postmortem_today = "2026-06-01"
postmortem_check_builds = "off"
"""
INDEX = """# Home

:::{action-list}
:state: overdue
:limit: 50
:::

:::{action-list}
:::

:::{actions-by-owner}
:overview:
:::

:::{actions-by-owner}
:::

:::{incident-metrics}
:no-chart:
:::

:::{toctree}
incidents/index
:::

:::{toctree}
:glob:

owners/*
:::
"""
NAVIGATION = "# Incidents\n\n:::{incident-navigation}\n:::\n"
OWNER_PAGE = "# Actions of {0}\n\n:::{{actions-by-owner}}\n:owner: {0}\n:::\n"


def write_site(folder: Path, total: int) -> None:
    """Write the sources of a site with so many actions."""
    large = total // 6
    counts = {"SEC-LARGE": large, **{f"SEC-{number}": 100 for number in range((total - large) // 100)}}
    pages = {
        f"incidents/{name.lower()}.md": _incident(name, n, start) for start, (name, n) in enumerate(counts.items())
    }
    pages |= {f"owners/{name}.md": OWNER_PAGE.format(name) for name in WITH_PAGE}
    for name, text in {"conf.py": CONF, "index.md": INDEX, "incidents/index.md": NAVIGATION, **pages}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _incident(name: str, count: int, start: int) -> str:
    rows = "\n".join(
        f"| A{n} | Do thing {n} | {OWNERS[(start + n) % len(OWNERS)]} | P{n % 4} | 2026-{n % 12 + 1:02}-01 "
        f"| {'done' if n % 3 else 'open'} |"
        for n in range(count)
    )
    return (
        f"# {name}: title\n\n:::{{incident-summary}} {name}\n:date: 2026-01-{start % 28 + 1:02}\n"
        f":severity: SEV-{start % 4 + 1}\n\nText.\n:::\n\n:::{{action-table}}\n"
        f"| ID | Action | Owner | Priority | Due date | Status |\n|---|---|---|---|---|---|\n{rows}\n:::\n"
    )


def measure(total: int, folder: Path) -> str:
    """Build a site of this size; return a row of the table."""
    source, build = folder / "source", folder / "build"
    write_site(source, total)
    pages = sphinx(source, build, fresh=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "postmortem-export", "-d", str(build / "doctrees")]
    data = run([*command, str(source), str(build / "data")], build / "data.txt")
    html = build / "html"
    sizes = {path.relative_to(html).as_posix(): path.stat().st_size // 1024 for path in html.rglob("*.html")}
    owner = max(size for name, size in sizes.items() if name.startswith("owners/"))
    exported = sum(path.stat().st_size for path in (build / "data").rglob("*") if path.is_file()) // 1024
    figures = [
        *(f"{total:,}", len(sizes), f"{pages.cpu:.0f}", f"{pages.memory:.0f}", f"{data.cpu:.1f}", f"{data.memory:.0f}"),
        *(sizes["index.html"], owner, sizes["incidents/sec-0.html"], sizes["incidents/sec-large.html"], exported),
    ]
    return "| " + " | ".join(map(str, figures)) + " |"


def main() -> None:
    """Measure all sizes that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 60_000])
    options = parser.parse_args()
    titles = ["Actions", "Pages", "HTML CPU s", "Peak MiB", "Data files CPU s", "Peak MiB"]
    titles += ["Page of all lists KiB", "Owner's page KiB", "100 actions KiB", "Largest incident KiB", "Data files KiB"]
    print("| " + " | ".join(titles) + " |\n|" + "---|" * len(titles))
    for total in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(total, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
