"""Columns of a source that are of another type than SQL of the project asks for: a run converts as Snowflake does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.conftest import END

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_stitcher: models/graph, id_types: [user_id, device]}]
    id_types: [{name: user_id}, {name: device}]
"""
MODELS = """
    inputs:
      - name: events
        app_defaults:
          table: raw.main.events
          occurred_at_col: ts
          ids:
            - {select: "USER_ID", type: user_id, entity: user}
            - {select: device, type: device, entity: user}
      - name: web
        app_defaults:
          table: raw.main.web
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: device, type: device, entity: user}
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/events}, {from: inputs/web}]}
    var_groups:
      - name: vars
        entity_key: user
        vars:
"""
WEB = "CREATE TABLE web AS SELECT '101' AS user_id, 'b1' AS device"


def made(tiny: MakeTiny, events: str, user_id: str = "user_id", **variables: str) -> Tiny:
    listed = "".join(
        f'          - entity_var: {{name: {name}, select: "{select}", from: inputs/events}}\n'
        for name, select in (variables or {"n": "COUNT(*)"}).items()
    )
    models = MODELS.replace("USER_ID", user_id) + listed
    return tiny(f"CREATE TABLE events AS {events}; {WEB}", {"pb_project.yaml": PROJECT, "models/models.yaml": models})


def features(shop: Tiny, *names: str) -> list[tuple[Any, ...]]:
    shop.run()
    return shop.rows(f"SELECT {', '.join(names)} FROM user_feature_view WHERE {names[0]} IS NOT NULL")


def _time(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC).replace(tzinfo=None)  # type: ignore[misc,arg-type]


ONE = "SELECT 'u1' AS user_id, 'd1' AS device, TIMESTAMP '2026-01-01' AS ts, '01/05/2026' AS v"


@pytest.mark.parametrize(
    ("column", "user_id"),
    [
        ("101.0::DOUBLE", "user_id"),
        ("101::BIGINT", "TRIM(user_id)"),
        ("101::DECIMAL(10, 0)", "user_id"),
        ("101.0::DOUBLE", "LOWER(user_id)"),
        ("101.0::DOUBLE", "COALESCE(user_id, 0)"),
        ("101.0::FLOAT", "user_id::string"),
    ],
)
def test_an_id_of_a_column_of_numbers_is_the_number(tiny: MakeTiny, column: str, user_id: str) -> None:
    """A number is the same id as the text of it, in the graph and where features are joined to it."""
    rows = f"SELECT {column} AS user_id, 'a1' AS device, TIMESTAMP '2026-01-01' AS ts UNION ALL SELECT NULL, 'a2', NULL"
    shop = made(tiny, rows, user_id, n="COUNT(*)")
    shop.run()

    ids = shop.rows("SELECT other_id_type || ':' || other_id FROM GRAPH WHERE user_main_id IN "
                    "(SELECT user_main_id FROM GRAPH WHERE other_id = 'b1') ORDER BY 1")  # fmt: skip
    assert ids == [("device:a1",), ("device:b1",), ("user_id:101",)]
    assert shop.rows("SELECT n FROM user_feature_view ORDER BY n NULLS FIRST")[-1] == (1,)


@pytest.mark.parametrize(
    ("select", "value"),
    [
        ("SUM(amount)", 12.5),
        ("MAX(TRY_TO_DATE(day))", dt.date(2026, 1, 5)),
        ("MAX(day::date)", dt.date(2026, 1, 5)),
        ("MAX(day::varchar(2))", "01"),
        ("COUNT_IF(amount > 6)", 1),
        ("MIN(DATEDIFF(day, day, '2026-01-31'))", 26),
        ("LISTAGG(score, ',')", "7,8.5"),
        ("SUM(COALESCE(amount, 0))", 12.5),
    ],
)
def test_a_feature_converts_its_columns(tiny: MakeTiny, select: str, value: Any) -> None:
    """Texts become numbers and dates, numbers become texts, where a feature asks for that."""
    rows = (
        "SELECT 'u1' AS user_id, 'd1' AS device, TIMESTAMP '2026-01-01' AS ts, '5' AS amount, '01/05/2026' AS day, "
        "7.0::DOUBLE AS score UNION ALL SELECT 'u1', 'd1', TIMESTAMP '2026-01-02', '7.5', '01/04/2026', 8.5"
    )
    [(given,)] = features(made(tiny, rows, x=select), "x")
    assert given == value


def test_times_that_are_texts(tiny: MakeTiny) -> None:
    """The time of a row may be a text: month first, ISO, with an offset as a moment in UTC; rows after the end are out."""
    rows = (
        "SELECT 'u' || i AS user_id, 'd' || i AS device, ts FROM (VALUES (1, '01/12/2026'), (2, '02/03/2026'), "
        "(3, '2026-03-01T00:30:00+02:00'), (4, '2026-12-01'), (5, NULL), (6, '2026-01-31 10:00:00.000 Z')) v(i, ts)"
    )
    shop = made(tiny, rows)
    shop.run()

    seen = shop.rows("SELECT other_id, first_seen_at FROM GRAPH WHERE other_id LIKE 'u%' ORDER BY 1")
    assert seen == [
        ("u1", _time(2026, 1, 12)),
        ("u2", _time(2026, 2, 3)),
        ("u3", _time(2026, 2, 28, 22, 30)),
        ("u5", None),
        ("u6", _time(2026, 1, 31, 10)),
    ]


def test_a_time_that_cannot_be_read_stops_the_run(tiny: MakeTiny) -> None:
    """A text that is no time is an error that names it and what to do; nothing is published."""
    shop = made(tiny, "SELECT 'u1' AS user_id, 'd1' AS device, 'soon' AS ts")
    with pytest.raises(onefold.OnefoldError) as failed:
        shop.run()
    [finding] = failed.value.findings
    assert 'column "ts": the text "soon" cannot be read as a timestamp' in finding.message
    assert "TRY_TO_TIMESTAMP(ts)" in str(finding.hint)


def test_a_later_run_sees_new_rows_whose_time_is_a_text(tiny: MakeTiny) -> None:
    """The window of a later run is compared with texts as the first one's was."""
    shop = made(
        tiny, "SELECT 'u1' AS user_id, 'd1' AS device, '01/12/2026' AS ts UNION ALL SELECT 'u2', 'd2', '11/12/2026'"
    )
    shop.run()
    before = shop.rows("SELECT other_id FROM GRAPH WHERE other_id LIKE 'u%' ORDER BY 1")
    shop.run(end_time="2026-12-01")
    after = shop.rows("SELECT other_id FROM GRAPH WHERE other_id LIKE 'u%' ORDER BY 1")
    assert (before, after) == ([("u1",)], [("u1",), ("u2",)])


def test_the_files_hold_what_ran(tiny: MakeTiny) -> None:
    """The SQL under output/ has the conversions in it, and runs as it is."""
    shop = made(tiny, ONE, x="MAX(v::date)")
    result = shop.run()
    [file] = (result.sql_folder / "compile").glob("*vars_inputs_events.sql")
    with duckdb.connect(str(shop.folder / "output" / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"ATTACH '{shop.folder / 'raw.duckdb'}' AS raw (READ_ONLY)")
        rows = connection.execute(file.read_text()).fetchall()
    assert dt.date(2026, 1, 5) in rows[0]


def test_statements_know_the_tables_that_earlier_ones_made(tiny: MakeTiny) -> None:
    """A statement of a script converts columns of a table that the statement before it made."""
    shop = made(tiny, "SELECT 'u1' AS user_id, 'd1' AS device, TIMESTAMP '2026-01-01' AS ts, '5' AS amount")
    models = shop.folder / "models" / "models.yaml"
    models.write_text(
        models.read_text().replace(
            "models:\n  - name: graph",
            "models:\n"
            "  - name: totals\n"
            "    model_type: sql_template\n"
            "    model_spec:\n"
            "      multi_sql: |\n"
            "        CREATE TEMP TABLE kept AS SELECT user_id, amount FROM {{this.DeRef('inputs/events')}};\n"
            "        CREATE TABLE {{this}} AS SELECT user_id, SUM(amount) AS total FROM kept GROUP BY 1\n"
            "  - name: graph",
        )
    )
    shop.run()
    assert shop.rows("SELECT total FROM totals") == [(5.0,)]


def test_a_contract_lets_compile_convert_without_data(tiny: MakeTiny) -> None:
    """The types of a contract are enough for `pb compile` to write the SQL that a run would run."""
    shop = made(tiny, ONE, x="MAX(v::date)")
    models = shop.folder / "models" / "models.yaml"
    contract = "contract: {with_columns: [{name: v, type: varchar}]}\n"
    models.write_text(models.read_text().replace("app_defaults:", f"{contract}    app_defaults:", 1))

    compiled = onefold.load(shop.folder).compile(end_time=END)
    [written] = compiled.folder.glob("*vars_inputs_events.sql")
    [ran] = (shop.run().sql_folder / "compile").glob("*vars_inputs_events.sql")
    assert "TRY_STRPTIME" in written.read_text()
    assert [line for line in written.read_text().splitlines() if "Material_" not in line] == [
        line for line in ran.read_text().splitlines() if "Material_" not in line
    ]
