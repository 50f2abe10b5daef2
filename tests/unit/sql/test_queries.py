"""The queries of a plan, run on DuckDB over a few rows: owners of rows, values of vars, rows of inputs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from sqlglot import exp

from onefold.errors import Location, ProjectError
from onefold.identity.read.queries import source_query
from onefold.identity.rules.id_filter_queries import excluded_query
from onefold.identity.schema import NODES
from onefold.plan.build import build_plan
from onefold.plan.model import IdStitcher, RunTimes
from onefold.plan.names import names_of
from onefold.project.load import load_project
from onefold.sql.compile import relations, step_query
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.sql.input import csv_view
from onefold.sql.relations import Compiler, GraphViews
from onefold.sql.statements import create_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - name: user
    id_column_name: user_main_id
    id_types: [user_id, email]
    feature_views: {using_ids: [{id: email, name: by_email}]}
id_types:
  - name: user_id
    filters: FILTERS
  - name: email
"""

_ORDERS = """
inputs:
  - name: orders
    app_defaults:
      table: orders
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
"""

# Profile 0 is A (u1, a@x), profile 1 is B (u2, b@x), profile 2 is C, which has no orders.
_TABLES = """
CREATE TABLE graph AS SELECT * FROM (VALUES
    ('A', 'u1', 'user_id', 0), ('A', 'a@x', 'email', 0),
    ('B', 'u2', 'user_id', 1), ('B', 'b@x', 'email', 1),
    ('C', 'c@x', 'email', 2)
) v(user_main_id, other_id, other_id_type, __profile);
CREATE VIEW profiles AS SELECT DISTINCT __profile, user_main_id FROM graph;
CREATE TABLE orders AS SELECT * FROM (VALUES
    ('u1', 'b@x',   10,   'web', TIMESTAMP '2026-01-01 10:00:00'),
    (NULL, 'a@x',   20,   'web', TIMESTAMP '2026-01-02 10:00:00'),
    ('u?', 'a@x',   30,   'app', TIMESTAMP '2026-01-03 10:00:00'),
    ('u2', NULL,    5,    'app', TIMESTAMP '2026-01-04 10:00:00'),
    ('u2', 'b@x',   NULL, 'app', NULL),
    ('u9', 'z@x',   99,   'web', TIMESTAMP '2026-01-05 10:00:00')
) v(user_id, email, amount, shop, ts);
"""


_SCAN = "user/vars/models_user_default_id_stitcher"
_GRAPH = GraphViews(numbered=exp.to_table("graph"), members=exp.to_table("graph"), profiles=exp.to_table("profiles"))


class Shop:
    """A project on a DuckDB: plans it, builds the tables of its steps and reads them."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder, self.connection = folder, connection

    def plan(
        self, models: str = "", *, inputs: str = _ORDERS, filters: str = "[]", end: str = "2026-10-31", begin: str = ""
    ) -> Compiler:
        """A compiler over the plan of a project."""
        (self.folder / "models").mkdir(exist_ok=True)
        (self.folder / "pb_project.yaml").write_text(_PROJECT.replace("FILTERS", filters))
        (self.folder / "models" / "inputs.yaml").write_text(dedent(inputs))
        (self.folder / "models" / "profiles.yaml").write_text(dedent(models))
        project = load_project(self.folder)
        plan = build_plan(project, RunTimes(_utc(end), _utc(begin) if begin else None), "profiles")
        return Compiler(plan, names_of(project), DUCKDB, material=_material, graph=lambda _ref: _GRAPH)

    def build(self, compiler: Compiler) -> None:
        """Build every step except the stitcher."""
        for ref, step in compiler.plan.steps.items():
            if step.output != "inline" and not isinstance(step, IdStitcher):
                self.run(create_table(_material(ref), step_query(compiler, ref)))
            elif isinstance(step, IdStitcher):
                self.run(create_table(_material(ref), exp.select("*").from_("graph")))

    def run(self, statement: exp.Expr) -> list[tuple[Any, ...]]:
        """Run one statement."""
        return self.connection.execute(render(statement, DUCKDB)).fetchall()

    def profiles(self, variables: str, **given: str) -> dict[str, tuple[Any, ...]]:
        """The features of each profile, in alphabetical order, for var lines ``name | key: value | ...``."""
        self.build(self.plan(_vars(variables), **given))
        rows = self.run(exp.select("*").from_(_material("user/all/feature_view")).order_by("user_main_id"))
        return {row[0]: row[1:] for row in rows}


def _vars(text: str) -> str:
    lines = ["var_groups:", "  - name: g", "    entity_key: user", "    vars:"]
    for line in text.strip().splitlines():
        name, *keys = (part.strip() for part in line.split("|"))
        lines += ["      - entity_var:", f"          name: {name}", *(f"          {key}" for key in keys)]
    return "\n".join(lines) + "\n"


def _utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _material(ref: str) -> exp.Table:
    return exp.to_table(ref.replace("/", "_"), quoted=True)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with duckdb.connect() as connection:
        for statement in (*DUCKDB.session, *_TABLES.split(";")[:-1]):
            connection.execute(statement)
        yield Shop(tmp_path, connection)


# --- owners of rows ---


def test_row_belongs_to_the_first_of_its_ids_that_is_known(shop: Shop) -> None:
    """Ids are tried in the order of declaration; a row without a known id belongs to no profile."""
    amounts = "amounts | from: inputs/orders | select: listagg(amount, ',') within group (order by amount)"

    assert shop.profiles(amounts) == {"A": ("10,20,30",), "B": ("5",), "C": (None,)}


def test_order_of_declaration_decides(shop: Shop) -> None:
    """With the email first, the row of u1 with the email of B is B's."""
    inputs = _ORDERS.replace("user_id, type: user_id", "X").replace("email, type: email", "user_id, type: user_id")
    inputs = inputs.replace("select: X", "select: email, type: email")
    amounts = "amounts | from: inputs/orders | select: listagg(amount, ',') within group (order by amount)"

    assert shop.profiles(amounts, inputs=inputs) == {"A": ("20,30",), "B": ("5,10",), "C": (None,)}


def test_single_id_needs_no_choice(shop: Shop) -> None:
    """With one id, a row belongs to its profile or to none."""
    inputs = _ORDERS.replace("        - {select: email, type: email, entity: user}\n", "")

    assert shop.profiles("n | from: inputs/orders | select: count(*)", inputs=inputs) == {
        "A": (1,),
        "B": (2,),
        "C": (None,),
    }


def test_ids_of_the_stitcher_itself_can_be_counted(shop: Shop) -> None:
    """A var may read the rows of the stitcher."""
    ids = "ids | from: models/user_default_id_stitcher | select: count(distinct other_id)"

    assert shop.profiles(ids) == {"A": (2,), "B": (2,), "C": (1,)}


def test_distinct_ids_of_one_type_are_counted_as_rows(shop: Shop) -> None:
    """A graph has each id of a type once, so duplicates only exist across types."""
    shop.connection.execute("INSERT INTO graph VALUES ('A', 'a@x', 'user_id', 0)")
    source = "from: models/user_default_id_stitcher | select: count(distinct other_id)"
    found = shop.profiles(f"every | {source}\n emails | {source} | where: other_id_type = 'email'")
    query = render(step_query(shop.plan(_vars(f"n | {source} | where: other_id_type = 'email'")), _SCAN), DUCKDB)

    assert found == {"A": (1, 2), "B": (1, 2), "C": (1, 1)}
    assert "DISTINCT" not in query


def test_a_var_over_the_stitcher_may_read_its_main_id(shop: Shop) -> None:
    """The main id is a column of the stitcher's rows, although it is stored in another table."""
    shop.connection.execute("CREATE VIEW members AS SELECT * EXCLUDE (user_main_id) FROM graph")
    whole = shop.plan(_vars("n | from: models/user_default_id_stitcher | select: max(User_Main_Id)"))
    graph = GraphViews(exp.to_table("graph"), exp.to_table("members"), exp.to_table("profiles"))

    shop.build(replace(whole, graph=lambda _ref: graph))

    assert shop.run(exp.select("n").from_(_material("user/all/feature_view")).order_by("n")) == [("A",), ("B",), ("C",)]


# --- where, default, type ---


def test_vars_with_different_where_share_a_scan(shop: Shop) -> None:
    """Each var counts the rows that meet its own where; without such a row it is null, not 0, before the default."""
    found = shop.profiles("""
        a_all | from: inputs/orders | select: count(*)
        b_web | from: inputs/orders | where: shop = 'web' | select: count(*)
        c_web | from: inputs/orders | where: shop = 'web' | select: count(*) | default_value: 0
        d_max | from: inputs/orders | where: amount > 10 | select: max(amount) + 1
    """)

    assert found == {"A": (3, 2, 2, 31), "B": (2, None, 0, None), "C": (None, None, 0, None)}


def test_common_where_filters_rows_once(shop: Shop) -> None:
    """A where that all vars of a source share gives the same result as filtering the rows."""
    variables = """
        n | from: inputs/orders | where: shop = 'web' | select: count(*)
        s | from: inputs/orders | where: shop = 'web' | select: sum(amount)
    """
    compiler = shop.plan(_vars(variables))
    query = render(step_query(compiler, "user/vars/inputs_orders"), DUCKDB)

    assert shop.profiles(variables) == {"A": (2, 30), "B": (None, None), "C": (None, None)}
    assert "FILTER" not in query.upper()
    assert query.count("shop = 'web'") == 1


def test_values_of_a_mode_are_counted_once(shop: Shop) -> None:
    """The MODE and the COUNT(DISTINCT) of one value come from the same counted values, with one scan of the source."""
    variables = """
        a_mode  | from: inputs/orders | select: mode(shop)
        b_count | from: inputs/orders | select: count(distinct shop)
        c_sum   | from: inputs/orders | select: sum(amount)
    """
    query = render(step_query(shop.plan(_vars(variables)), "user/vars/inputs_orders"), DUCKDB)

    assert shop.profiles(variables) == {"A": ("web", 2, 60), "B": ("app", 1, 5), "C": (None, None, None)}
    assert "MODE(" not in query
    assert "DISTINCT" not in query
    assert query.count("counts_") == 2


def test_counted_values_have_the_where_of_their_var(shop: Shop) -> None:
    """Values are counted among the rows that meet the where; without such a row the count is null, without a value 0."""
    found = shop.profiles("""
        a_mode  | from: inputs/orders | where: shop = 'app' | select: mode(amount)
        b_count | from: inputs/orders | where: shop = 'app' | select: count(distinct amount)
        c_mode  | from: inputs/orders | where: amount is null | select: mode(amount)
        d_count | from: inputs/orders | where: amount is null | select: count(distinct amount)
        e_count | from: inputs/orders | select: count(distinct amount)
        f_mode  | from: inputs/orders | select: mode(orders.amount)
    """)

    assert found == {
        "A": (30, 1, None, None, 3, 10),
        "B": (5, 1, None, 0, 1, 5),
        "C": (None, None, None, None, None, None),
    }


def test_where_with_or_is_one_condition(shop: Shop) -> None:
    """An OR in a where keeps its precedence next to other conditions."""
    found = shop.profiles("""
        a | from: inputs/orders | where: shop = 'web' or amount = 5 | select: count(amount)
        b | from: inputs/orders | where: shop = 'app' | select: max_by(amount, ts)
    """)

    assert found == {"A": (2, 30), "B": (1, 5), "C": (None, None)}


def test_default_replaces_a_null_aggregate(shop: Shop) -> None:
    """The default is a SQL expression; it replaces missing rows and null aggregates."""
    found = shop.profiles(
        "low | from: inputs/orders | where: shop = 'app' | select: sum(amount) | default_value: 0 - 1"
    )

    assert found == {"A": (30,), "B": (5,), "C": (-1,)}


def test_column_data_type_is_the_type_of_the_column(shop: Shop) -> None:
    """The stored type is the declared type, in the author's dialect."""
    found = shop.profiles("""
        a_text | from: inputs/orders | select: sum(amount) | column_data_type: varchar | default_value: 0
        b_number | from: inputs/orders | select: sum(amount) | column_data_type: "number(10,2)"
        c_float | select: "{{ user.b_number }} / 2" | column_data_type: float
    """)

    assert found["A"] == ("60", 60, 30.0)
    assert found["C"] == ("0", None, None)
    columns = shop.connection.execute('DESCRIBE "user_all_feature_view"').fetchall()
    assert [column[1] for column in columns] == ["VARCHAR", "VARCHAR", "DECIMAL(10,2)", "DOUBLE"]


# --- windows ---


@pytest.mark.parametrize(
    ("keys", "a", "b"),
    [
        ("select: last_value(amount) | window: {order_by: [ts]}", 30, None),
        ("select: first_value(amount) | window: {order_by: [ts]}", 10, 5),
        ("select: first_value(amount) | window: {order_by: [ts desc]}", 30, None),
        ("select: first_value(amount) | window: {order_by: [ts desc nulls last]}", 30, 5),
        ("select: first_value(amount ignore nulls) | window: {order_by: [ts desc]}", 30, 5),
        ("select: first_value(amount) | window: {order_by: [shop desc, ts desc]}", 20, None),
        ("select: first_value(amount) | window: {order_by: [ts]} | where: shop = 'app'", 30, 5),
        ("select: row_number() | window: {order_by: [ts]}", 3, 2),
        ("select: sum(amount) | window: {order_by: [ts]}", 60, 5),
        (
            "select: sum(amount) | window: {order_by: [ts], frame_clause: ROWS BETWEEN 1 PRECEDING AND CURRENT ROW}",
            50,
            5,
        ),
    ],
)
def test_window_var(keys: str, a: int, b: int | None, shop: Shop) -> None:
    """A window covers the rows of one profile; null times come last ascending and first descending."""
    assert shop.profiles(f"v | from: inputs/orders | {keys}") == {"A": (a,), "B": (b,), "C": (None,)}


def test_window_beside_other_vars(shop: Shop) -> None:
    """Windows with and without where, and aggregates, come from one scan."""
    found = shop.profiles("""
        a | from: inputs/orders | select: count(*)
        b | from: inputs/orders | select: first_value(amount) | window: {order_by: [ts]}
        c | from: inputs/orders | select: first_value(amount) | window: {order_by: [ts]} | where: shop = 'app'
        d | from: inputs/orders | select: first_value(shop) | window: {order_by: [ts]} | where: amount > 90
    """)

    assert found == {"A": (3, 10, 30, None), "B": (2, 5, 5, None), "C": (None, None, None, None)}


def test_windows_that_share_a_where(shop: Shop) -> None:
    """A where that all windows share filters rows before the window."""
    found = shop.profiles("""
        a | from: inputs/orders | select: row_number() | window: {order_by: [ts]} | where: shop = 'web'
        b | from: inputs/orders | select: last_value(amount) | window: {order_by: [ts]} | where: shop = 'web'
    """)

    assert found == {"A": (2, 20), "B": (None, None), "C": (None, None)}


def test_window_over_profiles(shop: Shop) -> None:
    """A derived var with a window covers all profiles."""
    found = shop.profiles("""
        amount | from: inputs/orders | select: sum(amount)
        place | select: rank() | window: {order_by: ["{{ user.amount }} desc nulls last"]}
        share | select: ratio_to_report({{ user.amount }}) | window: {partition_by: ["{{ user.amount }} is null"]}
    """)

    assert found == {"A": (60, 1, 60 / 65), "B": (5, 2, 5 / 65), "C": (None, 3, None)}


def test_window_wants_one_function(shop: Shop) -> None:
    """An expression around a window function cannot have a window, and is rejected with its location."""
    variables = "v | from: inputs/orders | select: amount + 1 | window: {order_by: [ts]}"

    with pytest.raises(ProjectError) as caught:
        shop.profiles(variables)

    (finding,) = caught.value.findings
    assert finding.message == "select of a var with a window must be a single function"
    assert finding.where == Location("models/profiles.yaml", 8, 19)


# --- vars that use vars ---


def test_where_that_uses_another_var(shop: Shop) -> None:
    """A where may compare rows with a value of their profile: a second scan, after the first."""
    found = shop.profiles("""
        first_ts | from: inputs/orders | select: min(ts)
        later | from: inputs/orders | where: "ts > {{ user.first_ts }}" | select: sum(amount) | default_value: 0
        share | select: "div0({{ user.later }}, 100)"
    """)

    assert found == {
        "A": (_time("2026-01-01 10:00:00"), 50, 0.5),
        "B": (_time("2026-01-04 10:00:00"), 0, 0),
        "C": (None, 0, 0),
    }


def test_window_whose_order_uses_another_var(shop: Shop) -> None:
    """The order and the where of a window may use other vars."""
    found = shop.profiles(
        """
        most | from: inputs/orders | select: max(amount)
        near | from: inputs/orders | where: "amount < {{ user.most }}" | select: first_value(amount)
    """.replace("first_value(amount)", 'first_value(amount) | window: {order_by: ["{{ user.most }} - amount"]}')
    )

    assert found == {"A": (30, 20), "B": (5, None), "C": (None, None)}


def test_derived_vars_in_layers(shop: Shop) -> None:
    """Derived vars may use derived vars; their where leaves nulls, which defaults replace."""
    found = shop.profiles("""
        a_sum | from: inputs/orders | select: sum(amount)
        b_half | select: "{{ user.a_sum }} / 2"
        c_big | select: "{{ user.b_half }}" | where: "{{ user.b_half }} > 10"
        d_text | select: "iff({{ user.c_big }} is null, 'small', 'big')"
        e_default | select: "{{ user.c_big }}" | default_value: "{{ user.a_sum }}"
    """)

    assert found == {
        "A": (60, 30.0, 30.0, "big", 30.0),
        "B": (5, 2.5, None, "small", 5.0),
        "C": (None, None, None, "small", None),
    }


def test_helper_is_used_and_not_shown(shop: Shop) -> None:
    """A var that is not a feature is used by others and is not a column of the view."""
    found = shop.profiles("""
        helper | from: inputs/orders | select: count(*) | is_feature: false
        twice | select: "{{ user.helper }} * 2"
    """)

    assert found == {"A": (6,), "B": (4,), "C": (None,)}


# --- views ---


def test_view_by_id_has_a_row_for_each_id(shop: Shop) -> None:
    """A view by id type has one row per id of that type, with the features of its profile."""
    shop.build(shop.plan(_vars("n | from: inputs/orders | select: count(*)")))

    query = exp.select("*").from_(_material("user/all/feature_view/using_email")).order_by("email")

    assert shop.run(query) == [("a@x", 3), ("b@x", 2), ("c@x", None)]


def test_sql_models_are_inlined(shop: Shop) -> None:
    """An ephemeral SQL model is a CTE of its reader, and its references are tables; a leading comma is allowed."""
    model = """
    models:
      - name: web_orders
        model_type: sql_template
        model_spec:
          materialization: {output_type: ephemeral}
          ids: [{select: user_id, type: user_id, entity: user}]
          single_sql: |
            , web AS (SELECT * FROM {{ this.DeRef('inputs/orders') }} WHERE shop = 'web')
            SELECT * FROM web
    """
    shop.build(shop.plan(dedent(model) + _vars("n | from: models/web_orders | select: count(*)")))

    query = exp.select("user_main_id", "n").from_(_material("user/all/feature_view")).order_by("user_main_id")

    assert shop.run(query) == [("A", 1), ("B", None), ("C", None)]


# --- inputs ---


@pytest.mark.parametrize(
    ("end", "begin", "amounts"),
    [
        ("2026-10-31", "", [None, 5, 10, 20, 30, 99]),
        ("2026-01-02 10:00:00", "", [None, 10, 20]),
        ("2026-01-02 09:59:59.999999", "", [None, 10]),
        ("2026-01-04", "2026-01-02 10:00:00", [None, 20, 30]),
        ("2025-01-01", "", [None]),
    ],
)
def test_input_is_cut_at_the_times_of_the_run(end: str, begin: str, amounts: list[int | None], shop: Shop) -> None:
    """Rows from the begin time to the end time are read, both included; rows without a time are always read."""
    query = step_query(shop.plan(end=end, begin=begin), "inputs/orders")

    assert [row[2] for row in sorted(shop.run(query), key=lambda row: row[2] or 0)] == amounts


def test_input_without_a_time_column_is_not_cut(shop: Shop) -> None:
    """Without a time column all rows are read, whatever the times."""
    inputs = _ORDERS.replace("      occurred_at_col: ts\n", "")

    assert len(shop.run(step_query(shop.plan(inputs=inputs, end="2020-01-01"), "inputs/orders"))) == 6


def test_filter_of_an_input(shop: Shop) -> None:
    """The author's where is combined with the time bound, also when it is an OR."""
    inputs = _ORDERS + "    where: shop = 'web' or amount = 30\n"
    query = step_query(shop.plan(inputs=inputs, end="2026-01-02 10:00:00"), "inputs/orders")

    assert sorted(row[2] for row in shop.run(query)) == [10, 20]


def test_csv_input_is_read_from_its_view(shop: Shop) -> None:
    """A CSV file is read by the name of the engine's view."""
    (shop.folder / "people.csv").write_text("email,age\na@x,30\nb@x,40\n")
    view, path = csv_view("people"), shop.folder / "people.csv"
    shop.connection.execute(f"CREATE TEMP VIEW \"{view}\" AS SELECT * FROM read_csv('{path}')")
    inputs = """
    inputs:
      - name: people
        app_defaults:
          csv: people.csv
          ids:
            - {select: email, type: email, entity: user}
    """

    assert shop.profiles("age | from: inputs/people | select: max(age)", inputs=inputs) == {
        "A": (30,),
        "B": (40,),
        "C": (None,),
    }


# --- id filters ---


@pytest.fixture
def ids_kept(shop: Shop) -> Callable[[str], list[str]]:
    """The user ids of the orders that remain after a list of filters."""

    def kept(filters: str) -> list[str]:
        shop.connection.execute(
            "CREATE OR REPLACE TABLE orders AS SELECT * FROM (VALUES "
            "('u1'), ('u2'), ('U2'), ('xu2'), ('test'), (''), (NULL)) v(user_id)"
        )
        shop.connection.execute("CREATE OR REPLACE TABLE staff AS SELECT * FROM (VALUES ('U1'), (NULL)) v(staff_id)")
        inputs = """
        inputs:
          - name: orders
            app_defaults: {table: orders, ids: [{select: user_id, type: user_id, entity: user}]}
          - name: staff
            app_defaults: {table: staff}
        """
        compiler = shop.plan(inputs=inputs, filters=filters)
        step = compiler.plan.steps["models/user_default_id_stitcher"]
        assert isinstance(step, IdStitcher)
        used = relations(compiler)
        rows = used.complete(source_query(step, 0, used)).subquery("rows")
        ids = exp.select(exp.column("id_1").as_("id"), exp.Literal.string("user_id").as_("id_type"))
        number = (exp.Window(this=exp.RowNumber()) - exp.Literal.number(1)).as_("node")
        blank = exp.column("id").neq(exp.Literal.string(""))
        numbered = exp.select("*", number).from_(ids.distinct().from_(rows).subquery("ids")).where(blank)
        shop.run(create_table(exp.to_table(NODES), numbered, temporary=True))
        used = relations(compiler)
        refused = used.complete(excluded_query(step, used))
        shop.run(create_table(exp.to_table("refused"), refused, temporary=True))
        live = exp.select("id").from_(NODES)
        gone = exp.select("node").from_("refused").where(exp.not_(exp.column("place").is_(exp.null())))
        return [row[0] for row in shop.run(live.where(exp.column("node").isin(query=gone).not_()).order_by("id"))]

    return kept


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ("[]", ["U2", "test", "u1", "u2", "xu2"]),
        ("[{type: exclude, value: test}]", ["U2", "u1", "u2", "xu2"]),
        ("[{type: include, value: u1}]", ["u1"]),
        ("[{type: exclude, regex: 'u[0-9]'}]", ["U2", "test", "xu2"]),
        ("[{type: include, regex: '[uU][0-9]'}]", ["U2", "u1", "u2"]),
        ("[{type: include, regex: 'u.*'}, {type: exclude, value: u2}]", ["u1"]),
        ("[{type: exclude, sql: {select: lower(staff_id), from: inputs/staff}}]", ["U2", "test", "u2", "xu2"]),
        ("[{type: include, sql: {select: lower(staff_id), from: inputs/staff}}]", ["u1"]),
    ],
)
def test_ids_are_filtered(filters: str, kept: list[str], ids_kept: Callable[[str], list[str]]) -> None:
    """Filters are applied in order; a regex must match the whole id."""
    assert ids_kept(filters) == kept
