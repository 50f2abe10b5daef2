"""Run cases of the corpus as a project's SQL is run. In: cases. Out: what DuckDB gives for each."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

import duckdb
from sqlglot import exp
from tests.conformance.cases import Area, Case, Error, Json, Rows, areas, split_arguments

from onefold.engines.base import ColumnType, DatabaseObject, EngineError
from onefold.engines.duckdb_types import column_type
from onefold.errors import Location, ProjectError
from onefold.run.known_types import EngineTypes
from onefold.sql.author import parse_query
from onefold.sql.coercion import coerced
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


LITERALS, COLUMNS = "literals", "columns"
Run = tuple[int, str]
"""A run of a case: the line of the case, and ``LITERALS`` or ``COLUMNS``."""

_TOGETHER = 40
"""Cases whose values one query asks for."""

_PLAIN = ("STRUCT", "MAP", "UNION", "JSON", "VARIANT")


@dataclass(frozen=True)
class Given:
    """What a case gave.

    Attributes:
        rows: Rows, or None if there was an error.
        names: Names of the columns.
        refused: The message where onefold refuses it.
        failed: The message where the engine does.
    """

    rows: list[tuple[Any, ...]] | None = None
    names: tuple[str, ...] = ()
    refused: str | None = None
    failed: str | None = None

    def __str__(self) -> str:
        if self.rows is not None:
            return repr(self.rows)
        return f"refused: {self.refused}" if self.refused else f"failed: {self.failed}"


class _Described:
    """The part of an engine that is asked for types. Answers are kept; those about tables, for as long as these are."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._described: dict[str, dict[str, ColumnType]] = {}
        self._objects: dict[str, list[DatabaseObject]] = {}

    def tables_changed(self) -> None:
        self._described = {sql: found for sql, found in self._described.items() if " FROM " not in sql}
        self._objects = {}

    def describe(self, sql: str) -> dict[str, ColumnType]:
        if sql not in self._described:
            try:
                found = self._connection.execute(f"DESCRIBE {sql}").fetchall()
            except duckdb.Error as error:
                raise EngineError("other", str(error), sql) from error
            self._described[sql] = {name: column_type(kind) for name, kind, *_ in found}
        return self._described[sql]

    def objects(self, name: str | None = None) -> list[DatabaseObject]:
        key = (name or "").lower()
        if key not in self._objects:
            sql = "SELECT table_name FROM information_schema.tables WHERE lower(table_name) = lower(?)"
            found = self._connection.execute(sql, [key]).fetchall()
            self._objects[key] = [DatabaseObject("", "", table, "table", "output") for (table,) in found]
        return self._objects[key]


class Engine:
    """One DuckDB for the cases of a dialect, set up as a run sets it up.

    Each run of a case is compiled by itself. Many values are then asked for by one query, as its columns; those that
    cannot be are asked for by smaller ones, down to one query each.
    """

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._connection = duckdb.connect()
        for statement in (*DUCKDB.session, "SET threads = 1"):
            self._connection.execute(statement)
        self._described = _Described(self._connection)
        self._types = EngineTypes(self._described, DUCKDB)
        self._given: dict[str, dict[Run, Given]] = {}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def given(self, case: Case) -> Mapping[str, Given]:
        """What each run of a case gave; one without arguments has one run. The cases of its area are run with it."""
        if case.area not in self._given:
            self._given[case.area] = self._area(areas(self.dialect)[case.area])
        return {run: self._given[case.area][case.line, run] for run in _runs(case)}

    def _area(self, area: Area) -> dict[Run, Given]:
        for statement in area.tables:
            self._connection.execute(statement.replace("CREATE TABLE", "CREATE OR REPLACE TABLE", 1))
        self._described.tables_changed()
        given: dict[Run, Given] = {}
        for first in range(0, len(area.cases), _TOGETHER):
            cases = area.cases[first : first + _TOGETHER]
            given |= self._literals(cases)
            given |= self._columns([case for case in cases if COLUMNS in _runs(case)])
        return given

    def _literals(self, cases: Sequence[Case]) -> dict[Run, Given]:
        return self._run({(case.line, LITERALS): (case, _statement(case)) for case in cases})

    def _columns(self, cases: Sequence[Case]) -> dict[Run, Given]:
        if not cases:
            return {}
        table = f"main.{cases[0].area}_{cases[0].line}_{len(cases)}"
        try:
            self._make_arguments(table, cases)
        except (ProjectError, duckdb.Error) as error:
            if len(cases) == 1:
                return {(cases[0].line, COLUMNS): _error(error)}
            half = len(cases) // 2
            return self._columns(cases[:half]) | self._columns(cases[half:])
        return self._run({(case.line, COLUMNS): (case, _statement(case, table)) for case in cases})

    def _make_arguments(self, table: str, cases: Sequence[Case]) -> None:
        """A table of one row, one column per argument, of the type that it has in a data file."""
        columns: list[exp.Expr] = []
        for case in cases:
            named = zip(split_arguments(case.sql)[1], _names(case), strict=True)
            query = self._compiled("SELECT " + ", ".join(f"{value} AS {name}" for value, name in named))
            assert _is_one_row(query), case.sql
            columns += query.selects
        made = _sql(exp.select(*columns))
        described = self._connection.execute(f"DESCRIBE {made}").fetchall()
        cast = ", ".join(f"CAST({name} AS {_column_type(kind)}) AS {name}" for name, kind, *_ in described)
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {cast} FROM ({made})")

    def _run(self, statements: Mapping[Run, tuple[Case, str]]) -> dict[Run, Given]:
        """What statements give, those of the same table."""
        given: dict[Run, Given] = {}
        values: dict[Run, exp.Select] = {}
        for run, (case, sql) in statements.items():
            try:
                query = self._compiled(sql)
            except ProjectError as error:
                given[run] = _error(error)
                continue
            if _is_one_row(query) and not case.is_statement and case.note is None and not _wants_error(case):
                values[run] = query
            else:
                given[run] = self._alone(query)
        return given | self._together(values)

    def _compiled(self, sql: str) -> exp.Query:
        query = parse_query(sql, self.dialect, DUCKDB, Location("corpus.sql", 1, 1))
        return coerced(query, self.dialect, self._types.inference())

    def _together(self, queries: Mapping[Run, exp.Select]) -> dict[Run, Given]:
        """What queries of one value give, read by one query, or by smaller ones if that fails."""
        if len(queries) < 2:
            return {run: self._alone(query) for run, query in queries.items()}
        columns = [exp.alias_(query.selects[0].unalias(), f"c{n}") for n, query in enumerate(queries.values())]
        whole = next(iter(queries.values())).copy()
        whole.set("expressions", columns)
        given = self._alone(whole)
        if given.rows is not None and len(given.rows) == 1:
            return {run: Given([(value,)], ("answer",)) for run, value in zip(queries, given.rows[0], strict=True)}
        runs, half = list(queries.items()), len(queries) // 2
        return self._together(dict(runs[:half])) | self._together(dict(runs[half:]))

    def _alone(self, query: exp.Query) -> Given:
        try:
            return self._rows(_sql(query))
        except duckdb.Error as error:
            return _error(error)

    def _rows(self, sql: str) -> Given:
        relation = self._connection.sql(sql)
        kinds = [str(kind) for kind in relation.types]
        nested = [kind.endswith("]") or kind.startswith(_PLAIN) for kind in kinds]
        fetched = relation
        if any(nested):
            names = [f"c{number}" for number in range(len(kinds))]
            shown = [
                f"TO_JSON({n})::VARCHAR AS {n}" if is_nested else n for n, is_nested in zip(names, nested, strict=True)
            ]
            fetched = self._connection.sql(f"SELECT {', '.join(shown)} FROM ({sql}) AS given({', '.join(names)})")
        rows = [
            tuple(
                Json(json.loads(value, parse_float=Decimal)) if is_nested and value is not None else value
                for value, is_nested in zip(row, nested, strict=True)
            )
            for row in fetched.fetchall()
        ]
        return Given(rows, tuple(relation.columns))


def _runs(case: Case) -> tuple[str, ...]:
    has_arguments = not case.is_statement and bool(split_arguments(case.sql)[1])
    return (LITERALS, COLUMNS) if has_arguments else (LITERALS,)


def _names(case: Case) -> list[str]:
    """Names of the columns of its arguments."""
    return [f"a{case.line}_{number}" for number in range(1, len(split_arguments(case.sql)[1]) + 1)]


def _statement(case: Case, table: str | None = None) -> str:
    """The query of a case, its arguments as they stand or, from a table, as columns."""
    if case.is_statement:
        return case.sql
    around, arguments = split_arguments(case.sql)
    values = zip(_names(case) if table else arguments, around[1:], strict=True)
    filled = around[0] + "".join(value + text for value, text in values)
    return f"SELECT {filled} AS answer" + (f" FROM {table}" if table else "")


def _sql(query: exp.Query) -> str:
    return render(query, DUCKDB, pretty=False)


def _error(error: Exception) -> Given:
    if isinstance(error, ProjectError):
        return Given(refused=str(error))
    return Given(failed=f"{type(error).__name__}: {error}")


def _is_one_row(query: exp.Query) -> TypeGuard[exp.Select]:
    """Whether it is a SELECT of nothing or of a table, without any other clause."""
    return isinstance(query, exp.Select) and {key for key, part in query.args.items() if part} <= {
        "expressions",
        "from_",
    }


def _wants_error(case: Case) -> bool:
    return isinstance(case.answer, Error)


def _column_type(kind: str) -> str:
    if kind in {"INTEGER", "TINYINT", "SMALLINT"}:
        return "BIGINT"
    return "VARCHAR" if kind == '"NULL"' else kind


def holds(case: Case, given: Given) -> bool:
    """Whether a case gave its answer."""
    answer = case.answer
    if isinstance(answer, Error):
        return given.rows is None and "InternalException" not in (given.failed or "")
    if given.rows is None:
        return False
    if not isinstance(answer, Rows):
        return len(given.rows) == 1 and len(given.rows[0]) == 1 and same(answer, given.rows[0][0])
    if answer.names is not None and [n.lower() for n in answer.names] != [n.lower() for n in given.names]:
        return False
    return len(answer.rows) == len(given.rows) and all(
        len(wanted) == len(found) and all(map(same, wanted, found))
        for wanted, found in zip(answer.rows, given.rows, strict=True)
    )


def same(answer: Any, value: Any) -> bool:
    """Whether a value is the answer, of its type too."""
    if isinstance(value, Json) and isinstance(answer, bool | Decimal):
        return same(answer, value.value)
    if answer is None or isinstance(answer, bool) or isinstance(value, bool):
        return answer is value
    if isinstance(answer, Decimal | float):
        return _same_number(answer, value)
    if isinstance(answer, Json):
        return isinstance(value, Json) and _same_json(answer.value, value.value)
    return type(answer) is type(value) and bool(answer == value) and _zone(answer) == _zone(value)


def _same_number(answer: Decimal | float, value: Any) -> bool:
    if not isinstance(value, int | float | Decimal):
        return False
    if math.isnan(answer) or math.isnan(value):
        return math.isnan(answer) and math.isnan(value)
    return answer == value or (not isinstance(value, int) and math.isclose(float(answer), float(value), rel_tol=1e-9))


def _same_json(answer: Any, value: Any) -> bool:
    if isinstance(answer, list) and isinstance(value, list):
        return len(answer) == len(value) and all(map(_same_json, answer, value))
    if isinstance(answer, dict) and isinstance(value, dict):
        return answer.keys() == value.keys() and all(_same_json(answer[key], value[key]) for key in answer)
    if isinstance(answer, int | Decimal) and not isinstance(answer, bool):
        return not isinstance(value, bool) and _same_number(Decimal(answer), value)
    return type(answer) is type(value) and bool(answer == value)


def _zone(value: Any) -> bool:
    return isinstance(value, dt.datetime) and value.tzinfo is not None
