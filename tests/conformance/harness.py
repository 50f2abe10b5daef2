"""Run cases of the corpus as a project's SQL is run. In: cases. Out: what DuckDB gives for each."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
from tests.conformance.cases import Case, Error, Json, Rows, areas, split_arguments

from onefold.engines.base import EngineError
from onefold.errors import Location, ProjectError
from onefold.run.known_types import EngineTypes
from onefold.sql.author import parse_query
from onefold.sql.coercion import coerced
from onefold.sql.dialect import DUCKDB, to_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

LITERALS, COLUMNS = "literals", "columns"

_ARGUMENTS = "arguments"
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
    """The part of an engine that is asked for types."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def describe(self, sql: str) -> dict[str, str]:
        try:
            return {name: kind for name, kind, *_ in self._connection.execute(f"DESCRIBE {sql}").fetchall()}
        except duckdb.Error as error:
            raise EngineError("other", str(error), sql) from error

    def fetch(self, sql: str) -> pa.Table:
        return self._connection.sql(sql).to_arrow_table()


class Engine:
    """One DuckDB for the cases of a dialect, set up as a run sets it up."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._connection = duckdb.connect()
        for statement in DUCKDB.session:
            self._connection.execute(statement)
        self._area: str | None = None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def run(self, case: Case, run: str) -> Given:
        """What a case gives, its arguments as literals or as columns."""
        self._make_tables(case.area)
        try:
            sql = self._statement(case, run)
            return self._rows(self._compiled(sql))
        except ProjectError as error:
            return Given(refused=str(error))
        except duckdb.Error as error:
            return Given(failed=f"{type(error).__name__}: {error}")

    def _make_tables(self, area: str) -> None:
        if area != self._area:
            for statement in areas(self.dialect)[area].tables:
                self._connection.execute(statement.replace("CREATE TABLE", "CREATE OR REPLACE TABLE", 1))
            self._area = area

    def _statement(self, case: Case, run: str) -> str:
        if case.is_statement:
            return case.sql
        around, arguments = split_arguments(case.sql)
        if run == COLUMNS:
            self._make_arguments(arguments)
            arguments = [f"a{number}" for number in range(1, len(arguments) + 1)]
        filled = around[0] + "".join(value + text for value, text in zip(arguments, around[1:], strict=True))
        return f"SELECT {filled} AS answer" + (f" FROM {_ARGUMENTS}" if run == COLUMNS else "")

    def _make_arguments(self, arguments: list[str]) -> None:
        """A table of one row, one column per argument, of the type that it has in a data file."""
        listed = ", ".join(f"{value} AS a{number}" for number, value in enumerate(arguments, 1))
        query = self._compiled(f"SELECT {listed}")
        described = self._connection.execute(f"DESCRIBE {query}").fetchall()
        columns = ", ".join(f"CAST({name} AS {_column_type(kind)}) AS {name}" for name, kind, *_ in described)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {_ARGUMENTS} AS SELECT {columns} FROM ({query})")

    def _compiled(self, sql: str) -> str:
        query = parse_query(sql, self.dialect, DUCKDB, Location("corpus.sql", 1, 1))
        # Tables are made again for each case: what is known of them holds for one.
        types = EngineTypes(_Described(self._connection), DUCKDB)
        return to_sql(coerced(query, self.dialect, types.inference()), DUCKDB, pretty=False)

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


def outcomes(case: Case, engine: Engine) -> Mapping[str, Given]:
    """What each run of a case gave; one without arguments has one run."""
    has_arguments = not case.is_statement and bool(split_arguments(case.sql)[1])
    return {run: engine.run(case, run) for run in ((LITERALS, COLUMNS) if has_arguments else (LITERALS,))}
