"""The site on which extensions are tried: a hidden page, block, row and column, in a repository with a late change."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tools.extension_matrix.specs import Spec

CONF = """
project = "Matrix"
extensions = ["myst_parser", {module!r}, "sphinx_postmortem"]
exclude_patterns = ["_build"]
html_theme = "basic"
postmortem_check_builds = "off"
"""
PAGES = {
    "block.md": "# Block\n\nzqopenblock\n\n:::{internal-only}\nzqsecretblock\n:::\n\nzqopenend\n",
    "hidden.md": "---\naudience: internal\n---\n# Zqsecrettitle\n\nzqsecretpage\n",
    "rows.md": (
        "# SEC-1: Rows\n\n"
        ":::{incident-summary} SEC-1\n:date: 2026-01-02\n:status: closed\n:tlp: CLEAR\n\nzqopenrows\n:::\n\n"
        ":::{timeline}\n:internal-columns: Notes\n"
        "| Time (UTC) | Event | Notes | Audience |\n|--|--|--|--|\n"
        "| 2026-01-02 01:00 | Alert detected | zqsecretnote | |\n"
        "| 2026-01-02 02:00 | zqsecretrow | x | internal |\n\n:::\n"
    ),
}
INDEX = "# Index\n\nzqopenindex\n\n```{toctree}\n:glob:\n\nblock\nhidden\nrows\nown\ngen/*\n_tags/*\n```\n"


def write_site(folder: Path, spec: Spec, *, cured: bool, lines: int = 0) -> None:
    """Write the site; with ``lines`` its hidden texts are longer, and changed in a later commit."""
    conf = CONF.format(module=spec.module) + spec.conf + (spec.cure if cured else "")
    own = {f"own.{'rst' if spec.rst else 'md'}": spec.own} if spec.own else {}
    index = "# Index\n\nzqopenindex\n" if "zq_no_toctree" in spec.conf else INDEX
    files = {"conf.py": conf, "index.md": index, **PAGES, **own, **spec.files}
    _write(folder, files)
    _git(folder, "init", "-q")
    _commit(folder, "2026-01-02T03:04:05Z")
    if lines:
        more = "zqsecretmore\n" * lines
        changed = {name: _longer(text, more) for name, text in files.items() if name.endswith((".md", ".rst", ".py"))}
        _write(folder, changed)
        _commit(folder, "2026-03-04T05:06:07Z")


def _longer(text: str, more: str) -> str:
    """Return a page whose hidden texts have more lines."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append(line)
        if line.strip() in ("zqsecretblock", "zqsecretpage"):
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + each for each in more.splitlines()]
    return "\n".join(lines)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _commit(folder: Path, date: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "change", date=date)


def _git(folder: Path, *arguments: str, date: str = "") -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@kb.example", "-c", "commit.gpgsign=false"]
    times = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, env={**os.environ, **times})
