"""Finds a type that holds the values of two DuckDB types without change, and the cast to it."""

from __future__ import annotations

from typing import Any

import duckdb

from onefold.engines.literals import literal, quoted

_SIGNED = ("tinyint", "smallint", "integer", "bigint", "hugeint")
_UNSIGNED = ("utinyint", "usmallint", "uinteger", "ubigint")
_DIGITS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19, "utinyint": 3, "usmallint": 5, "uinteger": 10,
           "ubigint": 20, "hugeint": 39}  # fmt: skip
_FLOATS = ("float", "double")
_TIMES = ("date", "timestamp_s", "timestamp_ms", "timestamp", "timestamp_ns")
_WITH_ZONE = "timestamp with time zone"
_TEXTS = ("varchar", "enum")
_WIDEST_DECIMAL = 38
_EXACT_WHOLE = 1 << 53
_EXACT_DIGITS = 15
_NULL = "NULL"


class WideningError(Exception):
    """No type holds the values of both."""


def widened(first: str, second: str) -> str:
    """The narrowest type that holds the values of two types.

    A whole number and a DOUBLE widen to DOUBLE, and `cast` raises an error for a number that is not exact in it. A
    scalar and a text widen to text.

    Raises:
        WideningError: If there is none.
    """
    if first == second:
        return first
    if _is_null(first) or _is_null(second):
        return second if _is_null(first) else first
    one, other = duckdb.sqltype(first), duckdb.sqltype(second)
    ids = {one.id, other.id}
    if ids & set(_TEXTS):
        if any(kind.id in ("list", "array", "struct", "map", "blob", "union") for kind in (one, other)):
            raise WideningError
        return "VARCHAR"
    if all(_is_number(kind) for kind in (one, other)):
        return _wider_number(one, other)
    if ids <= {*_TIMES, _WITH_ZONE}:
        if _WITH_ZONE in ids:
            return "TIMESTAMP WITH TIME ZONE"
        return "TIMESTAMP_NS" if "timestamp_ns" in ids else "TIMESTAMP"
    if ids == {"list"}:
        return f"{widened(*(str(dict(kind.children)['child']) for kind in (one, other)))}[]"
    if ids == {"struct"}:
        return _wider_struct(one, other)
    raise WideningError


def cast(value: str, own: str, wanted: str, name: str, file: str) -> str:
    """``value`` as the wider type; an error if a whole number or decimal has more digits than a DOUBLE keeps.

    Args:
        value: SQL.
        own: Its type.
        wanted: The result of `widened`.
        name: The column, for the error.
        file: A file of the wider type, for the error.
    """
    if own == wanted:
        return value
    if _is_null(own):
        return f"CAST(NULL AS {wanted})"
    kind = duckdb.sqltype(own).id
    plain = f"CAST({value} AS {wanted})"
    if wanted == "DOUBLE" and kind not in _FLOATS and _is_number(duckdb.sqltype(own)):
        bound = _exact_bound(own)
        if bound is None:
            return plain
        reason = f'column "{name}" is {own} here and DOUBLE in {file}, which does not keep all digits of '
        return f"CASE WHEN abs({value}) > {bound} THEN error({literal(reason)} || {value}) ELSE {plain} END"
    if wanted == "VARCHAR" and kind in _FLOATS:
        whole = f"CAST(CAST({value} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN abs({value}) < 1e15 AND {value} = trunc({value}) THEN {whole} ELSE {plain} END"
    return plain


def _is_null(kind: str) -> bool:
    return kind.strip('"') == _NULL


def _is_number(kind: Any) -> bool:
    return kind.id in (*_SIGNED, *_UNSIGNED, *_FLOATS, "decimal")


def _wider_number(one: Any, other: Any) -> str:
    ids = {one.id, other.id}
    if ids & set(_FLOATS):
        return "DOUBLE"
    if "decimal" in ids:
        (whole, scale), (whole_of_other, scale_of_other) = _whole_and_scale(one), _whole_and_scale(other)
        scale = max(scale, scale_of_other)
        width = max(whole, whole_of_other) + scale
        if width > _WIDEST_DECIMAL:
            raise WideningError
        return f"DECIMAL({width},{scale})"
    for family in (_SIGNED, _UNSIGNED):
        if ids <= set(family):
            return family[max(family.index(kind) for kind in ids)].upper()
    signed = max((_SIGNED.index(kind) for kind in ids if kind in _SIGNED), default=0)
    unsigned = max(_UNSIGNED.index(kind) for kind in ids if kind in _UNSIGNED)
    return _SIGNED[max(signed, unsigned + 1)].upper()


def _whole_and_scale(kind: Any) -> tuple[int, int]:
    if kind.id != "decimal":
        return _DIGITS[kind.id], 0
    children = dict(kind.children)
    return int(children["precision"]) - int(children["scale"]), int(children["scale"])


def _wider_struct(one: Any, other: Any) -> str:
    fields = {name: str(kind) for name, kind in one.children}
    for name, kind in other.children:
        fields[name] = widened(fields[name], str(kind)) if name in fields else str(kind)
    return f"STRUCT({', '.join(f'{quoted(name)} {kind}' for name, kind in fields.items())})"


def _exact_bound(kind: str) -> int | None:
    """The greatest number up to which a DOUBLE is exact; None if it is exact for the whole type."""
    found = duckdb.sqltype(kind)
    if found.id == "decimal":
        whole, scale = _whole_and_scale(found)
        return None if whole + scale <= _EXACT_DIGITS else 10 ** max(_EXACT_DIGITS - scale, 0)
    return None if _DIGITS[found.id] <= _EXACT_DIGITS else _EXACT_WHOLE
