"""The picture of one incident in two editions, for README and documentation: ``python -m tools.landing_picture``.

Needs the dependency group ``test`` and Chromium. What the leadership edition lacks is tinted. Parts that say the same
in both editions (navigation, impacts, key times) are left out, so that the difference fits the picture.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tools.screenshots import CHROMIUM, ROOT, build

PICTURE = ROOT / "docs/pictures/two-editions.png"
PAGE = "incidents/2026/inc-2026-001.html"
SIZE = {"width": 700, "height": 1180}
EDITIONS = {"internal": "Internal edition: everything", "leadership": "Leadership edition: the marked parts are absent"}
STYLE = """
.mobile-header, .content-icon-container, .pm-way, .pm-links, .pm-edition, .pm-impacts, .pm-times, .headerlink {
  display: none !important; }
article { padding-top: 4.2rem !important; }
tr:has(.pm-audience) td, #technical-details { background: #fff3c4 !important; }
.landing-caption { position: fixed; z-index: 9; inset: 0 0 auto; padding: .7rem 1.2rem;
  background: #1f2733; color: #fff; font: 600 22px/1.3 sans-serif; }
"""
CAPTION = """text => {
  const caption = document.createElement("div");
  caption.className = "landing-caption"; caption.textContent = text; document.body.append(caption);
}"""


def take(browser: Any, edition: str, folder: Path) -> Image.Image:
    """Return the head of the incident's page in one edition, with a caption."""
    page = browser.new_page(viewport=SIZE, device_scale_factor=1.25, color_scheme="light")
    page.goto((build("furo", edition, folder) / PAGE).as_uri(), wait_until="load")
    page.add_style_tag(content=STYLE)
    page.evaluate(CAPTION, EDITIONS[edition])
    file = folder / f"{edition}.png"
    page.screenshot(path=file)
    page.close()
    return Image.open(file).convert("RGB")


def main() -> None:
    """Build both editions, and write their pictures side by side, in 128 colours."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        left, right = (take(browser, edition, Path(name)) for edition in EDITIONS)
        gap = 16
        both = Image.new("RGB", (left.width + gap + right.width, left.height), "#d7dbe2")
        both.paste(left, (0, 0))
        both.paste(right, (left.width + gap, 0))
        PICTURE.parent.mkdir(exist_ok=True)
        both.quantize(128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
