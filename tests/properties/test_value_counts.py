"""Values counted once give what MODE and COUNT(DISTINCT) give where every row is looked at, on random rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.plan.names import names_of
from onefold.project.load import load_project
from onefold.sql.compile import step_query
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.sql.relations import Compiler, GraphViews

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities: [{name: user, id_types: [user_id]}]
id_types: [{name: user_id}]
"""
_INPUTS = """
inputs:
  - name: orders
    app_defaults: {table: orders, ids: [{select: user_id, type: user_id, entity: user}]}
var_groups:
  - name: g
    entity_key: user
    vars:
"""
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3", "u9", None]),
        st.sampled_from(["a", "b", "B", "\u00fc", "", " a", None]),
        st.one_of(st.none(), st.integers(-2, 2)),
        st.sampled_from([0.0, 0.5, -1.0, None]),
    ),
    max_size=25,
)
_WHERES = ["", "k > 0", "k is null", "s is not null or k = 1"]
_AGGREGATES = {
    "mode(s)": "MODE(s ORDER BY s)",
    "mode(k)": "MODE(k ORDER BY k)",
    "mode(f)": "MODE(f ORDER BY f)",
    "mode(k % 2)": "MODE(k % 2 ORDER BY k % 2)",
    "count(distinct s)": "COUNT(DISTINCT s)",
    "count(distinct k)": "COUNT(DISTINCT k)",
    "count(distinct k % 2)": "COUNT(DISTINCT k % 2)",
    "count(distinct s, k)": "COUNT(DISTINCT (s, k)) FILTER (WHERE s IS NOT NULL AND k IS NOT NULL)",
    "sum(k)": "SUM(k)",
    "count(*)": "COUNT(*)",
}
_VARS = st.lists(st.tuples(st.sampled_from(sorted(_AGGREGATES)), st.sampled_from(_WHERES)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with three profiles, and a table for the rows."""
    with duckdb.connect() as made:
        for statement in DUCKDB.session:
            made.execute(statement)
        made.execute(
            "CREATE TABLE graph AS SELECT * FROM (VALUES ('u1', 'user_id', 0), ('u2', 'user_id', 1), "
            "('u3', 'user_id', 1)) v(other_id, other_id_type, __profile)"
        )
        made.execute("CREATE TABLE orders (user_id TEXT, s TEXT, k INTEGER, f DOUBLE)")
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for projects."""
    made = tmp_path_factory.mktemp("shop")
    (made / "models").mkdir()
    (made / "pb_project.yaml").write_text(_PROJECT)
    return made


@given(rows=_ROWS, variables=_VARS)
def test_same_as_looking_at_every_row(
    rows: list[tuple[Any, ...]],
    variables: list[tuple[str, str]],
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Any vars of a source, with any conditions, are what the plain aggregates are."""
    connection.execute("TRUNCATE orders")
    if rows:
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)

    found = connection.execute(_query(folder, variables)).fetchall()

    assert sorted(found) == sorted(connection.execute(_plain(variables)).fetchall())


def _query(folder: Path, variables: Sequence[tuple[str, str]]) -> str:
    """The query of the product."""
    lines = []
    for number, (aggregate, where) in enumerate(variables):
        lines.append(f"- entity_var: {{name: v{number}, from: inputs/orders, select: '{aggregate}'")
        lines[-1] += f", where: '{where}'}}" if where else "}"
    (folder / "models" / "all.yaml").write_text(_INPUTS + "".join(f"      {line}\n" for line in lines))
    project = load_project(folder)
    plan = build_plan(project, RunTimes(datetime(2026, 10, 31, tzinfo=UTC)), "profiles")
    graph = exp.to_table("graph")
    compiler = Compiler(
        plan, names_of(project), DUCKDB, material=lambda _: graph, graph=lambda _: GraphViews(graph, graph, graph)
    )
    return render(step_query(compiler, "user/vars/inputs_orders"), DUCKDB)


def _plain(variables: Sequence[tuple[str, str]]) -> str:
    """One aggregate per var; profiles have no row where no var has a row."""
    conditions = {where for _, where in variables}
    kept = "WHERE " + conditions.pop() if len(conditions) == 1 and variables[0][1] else ""
    columns = [
        f"CASE WHEN COUNT(*) FILTER (WHERE {where or 'true'}) > 0 THEN {_filtered(_AGGREGATES[aggregate], where)} END"
        for aggregate, where in variables
    ]
    joined = "orders JOIN graph ON other_id = user_id"
    return f"SELECT __profile, {', '.join(columns)} FROM {joined} {kept} GROUP BY __profile"


def _filtered(aggregate: str, where: str) -> str:
    if "FILTER" in aggregate:
        return aggregate.replace("WHERE ", f"WHERE ({where or 'true'}) AND ")
    return f"{aggregate} FILTER (WHERE {where or 'true'})"
