"""Compares our builds with plain tables for several shapes of a site: ``python -m benchmarks.shapes``.

A row for each kind of pages, of list and of theme. ``even`` are pages of one length; ``varied`` come from another
generator: prose, code and lists, 3 to 40 rows, and each page stands in every edition. Builds of both forms take turns,
and each ratio is one of medians. Ratios are of CPU time, but of wall time for ``-j 2`` and the three editions.
The commands, the checks and ``-j 2`` (``--all``) are measured for the first size, theme and list alone: they take
most of the time.
``--write`` puts the table into the documentation.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from statistics import median

from benchmarks.audit_speed import seconds_within_build
from benchmarks.check_speed import check_all, read_phase
from benchmarks.content import make_incidents
from benchmarks.measure import Cost, middle, run, sphinx
from benchmarks.run import RESULTS, Bench
from benchmarks.varied_content import make_varied

CONTENTS = {"even": make_incidents, "varied": make_varied}
COMMAND = (sys.executable, "-m", "sphinx_postmortem.cli")
COLUMNS = (
    ("Cold, against plain", "≤ 1.0"),
    ("No change, against plain", "≤ 1.2"),
    ("One-page edit, against plain", "≤ 1.2"),
    ("Checks, of the read phase", "≤ 0.1"),
    ("Three editions by `build`, of one by one process: wall (of one by all processors; CPU)", "≤ 2.5"),
    ("Audit, of the build", "≤ 0.05"),
    ("`-j 2`, of serial, wall: ours (plain)", "not worse"),
)
SUMMARY = re.compile(r"(?<=<!-- shapes: begin -->\n).*(?=<!-- shapes: end -->)", re.DOTALL)


@contextmanager
def quiet() -> Generator[None]:
    """Print nothing meanwhile."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        said, sys.stdout = sys.stdout, nowhere
        try:
            yield
        finally:
            sys.stdout = said


def checks_share(source: Path, repeats: int) -> float:
    """Return what the checks cost, as a share of the read phase without them."""
    build = source.with_name("read")
    reading = [read_phase(source, build / str(number)) for number in range(repeats)]
    return median(check_all(source) for _ in range(repeats)) / median(reading)


def commands(source: Path, repeats: int) -> tuple[str, str]:
    """Return the cells for three editions against one, and for the audit of one against its build.

    One edition is built by one process, and by as many as there are processors: three are built side by side, each by
    one process.
    """
    out, log = source.with_name("out"), source.with_name("commands.log")
    internal = ("--edition", "internal")
    costs: dict[tuple[str, ...], list[Cost]] = {(*internal, "-j", "1"): [], internal: [], (): []}
    audits: list[float] = []
    for _ in range(repeats):
        for chosen, found in costs.items():
            shutil.rmtree(out, ignore_errors=True)
            found.append(run([*COMMAND, "build", str(source), str(out), *chosen], log))
        audits.append(seconds_within_build(source, out / "leadership"))
    serial, single, three = map(middle, costs.values())
    editions = f"{three.wall / serial.wall:.2f} ({three.wall / single.wall:.2f}; {three.cpu / serial.cpu:.2f})"
    return editions, f"{median(audits) / serial.cpu:.3f}"


def two_processes(bench: Bench) -> str:
    """Return the cell for builds with two processes against serial ones, in wall time: ours, and plain."""
    found: dict[str, list[Cost]] = {"ours": [], "plain": []}
    for form, costs in list(found.items()) * bench.repeats:
        source = bench.source(form)
        costs.append(sphinx(source, source.with_name(f"{form}-two"), "-j", "2", fresh=True))
    ours, plain = (middle(costs).wall / middle(bench.costs[form, "cold"]).wall for form, costs in found.items())
    return f"{ours:.2f} ({plain:.2f})"


def row(bench: Bench, *, all_steps: bool) -> list[str]:
    """Measure one shape; return its cells."""
    with quiet():
        bench.cold_warm_edit(("ours", "plain"))
    ratios = [bench.ratio(("ours", step), ("plain", step)) or 0.0 for step in ("cold", "warm", "edit")]
    cells = [f"{ratio:.2f}" for ratio in ratios]
    if all_steps:
        source = bench.source("ours")
        cells += [f"{checks_share(source, bench.repeats):.3f}", *commands(source, bench.repeats), two_processes(bench)]
    return cells


def heading(given: argparse.Namespace) -> list[str]:
    """Return the lines above the rows: the machine and the command, the columns, and what is aimed at."""
    cached = "not written" if sys.dont_write_bytecode else "written"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    columns = COLUMNS if given.all else COLUMNS[:3]
    load = f"medians of {given.repeats}, load {os.getloadavg()[0]:.1f} before"
    return [
        f"{datetime.now(tz=UTC):%Y-%m-%d}, {machine}, bytecode caches {cached}, {load}:\n",
        f"| Pages | Listed | Theme | {' | '.join(name for name, _ in columns)} |",
        "|---" * (len(columns) + 3) + "|",
        f"| *Target* | | | {' | '.join(target for _, target in columns)} |",
    ]


def main() -> None:
    """Print a row for each kind of content, of list and of theme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[100])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--themes", nargs="+", default=["alabaster", "furo"])
    parser.add_argument("--contents", nargs="+", choices=CONTENTS, default=list(CONTENTS))
    parser.add_argument("--lists", nargs="+", choices=("flat", "deep"), default=["flat", "deep"])
    parser.add_argument("--all", action="store_true", help="the commands, the checks and `-j 2` too")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    given = parser.parse_args()
    lines = heading(given)
    print("\n".join(lines), flush=True)
    first = (given.pages[0], given.themes[0], given.lists[0])
    for pages, theme, content, listed in product(given.pages, given.themes, given.contents, given.lists):
        with tempfile.TemporaryDirectory(prefix="postmortem-shapes-") as folder:
            incidents = CONTENTS[content](pages)
            bench = Bench(Path(folder), incidents, theme, given.repeats, content, one_list=listed == "flat")
            cells = row(bench, all_steps=given.all and (pages, theme, listed) == first)
        if given.all:
            cells += [""] * (len(COLUMNS) - len(cells))
        lines.append(f"| {pages} {content} | {listed} | {theme} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    lines.append(f"\nLoad {os.getloadavg()[0]:.1f} after.\n")
    print(lines[-1])
    if given.write:
        page = RESULTS.read_text(encoding="utf-8")
        RESULTS.write_text(SUMMARY.sub(lambda _: "\n".join(lines), page), encoding="utf-8")


if __name__ == "__main__":
    main()
