"""Pictures of the example site in every supported theme: ``python -m tools.screenshots OUT [--theme NAME ...]``.

One PNG for each theme, edition, page and width, in the dark, with text twice as large, from right to left, with forced
colours and without JavaScript, and a PDF as the browser prints it. ``--page``, ``--edition`` and ``--view`` choose.
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
WIDTHS = {"390": (390, 844), "820": (820, 1180), "1400": (1400, 900), "1920": (1920, 1080)}
DARK = ("390", "1400")
# What a script does to a page before the picture is taken.
CHANGES = {
    "large": "document.documentElement.style.fontSize = '200%'",
    "rtl": "document.documentElement.dir = 'rtl'",
}
EDITIONS = ("internal", "leadership")
PAGES = {
    "landing": "index.html",
    "incident": "incidents/2026/inc-2026-002.html",
    "draft": "incidents/2026/inc-2026-012.html",
    "incidents": "incidents/index.html",
    "actions": "actions.html",
    "metrics": "metrics.html",
    "trends": "trends.html",
    "runbook": "runbooks/stolen-credential.html",
    "runbooks": "runbooks/index.html",
    "unhelpful": "runbooks/node-failure.html",
    "search": "search.html?q=2026-002",
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
    """Yield the name of each view of a page, and the browser's settings for it."""
    for width, (x, y) in WIDTHS.items():
        yield width, {"viewport": {"width": x, "height": y}}
    for width in DARK if "dark" in THEMES[theme] else ():
        x, y = WIDTHS[width]
        yield f"{width}-dark", {"viewport": {"width": x, "height": y}, "color_scheme": "dark"}
    x, y = WIDTHS["1400"]
    desk: dict[str, Any] = {"viewport": {"width": x, "height": y}}
    yield "noscript", {**desk, "java_script_enabled": False}
    yield "forced", {**desk, "forced_colors": "active"}
    yield "print", {}
    for change in CHANGES:
        yield change, desk


def take(browser: Any, html: Path, pictures: Path, pages: Sequence[str], chosen: dict[str, dict[str, Any]]) -> int:
    """Write the pictures of one build, and return their number. ``pictures`` is the beginning of their names."""
    taken = 0
    for view, options in chosen.items():
        context = browser.new_context(**options)
        page = context.new_page()
        for name in pages:
            path, _, query = PAGES[name].partition("?")
            if not (html / path).is_file():
                continue  # what the edition does not show
            page.goto((html / path).as_uri() + (f"?{query}" if query else ""), wait_until="load")
            if view in CHANGES:
                page.evaluate(CHANGES[view])
            if view == "print":
                page.pdf(path=f"{pictures}-{name}-{view}.pdf", format="A4")
            else:
                page.screenshot(path=f"{pictures}-{name}-{view}.png", full_page=True)
            taken += 1
        context.close()
    return taken


def main() -> None:
    """Build, and take all pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--theme", action="append", choices=list(THEMES), help="only this theme; may be repeated")
    parser.add_argument("--edition", action="append", choices=EDITIONS, help="only this edition; may be repeated")
    parser.add_argument("--page", action="append", choices=list(PAGES), help="only this page; may be repeated")
    parser.add_argument("--view", action="append", help="only this view, such as 390-dark; may be repeated")
    asked = parser.parse_args()
    if not CHROMIUM:
        parser.error("Chromium is not installed (apt-get install chromium, or name it in the variable CHROMIUM)")
    from playwright.sync_api import sync_playwright

    out: Path = asked.out.resolve()
    (out / "builds").mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for theme in asked.theme or THEMES:
            chosen = {name: view for name, view in views(theme) if name in (asked.view or [name])}
            for edition in asked.edition or EDITIONS:
                html = build(theme, edition, out / "builds")
                number = take(browser, html, out / f"{theme}-{edition}", asked.page or list(PAGES), chosen)
                print(f"{theme}, {edition}: {number} pictures", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
