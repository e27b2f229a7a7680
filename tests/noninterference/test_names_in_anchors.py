"""A reference without a text of its own: the name of a hidden target must not become the anchor of what holds it."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

CONF = 'postmortem_audience_paths = {"secret": "internal"}\n'
SECRET = {
    "secret/zqhid.md": "(zqhid)=\n# zqhid\n\n:::{incident-summary} SEC-zqhid\n\nx\n:::\n",
    "secret/zqhid.txt": "x",
    "secret/zqhid.png": "x",
}
INDEX = "# T\n\n```{{toctree}}\n:glob:\n*\n```\n\n{}\n"


@pytest.mark.parametrize(
    "text",
    [
        "## See {ref}`zqhid` now",
        "## {incident}`SEC-zqhid`",
        "# {doc}`secret/zqhid`",
        ":::{glossary}\n{download}`secret/zqhid.txt`\n: x\n:::",
        ":::{glossary}\n{ref}`zqhid`\n: x\n:::",
    ],
)
def test_it_stops_the_edition_and_leaves_no_page(site, text):
    made = site({"index.md": INDEX.format(text), **SECRET}, CONF)
    with pytest.raises(ExtensionError, match="give the reference a text of its own"):
        made.build("leadership", warnings=True)
    assert not list(made.source.parent.rglob("*.html"))


def test_a_title_of_a_box_is_no_class(site):
    titles = ("{ref}`words <zqhid>`", "{doc}`secret/zqhid`", "![](secret/zqhid.png)", "plain")
    boxes = "\n\n".join(f":::{{admonition}} {title}\nx\n:::" for title in titles)
    built = site({"index.md": INDEX.format(boxes), **SECRET}, CONF).build("leadership", warnings=True)
    assert b"zqhid" not in built.all_bytes()
    assert "admonition-plain" in built.read("index.html")
