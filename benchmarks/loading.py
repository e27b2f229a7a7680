"""What it costs a site to load the extension and not to use it: ``python -m benchmarks.loading``.

The site consists of ordinary pages, one list each for a score of them, without a word of ours. Builds with and without
the extension take turns, so that other work on the machine disturbs both of a pair; the figure is the median of the
ratios of the pairs' CPU times in user mode. ``Least`` compares the fastest build of each form.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

from benchmarks.measure import sphinx

PAGES_OF_A_CHAPTER = 20
WORDS = ("server", "request", "option", "folder", "release", "package", "setting", "reader", "answer", "network")
EXTENSIONS = {"rst": [], "md": ["myst_parser"]}


def write_site(folder: Path, language: str, pages: int, theme: str, extensions: list[str]) -> None:
    """Write a site without anything of ours: chapters of pages with headings, lists, code, tables and links.

    Args:
        folder: where to write; must not exist.
        language: ``rst`` or ``md``.
        pages: how many pages the chapters have together.
        theme: the HTML theme.
        extensions: what ``conf.py`` loads.
    """
    folder.mkdir(parents=True)
    conf = f"project = 'Plain'\nextensions = {extensions!r}\nhtml_theme = {theme!r}\n"
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    chapters = range(-(-pages // PAGES_OF_A_CHAPTER))
    listed = [f"chapter{number}/index" for number in chapters]
    (folder / f"index.{language}").write_text(_index(language, "Manual", listed), encoding="utf-8")
    for chapter in chapters:
        below = folder / f"chapter{chapter}"
        below.mkdir()
        numbers = range(chapter * PAGES_OF_A_CHAPTER, min(pages, (chapter + 1) * PAGES_OF_A_CHAPTER))
        (below / f"index.{language}").write_text(
            _index(language, f"Chapter {chapter}", [f"page{number}" for number in numbers]), encoding="utf-8"
        )
        for number in numbers:
            (below / f"page{number}.{language}").write_text(_page(language, number), encoding="utf-8")


def _index(language: str, title: str, listed: list[str]) -> str:
    if language == "rst":
        return "\n".join([title, "=" * len(title), "", ".. toctree::", "", *(f"   {name}" for name in listed), ""])
    return "\n".join([f"# {title}", "", "```{toctree}", *listed, "```", ""])


def _page(language: str, number: int) -> str:
    words = [WORDS[(number * 7 + place * 3 + place // 5) % len(WORDS)] for place in range(400)]
    prose = [" ".join(words[at : at + 40]).capitalize() + "." for at in range(0, 400, 40)]
    rows = [(words[at], words[at + 1], words[at + 2]) for at in range(0, 30, 3)]
    heading, code, table, link = (_RST if language == "rst" else _MD)[0:4]
    parts = [heading(f"Page {number}", "=")]
    for section in range(4):
        parts += [heading(f"The {words[section]} of {number}, part {section}", "-"), prose[section], prose[section + 4]]
        parts += ["\n".join(f"- a **{word}** and `{word}`" for word in words[section : section + 5])]
        parts += [code(f"def {words[section]}(value):\n    return value + {number}")]
    return "\n\n".join([*parts, table(rows), link("https://example.org/manual"), *prose[8:], ""])


def _rst_code(text: str) -> str:
    return ".. code-block:: python\n\n" + "\n".join(f"   {line}" for line in text.splitlines())


def _rst_table(rows: list[tuple[str, str, str]]) -> str:
    rule = " ".join(["=" * 12] * 3)
    return "\n".join([rule, *(" ".join(f"{cell:12}" for cell in row).rstrip() for row in rows), rule])


def _md_table(rows: list[tuple[str, str, str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ("---", "---", "---"), *rows[1:]])


_RST: tuple[Callable[..., str], ...] = (
    lambda title, rule: f"{title}\n{rule * len(title)}",
    _rst_code,
    _rst_table,
    lambda address: f"See `the manual <{address}>`__.",
)
_MD: tuple[Callable[..., str], ...] = (
    lambda title, rule: f"{'#' if rule == '=' else '##'} {title}",
    lambda text: f"```python\n{text}\n```",
    _md_table,
    lambda address: f"See [the manual]({address}).",
)


def ratios(folder: Path, language: str, pages: int, theme: str, pairs: int, step: str) -> Iterator[tuple[float, float]]:
    """Yield the CPU seconds in user mode without and with the extension, pair by pair.

    Args:
        folder: an empty folder for the sites and their builds.
        language: ``rst`` or ``md``.
        pages: the size of the site.
        theme: the HTML theme.
        pairs: how many pairs are built.
        step: ``cold`` for builds from nothing, ``warm`` for builds without a change.
    """
    forms = {"without": EXTENSIONS[language], "with": [*EXTENSIONS[language], "sphinx_postmortem"]}
    for form, extensions in forms.items():
        write_site(folder / form, language, pages, theme, extensions)
        sphinx(folder / form, folder / f"{form}-build", fresh=True)  # compiles modules, and warms what the system keeps
    for pair in range(pairs):
        order = list(forms) if pair % 2 else list(reversed(forms))
        user = {form: sphinx(folder / form, folder / f"{form}-build", fresh=step == "cold").user for form in order}
        yield user["without"], user["with"]


def main() -> None:
    """Print a row for each kind of site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 400])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--theme", default="alabaster")
    parser.add_argument("--languages", nargs="+", choices=EXTENSIONS, default=list(EXTENSIONS))
    parser.add_argument("--steps", nargs="+", choices=("cold", "warm"), default=["cold"])
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {given.theme}")
    print(f"bytecode caches {'not written' if sys.dont_write_bytecode else 'written'}, {given.pairs} pairs\n")
    print("| Pages | Language | Step | Without, user s | With, user s | Ratio | Quartiles | Least |")
    print("|---|---|---|---|---|---|---|---|")
    for pages in given.pages:
        for language in given.languages:
            for step in given.steps:
                with tempfile.TemporaryDirectory(prefix="postmortem-loading-") as folder:
                    found = list(ratios(Path(folder), language, pages, given.theme, given.pairs, step))
                each = [with_us / without for without, with_us in found]
                low, middle, high = quantiles(each, n=4) if len(each) > 1 else each * 3
                plain, loaded = zip(*found, strict=True)
                costs = f"{median(plain):.2f} | {median(loaded):.2f}"
                ratio = f"{middle:.3f} | {low:.3f} to {high:.3f} | {min(loaded) / min(plain):.3f}"
                print(f"| {pages} | {language} | {step} | {costs} | {ratio} |", flush=True)
    print(f"\nload after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
