"""``pb plan``: previews the next run. Writes the answer to stdout and progress to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from onefold.cli import console
from onefold.cli.options import MOMENT, Command, open_project, project_options
from onefold.printable import shown

if TYPE_CHECKING:
    from datetime import datetime


@click.command(cls=Command)
@project_options
@click.option(
    "-m",
    "--model_refs",
    multiple=True,
    help="Build only this model and its dependencies. Repeat, or separate with commas.",
)
@click.option("--end_time", type=MOMENT, help="Ignore later rows  [default: now]")
@click.option("--begin_time", type=MOMENT, help="Ignore earlier rows of sources that have a timestamp.")
@click.option("--set", "settings", multiple=True, metavar="NAME=N", help="Try another threshold. Repeat for more.")
@click.option("--against", type=click.Path(), help="Compare with the published output of the project in this folder.")
@click.option("--keep", is_flag=True, help="Keep the unpublished tables, to query them with --seq_no.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(min=1), help="Number of rows per table.")
@click.option("--mask/--no-mask", default=None, help="Mask all ids, or none  [default: emails]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format; markdown suits a pull request comment.",
)
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
def plan(  # noqa: PLR0917
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    model_refs: tuple[str, ...],
    end_time: datetime | None,
    begin_time: datetime | None,
    settings: tuple[str, ...],
    against: str | None,
    top: int,
    mask: bool | None,  # noqa: FBT001
    format_: str,
    *,
    keep: bool,
    as_json: bool,
) -> int:
    """Preview what the next run would change, without publishing.

    Shows the effect of edited files, thresholds tried with --set, and newer rows: profiles that would merge or split,
    ids that would move, features that would differ. Exits with 1 if a check would fail. `pb plan` takes about as long
    as a run and never changes the database, even if interrupted.

    \b
    pb plan                                              preview the next run, with rows up to now
    pb plan -m models/user_id_stitcher                   preview only the id graph
    pb plan --set models/filtered_identifies:max_users_per_anonymous_id=3
    pb plan --set anonymous_id.maximum_edges.user_id=3
    pb plan -p other/checkout --against . --format markdown

    --set overrides a variable of a model's SQL ({% set name = 5 %}) or an edge limit of an id type. If several models
    set the variable, prefix it with the model or file. Use -p with --against to compare another checkout of the
    project with the published output of this one.
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.audit.mask import masked, with_texts  # noqa: PLC0415 - keeps help fast
    from onefold.cli.audit_text import as_plain  # noqa: PLC0415
    from onefold.cli.plan_text import plan_markdown, plan_text  # noqa: PLC0415
    from onefold.cli.progress import watcher  # noqa: PLC0415
    from onefold.engines.values import json_text  # noqa: PLC0415

    project = open_project(pb_project_path, siteconfig_path, target)
    other = None if against is None else open_project(against, siteconfig_path, target)
    with watcher() as observer:
        found = project.preview(
            models=tuple(ref for refs in model_refs for ref in refs.split(",")),
            end_time=end_time,
            begin_time=begin_time,
            settings=settings,
            against=other,
            keep=keep,
            top=top,
            observer=observer,
        )
    answer: Any = masked(found, "emails" if mask is None else "all" if mask else "none")
    if as_json or format_ == "json":
        console.data(json_text(as_plain(answer)))
    else:
        answer = with_texts(answer, shown)
        console.data(plan_markdown(answer, top) if format_ == "markdown" else console.as_typed(plan_text(answer, top)))
    return 1 if found.would_fail else 0
