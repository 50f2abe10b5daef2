"""Known differences from the author's warehouse, as a table for ``docs/limits.md``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One difference that no transpile rule removes.

    Attributes:
        topic: The construct.
        author: The behaviour of the author's warehouse.
        engine: The behaviour of onefold.
        instead: SQL that gives the same result on both.
    """

    topic: str
    author: str
    engine: str
    instead: str


KNOWN_DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "ROW_NUMBER over ties",
        "any of the tied rows comes first, and may change between runs",
        "the same; also for a running sum over ROWS, and for LIMIT",
        "ORDER BY enough columns to make rows unique",
    ),
    Difference(
        "precision of division and AVG",
        "decimal, six digits more than the dividend",
        "floating point, about 15 digits; the last digits of a sum can vary between runs",
        "ROUND(..., n), or DECIMAL columns",
    ),
    Difference(
        "whole numbers",
        "up to 38 digits",
        "the width of the column's type, 64 bits after a cast; an overflow is an error",
        "x::number(38, 0)",
    ),
    Difference(
        "a FLOAT with 16 or more digits as text",
        "rounded to 15 digits",
        "whole numbers keep all digits, so that distinct ids stay distinct",
        "x::number(38, 0)::string",
    ),
    Difference(
        "implicit conversion of a text to a number",
        "5 decimal places",
        "10 decimal places, or a FLOAT in aggregates such as SUM and AVG",
        "TO_NUMBER(x, 38, 5)",
    ),
    Difference(
        "a nested object, cast to text",
        "keys are sorted",
        "keys have the order of the document; only those of a whole document are sorted",
        "TO_JSON(doc:address)",
    ),
    Difference(
        "a whole number beyond 64 bits, in an object cast to text",
        "all its digits",
        "about 17 digits; a path such as doc:id::string gives all digits",
        "doc:id::string",
    ),
    Difference(
        "NULL in an array",
        "`undefined` as text, distinct from a JSON null",
        "`null`, the same as a JSON null",
        "ARRAY_COMPACT",
    ),
    Difference(
        "ARRAY_DISTINCT",
        "unordered items",
        "sorted items",
        "ARRAY_SORT(ARRAY_DISTINCT(x))",
    ),
    Difference(
        "SAMPLE",
        "different rows in each run, unless it has a SEED",
        "the same, but a SEED selects other rows than in Snowflake; a number of rows may have a SEED, too",
        "a condition on the hash of an id, such as MD5(id) < '1'",
    ),
    Difference(
        "names in double quotes",
        'case-sensitive ("a" and "A" are two names)',
        "case-insensitive",
        "names that differ by more than case",
    ),
    Difference(
        "names of output columns",
        "in capitals unless quoted",
        "as written",
        "case-insensitive access to columns",
    ),
    Difference(
        "a timestamp with a zone",
        "keeps its offset (TIMESTAMP_TZ)",
        "is a moment, shown in UTC",
        "a column for the offset",
    ),
    Difference(
        "APPROX_COUNT_DISTINCT",
        "an estimate",
        "an estimate with another value; APPROX_PERCENTILE is exact",
        "COUNT(DISTINCT x)",
    ),
    Difference(
        "regular expressions",
        "POSIX with extensions; collations such as en-ci",
        "RE2, without look-around and back-references; en-ci only in comparisons of ASCII texts",
        "LOWER(...), or the flag `i`",
    ),
    Difference(
        "FLATTEN",
        "has SEQ, the number of the input row",
        "has no SEQ; rows are unordered",
        "ORDER BY index",
    ),
)
"""Listed for users in ``docs/limits.md``."""
