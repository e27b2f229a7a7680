"""``sphinx-postmortem completion``: print the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


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
    click.echo(found(root, {}, "sphinx-postmortem", "_SPHINX_POSTMORTEM_COMPLETE").source())
