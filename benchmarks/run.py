"""Measures builds side by side and writes the results table: ``python -m benchmarks.run --help``.

Builds of the compared forms take turns, and figures are medians of CPU time (user and system, with all child
processes): other work on the machine disturbs wall time far more.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path

from benchmarks.content import Incident, make_incidents
from benchmarks.forms import write_project
from benchmarks.measure import Cost, middle, run, sphinx
from benchmarks.vcdb import load_incidents

RESULTS = Path(__file__).parent.parent / "docs" / "benchmarks.md"
MARK = "<!-- results: written by `make bench` -->"
_SHORT = 5  # short builds for each one from nothing
FURTHER = (
    ("benchmarks.check_speed", "200"),
    ("benchmarks.audit_speed", "400", "alabaster"),
    ("benchmarks.audit_speed", "400", "furo"),
    ("benchmarks.pdf_speed", "--pages", "24"),
    ("benchmarks.parts", "--sizes", "400"),
)


@dataclass
class Bench:
    """Builds of one knowledge base in several forms, and their costs by (form, step)."""

    folder: Path
    incidents: list[Incident]
    theme: str
    repeats: int
    content: str = "even"
    one_list: bool = False
    costs: dict[tuple[str, str], list[Cost]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of incidents."""
        return len(self.incidents)

    @property
    def name(self) -> str:
        """The kind of pages, and how they are listed."""
        return f"{self.content}, {'one list' if self.one_list else 'by year'}"

    def source(self, form: str) -> Path:
        """Return a form's source folder, written when it is first asked for."""
        source = self.folder / f"{self.theme}-{self.size}-{self.name}" / form
        if not source.exists():
            write_project(source, form, self.incidents, self.theme, one_list=self.one_list)
        return source

    def note(self, form: str, step: str, cost: Cost) -> None:
        """Keep one figure, and say it."""
        self.costs.setdefault((form, step), []).append(cost)
        wall = f"wall {cost.wall:6.1f} s, {cost.memory:5.0f} MiB"
        print(f"{self.theme:9} {self.size:5} {form:5} {step:10} {cost.cpu:7.1f} s CPU, {wall}", flush=True)

    def cold_warm_edit(self, forms: tuple[str, ...]) -> None:
        """Build each form from nothing, then several times without change and after an edit of one page.

        These builds are short, and vary much.
        """
        for _ in range(self.repeats):
            for form in forms:
                source = self.source(form)
                build = source.with_name(f"{form}-build")
                self.note(form, "cold", sphinx(source, build, fresh=True))
            for form in forms * _SHORT:
                source = self.source(form)
                build = source.with_name(f"{form}-build")
                self.note(form, "warm", sphinx(source, build, fresh=False))
                edit_a_page(source)
                self.note(form, "edit", sphinx(source, build, fresh=False))

    def more(self) -> None:
        """Build our form in the leadership edition and with two processes, and the plain form with two."""
        for _ in range(self.repeats):
            ours, plain = self.source("ours"), self.source("plain")
            arguments = ("-D", "postmortem_audience=leadership")
            self.note("ours", "leadership", sphinx(ours, ours.with_name("leadership"), *arguments, fresh=True))
            self.note("ours", "-j 2", sphinx(ours, ours.with_name("two"), "-j", "2", fresh=True))
            self.note("plain", "-j 2", sphinx(plain, plain.with_name("two"), "-j", "2", fresh=True))

    def cpu(self, form: str, step: str) -> float:
        """Return the median CPU time."""
        return middle(self.costs[form, step]).cpu

    def machine_was_busy(self, step: tuple[str, str]) -> bool:
        """Say whether a serial build had to wait for other work, so that wall times mean nothing."""
        cost = middle(self.costs[step])
        return cost.wall > 1.2 * cost.cpu

    def ratio(self, over: tuple[str, str], under: tuple[str, str], what: str = "cpu") -> float | None:
        """Return the ratio of two medians; None when one was not measured."""
        if over not in self.costs or under not in self.costs:
            return None
        return float(getattr(middle(self.costs[over]), what) / getattr(middle(self.costs[under]), what))


def edit_a_page(source: Path) -> None:
    """Change words of the first page, and add a sentence."""
    page = next(path for path in sorted(source.glob("*/*")) if path.stem != "index")
    page.write_text(page.read_text(encoding="utf-8").replace("accepted", "took"), encoding="utf-8")
    with page.open("a", encoding="utf-8") as end:
        end.write("\nOne more sentence.\n")


TARGETS: tuple[tuple[str, tuple[str, str], tuple[str, str], str, float], ...] = (
    ("cold HTML against plain tables", ("ours", "cold"), ("plain", "cold"), "cpu", 1.0),
    ("cold HTML against sphinx-needs", ("ours", "cold"), ("needs", "cold"), "cpu", 0.4),
    ("reStructuredText against Markdown, ours", ("rst", "cold"), ("ours", "cold"), "cpu", 0.0),
    ("no change against plain tables", ("ours", "warm"), ("plain", "warm"), "cpu", 0.0),
    ("one-page edit against plain tables", ("ours", "edit"), ("plain", "edit"), "cpu", 1.1),
    ("peak memory against plain tables", ("ours", "cold"), ("plain", "cold"), "memory", 1.05),
    ("leadership edition against internal", ("ours", "leadership"), ("ours", "cold"), "cpu", 1.0),
    ("`audit` of an edition against its build", ("ours", "audit"), ("ours", "leadership"), "cpu", 0.05),
    ("`check` against a cold build", ("ours", "check"), ("ours", "cold"), "cpu", 0.0),
    (
        "`build` of three editions, audited, against one plain build",
        ("ours", "editions"),
        ("plain", "cold"),
        "cpu",
        3.0,
    ),
    ("`-j 2` against serial, wall time", ("ours", "-j 2"), ("ours", "cold"), "wall", 0.65),
)


def report(benches: list[Bench]) -> str:
    """Return the results as Markdown."""
    names = ("sphinx", "myst-parser", "furo", "sphinx-needs")
    tools = ", ".join(f"{name} {version(name)}" for name in names)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [f"{datetime.now(tz=UTC):%Y-%m-%d}, {machine}, {tools}.", ""]
    lines += ["Medians of each step:", "", "<!-- postmortem: no-marking --> <!-- a step is named after an edition -->"]
    lines += ["| Theme | Pages | Form | Step | Runs | CPU s | ms a page | Wall s | Peak MiB |", "|---" * 9 + "|"]
    for bench in benches:
        for (form, step), costs in bench.costs.items():
            mid = middle(costs)
            each = f"{1000 * mid.cpu / bench.size:.0f} | {mid.wall:.1f} | {mid.memory:.0f}"
            lines.append(f"| {bench.theme} | {bench.size} | {form} | {step} | {len(costs)} | {mid.cpu:.1f} | {each} |")
    lines += ["", "Ratios within one run:", "", "| Theme | Pages | Ratio | Target | Measured |", "|---" * 5 + "|"]
    for bench in benches:
        for name, over, under, what, target in TARGETS:
            value = bench.ratio(over, under, what)
            if value is not None and what == "wall" and bench.machine_was_busy(under):
                lines.append(f"| {bench.theme} | {bench.size} | {name} | ≤ {target} | not measured: machine busy |")
            elif value is not None:
                wanted = f"≤ {target}" if target else ""
                lines.append(f"| {bench.theme} | {bench.size} | {name} | {wanted} | {value:.2f} |")
    return "\n".join([*lines, *_growth(benches)]) + "\n"


def _growth(benches: list[Bench]) -> Iterator[str]:
    """Yield how the cost of a page grows from 400 pages on, for each theme and form."""
    for theme, form in product(dict.fromkeys(bench.theme for bench in benches), ("ours", "flat")):
        measured = [bench for bench in benches if bench.theme == theme and (form, "cold") in bench.costs]
        base = next((bench for bench in measured if bench.size == 400), None)
        for bench in measured:
            if base is not None and bench.size > 400:
                growth = (bench.cpu(form, "cold") / bench.size) / (base.cpu(form, "cold") / base.size)
                name = f"cost of a page against that at 400, {form}"
                yield f"| {theme} | {bench.size} | {name} | ≤ 1.1 | {growth:.2f} |"


def further_figures() -> str:
    """Run the benchmarks of single parts; return their commands and what they print."""
    blocks: list[str] = []
    for command in FURTHER:
        said = subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, text=True).stdout
        blocks.append(f"```text\n$ python -m {' '.join(command)}\n{said}```\n")
    return "\nOf single parts:\n\n" + "\n".join(blocks)


def write_results(before: str, text: str) -> None:
    """Put the results into the documentation, after what stands before them."""
    RESULTS.write_text(f"{before.rstrip()}\n\n{text}", encoding="utf-8")


def page_before_results(*, keep_earlier: bool) -> str:
    """Return the documentation that new results follow: with the earlier ones, or up to the mark."""
    page = RESULTS.read_text(encoding="utf-8")
    return page if keep_earlier else f"{page.partition(MARK)[0]}{MARK}"


def plan(
    compared: list[int], sizes: list[int], archive: Path | None, themes: list[str]
) -> list[tuple[str, Callable[[], list[Incident]], bool]]:
    """Return what to measure: theme, content, and whether the other forms are measured too."""
    steps: list[tuple[str, Callable[[], list[Incident]], bool]] = [
        (theme, lambda n=n: make_incidents(n), True) for n in compared for theme in themes
    ]
    steps += [(theme, lambda n=n: make_incidents(n), False) for n in sizes for theme in themes]
    if archive is not None:
        steps += [(theme, lambda: load_incidents(archive), False) for theme in themes]
    return steps


def main() -> None:
    """Read the command line, measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 pages only; the documentation is left as it is")
    parser.add_argument("--compare", type=int, nargs="*", default=[100, 400], help="sizes at which all forms are built")
    parser.add_argument("--themes", nargs="+", default=["alabaster", "furo"], help="themes to build with")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each step of these sizes (default 3)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="further sizes, ours only, once each")
    parser.add_argument("--form", choices=("ours", "flat"), default="ours", help="form of the further sizes")
    parser.add_argument("--vcdb", type=Path, help="archive of the VERIS Community Database, ours only, once")
    parser.add_argument(
        "--no-parts", action="store_true", help="leave out the benchmarks of PDFs, audit, checks, parts"
    )
    parser.add_argument("--add", action="store_true", help="keep the earlier results in the documentation")
    options = parser.parse_args()
    before = page_before_results(keep_earlier=options.add)
    benches: list[Bench] = []
    with tempfile.TemporaryDirectory(prefix="postmortem-bench-") as folder:
        for theme, content, compared in plan(
            [100] if options.quick else options.compare, options.sizes, options.vcdb, options.themes
        ):
            bench = Bench(Path(folder), content(), theme, options.repeats if compared else 1)
            if compared:
                bench.cold_warm_edit(("ours", "plain", "needs", "rst"))
                bench.more()
                commands(bench)
            else:
                bench.cold_warm_edit((options.form,))
            benches.append(bench)
            text = report(benches)
            if not options.quick:
                write_results(before, text)
    if not options.quick and not options.no_parts:
        text += further_figures()
        write_results(before, text)
    print(text)


def commands(bench: Bench) -> None:
    """Measure the commands on our form: every edition with its audit, one audit alone, and the checks."""
    source = bench.source("ours")
    site, log = source.with_name("site"), source.with_name("commands.log")
    command = [sys.executable, "-m", "sphinx_postmortem.cli"]
    bench.note("ours", "editions", run([*command, "build", str(source), str(site), "-j", "1"], log))
    bench.note("ours", "audit", run([*command, "audit", str(site / "leadership"), "--source", str(source)], log))
    bench.note("ours", "check", run([*command, "check", str(source)], log, accepted=(0, 1)))


if __name__ == "__main__":
    main()
