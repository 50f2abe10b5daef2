"""What a user asks for -> a planned run, carried out. The way into this package.

In: a project, its target, a request. Out: a `RunResult`, or SQL files alone. A sequence number that exists brings its
time window with it, so the plan is made after the registry was asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, UsageError
from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.plan.names import names_of
from onefold.plan.select import select
from onefold.project.files import reader_of
from onefold.run.artifacts import SqlFolder, clean
from onefold.run.checks import HealthChecks
from onefold.run.compiled import Output, compile_steps
from onefold.run.continue_on_error import run_past_failures
from onefold.run.events import Observer, RunResult, Watchers
from onefold.run.failures import failure
from onefold.run.logs import LogFile
from onefold.run.optional_inputs import absent_inputs, columns_of
from onefold.run.pipeline import Options, Run, readable
from onefold.run.published_copy import write_copy
from onefold.run.target import connect
from onefold.run.types import ModelTypes, project_types, write_types
from onefold.sql.compile import step_query
from onefold.sql.shapes import KnownColumns
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.project.spec import Project
    from onefold.run.compiled import CompiledStep
    from onefold.run.target import Target
    from onefold.state.records import RunRecord

SeqNo = int | Literal["new", "latest"]

TYPES = "types.json"
"""Name of the file of types, beside the SQL of ``pb compile``."""


@dataclass(frozen=True)
class Request:
    """What to run.

    Attributes:
        seq_no: A number or ``latest`` resumes that run; ``new`` begins one.
        begin_time: Start of the time window, aware; None for no start.
        end_time: End of the time window, aware; None for now, or for that of the resumed run.
        model_refs: Run these and what they need; empty means all.
        force: Build also what is finished.
        rebase: Stitch from scratch, even where only what changed would do.
        fresh_ids: Forget which main ids there were, and mint all anew.
        publish_look_back: Publish although rows up to a later time are published.
        go_on: Go on past a model that fails; see `onefold.run.continue_on_error`.
        clean: First remove the SQL files of all earlier runs of the target.
    """

    seq_no: SeqNo = "new"
    begin_time: datetime | None = None
    end_time: datetime | None = None
    model_refs: tuple[str, ...] = ()
    force: bool = False
    rebase: bool = False
    fresh_ids: bool = False
    publish_look_back: bool = False
    go_on: bool = False
    clean: bool = False

    def new_times(self) -> RunTimes:
        """The time window of a new run.

        Raises:
            UsageError: If it ends before it begins.
        """
        end = self.end_time or datetime.now(UTC).replace(microsecond=0)
        if self.begin_time is not None and self.begin_time > end:
            raise UsageError(Finding("error", "empty-window", "--begin_time is later than --end_time"))
        return RunTimes(end=end, begin=self.begin_time)


@dataclass(frozen=True)
class Compiled:
    """What ``pb compile`` leaves.

    Attributes:
        folder: Where the SQL files lie.
        steps: The compiled models, in running order.
        types: The columns of models and views, with their types as far as they follow from the project.
    """

    plan: Plan
    seq_no: int
    folder: Path
    steps: tuple[CompiledStep, ...]
    types: tuple[ModelTypes, ...]

    @property
    def types_file(self) -> Path:
        """Where the types are written, as JSON."""
        return self.folder / TYPES


def moment(text: str) -> datetime:
    """An aware UTC time from ISO 8601 (a time without a zone is UTC) or unix seconds.

    Raises:
        ValueError: If it is neither.

    >>> moment("2026-10-31").isoformat()
    '2026-10-31T00:00:00+00:00'
    """
    if text.isdecimal() and len(text) > 8:  # noqa: PLR2004 - eight digits are a date without dashes
        return datetime.fromtimestamp(int(text), UTC)
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def plan_project(
    project: Project,
    target: Target,
    times: RunTimes,
    absent: Mapping[str, str] | None = None,
    columns: Callable[[str], frozenset[str] | None] | None = None,
) -> Plan:
    """The plan of a project for a time window.

    Args:
        project: The project.
        target: Where it lands.
        times: The time window.
        absent: Why an optional input is not there, by ref; None takes all to be there.
        columns: The columns of an input, by ref.

    Raises:
        ProjectError: With every mistake found.
    """
    files = reader_of(Path(project.root), project.package_roots)
    known = KnownColumns(names_of(project), project.settings.sql_dialect, target.dialect, columns)
    return build_plan(project, times, target.schema, files, absent, known)


def run_project(project: Project, target: Target, request: Request, observers: Sequence[Observer] = ()) -> RunResult:
    """Run a project; see `onefold.run.pipeline` for the order of things.

    Raises:
        OnefoldError: As `Run.execute`, and `AccessError` if the database cannot be opened.
    """
    with LogFile(target.root / "logs" / "pb.log") as log:
        observer: Observer = Watchers((log, *observers))
        with connect(target, project, progress=observer.step_progress) as engine:
            resumed = None
            if request.seq_no != "new":
                resumed = _resumed(Registry(engine, target.dialect), request)
            times = resumed.times if resumed is not None else request.new_times()
            absent = absent_inputs(project, engine, target.dialect)
            plan = plan_project(project, target, times, absent, columns_of(project, engine, target.dialect))
            if request.clean:
                clean(_folders(target))

            def attempt(refs: tuple[str, ...], seq_no: int | None, watched: Observer) -> RunResult:
                # What an earlier attempt of this very run has built is not built again.
                force = request.force and (resumed is not None or seq_no is None)
                options = Options(
                    seq_no,
                    refs,
                    force=force,
                    rebase=request.rebase,
                    fresh_ids=request.fresh_ids,
                    publish_look_back=request.publish_look_back,
                    checks=HealthChecks.of(project.settings),
                )
                return Run(plan, names_of(project), target, engine, options, watched, log.path).execute()

            number = resumed.seq_no if resumed is not None else None
            if request.go_on:
                result = run_past_failures(plan, request.model_refs, number, attempt, observer)
            else:
                result = attempt(request.model_refs, number, observer)
            result = replace(result, spilled=engine.spilled, memory=target.memory)
            return _copied(result, plan, target, engine, observer) if result.published else result


def _copied(result: RunResult, plan: Plan, target: Target, engine: Engine, observer: Observer) -> RunResult:
    """The result with the published copy. A copy that fails is a warning: the views are published."""
    try:
        return replace(result, copy=write_copy(plan, target, engine, Registry(engine, target.dialect)))
    except (AccessError, EngineError) as error:
        why = error.findings[0] if isinstance(error, AccessError) else failure(error, None)
        message = f"the views are published, but not the copy for readers, which is as it was: {why.message}"
        warning = Finding("warning", "copy-failed", message, str(target.copy), why.hint)
        observer.noted(warning)
        return replace(result, notes=(*result.notes, warning), copy_failed=True)


def compile_project(project: Project, target: Target, request: Request) -> Compiled:
    """Write the SQL of a project without running it. Reads no table; asks the registry only for a resumed run.

    Raises:
        UsageError: If the sequence number is unknown.
        ProjectError: If SQL of the project does not parse.
    """
    if request.seq_no == "new":
        seq_no, times = _next_folder(target), request.new_times()
    else:
        with connect(target, project, read_only=True) as engine:
            record = _resumed(Registry(engine, target.dialect), request)
        seq_no, times = record.seq_no, record.times
    plan = plan_project(project, target, times)
    refs, _ = select(plan, request.model_refs)
    if request.clean:
        clean(_folders(target))
    output = Output(plan, names_of(project), target.schema, seq_no, target.dialect)
    with project_types(plan, project, names_of(project), target, refs) as types:
        steps = compile_steps(replace(output, known=types.known), refs)
    folder = SqlFolder(_folders(target) / str(seq_no), plan, seq_no)
    folder.clear("compile")
    for step in steps:
        folder.write("compile", step.step, readable(step))
    compiled = Compiled(plan, seq_no, folder.path / "compile", steps, types.models)
    write_types(compiled.types_file, compiled.types)
    return compiled


def sql_of(project: Project, target: Target, request: Request) -> str:
    """The statements of one model, as the engine would run them in a new run.

    Raises:
        ProjectError: If SQL of the project does not parse.
        UsageError: If ``request.model_refs`` names no model.
    """
    plan = plan_project(project, target, request.new_times())
    refs, chosen = select(plan, request.model_refs)
    output = Output(plan, names_of(project), target.schema, _next_folder(target), target.dialect)
    inline = [output.sql(step_query(output.compiler(), ref)) for ref in chosen if plan.steps[ref].output == "inline"]
    made = [s for step in compile_steps(output, refs) if step.step.ref in chosen for _, s in readable(step)]
    return ";\n\n".join([*inline, *made])


def _resumed(registry: Registry, request: Request) -> RunRecord:
    """The run that a request names.

    Raises:
        UsageError: If there is none, or it has another time window.
    """
    if not isinstance(request.seq_no, int) and request.seq_no != "latest":
        message = f"{request.seq_no!r} is no sequence number"
        raise UsageError(Finding("error", "unknown-seq-no", message, hint='give a number, "latest" or "new"'))
    registered = registry.runs()
    known = {record.seq_no: record for record in registered}
    wanted = max(known, default=0) if request.seq_no == "latest" else request.seq_no
    record = known.get(int(wanted))
    if record is None:
        there = f"there are: {', '.join(map(str, known))}" if known else "no run has been made yet"
        message = f"there is no run with sequence number {request.seq_no}"
        raise UsageError(Finding("error", "unknown-seq-no", message, hint=f"{there}; leave --seq_no out for a new run"))
    for flag, asked, has in (
        ("--end_time", request.end_time, record.times.end),
        ("--begin_time", request.begin_time, record.times.begin),
    ):
        if asked is not None and asked != has:
            message = f"{flag} {asked:%Y-%m-%d %H:%M:%S} is not that of sequence number {record.seq_no}"
            shown = f"{has:%Y-%m-%d %H:%M:%S} UTC" if has else "without a start"
            hint = f"it is {shown}: leave {flag} out, or leave --seq_no out for a new run"
            raise UsageError(Finding("error", "other-window", message, hint=hint))
    return record


def _folders(target: Target) -> Path:
    return target.root / "output" / target.name / "seq_no"


def _next_folder(target: Target) -> int:
    folders = _folders(target)
    numbers = [int(p.name) for p in folders.iterdir() if p.name.isdecimal()] if folders.is_dir() else []
    return max(numbers, default=0) + 1
