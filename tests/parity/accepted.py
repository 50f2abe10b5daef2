"""Projects of the parity suite with loose, odd or old spellings that the reference command accepts."""

from __future__ import annotations

from tests.parity.cases import _APP, _LIB, INPUT, LINKED, ORDERS, cohort, cohort_vars, models
from tests.parity.harness import FILE, Case

N = "name: n, select: COUNT(*), from: inputs/orders"
SHOP = "            - {select: shop, type: shop, entity: user}\n"
OLD = ("--migrate_on_load",)
BY_EMAIL = "feature_views: {using_ids: [{id: email}]}"


def of_version(version: int, feature_views: str = BY_EMAIL) -> str:
    """The project file of an older schema version."""
    return FILE.replace("schema_version: 99", f"schema_version: {version}").replace(BY_EMAIL, feature_views)


def with_type(name: str, *, listed: bool = False, project: str = FILE) -> str:
    """The project file with one more id type; ``listed`` gives it to the entity."""
    more = project.replace("{name: email}]", f"{{name: email}}, {{name: {name}}}]")
    return more.replace("[user_id, email]", f"[{name}, user_id, email]") if listed else more


def sql_model(body: str, *, more: str) -> str:
    """A SQL model ``t`` with a table."""
    return f"""    models:
      - name: t
        model_type: sql_template
        model_spec:
          materialization: {{output_type: table}}
          single_sql: "{body}"
          {more}
"""


TOTALS = "SELECT user_id, SUM(amount) AS total FROM {{this.DeRef('inputs/orders')}} WHERE user_id IS NOT NULL GROUP BY user_id"
PER_PROFILE = "SELECT user_main_id, COUNT(*) AS k FROM {{this.DeRef('models/user_graph')}} GROUP BY user_main_id"
GRAPH = """
      - name: user_graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/orders}]}
"""
BY_MAIN_ID = sql_model(PER_PROFILE, more="ids: [{select: user_main_id, type: TYPE, entity: user}]") + GRAPH.lstrip("\n")
LAST = "name: l, select: LAST_VALUE(shop), from: inputs/orders, window: {order_by: [ts asc], frame_clause: "
WHOLE = "rows between unbounded preceding and unbounded following"
SAME_TYPES = _APP + "id_types: [{name: user_id, filters: [{type: exclude, value: u2}]}, {name: email}]\n"
TWICE = "name: c, select: '{{user.Var(\"PATH\")}} + 1'"

TYPED = (
    "models/user_graph", "models/buyers", "inputs/orders", "inputs/orders/var_table", "inputs/orders/var_table/user_main_id",
    "user/all", "user/all/feature_view", "user/all/var_table", "entity/user/n", "models/buyers/feature_view",
)  # fmt: skip

FLAT_INPUT = """
    inputs:
      - name: orders
        table: src.orders
        occurred_at_col: ts
        ids:
          - {select: user_id, type: user_id, entity: user}
          - {select: email, type: email, entity: user}
"""
OLD_TABLE = """      - name: money
        model_type: feature_table_model
        model_spec:
          entity_key: user
          macros:
            - {name: doubled, inputs: [x], value: "{{x}} * 2"}
            - {name: whole, value: rows between unbounded preceding and unbounded following}
          vars:
            - entity_var: {name: d, select: "SUM({{doubled('amount')}})", from: inputs/orders}
            - entity_var: {name: l, select: LAST_VALUE(shop), from: inputs/orders, window: {order_by: [ts asc], frame_clause: "{{ whole() }}"}}
          features: [d]
"""

OLD_INPUT = INPUT.replace("entity: user}", "entity: user, to_default_stitcher: true}")
BARE = """
    models:
      - name: money
        model_type: feature_table_model
        model_spec:
          entity_key: user
          vars:
            - entity_var: {name: most, select: MAX(Doubled), from: inputs/orders}
            - input_var: {name: doubled, select: amount * 2, from: inputs/orders}
            - input_var: {name: after, select: doubled + 1, from: inputs/orders, where: doubled > 15}
            - input_var: {name: nth, select: row_number(), from: inputs/orders, window: {partition_by: [user_main_id], order_by: [doubled desc, ts asc]}}
            - entity_var: {name: firsts, select: COUNT(*), from: inputs/orders, where: nth = 1 and after > 15}
            - entity_var: {name: best, select: first_value(shop), from: inputs/orders, window: {order_by: [doubled desc, ts asc]}}
            - entity_var: {name: less, select: MIN(doubled - most), from: inputs/orders}
            - entity_var: {name: again, select: most + less}
          features: [most, firsts, best, less, again]
"""

BY_NAME = """
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: last_mail, select: "MAX({{orders.Var('user_email')}})", from: inputs/orders}
          - entity_var: {name: mailed, select: COUNT(*), from: inputs/orders, where: "{{orders.USER_EMAIL}} IS NOT NULL"}
          - entity_var: {name: buyer, select: "MAX({{orders.user_user_id}})", from: inputs/orders}
          - entity_var: {name: house, select: "MAX({{orders.Var('user_main_id')}})", from: inputs/orders}
          - entity_var: {name: bare, select: MAX(user_main_id), from: inputs/orders}
          - input_var: {name: large, select: "lower({{orders.user_email}})", from: inputs/orders}
          - entity_var: {name: small, select: "MIN({{orders.large}})", from: inputs/orders}
"""

ACCEPTED = {
    "ids_by_name": Case(
        "a template names ids and the main id of a row by entity and type; of two ids of a type, the first",
        ORDERS.replace("shop, ts)", "user_user_id, ts)"),
        INPUT.replace("select: email,", 'select: "upper(email)",')
        + SHOP.replace("shop, type: shop", "user_user_id, type: email")
        + BY_NAME,
    ),
    "vars_named_bare": Case(
        "before schema version 43 vars and input vars are named as if they were columns",
        ORDERS,
        OLD_INPUT,
        of_version(42, "serve_traits: [{id_served: email}]"),
        files={"models/profiles.yaml": BARE},
        flags=OLD,
    ),
    "features_without_a_key": Case(
        "features of a SQL model with ids of one entity are that entity's",
        ORDERS,
        models(
            N,
            more=sql_model(
                TOTALS,
                more="ids: [{select: user_id, type: user_id, entity: user}]\n          features: [{name: total}]",
            ),
        ),
    ),
    "features_of_main_ids": Case(
        "rows with a main id give features to that profile",
        ORDERS,
        models(N, more=BY_MAIN_ID.replace("TYPE", "rudder_id") + "          # no more\n").replace(
            "entity: user}]\n      - name: user_graph",
            "entity: user}]\n          features: [{name: k}]\n      - name: user_graph",
        ),
        LINKED,
    ),
    "type_of_another_entity": Case(
        "an id whose type the entity does not have is not used",
        ORDERS,
        models(N, inputs=INPUT + SHOP),
        with_type("shop"),
    ),
    "rudder_id_is_built_in": Case(
        "an id of the built-in type is a main id",
        ORDERS,
        models(N, inputs=INPUT + SHOP.replace("type: shop", "type: rudder_id")),
    ),
    "rudder_id_is_no_node": Case(
        "the built-in type is no node of the graph, declared or not",
        ORDERS,
        models(N, inputs=INPUT + SHOP.replace("type: shop", "type: rudder_id")),
        with_type("rudder_id", listed=True),
    ),
    "main_id_is_a_node": Case(
        "main_id that is declared and listed is a node, and the main id of its rows",
        ORDERS,
        models(N, inputs=INPUT + SHOP.replace("type: shop", "type: main_id")),
        with_type("main_id", listed=True),
    ),
    "var_by_main_id": Case(
        "a var of a model whose id is the main id",
        ORDERS,
        models("name: m, select: MAX(k), from: models/t", more=BY_MAIN_ID.replace("TYPE", "main_id")),
        with_type("main_id", project=LINKED),
    ),
    "time_is_an_expression": Case(
        "occurred_at_col may be an expression",
        ORDERS,
        models(N, inputs=INPUT.replace("occurred_at_col: ts", "occurred_at_col: date_trunc('day', ts)")),
        runs=("2026-01-03T00:00:00Z",),
    ),
    "time_is_quoted": Case(
        "occurred_at_col may be quoted",
        ORDERS.replace("shop, ts)", 'shop, "timestamp")'),
        models(N, inputs=INPUT.replace("occurred_at_col: ts", "occurred_at_col: '\"timestamp\"'")),
        runs=("2026-01-03T00:00:00Z",),
    ),
    "contract_of_a_model": Case(
        "columns that the contract of a SQL model promises are not enforced",
        ORDERS,
        models(
            N,
            "name: m, select: SUM(total), from: models/t",
            more=sql_model(
                TOTALS,
                more="ids: [{select: user_id, type: user_id, entity: user}]\n"
                "          contract: {with_columns: [{name: nope}, {name: total}]}",
            ),
        ),
    ),
    "contract_of_an_input": Case(
        "columns that the contract of an input promises are not enforced",
        ORDERS,
        models(
            N,
            inputs=INPUT.replace(
                "name: orders", "name: orders\n        contract: {with_columns: [{name: nope}, {name: 'upper(shop)'}]}"
            ),
        ),
    ),
    "table_lists_no_feature": Case(
        "a feature table may list a var that is no feature",
        ORDERS,
        models(
            "name: a, select: COUNT(*), from: inputs/orders, is_feature: false",
            "name: b, select: SUM(amount), from: inputs/orders",
            more="""    models:
      - name: ft
        model_type: feature_table_model
        model_spec: {entity_key: user, features: [a, b]}
""",
        ),
    ),
    "frame_of_a_macro": Case(
        "a frame may be a macro",
        ORDERS,
        models(f'{LAST}"{{{{ whole() }}}}"}}', more=f"    macros:\n      - {{name: whole, value: {WHOLE}}}\n"),
    ),
    "frame_of_a_template": Case(
        "a frame may be a template, and come to nothing",
        ORDERS,
        models(
            f"{LAST}\"{{% if warehouse.DatabaseType() == 'postgres' %}}{WHOLE}{{% endif %}}\"}}",
            LAST.replace("name: l", "name: m") + "\"{% if warehouse.DatabaseType() == 'redshift' %}rows{% endif %}\"}",
        ),
    ),
    "hooks_of_an_entity": Case(
        "an entity may have hooks, and a hook may be a query",
        ORDERS,
        models(N),
        FILE.replace(BY_EMAIL, f"{BY_EMAIL}\n    hooks: {{pre_run: SELECT 1, post_run: 'SELECT * FROM {{{{this}}}}'}}"),
    ),
    "views_of_version_93": Case(
        "before version 94 a view by ids is not named after the entity", ORDERS, models(N), of_version(93), flags=OLD
    ),
    "views_of_version_94": Case("since version 94 it is", ORDERS, models(N), of_version(94), flags=OLD),
    "named_views_of_version_80": Case(
        "a view by ids is named after the view of the entity if that has a name",
        ORDERS,
        models(N),
        of_version(80, "feature_views: {name: mine, using_ids: [{id: email}]}"),
        flags=OLD,
    ),
    "serve_traits": Case(
        "serve_traits names its views in its own way",
        ORDERS,
        models(N),
        of_version(53, "serve_traits: [{id_served: email}, {id_served: user_id, name: by_user}]"),
        flags=OLD,
    ),
    "serve_traits_360": Case(
        "serve_traits_360 has a list under using_ids",
        ORDERS,
        models(N),
        of_version(60, "serve_traits_360: {using_ids: [{id: email}, {id: user_id, name: by_user}]}"),
        flags=OLD,
    ),
    "cohort_between_vars": Case(
        "a cohort on one var, a model over it, and a var of that model are no circle",
        ORDERS,
        models(
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: best, select: MAX(amount), from: inputs/orders",
            "name: at_best, select: COUNT(*), from: inputs/orders, where: \"amount = {{user.Var('best')}}\"",
            "name: m, select: MAX(k), from: models/t",
            more=sql_model(
                "SELECT g.other_id AS user_id, 5 AS k FROM {{this.DeRef('models/big')}} b JOIN {{this.DeRef('models/user_graph')}} g "
                "ON g.user_main_id = b.user_main_id WHERE g.other_id_type = 'user_id'",
                more="ids: [{select: user_id, type: user_id, entity: user}]",
            )
            + GRAPH.lstrip("\n")
            + """      - name: big
        model_type: entity_cohort
        model_spec:
          extends: user/all
          materialization: {output_type: view}
          filter_pipeline: [{type: include, value: "{{user.Var('total')}} > 10"}]
""",
        ),
        LINKED,
    ),
    "macros_of_a_feature_table": Case(
        "macros inside an old feature table are those of the project",
        ORDERS,
        "# the old command reads models/profiles.yaml only\n",
        LINKED.replace("schema_version: 99", "schema_version: 38").replace(f"    {BY_EMAIL}\n", ""),
        files={"models/profiles.yaml": FLAT_INPUT + GRAPH.replace("\n", "    models:\n", 1) + OLD_TABLE},
        flags=OLD,
    ),
    "types_of_models": Case(
        "templates may ask for the type of a model",
        ORDERS,
        models(
            N,
            more=sql_model(
                " UNION ALL ".join(f"SELECT '{{{{this.DeRef('{path}').Model.ModelType()}}}}' AS kind" for path in TYPED)
                + "{% if this.Model.ModelType() == 'sql_template' %} UNION ALL SELECT 'me'{% endif %}",
                more="",
            )
            + GRAPH.lstrip("\n")
            + cohort("buyers", "+{{user.n}} > 1"),
        ),
        LINKED,
    ),
    "cohort_of_a_cohort_between_vars": Case(
        "nor are two cohorts, one cut from the other, whose filters use vars of either",
        ORDERS,
        models(
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: m, select: MAX(k), from: models/t",
            more=cohort_vars("name: n, select: COUNT(*), from: inputs/orders", "name: o, select: '{{buyers.n}} + 100'")
            + sql_model(
                "SELECT g.other_id AS user_id, 5 AS k FROM {{this.DeRef('models/few')}} b JOIN {{this.DeRef('models/user_graph')}} g "
                "ON g.user_main_id = b.user_main_id WHERE g.other_id_type = 'user_id'",
                more="ids: [{select: user_id, type: user_id, entity: user}]",
            )
            + GRAPH.lstrip("\n")
            + cohort("buyers", "+{{user.total}} > 10")
            + cohort("few", "+{{buyers.o}} > 102", "+{{user.total}} > 1", extends="models/buyers"),
        ),
        LINKED,
    ),
    "feature_view_as_a_model": Case(
        "a model of type feature_view has all features, by main id and by ids",
        ORDERS,
        models(N, more="    models:\n      - {name: fv, model_type: feature_view, model_spec: {entity_key: user}}\n"),
    ),
    **{
        f"feature_view_{name}": Case(
            f"a model of type feature_view with {name}",
            ORDERS,
            models(
                N,
                "name: s, select: SUM(amount), from: inputs/orders",
                more=f"""    models:
      - {{name: ft, model_type: feature_table_model, model_spec: {{entity_key: user, features: [n, s]}}}}
      - {{name: fv, model_type: feature_view, model_spec: {{entity_key: user, {more}}}}}
""",
            ),
        )
        for name, more in (
            (
                "ids_of_its_own",
                "using_ids: [{id: user_id}, {id: main_id, name: by_main}, {id: user_main_id, name: no}]",
            ),
            ("sources", "features: [{from: models/ft, include: [n]}]"),
            ("sources_and_ids", "using_ids: [{id: user_id, name: mine}], features: [{from: models/nope}]"),
        )
    },
    "views_by_main_id": Case(
        "a view by ids of type main_id has the main ids",
        ORDERS,
        models(N),
        FILE.replace("{id: email}", "{id: main_id, name: by_main}, {id: main_id}"),
    ),
    "views_by_main_id_that_is_listed": Case(
        "so it has where main_id is an id type of the entity, which rows have other ids of",
        ORDERS,
        models(N, inputs=INPUT + SHOP.replace("type: shop", "type: main_id")),
        with_type("main_id", listed=True).replace("{id: email}", "{id: main_id, name: by_main}"),
    ),
    "views_of_a_cohort_by_main_id": Case(
        "a cohort has such a view too, and one by ids that nobody has",
        ORDERS,
        models(
            N,
            more="""    models:
      - name: big
        model_type: entity_cohort
        model_spec:
          extends: user/all
          materialization: {output_type: view}
          filter_pipeline: [{type: include, value: "{{user.Var('n')}} > 1"}]
          feature_views: {using_ids: [{id: main_id}, {id: nobody_has}]}
""",
        ),
    ),
    "views_by_ids_that_nobody_has": Case(
        "a view by ids that are not those of the entity has no rows",
        ORDERS,
        models(N),
        with_type("shop").replace("{id: email}", "{id: shop, name: by_shop}, {id: nope}"),
    ),
    "serve_traits_by_main_id": Case(
        "old projects have views by main_id, whether they declare it or not",
        ORDERS,
        models(N),
        with_type(
            "main_id", project=of_version(53, "serve_traits: [{id_served: main_id, name: m}, {id_served: cart}]")
        ),
        flags=OLD,
    ),
    "views_kept_as_tables": Case(
        "feature views may be kept as tables",
        ORDERS,
        models(N),
        FILE.replace("feature_views: {", "feature_views: {materialization: {output_type: table}, "),
    ),
    "vars_in_groups_of_tables": Case(
        "vars may say in which table they are kept",
        ORDERS,
        models(N, "name: s, select: SUM(amount), from: inputs/orders, vartable_group: second").replace(
            "entity_key: user\n        vars:", "entity_key: user\n        vartable_group: first\n        vars:"
        ),
    ),
    "types_of_a_package_repeated": Case(
        "a project may declare an id type as its package does",
        ORDERS,
        models(N),
        SAME_TYPES,
        files=_LIB,
    ),
    **{
        f"path_of_a_var_{number}": Case(
            "a var may be named by its path",
            ORDERS,
            models("name: b, select: SUM(amount), from: inputs/orders", TWICE.replace("PATH", path)),
        )
        for number, path in enumerate(("./b", "user/all/b", "~/entity/user/all/b"), start=1)
    },
}
