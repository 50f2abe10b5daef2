"""Projects of the parity suite whose models read tables of vars: ``<entity>/all/var_table``, ``inputs/<x>/var_table``.

There such a table has the columns that are made by then; what a model names is always among them, so these projects
name what they use.
"""

from __future__ import annotations

from tests.parity.cases import LINKED, ORDERS, OWN_STITCHER, row_vars
from tests.parity.harness import Case

ALL = "{{this.DeRef('user/all/var_table')}}"
BY_EMAIL = (
    f"FROM {ALL} AS v JOIN {{{{this.DeRef('models/user_graph')}}}} AS g ON g.user_main_id = v.user_main_id "
    "WHERE other_id_type = 'email'"
)
TOTAL = "name: total, select: SUM(amount), from: inputs/orders"
HIDDEN = "name: hidden, is_feature: false, select: COUNT(*), from: inputs/orders"


def of_vars(says: str, *vars_: str, more: str = "", linked: bool = False, **bodies: str) -> Case:
    """A project with vars, and SQL models by name; ``linked`` gives it a stitcher of its own, over the orders alone."""
    models = "".join(
        f"""
      - name: {name}
        model_type: sql_template
        model_spec:
          materialization: {{output_type: table}}
          single_sql: |
            {body}
          {more}"""
        for name, body in bodies.items()
    )
    if not linked:
        return Case(says, ORDERS, row_vars(*vars_) + "    models:" + models + "\n")
    return Case(says, ORDERS, row_vars(*vars_) + OWN_STITCHER + models.lstrip("\n") + "\n", LINKED)


VAR_TABLES = {
    "var_table_of_an_entity": of_vars(
        "a model reads vars of profiles, also those that are no features",
        TOTAL,
        HIDDEN,
        sums=f"SELECT user_main_id, {{{{this.DeRef('entity/user/total')}}}} AS tt, {{{{this.DeRef('entity/user/hidden')}}}} FROM {ALL}",
    ),
    "var_by_its_other_path": of_vars(
        "a var has two paths",
        TOTAL,
        sums=f"SELECT user_main_id, {{{{this.DeRef('user/all/total')}}}} * 2 AS tt FROM {ALL} WHERE {{{{this.DeRef('entity/user/total')}}}} > 20",
    ),
    "var_of_a_model_of_vars": of_vars(
        "a var is made of a model that is made of vars, twice over",
        TOTAL,
        "name: second, select: MAX(more), from: models/one",
        "name: third, select: MAX(again), from: models/two",
        linked=True,
        more="ids: [{select: email, type: email, entity: user}]",
        one=f"SELECT other_id AS email, {{{{this.DeRef('entity/user/total')}}}} + 1 AS more {BY_EMAIL}",
        two=f"SELECT other_id AS email, {{{{this.DeRef('entity/user/second')}}}} + 1 AS again {BY_EMAIL}",
    ),
    "derived_var_in_a_var_table": of_vars(
        "a model reads a var that is made of others",
        TOTAL,
        'name: half, select: "{{user.total}} / 2.0"',
        sums=f"SELECT user_main_id, {{{{this.DeRef('entity/user/half')}}}} FROM {ALL}",
    ),
    "feature_of_a_model_of_vars": of_vars(
        "a column of a model that reads vars is a feature",
        TOTAL,
        linked=True,
        more="entity_key: user\n          features: [{name: more}]\n          ids: [{select: email, type: email, entity: user}]",
        one=f"SELECT other_id AS email, {{{{this.DeRef('entity/user/total')}}}} + 1 AS more {BY_EMAIL}",
    ),
    "rows_of_an_input": of_vars(
        "the rows of an input, with the main id of each",
        TOTAL,
        owned="SELECT user_id, email, amount, ts, {{this.DeRef('inputs/orders/var_table/user_main_id')}} "
        "FROM {{this.DeRef('inputs/orders/var_table')}}",
    ),
    "input_vars_of_rows": of_vars(
        "input vars are columns of the rows; what belongs to nobody has none, and counts for none",
        TOTAL,
        "row: name: nth, select: ROW_NUMBER(), from: inputs/orders, window: {partition_by: [user_main_id], order_by: [ts]}",
        "row: name: twice, select: amount * 2, from: inputs/orders, where: amount > 8, default_value: 0",
        "row: name: all_of_shop, select: SUM(amount), from: inputs/orders, window: {partition_by: [shop]}",
        owned="SELECT ts, amount, {{this.DeRef('inputs/orders/nth')}} AS a, {{this.DeRef('inputs/orders/twice')}}, "
        "{{this.DeRef('inputs/orders/all_of_shop')}} AS c FROM {{this.DeRef('inputs/orders/var_table')}}",
    ),
}

BY_MAIN_ID = of_vars(
    "rows of a SQL model without ids belong to the profile whose main id they have; there they belong to nobody",
    TOTAL,
    "name: n, select: COUNT(*), from: models/everyone",
    everyone=f"SELECT user_main_id FROM {ALL}",
)
