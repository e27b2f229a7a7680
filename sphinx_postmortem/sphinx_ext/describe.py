"""Print what the command line must know of a site as JSON: ``python -m sphinx_postmortem.sphinx_ext.describe SRC``.

A program of its own, so that the command line never runs a site's ``conf.py`` in its own process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util.tags import Tags

from sphinx_postmortem.core.audiences import DEFAULT_AUDIENCES


def describe(source_folder: Path) -> dict[str, object]:
    """Return what the command line must know of a site before it builds.

    Raises:
        SphinxError: ``conf.py`` is missing or fails.
    """
    config = Config.read(source_folder, overrides={}, tags=Tags())
    raw: dict[str, object] = config._raw_config
    audiences = raw.get("postmortem_audiences", DEFAULT_AUDIENCES)
    return {
        "audiences": list(audiences) if isinstance(audiences, list | tuple) else audiences,
        "severities": _texts(raw.get("postmortem_severities")),
        "milestones": _texts(raw.get("postmortem_milestones")),
        "owners": _texts(raw.get("postmortem_owners")),
    }


def _texts(value: object) -> list[str]:
    """Return the entries of a list, or the keys of a dict, as texts."""
    return [str(item) for item in value] if isinstance(value, list | tuple | dict) else []


def main() -> int:
    """Print the description; on failure say why and return 2."""
    try:
        description = describe(Path(sys.argv[1]))
    except SphinxError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(description) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
