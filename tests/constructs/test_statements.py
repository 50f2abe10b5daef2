"""multi_sql and hooks: statements of the author's around and in place of a query (format B4.0, B4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id]HOOKS}]
    id_types: [{name: user_id}]
"""

MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: n, select: COUNT(*), from: models/made}
    models:
      - name: made
        model_type: sql_template
        hooks: {HOOKS}
        model_spec:
          materialization: {output_type: table}
          BODY
          ids: [{select: user_id, type: user_id, entity: user}]
"""

ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 10, TIMESTAMP '2026-01-01'), ('u1', 20, TIMESTAMP '2026-01-02'), ('u2', 5, TIMESTAMP '2026-01-03')
    ) v(user_id, amount, ts);
"""
QUERY = "single_sql: \"SELECT * FROM {{this.DeRef('inputs/orders')}}\""


def shop_of(tiny: MakeTiny, body: str = QUERY, *, hooks: str = "", view_hooks: str = "") -> Tiny:
    if not body.startswith("single_sql"):
        body = "multi_sql: |\n" + "\n".join("            " + line for line in body.splitlines())
    models = MODELS.replace("BODY", body).replace("HOOKS", hooks)
    file = PROJECT.replace("HOOKS", f", feature_views: {{hooks: {{{view_hooks}}}}}" if view_hooks else "")
    return tiny(ORDERS, {"pb_project.yaml": file, "models/all.yaml": models})


def counts(shop: Tiny) -> list[tuple[object, ...]]:
    return shop.rows(
        "SELECT other_id, n FROM USER_FEATURE_VIEW JOIN USER_DEFAULT_ID_STITCHER USING (user_main_id) ORDER BY 1"
    )


def test_several_statements(tiny: MakeTiny) -> None:
    """A temporary table, the model's own, and changes to its rows."""
    shop = shop_of(
        tiny,
        """CREATE TEMP TABLE large AS SELECT user_id FROM {{this.DeRef('inputs/orders')}} WHERE amount > 6;
CREATE TABLE {{this}} AS SELECT * FROM large;
INSERT INTO {{this}} SELECT user_id FROM {{this.DeRef('inputs/orders')}} WHERE amount = 5;
UPDATE {{this}} SET user_id = 'u1' WHERE user_id = 'u2';""",
    )

    result = shop.run()

    assert counts(shop) == [("u1", 3), ("u2", None)]
    assert result.step("models/made").rows == 3


def test_warehouse_helpers(tiny: MakeTiny) -> None:
    """The helpers of ``warehouse`` write such statements."""
    shop = shop_of(
        tiny,
        """{% with sql = "SELECT * FROM " + this.DeRef('inputs/orders') %}
{{warehouse.BeginEndBlock(warehouse.CreateReplaceTableAs(this, sql))}}
{% endwith %}""",
    )

    shop.run()

    assert counts(shop) == [("u1", 2), ("u2", 1)]


def test_resumed(tiny: MakeTiny) -> None:
    """The statements can run again in the same sequence number."""
    shop = shop_of(tiny, "CREATE TABLE {{this}} AS SELECT * FROM {{this.DeRef('inputs/orders')}}")
    shop.run()

    shop.run(seq_no=1, force=True)

    assert counts(shop) == [("u1", 2), ("u2", 1)]


def test_hooks(tiny: MakeTiny) -> None:
    """Hooks run before and after, see the material, and may keep a table of their own; rows are counted after them."""
    shop = shop_of(
        tiny,
        hooks=(
            "pre_run: \"CREATE TABLE {{warehouse.ObjRef('runs')}} AS SELECT 1 AS x\", "
            'post_run: "DELETE FROM {{this}} WHERE amount > 15; GRANT SELECT ON {{this}} TO somebody"'
        ),
    )

    result = shop.run()

    assert counts(shop) == [("u1", 1), ("u2", 1)]
    assert result.step("models/made").rows == 2
    assert shop.rows("SELECT x FROM runs") == [(1,)]
    assert [n.message for n in result.notes] == ["GRANT has no effect on duckdb and is skipped"]


def test_hooks_of_feature_views(tiny: MakeTiny) -> None:
    """Hooks of feature views run around the view by main id."""
    shop = shop_of(tiny, view_hooks="post_run: \"CREATE TABLE {{warehouse.ObjRef('kept')}} AS SELECT n FROM {{this}}\"")

    shop.run()

    assert sorted(shop.rows("SELECT n FROM kept")) == [(1,), (2,)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM raw.main.orders",
        "DROP TABLE raw.main.orders",
        "UPDATE user_feature_view SET n = 0",
        "CREATE TABLE elsewhere AS SELECT 1 AS x",
        "CREATE TABLE other.place AS SELECT 1 AS x",
        "INSERT INTO {{this.DeRef('inputs/orders')}} VALUES ('u3', 1, NULL)",
        "DROP TABLE {{this}}",
        "CREATE OR REPLACE VIEW {{warehouse.ObjRef('user_feature_view')}} AS SELECT 1 AS n",
        "DELETE FROM {{warehouse.ObjRef('material_registry')}}",
        "COPY (SELECT 1) TO 'x.csv'",
        "ATTACH 'x.db' AS x",
        "SET threads = 1",
        "CREATE SCHEMA x",
        "CALL pragma_version()",
    ],
)
def test_what_is_not_allowed(tiny: MakeTiny, statement: str) -> None:
    """Statements change nothing but the model's own; such a project is refused before anything runs."""
    shop = shop_of(tiny, hooks=f'post_run: "{statement}"')

    with pytest.raises(onefold.ProjectError, match=r"models/all\.yaml:16:"):
        shop.run()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("SELECT 1 AS user_id", "no statement of multi_sql creates the model's table"),
        ("CREATE VIEW {{this}} AS SELECT 'u1' AS user_id", "must stay a table"),
        ("CREATE TABLE {{this}} AS SELECT 'u1' AS usr", "user_id"),
        ("CREATE TABLE {{this}} AS SELECT nothing FROM {{this.DeRef('inputs/orders')}}", "nothing"),
    ],
)
def test_wrong_statements(tiny: MakeTiny, body: str, said: str) -> None:
    """What cannot work is said before anything runs."""
    shop = shop_of(tiny, body)

    with pytest.raises(onefold.OnefoldError, match=said):
        shop.run()

    with pytest.raises(onefold.OnefoldError):
        shop.rows("SELECT * FROM made")
