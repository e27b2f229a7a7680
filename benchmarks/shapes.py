"""Compares our builds with plain tables where the site's shape does not help: ``python -m benchmarks.shapes``.

Builds of both forms take turns; each ratio is one of medians of CPU time. The summary is all that it prints.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from itertools import product
from pathlib import Path

from benchmarks.content import make_incidents
from benchmarks.run import Bench
from benchmarks.varied_content import make_varied

CONTENTS = {"even": make_incidents, "varied": make_varied}


def main() -> None:
    """Print a row for each kind of content and of list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--theme", default="alabaster")
    parser.add_argument("--contents", nargs="+", choices=CONTENTS, default=list(CONTENTS))
    given = parser.parse_args()
    cached = "not written" if sys.dont_write_bytecode else "written"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, bytecode caches {cached}")
    print(f"load before {os.getloadavg()[0]:.1f}; {given.pages} pages, {given.theme}, median of {given.repeats}\n")
    print("| Pages | Listed | Cold, against plain | No change | One-page edit |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="postmortem-shapes-") as folder:
        for content, one_list in product(given.contents, (True, False)):
            incidents = CONTENTS[content](given.pages)
            bench = Bench(Path(folder), incidents, given.theme, given.repeats, content, one_list=one_list)
            with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
                said, sys.stdout = sys.stdout, nowhere
                bench.cold_warm_edit(("ours", "plain"))
                sys.stdout = said
            ratios = [bench.ratio(("ours", step), ("plain", step)) or 0.0 for step in ("cold", "warm", "edit")]
            listed = "in one list" if one_list else "by year"
            print(f"| {content} | {listed} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |", flush=True)
    print(f"\nload after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
