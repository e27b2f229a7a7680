"""The gallery: each directive, rendered, beside its source in both syntaxes.

The page's text is completed in ``source-read``, before anything looks at it: a marking counts only where it stands in
the text of a page, so a directive that parsed the examples itself would be refused.
"""

from __future__ import annotations

import inspect

from gallery_examples import EXAMPLES
from sphinx.application import Sphinx

from sphinx_postmortem.sphinx_ext.on_demand import every_directive

PAGE = "reference/gallery"
PLACE = "% The gallery stands here: docs/_ext/directive_gallery.py writes it.\n"
BEFORE_THE_GATE = 1


def write_gallery(app: Sphinx, docname: str, source: list[str]) -> None:
    """Handle ``source-read``: put one section for each example in its place.

    Raises:
        ValueError: the page has no place for it.
    """
    if docname == PAGE:
        before, place, after = source[0].partition(PLACE)
        if not place:
            raise ValueError(f"{PAGE} lacks the line {PLACE!r}")
        source[0] = before + "\n".join(section(name) for name in EXAMPLES) + after


def section(name: str) -> str:
    """Return what the directive is for, its result, and its source in both syntaxes, as Markdown."""
    example = EXAMPLES[name]
    tabs = (("Markdown", "md", example.markdown(name)), ("reStructuredText", "rst", example.restructuredtext(name)))
    items = "".join(
        f":::::{{tab-item}} {title}\n:sync: {code}\n\n`````{code}\n{text}`````\n:::::\n" for title, code, text in tabs
    )
    # A sentence that names a marking directive is none.
    head = f"<!-- postmortem: no-marking -->\n{purpose(name)} All options: {{rst:dir}}`{name}`."
    return (
        f"(gallery-{name})=\n## `{name}`\n\n{head}\n\n{example.markdown(name)}\n"
        f"::::::{{tab-set}}\n:sync-group: syntax\n\n{items}::::::\n"
    )


def purpose(name: str) -> str:
    """Return the first sentence of a directive's documentation."""
    text = " ".join(inspect.cleandoc(every_directive()[name].__doc__ or "").split()).replace("``", "`")
    first, _, _ = text.partition(". ")
    return first.rstrip(".") + "."


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", write_gallery, priority=BEFORE_THE_GATE)
    return {"parallel_read_safe": True}
