"""The implicit conversions of each author dialect, and how it reads and writes values.

To add a conversion, write a function of a ``Conversion`` and put it under its pair of kinds in ``casts``. It then
applies to explicit and implicit casts. Other pairs are left to the engine's own cast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion import booleans, documents, numbers, times, warehouses
from onefold.sql.coercion.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onefold.sql.coercion.conversion import Conversion
    from onefold.sql.coercion.typing import Types

    Rule = Callable[[exp.Expr, Types], exp.Expr]


@dataclass(frozen=True)
class AuthorDialect:
    """The conversions of one author dialect.

    Attributes:
        casts: Converts a value of the first kind to the second.
        is_lenient: Whether mismatched types are converted; if not, the engine rejects them, as the author's warehouse
            does.
        has_documents: Whether JSON represents the author's type for any value, and becomes text where text is required.
        rules: The type-dependent transpile rules, keyed by expression class.
    """

    casts: Mapping[tuple[Kind, Kind], Callable[[Conversion], exp.Expr]] = field(default_factory=dict)
    is_lenient: bool = False
    has_documents: bool = False
    rules: Mapping[type[exp.Expr], Rule] = field(default_factory=dict)


_SNOWFLAKE = AuthorDialect(
    casts={
        (Kind.TEXT, Kind.WHOLE): numbers.of_text,
        (Kind.TEXT, Kind.DECIMAL): numbers.of_text,
        (Kind.TEXT, Kind.FLOAT): numbers.of_text,
        (Kind.TEXT, Kind.BOOLEAN): booleans.of_text,
        (Kind.TEXT, Kind.DATE): times.date_of_text,
        (Kind.TEXT, Kind.TIMESTAMP): times.timestamp_of_text,
        (Kind.TEXT, Kind.TIMESTAMPTZ): times.timestamptz_of_text,
        (Kind.WHOLE, Kind.TIMESTAMP): times.timestamp_of_number,
        (Kind.DECIMAL, Kind.TIMESTAMP): times.timestamp_of_number,
        (Kind.FLOAT, Kind.TIMESTAMP): times.timestamp_of_number,
        (Kind.WHOLE, Kind.TIMESTAMPTZ): times.timestamp_of_number,
        (Kind.FLOAT, Kind.WHOLE): numbers.of_float,
        (Kind.FLOAT, Kind.DECIMAL): numbers.of_float,
        (Kind.FLOAT, Kind.TEXT): numbers.float_as_text,
        (Kind.TIMESTAMP, Kind.TEXT): times.timestamp_as_text,
        (Kind.TIMESTAMPTZ, Kind.TEXT): times.timestamptz_as_text,
        (Kind.TIME, Kind.TEXT): times.time_as_text,
        **documents.CASTS,
    },
    is_lenient=True,
    has_documents=True,
)

# A number without a fraction is written without a point in Snowflake too; Spark writes 101.0, as the engine does.
_SHORT_FLOATS = {(Kind.FLOAT, Kind.TEXT): numbers.float_as_text}

_READ = {
    (Kind.TEXT, Kind.WHOLE): warehouses.whole_of_text,
    (Kind.TEXT, Kind.TIMESTAMPTZ): warehouses.moment_of_text,
}

_DAYS: Mapping[type[exp.Expr], Rule] = {exp.Add: warehouses.days_added, exp.Sub: warehouses.days_added}

AUTHORS: Mapping[str, AuthorDialect] = {
    "snowflake": _SNOWFLAKE,
    "bigquery": AuthorDialect(
        {
            **_SHORT_FLOATS,
            (Kind.TEXT, Kind.WHOLE): warehouses.whole_of_text,
            (Kind.TEXT, Kind.BOOLEAN): warehouses.boolean_of_text,
            (Kind.TEXT, Kind.TIMESTAMPTZ): warehouses.moment_of_text,
            (Kind.FLOAT, Kind.WHOLE): numbers.of_float,
            (Kind.DECIMAL, Kind.TEXT): warehouses.decimal_as_text,
            (Kind.TIMESTAMP, Kind.TEXT): warehouses.datetime_as_text,
            (Kind.TIMESTAMPTZ, Kind.TEXT): warehouses.moment_as_text,
        },
        rules=_DAYS,
    ),
    "postgres": AuthorDialect(
        {**_SHORT_FLOATS, **_READ},
        rules={
            exp.Add: warehouses.days_added,
            exp.Sub: warehouses.without_key,
            exp.Round: warehouses.rounded_to_even,
            exp.ArrayContainsAll: warehouses.contained,
            exp.DPipe: warehouses.merged,
            exp.Upper: warehouses.sharp_s_kept,
            **dict.fromkeys((exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In), warehouses.equal_documents),
        },
    ),
    "redshift": AuthorDialect(
        {**_SHORT_FLOATS, **_READ},
        is_lenient=True,
        rules={
            **_DAYS,
            exp.Trunc: warehouses.day_of_time,
            **dict.fromkeys((exp.Avg, exp.Filter, exp.Window), warehouses.averaged),
        },
    ),
    "databricks": AuthorDialect(
        {
            (Kind.TEXT, Kind.WHOLE): warehouses.whole_of_text,
            (Kind.TEXT, Kind.TIMESTAMPTZ): warehouses.moment_of_text,
            (Kind.TEXT, Kind.DATE): warehouses.long_dates,
            (Kind.FLOAT, Kind.TEXT): warehouses.float_as_text,
            (Kind.FLOAT, Kind.WHOLE): warehouses.cut_off,
            (Kind.DECIMAL, Kind.WHOLE): warehouses.cut_off,
            (Kind.TIMESTAMPTZ, Kind.TEXT): warehouses.moment_without_zone,
            (Kind.WHOLE, Kind.TIMESTAMPTZ): warehouses.moment_of_seconds,
            (Kind.DECIMAL, Kind.TIMESTAMPTZ): warehouses.moment_of_seconds,
            (Kind.FLOAT, Kind.TIMESTAMPTZ): warehouses.moment_of_seconds,
            (Kind.TIMESTAMPTZ, Kind.WHOLE): warehouses.seconds_of_moment,
            (Kind.TIMESTAMP, Kind.WHOLE): warehouses.seconds_of_moment,
        },
        is_lenient=True,
        rules={
            **dict.fromkeys((exp.Add, exp.Sub, exp.DateTrunc, exp.TimestampTrunc), warehouses.moments_of_dates),
            exp.GenerateSeries: warehouses.series_of_days,
        },
    ),
}
"""By the name of the dialect in sqlglot. SQL of other dialects, including DuckDB's own, is left as it is."""

MOMENTS_OF_TEXT: Mapping[tuple[Kind, Kind], Callable[[Conversion], exp.Expr]] = {
    (Kind.TEXT, Kind.TIMESTAMP): times.timestamp_of_text,
}
"""How onefold's own time columns are read, in every author dialect."""
