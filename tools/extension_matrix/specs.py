"""The extensions that are tried, from ``extensions.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Spec:
    """One extension; the head of ``extensions.toml`` says what the fields are."""

    module: str
    package: str = ""
    conf: str = ""
    own: str = ""
    rst: bool = False
    files: dict[str, str] = field(default_factory=dict[str, str])
    cure: str = ""
    builder: str = "html"
    noise: str = ""

    @property
    def name(self) -> str:
        """The name in the table."""
        return self.package or self.module


def read_specs() -> tuple[Spec, ...]:
    """Return all extensions, in the order of the file."""
    text = Path(__file__).with_name("extensions.toml").read_text(encoding="utf-8")
    return tuple(Spec(**entry) for entry in tomllib.loads(text)["extension"])
