"""``pb compile``: SQL files, and nothing else. In: flags. Out: the files' names on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from onefold.cli import console
from onefold.cli.options import Command, accepted_options, end_of, open_project, project_options, run_options

if TYPE_CHECKING:
    from datetime import timedelta


@click.command("compile", cls=Command)
@project_options
@run_options
@click.option(
    "--assume_all_inputs_exist",
    is_flag=True,
    help="Needs no connection either, as in a build that has none. Compiling never asks for a source.",
)
@click.option("--rebase_incremental", is_flag=True, expose_value=False, help="Accepted: what is shown is a rebase.")
@accepted_options
def compile_(  # noqa: PLR0917
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    model_refs: tuple[str, ...],
    seq_no: Any,
    end_time: Any,
    begin_time: Any,
    end_time_offset: timedelta | None,
    *,
    clean_output: bool,
    assume_all_inputs_exist: bool,
) -> None:
    """Check the project and write its SQL, without touching a table.

    \b
    pb compile                              all models, into output/<target>/seq_no/<n>/compile
    pb compile -m models/user_id_stitcher   one model and what it needs
    pb compile --assume_all_inputs_exist    with no connection at hand, for a review
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target, compile_only=assume_all_inputs_exist)
    compiled = project.compile(
        seq_no=seq_no,
        end_time=end_of(end_time, end_time_offset, seq_no),
        begin_time=begin_time,
        models=model_refs,
        clean_output=clean_output,
    )
    for note in compiled.plan.notes:
        console.finding_lines(note)
    folder = compiled.folder.relative_to(project.folder)
    console.data(f"{len(compiled.steps)} models compiled into {folder}")
