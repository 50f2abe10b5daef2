"""The key jobs of one small project that uses most of what a project can use, in the order of a product's life.

Each job is a function over the project's folder, so that a test can run them all and look at what the database was
asked: every kind of run, a plan, audits, rules, migration, clean-up and repair.
"""

from __future__ import annotations

from datetime import timedelta
from textwrap import dedent
from typing import TYPE_CHECKING

import duckdb

import onefold
from onefold.run.migrate_ids import GivenGraph, migrate_ids

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Tiny

END, EARLIER = "2026-10-31T00:00:00Z", "2026-09-01T00:00:00Z"

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities:
      - name: user
        id_stitcher: models/graph
        id_types: [user_id, email, device]
        feature_views:
          using_ids: [{id: email, name: by_email}]
    id_types:
      - {name: user_id, maximum_edges: [{device: 3}, {email: 2}]}
      - name: email
        filters: [{type: exclude, value: e9}, {type: include, regex: "e.+"}]
      - {name: device, maximum_edges: [{user_id: 2}]}
    id_stitcher_rules: {enabled: true, table_name: main.id_stitch_rules, priority: exclude}
"""
MODELS = """
    inputs:
      - name: logins
        app_defaults:
          table: raw.main.logins
          occurred_at_col: ts
          row_identifier: [key]
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: device, type: device, entity: user}
      - name: mails
        app_defaults:
          table: raw.main.mails
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
    models:
      - name: large
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
          single_sql: "SELECT * FROM {{ this.DeRef('inputs/logins') }} WHERE amount > 5"
      - name: graph
        model_type: id_stitcher
        model_spec:
          entity_key: user
          edge_sources: [{from: inputs/logins}, {from: inputs/mails}]
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: logins, from: inputs/logins, select: COUNT(*)}
          - entity_var: {name: spent, from: models/large, select: SUM(amount), where: amount < 100}
          - entity_var:
              name: last_device
              from: inputs/logins
              select: FIRST_VALUE(device)
              window: {order_by: [ts DESC]}
          - entity_var:
              name: is_active
              select: "CASE WHEN {{user.logins}} > 1 THEN 'yes' ELSE 'no' END"
"""
SETTINGS = """
    catalogs: {raw: raw.duckdb}
    published_copy: true
"""
TABLES = """
    CREATE TABLE logins (key TEXT, user_id TEXT, device TEXT, amount INT, ts TIMESTAMP);
    INSERT INTO logins SELECT 'k' || i, 'c' || (i // 2), 'p' || i, i % 9, TIMESTAMP '2026-01-01' + INTERVAL 1 DAY * i
    FROM range(200) r(i);
    INSERT INTO logins VALUES
        ('x1', 'u1', 'd1', 7, '2026-01-02'), ('x2', 'u2', 'd1', 8, '2026-01-03'), ('x3', 'u3', 'd3', 9, '2026-10-05');
    CREATE TABLE mails (user_id TEXT, email TEXT, ts TIMESTAMP);
    INSERT INTO mails VALUES
        ('u1', 'e1', '2026-01-04'), ('u2', 'e2', '2026-01-05'), ('u3', 'e9', '2026-10-06'), ('u4', 'e4', NULL);
"""
RULES = """
    CREATE TABLE main.id_stitch_rules (entity TEXT, id1 TEXT, id1_type TEXT, id2 TEXT, id2_type TEXT, action TEXT,
        reason TEXT, created_at TIMESTAMP);
    INSERT INTO main.id_stitch_rules VALUES
        ('user', 'u1', 'user_id', 'e7', 'email', 'INCLUDE', 'said so', '2026-01-01'),
        ('user', 'u2', 'user_id', 'd1', 'device', 'EXCLUDE', 'said so', '2026-01-01'),
        ('user', 'c7', 'user_id', NULL, NULL, 'EXCLUDE', 'said so', '2026-01-01');
"""
FILES: Mapping[str, str] = {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS, "onefold.yaml": SETTINGS}


def prepared(shop: Tiny) -> Tiny:
    """The project with its table of rules; nothing has run yet."""
    (shop.folder / "onefold.yaml").write_text(dedent(SETTINGS))
    (shop.folder / "output").mkdir(exist_ok=True)
    _ask(shop.folder / "output/warehouse.duckdb", RULES)
    return shop


def _ask(database: Path, sql: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(dedent(sql))


def _change(shop: Tiny, sql: str) -> None:
    _ask(shop.folder / "raw.duckdb", sql)


def first_run(shop: Tiny) -> None:
    """All rows are read."""
    shop.run()


def unchanged_run(shop: Tiny) -> None:
    """Nothing has come since."""
    shop.run()


def incremental_run(shop: Tiny) -> None:
    """Rows that come join two profiles; a row that goes parts one."""
    _change(shop, "INSERT INTO mails VALUES ('u1', 'e2', '2026-05-05'); DELETE FROM logins WHERE key = 'k3'")
    _change(shop, "INSERT INTO logins VALUES ('x4', 'c1', 'd9', 1, '2026-07-02'), ('x5', 'u9', 'd9', 1, '2026-07-02')")
    done = shop.run().step("models/graph")
    assert done.graph is not None


def as_of_run(shop: Tiny) -> None:
    """A run with an earlier end time, which is not published."""
    shop.run(end_time=EARLIER)


def plan(shop: Tiny) -> None:
    """What a run would change."""
    _change(shop, "INSERT INTO mails VALUES ('u4', 'e1', '2026-08-05')")
    onefold.load(shop.folder).preview(end_time=END)


def plan_with_settings(shop: Tiny) -> None:
    """What a run with other settings would change."""
    onefold.load(shop.folder).preview(end_time=END, settings=["user_id.maximum_edges.email=1"])


def forced_run(shop: Tiny) -> None:
    """Everything is built again."""
    shop.run(force=True)


def full_rebuild(shop: Tiny) -> None:
    """The graph is stitched from all rows; main ids stay."""
    shop.run(rebase_incremental=True)


def reset_of_main_ids(shop: Tiny) -> None:
    """All main ids are reset."""
    shop.run(reset_main_ids=True)


def audits(shop: Tiny) -> None:
    """Every question to what is published."""
    audit = onefold.load(shop.folder).audit()
    audit.health()
    audit.clusters()
    audit.cluster("u1")
    audit.explain("u1", "e2")
    audit.explain("u1", "u4")
    audit.bridges()
    audit.features()
    audit.sample()
    audit.thresholds()
    audit.diff()


def questions(shop: Tiny) -> None:
    """A look-up, a query, the registry, other schemas, and whether everything can be reached."""
    project = onefold.load(shop.folder)
    project.lookup("user", "u1")
    project.read("USER_FEATURE_VIEW")
    project.query("SELECT COUNT(*) AS n FROM USER_FEATURE_VIEW")
    project.runs()
    project.materials()
    for schema in project.schemas():
        project.content_of(schema)
    project.rules.in_table()
    project.validate_access()


def migration(shop: Tiny) -> None:
    """Ids of another tool are added."""
    file = shop.folder / "given.csv"
    file.write_text("user_main_id,other_id,other_id_type\nm1,n1,user_id\nm1,n2,email\n")
    project = onefold.load(shop.folder)
    migrate_ids(project.spec, project.target, GivenGraph(str(file), is_added=True))
    shop.run()


def repair(shop: Tiny) -> None:
    """Rows that the registry lost are put back."""
    _ask(onefold.load(shop.folder).target.database, "DELETE FROM profiles.published_registry WHERE seq_no > 1")
    onefold.load(shop.folder).repair_registry()


def clean_up(shop: Tiny) -> None:
    """Materials that nothing needs are dropped, those that views show too."""
    onefold.load(shop.folder).clean_up(timedelta(microseconds=1))
    onefold.load(shop.folder).clean_up(timedelta(microseconds=1), shown_too=True)


JOBS = (
    first_run, unchanged_run, incremental_run, as_of_run, plan, plan_with_settings, forced_run, full_rebuild, audits,
    questions, migration, repair, clean_up, reset_of_main_ids,
)  # fmt: skip
"""All of them, each after the ones before."""
