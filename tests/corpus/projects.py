"""The corpus: for each thing that real projects use (format B11, B5.4), a project that uses it as they do."""

from __future__ import annotations

import datetime as dt

from tests.corpus.shop import INPUTS, PROJECT, Project

END_DAYS = [243, 258]
"""Days from the last order of each of the two to the end time of the runs, 2026-10-31."""

SQL_MODEL = """
    - name: paid_orders
      model_type: sql_template
      model_spec:
        validity_time: 24h
        materialization: {output_type: OUTPUT, run_type: discrete}
        single_sql: |
          {% with orders = this.DeRef("inputs/orders") %}
          BEGIN SELECT user_id, email, amount, placed_at FROM SOURCE WHERE status = 'paid'
          {% endwith %}
        occurred_at_col: placed_at
        ids:
          - {select: user_id, type: user_id, entity: user}
          - {select: email, type: email, entity: user}
"""


def sql_model(output: str, begin: str = "", source: str = "{{orders}}") -> str:
    """The SQL model ``paid_orders``."""
    return SQL_MODEL.replace("OUTPUT", output).replace("BEGIN ", begin).replace("SOURCE", source)


PAID = "- entity_var: {name: paid, select: sum(amount), from: models/paid_orders}"
SPENT = "- entity_var: {name: spent, select: sum(amount), from: inputs/orders}"
ORDERED = "- entity_var: {name: last_order, select: max(placed_at), from: inputs/orders}"


def disabled(model_type: str, model_spec: str) -> Project:
    """A model type of another package beside a var."""
    return Project(
        model_type,
        SPENT,
        {"spent": [50.0, 100.0]},
        f"- name: of_others\n  model_type: {model_type}\n  model_spec: {model_spec}",
        {
            "pb_project.yaml": PROJECT
            + '    python_requirements:\n      - profiles_mlcorelib>=0.8.1\n      - "profiles-rudderstack==0.24.*"\n'
        },
        notes=("disabled",),
    )


MODEL_TYPES = {
    "ephemeral": Project("sql_template ephemeral", PAID, {"paid": [42.5, 100.0]}, sql_model("ephemeral")),
    "table": Project(
        "sql_template table",
        PAID,
        {"paid": [42.5, 100.0], "SELECT COUNT(*) FROM PAID_ORDERS": [3]},
        sql_model("table"),
    ),
    "from_the_middle": Project(
        "sql_template whose body goes on from the engine's own CTEs",
        PAID,
        {"paid": [42.5, 100.0]},
        sql_model("table", ", good AS (SELECT * FROM {{orders}}) ", "good"),
    ),
    "begins_with": Project(
        "sql_template whose body begins with WITH",
        PAID,
        {"paid": [42.5, 100.0]},
        sql_model("ephemeral", "WITH good AS (SELECT * FROM {{orders}}) ", "good"),
    ),
    "id_stitcher": Project(
        "id_stitcher: entity_key, edge_sources, validity_time; set on the entity",
        asks={
            "SELECT COUNT(DISTINCT user_main_id), COUNT(*) FROM USER_ID_GRAPH": [(4, 9)],
            "SELECT other_id FROM USER_ID_GRAPH WHERE user_main_id = (SELECT user_main_id FROM USER_ID_GRAPH "
            "WHERE other_id = 'u1') ORDER BY 1": ["ada@home.org", "d1", "d2", "u1"],
        },
    ),
    "main_id_type": Project(
        "id_stitcher: materialization, main_id_type",
        asks={"SELECT COUNT(DISTINCT user_main_id) FROM OTHER_GRAPH": [4]},
        files={
            "pb_project.yaml": PROJECT.replace("id_types: [user_id,", "id_types: [main_id, user_id,").replace(
                "models/user_id_graph", "models/other_graph"
            ),
            "models/profiles.yaml": """
                models:
                  - name: other_graph
                    model_type: id_stitcher
                    model_spec:
                      entity_key: user
                      materialization: {run_type: incremental}
                      incremental_timedelta: 12h
                      main_id_type: main_id
                      edge_sources: [{from: inputs/rsIdentifies}, {from: inputs/orders}]
            """,
        },
    ),
    "default_stitcher": Project(
        "an entity without a stitcher of its own",
        SPENT,
        {
            "spent": [50.0, 100.0],
            "SELECT COUNT(DISTINCT user_main_id) FROM USER_DEFAULT_ID_STITCHER": [4],
        },
        files={"pb_project.yaml": PROJECT.replace("        id_stitcher: models/user_id_graph\n", "")},
        notes=("unused-stitcher",),
    ),
    "feature_table": Project(
        "feature_table_model with features",
        SPENT + "\n- entity_var: {name: n, select: count(*), from: inputs/orders}",
        {"SELECT spent FROM USER_PROFILE WHERE spent IS NOT NULL ORDER BY 1": [50.0, 100.0]},
        """
        - name: user_profile
          model_type: feature_table_model
          model_spec: {validity_time: 24h, entity_key: user, features: [spent]}
        """,
    ),
    "feature_table_with_vars": Project(
        "feature_table_model with vars of its own",
        "",
        {"SELECT spent FROM USER_PROFILE WHERE spent IS NOT NULL ORDER BY 1": [50.0, 100.0]},
        """
        - name: user_profile
          model_type: feature_table_model
          model_spec:
            validity_time: 24h
            entity_key: user
            vars:
              - entity_var: {name: spent, select: sum(amount), from: inputs/orders}
            features: [spent]
        """,
    ),
    "cohort": Project(
        "entity_cohort",
        SPENT,
        {
            "SELECT spent FROM BIG_SPENDERS_FEATURE_VIEW": [100.0],
            "SELECT user_id FROM BIG_BY_USER": ["u2"],
            "SELECT COUNT(*) FROM USER_BIG_SPENDERS": [1],
        },
        """
        - name: big_spenders
          model_type: entity_cohort
          model_spec:
            extends: user/all
            materialization: {output_type: table}
            filter_pipeline:
              - {type: include, value: "{{ user.Var('spent') }} > 10"}
              - {type: exclude, value: "{{ user.spent }} = 50"}
            feature_views: {using_ids: [{id: user_id, name: big_by_user}]}
        """,
    ),
    "python_model": disabled("python_model", "{train: {file_extension: .json}, py_repo_url: git@example.org:x.git}"),
    "propensity": disabled(
        "propensity",
        "{entity_key: user, inputs: [entity/user/spent], training: {predict_var: spent, predict_window_days: 7}, "
        "prediction: {output_columns: {score: {name: churn, is_feature: true}}}}",
    ),
    "attribution": disabled(
        "attribution", "{entity_key: user, conversion: {touchpoints: [{from: inputs/rsIdentifies}]}}"
    ),
    "llm_model": disabled("llm_model", '{entity_key: user, prompt: "say something", inputs: [entity/user/spent]}'),
}

FILTERS = {
    "exclude_value": Project(
        "id filter: exclude value, include regex",
        asks={
            "SELECT other_id FROM USER_ID_GRAPH WHERE other_id_type = 'email' ORDER BY 1": [
                "ada@home.org",
                "ben@work.org",
            ]
        },
    ),
    "exclude_values": Project(
        "id filter: many excluded values",
        asks={"SELECT other_id FROM USER_ID_GRAPH WHERE other_id_type = 'anonymous_id' ORDER BY 1": ["d1", "d3"]},
        files={
            "pb_project.yaml": PROJECT.replace(
                "      - name: anonymous_id\n",
                "      - name: anonymous_id\n        filters:\n"
                + "".join(
                    f'          - type: exclude\n            value: "{v}"\n' for v in ("", "d2", "d4", "d5", "n/a")
                ),
            )
        },
    ),
}

VARS = {
    "from_input": Project("entity_var from an input", SPENT, {"spent": [50.0, 100.0]}),
    "from_model": Project("entity_var from a model", PAID, {"paid": [42.5, 100.0]}, sql_model("table")),
    "from_stitcher": Project(
        "entity_var from the stitcher",
        "- entity_var: {name: browsers, select: count(distinct other_id), from: models/user_id_graph, "
        "where: other_id_type = 'anonymous_id'}",
        {"browsers": [2, 1]},
    ),
    "derived": Project(
        "entity_var derived, in both spellings",
        SPENT
        + """
        - entity_var: {name: n, select: count(*), from: inputs/orders, is_feature: false}
        - entity_var:
            name: mean_order
            select: "{{user.Var('spent')}} / {{user.n}}"
            description: Mean of an order
        """.replace("\n        ", "\n"),
        {"ROUND(mean_order, 2)": [16.67, 100.0]},
    ),
    "where": Project(
        "entity_var where",
        "- entity_var: {name: paid_orders, select: count(*), from: inputs/orders, where: status = 'paid'}",
        {"paid_orders": [2, 1]},
    ),
    "where_of_a_var": Project(
        "entity_var where with another var",
        """
- entity_var: {name: first_order, select: min(placed_at), from: inputs/orders}
- entity_var:
    name: orders_of_the_first_month
    select: count(*)
    from: inputs/orders
    where: datediff(day, {{user.Var("first_order")}}, placed_at) <= 30
        """,
        {"orders_of_the_first_month": [1, 1]},
    ),
    "window": Project(
        "entity_var window with order_by",
        """
- entity_var:
    name: first_campaign
    select: first_value(campaign)
    from: inputs/rsIdentifies
    where: campaign is not null and campaign != ''
    window:
      order_by:
        - timestamp asc
        """,
        {"first_campaign": ["newsletter", "search"]},
    ),
    "frame": Project(
        "entity_var window with frame_clause",
        """
- entity_var:
    name: last_country
    select: last_value(country)
    from: inputs/orders
    window:
      order_by: [placed_at asc]
      frame_clause: ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        """,
        {"last_country": ["FR", "US"]},
    ),
    "is_feature": Project(
        "entity_var is_feature: false",
        SPENT.replace("}", ", is_feature: false}") + "\n- entity_var: {name: twice, select: '2 * {{user.spent}}'}",
        {"SELECT * FROM BY_USER ORDER BY user_id": [("u1", 100.0), ("u2", 200.0)]},
    ),
    "default_value": Project(
        "entity_var default_value, and the old default",
        "- entity_var: {name: refunds, select: sum(amount), from: inputs/orders, where: status = 'refunded', default_value: 0}\n"
        "- entity_var: {name: coupon, select: max(coupon), from: inputs/orders, default: \"'none'\"}",
        {"refunds, coupon": [(7.5, "SAVE10"), (0, "none")]},
    ),
    "column_data_type": Project(
        "entity_var column_data_type",
        "- entity_var: {name: spent, select: sum(amount), from: inputs/orders, column_data_type: \"{{warehouse.DataType('float')}}\"}",
        {"spent": [50.0, 100.0], "TYPEOF(spent)": ["DOUBLE", "DOUBLE"]},
    ),
    "merge": Project(
        "entity_var merge",
        '- entity_var: {name: spent, select: sum(amount), from: inputs/orders, merge: "sum({{rowset.spent}})"}',
        {"spent": [50.0, 100.0]},
    ),
    "tags": Project(
        "entity_var tags and description",
        SPENT.replace("}", ", description: All that they spent, tags: [money]}"),
        {"spent": [50.0, 100.0]},
        files={"pb_project.yaml": PROJECT + "    available_tags: [{name: money}]\n"},
    ),
    "input_var": Project(
        "input_var",
        """
- input_var: {name: place, select: row_number(), from: inputs/orders, window: {partition_by: [user_main_id], order_by: [placed_at asc]}}
- entity_var: {name: second_order, select: max(amount), from: inputs/orders, where: "{{orders.Var('place')}} = 2"}
        """,
        {"second_order": [12.0, None]},
    ),
}


def function(name: str, select: str, *rows: object, more: str = "", ask: str = "x") -> Project:
    """One function, as the select of a var over orders."""
    return Project(
        f"function {name}", f"- entity_var: {{name: x, select: {select}, from: inputs/orders{more}}}", {ask: list(rows)}
    )


FUNCTIONS = {
    "count": function("count", "count(distinct order_id)", 3, 1),
    "max": function("max", "max(placed_at)", dt.datetime(2026, 3, 2, 12), dt.datetime(2026, 2, 15, 8)),  # noqa: DTZ001
    "sum": function("sum", "sum(amount)", 50.0, 100.0),
    "first_value": function("first_value", "first_value(country)", "DE", "US", more=", window: {order_by: [placed_at]}"),
    "min": function("min", "min(amount)", 7.5, 100.0),
    "coalesce": function("coalesce", "\"coalesce(max(coupon), 'none')\"", "SAVE10", "none"),
    "array_agg": function("array_agg", "array_agg(distinct country)", ["DE", "FR"], ["US"], ask="ARRAY_SORT(x)"),
    "any_value": function("any_value", "any_value(status)", "paid", "paid"),
    "cast": function("cast", "cast(sum(amount) as integer)", 50, 100),
    "avg": function("avg", "avg(amount)", 16.67, 100.0, ask="ROUND(x, 2)"),
    "last_value": function(
        "last_value", "last_value(country)", "FR", "US",
        more=", window: {order_by: [placed_at], frame_clause: rows between unbounded preceding and unbounded following}",
    ),
    "mode": function("mode", "mode(country)", "DE", "US"),
    "median": function("median", "median(amount)", 12.0, 100.0),
    "macro_datediff": Project(
        "macro_datediff", ORDERED + "\n- entity_var: {name: days, select: \"{{macro_datediff('{{user.Var(\\\"last_order\\\")}}')}}\"}",
        {"days": END_DAYS},
    ),
    "macro_datediff_n": Project(
        "macro_datediff_n",
        "- entity_var: {name: recent, select: count(*), from: inputs/orders, where: \"{{macro_datediff_n('placed_at', '250')}}\", default_value: 0}",
        {"recent": [2, 0]},
    ),
}  # fmt: skip

INPUT_KEYS = {
    "contract": Project("contract of an input", SPENT, {"spent": [50.0, 100.0]}),
    "no_app_defaults": Project(
        "an input without app_defaults",
        SPENT,
        {"spent": [50.0, 100.0]},
        files={"models/inputs.yaml": "\n".join(
            line[2:] if line.startswith("          ") and "app_defaults" not in line and "is_" not in line and "with_" not in line
            else line
            for line in INPUTS.splitlines() if "app_defaults" not in line
        )},
    ),
    "where": Project(
        "where of an input",
        SPENT,
        {"spent": [42.5, 100.0]},
        files={"models/inputs.yaml": INPUTS + "        where: status = 'paid'\n"},
    ),
    "source_metadata": Project(
        "source_metadata of an input",
        SPENT,
        {"spent": [50.0, 100.0]},
        files={"models/inputs.yaml": INPUTS + "        source_metadata: {role: shop, category: orders}\n"},
    ),
}  # fmt: skip

VIEWS = {
    name: Project(
        f"{name} of an entity",
        SPENT,
        {"SELECT email, spent FROM BY_MAIL ORDER BY 1": [("ada@home.org", 50.0), ("ben@work.org", 100.0)]},
        files={"pb_project.yaml": PROJECT.replace(
            "        feature_views:\n          using_ids: [{id: user_id, name: by_user}]\n", given
        )},
    )
    for name, given in (
        ("feature_views", "        feature_views: {using_ids: [{id: email, name: by_mail}]}\n"),
        ("serve_traits", "        serve_traits:\n          - id_served: email\n            name: by_mail\n"),
        ("serve_traits_360", "        serve_traits_360:\n          - id_served: email\n            name: by_mail\n"),
    )
}  # fmt: skip

PACKAGE = {
    "lib/pb_project.yaml": PROJECT.replace("name: shop", "name: lib"),
    "lib/models/inputs.yaml": INPUTS.replace("raw.main.", "elsewhere."),
    "lib/models/profiles.yaml": """
        models:
          - name: user_id_graph
            model_type: id_stitcher
            model_spec:
              entity_key: user
              edge_sources: [{from: inputs/rsIdentifies}, {from: inputs/orders}]
        var_groups:
          - name: of_lib
            entity_key: user
            vars:
              - entity_var: {name: spent, select: sum(amount), from: inputs/orders}
    """,
}
APP = """
    name: shop
    schema_version: 69
    connection: local
    model_folders: [models]
    packages:
      - name: lib
        gitUrl: ./lib
        inputsMap: {rsIdentifies: inputs/rsIdentifies, orders: inputs/orders}
"""

OTHER_KEYS = {
    "packages": Project(
        "packages", "", {"spent": [50.0, 100.0]}, files={**PACKAGE, "pb_project.yaml": APP, "models/profiles.yaml": ""}
    ),
    "retention_period": Project(
        "retention_period", SPENT, {"spent": [50.0, 100.0]},
        files={"pb_project.yaml": PROJECT + "    retention_period: 720h0m0s\n"},
    ),
    "python_requirements": Project(
        "python_requirements", SPENT, {"spent": [50.0, 100.0]},
        files={"pb_project.yaml": PROJECT + '    python_requirements: ["profiles-rudderstack==0.24.*"]\n'},
    ),
    "entity_hooks": Project(
        "hooks of an entity's feature views", SPENT,
        {"spent": [50.0, 100.0], "SELECT one FROM HOOKED": [1]},
        files={"pb_project.yaml": PROJECT.replace(
            "          using_ids:",
            "          hooks: {post_run: \"CREATE OR REPLACE TABLE {{warehouse.ObjRef('HOOKED')}} AS SELECT 1 AS one\"}\n"
            "          using_ids:",
        )},
    ),
    "optimizations": Project(
        "optimizations", SPENT, {"spent": [50.0, 100.0]},
        files={"models/optimizations.yaml": """
            optimizations:
              main_id_addition_approach: case_based_join
              enable_input_columns_filtering: true
              bundle_entity_vars: true
              bundle_entity_vars_strategy: aggressive
        """},
        notes=("moot",),
    ),
    "time_grain": Project(
        "time_grain", SPENT + "\n- entity_var: {name: by_month, select: sum(amount), from: inputs/orders, time_grain: month}",
        {"spent": [50.0, 100.0], "by_month": [50.0, 100.0]},
        files={"pb_project.yaml": PROJECT + "    default_time_grain: tick\n"},
    ),
    "allow_beta": Project(
        "allow_beta", SPENT, {"spent": [50.0, 100.0]}, files={"pb_project.yaml": PROJECT + "    allow_beta: true\n"}
    ),
    "old_project_keys": Project(
        "include_untimed, profile, an empty file and one of comments alone", SPENT, {"spent": [50.0, 100.0]},
        files={
            "pb_project.yaml": PROJECT.replace("connection:", "profile:") + "    include_untimed: true\n",
            "models/empty.yaml": "",
            "models/later.yaml": "# models:\n#   - name: not_yet\n",
        },
    ),
    "anchors": Project(
        "YAML anchors", "- entity_var: &one {name: spent, select: sum(amount), from: inputs/orders}\n"
        "- entity_var: {<<: *one, name: most, select: max(amount)}",
        {"spent, most": [(50.0, 30.5), (100.0, 100.0)]},
    ),
}  # fmt: skip

TEMPLATES = {
    "var": Project("template: Var(", SPENT + '\n- entity_var: {name: x, select: "{{user.Var(\'spent\')}} * 2"}', {"x": [100.0, 200.0]}),
    "if": Project(
        "template: if/endif",
        "- entity_var: {name: x, select: \"{% if warehouse.DatabaseType() == 'bigquery' %} nothing() {% else %} count(*) {% endif %}\", from: inputs/orders}",
        {"x": [3, 1]},
    ),
    "with": Project("template: with", PAID, {"paid": [42.5, 100.0]}, sql_model("ephemeral")),
    "end_time_format": Project(
        "template: end_time.Format",
        "- entity_var: {name: x, select: count(*), from: inputs/orders, where: \"placed_at < to_timestamp('{{end_time.Format(\\\"2006-01-02 15:04:05\\\")}}')\"}",
        {"x": [3, 1]},
    ),
    "data_type": Project(
        "template: warehouse.DataType",
        "- entity_var: {name: x, select: \"cast(sum(amount) as {{warehouse.DataType('float')}})\", from: inputs/orders}",
        {"x": [50.0, 100.0]},
    ),
    "deref": Project(
        "template: DeRef", PAID, {"paid": [42.5, 100.0]}, sql_model("table", source="{{this.DeRef('inputs/orders')}}")
    ),
    "set_and_for": Project(
        "template: set, for, loop.first",
        "- entity_var: {name: x, select: max(n), from: models/by_status}",
        {"x": [2, 1]},
        """
        - name: by_status
          model_type: sql_template
          model_spec:
            materialization: {output_type: ephemeral}
            single_sql: |
              {% set orders = this.DeRef("inputs/orders") %}
              {% for status in ["paid", "refunded"] %}{% if !loop.first %} UNION ALL {% endif %}
              SELECT user_id, email, COUNT(*) AS n FROM {{orders}} WHERE status = '{{status}}' GROUP BY 1, 2
              {% endfor %}
            ids: [{select: user_id, type: user_id, entity: user}, {select: email, type: email, entity: user}]
        """,
    ),
    "exec": Project(
        "template: exec and ReadFile",
        PAID,
        {"paid": [42.5, 100.0]},
        """
        - name: paid_orders
          model_type: sql_template
          model_spec:
            single_sql: "{% exec %}{{ this.ReadFile('models/paid.sql') }}{% endexec %}"
            ids: [{select: user_id, type: user_id, entity: user}]
        """,
        {"models/paid.sql": "SELECT * FROM {{ this.DeRef('inputs/orders') }} WHERE status = 'paid'\n"},
    ),
    "macro_in_a_template": Project(
        "template: macro",
        "- entity_var: {name: x, select: \"{% macro twice(a) %}2 * {{a}}{% endmacro %}{{ twice('sum(amount)') }}\", from: inputs/orders}",
        {"x": [100.0, 200.0]},
    ),
    "macro_of_macros": Project(
        "a macro that calls macros, with templates in quoted arguments",
        ORDERED + "\n- entity_var: {name: x, select: \"{{ old('{{user.last_order}}', '250') }}\"}",
        {"x": [0, 1]},
        files={"models/more_macros.yaml": """
            macros:
              - name: old
                inputs: [column, days]
                value: "CASE WHEN {{ macro_datediff_n(column, days) }} THEN 0 ELSE 1 END"
        """},
    ),
}  # fmt: skip

CORPUS: dict[str, Project] = {
    f"{part}/{name}": project
    for part, projects in (
        ("model_types", MODEL_TYPES), ("filters", FILTERS), ("vars", VARS), ("functions", FUNCTIONS),
        ("inputs", INPUT_KEYS), ("views", VIEWS), ("other_keys", OTHER_KEYS), ("templates", TEMPLATES),
    )
    for name, project in projects.items()
}  # fmt: skip
