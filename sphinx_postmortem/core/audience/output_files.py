"""Which files in an output folder earlier builds have written there: those, and no others, a later build may remove."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

_SOURCES_OF_OTHERS = (".tex", ".texi")  # LaTeX and Texinfo write their files beside these


def files_below(folder: Path, keep: Sequence[Path] = ()) -> Iterator[str]:
    """Yield all files and links below a folder, relative to it and with ``/``; ``keep`` is passed over."""
    for parent, folders, names in _walk(folder):
        here = Path(parent)
        folders[:] = [name for name in folders if here / name not in keep]
        links = [name for name in folders if (here / name).is_symlink()]
        for path in (here / name for name in (*names, *links)):
            if path not in keep:
                yield path.relative_to(folder).as_posix()


def first_foreign(folder: Path, written: Collection[str], keep: Sequence[Path]) -> str:
    """Return a file below a folder that no build has written there; empty where there is none.

    Args:
        folder: the output folder.
        written: the files that the last build has left there, as :func:`files_below` names them.
        keep: files and folders that are not looked at.
    """
    from_sources = {name.rpartition(".")[0] for name in written if name.endswith(_SOURCES_OF_OTHERS)}

    def is_foreign(name: str) -> bool:
        return name not in written and name.rpartition(".")[0] not in from_sources

    return min(filter(is_foreign, files_below(folder, keep)), default="")


def remove_files(folder: Path, keep: Sequence[Path]) -> None:
    """Remove all files below a folder but those in ``keep``, and the folders that are empty then.

    Raises:
        OSError: one cannot be removed.
    """
    for name in list(files_below(folder, keep)):
        (folder / name).unlink()
    for parent, folders, names in _walk(folder, topdown=False):
        here = Path(parent)
        if here != folder and here not in keep and not names and not any((here / name).exists() for name in folders):
            here.rmdir()


def _walk(folder: Path, *, topdown: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    def fail(error: OSError) -> None:
        raise error

    return os.walk(folder, topdown, fail) if folder.is_dir() else iter(())
