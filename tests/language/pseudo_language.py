"""A language in which every letter of ours is a full-width one: what stays in plain letters was not translated."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from sphinx_postmortem.sphinx_ext.build_language import CATALOGUE, OURS, compiled_catalogue

LANGUAGE = "eo"  # Sphinx, docutils and themes know it; we do not
_WIDE = {code: code + 0xFEE0 for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}


def wide(text: str) -> str:
    """Return a text in full-width letters; names in braces stay."""
    return "".join(part if part.startswith("{") else part.translate(_WIDE) for part in re.split(r"(\{+\w+\}+)", text))


def write_catalogue(source: Path, folder: str = "locale") -> None:
    """Write the catalogue of the language below a site's source folder."""
    with (OURS / f"{CATALOGUE}.pot").open("rb") as file:
        template = read_po(file)
    catalogue = Catalog(LANGUAGE)
    for message in template:
        if isinstance(message.id, str) and message.id:
            catalogue.add(message.id, wide(message.id))
        elif message.id:
            catalogue.add(tuple(message.id), tuple(map(wide, message.id)))
    path = source / folder / LANGUAGE / "LC_MESSAGES" / f"{CATALOGUE}.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(compiled_catalogue(catalogue))
