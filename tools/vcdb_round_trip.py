"""Counts the VERIS records that leave their pages as they came: ``python -m tools.vcdb_round_trip FILE``.

FILE is a list of records, as the VERIS Community Database publishes it (``vcdb.json``), also within a ZIP archive. Each
record is imported, its page is read as ``check`` reads it, and the record of the page is compared with the input.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from sphinx_postmortem.core.checks import check_page, read_settings
from sphinx_postmortem.core.imports import veris_records
from sphinx_postmortem.core.imports.draft_page import Frame, make_page
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.veris.veris_block import read_block
from sphinx_postmortem.core.veris.veris_record import rows_of, valid_record


def main(archive: Path) -> int:
    """Print how many records are equal, by their version; 1 where one differs."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.json"
        if archive.suffix == ".zip":
            with zipfile.ZipFile(archive) as opened:
                file.write_bytes(opened.read(opened.namelist()[0]))
        else:
            file.write_bytes(archive.read_bytes())
        records = json.loads(file.read_bytes())
        drafts = veris_records.read(Source(file, file.name))
    settings, equal, different = read_settings({}), Counter[str](), list[str]()
    for record, draft in zip(records, drafts, strict=True):
        text = make_page(draft, Frame("SEC-1"), "no.csv").text
        tables = check_page("page.md", text, settings).tables_named("veris")
        block = read_block(row for _, table, _ in tables for row in rows_of(table)).record
        if valid_record(block, Incident("SEC-1", "page")) == record:
            equal[str(record.get("schema_version"))] += 1
        else:
            different.append(str(record["incident_id"]))
    sys.stdout.write(f"{equal.total()} of {len(records)} records are equal: {dict(sorted(equal.items()))}\n")
    sys.stdout.write("".join(f"differs: {each}\n" for each in different))
    return bool(different)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
