"""The one way in which the extension warns: an enumerated code, a place, what is wrong and how to mend it."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging

from sphinx_postmortem.core.problems import Code, Problem

_logger = logging.getLogger("sphinx_postmortem")

Location = nodes.Node | tuple[str, int | None] | str | None


def warn(code: Code, message: str, location: Location = None) -> None:
    """Emit one warning of type ``postmortem`` and subtype ``code``; ``suppress_warnings`` and ``-W`` apply."""
    _logger.warning(message, type="postmortem", subtype=code.value, location=location)


def warn_problem(problem: Problem, file: str) -> None:
    """Emit a problem that ``core`` found in ``file``."""
    # Without a line Sphinx would take the path for the name of a page.
    warn(problem.code, problem.message, f"{file}:{problem.line or 1}")
