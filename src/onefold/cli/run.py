"""``pb run``: build and publish. In: flags. Out: the summary on stdout; progress on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import (
    Command,
    accepted_options,
    csv_options,
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
@click.option("--force", is_flag=True, help="Build also what this sequence number has finished.")
@click.option("--rebase_incremental", is_flag=True, help="Stitch from scratch, not only what changed; main ids stay.")
@click.option("--reset_main_ids", is_flag=True, help="Forget which main ids there were, and mint all of them anew.")
@click.option("--publish_as_of", is_flag=True, help="Publish although rows up to a later time are published.")
@click.option("--ignore_model_errors", is_flag=True, help="Go on past a model that fails, without what needs it.")
@click.option("--write_output_csv", is_flag=True, help="Also write each published view as CSV, under output/.")
@csv_options
@click.option(
    "--grep_var_dependencies",
    is_flag=True,
    expose_value=False,
    help="Accepted: the vars that a text names are what it needs.",
)
@click.option("--disable_registry_cache", is_flag=True, expose_value=False, help="Accepted: the registry has no cache.")
@click.option("--model_args", multiple=True, expose_value=False, help="Accepted: it has had no effect for long.")
@accepted_options
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

    Everything is built under new names; the views move together at the end. If anything fails, or you press Ctrl-C,
    what was published before stays, and `--seq_no N` goes on where the run stopped.

    \b
    pb run                                  everything
    pb run -m models/user_id_stitcher       the id graph alone, which is quick when you tune it
    pb run --end_time 2026-10-31            as of that time; the same time gives the same rows
    pb run --seq_no latest                  go on with the last run
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.cli.progress import watcher  # noqa: PLC0415

    project = open_project(pb_project_path, siteconfig_path, target)
    with watcher() as observer:
        result = project.run(options, observer=observer)
    console.outcome(summary(result))
    if write_output_csv:
        _write_csv(project, result, escape_formulas=escape_formulas)
    # Without an end time of your own, a run that is not published is no success: the clock has gone back.
    is_unasked = result.published_end_time is not None and options.end_time is None and options.seq_no == "new"
    return 1 if result.failed or result.copy_failed or is_unasked else 0


def _write_csv(project: Project, result: RunResult, *, escape_formulas: bool) -> None:
    """One file per published view, beside the SQL of the run."""
    from onefold.run.csv_file import write_csv  # noqa: PLC0415 - CSV takes a while to load

    folder = result.sql_folder / "csv"
    formulas = [
        write_csv(project.read(view).arrow, folder / f"{view}.csv", escape_formulas=escape_formulas)
        for view in result.published.values()
    ]
    console.say(f"{len(formulas)} CSV files in {folder.relative_to(project.folder)}")
    console.formulas_note(sum(formulas), is_escaped=escape_formulas)


def summary(result: RunResult) -> str:
    """What was made, where it is, and what to look at next."""
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
    missing += [(ref, "needs a model that failed") for ref in result.not_built]
    parts = [
        console.table(("model", "rows", "time"), rows, right=(1, 2)),
        *([console.table((f"published in {result.output.shown}", "rows"), published, right=(1,))] if published else []),
        *([console.table(("not built; its view is as it was", "why"), missing)] if missing else []),
        *([_identity(result)] if any(s.certificate for s in result.steps) else []),
        *([_look_back(result)] if result.published_end_time else []),
        "\n".join([console.heading("summary"), *(f"  {name + ':':<18}{value}" for name, value in facts)]),
        "\n".join([console.heading("next"), *_next_steps(result)]),
    ]
    return "\n" + "\n\n".join(parts)


def _shown(path: Path, result: RunResult) -> str:
    """A path as it is typed in the folder of the project, where it lies inside."""
    root = result.log_file.parent.parent
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _spilled(memory: MemoryUse) -> str:
    """How much memory did not hold, and how much there was."""
    limit = f"; the database may use {in_words(memory.limit)} of memory" if memory.limit is not None else ""
    return f"up to {in_words(memory.spilled)}{limit} (memory_limit in onefold.yaml)"


def _identity(result: RunResult) -> str:
    """What each stitch found, and what was checked of it."""
    lines = [console.heading("identity")]
    for step in result.steps:
        found = step.certificate
        if found is None:
            continue
        lines.append(f"  {step.step.ref}: {found.nodes:,} ids in {found.profiles:,} profiles, by {found.edges:,} links")
        lines.append("    checked: both ends of every link are in one profile; no two profiles were taken together;")
        lines.append("    no main id was handed out twice")
        if step.graph is not None and not step.is_reused:
            lines.append(f"    {_how(step.graph)}")
            if step.graph.since is not None:
                lines.append(f"    incremental_timedelta: rows before {step.graph.since[:10]} were not looked at;")
                lines.append("    those that came late or are gone count from the next run with --rebase_incremental")
        events = ", ".join(f"{count:,} {event}" for event, count in sorted(step.id_events.items()))
        lines.append(f"    main ids: {events or 'as before'}")
    return "\n".join(lines)


def _how(graph: GraphRecord) -> str:
    """How a graph was built."""
    if graph.kind == "full":
        return "all rows were read"
    return (
        f"of {graph.days:,} days of rows, {graph.days_read:,} had changed and were read; "
        f"{graph.profiles_solved:,} profiles were solved again"
    )


def _look_back(result: RunResult) -> str:
    later = f"{result.published_end_time:%Y-%m-%d %H:%M:%S} UTC"
    return "\n".join(
        [
            console.heading("not published"),
            f"  rows up to {later} are published, so the views and the history of main ids stay as they are;",
            f"  the tables of this run are Material_..._{result.seq_no} (pb show plan --seq_no {result.seq_no}).",
            "  To publish them all the same: --publish_as_of",
        ]
    )


def _count(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,}"


def _next_steps(result: RunResult) -> list[str]:
    """Commands that make sense now, with the names of this project."""
    views = [(result.step(ref).step, name) for ref, name in result.published.items()]
    steps = []
    for step, name in views:
        if step.kind == "id_stitcher":
            main_id = getattr(step, "main_id", "")
            question = f"SELECT {main_id}, COUNT(*) AS ids FROM {name} GROUP BY 1 ORDER BY 2 DESC LIMIT 10"  # noqa: S608 - shown, not run
            steps.append(("the largest profiles", f'pb query "{question}"'))
            steps.append(("is the graph healthy", "pb audit id_stitcher"))
            steps.append(("the same as a page", "pb report"))
    features = next((name for step, name in reversed(views) if step.kind == "feature_view"), None)
    if features:
        steps.append(("the features", f'pb query "SELECT * FROM {features} LIMIT 10"'))  # noqa: S608
    steps += [
        ("where each output lands", "pb show models"),
        ("run these rows again", f"pb run --seq_no {result.seq_no} --force"),
    ]
    folder = result.sql_folder.relative_to(result.log_file.parent.parent)
    steps.append(("the SQL that ran, the log", f"{folder}/run, logs/{result.log_file.name}"))
    return [f"  {what + ':':<27}{command}" for what, command in steps]
