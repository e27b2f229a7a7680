"""What the browser tests share."""

from __future__ import annotations

RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
"""The rules of axe-core for a colour scheme: all, and then those that other colours can break."""
# A bar for scrolling takes less than 20 pixels.
LAID_OUT = "width => innerWidth === width && Math.abs(width - document.documentElement.clientWidth) < 20"
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def axe_findings(page, **options: object) -> tuple[list[str], list[str]]:
    """Return what axe-core finds in our elements, and what it finds in those of the theme and of other extensions."""
    from axe_playwright_python.sync_playwright import Axe

    ours, others = [], []
    for item in Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]:
        for node in item["nodes"]:
            # `pm-short` keeps an id on one line; the colour of the link is the theme's.
            where = f"{node['html'].partition('>')[0]} {node['target']}".replace("pm-short", "")
            is_ours = "pm-" in where
            (ours if is_ours else others).append(f"{item['id']}: {node['html'][:150]}")
    return ours, others


def resize(page, width: int, height: int) -> None:
    """Give a page another size, and wait until it is laid out: media queries may hold before the width does."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(LAID_OUT, arg=width)
    page.evaluate(NEXT_FRAME)
