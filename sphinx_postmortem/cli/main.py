"""The command line: ``sphinx-postmortem COMMAND``."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from keyword import iskeyword
from typing import Any

import click
from click.shell_completion import get_completion_class

from sphinx_postmortem import __version__
from sphinx_postmortem.cli.site import SiteError
from sphinx_postmortem.cli.terminal import echo, said_by_system, secho
from sphinx_postmortem.core.terminal_text import lines_without_controls


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


@contextmanager
def _ended_by_signals() -> Generator[None]:
    """End as Ctrl+C does on SIGTERM, so that the programs that the command has started are ended with it.

    So does a terminal that is closed; not where ``nohup`` has said that it shall not. A program that calls a command
    has its own handlers again afterwards.
    """
    ends = [signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        ends.append(signal.SIGHUP)
    before = {number: signal.signal(number, _end) for number in ends}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# Each stands in a module of its name, which is loaded when the command is run: most need little of the others.
_COMMANDS = (
    *("init", "new", "import", "owners", "build", "merge", "export", "check", "actions", "review", "approve", "audit"),
    *("verify", "serve", "similar", "mcp", "drill", "agenda"),
)
_MODULES = {
    "actions": "follow_trackers",
    "mcp": "agent_server",
    "import": "import_sources",
}  # those in a module of another name


def _shown_help(command: click.Command) -> str:
    """Return a help text as click lays it out: it keeps the lines of a paragraph after a backspace."""
    return (command.help or "").replace("\\b\n", "\b\n")


class FriendlyGroup(click.Group):
    """A group whose commands end with a sentence, not a traceback, unless ``--debug`` is given."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return sorted({*_COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, whose module is loaded now."""
        if cmd_name in _COMMANDS and cmd_name not in self.commands:
            module = _MODULES.get(cmd_name, cmd_name)
            name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
            found = getattr(importlib.import_module(f"sphinx_postmortem.cli.{module}"), name)
            found.help = _shown_help(found)
            self.add_command(found)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _ended_by_signals():
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SiteError as error:
            if ctx.params.get("debug"):
                raise
            raise click.ClickException(lines_without_controls(str(error))) from error
        except click.ClickException as error:
            vars(error)["message"] = lines_without_controls(error.message)
            raise
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:
            if ctx.params.get("debug"):
                raise
            raise click.ClickException(lines_without_controls(said_by_system(error))) from error
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            secho(f"Error: {type(error).__name__}: {error}", fg="red", err=True)
            echo("This is a defect of sphinx-postmortem. Run again with --debug, and report it.", err=True)
            sys.exit(1)


@click.group(cls=FriendlyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="sphinx-postmortem")
def main(debug: bool) -> None:
    r"""Write, build and check a knowledge base of security-incident postmortems.

    \b
    From nothing to a first postmortem:
      sphinx-postmortem init postmortems
      sphinx-postmortem new postmortems
      sphinx-postmortem build postmortems site
    """


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    r"""Print the completion script for SHELL.

    \b
    Examples:
      sphinx-postmortem completion zsh > ~/.zfunc/_sphinx-postmortem
      sphinx-postmortem completion fish > ~/.config/fish/completions/sphinx-postmortem.fish
      eval "$(sphinx-postmortem completion bash)"
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(f"there is no completion for {shell}")
    root = context.find_root().command
    echo(found(root, {}, "sphinx-postmortem", "_SPHINX_POSTMORTEM_COMPLETE").source())


completion.help = _shown_help(completion)
main.add_command(completion)


def every_command() -> dict[str, click.Command]:
    """Return all commands by name, loaded."""
    context = click.Context(main)
    return {name: command for name in main.list_commands(context) if (command := main.get_command(context, name))}


main.help = _shown_help(main)
