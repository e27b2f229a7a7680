"""What the browser tests share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe-core that other colours can break. They take three quarters of its time."""
# A bar for scrolling takes less than 20 pixels.
LAID_OUT = "width => innerWidth === width && Math.abs(width - document.documentElement.clientWidth) < 20"
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
AT_ONCE = "*, *::before, *::after { transition: none !important; animation: none !important }"
# Where an element has the same name, classes, text and colours as another, and the same colours behind it, it has the
# same contrast. `axe_findings` knows our elements by `pm-` in them, in what they are in, or in their links.
OURS = """() => {
  const known = new Map([[null, '']]);
  const behind = node => {
    if (!known.has(node)) {
      const css = getComputedStyle(node);
      const own = [css.backgroundColor, css.backgroundImage, css.opacity, css.position].join();
      known.set(node, behind(node.parentElement) + (own === 'rgba(0, 0, 0, 0),none,1,static' ? '' : `/${own}`));
    }
    return known.get(node);
  };
  const first = new Map();
  for (const node of document.body.querySelectorAll('*')) {
    if (![...node.childNodes].some(each => each.nodeType === Node.TEXT_NODE && each.data.trim())) continue;
    if (!node.closest('[class*="pm-"], [id*="pm-"], [href*="pm-"]') || !node.checkVisibility()) continue;
    const css = getComputedStyle(node);
    const look = [behind(node), node.localName, node.className, css.color, css.fontSize, css.fontWeight, css.textShadow,
      css.textDecorationLine, css.borderBottomStyle, getComputedStyle(node.parentElement).color].join();
    if (!first.has(look)) first.set(look, node);
  }
  return [...first.values()];
}"""
RUN = f"""options => axe.run(options.runOnly ? {{include: ({OURS})()}} : document, options)
  .then(results => results.violations.flatMap(({{id, nodes}}) => nodes.map(({{html, target}}) => [id, html, `${{target}}`])))"""
DARKNESS = """selector => {
  const channels = getComputedStyle(document.querySelector(selector)).backgroundColor.match(/[\\d.]+/g).map(Number);
  return channels.slice(0, 3).reduce((sum, each) => sum + each);
}"""


def axe_findings(page, *, all_rules: bool = True) -> tuple[list[str], list[str]]:
    """Return what axe-core finds in our elements, and what it finds in those of the theme and of other extensions.

    The rules of colours look at ours only, and at one of all that look the same; with ``all_rules`` the others look at
    the whole page.
    """
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(url="/axe.min.js")
    rules: list[dict[str, object]] = [{"runOnly": OF_COLOURS}]
    if all_rules:
        rules.append({"rules": {name: {"enabled": False} for name in OF_COLOURS}})
    found = [item for each in rules for item in page.evaluate(RUN, {"resultTypes": ["violations"], **each})]
    ours, others = [], []
    for rule, html, target in found:
        # `pm-short` keeps an id on one line; the colour of the link is the theme's.
        where = f"{html.partition('>')[0]} {target}".replace("pm-short", "")
        is_ours = "pm-" in where
        (ours if is_ours else others).append(f"{rule}: {html[:150]}")
    return ours, others


def darken(page) -> None:
    """Have a page use its dark colours, and wait until it does: themes fade to them."""
    page.add_style_tag(content=AT_ONCE)
    before = page.evaluate(DARKNESS, "body")
    page.emulate_media(color_scheme="dark")
    page.evaluate(NEXT_FRAME)
    assert page.evaluate(DARKNESS, "body") < 200 < before


def resize(page, width: int, height: int) -> None:
    """Give a page another size, and wait until it is laid out: media queries may hold before the width does."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(LAID_OUT, arg=width)
    page.evaluate(NEXT_FRAME)


@contextmanager
def twice_as_large(page, width: int, height: int) -> Iterator[None]:
    """Show a page as a window of twice the size does whose reader has set a zoom of 200 %."""
    session = page.context.new_cdp_session(page)
    metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", metrics)
    page.wait_for_function(LAID_OUT, arg=width)
    page.evaluate(NEXT_FRAME)
    assert page.evaluate("devicePixelRatio") == 2
    yield
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()
