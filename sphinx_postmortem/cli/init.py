"""``sphinx-postmortem init``: a working knowledge base in an empty folder, or beside an existing Sphinx project."""

from __future__ import annotations

import importlib.util
import json
import shlex
from collections.abc import Mapping
from pathlib import Path

import click

from sphinx_postmortem.cli.bounded_templates import render_any
from sphinx_postmortem.cli.site import SiteError, read_site
from sphinx_postmortem.cli.templates import texts_in, write_new
from sphinx_postmortem.cli.terminal import ask, echo, readable
from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.exports.command_json import InitData
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.html_templates import TEMPLATES

# Template, and the file it makes below the folder.
FILES = {
    "conf.py": "conf.py.j2",
    "owners.toml": "owners.toml.j2",
    "index.md": "index.md.j2",
    "incidents/index.md": "incidents_index.md.j2",
    "incidents/about.md": "incidents_about.md.j2",
    "actions.md": "actions.md.j2",
    "metrics.md": "metrics.md.j2",
    "runbooks/index.md": "runbooks_index.md.j2",
    "runbooks/steps/first-hour.md": "runbook.md.j2",
    ".gitignore": "gitignore.j2",
    ".pre-commit-config.yaml": "pre-commit.yaml.j2",
}
RELEASE_FILES = {
    "github": {".github/CODEOWNERS": "codeowners.j2"},
    "gitlab": {"CODEOWNERS": "codeowners.j2"},
    "none": {},
}
CI_FILES = {
    "github": {".github/workflows/postmortems.yml": "postmortems.yml.j2"},
    "gitlab": {".gitlab-ci.yml": "gitlab-ci.yml.j2"},
    "none": {},
}

# What GitHub, GitLab and pre-commit look for at the root of a repository; commands in these files begin there.
READ_AT_THE_ROOT = tuple(
    dict.fromkeys(
        (
            *(name for files in (*CI_FILES.values(), *RELEASE_FILES.values()) for name in files),
            ".pre-commit-config.yaml",
        )
    )
)

_CONF_LINES = """\
Your conf.py was not changed. Add to it:

    extensions = [..., "sphinx_postmortem"]
    postmortem_audiences = {audiences}

    postmortem_owners = "owners.toml"
    postmortem_runbook_paths = ["runbooks/steps/**"]
"""
_TOCTREE_LINES = """\
Your landing page was not changed. Add to one of its toctrees:

    incidents/index
    runbooks/index
    actions
    metrics
"""


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="Title of the site.  [default: Incident library]")
@click.option("--language", metavar="CODE", default="en", show_default=True, help="Language of the site, such as de.")
@click.option("--theme", help="HTML theme. Default: furo where it is installed, else alabaster.")
@click.option("--ci", type=click.Choice(list(CI_FILES)), default="github", show_default=True, help="CI workflow for.")
@click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Your own Jinja templates: DIR/index.md.j2 makes index.md in place of the product's.",
)
@click.option(
    "--audiences",
    metavar="NAMES",
    help="Who reads the site, most privileged first, such as internal,leadership,public. Each gets an edition.",
)
@click.option(
    "--release",
    "released",
    multiple=True,
    metavar="NAME",
    help="Edition that shows a page only as people have approved it; repeat for several. Default: none.",
)
@click.option("--json", "as_json", is_flag=True, help="Print which files were written and which kept as JSON.")
def init(
    folder: Path,
    name: str | None,
    language: str,
    theme: str | None,
    ci: str,
    templates: Path | None,
    audiences: str | None,
    released: tuple[str, ...],
    as_json: bool,
) -> None:
    r"""Make a knowledge base in FOLDER (default: this folder).

    Files that exist are kept as they are; a conf.py is never rewritten, the lines to add are shown.

    \b
    Examples:
      sphinx-postmortem init
      sphinx-postmortem init postmortems --name "Incident library" --theme furo
      sphinx-postmortem init postmortems --templates our-templates --ci gitlab
      sphinx-postmortem init postmortems --audiences internal,leadership,public --release public

    Without --audiences they are asked on a terminal; elsewhere the site has one, internal, and one edition.

    Exit codes: 0 done, 1 a file could not be written, 2 wrong use.
    """
    names = read_audiences(audiences)
    refuse_unknown_releases(released, names)
    texts = texts_in(language, asked=True)
    title = texts(later("Incident library")) if name is None else name
    values = {
        **template_values(folder, title, theme, names, released),
        "_": texts,
        "language": "" if language == "en" else language.replace("-", "_"),
    }
    # All texts are made before the first is written, so that a template that fails leaves nothing half done.
    made = {
        target: render_any(template, values)
        for target, template in templates_for(ci, templates, released=bool(released)).items()
    }
    root = f"{root_page(folder)}.md"
    kept = {
        target: existing
        for target in made
        if (existing := existing_page(folder, root if target == "index.md" else target))
    }
    if len(kept) == len(made):
        raise SiteError(f"{folder} holds all these files already; nothing was written")
    written = [target for target in made if target not in kept]
    for target in written:
        write_new(folder / target, made[target])
    if as_json:
        echo(json.dumps(init_data(folder, written, list(kept.values())), indent=1))
        return
    for target in made:
        echo(f"{'kept   ' if target in kept else 'written'}  {folder / kept.get(target, target)}")
    say_next(folder, kept, names, released)


def template_values(
    folder: Path, name: str, theme: str | None, audiences: tuple[str, ...], released: tuple[str, ...]
) -> dict[str, object]:
    """Return what the templates say of the site."""
    chosen = theme or ("furo" if importlib.util.find_spec("furo") else "alabaster")
    packages = {"alabaster": "", "pydata_sphinx_theme": "pydata-sphinx-theme", "sphinx_book_theme": "sphinx-book-theme"}
    _, below = below_repository(folder)
    return {
        "name": " ".join(readable(name).split()).replace("\\", "").replace('"', "'"),
        "theme": chosen,
        "theme_package": packages.get(chosen, chosen),
        "folder": shlex.quote(below),
        "path": "" if below == "." else "/" + below.replace(" ", "\\ "),
        "audiences": audiences,
        "released": list(dict.fromkeys(released)),
        "charts": importlib.util.find_spec("matplotlib") is not None,  # else each build would warn
    }


def read_audiences(written: str | None) -> tuple[str, ...]:
    """Return the audiences that are given or asked for, most privileged first.

    Raises:
        click.BadParameter: they cannot be audiences.
    """
    question = "Audiences, most privileged first, such as internal, leadership, public"
    return ask(question, "internal", _as_audiences) if written is None else _as_audiences(written)


def _as_audiences(written: str) -> tuple[str, ...]:
    try:
        return Audiences(tuple(name.strip().casefold() for name in written.split(",") if name.strip())).names
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--audiences") from error


def refuse_unknown_releases(released: tuple[str, ...], audiences: tuple[str, ...]) -> None:
    """Refuse editions that a new site lacks, and the first, of which nothing is approved.

    Raises:
        click.BadParameter: such a name is given.
    """
    known = audiences[1:]
    for name in released:
        if name not in known:
            raise click.BadParameter(
                f'"{name}" cannot be approved; choose from {", ".join(known) or "those that --audiences names"}',
                param_hint="--release",
            )


def init_data(folder: Path, written: list[str], kept: list[str]) -> InitData:
    """Return what ``--json`` prints: which files, below the folder, were written and which kept."""
    return {"folder": str(folder), "written": written, "kept": kept}


def templates_for(ci: str, own: Path | None, *, released: bool) -> dict[str, Path]:
    """Return the template of each file to make: the product's, in place of which or beside which own ones stand."""
    found = {
        target: TEMPLATES / "init" / name
        for target, name in {**FILES, **CI_FILES[ci], **(RELEASE_FILES[ci] if released else {})}.items()
    }
    if own is not None:
        for path in sorted(own.rglob("*.j2")):
            found[path.relative_to(own).as_posix().removesuffix(".j2")] = path
        if not any(path.is_relative_to(own) for path in found.values()):
            raise SiteError(f"{own} holds no template; name its files such as index.md.j2")
    return found


def root_page(folder: Path) -> str:
    """Return the landing page of a site that is there already, by its ``conf.py``; ``index`` for a new one."""
    try:
        return read_site(folder.resolve()).root
    except SiteError:
        return "index"


def below_repository(folder: Path) -> tuple[Path, str]:
    """Return the root of the Git repository that a folder lies in, and the folder's path below it.

    Where there is no repository, the folder is taken as its root.
    """
    here = folder.resolve()
    root = next((above for above in (here, *here.parents) if (above / ".git").exists()), here)
    return root, here.relative_to(root).as_posix()


def existing_page(folder: Path, target: str) -> str:
    """Return the file that stands for a target already: itself, or the page in the other markup; empty for none."""
    names = [target]
    if target.endswith(".md"):
        names.append(target.removesuffix(".md") + ".rst")  # Sphinx takes only one of both
    return next((name for name in names if (folder / name).exists()), "")


def say_next(folder: Path, kept: Mapping[str, str], audiences: tuple[str, ...], released: tuple[str, ...]) -> None:
    """Print what is left to be done by hand, and the next commands."""
    if "conf.py" in kept and "sphinx_postmortem" not in (folder / "conf.py").read_text("utf-8", "replace"):
        echo(f"\n{_CONF_LINES.format(audiences=json.dumps(audiences))}", nl=False)
    if "index.md" in kept:
        echo(f"\n{_TOCTREE_LINES}", nl=False)
    root, below = below_repository(folder)
    moved = [name for name in READ_AT_THE_ROOT if (folder / name).exists()]
    if below != "." and moved:
        echo(f"\nThese files are read at the root of the repository alone. Move them from {below} to {root}:")
        echo("".join(f"    {name}\n" for name in moved), nl=False)
    here = "" if folder == Path() else f" {shlex.quote(str(folder))}"
    echo(f"\nNext:\n  sphinx-postmortem new{here}\n  sphinx-postmortem serve{here}")
    for name in released:
        echo(f"  sphinx-postmortem approve {here.strip() or '.'} --edition {name}")
