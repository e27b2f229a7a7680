"""What directives find on a page: noted while it is read, and told once it is read, as ``check`` tells it.

A finding has the code of the check that sees the same, with the severity that the site gives it; comments on the page
and the baseline excuse it. What decides who may read a page (``GATES``) is told at once, and nothing excuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.problems import GATES, Code
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext.warnings import warn

if TYPE_CHECKING:
    from sphinx_postmortem.core.checks import CheckedRow, Finding

_KEY = "postmortem:findings"
_ROWS = "postmortem:timed-rows"


def note(env: BuildEnvironment, settings: Settings, code: Code, message: str, file: str, line: int) -> None:
    """Note what is wrong at a line of a file (an absolute path); what no check sees is a warning at once."""
    from sphinx_postmortem.core.checks import Finding, find_check, severity_of

    if code in GATES or find_check(code.value) is None:
        warn(code, message, f"{file}:{line}")
        return
    severity = severity_of(code.value, settings)
    if severity != "off":
        noted_on_page(env).append(Finding(code.value, severity, message, file, line))


def noted_on_page(env: BuildEnvironment) -> list[Finding]:
    """Return what is noted of the page that is being read, in order."""
    return cast("list[Finding]", env.current_document.setdefault(_KEY, []))


def timed_rows(env: BuildEnvironment) -> list[CheckedRow]:
    """Return the rows of the timelines that the page shows, as far as it has been read; directives add theirs."""
    return cast("list[CheckedRow]", env.current_document.setdefault(_ROWS, []))
