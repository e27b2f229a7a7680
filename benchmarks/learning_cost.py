"""What the lists that teach cost: ``python -m benchmarks.learning_cost``.

Their answers (factors that came back, fixes that did not hold, runbooks, trends, similar incidents, review packs) are
computed from seeded incidents in memory, at each of the sizes, in turns. A ratio is the cost of one incident there to
that at the first size, as the median over the rounds: 1 is linear growth. ``--build PAGES`` also builds two sites from
nothing, in turns, that differ in the vocabulary, the tags, the repeats and these lists alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from benchmarks.measure import sphinx
from sphinx_postmortem.core.exports.edition_json import export_edition
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.lists.metrics import ALL_PARTS, MetricsChoice, measure
from sphinx_postmortem.core.lists.query import Facts, Query
from sphinx_postmortem.core.lists.trends import closings, detections, factor_states, open_actions_by_age
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, FACTOR, Action, Incident, PageRecords, Point
from sphinx_postmortem.core.records.runbook_history import RunbookHistory
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.sheets.meeting_pack import agenda_sheet
from sphinx_postmortem.core.similar.similar_incidents import SimilarIncidents

FACTORS = tuple(f"factor-{number}" for number in range(60))
THINGS = ("token", "node", "volume", "queue", "mail", "vault")
WORDS = tuple(f"{thing}{letter}" for thing in THINGS for letter in "abcdefghijkl")
FIRST_DAY, TODAY = date(2010, 1, 1), date(2026, 11, 30)


def knowledge(size: int) -> KnowledgeBase:
    """Return so many seeded incidents, each with two tagged factors, two actions, and sentences of words by lot."""
    lot = random.Random(20)
    pages: dict[str, PageRecords] = {}
    for number in range(size):
        id_, day = f"SEC-{number:05}", FIRST_DAY + timedelta(days=lot.randrange(6000))
        tags, runbook = lot.sample(FACTORS, 2), f"runbooks/book-{lot.randrange(40)}"
        text = " ".join(lot.choices(WORDS, k=30))
        pages[id_] = PageRecords(
            (Incident(id_, id_, f"Case {number}", day, day, "SEV-2", "Security", summary=text, runbooks=(runbook,)),),
            actions=tuple(
                Action(id_, id_, f"A{n}", text[:60], ("sre",), due=day, status=status, factors=(tag,))
                for n, (tag, status) in enumerate(zip(tags, ("done", "open"), strict=True), start=1)
            ),
            points=(
                *(Point(id_, id_, FACTOR, "Monitoring", text[:80], tags=(tag,)) for tag in tags),
                Point(id_, id_, DID_NOT_GO_WELL, "", "The runbook said nothing.", runbooks=(runbook,)),
            ),
        )
    pages |= {f"runbooks/book-{number}": PageRecords(is_runbook=True, title=f"Book {number}") for number in range(40)}
    return KnowledgeBase(pages)


def facts(size: int) -> Facts:
    """Return the facts of fresh records: nothing is kept from an earlier round."""
    return Facts(knowledge(size), TODAY, DEFAULT_DONE_STATUSES, ("SEV-1", "SEV-2"))


def fixes(given: Facts) -> None:
    """Find what came back, and how long it took."""
    for factor in FACTORS:
        given.fixes.gaps(factor)
    assert given.fixes.by_incident


def runbooks(given: Facts) -> None:
    """Find how the runbooks fared."""
    assert RunbookHistory(given.knowledge).uses


def trends(given: Facts) -> None:
    """Compute all trends."""
    periods = measure(MetricsChoice(Query(), "year", ALL_PARTS), given, ()).periods
    assert open_actions_by_age(periods, given)
    for trend in (closings, factor_states, detections):
        trend(periods, given)


def similar(given: Facts) -> None:
    """Find the incidents that resemble each."""
    finder = SimilarIncidents(given.knowledge)
    for incident in given.knowledge.incidents:
        finder.to_incident(incident)


def packs(given: Facts) -> None:
    """Make the review pack of each incident from the published data."""
    data = export_edition(given.knowledge, Publication("internal", "T"))
    for incident in data["incidents"]:
        agenda_sheet(incident, (), {**data, "incidents": [incident]}, Settings())


PARTS: Mapping[str, Callable[[Facts], None]] = {
    "fixes and factors": fixes,
    "runbooks": runbooks,
    "trends": trends,
    "similar incidents": similar,
    "review packs": packs,
}

CONF = """
project = "Learning"
extensions = ["sphinx_postmortem"]
html_theme = "alabaster"
postmortem_today = "2026-11-30"
"""
VOCABULARY = {factor: {"kind": "Monitoring"} for factor in FACTORS}
TEACHES = f"postmortem_related_incidents = True\npostmortem_factors = {VOCABULARY!r}\n"
LISTS = """:::{factor-list}
:layout: details
:::

:::{incident-metrics}
:show: ageing, closing, factors, detection
:::

:::{runbook-list}
:::
"""
INDEX = "# Home\n\n:::{incident-list}\n:::\n\n"
TREE = "```{toctree}\n:glob:\n\npage*\n```\n"
PAGE = """# SEC-{number}: Case {number}

:::{{incident-summary}} SEC-{number}
:date: {day}
:severity: SEV-2
:type: Security
:status: closed
:tlp: AMBER
{repeats}
{text}
:::

:::{{contributing-factors}}
- **Monitoring**{tag}: {text}
:::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status | Addresses |
|---|---|---|---|---|---|---|
| A1 | Mend it | sre | P1 | {day} | done | {against} |

:::
"""


def write_site(folder: Path, pages: int, *, teaches: bool) -> None:
    """Write a site of seeded incidents, with what teaches or without it."""
    lot = random.Random(20)
    folder.mkdir()
    (folder / "conf.py").write_text(CONF + (TEACHES if teaches else ""), encoding="utf-8")
    (folder / "index.md").write_text(INDEX + (LISTS if teaches else "") + "\n" + TREE, encoding="utf-8")
    for number in range(pages):
        day, tag = FIRST_DAY + timedelta(days=lot.randrange(6000)), lot.choice(FACTORS)
        text = " ".join(lot.choices(WORDS, k=30))
        repeats = f":repeats: SEC-{number - 1}\n" if teaches and number % 10 == 1 else ""
        shown = {"tag": f" [{tag}]", "against": tag} if teaches else {"tag": "", "against": "Monitoring"}
        page = PAGE.format(number=number, day=day, text=text, repeats=repeats, **shown)
        (folder / f"page{number:04}.md").write_text(page, encoding="utf-8")


def in_memory(sizes: list[int], rounds: int) -> None:
    """Print a row for each part: milliseconds of CPU for an incident, and the ratio to the first size."""
    cost: dict[tuple[str, int], list[float]] = {(part, size): [] for part in PARTS for size in sizes}
    for compute in PARTS.values():
        compute(facts(20))  # what is made once, such as expressions, is no incident's
    for _ in range(rounds):
        for (part, size), seconds in cost.items():
            given = facts(size)
            start = time.process_time()
            PARTS[part](given)
            seconds.append((time.process_time() - start) / size * 1000)
    print(f"| Part | {' | '.join(f'ms at {size} | ratio' for size in sizes)} |")
    print("|---" * (1 + 2 * len(sizes)) + "|")
    for part in PARTS:
        cells: list[str] = []
        for size in sizes:
            ratios = [a / b for a, b in zip(cost[part, size], cost[part, sizes[0]], strict=True)]
            cells.append(f"{median(cost[part, size]):.3f} | {median(ratios):.2f}")
        print(f"| {part} | {' | '.join(cells)} |")


def builds(pages: int, rounds: int) -> None:
    """Print the cost of a cold build of a site with what teaches, to that of one without."""
    forms = {"without": False, "with": True}
    user: dict[str, list[float]] = {form: [] for form in forms}
    with tempfile.TemporaryDirectory(prefix="postmortem-learning-") as name:
        for form, teaches in forms.items():
            write_site(Path(name, form), pages, teaches=teaches)
        for _ in range(rounds):
            for form in forms:
                user[form].append(sphinx(Path(name, form), Path(name, f"{form}-build"), fresh=True).user)
    ratios = [one / other for one, other in zip(user["with"], user["without"], strict=True)]
    shown = ", ".join(f"{form} {median(seconds):.1f} s" for form, seconds in user.items())
    print(f"\nCold build of {pages} pages: {shown}, ratio {median(ratios):.2f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[400, 8553], help="8,553 is the size of VCDB.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", type=int, default=0, metavar="PAGES")
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {given.rounds} rounds")
    print(f"bytecode caches {'not written' if sys.dont_write_bytecode else 'written'}\n")
    in_memory(given.sizes, given.rounds)
    if given.build:
        builds(given.build, given.rounds)
    print(f"\nload after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
