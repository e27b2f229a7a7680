"""Makes ``sphinx_postmortem/core/names/d3fend.tsv``: the ids of D3FEND with the names by which its site finds them.

Usage: ``python -m tools.d3fend_names OUT misp-galaxy/clusters/mitre-d3fend.json``. The cluster is of MISP's galaxy
(https://github.com/MISP/misp-galaxy, CC0 or BSD). D3FEND is a work of The MITRE Corporation (https://d3fend.mitre.org).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

_PAGE = "https://d3fend.mitre.org/technique/d3f:"
_HEADER = "# Ids of MITRE D3FEND and the names of their pages. Copyright The MITRE Corporation.\n"


def main(out: str, cluster: str) -> None:
    """Write the table."""
    metas = (value["meta"] for value in json.loads(Path(cluster).read_text("utf-8"))["values"])
    pairs = sorted((meta["external_id"], meta["refs"][0].removeprefix(_PAGE)) for meta in metas)
    Path(out).write_text(_HEADER + "".join(f"{own}\t{name}\n" for own, name in pairs), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
