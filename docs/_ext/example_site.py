"""Publishes the finished editions of the example site with the documentation: ``-D example_editions=FOLDER``.

``-D example_sheets=FOLDER`` publishes what ``agenda`` and ``drill`` have made of one of its incidents.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

EDITIONS = ("internal", "leadership", "public")
FOLDER, SHEETS = "example", "example-sheets"
TITLES = {
    "agenda": "Pack of a review meeting",
    "participants": "Exercise: participants",
    "facilitator": "Exercise: facilitator",
}


def built(app: Sphinx) -> dict[str, Path]:
    """Return the folder of each edition that is there: none where the setting names no folder."""
    given = app.config.example_editions
    folders = {name: Path(given) / name for name in EDITIONS} if given else {}
    missing = [str(folder) for folder in folders.values() if not (folder / "html/index.html").is_file()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)}: no edition; build them first: make site")
    return folders


class ExampleEditions(SphinxDirective):
    """Links to each edition and its PDFs, or the sentence that this build has none."""

    def run(self) -> list[nodes.Node]:
        items = [self.links(name, folder) for name, folder in built(self.env.app).items()]
        if not items:
            return self.parse_text_to_nodes("This build of the documentation holds no editions: `make docs` adds them.")
        return self.parse_text_to_nodes("\n".join(items))

    def links(self, name: str, folder: Path) -> str:
        pdfs = sorted(path.name for path in folder.glob("pdf/*.pdf"))
        links = [f'<a href="{FOLDER}/{name}/html/index.html"><strong>{name.capitalize()} edition</strong></a>']
        links += [f'<a href="{FOLDER}/{name}/pdf/{pdf}">{pdf.removesuffix(".pdf")}</a>' for pdf in pdfs]
        return f"- {links[0]}" + (f"; PDFs: {', '.join(links[1:])}" if pdfs else "")


class ExampleSheets(SphinxDirective):
    """Links to the pack of a review meeting and to an exercise, or the sentence that this build has none."""

    def run(self) -> list[nodes.Node]:
        folder = sheets(self.env.app)
        pages = sorted(path.stem for path in folder.glob("*.html")) if folder else []
        if not pages:
            return self.parse_text_to_nodes("This build of the documentation holds none: `make docs` adds them.")
        return self.parse_text_to_nodes("\n".join(map(self.links, pages)))

    def links(self, name: str) -> str:
        title = next(text for part, text in TITLES.items() if part in name)
        html, pdf = (
            f'<a href="{SHEETS}/{name}.{form}">{label}</a>' for form, label in (("html", title), ("pdf", "PDF"))
        )
        return f"- {html}, {pdf}"


def sheets(app: Sphinx) -> Path | None:
    """Return the folder of sheets; None where the setting names none."""
    return Path(app.config.example_sheets) if app.config.example_sheets else None


def copy_editions(app: Sphinx, error: Exception | None) -> None:
    """Handle ``build-finished``: put the editions beside the pages."""
    if error is None and app.builder.format == "html":
        for name, folder in built(app).items():
            target = app.outdir / FOLDER / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)
        if folder := sheets(app):
            shutil.copytree(folder, app.outdir / SHEETS, dirs_exist_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("example_editions", "", "env", str, "Folder with the built editions of the example site.")
    app.add_config_value("example_sheets", "", "env", str, "Folder with sheets about an incident of the example site.")
    app.add_directive("example-editions", ExampleEditions)
    app.add_directive("example-sheets", ExampleSheets)
    app.connect("build-finished", copy_editions)
    return {"parallel_read_safe": True}
