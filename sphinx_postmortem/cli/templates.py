"""Text files from Jinja templates, written so that nothing is ever overwritten."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import click
from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from sphinx_postmortem.cli.site import SiteError, translations
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_ENGLISH = "en"
_CODE = expression(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")


def texts_in(language: str, folders: Iterable[Path] = (), *, asked: bool) -> Callable[[str], str]:
    """Return what templates call ``_``: it gives a text of ours in a language, in English where it has none.

    Args:
        language: as ``language`` in ``conf.py`` names it; empty for English.
        folders: where a site keeps catalogues of its own.
        asked: somebody has named the language, and is told if there is no catalogue of it.

    Raises:
        click.BadParameter: somebody has named a language without a catalogue.
    """
    found: Mapping[str, str] = translations(language, folders) if _CODE.fullmatch(language) else {}
    if asked and not found and language != _ENGLISH:
        ours = (Path(__file__).parents[1] / "locale").iterdir()
        known = ", ".join(sorted({_ENGLISH, *(each.name for each in ours if each.is_dir())}))
        raise click.BadParameter(
            f'there are no texts in "{language}"; choose from {known}',
            param_hint="--language",
        )

    return _Texts(found)


@dataclass(frozen=True)
class _Texts:
    found: Mapping[str, str]

    def __call__(self, english: str) -> str:
        return self.found.get(english, english)


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
            try:
                file.write(text)
                file.flush()
            except BaseException:
                path.unlink()  # half a file would keep the next try from writing it
                raise
    except FileExistsError as error:
        raise SiteError(f"{path} exists already; nothing was overwritten") from error
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); choose another name, or a folder you may write to"
        raise SiteError(message) from error
