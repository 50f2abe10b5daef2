"""The conformance corpus of PostgreSQL says what a real server says."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.cases import Anything, Case, Error, Json, Rows, areas, split_arguments
from tests.conformance.harness import same

if TYPE_CHECKING:
    from tests.parity.servers import Server

pytestmark = pytest.mark.parity


def test_answers_of_postgres_are_those_of_a_server(server: Server) -> None:
    """Every answer in the corpus of PostgreSQL is what the server gives for the same SQL."""
    wrong = []
    for area in areas("postgres").values():
        tables = "".join(table.replace("CREATE TABLE", "CREATE TEMP TABLE", 1) for table in area.tables)
        for case in area.cases:
            found = _answered(server, tables, case)
            if not _agrees(case.answer, found):
                wrong.append(
                    f"{case.area}.sql:{case.line}: {case.sql}\n  the corpus: {case.answer}\n  the server: {found}"
                )

    assert not wrong, "\n".join(wrong)


def _answered(server: Server, tables: str, case: Case) -> list[list[Any]] | None:
    """The rows that the server gives, or None for an error."""
    sql = case.sql
    if not case.is_statement:
        around, arguments = split_arguments(sql)
        sql = "SELECT " + around[0] + "".join(a + text for a, text in zip(arguments, around[1:], strict=True))
    try:
        lines = server.sql(f"{tables}\nSELECT row_to_json(q) FROM ({sql}) AS q;").splitlines()
    except RuntimeError:
        return None
    rows = [json.loads(line, object_pairs_hook=list, parse_float=Decimal) for line in lines]
    return [[value for _, value in row] for row in rows]


def _agrees(answer: object, found: list[list[Any]] | None) -> bool:
    if isinstance(answer, Anything):
        return True
    if found is None or isinstance(answer, Error):
        return found is None and isinstance(answer, Error)
    wanted = [list(row) for row in answer.rows] if isinstance(answer, Rows) else [[answer]]
    return len(wanted) == len(found) and all(
        len(row) == len(values) and all(map(_is, row, values)) for row, values in zip(wanted, found, strict=True)
    )


def _is(answer: Any, value: Any) -> bool:
    """Whether a value of JSON is the answer; times are texts there, and objects pairs."""
    if isinstance(answer, Json):
        return same(answer, Json(_plain(value)))
    if isinstance(answer, dt.datetime):
        return bool(dt.datetime.fromisoformat(value) == answer)
    if isinstance(answer, dt.date):
        return bool(dt.date.fromisoformat(value) == answer)
    return same(answer, value)


def _plain(value: Any) -> Any:
    """Pairs of names and values as an object again."""
    if not isinstance(value, list):
        return value
    pairs = bool(value) and all(isinstance(e, tuple) for e in value)
    return {name: _plain(inner) for name, inner in value} if pairs else [_plain(e) for e in value]
