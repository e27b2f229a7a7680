"""The core knows every directive by name."""

from __future__ import annotations

from sphinx_postmortem.core.vocabulary import DIRECTIVE_NAMES
from sphinx_postmortem.sphinx_ext.extension import DIRECTIVES


def test_the_names_are_those_that_are_registered():
    assert set(DIRECTIVE_NAMES) == set(DIRECTIVES)
