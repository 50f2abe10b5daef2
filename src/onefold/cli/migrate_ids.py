"""``pb migrate ids``: take over the main ids of an existing id graph. In: a table or a file. Out: what was taken."""

from __future__ import annotations

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options


@click.command()
@project_options
@click.option("--from", "source", required=True, metavar="TABLE|FILE", help="Where the id graph lies.")
@click.option("--entity", help="Whose ids they are  [default: the only entity]")
@click.option("--main_id", help="Its column of main ids  [default: <entity>_main_id, or main_id]")
@click.option("--add", "is_added", is_flag=True, help="Add to main ids that were published already.")
def ids(  # noqa: PLR0917
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    source: str,
    entity: str | None,
    main_id: str | None,
    *,
    is_added: bool,
) -> None:
    """Take over the main ids of an existing id graph.

    The graph is a table [catalog.]schema.table, or a .csv or .parquet file, with a column of main ids and the columns
    other_id and other_id_type. The next run takes it for what was published before: a profile keeps the main id that
    its ids have there; of several, the one whose ids were seen first stays, and the others lead to it.

    \b
    pb migrate ids --from warehouse.profiles.user_id_graph
    pb migrate ids --from id_graph.parquet --main_id customer_key
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.run.migrate_ids import GivenGraph, migrate_ids  # noqa: PLC0415 - keeps help fast

    project = open_project(pb_project_path, siteconfig_path, target)
    done = migrate_ids(project.spec, project.target, GivenGraph(source, entity, main_id, is_added))
    console.outcome(f"{done.main_ids} main ids with {done.ids} ids, for {done.stitcher}")
    if done.skipped:
        console.say(f"skipped: {done.skipped} rows that are duplicates, or that lack a main id, an id or a type")
    console.say("next: pb run")
