"""The table of techniques of a site: the shipped one, or that of the file which ``postmortem_attack`` names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sphinx_postmortem.core.attack.table import AttackTable, BadTableError, read_table, shipped_table

_TABLE_SUFFIX = ".tsv"


def table_of(file: str) -> AttackTable:
    """Return the table of a file, which is read once as long as it does not change; without a file the shipped one.

    Args:
        file: the path of a STIX bundle, or of a table of ``tools/attack_table.py``; empty for the shipped table.

    Raises:
        BadTableError: the file cannot be read.
    """
    if not file:
        return shipped_table()
    from sphinx_postmortem.core.imports.draft import SourceError

    path = Path(file)
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        message = f"postmortem_attack: {file} cannot be read ({error.strerror}); mend the path"
        raise BadTableError(message) from error
    except (BadTableError, SourceError) as error:
        message = f"postmortem_attack: {file} cannot be used: {error}"
        raise BadTableError(message) from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> AttackTable:
    from sphinx_postmortem.core.attack.stix_source import read_stix
    from sphinx_postmortem.core.imports.files import Source

    if path.suffix == _TABLE_SUFFIX:
        return read_table(Source(path, path.name).text())
    return read_stix(path)


def resolved_file(name: str, source: Path) -> str:
    """Return the path of the file that the setting names, after it has been read; an empty name stays so.

    Raises:
        BadTableError: it lies outside the source folder, or cannot be used.
    """
    if not name.strip():
        return ""
    path = (source / name).resolve()
    if not path.is_relative_to(source.resolve()):
        message = f"postmortem_attack: {name} lies outside the source folder; move it below"
        raise BadTableError(message)
    table_of(str(path))
    return str(path)
