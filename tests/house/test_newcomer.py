"""What ``CONTRIBUTING.md`` says of a newcomer's first check is tried: one file in a copy of the package is enough."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import sphinx_postmortem

TOY = '''\
"""The rule about walruses."""

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.settings import Settings


@check("walrus", "warning", source="none", bad="A walrus.\\n", good="A seal.\\n", any_page=True)
def walrus(page: CheckedPage, settings: Settings) -> list[Hit]:
    """No page speaks of walruses."""
    return [Hit(line.number, "write of seals") for line in page.source.prose if "walrus" in line.text]
'''


def test_a_check_is_one_file(tmp_path: Path) -> None:
    package = tmp_path / "copy" / "sphinx_postmortem"
    shutil.copytree(Path(sphinx_postmortem.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "core" / "checks" / "walruses.py").write_text(TOY, encoding="utf-8")
    site = tmp_path / "site"
    site.mkdir()
    (site / "conf.py").write_text(
        "extensions = ['sphinx_postmortem']\npostmortem_checks = {'walrus': 'error'}\n", encoding="utf-8"
    )
    (site / "index.md").write_text("# Home\n\nA walrus came.\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx_postmortem.cli", "check", "--format", "json", str(site)]
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=site)
    assert done.stdout, done.stderr
    found = [(each["code"], each["severity"], each["line"]) for each in json.loads(done.stdout)["findings"]]
    assert found == [("walrus", "error", 3)]
