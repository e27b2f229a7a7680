"""``sphinx-postmortem init``: a working knowledge base in an empty folder, or beside an existing Sphinx project."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

from sphinx_postmortem.cli.render import TEMPLATES, render, write_new
from sphinx_postmortem.cli.site import SiteError

# Template, and the file it makes below the folder.
FILES = (
    ("conf.py.j2", "conf.py"),
    ("owners.toml.j2", "owners.toml"),
    ("index.md.j2", "index.md"),
    ("incidents_index.md.j2", "incidents/index.md"),
    ("actions.md.j2", "actions.md"),
    ("runbooks_index.md.j2", "runbooks/index.md"),
    ("runbook.md.j2", "runbooks/steps/first-hour.md"),
    ("postmortems.yml.j2", ".github/workflows/postmortems.yml"),
    ("pre-commit.yaml.j2", ".pre-commit-config.yaml"),
)

_CONF_LINES = """\
extensions = [..., "sphinx_postmortem"]
postmortem_audiences = ["internal", "leadership", "public"]
"""


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="Incident library", show_default=True, help="Title of the site.")
@click.option("--theme", help="HTML theme. Default: furo where it is installed, else alabaster.")
def init(folder: Path, name: str, theme: str | None) -> None:
    r"""Make a knowledge base in FOLDER (default: this folder).

    Files that exist are kept as they are; a conf.py is never rewritten, the lines to add are shown.

    \b
    Examples:
      sphinx-postmortem init
      sphinx-postmortem init postmortems --name "Incident library" --theme furo

    Exit codes: 0 done, 1 a file could not be written, 2 wrong use.
    """
    chosen = theme or ("furo" if importlib.util.find_spec("furo") else "alabaster")
    packages = {"alabaster": "", "pydata_sphinx_theme": "pydata-sphinx-theme", "sphinx_book_theme": "sphinx-book-theme"}
    values: dict[str, object] = {
        "name": " ".join(name.split()).replace("\\", "").replace('"', "'"),
        "theme": chosen,
        "theme_package": packages.get(chosen, chosen),
        "folder": ".",
    }
    has_conf = (folder / "conf.py").exists()
    kept = 0
    for template, target in FILES:
        path = folder / target
        if path.exists():
            kept += 1
            click.echo(f"kept     {path}")
            continue
        write_new(path, render(TEMPLATES / "init" / template, values))
        click.echo(f"written  {path}")
    if kept == len(FILES):
        raise SiteError(f"{folder} holds all these files already; nothing was written")
    if has_conf:
        click.echo("\nYour conf.py was not changed. Add to it, and add the new pages to a toctree:\n")
        click.echo(_CONF_LINES)
    here = "" if folder == Path() else f" {folder}"
    click.echo(f"\nNext:\n  sphinx-postmortem new{here}\n  sphinx-postmortem serve{here}")
