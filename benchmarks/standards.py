"""What ATT&CK, reporting clocks and VERIS cost a build: ``python -m benchmarks.standards``.

Sites of equal incidents differ in these alone. Their cold builds take turns, so that other work on the machine disturbs
all of a round; a ratio is the median over the rounds of the CPU time in user mode to that of the site without them.
All pages have four clocks and six fields of VERIS, more than real sites have.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.measure import sphinx

CONF = """
project = "Standards"
extensions = ["sphinx_postmortem"]
html_theme = "alabaster"
postmortem_today = "2026-11-30"
"""
INDEX = "# Home\n\n:::{incident-list}\n:::\n\n```{toctree}\n:glob:\n\npage*\n```\n"
PAGE = """# SEC-{number}: Case {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-03-02
:severity: SEV-2
:type: Security
:status: in-review
:tlp: AMBER
{attack}:customer-impact: None.
:operational-impact: None.
:regulatory-impact: None.

A token was stolen in case {number}.
:::

:::{{timeline}}
| Time (UTC) | Event |
|---|---|
{rows}

:::

{clocks}{veris}
"""
MILESTONES = ("Alert detected", "Aware", "Classified as major", "Materiality determined", "Notified: GDPR")
ATTACK = ":attack: T1078.004, T1566\n"
CLOCKS = ":::{reporting-clocks}\n:regimes: gdpr, nis2, dora, sec\n:::\n\n"
VERIS = """:::{veris}
| Field | Value |
|---|---|
| actor.external.variety | Organized crime |
| action.hacking.variety | Use of stolen creds |
| asset.assets | S - Database |
| attribute.confidentiality.data_disclosure | Yes |
| discovery_method.internal.variety | Log review |
| confidence | High |

:::
"""
FORMS = {
    "none": {},
    "ATT&CK": {"attack": ATTACK},
    "clocks": {"clocks": CLOCKS},
    "VERIS": {"veris": VERIS},
    "all": {"attack": ATTACK, "clocks": CLOCKS, "veris": VERIS},
}


def write_site(folder: Path, pages: int, parts: dict[str, str]) -> None:
    """Write a site of so many incidents with some of the parts."""
    folder.mkdir()
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(INDEX, encoding="utf-8")
    rows = "\n".join(f"| 2026-03-02 0{hour}:14 | {event} |" for hour, event in enumerate(MILESTONES, start=1))
    for number in range(pages):
        text = PAGE.format(number=number, rows=rows, **{"attack": "", "clocks": "", "veris": "", **parts})
        (folder / f"page{number:03}.md").write_text(text, encoding="utf-8")


def main() -> None:
    """Print a row for each form of the site."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    user: dict[str, list[float]] = {form: [] for form in FORMS}
    with tempfile.TemporaryDirectory(prefix="postmortem-standards-") as name:
        for form, parts in FORMS.items():
            write_site(Path(name, form), given.pages, parts)
        for _ in range(given.rounds):
            for form in FORMS:
                user[form].append(sphinx(Path(name, form), Path(name, f"{form}-build"), fresh=True).user)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {given.pages} pages")
    print(f"bytecode caches {'not written' if sys.dont_write_bytecode else 'written'}, {given.rounds} rounds\n")
    print("| With | User s | Ratio |\n|---|---|---|")
    for form, seconds in user.items():
        each = [one / without for one, without in zip(seconds, user["none"], strict=True)]
        print(f"| {form} | {median(seconds):.2f} | {median(each):.3f} |")
    print(f"\nload after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
