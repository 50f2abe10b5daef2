"""Queries -> statements that keep their rows. In: a query and a name. Out: CREATE and DROP as sqlglot trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.sql.dialects import EngineDialect


def row_digest(engine: EngineDialect, values: Sequence[exp.Expr]) -> exp.Expr:
    """64 bits of a row whose sum over rows tells whether any of them changed. The engine must be able to hash.

    Hashed twice: a hash of several values may take in the last one by XOR, and then two rows that swap their last
    values have the same sum where no bit differs both between the two values and between the rest of the two rows.
    """
    hashed = exp.Anonymous(this=engine.row_hash, expressions=list(values))
    return exp.Anonymous(this=engine.row_hash, expressions=[hashed])


DIGESTS = 1 << 63
"""Sums of digests are kept modulo this."""


def digest_total(digest: exp.Expr) -> exp.Expr:
    """The sum of digests modulo `DIGESTS`: a whole number of 64 bits, whether or not the engine's hash has a sign.

    The remainder of a negative number is negative in SQL, so it is taken twice.
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
        name: Of the table.
        columns: Name and type of each.
        plain: Those few values of which are equal or near: to pack ids takes several times as long as to write them,
            and leaves half of their bytes; to pack times takes twice as long, and leaves three quarters.
        engine: Says how such columns are declared.
        defaults: What columns hold that a row does not give.
        keep: Whether a table that is there stays: ``CREATE TABLE IF NOT EXISTS``.
    """
    defaults = defaults or {}
    definitions = []
    for column, kind in columns.items():
        said: list[exp.Expr] = []
        if column in plain and engine.unpacked is not None:
            said.append(exp.var(engine.unpacked))
        if column in defaults:
            said.append(exp.DefaultColumnConstraint(this=exp.Literal.number(defaults[column])))
        constraints = [exp.ColumnConstraint(kind=constraint) for constraint in said]
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
    """A view that shows all of another table or view."""
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
