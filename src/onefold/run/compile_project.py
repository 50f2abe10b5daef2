"""`pb compile`: write the SQL of a project to files without running it. Returns a `Compiled`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onefold.plan.names import names_of
from onefold.plan.select import select
from onefold.run.artifacts import SqlFolder, clean
from onefold.run.compiled import Output, compile_steps
from onefold.run.pipeline import readable
from onefold.run.plan_project import plan_project
from onefold.run.resume import resumed_run
from onefold.run.target import connect
from onefold.run.types import ModelTypes, project_types, write_types
from onefold.short_repr import Short
from onefold.sql.compile import step_query
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from onefold.plan.model import Plan
    from onefold.project.spec import ProjectSpec
    from onefold.run.compiled import CompiledStep
    from onefold.run.options import RunOptions
    from onefold.run.target import Target

TYPES = "types.json"
"""Name of the file with column types, next to the SQL of ``pb compile``."""


@dataclass(frozen=True, repr=False)
class Compiled(Short):
    """The result of ``pb compile``.

    Attributes:
        folder: The folder of the SQL files.
        steps: The compiled models, in running order.
        types: The columns of models and views, with the types that the project determines.
    """

    plan: Plan
    seq_no: int
    folder: Path
    steps: tuple[CompiledStep, ...]
    types: tuple[ModelTypes, ...]

    def _facts(self) -> Mapping[str, object]:
        """See `Short`."""
        return {**super()._facts(), "folder": self.folder}

    @property
    def types_file(self) -> Path:
        """The JSON file with the types."""
        return self.folder / TYPES


def compile_project(project: ProjectSpec, target: Target, options: RunOptions) -> Compiled:
    """Write the SQL of a project without running it. Reads no table, and the registry only for a resumed run.

    Raises:
        UsageError: If the sequence number is unknown.
        ProjectError: If SQL of the project does not parse.
    """
    if options.seq_no == "new":
        seq_no, times = _next_folder(target), options.time_window()
    else:
        with connect(target, project, read_only=True) as engine:
            record = resumed_run(Registry(engine, target.dialect), options)
        seq_no, times = record.seq_no, record.times
    plan = plan_project(project, target, times)
    refs, _ = select(plan, options.models)
    if options.clean_output:
        clean(target.run_folders)
    output = Output(plan, names_of(project), target.schema, seq_no, target.dialect)
    with project_types(plan, project, names_of(project), target, refs) as types:
        steps = compile_steps(replace(output, known=types.known), refs)
    folder = SqlFolder(target.run_folders / str(seq_no), plan, seq_no)
    folder.clear("compile")
    for step in steps:
        folder.write("compile", step.step, readable(step))
    compiled = Compiled(plan, seq_no, folder.path / "compile", steps, types.models)
    write_types(compiled.types_file, compiled.types)
    return compiled


def sql_of(project: ProjectSpec, target: Target, options: RunOptions) -> str:
    """The statements of one model, as the engine would run them in a new run.

    Raises:
        ProjectError: If SQL of the project does not parse.
        UsageError: If ``options.models`` names no model.
    """
    plan = plan_project(project, target, options.time_window())
    refs, chosen = select(plan, options.models)
    output = Output(plan, names_of(project), target.schema, _next_folder(target), target.dialect)
    inline = [output.sql(step_query(output.compiler(), ref)) for ref in chosen if plan.steps[ref].output == "inline"]
    made = [s for step in compile_steps(output, refs) if step.step.ref in chosen for _, s in readable(step)]
    return ";\n\n".join([*inline, *made])


def _next_folder(target: Target) -> int:
    folders = target.run_folders
    numbers = [int(p.name) for p in folders.iterdir() if p.name.isdecimal()] if folders.is_dir() else []
    return max(numbers, default=0) + 1
