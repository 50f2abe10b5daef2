"""What stays different from the author's warehouse, told honestly. In: nothing. Out: a table for people to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One difference that no transpile rule removes.

    Attributes:
        topic: What it is about.
        author: What the author's warehouse does.
        engine: What happens here.
        instead: What to write so that both agree.
    """

    topic: str
    author: str
    engine: str
    instead: str


KNOWN_DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "ROW_NUMBER over ties",
        "any of the tied rows comes first, another one in another run",
        "likewise; the same holds for a running sum over ROWS and for LIMIT",
        "add columns to ORDER BY until no two rows are equal",
    ),
    Difference(
        "precision of division and AVG",
        "decimal, six digits more than the dividend",
        "floating, about 15 digits; a sum of floats can differ in the last of them from run to run",
        "ROUND(..., n), or DECIMAL columns",
    ),
    Difference(
        "whole numbers",
        "up to 38 digits",
        "as wide as the column's type, 64 bits after a cast; beyond that an error, never another number",
        "x::number(38, 0)",
    ),
    Difference(
        "a FLOAT of 16 digits and more as text",
        "rounded to 15 digits",
        "a whole number keeps its digits, so that two ids never become one",
        "x::number(38, 0)::string",
    ),
    Difference(
        "a text that becomes a number by itself",
        "a number with 5 digits behind the point",
        "one with 10, or a FLOAT in SUM, AVG and the like",
        "TO_NUMBER(x, 38, 5)",
    ),
    Difference(
        "an object in a document, cast to text",
        "its keys are in order",
        "its keys are as in the document; those of a whole document are in order",
        "TO_JSON(doc:address)",
    ),
    Difference(
        "a whole number beyond 64 bits, in an object as text",
        "all its digits",
        "about 17 digits; by a path, such as doc:id::string, all of them",
        "doc:id::string",
    ),
    Difference(
        "NULL as an item of an array",
        "`undefined` as text, and apart from the null of JSON",
        "`null`; the two are one",
        "ARRAY_COMPACT",
    ),
    Difference(
        "ARRAY_DISTINCT",
        "items in no particular order",
        "items in order",
        "ARRAY_SORT(ARRAY_DISTINCT(x))",
    ),
    Difference(
        "SAMPLE",
        "other rows in each run, unless it has a SEED",
        "likewise, and with the same SEED other rows than there; a number of rows takes a SEED, too",
        "a condition on a hash of an id, such as MD5(id) < '1'",
    ),
    Difference(
        "names in double quotes",
        'names that differ in case only are two ("a" and "A")',
        "are one",
        "names that differ in more than case",
    ),
    Difference(
        "names of output columns",
        "in capitals unless quoted",
        "as written",
        "ask for columns without regard to case",
    ),
    Difference(
        "a timestamp with a zone",
        "keeps the offset that it came with (TIMESTAMP_TZ)",
        "is a moment, shown in UTC",
        "a column for the offset",
    ),
    Difference(
        "APPROX_COUNT_DISTINCT",
        "an estimate",
        "another estimate of the same kind; APPROX_PERCENTILE is exact here",
        "COUNT(DISTINCT x)",
    ),
    Difference(
        "regular expressions",
        "POSIX with extensions; collations such as en-ci",
        "RE2, without look-around and back-references in patterns; en-ci in comparisons of ASCII texts only",
        "LOWER(...), or the flag i",
    ),
    Difference(
        "FLATTEN",
        "has SEQ, a number of the input row",
        "has no SEQ; rows come in no particular order",
        "ORDER BY index",
    ),
)
"""Listed for users in ``docs/limits.md``."""
