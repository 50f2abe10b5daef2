"""The inventory of statements: every distinct shape of a statement that the key jobs run (`tests/jobs.py`).

    uv run python -m tests.inventory          rewrites tests/statements.sql

A shape is a statement with literals, hashes and numbers of runs replaced, so that it does not depend on the data. Each
is rendered in six dialects and parsed again in that dialect; where that fails, the file says why beside the statement.
"""

from __future__ import annotations

import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.errors import ParseError, TokenError, UnsupportedError
from tests import jobs, reference_engine
from tests.conftest import Tiny

from onefold.engines import registry
from onefold.sql import dialects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.reference_engine import Asked

FILE = Path(__file__).with_name("statements.sql")
DIALECTS = ("duckdb", "postgres", "snowflake", "databricks", "spark", "bigquery", "redshift")
UPDATE = "if the change is intended, rewrite it: uv run python -m tests.inventory"

_LONGEST = 140
"""Letters of a reason that are kept."""

_TITLE = """-- Every distinct statement that the key jobs of tests/jobs.py run, in the SQL of DuckDB without its own clauses.
-- Made by `uv run python -m tests.inventory`; compared by tests/constructs/test_inventory.py.
"""
_MATERIAL = re.compile(r"(?i)(Material_\w+?)_[0-9a-f]{8,}_\d+")
_FAULT = re.compile(r"^-- not in .*\n", re.MULTILINE)
_NUMBERED = re.compile(r"^(check|promised_check|probe)_\d+$")


def asked_by_jobs(folder: Path) -> list[Asked]:
    """What the jobs ask of a database, through the reference engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "ENGINES", {"duckdb": "tests.reference_engine"})
        patch.setattr(dialects, "DIALECTS", {"duckdb": ("tests.reference_engine", "REFERENCE")})
        reference_engine.OPENED.clear()
        shop = jobs.prepared(Tiny(folder, jobs.TABLES, jobs.FILES))
        for job in jobs.JOBS:
            job(shop)
        asked = [one for engine in reference_engine.OPENED for one in engine.asked]
        reference_engine.OPENED.clear()
    return asked


def shapes(asked: Iterable[Asked]) -> set[str]:
    """The shapes of statements, each below a line with its verb."""
    return {f"-- {one.verb}\n{shape(one.sql)}" for one in asked if one.verb != "upload"}


def listed() -> list[str]:
    """The same, as the file has them."""
    return [_FAULT.sub("", block).strip().removesuffix(";") for block in _blocks()]


def listed_faults() -> dict[str, str]:
    """What the file says of statements that another dialect does not have: the lines, by statement."""
    told = {block: "".join(one.group() for one in _FAULT.finditer(block)) for block in _blocks()}
    return {_FAULT.sub("", b).strip().removesuffix(";").partition("\n")[2]: lines for b, lines in told.items() if lines}


def _blocks() -> list[str]:
    return FILE.read_text().split("\n\n")[1:]


def written(found: Iterable[str]) -> str:
    """The text of the file."""
    blocks = []
    for block in sorted(found, key=lambda one: one.partition("\n")[::-1]):
        verb, _, sql = block.partition("\n")
        blocks.append(f"{verb}\n{faults_of(sql)}{sql};\n")
    return "\n".join([_TITLE, *blocks])


@lru_cache(maxsize=8192)
def shape(sql: str) -> str:
    """A statement without what depends on the data or on the run."""
    tree = reference_engine.parsed(sql).copy()
    for identifier in tree.find_all(exp.Identifier):
        name = _MATERIAL.sub(r"\1", identifier.name)
        identifier.set("this", _NUMBERED.sub(r"\1", name))
    for literal in list(tree.find_all(exp.Literal)):
        if not isinstance(literal.parent, exp.DataTypeParam):
            literal.set("this", "text" if literal.is_string else "1")
    for several in tree.find_all(exp.In, exp.Values):
        if all(not one.find(exp.Column) for one in several.expressions):
            several.set("expressions", several.expressions[:1])
    return tree.sql(dialect="duckdb", pretty=True)


@lru_cache(maxsize=8192)
def faults_of(sql: str) -> str:
    """A line for each dialect that a statement cannot be rendered in, with the reason."""
    return "".join(f"-- not in {dialect}: {why}\n" for dialect in DIALECTS if (why := not_in(dialect, sql)))


def not_in(dialect: str, sql: str) -> str | None:
    """Why a statement cannot be rendered in a dialect and parsed there again; None if it can."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    try:
        text = tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE)
    except (UnsupportedError, ValueError) as error:
        return _one_line(error)
    try:
        parsed = sqlglot.parse_one(text, read=dialect)
    except (ParseError, TokenError) as error:
        return f"its text does not parse: {_one_line(error)}"
    return "its text is not understood" if isinstance(parsed, exp.Command) else None


def _one_line(error: Exception) -> str:
    text = re.sub(r"\x1b\[\d*m", "", " ".join(str(error).split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def main() -> None:
    """Rewrite the file."""
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(written(shapes(asked_by_jobs(Path(folder)))))


if __name__ == "__main__":
    main()
