"""Bounds for what a build keeps in memory, and for the time that Python's garbage collector takes.

A page's tree has thousands of objects that refer to each other. Sphinx keeps the trees of all pages that it has read
until they are written, half a MiB each. We keep the first ones, of some hundred pages, and have Sphinx read the others
again from its files, as its parallel builds do: so memory does not grow with the site. Sphinx keeps the content of
these files too; each is read once when pages are written.
"""

from __future__ import annotations

from contextlib import ExitStack

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.rarer_collection import rarer_collection
from sphinx_postmortem.sphinx_ext.upstream.sphinx import forget_file_of_tree, trees_in_memory

LARGEST_KEPT = 4 << 20  # bytes of the files of the trees that are kept; in memory they take some ten times as much


class RarerCollection:
    """Has the collector run less often while a build is on."""

    def __init__(self) -> None:
        self.until_end = ExitStack()

    def start(self, app: Sphinx, config: Config) -> None:
        """Handle ``config-inited``."""
        self.until_end.enter_context(rarer_collection())

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``."""
        self.until_end.close()


class BoundedTrees:
    """Keeps the trees of the first pages that are read, until they are written, and no others."""

    def __init__(self) -> None:
        self.looked_at: set[str] = set()
        self.size = 0

    def bound(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Handle ``env-purge-doc``, which comes before a page is read: those of earlier pages lie in files by now."""
        trees = trees_in_memory(env)
        for name in [name for name in trees if name not in self.looked_at]:
            self.looked_at.add(name)
            file = app.doctreedir / f"{name}.doctree"
            self.size += file.stat().st_size if file.exists() else 0
            if self.size > LARGEST_KEPT:
                del trees[name]


def drop_file(app: Sphinx, doctree: object, docname: str) -> None:
    """Handle ``doctree-resolved``: forget the content of the file from which the page's tree came."""
    forget_file_of_tree(app.env, docname)
