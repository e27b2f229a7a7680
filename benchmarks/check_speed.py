"""What the checks cost beside reading the pages: ``python -m benchmarks.check_speed 200``.

The read phase is what Sphinx needs from its start until all pages are read, with the checks of builds turned off.
The checks are those that a build makes: each page is read and judged once more by the core.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sphinx.application import Sphinx

from benchmarks.content import make_incidents
from benchmarks.forms import write_project
from sphinx_postmortem.core import checks
from sphinx_postmortem.sphinx_ext.checks import SAID

ROUNDS = 3


def read_phase(source: Path, build: Path) -> float:
    """Return the CPU seconds in which Sphinx reads all pages, without checks."""
    overrides = {"postmortem_check_builds": "off"}
    out = build / "out"
    app = Sphinx(source, source, out, build / "doctrees", "dummy", overrides, status=None, warning=io.StringIO())
    start = time.process_time()
    app.builder.read()
    return time.process_time() - start


def check_all(source: Path) -> float:
    """Return the CPU seconds in which the core checks all pages."""
    settings = checks.Settings()
    start = time.process_time()
    for path in checks.find_pages(source, lambda _: False):
        page = checks.read_file(path, path.as_posix(), settings, source)
        checks.run_page(page, least="error", skip=SAID)
    return time.process_time() - start


def main() -> None:
    """Print both costs, each the median of some rounds that take turns."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    reading: list[float] = []
    checking: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder / "source", "ours", make_incidents(pages), "alabaster")
        for number in range(ROUNDS):
            reading.append(read_phase(folder / "source", folder / str(number)))
            checking.append(check_all(folder / "source"))
    read, check = median(reading), median(checking)
    print(f"{pages} pages: reading {read:.2f} s, checking {check:.2f} s of CPU: {check / read:.1%}")


if __name__ == "__main__":
    main()
