"""The capabilities of DuckDB 2.0, the embedded engine."""

from __future__ import annotations

from onefold.sql.dialects.base import EngineDialect

DUCKDB = EngineDialect(
    name="duckdb",
    sqlglot="duckdb",
    session=(
        "SET TimeZone = 'UTC'",
        # Division by zero is an error, as in Snowflake, and not infinity.
        "SET ieee_floating_point_ops = false",
    ),
    aggregates=frozenset(
        {
            "APPROX_TOP_K", "ARBITRARY", "ARG_MAX_NULL", "ARG_MAX_NULLS_LAST", "ARG_MIN_NULL", "ARG_MIN_NULLS_LAST",
            "BITSTRING_AGG", "COUNTIF", "ENTROPY", "FAVG", "FIRST", "FSUM", "HISTOGRAM", "HISTOGRAM_EXACT", "KAHAN_SUM",
            "KURTOSIS", "KURTOSIS_POP", "LAST", "LISTAGG", "LIST", "MAD", "MEAN", "MEDIAN", "MODE", "PRODUCT",
            "QUANTILE", "QUANTILE_CONT", "QUANTILE_DISC", "REGR_COUNT",
            "RESERVOIR_QUANTILE", "SEM", "SKEWNESS", "SUMKAHAN",
            "SUM_NO_OVERFLOW", "VARIANT_GROUP_OBJECT", "JSON_GROUP_ARRAY", "JSON_GROUP_OBJECT", "JSON_GROUP_STRUCTURE",
        }
    ),
    materializes_ctes=True,
    row_hash="HASH",
    unpacked="USING COMPRESSION UNCOMPRESSED",
)  # fmt: skip
