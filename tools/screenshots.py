"""Pictures of the example site in every supported theme: ``python -m tools.screenshots OUT [--theme NAME ...]``.

One PNG for each theme, edition, page, width, colour scheme, one without JavaScript, and a PDF as the browser prints it.
Needs the dependency groups ``test`` and ``themes``, and Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "example_site"

# Each theme, and the colour schemes that it has.
THEMES = {
    "furo": ("light", "dark"),
    "pydata_sphinx_theme": ("light", "dark"),
    "sphinx_book_theme": ("light", "dark"),
    "sphinx_rtd_theme": ("light",),
    "alabaster": ("light",),
}
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
EDITIONS = ("internal", "leadership")
PAGES = {
    "landing": "index.html",
    "incident": "incidents/2026/inc-2026-002.html",
    "actions": "actions.html",
    "register": "incidents/index.html",
}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def build(theme: str, edition: str, out: Path, exclude: Sequence[str] = ()) -> Path:
    """Build an edition of the example site with a theme, and return its HTML folder."""
    folder = out / f"{theme}-{edition}"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(out / f"{theme}-{edition}-doctrees")]
    command += ["-D", f"html_theme={theme}", "-D", f"postmortem_audience={edition}", str(EXAMPLE), str(folder)]
    command += ["-D", f"exclude_patterns={','.join(exclude)}"] if exclude else []
    subprocess.run(command, check=True)
    return folder


def views(theme: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a name and the browser's settings for each width and colour scheme, and one without JavaScript."""
    for width, (x, y) in WIDTHS.items():
        for scheme in THEMES[theme]:
            yield f"{width}-{scheme}", {"viewport": {"width": x, "height": y}, "color_scheme": scheme}
    x, y = WIDTHS["desk"]
    yield "desk-noscript", {"viewport": {"width": x, "height": y}, "java_script_enabled": False}


def take(browser: Any, theme: str, edition: str, html: Path, out: Path) -> int:
    """Write the pictures of one build, and return their number."""
    taken = 0
    for view, options in views(theme):
        context = browser.new_context(**options)
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto((html / path).as_uri(), wait_until="load")
            page.screenshot(path=out / f"{theme}-{edition}-{name}-{view}.png", full_page=True)
            taken += 1
        context.close()
    page = browser.new_page()
    for name, path in PAGES.items():
        page.goto((html / path).as_uri(), wait_until="load")
        page.pdf(path=out / f"{theme}-{edition}-{name}-print.pdf", format="A4")
        taken += 1
    page.close()
    return taken


def main() -> None:
    """Build, and take all pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--theme", action="append", choices=list(THEMES), help="only this theme; may be repeated")
    asked = parser.parse_args()
    if not CHROMIUM:
        parser.error("Chromium is not installed (apt-get install chromium, or name it in the variable CHROMIUM)")
    from playwright.sync_api import sync_playwright

    out: Path = asked.out.resolve()
    (out / "builds").mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for theme in asked.theme or THEMES:
            for edition in EDITIONS:
                number = take(browser, theme, edition, build(theme, edition, out / "builds"), out)
                print(f"{theme}, {edition}: {number} pictures", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
