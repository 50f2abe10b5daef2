"""Builds statements that store the rows of a query: CREATE, INSERT and DROP as sqlglot trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.sql.dialects import EngineDialect


def row_digest(engine: EngineDialect, values: Sequence[exp.Expr]) -> exp.Expr:
    """A 64-bit digest of a row; the sum over all rows reveals whether any row has changed.

    The engine must have a hash function.

    Hashed twice, because a hash of several values may combine the last one by XOR. Two rows that swap their last values
    could then have the same sum: it is enough that no bit differs both between the two values and between the rest of
    the two rows.
    """
    hashed = exp.Anonymous(this=engine.row_hash, expressions=list(values))
    return exp.Anonymous(this=engine.row_hash, expressions=[hashed])


DIGESTS = 1 << 63
"""Sums of digests are stored modulo this number."""


def digest_total(digest: exp.Expr) -> exp.Expr:
    """The sum of digests modulo `DIGESTS`: a 64-bit whole number, whether or not the engine's hash is signed.

    The remainder of a negative number is negative in SQL, so the modulo is applied twice.
    """
    remainder = exp.Mod(this=exp.Sum(this=exp.cast(digest, exp.DType.INT128)), expression=exp.Literal.number(DIGESTS))
    positive = exp.paren(remainder + exp.Literal.number(DIGESTS))
    return exp.cast(exp.Mod(this=positive, expression=exp.Literal.number(DIGESTS)), "BIGINT")


def create_table(name: exp.Table, query: exp.Query, *, temporary: bool = False) -> exp.Create:
    """``CREATE OR REPLACE [TEMP] TABLE name AS query``."""
    properties = exp.Properties(expressions=[exp.TemporaryProperty()]) if temporary else None
    return exp.Create(this=name.copy(), kind="TABLE", replace=True, expression=query.copy(), properties=properties)


def create_empty(name: exp.Table, columns: Mapping[str, str]) -> exp.Create:
    """``CREATE TABLE IF NOT EXISTS name (columns)``."""
    defined = [exp.ColumnDef(this=exp.to_identifier(c), kind=exp.DataType.build(kind)) for c, kind in columns.items()]
    return exp.Create(this=exp.Schema(this=name.copy(), expressions=defined), kind="TABLE", exists=True)


def create_plain(
    name: exp.Table,
    columns: Mapping[str, str],
    plain: Sequence[str],
    engine: EngineDialect,
    *,
    defaults: Mapping[str, int] | None = None,
    keep: bool = False,
) -> exp.Create:
    """``CREATE OR REPLACE TABLE name (columns)``, for rows of ids and times.

    Args:
        name: Name of the table.
        columns: Name and type of each column.
        plain: Columns with few equal or similar values, which are stored uncompressed. Compressing ids takes several
            times as long as writing them, and halves their size. Compressing times takes twice as long, and saves a
            quarter.
        engine: The engine, which determines how such columns are declared.
        defaults: Default values of columns.
        keep: Whether to keep an existing table: ``CREATE TABLE IF NOT EXISTS``.
    """
    defaults = defaults or {}
    definitions = []
    for column, kind in columns.items():
        kinds: list[exp.Expr] = []
        if column in plain and engine.unpacked is not None:
            kinds.append(exp.var(engine.unpacked))
        if column in defaults:
            kinds.append(exp.DefaultColumnConstraint(this=exp.Literal.number(defaults[column])))
        constraints = [exp.ColumnConstraint(kind=constraint) for constraint in kinds]
        name_of, type_of = exp.to_identifier(column), exp.DataType.build(kind)
        definitions.append(exp.ColumnDef(this=name_of, kind=type_of, constraints=constraints))
    schema = exp.Schema(this=name.copy(), expressions=definitions)
    return exp.Create(this=schema, kind="TABLE", replace=not keep, exists=keep)


def insert_rows(name: exp.Table, columns: Sequence[str], query: exp.Query | exp.Values) -> exp.Insert:
    """``INSERT INTO name (columns) query``."""
    into = exp.Schema(this=name.copy(), expressions=[exp.to_identifier(column) for column in columns])
    return exp.Insert(this=into, expression=query.copy())


def create_view(name: exp.Table, query: exp.Query, *, temporary: bool = False) -> exp.Create:
    """``CREATE OR REPLACE [TEMP] VIEW name AS query``."""
    properties = exp.Properties(expressions=[exp.TemporaryProperty()]) if temporary else None
    return exp.Create(this=name.copy(), kind="VIEW", replace=True, expression=query.copy(), properties=properties)


def create_pointer(name: exp.Table, target: exp.Table) -> exp.Create:
    """A view over all columns of another table or view."""
    return create_view(name, exp.select("*").from_(target.copy()))


def beside(name: exp.Table, suffix: str) -> exp.Table:
    """The table or view ``<name>_<suffix>``, next to ``name``."""
    return exp.table_(f"{name.name}_{suffix}", db=name.args.get("db"), quoted=True)


def drop(name: exp.Table, kind: Literal["TABLE", "VIEW"]) -> exp.Drop:
    """``DROP kind IF EXISTS name``."""
    return exp.Drop(tables=[name.copy()], kind=kind, exists=True)


def insert_values(name: exp.Table, columns: Sequence[str], values: Sequence[exp.Expr]) -> exp.Insert:
    """``INSERT INTO name (columns) VALUES (values)``, one row."""
    return insert_rows(name, columns, exp.Values(expressions=[exp.Tuple(expressions=list(values))]))
