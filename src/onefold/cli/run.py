"""``pb run``: builds and publishes a project. Writes a summary to stdout and progress to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import (
    Command,
    compatibility_options,
    csv_options,
    no_effect,
    open_project,
    project_options,
    run_options,
)
from onefold.memory import in_words

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.api import Project
    from onefold.run.events import MemoryUse, RunResult
    from onefold.run.options import RunOptions
    from onefold.state.records import GraphRecord


@click.command(cls=Command)
@project_options
@run_options
@click.option("--force", is_flag=True, help="Rebuild models that this run has already finished.")
@click.option("--rebase_incremental", is_flag=True, help="Rebuild the id graph from all rows. Main ids are kept.")
@click.option("--reset_main_ids", is_flag=True, help="Discard all main ids and assign new ones.")
@click.option("--publish_as_of", is_flag=True, help="Publish an as-of run over a run with a later end time.")
@click.option(
    "--ignore_model_errors", is_flag=True, help="Continue after a model fails, and skip the models that depend on it."
)
@click.option("--write_output_csv", is_flag=True, help="Also write each published view to a CSV file under output/.")
@csv_options
@no_effect("--grep_var_dependencies", "Dependencies are always found from the text of a var.")
@no_effect("--disable_registry_cache", "The registry has no cache.")
@no_effect("--model_args", multiple=True)
@compatibility_options
def run(
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    options: RunOptions,
    *,
    write_output_csv: bool,
    escape_formulas: bool,
) -> int:
    """Build the project and publish its views.

    Partial results are never published: the run builds new tables and switches all views at the end. If the run fails
    or you press Ctrl-C, the published views stay as they are, and `--seq_no N` resumes the run.

    \b
    pb run                                  build everything
    pb run -m models/user_id_stitcher       build only the id graph, which is fast while you tune it
    pb run --end_time 2026-10-31            build as of a time; the same time gives the same rows
    pb run --seq_no latest                  resume the last run
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.cli.progress import watcher  # noqa: PLC0415

    project = open_project(pb_project_path, siteconfig_path, target)
    with watcher() as observer:
        result = project.run(options, observer=observer)
    console.outcome(summary(result))
    if write_output_csv:
        _write_csv(project, result, escape_formulas=escape_formulas)
    # A run without an explicit end time that is not published has failed: the system clock has gone back.
    is_unasked = result.published_end_time is not None and options.end_time is None and options.seq_no == "new"
    return 1 if result.failed or result.copy_failed or is_unasked else 0


def _write_csv(project: Project, result: RunResult, *, escape_formulas: bool) -> None:
    """Write one file per published view, beside the SQL of the run."""
    from onefold.run.csv_file import write_csv  # noqa: PLC0415 - CSV takes a while to load

    folder = result.sql_folder / "csv"
    formulas = [
        write_csv(project.read(view).arrow, folder / f"{view}.csv", escape_formulas=escape_formulas)
        for view in result.published.values()
    ]
    console.say(f"{len(formulas)} CSV files in {folder.relative_to(project.folder)}")
    console.formulas_note(sum(formulas), is_escaped=escape_formulas)


def summary(result: RunResult) -> str:
    """The summary of a run: models, published views, figures and next commands."""
    from onefold import __version__  # noqa: PLC0415

    seconds = (result.finished_at - result.started_at).total_seconds()
    rows = [(s.step.ref, _count(s.rows), "reused" if s.is_reused else f"{s.seconds:.2f} s") for s in result.steps]
    published = [(name, _count(result.step(ref).rows)) for ref, name in result.published.items()]
    reused = sum(s.is_reused for s in result.steps)
    facts = (
        ("version", __version__),
        ("command", "run"),
        ("sequence number", str(result.seq_no)),
        ("rows up to", f"{result.times.end:%Y-%m-%d %H:%M:%S} UTC"),
        ("start, end", f"{result.started_at:%Y-%m-%d %H:%M:%S}, {result.finished_at:%H:%M:%S} UTC"),
        ("duration", f"{seconds:.2f} s"),
        ("models processed", f"{len(result.steps)}" + (f", {reused} of them reused" if reused else "")),
        ("failed models", str(len(result.failed))),
        ("published", f"{len(result.published)} views" if result.published else "nothing"),
        *([("copy for readers", _shown(result.copy, result))] if result.copy is not None else []),
        *([("spilled to disk", _spilled(result.memory))] if result.memory and result.memory.spilled else []),
        ("warnings", str(sum(n.severity == "warning" for n in result.notes))),
    )
    missing = [(f.step.ref, f.findings[0].message.removeprefix(f"model {f.step.ref}: ")) for f in result.failed]
    missing += [(ref, "depends on a model that failed") for ref in result.not_built]
    parts = [
        console.table(("model", "rows", "time"), rows, right=(1, 2)),
        *([console.table((f"published in {result.output.shown}", "rows"), published, right=(1,))] if published else []),
        *([console.table(("not built (view unchanged)", "reason"), missing)] if missing else []),
        *([_identity(result)] if any(s.certificate for s in result.steps) else []),
        *([_as_of(result)] if result.published_end_time else []),
        "\n".join([console.heading("summary"), *(f"  {name + ':':<18}{value}" for name, value in facts)]),
        "\n".join([console.heading("next"), *_next_steps(result)]),
    ]
    return "\n" + "\n\n".join(parts)


def _shown(path: Path, result: RunResult) -> str:
    """A path, relative to the project folder if it is inside it."""
    root = result.log_file.parent.parent
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _spilled(memory: MemoryUse) -> str:
    """How much data was spilled, and the memory limit."""
    limit = f"limit {in_words(memory.limit)}, " if memory.limit is not None else ""
    return f"up to {in_words(memory.spilled)} ({limit}memory_limit in onefold.yaml)"


def _identity(result: RunResult) -> str:
    """The result of each id stitcher and what was verified."""
    lines = [console.heading("identity")]
    for step in result.steps:
        found = step.certificate
        if found is None:
            continue
        lines.append(f"  {step.step.ref}: {found.nodes:,} ids in {found.profiles:,} profiles, {found.edges:,} edges")
        lines.append("    verified: both ends of each edge share a profile; no profiles were merged without an edge;")
        lines.append("    main ids are unique")
        if step.graph is not None and not step.is_reused:
            lines.append(f"    {_how(step.graph)}")
            if step.graph.since is not None:
                lines.append(
                    f"    incremental_timedelta: rows before {step.graph.since[:10]} were not checked for changes;"
                )
                lines.append("    `pb run --rebase_incremental` includes late and deleted rows")
        events = ", ".join(f"{count:,} {event}" for event, count in sorted(step.id_events.items()))
        lines.append(f"    main ids: {events or 'unchanged'}")
    return "\n".join(lines)


def _how(graph: GraphRecord) -> str:
    """How a graph was built."""
    if graph.kind == "full":
        return "full rebuild: all rows were read"
    return (
        f"incremental: read {graph.days_read:,} changed days of {graph.days:,}; "
        f"re-solved {graph.profiles_solved:,} profiles"
    )


def _as_of(result: RunResult) -> str:
    later = f"{result.published_end_time:%Y-%m-%d %H:%M:%S} UTC"
    return "\n".join(
        [
            console.heading("not published"),
            f"  This is an as-of run: rows up to {later} are already published.",
            "  The views and the history of main ids are unchanged. To publish it anyway, use --publish_as_of.",
            f"  Its tables are Material_..._{result.seq_no}; to list them: pb show plan --seq_no {result.seq_no}",
        ]
    )


def _count(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,}"


def _next_steps(result: RunResult) -> list[str]:
    """Useful next commands, with the names of this project."""
    views = [(result.step(ref).step, name) for ref, name in result.published.items()]
    steps = []
    for step, name in views:
        if step.kind == "id_stitcher":
            main_id = getattr(step, "main_id", "")
            question = f"SELECT {main_id}, COUNT(*) AS ids FROM {name} GROUP BY 1 ORDER BY 2 DESC LIMIT 10"  # noqa: S608 - shown, not run
            steps.append(("show the largest profiles", f'pb query "{question}"'))
            steps.append(("check the graph's health", "pb audit id_stitcher"))
            steps.append(("write an HTML report", "pb report"))
    features = next((name for step, name in reversed(views) if step.kind == "feature_view"), None)
    if features:
        steps.append(("show the features", f'pb query "SELECT * FROM {features} LIMIT 10"'))  # noqa: S608
    steps += [
        ("list models and outputs", "pb show models"),
        ("rebuild this run", f"pb run --seq_no {result.seq_no} --force"),
    ]
    folder = result.sql_folder.relative_to(result.log_file.parent.parent)
    steps.append(("SQL files and log", f"{folder}/run, logs/{result.log_file.name}"))
    return [f"  {what + ':':<27}{command}" for what, command in steps]
