"""Print our texts in a language as JSON: ``python -m sphinx_postmortem.sphinx_ext.catalogue_texts LANGUAGE [FOLDER…]``.

A program of its own, for the command line: catalogues are read by a library of Sphinx. It prints the translation of
each text by the English one; nothing for a language without a catalogue. The folders are a site's ``locale_dirs``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import read_mo

from sphinx_postmortem.sphinx_ext.build_language import catalogues_of


def translations(language: str, folders: Iterable[Path]) -> dict[str, str]:
    """Return the translation of each text that has one, by the English text; of texts with a number, none."""
    found: dict[str, str] = {}
    for content in catalogues_of(language, folders):
        for message in read_mo(BytesIO(content)):
            if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string:
                found.setdefault(message.id, message.string)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(translations(sys.argv[1], map(Path, sys.argv[2:]))) + "\n")
