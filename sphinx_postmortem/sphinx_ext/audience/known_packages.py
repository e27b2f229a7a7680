"""What is known of other packages: whose directives keep the text that they are given, and who reads sources itself."""

from __future__ import annotations

from collections.abc import Iterable

from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

_OWN = ("sphinx_postmortem", "docutils", "sphinx", "myst_parser")
_KEEPING = ("sphinx.ext.graphviz",)
_PARSING = (
    *("sphinx_design", "sphinx_tabs", "sphinx_inline_tabs", "sphinx_togglebutton", "sphinx_exercise"),
    *("sphinx_proof", "sphinx_toolbox", "sphinxcontrib.httpdomain"),
)
"""Packages whose directives only have their text parsed; the matrix of extensions shows it for each."""
_AFTER_READING = (
    *("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme", "sphinx_basic_ng"),
    *("sphinxcontrib.applehelp", "sphinxcontrib.devhelp", "sphinxcontrib.htmlhelp", "sphinxcontrib.qthelp"),
    *("sphinxcontrib.serializinghtml", "sphinxcontrib.jquery", "sphinx_copybutton", "rst2pdf"),
)
"""Packages that come after pages have been read: themes, builders, and scripts for the browser."""


def keeps_text(directive: type[Directive]) -> bool:
    """Say whether a directive may keep the text that it is given."""
    module = directive.__module__
    return _is_from(module, _KEEPING) or not _is_from(module, (*_OWN, *_PARSING))


def may_read_sources(app: Sphinx) -> bool:
    """Say whether anything of the site may read the file of a page by itself: an extension, or its own ``conf.py``."""
    known = (*_OWN, *_PARSING, *_AFTER_READING)
    return bool(app.config.setup) or not all(_is_from(name, known) for name in app.extensions)


def _is_from(module: str, packages: Iterable[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)
