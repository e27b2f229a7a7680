"""sphinx-postmortem: blameless security-incident postmortems, one source, one edition for each audience."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.2.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension with Sphinx."""
    is_on = gc.isenabled()
    gc.disable()  # modules make many objects and no garbage: the collector would look through them again and again
    try:
        from sphinx_postmortem.sphinx_ext.extension import setup_extension

        return setup_extension(app)
    finally:
        if is_on:
            gc.enable()
