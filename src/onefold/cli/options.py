"""Options that commands share. Takes click parameters; returns an `onefold.Project`."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.api import Project
    from onefold.run.options import RunOptions

F = TypeVar("F", bound="Callable[..., Any]")


class _Moment(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            from onefold.run.options import moment  # noqa: PLC0415 - keeps help fast

            return moment(str(value))
        except (ValueError, OverflowError, OSError):  # unix seconds may be beyond any calendar
            self.fail(f'"{value}" is not a time; write 2026-10-31, 2026-10-31T23:59:59Z or unix seconds', param, ctx)


class _SeqNo(click.ParamType["int | str"]):
    name = "N|latest|new"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        if isinstance(value, int) or value in {"latest", "new"}:
            return value  # type: ignore[no-any-return]
        if str(value).isdecimal():
            return int(value)
        self.fail(f'"{value}" is not a sequence number; write a number, latest or new', param, ctx)


class _Offset(click.ParamType["timedelta"]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            from onefold.run.cleanup import age_of  # noqa: PLC0415 - keeps help fast

            return age_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


MOMENT, SEQ_NO, OFFSET = _Moment(), _SeqNo(), _Offset()

_WAIT = "onefold.wait"
"""The context key for the value of ``--wait``."""


def _keep_wait(context: click.Context, _: click.Parameter, value: timedelta | None) -> None:
    context.meta[_WAIT] = value or timedelta(0)


def project_options(command: F) -> F:
    """``-p``, ``-c``, ``-t`` and ``--wait``."""
    for option in (
        click.option(
            "--wait",
            type=OFFSET,
            expose_value=False,
            callback=_keep_wait,
            help="Wait this long, such as 10m, for another process to release the database.",
        ),
        click.option("-t", "--target", help="Target of the connection  [default: the connection's default target]"),
        click.option(
            "-c",
            "--siteconfig_path",
            type=click.Path(),
            help="Path of the connections file  [default: ~/.pb/siteconfig.yaml]",
        ),
        click.option(
            "-p",
            "--pb_project_path",
            default=".",
            show_default=True,
            type=click.Path(),
            help="Project folder.",
        ),
    ):
        command = option(command)
    return command


def csv_options(command: F) -> F:
    """``--escape_formulas``, for commands that write CSV."""
    return click.option(
        "--escape_formulas",
        is_flag=True,
        help="Prefix CSV cells that a spreadsheet would run as formulas with '.",
    )(command)


class Command(click.Command):
    """A command whose flags may be written as ``--force=true`` and ``--force=false``, as in the format."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click, after ``--flag=true`` is rewritten as ``--flag``."""
        flags = {
            name
            for p in self.params
            if isinstance(p, click.Option) and p.is_flag
            for name in (*p.opts, *p.secondary_opts)
        }
        plain = []
        for arg in args:
            name, equals, value = arg.partition("=")
            if name not in flags or not equals or value.lower() not in {"true", "false"}:
                plain.append(arg)
            elif value.lower() == "true":
                plain.append(name)
        return super().parse_args(ctx, plain)


NO_EFFECT = "No effect (kept for compatibility)."


def no_effect(name: str, why: str = "", **kind: Any) -> Callable[[F], F]:
    """An option of the format's command that this one accepts and ignores."""
    text = f"{NO_EFFECT} {why}".rstrip()
    return click.option(name, expose_value=False, help=text, **(kind or {"is_flag": True}))


def compatibility_options(command: F) -> F:
    """Options of ``run`` and ``compile`` that have no effect."""
    for option in (
        no_effect("--migrate_on_load", "Old projects load unchanged; `pb migrate auto` rewrites them."),
        no_effect("--migrated_folder_path", type=click.Path()),
        no_effect("--concurrency", "Each model uses all cores.", type=int),
        no_effect("--allow_beta"),
    ):
        command = option(command)
    return command


def run_options(command: F) -> F:
    """``-m``, ``--seq_no``, ``--begin_time``, ``--end_time``, ``--end_time_offset``, ``--clean_output``.

    The command receives all options that are fields of `RunOptions` as one argument, ``options``.
    """

    @wraps(command)
    def called(**given: Any) -> Any:
        return command(options=_gathered(given), **given)

    for option in (
        click.option("--clean_output", is_flag=True, help="Delete the SQL files of earlier runs first."),
        click.option("--end_time_offset", type=OFFSET, help="Set the end time to this long before now, such as 45m."),
        click.option("--begin_time", type=MOMENT, help="Ignore earlier rows of sources that have a timestamp."),
        click.option("--end_time", type=MOMENT, help="Ignore later rows  [default: now]"),
        click.option(
            "--seq_no", type=SEQ_NO, default="new", show_default=True, help="Run to resume: a number or latest."
        ),
        click.option(
            "-m",
            "--model_refs",
            "models",
            multiple=True,
            help="Build only this model and its dependencies. Repeat, or separate with commas.",
        ),
    ):
        called = option(called)
    return called  # type: ignore[return-value]


def _gathered(given: dict[str, Any]) -> RunOptions:
    """Remove the fields of `RunOptions` from the given values and return them as options.

    Raises:
        click.UsageError: If ``--end_time_offset`` is combined with ``--end_time`` or ``--seq_no``.
    """
    from onefold.run.options import RunOptions  # noqa: PLC0415 - keeps help fast

    offset = given.pop("end_time_offset")
    names = [field.name for field in fields(RunOptions) if field.name in given]
    options = RunOptions(**{name: given.pop(name) for name in names})
    if offset is None:
        return options
    if options.end_time is not None or options.seq_no != "new":
        raise click.UsageError("--end_time_offset cannot be combined with --end_time or --seq_no")
    return replace(options, end_time=datetime.now(UTC).replace(microsecond=0) - offset)


def open_project(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, *, compile_only: bool = False
) -> Project:
    """Load the project that the shared options name.

    Raises:
        OnefoldError: If it cannot be loaded.
    """
    from onefold.api import load  # noqa: PLC0415 - keeps help fast
    from onefold.cli.console import say  # noqa: PLC0415

    project = load(pb_project_path, siteconfig=siteconfig_path, target=target, compile_only=compile_only)
    context = click.get_current_context(silent=True)
    wait = context.meta.get(_WAIT, timedelta(0)) if context is not None else timedelta(0)
    return project.waiting(wait, tell=say) if wait else project
