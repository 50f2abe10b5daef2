"""``pb show``: what a project holds, without running it. In: flags. Out: tables, trees and pictures; reads no table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options

if TYPE_CHECKING:
    from onefold.api import Project
    from onefold.plan.dataflow import Dataflow
    from onefold.plan.model import Step


@click.group()
def show() -> None:
    """Show models, what depends on what, and how data flows."""


@show.command()
@project_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option("--include_disabled", is_flag=True, help="Also what takes no part in a run, and why.")
def models(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, *, as_json: bool, include_disabled: bool
) -> None:
    """Show every model, and where its output lands.

    Whether an optional input is there is not asked here: `pb run` and `pb validate access` do.
    """
    project = open_project(pb_project_path, siteconfig_path, target)
    plan = project.plan()
    rows = [_facts(step, project) for step in plan.steps.values()]
    if include_disabled:
        rows += [
            {
                "model": found.ref,
                "type": found.kind,
                "output": "left out",
                "where": found.reason,
                "declared": str(found.at),
            }
            for found in plan.left_out
        ]
    if as_json:
        for row in rows:
            console.data(json.dumps(row))
        return
    console.data(console.table(tuple(rows[0]) if rows else (), [tuple(row.values()) for row in rows]))
    console.say(console.dim(f"outputs land in {project.target.output}"))


def _facts(step: Step, project: Project) -> dict[str, str]:
    """One model as the columns of ``show models``."""
    view = project.view_name(step)
    lands = f"{project.target.schema}.{view}" if view else ""
    if step.kind == "input":
        lands = f"reads {getattr(step, 'table', '')}"
    elif not lands and step.output == "inline":
        lands = "part of the queries that read it"
    elif not lands:
        lands = f"{project.target.schema}.Material_{step.name}_…"
    return {
        "model": step.ref,
        "type": step.kind,
        "output": step.output,
        "where": lands,
        "declared": str(step.at),
    }


@show.command()
@project_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def dependencies(pb_project_path: str, siteconfig_path: str | None, target: str | None, *, as_json: bool) -> None:
    """Show what each model reads, in running order."""
    plan = open_project(pb_project_path, siteconfig_path, target).plan()
    for step in plan.steps.values():
        if as_json:
            console.data(json.dumps({"model": step.ref, "type": step.kind, "reads": list(step.needs)}))
        elif step.needs:
            console.data(f"{step.ref} {console.dim(step.kind)}")
            for number, need in enumerate(step.needs, start=1):
                console.data(f"{'└' if number == len(step.needs) else '├'}─ {need}")


@show.command("dataflow")
@project_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="SVG file to write  [default: output/<target>/dataflow.svg]",
)
def dataflow_(pb_project_path: str, siteconfig_path: str | None, target: str | None, output: str | None) -> None:
    """Show how data flows from the sources to the views: as text, and as a picture in a file."""
    from onefold.cli.picture import svg  # noqa: PLC0415
    from onefold.plan.dataflow import dataflow  # noqa: PLC0415

    project = open_project(pb_project_path, siteconfig_path, target)
    flow = dataflow(project.plan())
    console.data(as_text(flow))
    path = Path(output) if output else project.folder / "output" / project.target.name / "dataflow.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg(flow, f"Data flow of {project.name}"), encoding="utf-8")
    console.say(console.dim(f"picture: {path.relative_to(project.folder) if output is None else path}"))


def as_text(flow: Dataflow) -> str:
    """The data flow as a list: each box with what it feeds, from the sources on."""
    lines = []
    for column in flow.columns:
        for box in column:
            detail = f"  {console.dim(box.detail)}" if box.detail else ""
            lines.append(f"{console.heading(box.title)}{detail}")
            lines += [f"  ─► {flow.box(to).title}" for to in flow.feeds(box.key)]
    return "\n".join(lines)
