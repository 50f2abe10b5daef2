"""The projects of the parity suite, each aimed at one behaviour. SQL in them means the same in PostgreSQL and DuckDB."""

from __future__ import annotations

from tests.parity.harness import FILE, Case

ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 10, 'web', TIMESTAMP '2026-01-01 10:00:00'),
        ('u1', NULL,  20, 'app', TIMESTAMP '2026-01-02 10:00:00'),
        ('u1', 'b@x', 5,  'web', TIMESTAMP '2026-01-05 10:00:00'),
        ('u2', 'c@x', 7,  'web', TIMESTAMP '2026-01-03 10:00:00'),
        (NULL, 'c@x', 9,  'app', TIMESTAMP '2026-01-04 10:00:00'),
        (NULL, 'd@x', 30, NULL,  NULL),
        ('u3', NULL,  NULL, 'app', TIMESTAMP '2026-12-24 10:00:00'),
        (NULL, NULL,  99, 'web', TIMESTAMP '2026-01-06 10:00:00')
    ) v(user_id, email, amount, shop, ts);
"""

INPUT = """
    inputs:
      - name: orders
        app_defaults:
          table: src.orders
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
"""


def models(*vars_: str, more: str = "", inputs: str = INPUT) -> str:
    """Inputs, a var group of the given vars, and more."""
    lines = "".join(f"\n          - entity_var: {{{v}}}" for v in vars_)
    group = f"    var_groups:\n      - name: vars\n        entity_key: user\n        vars:{lines}\n" if vars_ else ""
    return inputs + group + more


def graph(says: str, tables: str, *, types: str = "[{name: user_id}, {name: email}]") -> Case:
    """A project that only stitches, and counts rows."""
    project = FILE.replace("[{name: user_id}, {name: email}]", types)
    return Case(says, tables, models("name: n, select: COUNT(*), from: inputs/orders"), project)


def values(*rows: str, columns: str = "user_id, email, ts") -> str:
    """A table ``orders`` of the given rows."""
    return f"CREATE TABLE orders AS SELECT * FROM (VALUES {', '.join(f'({r})' for r in rows)}) v({columns});"


LINKED = FILE.replace("    id_types: [user_id", "    id_stitcher: models/user_graph\n    id_types: [user_id")
OWN_STITCHER = """    models:
      - name: user_graph
        model_type: id_stitcher
        model_spec: {entity_key: user, materialization: {run_type: discrete}, edge_sources: [{from: inputs/orders}]}
"""

T1, T2, T3 = (f"TIMESTAMP '2026-01-0{n}'" for n in (1, 2, 3))

GRAPHS = {
    "pairs_join": graph("ids of one row are one profile", values(f"'u1', 'a', {T1}", f"'u1', 'b', {T2}")),
    "null_and_blank": graph(
        "null and the empty text are no id",
        values(f"'u1', '', {T1}", f"'u2', '', {T2}", f"NULL, 'a', {T1}", f"'', 'b', {T2}"),
    ),
    "white_space": graph(
        "white space and case matter",
        values(f"'u1', ' a', {T1}", f"'u2', 'a', {T2}", f"'U1', 'A', {T3}"),
    ),
    "same_value_of_two_types": graph(
        "equal values of two types are two ids", values(f"'1', '2', {T1}", f"'2', '1', {T2}")
    ),
    "earliest_names": graph(
        "the earliest id names the profile; ids without a time come last",
        values(f"'u1', 'a', {T3}", f"'u1', 'b', {T1}", "'u1', 'c', NULL::TIMESTAMP", "'u2', 'd', NULL"),
    ),
    "ties_of_time": graph(
        "of equally early ids the smallest generated id names the profile",
        values(*(f"'u{n}', 'e{n % 4}', {T1}" for n in range(12))),
    ),
    "filter_value": graph(
        "a filtered id is none; the rest of its row still counts",
        values(f"'u1', 'a', {T1}", f"'x', 'a', {T2}", f"'x', 'b', {T3}"),
        types="[{name: user_id, filters: [{type: exclude, value: x}]}, {name: email}]",
    ),
    "filter_regex_exclude": graph(
        "a regex is anchored at both ends and minds case",
        values(*(f"'{u}', '{e}', {T1}" for u, e in (("test", "a"), ("test1", "b"), ("TEST", "c"), ("mytest", "d")))),
        types='[{name: user_id, filters: [{type: exclude, regex: "test"}]}, {name: email}]',
    ),
    "filter_regex_include": graph(
        "an include keeps what matches only",
        values(*(f"'u{n}', '{e}', {T1}" for n, e in enumerate(("a@x", "a", "@x", "a@", "a@b@c")))),
        types='[{name: user_id}, {name: email, filters: [{type: include, regex: ".+@.+"}]}]',
    ),
    "filters_are_anded": graph(
        "filters are combined by AND, two includes too",
        values(*(f"'u{n}', '{e}', {T1}" for n, e in enumerate(("ab", "a", "b", "abc", "ba")))),
        types='[{name: user_id}, {name: email, filters: [{type: include, regex: "a.*"}, '
        '{type: include, regex: ".*b"}, {type: exclude, value: "ab"}]}]',
    ),
    "two_ids_of_one_type": Case(
        "a row may hold two ids of one type",
        tables=values(
            f"'u1', 'a', 'b', {T1}",
            f"'u2', 'b', 'c', {T2}",
            f"'u3', 'd', 'd', {T3}",
            columns="user_id, email, second, ts",
        ),
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT + "            - {select: second, type: email, entity: user}\n",
        ),
    ),
    "ids_are_expressions": Case(
        "an id may be an expression",
        tables=values(f"'U1 ', 'A@X', {T1}", f"'u1', 'b@x', {T2}"),
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT.replace("select: user_id", "select: LOWER(TRIM(user_id))"),
        ),
    ),
    "chain": graph(
        "a long chain is one profile",
        values(
            *(f"'u{n}', 'e{n + k}', TIMESTAMP '2026-02-01' - INTERVAL '{n} days'" for n in range(24) for k in (0, 1))
        ),
    ),
    "long_and_odd_ids": graph(
        "ids may be long and of any alphabet",
        values(f"'{'x' * 300}', 'ünï@cödé', {T1}", f"'日本', 'ünï@cödé', {T2}", f"'a''b', 'q\"q', {T3}"),
    ),
    "where_on_input": Case(
        "rows that the input's where leaves out do not join",
        tables=ORDERS,
        models=models("name: n, select: COUNT(*), from: inputs/orders", inputs=INPUT + "        where: shop = 'web'\n"),
    ),
    "end_time": Case(
        "rows after the end time are not there, rows without a time are",
        tables=ORDERS,
        models=models("name: n, select: COUNT(*), from: inputs/orders"),
        runs=("2026-01-03T10:00:00Z",),
    ),
    "begin_time": Case(
        "with a begin time earlier rows are not there",
        tables=ORDERS,
        models=models("name: n, select: COUNT(*), from: inputs/orders"),
        flags=("--begin_time", "2026-01-03T00:00:00Z"),
    ),
    "no_time_column": Case(
        "an input without a time column",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT.replace("          occurred_at_col: ts\n", ""),
        ),
    ),
    "own_stitcher": Case(
        "an id_stitcher of the project's own, under its own name",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            more="""    models:
      - name: user_graph
        model_type: id_stitcher
        model_spec: {entity_key: user, materialization: {run_type: discrete}, edge_sources: [{from: inputs/orders}]}
""",
        ),
        project=FILE.replace(
            "    id_types: [user_id, email]", "    id_stitcher: models/user_graph\n    id_types: [user_id, email]"
        ),
    ),
    "ids_of_an_edge_source": Case(
        "ids of an edge source replace those of the input",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            more=OWN_STITCHER.replace(
                "{from: inputs/orders}", "{from: inputs/orders, ids: [{select: email, type: email}]}"
            ),
        ),
        project=LINKED,
    ),
    "to_default_stitcher": Case(
        "an id that is not meant for the default stitcher does not join",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT.replace(
                "type: email, entity: user}", "type: email, entity: user, to_default_stitcher: false}"
            ),
        ),
    ),
    "two_inputs": Case(
        "profiles are joined across inputs",
        tables=ORDERS
        + "CREATE TABLE visits AS SELECT * FROM (VALUES ('a@x','c@x',TIMESTAMP '2025-01-01')) v(email, other, ts);",
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT
            + """      - name: visits
        app_defaults:
          table: src.visits
          occurred_at_col: ts
          ids:
            - {select: email, type: email, entity: user}
            - {select: other, type: email, entity: user}
""",
        ),
    ),
    "two_entities": Case(
        "one input feeds two entities",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT + "            - {select: shop, type: shop_id, entity: shop_entity}\n",
            more="""      - name: shop_vars
        entity_key: shop_entity
        vars:
          - entity_var: {name: total, select: SUM(amount), from: inputs/orders}
""",
        ),
        project=FILE.replace(
            "id_types: [{name: user_id}",
            "  - name: shop_entity\n    id_types: [shop_id]\nid_types: [{name: shop_id}, {name: user_id}",
        ),
    ),
    "id_column_name": Case(
        "the main id column can be named",
        tables=ORDERS,
        models=models("name: n, select: COUNT(*), from: inputs/orders"),
        project=FILE.replace("  - name: user\n", "  - name: user\n    id_column_name: customer_key\n"),
    ),
    "named_views": Case(
        "feature views can be named",
        tables=ORDERS,
        models=models("name: n, select: COUNT(*), from: inputs/orders"),
        project=FILE.replace(
            "{using_ids: [{id: email}]}", "{name: all_about, using_ids: [{id: email, name: by_mail}, {id: user_id}]}"
        ),
    ),
    "filter_sql": Case(
        "ids that a model lists are excluded",
        tables=ORDERS + "CREATE TABLE bad AS SELECT 'a@x'::text AS id UNION ALL SELECT 'c@x';",
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            inputs=INPUT + "      - name: bad\n        app_defaults: {table: src.bad}\n",
        ),
        project=FILE.replace(
            "{name: email}]", "{name: email, filters: [{type: exclude, sql: {select: id, from: inputs/bad}}]}]"
        ),
    ),
}

VARS = {
    "aggregates": Case(
        "aggregates over the rows of a profile",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: least, select: MIN(amount), from: inputs/orders",
            "name: latest, select: MAX(ts), from: inputs/orders",
            "name: shops, select: COUNT(DISTINCT shop), from: inputs/orders",
            "name: mean, select: AVG(amount), from: inputs/orders",
        ),
    ),
    "where_on_var": Case(
        "a var counts the rows that its where keeps; a profile without any has null",
        tables=ORDERS,
        models=models(
            "name: web, select: COUNT(*), from: inputs/orders, where: shop = 'web'",
            "name: app, select: COUNT(*), from: inputs/orders, where: shop = 'app'",
            "name: all_of_them, select: COUNT(*), from: inputs/orders",
        ),
    ),
    "default_value": Case(
        "a default replaces null, of an aggregate too",
        tables=ORDERS,
        models=models(
            "name: web, select: SUM(amount), from: inputs/orders, where: shop = 'web' AND amount > 100, default_value: 0",
            "name: text, select: MAX(shop), from: inputs/orders, where: amount > 100, default_value: \"'none'\"",
        ),
    ),
    "derived": Case(
        "vars of vars",
        tables=ORDERS,
        models=models(
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: n, select: COUNT(*), from: inputs/orders",
            "name: mean, select: '{{user.total}} * 1.0 / {{user.Var(\"n\")}}'",
            "name: is_large, select: 'CASE WHEN {{user.Var(''mean'')}} > 10 THEN 1 ELSE 0 END'",
        ),
    ),
    "derived_where": Case(
        "a derived var has a value where its where holds",
        tables=ORDERS,
        models=models(
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: big, select: '{{user.total}}', where: '{{user.total}} > 10', default_value: 0",
        ),
    ),
    "where_of_another_var": Case(
        "the where of a var may use another var",
        tables=ORDERS,
        models=models(
            "name: first_at, select: MIN(ts), from: inputs/orders",
            "name: later, select: COUNT(*), from: inputs/orders, where: 'ts > {{user.Var(\"first_at\")}}'",
        ),
    ),
    "select_of_another_var": Case(
        "the select of a var may use another var",
        tables=ORDERS,
        models=models(
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: share, select: 'MAX(amount * 1.0 / {{user.total}})', from: inputs/orders",
        ),
    ),
    "not_a_feature": Case(
        "a var that is no feature is in no view, though others use it",
        tables=ORDERS,
        models=models(
            "name: total, select: SUM(amount), from: inputs/orders, is_feature: false",
            "name: double_total, select: '2 * {{user.total}}'",
        ),
    ),
    "window_first": Case(
        "first_value over a window",
        tables=ORDERS,
        models=models(
            "name: first_shop, select: first_value(shop), from: inputs/orders, window: {order_by: [ts asc]}",
            "name: first_of_app, select: first_value(amount), from: inputs/orders, where: shop = 'app', "
            "window: {order_by: [ts asc]}",
        ),
    ),
    "window_frame": Case(
        "last_value over the whole frame",
        tables=ORDERS,
        models=models(
            "name: last_amount, select: last_value(amount), from: inputs/orders, where: ts IS NOT NULL, window: {order_by: [ts asc], "
            "frame_clause: ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING}",
        ),
    ),
    "column_data_type": Case(
        "a var is stored in the type that it asks for",
        tables=ORDERS,
        models=models("name: total, select: SUM(amount), from: inputs/orders, column_data_type: varchar"),
    ),
    "order_of_columns": Case(
        "features come in alphabetical order, in lower case",
        tables=ORDERS,
        models=models(
            "name: Zeta, select: COUNT(*), from: inputs/orders",
            "name: alpha, select: COUNT(*), from: inputs/orders",
            "name: Beta, select: COUNT(*), from: inputs/orders",
            "name: alpha2, select: COUNT(*), from: inputs/orders",
            "name: alpha_1, select: COUNT(*), from: inputs/orders",
        ),
    ),
    "named_as_a_column": Case(
        "a var may have the name of a column",
        tables=ORDERS,
        models=models(
            "name: amount, select: SUM(amount), from: inputs/orders",
            "name: shop, select: MAX(shop), from: inputs/orders",
            "name: ts, select: MAX(ts), from: inputs/orders",
        ),
    ),
    "end_time_in_a_template": Case(
        "templates know the end time",
        tables=ORDERS,
        models=models(
            "name: before, select: COUNT(*), from: inputs/orders, where: \"ts < '{{end_time.Format('2006-01-02')}}'\"",
            'name: stamp, select: "MAX(\'{{end_time.Format(\\"2006-01-02 15:04:05\\")}}\')", from: inputs/orders',
        ),
    ),
    "macros": Case(
        "macros with arguments that hold templates",
        tables=ORDERS,
        models=models(
            "name: first_at, select: MIN(ts), from: inputs/orders",
            "name: last_at, select: MAX(ts), from: inputs/orders",
            'name: after_first, select: "{{later(\'{{user.Var(\\"last_at\\")}}\', \'{{user.Var(\\"first_at\\")}}\')}}"',
            more="""    macros:
      - name: later
        inputs: [one, other]
        value: "CASE WHEN {{one}} > {{other}} THEN 1 ELSE 0 END"
""",
        ),
    ),
    "from_the_stitcher": Case(
        "vars over the id stitcher",
        tables=ORDERS,
        models=models(
            "name: emails, select: COUNT(DISTINCT other_id), from: models/user_graph, where: other_id_type = 'email'",
            more=OWN_STITCHER,
        ),
        project=LINKED,
    ),
    "row_of_the_first_known_id": Case(
        "a row belongs to the profile of the first of its ids that is known",
        tables=ORDERS + values(f"'u1', 'c@x', {T1}", f"NULL, 'c@x', {T2}").replace("orders", "visits"),
        models=models(
            "name: visits, select: COUNT(*), from: inputs/visits",
            inputs=INPUT
            + """      - name: visits
        app_defaults:
          table: src.visits
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user, to_default_stitcher: false}
            - {select: email, type: email, entity: user, to_default_stitcher: false}
""",
        ),
    ),
}


def sql_model(body: str, output: str, *, ids: bool = True) -> str:
    """A SQL model ``web_orders``."""
    indented = "\n".join("            " + line for line in body.strip().splitlines())
    declared = (
        "          ids:\n            - {select: user_id, type: user_id, entity: user}\n"
        "            - {select: email, type: email, entity: user}\n"
    )
    return (
        "    models:\n      - name: web_orders\n        model_type: sql_template\n        model_spec:\n"
        f"          materialization: {{output_type: {output}}}\n          single_sql: |\n{indented}\n"
        + (declared if ids else "")
    )


_WEB = "SELECT user_id, email, amount, ts FROM {{this.DeRef('inputs/orders')}} WHERE shop = 'web'"
_OF_WEB = ("name: web, select: SUM(amount), from: models/web_orders",)

MODELS = {
    "default_stitcher_reads_models": Case(
        "the default stitcher takes ids of SQL models too",
        ORDERS,
        models(
            "name: n, select: COUNT(*), from: models/web_orders",
            more=sql_model("SELECT 'u1' AS user_id, 'd@x' AS email FROM {{this.DeRef('inputs/orders')}}", "table"),
        ),
    ),
    "default_stitcher_without_models": Case(
        "ids of SQL models that are not meant for the default stitcher stay out of it",
        ORDERS,
        models(
            "name: n, select: COUNT(*), from: models/web_orders",
            more=sql_model(
                "SELECT 'u1' AS user_id, 'd@x' AS email FROM {{this.DeRef('inputs/orders')}}", "ephemeral"
            ).replace("entity: user}", "entity: user, to_default_stitcher: false}"),
        ),
    ),
    **{
        f"sql_model_{output}": Case(
            f"vars over a SQL model kept as {output}",
            tables=ORDERS,
            models=models(*_OF_WEB, more=sql_model(_WEB, output)),
        )
        for output in ("ephemeral", "table", "view")
    },
    "sql_model_with_ctes": Case(
        "a body may go on from the engine's own CTEs",
        tables=ORDERS,
        models=models(
            *_OF_WEB,
            more=sql_model(
                ", web AS (SELECT * FROM {{this.DeRef('inputs/orders')}} WHERE shop = 'web')\n"
                "SELECT user_id, email, amount, ts FROM web",
                "table",
            ),
        ),
    ),
    "sql_model_of_sql_model": Case(
        "a SQL model may read another",
        tables=ORDERS,
        models=models(
            "name: big, select: COUNT(*), from: models/big_orders",
            more=sql_model(_WEB, "ephemeral")
            + """      - name: big_orders
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: "SELECT * FROM {{this.DeRef('models/web_orders')}} WHERE amount > 6"
          ids: [{select: user_id, type: user_id, entity: user}]
""",
        ),
    ),
    "with_blocks": Case(
        "a model is named in a with block",
        tables=ORDERS,
        models=models(
            *_OF_WEB,
            more=sql_model(
                "{% with orders = this.DeRef('inputs/orders') %}\nSELECT * FROM {{orders}} WHERE shop = 'web'\n{% endwith %}",
                "table",
            ),
        ),
    ),
    "edges_of_a_sql_model": Case(
        "a SQL model can be an edge source",
        tables=ORDERS,
        models=models(
            "name: n, select: COUNT(*), from: inputs/orders",
            more=sql_model(_WEB, "ephemeral")
            + """      - name: user_graph
        model_type: id_stitcher
        model_spec: {entity_key: user, materialization: {run_type: discrete}, edge_sources: [{from: models/web_orders}]}
""",
        ),
        project=FILE.replace(
            "    id_types: [user_id, email]", "    id_stitcher: models/user_graph\n    id_types: [user_id, email]"
        ),
    ),
    "feature_table": Case(
        "a feature table is a view of the features that it names",
        tables=ORDERS,
        models=models(
            "name: total, select: SUM(amount), from: inputs/orders",
            "name: n, select: COUNT(*), from: inputs/orders",
            more="""    models:
      - name: money
        model_type: feature_table_model
        model_spec: {entity_key: user, features: [total]}
""",
        ),
    ),
}

_TOTALS = ("name: total, select: SUM(amount), from: inputs/orders", "name: n, select: COUNT(*), from: inputs/orders")
_NAMED = FILE.replace("[{id: email}]", "[{id: email, name: by_mail}, {id: user_id}]").replace(
    "{using", "{name: fv, using"
)


def cohort(name: str, *filters: str, extends: str = "user/all", more: str = "", output: str = "view") -> str:
    """An entry of ``models``: a cohort; each filter begins with + or -."""
    pipeline = "".join(
        f'            - {{type: {"include" if f[0] == "+" else "exclude"}, value: "{f[1:]}"}}\n' for f in filters
    )
    pipeline = f"          filter_pipeline:\n{pipeline}" if filters else ""
    return (
        f"      - name: {name}\n        model_type: entity_cohort\n        model_spec:\n          extends: {extends}\n"
        f"          materialization: {{output_type: {output}}}\n{pipeline}{more}"
    )


_BUYERS = "    models:\n" + cohort("buyers", "+{{ user.Var('total') }} > 8", "-{{ user.n }} = 2")


def cohort_vars(*vars_: str) -> str:
    """A var group of the cohort ``buyers``; stands before ``models``."""
    lines = "".join(f"          - entity_var: {{{v}}}\n" for v in vars_)
    return f"      - name: of_buyers\n        entity_cohort: models/buyers\n        vars:\n{lines}"


COHORTS = {
    "cohort": Case("a cohort has the profiles that its filters keep", ORDERS, models(*_TOTALS, more=_BUYERS)),
    "cohort_without_filters": Case(
        "a cohort without filters has all profiles",
        ORDERS,
        models(*_TOTALS, more="    models:\n" + cohort("everybody")),
    ),
    "cohort_and_null": Case(
        "a profile for which a filter is null is out, of an exclude too",
        ORDERS,
        models(
            "name: web, select: SUM(amount), from: inputs/orders, where: shop = 'web'",
            more="    models:\n" + cohort("a", "+{{ user.web }} > 1") + cohort("b", "-{{ user.web }} > 10"),
        ),
    ),
    "cohort_of_a_cohort": Case(
        "a cohort extends another, as a table, with views of its own names",
        ORDERS,
        models(
            *_TOTALS,
            more=_BUYERS
            + cohort(
                "big",
                "+{{ buyers.Var('total') }} > 30",
                extends="models/buyers",
                output="table",
                more="          feature_views: {name: big_ones, using_ids: [{id: user_id, name: big_by_user}]}\n",
            ),
        ),
    ),
    "cohort_inherits_views": Case(
        "a cohort without views by ids has those of its parent, under its own name",
        ORDERS,
        models(*_TOTALS, more=_BUYERS),
        project=_NAMED,
    ),
    "cohort_names_its_view": Case(
        "a cohort names its view, and inherits the ids",
        ORDERS,
        models(*_TOTALS, more=_BUYERS + "          feature_views: {name: of_buyers}\n"),
        project=_NAMED,
    ),
    "cohort_expression": Case(
        "a filter expression of AND and OR",
        ORDERS,
        models(
            *_TOTALS,
            more="    models:\n"
            + cohort(
                "some",
                more="""          filter_expression:
            OR:
              - "{{ user.Var('total') }} > 30"
              - AND: ["{{ user.n }} = 2", "{{user.total}} < 20"]
""",
            ),
        ),
    ),
    "cohort_expression_of_text": Case(
        "a filter expression in SQL",
        ORDERS,
        models(
            *_TOTALS,
            more="    models:\n"
            + cohort("some", more='          filter_expression: "{{user.total}} > 30 OR {{user.n}} = 1"\n'),
        ),
    ),
    "cohort_filters_by_no_feature": Case(
        "a filter may use a var that is no feature",
        ORDERS,
        models(
            *_TOTALS,
            "name: most, select: MAX(amount), from: inputs/orders, is_feature: false",
            more="    models:\n" + cohort("some", "+{{ user.most }} > 8"),
        ),
    ),
    "cohort_vars": Case(
        "vars over the members; one with the name of the parent's takes its place",
        ORDERS,
        models(
            *_TOTALS,
            more=cohort_vars(
                "name: web, select: SUM(amount), from: inputs/orders, where: shop = 'web'",
                "name: double_web, select: '2 * {{buyers.web}}'",
                "name: n, select: 100 + COUNT(*), from: inputs/orders",
            )
            + _BUYERS
            + cohort("big", "+{{ buyers.n }} > 101", extends="models/buyers"),
        ),
    ),
    "cohort_var_of_the_parents": Case(
        "a var of a cohort may use the parent's var whose name it has",
        ORDERS,
        models(*_TOTALS, more=cohort_vars("name: n, select: '{{user.n}} + 100'") + _BUYERS),
    ),
    "cohort_vars_of_vars": Case(
        "vars of a cohort may use those of the entity, and hide",
        ORDERS,
        models(
            *_TOTALS,
            more=cohort_vars(
                "name: share, select: 'MAX(amount * 1.0 / {{user.total}})', from: inputs/orders",
                "name: rows_of_it, select: COUNT(*), from: inputs/orders, is_feature: false",
                "name: twice, select: '{{buyers.rows_of_it}} * 2'",
            )
            + _BUYERS,
        ),
    ),
}


def row_vars(*vars_: str) -> str:
    """Inputs and a group of vars of both kinds; an input var begins with ``row:``."""
    lines = "".join(
        f"          - {'input_var' if v.startswith('row:') else 'entity_var'}: {{{v.removeprefix('row:').strip()}}}\n"
        for v in vars_
    )
    return INPUT + f"    var_groups:\n      - name: vars\n        entity_key: user\n        vars:\n{lines}"


ROW_VARS = {
    "input_var": Case(
        "an input var is a column of the rows, and may use another",
        ORDERS,
        row_vars(
            "row: name: doubled, select: amount * 2, from: inputs/orders",
            "row: name: again, select: \"{{orders.Var('doubled')}} + 1\", from: inputs/orders",
            "name: a, select: \"SUM({{orders.Var('doubled')}})\", from: inputs/orders",
            'name: b, select: "MAX({{orders.again}})", from: inputs/orders, where: "{{orders.again}} > 15"',
        ),
    ),
    "input_var_window": Case(
        "an input var may number rows across profiles",
        ORDERS,
        row_vars(
            "row: name: place, select: row_number(), from: inputs/orders, "
            "window: {partition_by: [shop], order_by: [ts asc, amount asc]}",
            'name: a, select: "MAX({{orders.place}})", from: inputs/orders',
        ),
    ),
    "input_var_where": Case(
        "rows that the where of an input var leaves out have its default",
        ORDERS,
        row_vars(
            "row: name: tot, select: sum(amount), from: inputs/orders, where: \"shop = 'web'\", default_value: -1, "
            "window: {partition_by: [shop]}",
            'name: a, select: "SUM({{orders.tot}})", from: inputs/orders',
        ),
    ),
    "input_var_by_main_id": Case(
        "an input var may be partitioned by the main id",
        ORDERS,
        row_vars(
            "row: name: of_mine, select: count(*), from: inputs/orders, window: {partition_by: [user_main_id]}",
            'name: a, select: "MAX({{orders.of_mine}})", from: inputs/orders',
        ),
    ),
}


def with_features(body: str, features: str, ids: str = "user_id") -> str:
    """A SQL model whose columns are features."""
    return (
        "    models:\n      - name: extra\n        model_type: sql_template\n        model_spec:\n"
        f"          entity_key: user\n          materialization: {{output_type: table}}\n          single_sql: |\n"
        f"            {body}\n          features: [{features}]\n"
        f"          ids: [{{select: {ids}, type: {ids}, entity: user}}]\n"
    )


FEATURES = {
    "model_features": Case(
        "features of a SQL model come before vars",
        ORDERS,
        models(
            *_TOTALS,
            more=with_features(
                "SELECT user_id, MAX(shop) AS top_shop, COUNT(*) AS zip FROM {{this.DeRef('inputs/orders')}} "
                "WHERE user_id IS NOT NULL GROUP BY user_id",
                "{name: zip}, {name: top_shop, description: one of them}",
            ),
        ),
    ),
    "model_features_of_several_rows": Case(
        "of several rows of a profile the largest value is the feature",
        ORDERS,
        models(
            *_TOTALS,
            more=with_features(
                "SELECT email, amount, shop FROM {{this.DeRef('inputs/orders')}}",
                "{name: amount}, {name: shop}",
                "email",
            ),
        ),
    ),
}

_LIB = {
    "lib/pb_project.yaml": """
        name: lib
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_types: [user_id, email]}]
        id_types: [{name: user_id, filters: [{type: exclude, value: u2}]}, {name: email}]
    """,
    "lib/models/all.yaml": INPUT.replace("src.orders", "src.nothing")
    + """
    var_groups:
      - name: of_lib
        entity_key: user
        vars:
          - entity_var: {name: total, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: big, select: "{{user.total}} * 2"}
          - entity_var: {name: m, select: COUNT(*), from: models/large_orders}
    models:
      - name: large_orders
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: "SELECT * FROM {{this.DeRef('inputs/orders')}} WHERE amount > 6"
          ids: [{select: user_id, type: user_id, entity: user}]
""",
}
_APP = FILE.replace("id_types: [{name: user_id}, {name: email}]\n", "") + (
    "packages: [{name: lib, url: ./lib, inputsMap: {orders: inputs/orders}}]\n"
)
_EXTENDS = "id_types: [{name: user_id, extends: user_id, filters: [{type: exclude, value: u1}]}]\n"

PACKAGES = {
    "package": Case(
        "a package's vars and models read the input that is put in place of its own",
        ORDERS,
        models("name: n, select: COUNT(*), from: inputs/orders"),
        project=_APP,
        files=_LIB,
    ),
    "package_type_extended": Case(
        "an id type that extends the package's under its name has its own filters",
        ORDERS,
        models("name: n, select: COUNT(*), from: inputs/orders"),
        project=_APP + _EXTENDS,
        files=_LIB,
    ),
    "package_vars_used": Case(
        "vars of the project may use those of a package, and read its models",
        ORDERS,
        models(
            "name: large, select: COUNT(*), from: packages/lib/models/large_orders",
            "name: total_and_one, select: '{{user.total}} + 1'",
        ),
        project=_APP,
        files=_LIB,
    ),
    "package_overrides": Case(
        "a project says which models and vars of a package take part",
        ORDERS,
        models("name: n, select: COUNT(*), from: inputs/orders"),
        project=_APP.replace(
            "inputsMap:",
            "overrides: [{requested_enable_status: disabled, models: [models/large_orders, user/all/total]}], inputsMap:",
        ),
        files=_LIB,
    ),
    "package_without_an_input": Case(
        "an input that is mapped to nothing takes along what needs it",
        ORDERS,
        models("name: n, select: COUNT(*), from: inputs/orders"),
        project=_APP.replace("inputs/orders}", "nil}"),
        files=_LIB,
    ),
}


def statements(*given: str) -> str:
    """A SQL model ``made`` of several statements."""
    body = "".join(f"            {statement};\n" for statement in given)
    return (
        "    models:\n      - name: made\n        model_type: sql_template\n        model_spec:\n"
        f"          materialization: {{output_type: table}}\n          multi_sql: |\n{body}"
        "          ids: [{select: user_id, type: user_id, entity: user}]\n"
    )


_OF_MADE = ("name: c, select: COUNT(*), from: models/made",)
_ORDERS_OF = "{{this.DeRef('inputs/orders')}}"

STATEMENTS = {
    "multi_sql": Case(
        "several statements make a table",
        ORDERS,
        models(
            *_OF_MADE,
            more=statements(
                f"CREATE TEMP TABLE large AS SELECT user_id FROM {_ORDERS_OF} WHERE amount > 5",
                "CREATE TABLE {{this}} AS SELECT * FROM large",
            ),
        ),
    ),
    "multi_sql_that_changes_rows": Case(
        "statements may change the rows of their table",
        ORDERS,
        models(
            *_OF_MADE,
            more=statements(
                f"CREATE TABLE {{{{this}}}} AS (SELECT user_id FROM {_ORDERS_OF})",
                "INSERT INTO {{this}} VALUES ('u1')",
                "UPDATE {{this}} SET user_id = 'u2' WHERE user_id = 'u3'",
            ),
        ),
    ),
    "multi_sql_by_helper": Case(
        "a helper of warehouse writes the statement",
        ORDERS,
        models(
            *_OF_MADE,
            more=statements(
                """{{warehouse.CreateReplaceTableAs(this, "SELECT user_id FROM " + this.DeRef('inputs/orders') )}}"""
            ),
        ),
    ),
    "hooks": Case(
        "hooks run around a model",
        ORDERS,
        models(
            "name: n, select: COUNT(*), from: models/web_orders",
            more=sql_model(_WEB, "table").replace(
                "model_type: sql_template",
                'model_type: sql_template\n        hooks: {post_run: "DELETE FROM {{this}} WHERE amount > 6", '
                "pre_run: \"CREATE TABLE {{warehouse.ObjRef('side')}} AS SELECT 1 AS x\"}",
            ),
        ),
    ),
}


_GRAINED = FILE + "default_time_grain: tick\n"
_AT = ("2026-01-04T15:00:00Z",)


def grained(grain: str, *vars_: str) -> str:
    """A var group with a time grain."""
    lines = "".join(f"          - entity_var: {{{v}}}\n" for v in vars_)
    return f"      - name: grained\n        entity_key: user\n        time_grain: {grain}\n        vars:\n{lines}"


GRAINS = {
    **{
        f"grain_{grain}": Case(
            f"vars of a {grain} see rows up to its beginning, of the profiles of now",
            ORDERS,
            models(
                *_TOTALS,
                more=grained(grain, "name: d, select: MAX(ts), from: inputs/orders", "name: e, select: '{{user.d}}'"),
            ),
            project=_GRAINED,
            runs=(end,),
        )
        for grain, end in (
            ("10minutes", "2026-01-04T10:05:00Z"),
            ("hour", "2026-01-04T10:30:00Z"),
            ("day", "2026-01-04T15:00:00Z"),
            ("week", "2026-01-06T15:00:00Z"),
            ("month", "2026-01-06T15:00:00Z"),
            ("month", "2026-01-04T15:00:00Z"),
            ("year", "2026-01-06T15:00:00Z"),
        )
    },
    "grain_of_a_var": Case(
        "a single var may have a grain",
        ORDERS,
        models(*_TOTALS, "name: d, select: COUNT(*), from: inputs/orders, time_grain: day"),
        project=_GRAINED,
        runs=_AT,
    ),
    "grain_of_a_sql_model": Case(
        "a SQL model with a grain reads as of its beginning, and its templates see that end time",
        ORDERS,
        models(
            *_TOTALS,
            "name: d, select: COUNT(*), from: models/web_orders",
            more=sql_model(
                "SELECT user_id, email, ts, '{{end_time.Format('2006-01-02 15:04:05')}}' AS stamp "
                "FROM {{this.DeRef('inputs/orders')}}",
                "table",
            ).replace("materialization", "time_grain: day\n          materialization"),
        ),
        project=_GRAINED,
        runs=_AT,
    ),
    "grain_of_the_stitcher": Case(
        "vars of now over a graph as of the beginning of the day",
        ORDERS,
        models(*_TOTALS),
        project=_GRAINED.replace("    feature_views", "    default_id_stitcher: {time_grain: day}\n    feature_views"),
        runs=_AT,
    ),
    "default_grain": Case(
        "the default grain cuts the whole run",
        ORDERS,
        models(*_TOTALS),
        project=FILE + "default_time_grain: day\n",
        runs=_AT,
    ),
}

CASES: dict[str, Case] = {
    **PACKAGES,
    **GRAINS,
    **STATEMENTS,
    **GRAPHS,
    **VARS,
    **MODELS,
    **COHORTS,
    **ROW_VARS,
    **FEATURES,
}

DIFFERENCES: dict[str, tuple[Case, str, int, int]] = {
    "blank_id": (
        graph(
            "an id of nothing but blanks is none here, as it would link unrelated people; there only NULL and '' are none",
            values(f"'u1', ' ', {T1}", f"'u2', ' ', {T2}", f"'u3', 'c', {T3}"),
        ),
        "user_default_id_stitcher",
        5,
        4,
    ),
    "view_by_main_id": (
        Case(
            "a view by main id that is given a name has it here, beside its own; there the name means nothing",
            ORDERS,
            models("name: n, select: COUNT(*), from: inputs/orders"),
            project=FILE.replace("[{id: email}]", "[{id: user_main_id, name: by_main}]"),
        ),
        "by_main",
        0,
        3,
    ),
    "regex_with_alternatives": (
        graph(
            "alternatives of a regex are anchored as a whole here, as Snowflake does it; there each end only anchors the nearest one",
            values(*(f"'u{n}', '{e}', {T1}" for n, e in enumerate(("null", "none", "nullx", "xnone", "")))),
            types='[{name: user_id}, {name: email, filters: [{type: exclude, regex: "null|none"}]}]',
        ),
        "user_feature_view_with_email",
        0,
        2,
    ),
    "input_where_with_or": (
        Case(
            "an OR in the where of an input stays within it here; there it lets in rows after the end time",
            ORDERS,
            models(
                "name: n, select: COUNT(*), from: inputs/orders",
                inputs=INPUT + "        where: amount IS NULL OR shop = 'web'\n",
            ),
        ),
        "user_default_id_stitcher",
        6,
        5,
    ),
    "late_rows": (
        Case(
            "a row that is older than the overlap of the last run is found here; there an incremental run misses it",
            ORDERS,
            models("name: n, select: COUNT(*), from: inputs/orders"),
            runs=("2026-01-02T00:00:00Z", "2026-10-31T00:00:00Z"),
            between="INSERT INTO src.orders VALUES ('u1', 'late@x', 1, 'web', TIMESTAMP '2025-06-01 10:00:00');",
        ),
        "user_default_id_stitcher",
        6,
        7,
    ),
}
"""(project, view, its rows there, its rows here), where onefold differs on purpose (docs/compatibility.md)."""
