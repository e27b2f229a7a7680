"""Measures builds in parts: ``python -m benchmarks.parts --sizes 400 1600 --vcdb ARCHIVE``.

For each size: CPU seconds of a build by one Sphinx, of reading the parts and writing the pages (which run side by
side), and of the merge's own process (which runs alone); and whether both builds gave the same files.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.content import Incident, make_incidents
from benchmarks.forms import write_project
from benchmarks.measure import Cost, run, sphinx
from benchmarks.vcdb import load_incidents

MODULE = "sphinx_postmortem.sphinx_ext.shards"
# The merge's own process tells its own CPU time last: what it has started is counted apart.
MERGE = f"""
import resource, sys
from {MODULE} import main
code = main()
usage = resource.getrusage(resource.RUSAGE_SELF)
print("own CPU", usage.ru_utime + usage.ru_stime)
sys.exit(code)
"""


def step(name: str, source: Path, build: Path, **more: object) -> list[str]:
    """Return the arguments of one step."""
    given = {"source": source, "state": build / "state", "edition": "internal", "output": build / "html", **more}
    return [name, json.dumps(given, default=str)]


def measure(incidents: Sequence[Incident], folder: Path, parts: int, cluster: str) -> str:
    """Build a knowledge base whole and in parts; return a row of the table."""
    source, build = folder / "source", folder / "parts"
    write_project(source, "ours", incidents, "alabaster")
    whole = sphinx(source, folder / "whole", fresh=True)
    build.mkdir()
    reads: list[Cost] = []
    for part in range(1, parts + 1):
        arguments = step("read", source, build, part=[part, parts])
        reads.append(run([sys.executable, "-m", MODULE, *arguments], build / "read.txt"))
    log = build / "merge.txt"
    how = {"cluster": cluster, "jobs": parts, "read": False, "fail_on_warning": False}
    merged = run([sys.executable, "-c", MERGE, *step("merge", source, build, how=how)], log)
    own = float(re.findall(r"own CPU ([\d.]+)", log.read_text(encoding="utf-8"))[-1])
    same = "yes" if same_files(folder / "whole/html", build / "html") else "no"
    read = f"{sum(cost.cpu for cost in reads):.0f} | {max(cost.cpu for cost in reads):.0f}"
    each = f"{1000 * own / len(incidents):.1f} | {merged.memory:.0f}"
    return f"| {len(incidents)} | {whole.cpu:.0f} | {read} | {merged.cpu - own:.0f} | {own:.0f} | {each} | {same} |"


def same_files(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same files."""
    names = [{str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} for root in (one, other)]
    return names[0] == names[1] and not any(filecmp.cmpfiles(one, other, names[0], shallow=False)[1:])


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[400, 1600])
    parser.add_argument("--vcdb", type=Path, help="archive of the VERIS Community Database")
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--cluster", default="", help="as for `sphinx-postmortem merge`")
    options = parser.parse_args()
    print("| Pages | Whole | Parts read | Longest part | Pages written | Merge itself | ms a page | MiB | Same files |")
    print("|---" * 9 + "|")
    contents = [make_incidents(size) for size in options.sizes]
    contents += [load_incidents(options.vcdb)] if options.vcdb else []
    for incidents in contents:
        with tempfile.TemporaryDirectory(prefix="postmortem-parts-") as folder:
            print(measure(incidents, Path(folder), options.parts, options.cluster), flush=True)


if __name__ == "__main__":
    main()
