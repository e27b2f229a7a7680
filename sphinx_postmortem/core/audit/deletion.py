"""Writes a copy of a site's sources from which all that an edition must not show has been deleted.

The audit's own reader says what is hidden, so the copy depends on nothing that the build has done.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sphinx_postmortem.core.audit.file_texts import decoded
from sphinx_postmortem.core.audit.leaky_references import hidden_targets, with_other_targets
from sphinx_postmortem.core.audit.sources import Content, Scope
from sphinx_postmortem.core.audit.unpacking import AuditError

MAX_COPIED = 4 * 1024**3
"""How many bytes of sources are copied at most."""

_NOWHERE = "withheld"
_MARKS_OF_AN_OUTPUT = (".postmortem-edition", "environment.pickle", ".state")
_LINKED = (".git", "node_modules", "__pycache__")


def copy_without_hidden(scope: Scope, content: Content, conf: str, target: Path) -> None:
    """Copy a source folder without what is hidden in it.

    Folders of finished builds are left out. ``.git`` and installed packages are linked to.

    Args:
        scope: the sources.
        content: what has been read of them.
        conf: the text of ``conf.py``.
        target: the folder to write; it must not exist.

    Raises:
        AuditError: there is more than ``MAX_COPIED``, or ``conf.py`` names the sources by their absolute path.
        OSError: a file cannot be read or written.
    """
    if str(scope.source) in conf:
        raise AuditError(f"conf.py names {scope.source} by its absolute path; write paths relative to conf.py")
    targets = hidden_targets(scope, content)
    left = MAX_COPIED
    for path in _files(scope.source, target):
        name = path.relative_to(scope.source).as_posix()
        made = target / name
        if name in content.removed:
            if name in content.named:
                made.touch()  # visible text names it, and a missing file would be shown in another way
            continue
        left -= path.stat().st_size
        if left < 0:
            raise AuditError(f"the sources are larger than {MAX_COPIED // 1024**3} GiB")
        if name in content.tables:
            made.write_text(content.tables[name], encoding="utf-8", newline="")
        elif content.instead.get(name) or name in targets:
            made.write_text(
                _without_hidden(path, content.instead.get(name, {}), targets.get(name, {})), encoding="utf-8"
            )
        else:
            shutil.copy2(path, made)


def _without_hidden(path: Path, instead: Mapping[int, str | None], targets: Mapping[int, tuple[str, ...]]) -> str:
    lines: list[str] = []
    for number, line in enumerate(decoded(path.read_bytes()).splitlines(), start=1):
        shown = instead.get(number, line)
        if shown is None:
            continue
        lines.append(with_other_targets(shown, targets.get(number, ()), _nowhere))
    return "\n".join(lines) + "\n"


def _nowhere(target: str) -> str:
    """Return a target of the same kind that leads nowhere."""
    stem, dot, suffix = target.rpartition(".")
    return f"{_NOWHERE}.{suffix}" if dot and stem and suffix.isalnum() else _NOWHERE


def _files(source: Path, target: Path) -> Iterator[Path]:
    """Yield the files to copy; folders that are linked to are linked on the way."""
    for folder, subfolders, names in os.walk(source):
        here = Path(folder)
        made = target / here.relative_to(source)
        made.mkdir(parents=True, exist_ok=True)
        for name in list(subfolders):
            inner = here / name
            if name in _LINKED or inner.is_symlink() or (inner / "pyvenv.cfg").exists():
                subfolders.remove(name)
                with suppress(OSError):  # where links may not be made, what needs the folder says so
                    (made / name).symlink_to(inner.resolve())
            elif any((inner / mark).exists() for mark in _MARKS_OF_AN_OUTPUT) or inner == target:
                subfolders.remove(name)
        yield from (here / name for name in sorted(names) if (here / name).is_file())
