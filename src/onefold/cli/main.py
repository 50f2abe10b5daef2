"""The entry point of ``pb``: finds the command, runs it, and turns errors into messages and exit codes.

Takes arguments; returns the exit code of the process (ADR 0009): 0 for success, 1 for a failure, 2 for bad usage or a
bad project. A command's module is imported only when the command is called, so ``pb --help`` imports very little.
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
    "run": ("run:run", "Build the project: stitch ids, compute features, publish views."),
    "plan": ("plan:plan", "Preview what the next run would change, without publishing."),
    "compile": ("compile:compile_", "Write the project's SQL without running it."),
    "show": ("show:show", "Show models, dependencies and data flow."),
    "query": ("query:query", "Run read-only SQL on the output tables, in the project's dialect."),
    "discover": ("discover:discover", "List models, entities, features, sources or materials."),
    "cleanup": ("cleanup:cleanup", "Drop materials of earlier runs that no view uses."),
    "repair": ("repair:repair", "Restore lost or changed registry records."),
    "audit": ("audit:audit", "Explain profiles, find wrong merges and try fixes."),
    "report": ("report:report", "Write an HTML report on the id graph."),
    "idstitch": ("idstitch:idstitch", "Include or exclude ids and pairs of ids by hand."),
    "migrate": ("migrate:migrate", "Migrate an old project, or import main ids from another tool."),
    "validate": ("validate:validate", "Check the connection and access to every source."),
    "init": ("init:init", "Create a connection or a project."),
    "tutorial": ("tutorial:tutorial", "Tour the sample shop, command by command."),
    "insert": ("insert:insert", "Generate the sample shop at any size."),
    "schema": ("schema:schema", "Print the JSON Schema of the project files, for editors."),
    "completion": ("completion:completion", "Print a shell completion script."),
    "version": ("version:version", "Print the version."),
    "help": ("help:help_", "Show the help of a command."),
}

_NEW_OBJECTS = 200_000
"""Objects that may be made before the garbage collector looks for cycles among them: some tens of megabytes."""


class LazyGroup(click.Group):
    """A group that lists its commands by name and imports a command on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, D102
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"onefold.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """As click, with a suggestion for a misspelt command."""
        from onefold.errors import suggest  # noqa: PLC0415 - errors only

        if args and args[0] not in VERBS and not args[0].startswith("-"):
            hint = suggest(args[0], VERBS) or "run `pb --help` to see the commands"
            ctx.fail(f'no command "{args[0]}"; {hint}')
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="onefold", prog_name="pb", message="%(prog)s %(version)s")
def cli() -> None:
    """Build one profile per customer from the ids in your data.

    Runs projects in the RudderStack Profiles format in-process on DuckDB. Run `pb run` in a project folder to build
    the project, and `pb help COMMAND` for help on a command.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run ``pb`` and exit with its exit code."""
    # Modules and SQL trees stay or go as a whole: looking for cycles among every few hundred of them takes a tenth of
    # a short run.
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
    console.prepare_streams()
    _stop_on_signals()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _stop_on_signals() -> None:
    """Treat SIGTERM and SIGHUP like Ctrl-C, so that connections are closed and the log records the stop."""

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
        console.problem(f"stopped{by}; the published views are unchanged")
        return 1
    except click.ClickException as error:
        console.usage_error(error)
        return 2
    except OnefoldError as error:
        console.failure(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader closed the pipe (`pb query ... | head`): there is nobody to tell.
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
    """The error for a failed statement to which no layer added a location."""
    from onefold.engines.base import EngineError  # noqa: PLC0415
    from onefold.errors import RunError  # noqa: PLC0415
    from onefold.run.failures import failure  # noqa: PLC0415

    return RunError(failure(error, None), sql=error.sql) if isinstance(error, EngineError) else None


if __name__ == "__main__":
    main()
