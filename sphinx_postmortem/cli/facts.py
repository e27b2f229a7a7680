"""What a manifest states besides the files."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.git import source_state

_TOOLS = ("sphinx-postmortem", "sphinx", "docutils", "myst-parser", "rst2pdf", "reportlab")


def facts_of_build(source: Path, audiences: Audiences, edition: str) -> dict[str, object]:
    """Return the tools, the date if SOURCE_DATE_EPOCH sets one, and for the internal edition the commit.

    A filtered edition names no commit: that changes with content which the edition may not see.
    """
    facts: dict[str, object] = {"tools": _versions()}
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        facts["date"] = datetime.fromtimestamp(int(epoch), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if edition == audiences.internal:
        state = source_state(source)
        facts["source"] = (
            {"commit": None, "reason": state.gap}
            if state.gap
            else {"commit": state.commit, "uncommitted_changes": state.changed}
        )
    return facts


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in _TOOLS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
