"""The lists of the example site, as the editions show them, and the same however they are built.

``UPDATE_GOLDEN=1`` writes the expected texts anew; read the differences before you commit them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Site

EXAMPLE = Path(__file__).parent.parent.parent / "example_site"
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def example(tmp_path):
    source = tmp_path / "source"
    source.symlink_to(EXAMPLE, target_is_directory=True)
    return Site(source)


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_lists_show_what_they_are_known_to_show(example, edition):
    built = example.build(edition, "text")
    for page in ("actions", "metrics", "trends", "techniques"):
        text = built.read(f"{page}.txt")
        path = GOLDEN / f"{page}-{edition}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_parallel_build_equals_a_serial_one(example, edition):
    assert example.build(edition).contents() == example.build(edition, parallel=2).contents()
