"""Text files from Jinja templates, written so that nothing is ever overwritten."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from sphinx_postmortem.cli.site import SiteError

TEMPLATES = Path(__file__).parent.parent / "templates"


def render(template: Path, values: dict[str, object]) -> str:
    """Return a template's text with its values.

    Raises:
        SiteError: the template cannot be read or used.
    """
    loader = FileSystemLoader(template.parent, encoding="utf-8")
    # The result is Markdown or a configuration file, never HTML.
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    try:
        return environment.get_template(template.name).render(values)
    except (TemplateError, OSError, UnicodeDecodeError) as error:
        raise SiteError(f"the template {template} cannot be used: {type(error).__name__}: {error}") from error


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet.

    Raises:
        SiteError: it exists, or the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise SiteError(f"{path} exists already; nothing was overwritten") from error
    except OSError as error:
        raise SiteError(f"{path} cannot be written ({error.strerror}); choose a folder you may write to") from error
