"""More projects of the parity suite: the shapes that a project can have, rather than one key each."""

from __future__ import annotations

from tests.parity.cases import (
    INPUT,
    LINKED,
    ORDERS,
    OWN_STITCHER,
    cohort,
    cohort_vars,
    grained,
    graph,
    models,
    row_vars,
    sql_model,
    values,
)
from tests.parity.harness import FILE, Case

TOTALS = ("name: total, select: SUM(amount), from: inputs/orders", "name: n, select: COUNT(*), from: inputs/orders")
OF_WEB = "name: web, select: SUM(amount), from: models/web_orders"
WEB = "SELECT user_id, email, amount, ts FROM {{this.DeRef('inputs/orders')}} WHERE shop = 'web'"
GRAINED = FILE + "default_time_grain: tick\n"
AT = ("2026-01-04T15:00:00Z",)
BUYERS = "    models:\n" + cohort("buyers", "+{{ user.total }} > 8")
LATER = ORDERS + (
    "INSERT INTO orders VALUES ('u1', 'c@x', 100, 'web', TIMESTAMP '2026-01-04 11:00:00'), "
    "('u9', 'n@x', 50, 'web', TIMESTAMP '2026-01-04 11:00:00');"
)
"""Rows of the last day: one joins two profiles, one makes a new one."""
T1 = "TIMESTAMP '2026-01-01'"


def reads(path: str, columns: str = "*") -> str:
    """An entry of ``models``: a SQL model ``rich`` that reads a path."""
    return (
        "      - name: rich\n        model_type: sql_template\n        model_spec:\n"
        "          materialization: {output_type: table}\n"
        f"          single_sql: \"SELECT {columns} FROM {{{{this.DeRef('{path}')}}}}\"\n"
    )


SHOPS = "            - {select: shop, type: shop_id, entity: shop_entity}\n"
SHOP_VARS = """      - name: shop_vars
        entity_key: shop_entity
        vars:
          - entity_var: {name: total, select: MAX(amount), from: inputs/orders}
"""

COHORTS_AT_GRAINS = {
    "cohort_at_grain": Case(
        "a cohort with a time grain has the profiles of then, and their values of then",
        LATER,
        models(
            *TOTALS,
            more="    models:\n" + cohort("buyers", "+{{ user.total }} > 8", more="          time_grain: day\n"),
        ),
        project=GRAINED,
        runs=AT,
    ),
    "cohort_at_grain_without_filters": Case(
        "a cohort with a time grain and no filters has all profiles of then",
        LATER,
        models(*TOTALS, more="    models:\n" + cohort("everybody", more="          time_grain: day\n")),
        project=GRAINED,
        runs=AT,
    ),
    "cohort_at_grain_with_vars": Case(
        "vars of a cohort with a time grain are of then too",
        LATER,
        models(
            *TOTALS,
            more=cohort_vars("name: web, select: SUM(amount), from: inputs/orders, where: shop = 'web'").replace(
                "        vars:", "        time_grain: day\n        vars:"
            )
            + "    models:\n"
            + cohort("buyers", "+{{ user.total }} > 8", more="          time_grain: day\n"),
        ),
        project=GRAINED,
        runs=AT,
    ),
    "feature_table_at_grain": Case(
        "a feature table with a time grain has the profiles and values of then",
        LATER,
        models(
            *TOTALS,
            more="    models:\n      - name: money\n        model_type: feature_table_model\n"
            "        model_spec: {entity_key: user, features: [total], time_grain: day}\n",
        ),
        project=GRAINED,
        runs=AT,
    ),
    "input_var_at_grain": Case(
        "a time grain of an input var leaves all its rows",
        ORDERS,
        row_vars(
            "row: name: place, select: row_number(), from: inputs/orders, time_grain: day, "
            "window: {partition_by: [user_main_id], order_by: [ts asc, amount asc]}",
            'name: a, select: "SUM({{orders.place}})", from: inputs/orders',
        ),
        project=GRAINED,
        runs=AT,
    ),
    "own_stitcher_at_grain": Case(
        "a stitcher of the project's own may have a time grain",
        ORDERS,
        models(*TOTALS, more=OWN_STITCHER.replace("entity_key", "time_grain: day, entity_key")),
        project=LINKED + "default_time_grain: tick\n",
        runs=AT,
    ),
    "two_grains": Case(
        "vars of a day and of a week beside those of now",
        LATER,
        models(
            *TOTALS,
            more=grained("day", "name: d, select: COUNT(*), from: inputs/orders")
            + grained("week", "name: w, select: COUNT(*), from: inputs/orders").replace("grained", "of_week"),
        ),
        project=GRAINED,
        runs=("2026-01-06T15:00:00Z",),
    ),
}

READ = {
    "reads_a_feature_view": Case(
        "a SQL model may read the features of all profiles",
        ORDERS,
        models(*TOTALS, more="    models:\n" + reads("user/all/feature_view", "total")),
    ),
    "reads_the_features_of_a_cohort": Case(
        "a SQL model may read the features of a cohort",
        ORDERS,
        models(*TOTALS, more=BUYERS + reads("models/buyers/feature_view")),
    ),
    "reads_a_feature_table": Case(
        "a SQL model may read a feature table",
        ORDERS,
        models(
            *TOTALS,
            more="    models:\n      - name: money\n        model_type: feature_table_model\n"
            "        model_spec: {entity_key: user, features: [total]}\n" + reads("models/money"),
        ),
    ),
    "reads_a_cohort": Case(
        "a SQL model may read who belongs to a cohort", ORDERS, models(*TOTALS, more=BUYERS + reads("models/buyers"))
    ),
    "reads_all": Case(
        "a SQL model may read all profiles",
        ORDERS,
        models(*TOTALS, more="    models:\n" + reads("user/all", "COUNT(*) AS n")),
    ),
    "reads_the_stitcher": Case(
        "a SQL model may read the graph",
        ORDERS,
        models(
            *TOTALS,
            more=OWN_STITCHER + reads("models/user_graph", "other_id_type, user_main_id, other_id"),
        ),
        project=LINKED,
    ),
    "reads_by_an_absolute_path": Case(
        "a path may begin at the root of the project",
        ORDERS,
        models(*TOTALS, more="    models:\n" + reads("~/inputs/orders", "user_id")),
    ),
    "read_file": Case(
        "the text of a SQL model may lie in a file of its own",
        ORDERS,
        models(OF_WEB, more=sql_model("{% exec %}{{ this.ReadFile('sql/web.sql') }}{% endexec %}", "table")),
        files={"sql/web.sql": WEB},
    ),
}

TABLES = {
    "quoted_table": Case(
        "a table in quotes keeps its case",
        ORDERS + 'CREATE TABLE "Mixed" AS SELECT * FROM orders;',
        models(*TOTALS, inputs=INPUT.replace("src.orders", 'src."Mixed"')),
    ),
    "view_as_input": Case(
        "an input may be a view",
        ORDERS + "CREATE VIEW orders_view AS SELECT * FROM orders;",
        models(*TOTALS, inputs=INPUT.replace("table: src.orders", "view: src.orders_view")),
    ),
    "empty_table": Case(
        "a table without rows gives null, or the default",
        ORDERS + "CREATE TABLE nobody AS SELECT * FROM orders WHERE false;",
        models(
            *TOTALS,
            "name: e, select: COUNT(*), from: inputs/nobody",
            "name: f, select: SUM(amount), from: inputs/nobody, default_value: 0",
            inputs=INPUT
            + INPUT.split("inputs:\n")[1].replace("name: orders", "name: nobody").replace("src.orders", "src.nobody"),
        ),
    ),
    "contract": Case(
        "a contract that holds changes nothing",
        ORDERS,
        models(
            *TOTALS,
            inputs=INPUT.replace(
                "      - name: orders\n",
                "      - name: orders\n        contract: {is_optional: false, is_event_stream: true, "
                "with_entity_ids: [user], with_columns: [{name: user_id}, {name: ts}]}\n",
            ),
        ),
        flags=("--begin_time", "2026-01-03T00:00:00Z"),
    ),
    "row_identifier": Case(
        "a row identifier that holds changes nothing",
        ORDERS,
        models(
            *TOTALS,
            inputs=INPUT.replace(
                "occurred_at_col: ts\n", "occurred_at_col: ts\n          row_identifier: [user_id, ts]\n"
            ),
        ),
    ),
    "append_only_and_merge": Case(
        "merging what is new gives what reading all again gives",
        ORDERS,
        models(
            'name: tot, select: SUM(amount), from: inputs/orders, merge: "SUM({{rowset.tot}})"',
            inputs=INPUT.replace(
                "      - name: orders\n", "      - name: orders\n        contract: {is_append_only: true}\n"
            ),
        ),
        runs=("2026-01-03T00:00:00Z", "2026-01-06T00:00:00Z"),
    ),
    "names_in_mixed_case": Case(
        "names may be written in any case, and meant in any",
        ORDERS,
        models(
            "name: Total, select: SUM(amount), from: inputs/Orders",
            "name: Twice, select: '2 * {{user.total}}'",
            inputs=INPUT.replace("name: orders", "name: Orders"),
        ),
    ),
    "sql_model_with_a_time": Case(
        "a SQL model with a time column, up to an end time",
        ORDERS,
        models(
            "name: web, select: COUNT(*), from: models/web_orders",
            more=sql_model(WEB, "table").replace("          ids:", "          occurred_at_col: ts\n          ids:"),
        ),
        runs=("2026-01-03T00:00:00Z",),
    ),
}

ENTITIES = {
    "include_then_exclude": graph(
        "of what an include lets in, excludes take away",
        values(*(f"'u{n}', '{e}', {T1}" for n, e in enumerate(("a@x", "b", "c@x", "d@y")))),
        types='[{name: user_id}, {name: email, filters: [{type: include, regex: ".+@.+"}, '
        '{type: exclude, value: "c@x"}, {type: exclude, regex: ".*@y"}]}]',
    ),
    "two_stitchers": Case(
        "two entities with stitchers of their own over one input",
        ORDERS,
        models(
            *TOTALS,
            inputs=INPUT + SHOPS,
            more=SHOP_VARS
            + OWN_STITCHER
            + "      - name: shop_graph\n        model_type: id_stitcher\n        model_spec: {entity_key: shop_entity, "
            "materialization: {run_type: discrete}, edge_sources: [{from: inputs/orders}]}\n",
        ),
        project=LINKED.replace(
            "id_types: [{name: user_id}",
            "  - name: shop_entity\n    id_stitcher: models/shop_graph\n    id_types: [shop_id]\n"
            "id_types: [{name: shop_id}, {name: user_id}",
        ),
    ),
    "one_id_type_of_two_entities": Case(
        "one column may be an id of two entities",
        ORDERS,
        models(
            *TOTALS,
            inputs=INPUT + "            - {select: email, type: email, entity: mailbox}\n",
            more=SHOP_VARS.replace("shop_entity", "mailbox"),
        ),
        project=FILE.replace(
            "id_types: [{name: user_id}", "  - name: mailbox\n    id_types: [email]\nid_types: [{name: user_id}"
        ),
    ),
    "one_name_in_two_entities": Case(
        "vars of two entities may have one name",
        ORDERS,
        models(*TOTALS, inputs=INPUT + SHOPS, more=SHOP_VARS),
        project=FILE.replace(
            "id_types: [{name: user_id}",
            "  - name: shop_entity\n    id_types: [shop_id]\nid_types: [{name: shop_id}, {name: user_id}",
        ),
    ),
    "cohort_in_mixed_case": Case(
        "a cohort may be named in mixed case",
        ORDERS,
        models(*TOTALS, more="    models:\n" + cohort("Buyers", "+{{ user.total }} > 8")),
    ),
    "features_of_a_cohort_by_a_model": Case(
        "a SQL model may give features to a cohort",
        ORDERS,
        models(
            *TOTALS,
            more=BUYERS + "      - name: extra\n        model_type: sql_template\n        model_spec:\n"
            "          entity_cohort: models/buyers\n          materialization: {output_type: table}\n"
            "          single_sql: \"SELECT user_id, MAX(shop) AS top_shop FROM {{this.DeRef('inputs/orders')}} "
            'WHERE user_id IS NOT NULL GROUP BY user_id"\n'
            "          features: [{name: top_shop}]\n          ids: [{select: user_id, type: user_id, entity: user}]\n",
        ),
    ),
}

EXPRESSIONS = {
    "rank_over_profiles": Case(
        "a derived var may rank all profiles, or those of a group",
        ORDERS,
        models(
            *TOTALS,
            "name: place, select: 'rank()', window: {order_by: ['{{user.total}} desc']}",
            "name: in_group, select: 'rank()', window: {order_by: ['{{user.total}} desc'], partition_by: ['{{user.n}}']}",
        ),
    ),
    "default_of_a_derived_var": Case(
        "a derived var may have a default",
        ORDERS,
        models(*TOTALS, "name: half, select: '{{user.total}} / 2.0', default_value: -1"),
    ),
    "macro_by_database": Case(
        "a macro asks which database it is for, and names types",
        ORDERS,
        models(
            "name: d, select: \"{{days('MAX(ts)', '2026-02-01')}}\", from: inputs/orders",
            "name: f, select: SUM(amount), from: inputs/orders, column_data_type: \"{{warehouse.DataType('float')}}\"",
            more="""    macros:
      - name: days
        inputs: [col, to]
        value: "{% if warehouse.DatabaseType() == 'bigquery' %} DATE_DIFF(DATE '{{to}}', {{col}}, DAY) {% elif !(warehouse.DatabaseType() == 'snowflake') && warehouse.DatabaseType() != 'redshift' %} DATE '{{to}}' - ({{col}})::date {% else %} datediff(day, {{col}}, '{{to}}') {% endif %}"
""",
        ),
    ),
    "whole_division": Case(
        "a whole number divided by a whole number is a whole number",
        ORDERS,
        models(
            *TOTALS,
            "name: mean, select: '{{user.total}} / {{user.n}}'",
            "name: halves, select: SUM(amount / 2), from: inputs/orders",
            "name: exact, select: SUM(amount) * 1.0 / COUNT(*), from: inputs/orders",
            "name: per_row, select: SUM(amount / 2.0), from: inputs/orders",
        ),
    ),
    "list_of_values": Case(
        "values in a row, in order",
        ORDERS,
        models("name: l, select: \"STRING_AGG(shop, ',' ORDER BY ts, amount)\", from: inputs/orders"),
    ),
    "where_of_a_window_var": Case(
        "a var's where may use one that comes of a window",
        ORDERS,
        models(
            "name: f, select: first_value(shop), from: inputs/orders, where: shop IS NOT NULL, "
            "window: {order_by: ['amount desc', ts]}",
            'name: g, select: COUNT(*), from: inputs/orders, where: "shop = {{user.f}}"',
        ),
    ),
    "with_two_names": Case(
        "one with block may name several things",
        ORDERS,
        models(
            OF_WEB,
            more=sql_model(
                "{% with o = this.DeRef('inputs/orders') k = 'web' %}\n"
                "SELECT user_id, email, amount, ts FROM {{o}} WHERE shop = '{{k}}'\n{% endwith %}",
                "ephemeral",
            ),
        ),
    ),
    "end_time_is_there": Case(
        "the end time is not nil",
        ORDERS,
        models(
            'name: a, select: "COUNT(*) {% if end_time|isnil %} * 0 {% else %} * 2 {% endif %}", from: inputs/orders'
        ),
    ),
    "optional_and_there": Case(
        "an optional reference to what is there",
        ORDERS,
        models(
            OF_WEB,
            more=sql_model(
                "{% with o = this.DeRef('inputs/orders', dependency='optional') %}{% if o.IsEnabled() %}"
                "SELECT user_id, email, amount, ts FROM {{o}}{% else %}SELECT 1{% endif %}{% endwith %}",
                "table",
            ),
        ),
    ),
}

SHAPES: dict[str, Case] = {**COHORTS_AT_GRAINS, **READ, **TABLES, **ENTITIES, **EXPRESSIONS}
