"""``pb migrate ids``: imports main ids from an existing id graph, a table or a file."""

from __future__ import annotations

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options


@click.command()
@project_options
@click.option("--from", "source", required=True, metavar="TABLE|FILE", help="Id graph to import from.")
@click.option("--entity", help="Entity of the ids  [default: the only entity]")
@click.option("--main_id", help="Column of main ids  [default: <entity>_main_id, or main_id]")
@click.option("--add", "is_added", is_flag=True, help="Add to main ids that are already published.")
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
    """Import main ids from an existing id graph, so that profiles keep them.

    The graph is a table [catalog.]schema.table or a .csv or .parquet file. It has a column of main ids and the columns
    other_id and other_id_type. The next run treats it as the previously published graph: each profile keeps the main id
    of its ids. If they have several, the one seen first stays and the others are merged into it.

    \b
    pb migrate ids --from warehouse.profiles.user_id_graph
    pb migrate ids --from id_graph.parquet --main_id customer_key
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.run.migrate_ids import GivenGraph, migrate_ids  # noqa: PLC0415 - keeps help fast

    project = open_project(pb_project_path, siteconfig_path, target)
    done = migrate_ids(project.spec, project.target, GivenGraph(source, entity, main_id, is_added))
    console.outcome(f"imported {done.main_ids} main ids with {done.ids} ids for {done.stitcher}")
    if done.skipped:
        console.say(f"skipped {done.skipped} rows: duplicates, or without a main id, id or type")
    console.say("next: pb run")
