"""``pb plan``: what the next run would change. In: flags. Out: the answer on stdout; progress on stderr."""

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
@click.option("-m", "--model_refs", multiple=True, help="Only this model and what it needs. Repeat, or use commas.")
@click.option("--end_time", type=MOMENT, help="Leave out later rows.  [default: now]")
@click.option("--begin_time", type=MOMENT, help="Leave out earlier rows of sources that have a time.")
@click.option("--set", "settings", multiple=True, metavar="NAME=N", help="Try another threshold. Repeat.")
@click.option("--against", type=click.Path(), help="Compare with what this folder's project has published.")
@click.option("--keep", is_flag=True, help="Keep what was built, unpublished, to ask it with --seq_no.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(min=1), help="How many of each to show.")
@click.option("--mask/--no-mask", default=None, help="Hide all ids, or none.  [default: emails]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="markdown fits a comment on a pull request.",
)
@click.option("--json", "as_json", is_flag=True, help="As --format json.")
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
    """Build the project beside what is published, and say what would change; publish nothing.

    Whatever differs shows: edited files, thresholds tried with --set, newer rows. Profiles that would merge or split,
    ids that would move, features that would differ, checks that would fail: then it ends with 1. It takes as long as a
    run, and leaves the database as it was, even if you stop it.

    \b
    pb plan                                              the next run, with the rows up to now
    pb plan -m models/user_id_stitcher                   the id graph alone
    pb plan --set models/filtered_identifies:max_users_per_anonymous_id=3
    pb plan --set anonymous_id.maximum_edges.user_id=3
    pb plan -p other/checkout --against . --format markdown

    --set takes a value that a model's SQL sets ({% set name = 5 %}), after its model or file where several models set
    it, or a limit of an id type. -p with --against compares another checkout of the project with what this one has
    published.
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
