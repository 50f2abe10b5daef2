"""``pb completion``: prints the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from onefold.cli import console


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a shell completion script.

    \b
    pb completion bash > ~/.local/share/bash-completion/completions/pb
    pb completion zsh  > ~/.zfunc/_pb
    pb completion fish > ~/.config/fish/completions/pb.fish
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.cli.main import cli  # noqa: PLC0415 - main imports this module

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - click supports the three
    console.data(found(cli, {}, "pb", "_PB_COMPLETE").source())
