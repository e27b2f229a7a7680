"""``core`` needs neither docutils nor Sphinx: the standard library, and for the reader of sources what MyST uses."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import sphinx_postmortem.core

FOR_THE_READER = {"markdown_it", "mdit_py_plugins", "yaml"}
SCRIPT = """
import importlib, pkgutil, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('sphinx', 'docutils', 'myst_parser', 'click', 'jinja2', 'rst2pdf', 'reportlab'):
            raise ImportError('blocked: ' + name)
sys.meta_path.insert(0, Blocker())
import sphinx_postmortem.core as core
names = [m.name for m in pkgutil.walk_packages(core.__path__, 'sphinx_postmortem.core.')]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_core_can_be_imported_without_sphinx():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert int(done.stdout) > 70


def test_core_imports_only_the_standard_library_but_for_the_reader():
    folder = Path(sphinx_postmortem.core.__file__).parent
    allowed = {*sys.stdlib_module_names, "sphinx_postmortem"}
    foreign = {
        (path.relative_to(folder).as_posix(), name)
        for path in folder.rglob("*.py")
        for name in _roots(path)
        if name not in allowed
    }
    # The library of an extra, which is loaded when working days are asked for.
    foreign -= {("clocks/working_days.py", "holidays")}
    assert {file for file, _ in foreign} <= {
        f"reader/{name}.py" for name in ("markdown", "foreign_markdown", "front_matter")
    }
    assert {name for _, name in foreign} == FOR_THE_READER


def _roots(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found
