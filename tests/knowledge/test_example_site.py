"""The lists of the example site, as the editions show them, and the same however they are built.

``UPDATE_GOLDEN=1`` writes the expected texts anew; read the differences before you commit them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Site, published_files
from tests.example_editions import EXAMPLE, build_example, example_edition

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module", params=["internal", "leadership"])
def texts(request, tmp_path_factory):
    source = tmp_path_factory.mktemp("texts") / "source"
    source.symlink_to(EXAMPLE, target_is_directory=True)
    return request.param, Site(source).build(request.param, "text")


def test_lists_show_what_they_are_known_to_show(texts):
    edition, built = texts
    for page in ("actions", "metrics", "trends", "techniques"):
        text = built.read(f"{page}.txt")
        path = GOLDEN / f"{page}-{edition}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")


def empty_headings(text: str) -> list[str]:
    """Return the headings of a page in plain text below which nothing stands, not even a section of theirs."""
    lines = [line for line in text.partition("\n-[ Related incidents ]-\n")[0].splitlines() if line]  # derived
    levels = {place: "*=-~".find(under[0]) for place, under in enumerate(lines[1:]) if set(under) in map(set, "*=-~")}
    return [
        lines[place]
        for place, level in levels.items()
        if place + 2 >= len(lines) or (place + 2 in levels and levels[place + 2] <= level)
    ]


def test_no_heading_stands_without_its_content(texts):
    assert empty_headings("T\n***\n\nA\n=\n\nB\n=\n\nC\n-\n\nText.\n\nD\n=\n") == ["A", "D"]
    pages = sorted(texts[1].outdir.rglob("*.txt"))
    found = {page.stem: empty for page in pages if (empty := empty_headings(page.read_text(encoding="utf-8")))}
    assert pages
    assert found == {}


def test_parallel_build_equals_a_serial_one(tmp_path, tmp_path_factory):
    """That of filtered editions is compared in ``noninterference``, with other hidden content."""
    serial = published_files(example_edition(tmp_path_factory, "internal"))
    assert "postmortems.json" in serial
    assert build_example(tmp_path, "internal", parallel=2).contents() == serial
