"""Publishes the finished editions of the example site with the documentation: ``-D example_editions=FOLDER``."""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

EDITIONS = ("internal", "leadership", "public")
FOLDER = "example"


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


def copy_editions(app: Sphinx, error: Exception | None) -> None:
    """Handle ``build-finished``: put the editions beside the pages."""
    if error is None and app.builder.format == "html":
        for name, folder in built(app).items():
            target = app.outdir / FOLDER / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("example_editions", "", "env", str, "Folder with the built editions of the example site.")
    app.add_directive("example-editions", ExampleEditions)
    app.connect("build-finished", copy_editions)
    return {"parallel_read_safe": True}
