"""What the audit costs beside the build: ``python -m benchmarks.audit_speed 500``."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.content import make_incidents
from benchmarks.forms import write_project


def cpu_seconds(*arguments: str) -> float:
    """Run the command line; return the CPU time of it and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "sphinx_postmortem.cli", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Build one filtered edition of a generated site, audit it, and print both costs."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    theme = sys.argv[2] if len(sys.argv) > 2 else "furo"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder / "source", "ours", make_incidents(pages), theme)
        source, out = str(folder / "source"), str(folder / "out")
        built = cpu_seconds("build", source, out, "--edition", "leadership", "--no-audit")
        audited = cpu_seconds("audit", str(folder / "out" / "leadership"), "--source", source)
    print(f"{pages} pages, {theme}: build {built:.1f} s, audit {audited:.1f} s of CPU: {audited / built:.1%}")


if __name__ == "__main__":
    main()
