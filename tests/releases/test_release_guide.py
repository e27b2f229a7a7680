"""The guide quotes what the commands print."""

from __future__ import annotations

from pathlib import Path

from sphinx_postmortem.core.releases.release_files import first_line
from sphinx_postmortem.core.releases.statements import KINDS

GUIDE = (Path(__file__).parents[2] / "docs/how-to/releases.md").read_text(encoding="utf-8")


def test_the_release_in_the_guide_is_one():
    start = GUIDE.index("sphinx-postmortem release, version 1")
    first, _, *lines = GUIDE[start : GUIDE.index("```", start)].splitlines()
    assert first == first_line("public", "incidents/2026/sec-2026-014")
    assert len(lines) > 5
    assert all(line.partition(":")[0] in KINDS for line in lines)
