"""Translates the declared type of a column of data files to the engine's type."""

from __future__ import annotations

from sqlglot import exp

_WHOLE = frozenset({exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.TINYINT})
_NESTED = frozenset({exp.DType.VARIANT, exp.DType.OBJECT, exp.DType.ARRAY, exp.DType.JSON, exp.DType.SUPER})


def engine_type(kind: str, author: str) -> str:
    """The DuckDB type for a type in the author's dialect.

    Whole numbers have 64 bits, even if the author's are wider; semi-structured values are JSON. Unknown types are
    passed to the engine, which reports them.
    """
    try:
        built = exp.DataType.build(kind, dialect=author)
    except ValueError:  # sqlglot's own error is a ValueError
        return kind
    if built.this in _WHOLE and not built.expressions:
        return "BIGINT"
    if built.this in _NESTED and not built.expressions:
        return "JSON"
    return built.sql("duckdb")
