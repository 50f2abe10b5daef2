"""A type as a project declares it for a column of data files -> the engine's. Takes and returns names of types."""

from __future__ import annotations

from sqlglot import exp

_WHOLE = frozenset({exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.TINYINT})
_NESTED = frozenset({exp.DType.VARIANT, exp.DType.OBJECT, exp.DType.ARRAY, exp.DType.JSON, exp.DType.SUPER})


def engine_type(kind: str, author: str) -> str:
    """The DuckDB type for what is written in the author's dialect.

    Whole numbers have 64 bits, also where the author's are wider; semi-structured values are JSON. What is no type of
    the author's dialect is handed on: the engine will say so.
    """
    try:
        built = exp.DataType.build(kind, dialect=author)
    except ValueError:  # sqlglot's own error is one
        return kind
    if built.this in _WHOLE and not built.expressions:
        return "BIGINT"
    if built.this in _NESTED and not built.expressions:
        return "JSON"
    return built.sql("duckdb")
