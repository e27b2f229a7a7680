"""What other extensions add after a page was read is approved somewhere, or refused."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

from .test_shown import CONF, FILES, approve

LATE = """
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

class Later(SphinxPostTransform):
    default_priority = 400
    def run(self, **kwargs):
        if self.config.late_way == "transform":
            self.document += nodes.paragraph("", self.config.late_text)

def resolved(app, tree, docname):
    if app.config.late_way == "event":
        tree += nodes.paragraph("", app.config.late_text)
    if app.config.late_way == "raw":
        tree += nodes.raw("", f"<p class='x'>{app.config.late_text}</p><hr>", format="html")

def setup(app):
    app.add_config_value("late_text", "", "")
    app.add_config_value("late_way", "", "")
    app.add_post_transform(Later)
    app.connect("doctree-resolved", resolved, priority=999)
"""
WITH_LATE = (
    "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nextensions.append('late_of_others')\n"
    'postmortem_release = {"public": "required"}\n' + CONF
)


@pytest.fixture
def late(site):
    source = site({**FILES, "late_of_others.py": LATE}, WITH_LATE)
    approve(source)
    return source


@pytest.mark.parametrize("way", ["transform", "event", "raw"])
def test_a_text_that_comes_late_is_refused_and_nothing_is_left(late, way):
    with pytest.raises(ExtensionError, match='shows "Nobody knows this", which an extension has added'):
        late.build("public", late_way=way, late_text="Nobody knows this")
    folder = late.source.parent / f"build-public-html-{late.builds}/html"
    assert [path.name for path in folder.iterdir()] == [".postmortem-edition"]


@pytest.mark.parametrize("text", ["Executive", "Other", "Caption words", "2026-03-02", "12 / 7"])
def test_a_text_that_repeats_what_is_approved_may_come_late(late, text):
    assert text in late.build("public", late_way="event", late_text=text).read("other.html")


def test_a_pattern_allows_additions(late):
    late.build("public", late_way="event", late_text="Posted on Monday", postmortem_release_additions=["Posted on *"])


def test_editions_without_releases_are_as_they_were(late):
    assert "Nobody knows" in late.build("leadership", late_way="event", late_text="Nobody knows").read("index.html")


LISTS = """# Lists

:::{incident-list}
:::

:::{actions-by-owner}
:::

:::{incident-metrics}
:::

{numref}`picture`, {action}`SEC-1/A1`, {owner}`ops`, {doc}`/index`, {ref}`label`

```{figure} /pixel.svg
:name: picture

Figure
```

```{contents}
```

```{toctree}
:glob:

*
```
"""


@pytest.mark.parametrize("builder", ["html", "latex", "pdf", "text", "epub"])
def test_our_own_lists_and_references_are_made_of_approved_statements(site, builder):
    actions = "\n## `Code` in a *title*\n\n:::{action-table}\n| ID | Action | Owner | Due date | Status |\n|--|--|--|--|--|\n| A1 | Do | ops | 2026-03-02 | open |\n\n:::\n"
    files = {**FILES, "lists.md": LISTS}
    files["index.md"] = str(FILES["index.md"]) + actions
    conf = CONF + 'numfig = True\npostmortem_release = {"public": "required"}\npostmortem_today = "2026-04-01"\n'
    source = site(
        files, conf + 'extensions += ["sphinx_design"]\nsuppress_warnings = ["epub", "postmortem.pdf-image", "toc"]\n'
    )
    approve(source)
    assert source.build("public", builder, warnings=True).outdir.exists()
