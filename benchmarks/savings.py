"""Measures what each short cut saves: ``python -m benchmarks.savings --sizes 100 400 --repeats 3``.

The same site is built with all short cuts and without one of them, in turns. ``flat`` is alabaster with one toctree of
all incidents, ``furo`` has a toctree for each year. PyStemmer is switched off, as in a plain install.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.content import make_incidents
from benchmarks.forms import write_project
from benchmarks.measure import Cost, middle, run

SHORT_CUTS = {
    "all": (),
    "no memory": ("RarerCollection.start", "RarerCollection.end", "BoundedTrees.bound", "drop_file"),
    "no trees": ("SharedTrees.start", "SharedTrees.prepare_page", "SharedTrees.page_context"),
    "no stems": ("stem_each_word_once",),
}
"""Each with the handlers that make it, which are disconnected."""

BUILD = """
import sys
sys.modules["Stemmer"] = None
from sphinx_postmortem.sphinx_ext import extension
without = sys.argv.pop(1).split(",")
table = extension.handlers
extension.handlers = lambda: [each for each in table() if each.run.__qualname__ not in without]
from sphinx.cmd.build import build_main
sys.exit(build_main(sys.argv[1:]))
"""


def write_site(folder: Path, pages: int, shape: str, *, bare: bool) -> None:
    """Write a site of one of both shapes; of ``bare`` pages only the heading and the summary are there."""
    write_project(folder, "ours", make_incidents(pages), "furo" if shape == "furo" else "alabaster")
    if shape == "flat":
        own = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.md"))
        for index in folder.glob("*/index.md"):
            index.unlink()
        entries = [name for name in own if not name.endswith("index")]
        index = "\n".join(["# Knowledge base", "", "```{toctree}", "owners", *entries, "```", ""])
        (folder / "index.md").write_text(index, encoding="utf-8")
    for page in folder.glob("*/*-*.md") if bare else ():
        page.write_text(page.read_text(encoding="utf-8").partition("## Timeline")[0], encoding="utf-8")


def build(source: Path, folder: Path, without: Sequence[str]) -> Cost:
    """Build a site from nothing, without some handlers."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    arguments = [
        ",".join(without),
        "-q",
        "-b",
        "html",
        "-d",
        str(folder / "doctrees"),
        str(source),
        str(folder / "html"),
    ]
    return run([sys.executable, "-c", BUILD, *arguments], folder / "log.txt")


def main() -> None:
    """Print a row for each shape and size as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 400])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--bare", action="store_true", help="short pages: what the tree of pages costs stands out")
    given = parser.parse_args()
    print("| site | pages | way | CPU s | peak MiB |\n|---|---|---|---|---|", flush=True)
    for pages in given.sizes:
        for shape in ("flat", "furo"):
            with tempfile.TemporaryDirectory() as name:
                source = Path(name, "source")
                write_site(source, pages, shape, bare=given.bare)
                costs: dict[str, list[Cost]] = {way: [] for way in SHORT_CUTS}
                for _ in range(given.repeats):
                    for way, without in SHORT_CUTS.items():
                        costs[way].append(build(source, Path(name, "build"), without))
            for way, found in costs.items():
                cost = middle(found)
                print(f"| {shape} | {pages} | {way} | {cost.cpu:.1f} | {cost.memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
