"""``core`` needs neither docutils nor Sphinx, nor anything else beyond the standard library."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import importlib, pkgutil, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        root = name.partition('.')[0]
        if root not in sys.stdlib_module_names and root != 'sphinx_postmortem':
            raise ImportError('blocked: ' + name)
sys.meta_path.insert(0, Blocker())
import sphinx_postmortem.core as core
names = [m.name for m in pkgutil.walk_packages(core.__path__, 'sphinx_postmortem.core.')]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_core_imports_only_the_standard_library():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert int(done.stdout) > 8
