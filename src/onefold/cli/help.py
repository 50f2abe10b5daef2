"""``pb help``: prints the help of a command, like ``pb COMMAND --help``."""

from __future__ import annotations

import click

from onefold.cli import console


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command, for example `pb help run` or `pb help show models`."""
    parent = ctx.parent
    assert parent is not None  # noqa: S101 - a command is never the root
    command: click.Command = parent.command
    context = parent
    for word in words:
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        if found is None:
            ctx.fail(f'no command "{" ".join(words)}"')
        context = click.Context(found, info_name=word, parent=context)
        command = found
    console.data(command.get_help(context))
