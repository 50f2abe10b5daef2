"""``pb run``: build and publish. In: flags. Out: the summary on stdout; progress on stderr."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from onefold.cli import console
from onefold.cli.options import OFFSET, open_project, project_options, run_options

if TYPE_CHECKING:
    from onefold.api import Project
    from onefold.run.events import RunResult


@click.command()
@project_options
@run_options
@click.option("--force", is_flag=True, help="Build also what this sequence number has finished.")
@click.option("--end_time_offset", type=OFFSET, help="The end time is that much before now, such as 45m.")
@click.option("--write_output_csv", is_flag=True, help="Also write each published view as CSV, under output/.")
@click.option("--rebase_incremental", is_flag=True, help="Accepted: every run reads all rows, and is a rebase.")
@click.option("--concurrency", type=int, help="Accepted: a model uses all cores by itself.")
@click.option("--migrate_on_load", is_flag=True, help="Accepted: old projects load as they are.")
def run(  # noqa: PLR0917
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    model_refs: tuple[str, ...],
    seq_no: Any,
    end_time: Any,
    begin_time: Any,
    end_time_offset: timedelta | None,
    concurrency: int | None,  # noqa: ARG001 - of the format's command
    *,
    force: bool,
    write_output_csv: bool,
    rebase_incremental: bool,  # noqa: ARG001 - of the format's command
    migrate_on_load: bool,  # noqa: ARG001 - of the format's command
) -> None:
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

    if end_time_offset is not None:
        if end_time is not None or seq_no != "new":
            raise click.UsageError("--end_time_offset goes with neither --end_time nor --seq_no")
        end_time = datetime.now(UTC).replace(microsecond=0) - end_time_offset
    project = open_project(pb_project_path, siteconfig_path, target)
    with watcher() as observer:
        result = project.run(
            seq_no=seq_no,
            end_time=end_time,
            begin_time=begin_time,
            models=model_refs,
            force=force,
            observer=observer,
        )
    console.data(summary(result))
    if write_output_csv:
        _write_csv(project, result)


def _write_csv(project: Project, result: RunResult) -> None:
    """One file per published view, beside the SQL of the run."""
    from pyarrow import csv  # noqa: PLC0415

    folder = result.sql_folder / "csv"
    folder.mkdir(parents=True, exist_ok=True)
    for view in result.published.values():
        csv.write_csv(project.read(view).arrow, folder / f"{view}.csv")
    console.say(f"{len(result.published)} CSV files in {folder.relative_to(project.folder)}")


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
        ("failed models", "0"),
        ("warnings", str(sum(n.severity == "warning" for n in result.notes))),
    )
    parts = [
        console.table(("model", "rows", "time"), rows, right=(1, 2)),
        console.table((f"published in {result.output}", "rows"), published, right=(1,)),
        "\n".join([console.heading("summary"), *(f"  {name + ':':<18}{value}" for name, value in facts)]),
        "\n".join([console.heading("next"), *_next_steps(result)]),
    ]
    return "\n" + "\n\n".join(parts)


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
