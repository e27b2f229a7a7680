"""``sphinx-postmortem owners``: a page for each registered owner, for sites too large for one list of all actions."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from sphinx_postmortem.cli.site import Site, SiteError, read_site
from sphinx_postmortem.cli.templates import render, write_new
from sphinx_postmortem.cli.terminal import echo
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.file_stems import stem_of_id
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.html_templates import TEMPLATES

_DIRECTIVE = expression(
    r"^[ \t]*(?:(?::{3,}|`{3,})\{(?:postmortem:)?actions-by-owner\}|\.\. (?:postmortem:)?actions-by-owner::)[^\n]*\n"
    r"((?:(?![ \t]*:::)[ \t]*:[^\n]*\n)*)",
    re.MULTILINE,
)
_CHOICE = expression(r":(?:owner|team|since|until|overview|overdue|audience):")
_MARKUP = expression(r"([\\`*_{}\[\]<>#$|])")


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--folder", default="owners", show_default=True, help="Folder below SRC for the pages.")
def owners(source: Path, folder: str) -> None:
    r"""Write a page with the actions of each owner in postmortem_owners, and an overview of all.

    Pages that exist are kept as they are: run it again after an owner was added. The pages hold no actions, only the
    directive that lists them, so that each edition shows its own. Where a page of the site has the index of all
    actions already, such as actions.md, no second one is written.

    \b
    Examples:
      sphinx-postmortem owners postmortems
      sphinx-postmortem owners postmortems --folder teams/owners

    Exit codes: 0 done, 1 the site or a file cannot be used, 2 wrong use.
    """
    site = read_site(source.resolve())
    registered = site.settings.owners
    if not registered:
        raise SiteError("postmortem_owners names nobody; add the owners to conf.py, or to the file that it names")
    target = source / folder
    if not target.resolve().is_relative_to(source.resolve()):
        raise SiteError(f"{folder} lies outside {source}; name a folder below it")
    audience = last_with_names(site)
    pages = {
        target / f"{stem_of_id(owner.id)}.md": (
            "owner.md.j2",
            {"title": _escaped(owner.label), "owner": owner.id, "audience": audience},
        )
        for owner in registered
    }
    whole_index = page_with_index(source, target)
    if whole_index is None:
        pages[target / "index.md"] = ("index.md.j2", {})
    for path, (template, values) in pages.items():
        if path.exists():
            echo(f"kept     {path}")
            continue
        write_new(path, render(TEMPLATES / "owners" / template, dict(values)))
        echo(f"written  {path}")
    if whole_index is None:
        echo(f"\nAdd {folder}/index to a toctree, if it is in none yet.")
    else:
        where = Path(os.path.relpath(target, whole_index.parent)).as_posix()
        echo(f"\n{whole_index} lists all actions by owner. Let it lead to the new pages, if it does not yet:")
        echo(f"\n    ```{{toctree}}\n    :glob:\n    :hidden:\n\n    {where}/*\n    ```")


def page_with_index(source: Path, folder: Path) -> Path | None:
    """Return the page, outside a folder and for all audiences, that has the index of all actions by owner."""
    for path in sorted((*source.rglob("*.md"), *source.rglob("*.rst"))):
        if path.is_relative_to(folder) or any(part.startswith((".", "_")) for part in path.relative_to(source).parts):
            continue
        try:
            text = read_regular(path).decode("utf-8", "replace")
        except OSError:
            continue  # the build reports what it cannot read
        is_index = any(not _CHOICE.search(match[1]) for match in _DIRECTIVE.finditer(text))
        if is_index and not read_page_marking(text, markdown=path.suffix == ".md").name:
            return path
    return None


def last_with_names(site: Site) -> str:
    """Return the least privileged audience that sees names; empty where all do. A page's address holds its owner's."""
    names = [name for name in site.audiences.names if name not in site.settings.without_names]
    return names[-1] if names and len(names) < len(site.audiences.names) else ""


def _escaped(text: str) -> str:
    """Return a text for a Markdown heading that shows it as it is."""
    return _MARKUP.sub(r"\\\1", text)
