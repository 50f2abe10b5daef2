"""``pb compile``: SQL files, and nothing else. In: flags. Out: the files' names on stdout."""

from __future__ import annotations

from typing import Any

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options, run_options


@click.command("compile")
@project_options
@run_options
@click.option("--assume_all_inputs_exist", is_flag=True, help="Accepted: compiling never asks the warehouse.")
def compile_(  # noqa: PLR0917
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    model_refs: tuple[str, ...],
    seq_no: Any,
    end_time: Any,
    begin_time: Any,
    *,
    assume_all_inputs_exist: bool,  # noqa: ARG001 - of the format's command
) -> None:
    """Check the project and write its SQL, without touching a table.

    \b
    pb compile                              all models, into output/<target>/seq_no/<n>/compile
    pb compile -m models/user_id_stitcher   one model and what it needs
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    compiled = project.compile(seq_no=seq_no, end_time=end_time, begin_time=begin_time, models=model_refs)
    for note in compiled.plan.notes:
        console.finding_lines(note)
    folder = compiled.folder.relative_to(project.folder)
    console.data(f"{len(compiled.steps)} models compiled into {folder}")
