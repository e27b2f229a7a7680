"""What stands in the files of a build: each read as those who search it for hidden words would."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdf


def texts_of(path: Path) -> Iterator[str]:
    """Return all texts of a file, whatever its format; what cannot be read as UTF-8 is replaced."""
    data = path.read_bytes()
    yield data.decode("utf-8", "replace")
    if path.name == "objects.inv":
        yield zlib.decompress(data.split(b"\n", 4)[4]).decode()
    elif path.suffix == ".epub":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name + archive.read(name).decode("utf-8", "replace")
    elif path.suffix == ".pdf":
        reader = pypdf.PdfReader(path)
        yield from (sheet.extract_text() for sheet in reader.pages)
        yield from (str(reader.metadata), str(reader.outline), str(list(reader.named_destinations)))
