"""Text files from Jinja templates, written so that nothing is ever overwritten."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from sphinx_postmortem.cli.site import SiteError


def render(template: Path, values: dict[str, object]) -> str:
    """Return a template's text with its values.

    Raises:
        SiteError: the template cannot be read or used.
    """
    loader = FileSystemLoader(template.parent, encoding="utf-8")
    # The result is Markdown or a configuration file, never HTML. A template is text of others: it runs no program.
    environment = SandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    try:
        return environment.get_template(template.name).render(values)
    except Exception as error:  # a template can raise anything, such as a division by zero
        place = f"{template}{_line_of(error, template.name)}"
        raise SiteError(f"{place}: the template cannot be used: {type(error).__name__}: {error}") from error


def _line_of(error: Exception, name: str) -> str:
    """Return the line of the template that failed, as ``:3``; empty where it is not known."""
    if isinstance(error, TemplateSyntaxError):
        return f":{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)  # Jinja puts the template's own lines into it
    lines = [frame.lineno for frame in frames if Path(frame.filename).name == name]
    return f":{lines[-1]}" if lines else ""


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet.

    Raises:
        SiteError: it exists, or the folder cannot be written to.
    """
    try:
        if path.parent.is_dir() or not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise SiteError(f"{path} exists already; nothing was overwritten") from error
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); choose another name, or a folder you may write to"
        raise SiteError(message) from error
