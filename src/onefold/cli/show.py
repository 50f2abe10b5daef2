"""``pb show``: shows models, dependencies and data flow. Reads no source table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import SEQ_NO, open_project, project_options
from onefold.cli.show_report import idstitcher_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.api import Project
    from onefold.plan.dataflow import Dataflow
    from onefold.plan.model import Plan, Step


_INCLUDE_DISABLED = click.option(
    "--include_disabled", is_flag=True, help="Also show disabled models, and why they are disabled."
)


@click.group()
def show() -> None:
    """Show models, dependencies and data flow."""


@show.command()
@project_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--tree", is_flag=True, help="Show each view with its dependencies.")
@_INCLUDE_DISABLED
def models(
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    *,
    as_json: bool,
    tree: bool,
    include_disabled: bool,
) -> None:
    """List all models and their outputs.

    Does not check whether optional inputs exist; `pb run` and `pb validate access` do.
    """
    project = open_project(pb_project_path, siteconfig_path, target)
    plan = project.plan()
    if tree and not as_json:
        needed = {need for step in plan.steps.values() for need in step.needs}
        for ref in plan.steps:
            if ref not in needed:
                console.data("\n".join(_tree(plan, ref)))
        return
    rows = [_facts(step, project) for step in plan.steps.values()]
    if include_disabled:
        rows += [
            {
                "model": found.ref,
                "type": found.kind,
                "output": "disabled",
                "where": found.reason,
                "grain": "",
                "declared": str(found.at),
            }
            for found in plan.disabled
        ]
    if as_json:
        for row in rows:
            console.data(json.dumps(row))
        return
    console.data(console.table(tuple(rows[0]) if rows else (), [tuple(row.values()) for row in rows]))
    console.say(console.dim(f"outputs are written to {project.target.output}"))


def _facts(step: Step, project: Project) -> dict[str, str]:
    """One model as the columns of ``show models``."""
    view = project.view_name(step)
    lands = f"{project.target.schema}.{view}" if view else ""
    if step.kind == "input":
        lands = f"reads {getattr(step, 'table', '')}"
    elif not lands and step.output == "inline":
        lands = "inlined into the queries that read it"
    elif not lands:
        lands = f"{project.target.schema}.Material_{step.name}_…"
    return {
        "model": step.ref,
        "type": step.kind,
        "output": step.output,
        "where": lands,
        "grain": step.grain or "",
        "declared": str(step.at),
    }


def _tree(plan: Plan, ref: str, depth: int = 0) -> Iterator[str]:
    """A model and, indented, its dependencies."""
    yield f"{'  ' * depth}{ref} {console.dim(plan.steps[ref].kind)}"
    for need in plan.steps[ref].needs:
        yield from _tree(plan, need, depth + 1)


def _print_disabled(plan: Plan, *, as_json: bool) -> None:
    """Print the disabled models and the reasons."""
    for found in plan.disabled:
        fields = {"model": found.ref, "type": found.kind, "disabled": found.reason}
        console.data(json.dumps(fields) if as_json else f"{found.ref} {console.dim('disabled: ' + found.reason)}")


@show.command()
@project_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@_INCLUDE_DISABLED
def dependencies(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, *, as_json: bool, include_disabled: bool
) -> None:
    """Show the dependencies of each model, in execution order."""
    plan = open_project(pb_project_path, siteconfig_path, target).plan()
    for step in plan.steps.values():
        if as_json:
            console.data(json.dumps({"model": step.ref, "type": step.kind, "reads": list(step.needs)}))
        elif step.needs:
            console.data(f"{step.ref} {console.dim(step.kind)}")
            for number, need in enumerate(step.needs, start=1):
                console.data(f"{'└' if number == len(step.needs) else '├'}─ {need}")
    if include_disabled:
        _print_disabled(plan, as_json=as_json)


@show.command("plan")
@project_options
@click.option("--seq_no", type=SEQ_NO, default="latest", show_default=True, help="Run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--show_dependents", is_flag=True, help="Also show the models that read each material.")
def plan_(
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    seq_no: int | str,
    *,
    as_json: bool,
    show_dependents: bool,
) -> None:
    """Show the time window and the materials of a run.

    \b
    pb show plan
    pb show plan --seq_no 3 --json
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    runs = {run.seq_no: run for run in project.runs()}
    number = max(runs, default=0) if not isinstance(seq_no, int) else seq_no
    if number not in runs:
        raise click.UsageError(f"there is no run {number}; available: {', '.join(map(str, runs)) or 'none'}")
    made = [m for m in project.materials() if m.seq_no == number]
    rows = [{"model": m.ref, "type": m.kind, "material": m.name, "rows": m.rows, "seconds": m.seconds} for m in made]
    if show_dependents:
        plan = project.plan()
        for row in rows:
            row["read_by"] = ", ".join(plan.needed_by(str(row["model"])))
    if as_json:
        for row in rows:
            console.data(json.dumps({"seq_no": number, **row}))
        return
    run = runs[number]
    begin = f"{run.times.begin:%Y-%m-%d %H:%M:%S} to " if run.times.begin else ""
    state = f"published {run.published_at:%Y-%m-%d %H:%M:%S}" if run.published_at else "not published"
    console.data(f"run {number}: rows {begin}up to {run.times.end:%Y-%m-%d %H:%M:%S} UTC, {state}")
    shown = [tuple("" if v is None else v for v in row.values()) for row in rows]
    headers = ("model", "type", "material", "rows", "seconds", *(("read by",) if show_dependents else ()))
    console.data(console.table(headers, shown, right=(3, 4)))


@show.command("entity-lookup")
@project_options
@click.option("-v", "--value", required=True, help="Id of any type, or main id.")
@click.option("--entity", default=None, help="Entity  [default: the first of the project]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per profile.")
def entity_lookup(
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    value: str,
    entity: str | None,
    *,
    as_json: bool,
) -> None:
    """Show the ids and features of the profile of an id.

    \b
    pb show entity-lookup -v ada@home
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.engines.values import json_text, text  # noqa: PLC0415 - keeps help fast

    project = open_project(pb_project_path, siteconfig_path, target)
    name = entity or project.spec.file.entities[0].name
    found = project.lookup(name, value)
    if not found:
        raise click.UsageError(f'no {name} profile has the id "{value}"')
    for profile in found:
        if as_json:
            console.data(json_text(profile))
            continue
        ids = "\n".join(f"  {i['other_id_type']:<20} {i['other_id']}" for i in profile["ids"])
        features = "\n".join(f"  {key:<32} {'' if v is None else text(v)}" for key, v in profile["features"].items())
        console.data(f"{console.heading(profile['main_id'])}\n{ids}\n{features}")


@show.command("dataflow")
@project_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Output SVG file  [default: output/<target>/dataflow.svg]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per box and per arrow.")
@_INCLUDE_DISABLED
def dataflow_(
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    output: str | None,
    *,
    as_json: bool,
    include_disabled: bool,
) -> None:
    """Show the data flow from sources to views, as text and as an SVG picture."""
    from onefold.cli.picture import svg  # noqa: PLC0415
    from onefold.plan.dataflow import dataflow  # noqa: PLC0415

    project = open_project(pb_project_path, siteconfig_path, target)
    plan = project.plan()
    flow = dataflow(plan)
    if as_json:
        for box in (box for column in flow.columns for box in column):
            console.data(json.dumps({"key": box.key, "title": box.title, "type": box.kind, "detail": box.detail}))
        for start, end in flow.arrows:
            console.data(json.dumps({"from": start, "to": end}))
    else:
        console.data(as_text(flow))
    if include_disabled:
        _print_disabled(plan, as_json=as_json)
    path = Path(output) if output else project.folder / "output" / project.target.name / "dataflow.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg(flow, f"Data flow of {project.name}"), encoding="utf-8")
    console.say(console.dim(f"picture: {path.relative_to(project.folder) if output is None else path}"))


def as_text(flow: Dataflow) -> str:
    """The data flow as a list of boxes with their targets, sources first."""
    lines = []
    for column in flow.columns:
        for box in column:
            detail = f"  {console.dim(box.detail)}" if box.detail else ""
            lines.append(f"{console.heading(box.title)}{detail}")
            lines += [f"  ─► {flow.box(to).title}" for to in flow.feeds(box.key)]
    return "\n".join(lines)


show.add_command(idstitcher_report)
