"""``pb compile``: writes SQL files and column types. Prints what it wrote."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import Command, compatibility_options, no_effect, open_project, project_options, run_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.run.options import RunOptions
    from onefold.run.types import ModelTypes

_SHOWN = 3
"""How many dependent columns are named per source column; types.json has all."""


@click.command("compile", cls=Command)
@project_options
@run_options
@click.option(
    "--assume_all_inputs_exist",
    is_flag=True,
    help="Compile without a connection, as in CI. Compiling never reads sources.",
)
@no_effect("--rebase_incremental", "The SQL is always that of a full rebuild.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per model, with its columns and types.")
@compatibility_options
def compile_(
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    options: RunOptions,
    *,
    assume_all_inputs_exist: bool,
    as_json: bool,
) -> None:
    """Check the project and write its SQL, without reading or writing tables.

    types.json, beside the SQL, lists the columns of every model and view. A column has a type if the project determines
    it; otherwise it lists the source columns it depends on. Declare their types in a contract: with_columns.

    \b
    pb compile                              compile all models into output/<target>/seq_no/<n>/compile
    pb compile -m models/user_id_stitcher   compile one model and its dependencies
    pb compile --assume_all_inputs_exist    compile without a connection, for a review
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target, compile_only=assume_all_inputs_exist)
    compiled = project.compile(options)
    for note in compiled.plan.notes:
        console.finding_lines(note)
    if as_json:
        for model in compiled.types:
            console.data(json.dumps(model.as_plain()))
    tell = console.say if as_json else console.data
    folder = compiled.folder.relative_to(project.folder)
    tell(f"{len(compiled.steps)} models compiled into {folder}")
    for line in _of_types(compiled.types, listed=assume_all_inputs_exist):
        tell(line)


def _of_types(models: Sequence[ModelTypes], *, listed: bool) -> Iterator[str]:
    """How many column types are known, and what the others depend on."""
    columns = [(model, name, typed) for model in models for name, typed in model.columns.items()]
    unknown = [(model, name, typed) for model, name, typed in columns if typed.type is None]
    known = len(columns) - len(unknown)
    yield f"types.json: {known} of {len(columns)} column types are known, {len(unknown)} depend on sources"
    if not listed:
        return
    decides: defaultdict[str, set[str]] = defaultdict(set)
    for model, name, typed in unknown:
        for source in typed.because:
            decides[source].add(f"{model.view or model.ref}.{name}")
    if decides:
        rows = [(source, _some(sorted(names))) for source, names in sorted(decides.items())]
        yield console.table(("source column of unknown type", "columns that depend on it"), rows)
        yield console.dim("declare the type in the contract of the input: with_columns: [{name: amount, type: number}]")
    for model in models:
        if model.rest:
            yield f"{model.view or model.ref} also has all columns of {', '.join(model.rest)}, which are unknown"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
