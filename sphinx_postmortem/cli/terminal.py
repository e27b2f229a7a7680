"""How the command line talks: is there a terminal, progress on it, and texts from arguments in any locale."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Protocol, TypeVar

import click

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.terminal_text import lines_without_controls, without_controls

T = TypeVar("T")

# A traceback's last line, as Sphinx indents it: `    sphinx.errors.ConfigError: message`.
_ERROR_IN_REPORT = expression(
    r"^ {4}(?:sphinx\.errors\.\w+: (?P<own>.*)|(?P<other>(?:\w+\.)*\w*(?:Error|Exception): .*))$"
)

IS_WARNING = expression(r"(?:^|: )(?:WARNING|ERROR|CRITICAL): ")


class Keeper(Protocol):
    """Takes what would print something, to be called when its turn has come; ``fleeting`` is of no use later."""

    def __call__(self, say: Callable[[], object], *, fleeting: bool) -> None:
        """Take it."""
        ...


_keeper: ContextVar[Keeper | None] = ContextVar("keeper", default=None)


@contextmanager
def kept_for(keeper: Keeper) -> Generator[None]:
    """Give what this thread would print to another place: several editions are built at once."""
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


def _print(say: Callable[[], object], *, fleeting: bool = False) -> None:
    keeper = _keeper.get()
    if keeper is None:
        say()
    else:
        keeper(say, fleeting=fleeting)


def _write(text: str, *, err: bool, nl: bool = True) -> None:
    """Print a text as it is.

    That its reader has gone (``| head``) is no fault of the command: what it does is done to the end, and its exit code
    tells of that alone.
    """
    try:
        click.echo(text, err=err, nl=nl)
    except BrokenPipeError:
        stream = sys.stderr if err else sys.stdout
        with suppress(OSError), Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), stream.fileno())


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text, in which nothing that comes from pages, files or commits can command a terminal."""
    _print(lambda: _write(lines_without_controls(text), err=err, nl=nl))


def secho(text: str, *, err: bool = False, fg: str | None = None, bold: bool | None = None) -> None:
    """Print a text in a colour, with the same care."""
    _print(lambda: _write(click.style(lines_without_controls(text), fg=fg, bold=bold), err=err))


def is_terminal(stream: IO[str] | None) -> bool:
    """Say whether a stream is a terminal; one that is closed is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed meanwhile
        return False


def said_by_system(error: OSError) -> str:
    """Return a sentence for an error of the system. One that comes while a file is written names no file."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else f"{said}, as a file was read or written"


def readable(argument: str) -> str:
    """Return an argument's text when the locale could not decode it (``LANG=C``): it is read as UTF-8."""
    return os.fsencode(argument).decode("utf-8", "replace")


@contextmanager
def failing_with_2(action: str) -> Generator[None]:
    """End with a sentence and exit code 2 where a command fails: 1 says that it has found something, and it has not.

    Args:
        action: what the command could not do, for the sentence.
    """
    try:
        yield
    except click.ClickException:
        raise
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        reason = without_controls(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        secho(f"could not {action}: {reason}. This is a fault of the program; report it.", fg="red", err=True)
        sys.exit(2)


class Told:
    """The warnings that one command has shown, and the editions in which each was met: none is shown twice."""

    def __init__(self) -> None:
        self.editions: dict[str, list[str]] = {}
        self.more: set[str] = set()  # the lines that follow a warning's first

    def is_news(self, warning: str, edition: str) -> bool:
        """Note a warning, and say whether it was not shown before."""
        is_news = warning not in self.editions
        editions = self.editions.setdefault(warning, [])
        if edition not in editions:
            editions.append(edition)
        return is_news

    def summary(self) -> list[str]:
        """Return a line for each set of editions with warnings in common; none where no two have any."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for warning, editions in self.editions.items():
            groups.setdefault(tuple(editions), []).append(IS_WARNING.split(warning)[0] or warning)
        if all(len(editions) == 1 for editions in groups):
            return []
        return [
            f"{', '.join(editions)}: {len(places)} warning{'' if len(places) == 1 else 's'}: "
            f"{', '.join(dict.fromkeys(places))}"
            for editions, places in groups.items()
        ]


def say_told(told: Told) -> None:
    """Print which warnings belong to which editions, where some were shown for the first of several."""
    if lines := told.summary():
        echo("Each warning was shown once. They are those of:", err=True)
        echo("\n".join(f"  {line}" for line in lines), err=True)


class Progress:
    """One line on a terminal's standard error that says what Sphinx does. Elsewhere nothing is shown.

    Args:
        label: what is being built.
        verbose: show each line in full instead, also without a terminal.
        told: the warnings that the command has shown already; those are not shown again.
        edition: the edition that is being built.
    """

    def __init__(self, label: str, *, verbose: bool = False, told: Told | None = None, edition: str = "") -> None:
        self.label = label
        self.told = told or Told()
        self.edition = edition
        self.repeats = False
        self.verbose = verbose
        self.in_report = False
        self.in_message = False
        self.live = not verbose and is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"

    def status(self, line: str) -> None:
        """Show what is being done now."""
        if self.verbose:
            echo(line, err=True)
        elif self.live and line.strip():
            width = shutil.get_terminal_size().columns - 1
            shown = lines_without_controls(f"{self.label}: {line.strip()}")
            _print(lambda: _write(f"\r\x1b[K{shown[:width]}", nl=False, err=True), fleeting=True)

    def say(self, line: str) -> None:
        """Show a warning or an error, and keep it on the screen.

        Of the report that Sphinx prints of an error (versions, traceback) only the error is shown; the log has it all.
        """
        _print(lambda: self._say(line))  # what was shown before is known when it is printed

    def _say(self, line: str) -> None:
        self.in_report = not self.verbose and (self.in_report or line == "Versions")
        if self.in_report:
            line = self._of_report(line)
        if line.strip() and not self._is_told(line):
            self.clear()
            echo(line, err=True)

    def _is_told(self, line: str) -> bool:
        """Say whether a line belongs to a warning that was shown before: its first, or one of those that follow."""
        if IS_WARNING.search(line):
            self.repeats = not self.told.is_news(line, self.edition)
        elif not self.repeats:
            self.told.more.add(line)
        else:
            self.repeats = line in self.told.more
        return self.repeats and not self.verbose

    def _of_report(self, line: str) -> str:
        """Return what is shown of a line: the error's message, to the empty line after it."""
        match = _ERROR_IN_REPORT.match(line)
        if match:
            self.in_message = True
            return str(match["own"] or match["other"])
        self.in_message = self.in_message and bool(line.strip())
        return line.strip() if self.in_message else ""

    def clear(self) -> None:
        """Erase the line of progress."""
        if self.live:
            _print(lambda: _write("\r\x1b[K", nl=False, err=True), fleeting=True)


def ask(question: str, default: str | None, read: Callable[[str], T]) -> T:
    """Ask on a terminal, again as long as the answer cannot be used; elsewhere take the default.

    Args:
        question: what is asked.
        default: the answer that is proposed.
        read: makes the value of an answer, or raises a ``UsageError`` that says what is wrong with it.

    Raises:
        UsageError: there is neither a terminal nor a default.
    """
    if is_terminal(sys.stdin):
        return click.prompt(question, default=default, value_proc=read)
    if default is None:
        raise click.UsageError(f"there is no terminal to ask on; give --{question.lower()}")
    return read(default)
