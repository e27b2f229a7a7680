"""The records of pages as the environment stores them: those of each page as bytes, read when somebody asks for them.

A build after an edit stores those of the changed page anew: the bytes of the others are stored as they were.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping

from sphinx_postmortem.core.records.model import PageRecords


class StoredRecords:
    """What a page holds. Only ``data`` or ``known`` may be missing: bytes of this build, or records not asked for."""

    def __init__(self, records: PageRecords) -> None:
        """Hold records of this build; their bytes are made when the environment is stored."""
        self.data = b""
        self.known: PageRecords | None = records

    @property
    def records(self) -> PageRecords:
        """The records, always the same object."""
        if self.known is None:
            known: PageRecords = pickle.loads(self.data)  # noqa: S301  # of the environment, a pickle itself
            self.known = known
        return self.known

    def __getstate__(self) -> bytes:
        """Return the bytes; they are not kept, since what is known of records of this build may grow."""
        return self.data or pickle.dumps(self.known, pickle.HIGHEST_PROTOCOL)

    def __setstate__(self, data: bytes) -> None:
        """Hold bytes that nobody has asked for yet."""
        self.data = data
        self.known = None


class RecordsOfPages(Mapping[str, PageRecords]):
    """The records by page, each read when it is asked for."""

    def __init__(self, stored: Mapping[str, StoredRecords]) -> None:
        """Look into what is stored."""
        self._stored = stored

    def __getitem__(self, docname: str) -> PageRecords:
        """Return what a page holds."""
        return self._stored[docname].records

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the pages."""
        return iter(self._stored)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._stored)

    def __contains__(self, docname: object) -> bool:
        """Say whether a page holds records, without reading them."""
        return docname in self._stored
