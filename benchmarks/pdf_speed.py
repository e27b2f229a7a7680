"""How long the PDFs take beside bare rst2pdf, and how much memory a long collection needs.

    python -m benchmarks.pdf_speed --pages 82 --rounds 3

Both sides get the same pages of plain Markdown (headings, text, tables, code), one PDF of all pages, one process, and
doctrees that are read before. Counted is the CPU time of the whole of ``sphinx-build -b pdf``, which other programs on
the machine disturb less than the time by the clock. The ratio is that of the medians, the memory the peak of a process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CONF = """\
project = "Speed"
extensions = [{extensions}]
myst_enable_extensions = ["colon_fence"]
pdf_documents = [("index", "all", "Speed", "Nobody")]
pdf_use_index = False
pdf_domain_indices = False
pdf_toc_depth = 1
"""
OURS = '"sphinx_postmortem"'
BARE = '"myst_parser", "rst2pdf.pdfbuilder"'


def page(number: int) -> str:
    """Return one page: about five printed pages of text and tables."""
    rows = "\n".join(
        f"| 2026-03-02 {n % 24:02d}:{n % 60:02d} | Event {n} of the incident, in a sentence of some length | Note {n} |"
        for n in range(25)
    )
    table = f"| Time (UTC) | Event | Notes |\n|---|---|---|\n{rows}\n"
    text = "What happened is told in sentences that a reader can follow, with the reasons for it. " * 12
    parts = [f"# Incident {number}\n"]
    for title in ("Summary", "Timeline", "Cause", "Remediation", "Actions"):
        parts += [f"## {title}\n", f"{text}\n", table, "- one\n- two\n- three\n", "```text\ncommand --option\n```\n"]
    return "\n".join(parts)


def write_site(folder: Path, pages: int, extensions: str) -> None:
    """Write a site of so many pages."""
    folder.mkdir()
    (folder / "conf.py").write_text(CONF.format(extensions=extensions), encoding="utf-8")
    names = [f"page{number:04d}" for number in range(pages)]
    listing = "\n".join(names)
    (folder / "index.md").write_text(f"# Speed\n\n```{{toctree}}\n{listing}\n```\n", encoding="utf-8")
    for number, name in enumerate(names):
        (folder / f"{name}.md").write_text(page(number), encoding="utf-8")


def run(folder: Path, builder: str, output: str) -> tuple[float, int]:
    """Run Sphinx; return the seconds of CPU and the peak memory in MiB of the largest child so far."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", str(folder / "doctrees"), str(folder)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, str(folder / output)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss // 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40, help="pages of the site; each makes about five in the PDF")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("ours", "bare"), help="measure one side, such as for its memory")
    chosen = parser.parse_args()
    sides = {"bare": BARE, "ours": OURS}
    if chosen.only:
        sides = {chosen.only: sides[chosen.only]}
    with tempfile.TemporaryDirectory() as name:
        folders = {side: Path(name, side) for side in sides}
        times: dict[str, list[float]] = {side: [] for side in sides}
        for side, folder in folders.items():
            write_site(folder, chosen.pages, sides[side])
            run(folder, "dummy", "dummy")
        for _round in range(chosen.rounds):  # in turn, so that a busy moment meets both
            for side, folder in folders.items():
                seconds, peak = run(folder, "pdf", "pdf")
                times[side].append(seconds)
        for side, folder in folders.items():
            size = (folder / "pdf/all.pdf").stat().st_size
            if not size:
                sys.exit(f"{side}: an empty PDF")
            count = page_count(folder / "pdf/all.pdf")
            print(f"{side}: median {statistics.median(times[side]):.1f} s of CPU, {count} pages, {size // 1024} KiB")
        print(f"peak memory of the largest process: {peak} MiB")
        if len(times) == 2:
            print(f"ratio: {statistics.median(times['ours']) / statistics.median(times['bare']):.2f}")


def page_count(path: Path) -> int:
    """Return the number of pages of a PDF."""
    import pypdf

    return len(pypdf.PdfReader(path).pages)


if __name__ == "__main__":
    main()
