"""What our own builders need of Sphinx."""

from __future__ import annotations

from typing import cast

from sphinx.application import Sphinx
from sphinx.builders import Builder


def application_of(builder: Builder) -> Sphinx:
    """Return a builder's application: ``Builder.app`` is deprecated, and Sphinx 9 keeps it under another name."""
    attributes = vars(builder)
    return cast("Sphinx", attributes.get("_app") or attributes["app"])
