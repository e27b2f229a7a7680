"""What the audit costs beside the build: ``python -m benchmarks.audit_speed 500``.

Printed are two shares of the CPU time of a build without audit: of the audit within ``build``, which has the settings
of the site by then, and of the command ``audit``, which starts Python and reads the settings in a process of their own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.content import make_incidents
from benchmarks.forms import write_project
from sphinx_postmortem.cli.audit import audit_folder
from sphinx_postmortem.cli.site import read_site


def cpu_seconds(*arguments: str) -> float:
    """Run the command line; return the CPU time of it and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "sphinx_postmortem.cli", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_within_build(source: Path, edition: Path) -> float:
    """Return the CPU time of the audit alone, in seconds."""
    site = read_site(source)
    start = time.process_time()
    audit_folder(site, edition, edition.name)
    return time.process_time() - start


def main() -> None:
    """Build one filtered edition of a generated site, audit it, and print the costs."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    theme = sys.argv[2] if len(sys.argv) > 2 else "furo"
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name, "source"), Path(name, "out")
        write_project(source, "ours", make_incidents(pages), theme)
        built = cpu_seconds("build", str(source), str(out), "--edition", "leadership", "--no-audit")
        within = seconds_within_build(source, out / "leadership")
        alone = cpu_seconds("audit", str(out / "leadership"), "--source", str(source))
    print(f"{pages} pages, {theme}: build {built:.1f} s of CPU")
    print(
        f"audit within `build` {within:.1f} s: {within / built:.1%}; command `audit` {alone:.1f} s: {alone / built:.1%}"
    )


if __name__ == "__main__":
    main()
