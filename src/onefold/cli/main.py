"""``pb``: find the verb, run it, and turn every error into a message and an exit code.

In: arguments. Out: the process' exit code (ADR 0009): 0 all done, 1 a failure, 2 bad usage or a bad project. A verb's
module is imported when it is called, so that ``pb --help`` imports next to nothing.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from onefold.cli import console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.errors import OnefoldError

VERBS: Mapping[str, tuple[str, str]] = {
    "run": ("run:run", "Build the project: stitch ids, compute features, publish the views."),
    "plan": ("plan:plan", "Say what the next run would change, and publish nothing."),
    "compile": ("compile:compile_", "Write the SQL of the project without running it."),
    "show": ("show:show", "Show models, what depends on what, and how data flows."),
    "query": ("query:query", "Ask the output tables, in the project's own SQL dialect."),
    "discover": ("discover:discover", "List models, entities, features, sources or materials."),
    "cleanup": ("cleanup:cleanup", "Drop materials of earlier runs that nothing shows any more."),
    "repair": ("repair:repair", "Put back what the registry lost of what is published."),
    "audit": ("audit:audit", "Ask why ids share a profile, what holds it together, what to change."),
    "report": ("report:report", "Put verdict, figures, charts and pictures of the worst profiles on one page."),
    "idstitch": ("idstitch:idstitch", "Include or exclude ids and pairs of ids by hand."),
    "migrate": ("migrate:migrate", "Bring over an old project, or the main ids of another tool."),
    "validate": ("validate:validate", "Check that the connection works and every source can be read."),
    "init": ("init:init", "Make a connection or a new project."),
    "tutorial": ("tutorial:tutorial", "Take a tour of the sample shop, command by command."),
    "insert": ("insert:insert", "Make the sample shop, at any size."),
    "schema": ("schema:schema", "Print the JSON Schema of the project files, for editors."),
    "completion": ("completion:completion", "Print the completion script of a shell."),
    "version": ("version:version", "Print the version."),
    "help": ("help:help_", "Show the help of a command."),
}

_NEW_OBJECTS = 200_000
"""Objects that may be made before the garbage collector looks for cycles among them: some tens of megabytes."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, D102
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"onefold.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """As click, with the nearest verb where one is misspelt."""
        from onefold.errors import suggest  # noqa: PLC0415 - only when something is wrong

        if args and args[0] not in VERBS and not args[0].startswith("-"):
            hint = suggest(args[0], VERBS) or "run `pb --help` to see the commands"
            ctx.fail(f'no command "{args[0]}"; {hint}')
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="onefold", prog_name="pb", message="%(prog)s %(version)s")
def cli() -> None:
    """One profile per customer, from the ids they leave behind.

    Runs projects in the RudderStack Profiles format on DuckDB, in this process. `pb run` in the folder of a project
    builds it; `pb help COMMAND` explains a command.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run ``pb`` and leave with its exit code."""
    # Modules and SQL trees stay or go as a whole: looking for cycles among every few hundred of them takes a tenth of
    # a short run.
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
    console.prepare_streams()
    _stop_when_told()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _stop_when_told() -> None:
    """Stop as with Ctrl-C when a scheduler or a container ends the process: what is open is closed, the log says so."""

    def stop(number: int, _: object) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)


def run(arguments: list[str]) -> int:
    """Run ``pb``; returns the exit code."""
    from onefold.environment import of_environment  # noqa: PLC0415 - keeps `pb --help` fast
    from onefold.errors import OnefoldError  # noqa: PLC0415

    try:
        code = cli.main(args=arguments, prog_name=console.typed(), standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt) as interrupt:
        # click makes an Abort of an interrupt.
        by = f" by {interrupt.__cause__}" if str(interrupt.__cause__ or "") else ""
        console.problem(f"stopped{by}; what was published before is unchanged")
        return 1
    except click.ClickException as error:
        console.usage_error(error)
        return 2
    except OnefoldError as error:
        console.failure(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output has gone (`pb query ... | head`); there is nobody left to tell.
        console.discard_output()
        return 0
    except Exception as error:
        if os.environ.get("PB_TRACEBACK"):
            raise
        found = of_environment(error) or _of_database(error)
        if found is not None:
            console.failure(found)
        else:
            console.crash(error)
        return 1
    return code if isinstance(code, int) else 0


def _of_database(error: Exception) -> OnefoldError | None:
    """A failed statement that no layer gave a place."""
    from onefold.engines.base import EngineError  # noqa: PLC0415
    from onefold.errors import RunError  # noqa: PLC0415
    from onefold.run.failures import failure  # noqa: PLC0415

    return RunError(failure(error, None), sql=error.sql) if isinstance(error, EngineError) else None


if __name__ == "__main__":
    main()
