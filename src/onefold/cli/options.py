"""Flags that several verbs share, and the project that they name. In: click parameters. Out: an `onefold.Project`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.api import Project

F = TypeVar("F", bound="Callable[..., Any]")


def project_options(command: F) -> F:
    """``-p``, ``-c`` and ``-t``."""
    for option in (
        click.option("-t", "--target", help="Target of the connection; the connection's own default if left out."),
        click.option(
            "-c",
            "--siteconfig_path",
            type=click.Path(),
            help="Connections file  [default: ~/.pb/siteconfig.yaml]",
        ),
        click.option(
            "-p",
            "--pb_project_path",
            default=".",
            show_default=True,
            type=click.Path(),
            help="Folder of the project.",
        ),
    ):
        command = option(command)
    return command


def run_options(command: F) -> F:
    """``-m``, ``--seq_no``, ``--begin_time``, ``--end_time``."""
    for option in (
        click.option("--begin_time", type=MOMENT, help="Leave out earlier rows of sources that have a time."),
        click.option("--end_time", type=MOMENT, help="Leave out later rows.  [default: now]"),
        click.option("--seq_no", type=SEQ_NO, default="new", show_default=True, help="Resume a run: N or latest."),
        click.option(
            "-m",
            "--model_refs",
            multiple=True,
            help="Only this model and what it needs. Repeat, or separate by commas.",
        ),
    ):
        command = option(command)
    return command


class _Moment(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            from onefold.run.start import moment  # noqa: PLC0415 - keeps help fast

            return moment(str(value))
        except ValueError:
            self.fail(f'"{value}" is no time; write 2026-10-31, 2026-10-31T23:59:59Z or unix seconds', param, ctx)


class _SeqNo(click.ParamType["int | str"]):
    name = "N|latest|new"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        if isinstance(value, int) or value in {"latest", "new"}:
            return value  # type: ignore[no-any-return]
        if str(value).isdecimal():
            return int(value)
        self.fail(f'"{value}" is no sequence number; write a number, latest or new', param, ctx)


class _Offset(click.ParamType["timedelta"]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            from onefold.run.cleanup import duration  # noqa: PLC0415 - keeps help fast

            return duration(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


MOMENT, SEQ_NO, OFFSET = _Moment(), _SeqNo(), _Offset()


def open_project(pb_project_path: str, siteconfig_path: str | None, target: str | None) -> Project:
    """The project that the shared flags name.

    Raises:
        OnefoldError: If it cannot be loaded.
    """
    from onefold.api import load  # noqa: PLC0415 - keeps help fast

    return load(pb_project_path, siteconfig=siteconfig_path, target=target)
