"""Compiles the catalogues into the wheel: hatchling calls it, and an installed package needs no sources of them."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface[Any]):
    """Adds a ``.mo`` for each ``.po`` of ``sphinx_postmortem/locale``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile them, but for an editable install, which reads the sources."""
        if version == "editable":
            return
        root = Path(self.root)
        self.folder = tempfile.TemporaryDirectory()
        for source in sorted((root / "sphinx_postmortem" / "locale").rglob("*.po")):
            inside = source.relative_to(root).with_suffix(".mo")
            compiled = Path(self.folder.name, inside)
            compiled.parent.mkdir(parents=True, exist_ok=True)
            file = io.BytesIO()
            write_mo(file, read_po(io.BytesIO(source.read_bytes())))
            compiled.write_bytes(file.getvalue())
            build_data["force_include"][str(compiled)] = inside.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what the wheel holds by now."""
        if version != "editable":
            self.folder.cleanup()
