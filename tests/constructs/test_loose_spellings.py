"""Spellings that are loose or old, and run as they do with the format's own command (parity: ``accepted``)."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.errors import ProjectError
from onefold.project.load import load_project
from onefold.project.migrate import migrated

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

TABLES = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 10, 'web', TIMESTAMP '2026-01-01 10:00:00'),
        ('u1', NULL,  20, 'app', TIMESTAMP '2026-01-02 10:00:00'),
        ('u2', 'b@x', 5,  'web', TIMESTAMP '2026-01-03 10:00:00')
    ) v(user_id, email, amount, shop, ts);
"""
PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_stitcher: models/graph, id_types: [user_id, email]}]
    id_types: [{name: user_id}, {name: email}, {name: shop}]
"""
INPUT = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
"""
VARS = """
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
"""
GRAPH = """
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/orders}]}
"""
TOTALS = """
      - name: totals
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: SELECT user_id, COUNT(*) AS n FROM {{this.DeRef('inputs/orders')}} GROUP BY user_id
          ids: [{select: user_id, type: user_id, entity: user}]
"""
SPENT = "SELECT spent FROM user_feature_view ORDER BY spent"


def shop_of(tiny: MakeTiny, models: str, project: str = PROJECT) -> Tiny:
    return tiny(TABLES, {"pb_project.yaml": project, "models/all.yaml": models})


def codes(result: onefold.RunResult) -> set[str]:
    return {note.code for note in result.notes} - {"check"}


def test_keys_beside_app_defaults(tiny: MakeTiny) -> None:
    """An input may have its table under app_defaults and the rest beside it."""
    loose = INPUT.replace("app_defaults:\n          table: raw.main.orders", "app_defaults: {table: raw.main.orders}")
    for line in ("  occurred_at_col", "  ids:", "    - {select"):
        loose = loose.replace(f"        {line}", f"      {line}")
    assert "        occurred_at_col: ts\n        ids:\n          - {select" in loose
    shop = shop_of(tiny, loose + VARS + GRAPH)

    assert codes(shop.run()) == {"old-spelling"}
    assert shop.rows(SPENT) == [(5,), (30,)]
    (file,) = migrated(shop.folder)
    assert file.content.decode() == dedent(INPUT + VARS + GRAPH)


def test_a_key_in_both_places(tiny: MakeTiny) -> None:
    """A key that stands both under app_defaults and beside it is a mistake with a place."""
    shop = shop_of(
        tiny, INPUT.replace("        app_defaults", "        occurred_at_col: other\n        app_defaults") + GRAPH
    )

    with pytest.raises(ProjectError, match=r"all.yaml:4:5: unknown key .occurred_at_col"):
        shop.run()


def test_features_of_a_model_without_a_key(tiny: MakeTiny) -> None:
    """Features of a model that has ids of one entity are in the views of that entity."""
    shop = shop_of(tiny, INPUT + VARS + GRAPH + TOTALS + "          features: [{name: n}]\n")

    shop.run()

    assert shop.rows("SELECT n, spent FROM user_feature_view ORDER BY n") == [(1, 5), (2, 30)]


def test_features_of_several_rows(tiny: MakeTiny) -> None:
    """Of several rows of a profile the largest value is the feature."""
    every = TOTALS.replace("COUNT(*) AS n", "amount AS n").replace(" GROUP BY user_id", "")
    shop = shop_of(tiny, INPUT + VARS + GRAPH + every + "          features: [{name: n}]\n")

    shop.run()

    assert shop.rows("SELECT n, spent FROM user_feature_view ORDER BY n") == [(5, 5), (20, 30)]


def test_features_of_nobody(tiny: MakeTiny) -> None:
    """Features of a model with ids of several entities and no key are in no view, and that is said."""
    project = PROJECT.replace("email]}]", "email]}, {name: store, id_types: [shop]}]")
    totals = TOTALS.replace("entity: user}]", "entity: user}, {select: user_id, type: shop, entity: store}]")
    shop = shop_of(tiny, INPUT + VARS + GRAPH + totals + "          features: [n]\n", project)

    assert "features-of-nobody" in codes(shop.run())
    assert shop.rows(SPENT) == [(5,), (30,)]


def test_an_id_of_no_use(tiny: MakeTiny) -> None:
    """An id whose type the entity does not have is not used, and that is said."""
    shop = shop_of(tiny, INPUT + "            - {select: shop, type: shop, entity: user}\n" + VARS + GRAPH)

    assert codes(shop.run()) == {"unused-id"}
    assert shop.rows("SELECT DISTINCT other_id_type FROM graph ORDER BY 1") == [("email",), ("user_id",)]
    assert shop.rows(SPENT) == [(5,), (30,)]


def test_ids_of_two_entities_of_one_type(tiny: MakeTiny) -> None:
    """Of two ids of a type that two entities have, each entity reads its own."""
    project = PROJECT.replace("email]}]", "email]}, {name: store, id_types: [email]}]")
    second = INPUT.replace("select: user_id, type: user_id, entity: user", "select: shop, type: email, entity: store")
    count = "      - {name: of_store, entity_key: store, vars: [{entity_var: {name: n, select: COUNT(*), from: inputs/orders}}]}\n"
    shop = shop_of(tiny, second + VARS + count + GRAPH, project)

    shop.run()

    assert shop.rows("SELECT n FROM store_feature_view ORDER BY n") == [(1,), (2,)]
    assert shop.rows(SPENT) == [(5,), (10,)]


def test_rows_of_a_main_id(tiny: MakeTiny) -> None:
    """An id of type rudder_id is the main id of its row."""
    per_profile = """
      - name: per_profile
        model_type: sql_template
        model_spec:
          single_sql: SELECT user_main_id, COUNT(*) AS n FROM {{this.DeRef('models/graph')}} GROUP BY 1
          ids: [{select: user_main_id, type: rudder_id, entity: user}]
"""
    var = "          - entity_var: {name: ids, select: MAX(n), from: models/per_profile}\n"
    shop = shop_of(tiny, INPUT + VARS + var + GRAPH + per_profile)

    assert codes(shop.run()) == set()
    assert shop.rows("SELECT ids FROM user_feature_view") == [(2,), (2,)]


@pytest.mark.parametrize(
    ("time", "spent"),
    [("ts", [(30,)]), ("'\"TS\"'", [(30,)]), ("date_trunc('day', ts)", [(5,), (30,)]), ("TO_TIMESTAMP(ts)", [(30,)])],
)
def test_time_of_rows(tiny: MakeTiny, time: str, spent: list[tuple[int]]) -> None:
    """The time of rows is a column, quoted or not, or an expression; it bounds the run."""
    shop = shop_of(tiny, INPUT.replace("occurred_at_col: ts", f"occurred_at_col: {time}") + VARS + GRAPH)

    shop.run(end_time="2026-01-03T00:00:00Z")

    assert shop.rows(SPENT) == spent


@pytest.mark.parametrize(
    ("time", "says"),
    [("date_trunc('day', nope)", "nope"), ("amount + 1", "not a time"), ("'\"nope\"'", "has no column")],
)
def test_no_time_of_rows(tiny: MakeTiny, time: str, says: str) -> None:
    """A time that is none is told before anything runs, at its place."""
    shop = shop_of(tiny, INPUT.replace("occurred_at_col: ts", f"occurred_at_col: {time}") + VARS + GRAPH)

    with pytest.raises(onefold.AccessError, match=rf"(?s)all.yaml:6:24: .*{says}"):
        shop.run()


@pytest.mark.parametrize("column", ["nope", "\"date_trunc('day', ts)\""])
def test_contracts(tiny: MakeTiny, column: str) -> None:
    """A column that a contract promises in vain, of a SQL model or an input, is a warning."""
    promise = f"contract: {{with_columns: [{{name: {column}}}]}}\n"
    shop = shop_of(tiny, INPUT + VARS + GRAPH + TOTALS + "          " + promise)

    assert codes(shop.run()) == {"unknown-column"}

    (shop.folder / "models/all.yaml").write_text((INPUT + "        " + promise + VARS + GRAPH).replace("\n    ", "\n"))
    assert codes(shop.run()) == {"unknown-column"}
    assert shop.rows(SPENT) == [(5,), (30,)]


def test_table_of_a_var_that_is_no_feature(tiny: MakeTiny) -> None:
    """A feature table may list a var that is no feature; that is then made, and in no other view."""
    hidden = "          - entity_var: {name: n, is_feature: false, select: COUNT(*), from: inputs/orders}\n"
    table = """
      - name: money
        model_type: feature_table_model
        model_spec: {entity_key: user, features: [n, spent]}
"""
    shop = shop_of(tiny, INPUT + VARS + hidden + GRAPH + table)

    shop.run()

    assert shop.rows("SELECT n, spent FROM money ORDER BY n") == [(1, 5), (2, 30)]
    assert onefold.load(shop.folder).read("user_feature_view").arrow.column_names == ["user_main_id", "spent"]


@pytest.mark.parametrize(
    ("frame", "last"),
    [
        ("{{ whole() }}", ["app", "web"]),
        ("{{ whole }}", ["app", "web"]),
        ("{% if warehouse.DatabaseType() == 'snowflake' %}{{ whole() }}{% endif %}", ["app", "web"]),
        ("rows between {{ first() }} and current row", ["app", "web", "web"]),
    ],
)
def test_frame_of_templates(tiny: MakeTiny, frame: str, last: list[str]) -> None:
    """The frame of a window is a template."""
    macros = """
    macros:
      - {name: whole, value: rows between unbounded preceding and unbounded following}
      - {name: first, value: unbounded preceding}
"""
    var = f'          - entity_var: {{name: l, select: LAST_VALUE(shop), from: inputs/orders, window: {{order_by: [ts], frame_clause: "{frame}"}}}}\n'
    shop = shop_of(tiny, INPUT + VARS + var + GRAPH + macros)

    shop.run()

    assert [row[0] for row in shop.rows("SELECT l FROM user_feature_view ORDER BY l")] == last[-2:]


def test_hooks_of_an_entity(tiny: MakeTiny) -> None:
    """The hooks of an entity run around its default stitcher; a hook may be a query."""
    post = "CREATE TABLE {{warehouse.ObjRef('ids')}} AS SELECT * FROM {{this}}"
    hooks = f'hooks: {{pre_run: "SELECT * FROM (VALUES (1), (2)) v(x)", post_run: "{post}"}}, '
    project = PROJECT.replace("id_stitcher: models/graph, ", hooks)
    shop = shop_of(tiny, INPUT + VARS, project)

    shop.run()

    assert shop.rows("SELECT COUNT(*) FROM ids") == [(4,)]


def test_hooks_without_a_default_stitcher(tiny: MakeTiny) -> None:
    """Hooks of an entity with a stitcher of its own do nothing, and that is said."""
    project = PROJECT.replace("id_stitcher: models/graph, ", "id_stitcher: models/graph, hooks: {pre_run: SELECT 1}, ")

    assert codes(shop_of(tiny, INPUT + VARS + GRAPH, project).run()) == {"moot"}


@pytest.mark.parametrize(
    "name",
    ["published_registry", "GRAPH_ID_HISTORY", "graph_edges", "graph_aliases", "graph_quarantine", "graph_members",
     "graph_anchors", "GRAPH_CARDINALITY_AUDIT", "earlier_graph_id_history", "run_registry"],
)  # fmt: skip
@pytest.mark.parametrize("statement", ["DROP TABLE {}", "DELETE FROM {}", "CREATE TABLE {} AS SELECT 1 AS a"])
def test_what_a_hook_may_not_touch(tiny: MakeTiny, name: str, statement: str) -> None:
    """A statement may not touch what the engine keeps."""
    sql = statement.format(f"{{{{warehouse.ObjRef('{name}')}}}}")
    totals = TOTALS.rstrip("\n") + f'\n        hooks: {{post_run: "{sql}"}}\n'
    shop = shop_of(tiny, INPUT + VARS + GRAPH + totals.replace("        hooks", "        hooks"))

    with pytest.raises(ProjectError, match=f'"{name}" is managed by onefold'):
        onefold.load(shop.folder).compile()


@pytest.mark.parametrize(
    ("version", "written", "view"),
    [
        (93, "feature_views: {using_ids: [{id: email}]}", "feature_view_with_email"),
        (94, "feature_views: {using_ids: [{id: email}]}", "user_feature_view_with_email"),
        (69, "feature_views: {name: mine, using_ids: [{id: email}]}", "mine_with_email"),
        (69, "feature_views: {using_ids: [{id: email, name: by_email}]}", "by_email"),
        (60, "serve_traits_360: {using_ids: [{id: email}]}", "feature_view_with_email"),
        (53, "serve_traits: [{id_served: email}]", "email_user_default_entity_serve_360"),
    ],
)
def test_names_of_views_by_ids(tiny: MakeTiny, version: int, written: str, view: str) -> None:
    """A view by ids without a name has the name that its schema version gives it, also when it was migrated."""
    project = PROJECT.replace("schema_version: 99", f"schema_version: {version}").replace(
        "email]}]", f"email], {written}}}]"
    )
    shop = shop_of(tiny, INPUT + VARS + GRAPH, project)
    shop.run()
    before = shop.rows(f"SELECT email, spent FROM {view} ORDER BY email")

    for file in migrated(shop.folder):
        (shop.folder / file.file).write_bytes(file.content)
    said = codes(shop.run())

    assert before == [("a@x", 30), ("b@x", 5)]
    assert shop.rows(f"SELECT email, spent FROM {view} ORDER BY email") == before
    assert "old-spelling" not in said


def test_an_old_feature_table(tiny: MakeTiny) -> None:
    """A feature table of former years, with vars and a mode of its own, runs and is migrated to the same."""
    table = """
      - name: money
        model_type: feature_table_model
        model_spec:
          validity_time: 24h
          entity_key: user
          compatibility_mode: true
          vars:
            - input_var: {name: twice, select: amount * 2, from: inputs/orders}
            - entity_var: {name: doubled, select: "SUM({{orders.twice}})", from: inputs/orders}
          features: [doubled]
"""
    shop = shop_of(tiny, INPUT + GRAPH + table, PROJECT.replace("99", "40"))
    shop.run()
    before = shop.rows("SELECT doubled FROM money ORDER BY 1")
    for file in migrated(shop.folder):
        (shop.folder / file.file).write_bytes(file.content)

    assert "old-spelling" not in codes(shop.run())
    assert before == shop.rows("SELECT doubled FROM money ORDER BY 1") == [(10,), (60,)]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("models/graph", "id_stitcher"),
        ("models/totals", "sql_template"),
        ("inputs/orders", "sql_template"),
        ("user/all", "entity_cohort"),
        ("entity/user/spent", "entity_var_item"),
        ("inputs/orders/var_table", "input_var_table"),
        ("user/all/feature_view", "feature_view"),
    ],
)
def test_the_type_of_a_model(tiny: MakeTiny, path: str, kind: str) -> None:
    """A template may ask for the type of a model, and choose by it."""
    asked = f"{{% if this.DeRef('{path}').Model.ModelType() == '{kind}' %}}COUNT(*){{% else %}}nope{{% endif %}}"
    var = f'          - entity_var: {{name: n, select: "{asked}", from: inputs/orders}}\n'
    shop = shop_of(tiny, INPUT + VARS + var + GRAPH + TOTALS)

    shop.run()

    assert shop.rows("SELECT n FROM user_feature_view ORDER BY n") == [(1,), (2,)]


@pytest.mark.parametrize(
    ("asked", "said"), [("models/graph').ModelType", r"\.Model\.ModelType"), ("models/nope').Model.ModelType", "nope")]
)
def test_no_type_of_a_model(tiny: MakeTiny, asked: str, said: str) -> None:
    """What has no type is told, and where to ask."""
    var = f'          - entity_var: {{name: n, select: "{{{{this.DeRef(\'{asked}()}}}}", from: inputs/orders}}\n'

    with pytest.raises(ProjectError, match=rf"(?s)all.yaml:\d+:\d+: .*{said}"):
        shop_of(tiny, INPUT + VARS + var + GRAPH).run()


MACROS_INSIDE = """
          macros:   # both
            - name: twice
              inputs: [x]
              value: "{{x}} * 2"
            # one line
            - {name: whole, value: rows between unbounded preceding and unbounded following}
"""


MONEY = """
      - name: money
        model_type: feature_table_model
        model_spec:
          entity_key: userMACROS
          vars:
            - entity_var: {name: doubled, select: "SUM({{twice('amount')}})", from: inputs/orders}
            - entity_var: {name: l, select: LAST_VALUE(shop), from: inputs/orders, window: {order_by: [ts], frame_clause: "{{ whole() }}"}}
          features: [doubled]
"""


def test_macros_of_a_feature_table(tiny: MakeTiny) -> None:
    """Macros inside a feature table are macros of the project; of its vars those that it lists are features."""
    table = MONEY.replace("MACROS", MACROS_INSIDE.rstrip())
    shop = shop_of(tiny, INPUT + GRAPH + table, PROJECT.replace("99", "40"))

    assert "old-spelling" in codes(shop.run())
    assert shop.rows("SELECT doubled FROM money ORDER BY 1") == [(10,), (60,)]
    assert onefold.load(shop.folder).read("user_feature_view").arrow.column_names == ["user_main_id", "doubled"]


@pytest.mark.parametrize(
    "beside", ["", "    macros:\n    - {name: one, value: '1'}\n", "    macros: []\n", "    macros:\n"]
)
@pytest.mark.parametrize("inside", [MACROS_INSIDE.rstrip(), "\n          macros: [{name: twice, value: '{{x}} * 2'}]"])
def test_macros_of_a_feature_table_are_migrated(tiny: MakeTiny, beside: str, inside: str) -> None:
    """Migrated, they stand under the file's macros, with their comments, and mean the same."""
    shop = shop_of(tiny, INPUT + beside + GRAPH + MONEY.replace("MACROS", inside), PROJECT.replace("99", "40"))
    before = load_project(shop.folder).macros

    for file in migrated(shop.folder):
        (shop.folder / file.file).write_bytes(file.content)

    after = load_project(shop.folder)
    assert [(m.name, m.inputs, m.value) for m in before] == [(m.name, m.inputs, m.value) for m in after.macros]
    assert "old-spelling" not in {n.code for n in after.notes}
    assert ("# both" in inside) == ("# both" in (shop.folder / "models/all.yaml").read_text())


def test_macros_of_one_name_in_two_feature_tables(tiny: MakeTiny) -> None:
    """Two macros of one name are an error, wherever they stand."""
    table = GRAPH + "".join(
        f"      - name: {name}\n        model_type: feature_table_model\n"
        "        model_spec: {entity_key: user, features: [spent], macros: [{name: m, value: '1'}]}\n"
        for name in ("a", "b")
    )

    with pytest.raises(ProjectError, match=r'all.yaml:\d+:\d+: .*"m"'):
        shop_of(tiny, INPUT + VARS + table).run()
