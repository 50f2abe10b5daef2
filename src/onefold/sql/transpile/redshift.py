"""Rules for Redshift SQL.

Each takes a node and returns one with the same meaning in the engine's SQL.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile import codes, patterns
from onefold.sql.transpile.functions import Arguments, Functions, filled, literal, meant, unknown, unsupported
from onefold.sql.transpile.number_formats import read_number
from onefold.sql.transpile.postgres import path_of, shown, time_formats

_NAME = "Redshift"
_PARTS = {
    "YEARDAY": "DAYOFYEAR", "DAYOFYEAR": "DAYOFYEAR", "DY": "DAYOFYEAR", "QTR": "QUARTER", "QTRS": "QUARTER",
    "DW": "DAYOFWEEK", "DAYOFWEEK": "DAYOFWEEK", "WEEKDAY": "DAYOFWEEK", "W": "WEEK", "MON": "MONTH", "MONS": "MONTH",
    "Y": "YEAR", "YR": "YEAR", "YRS": "YEAR", "D": "DAY", "H": "HOUR", "HR": "HOUR", "HRS": "HOUR", "M": "MINUTE",
    "MIN": "MINUTE", "MINS": "MINUTE", "S": "SECOND", "SEC": "SECOND", "SECS": "SECOND",
}  # fmt: skip


def _extracted(arguments: Arguments) -> exp.Expr:
    """REGEXP_SUBSTR: an empty text without a match; the flag ``e`` extracts the first group."""
    flags = literal(arguments[4], "the flags of REGEXP_SUBSTR") if len(arguments) > 4 else ""  # noqa: PLR2004
    if "p" in flags:
        raise UnsupportedError("REGEXP_SUBSTR with the flag p (Perl patterns) is not supported")
    pattern = patterns.flagged(arguments[1], flags)
    return patterns.nth_match(arguments, pattern=pattern, group=int("e" in flags), missing="''")


def _path_text(arguments: Arguments) -> exp.Expr:
    """JSON_EXTRACT_PATH_TEXT(x, key, ..., null_if_invalid): the value as text."""
    *steps, last = arguments[1:]
    if isinstance(last, exp.Boolean):
        template = "TRY(_1 ->> _2)" if last.this else "_1 ->> _2"
    else:
        steps, template = [*steps, last], "_1 ->> _2"
    return filled(template, arguments[0], path_of(steps))


def _from_base(arguments: Arguments) -> exp.Expr:
    base = arguments[1].name
    if base == "10":
        return exp.cast(arguments[0], "BIGINT")
    if base == "16":
        return filled("CAST('0x' || _1 AS BIGINT)", arguments[0])
    raise UnsupportedError(f"STRTOL supports the bases 10 and 16, not {base}")


_ADDED = "CAST(_1 AS TIMESTAMP) + TO_MONTHS(CAST(_2 AS INT))"
FUNCTIONS: Functions = {
    **shown(time_formats(_NAME)),
    "CONCAT": "_1 || _2",
    "REPLICATE": "REPEAT(_1, _2)",
    "OCTET_LENGTH": "STRLEN(_1)",
    "CHR": "CHR(CAST(_1 AS INT))",
    "TO_HEX": "LOWER(HEX(_1))",
    "QUOTE_LITERAL": "'''' || REPLACE(CAST(_1 AS TEXT), '''', '''''') || ''''",
    "TEXTLEN": "LENGTH(_1)",
    "REGEXP_SUBSTR": _extracted,
    "REGEXP_REPLACE": patterns.replaced_matches("$"),
    "STRTOL": _from_base,
    "DEXP": "EXP(_1)",
    "DLOG10": "LOG10(_1)",
    "DLOG1": "LN(_1)",
    "DSQRT": "SQRT(_1)",
    "ADD_MONTHS": (
        "CASE WHEN LAST_DAY(CAST(_1 AS DATE)) = CAST(_1 AS DATE) "
        f"THEN CAST(LAST_DAY(CAST({_ADDED} AS DATE)) AS TIMESTAMP) "
        f"+ (CAST(_1 AS TIMESTAMP) - DATE_TRUNC('day', CAST(_1 AS TIMESTAMP))) ELSE {_ADDED} END"
    ),
    "DATE_CMP": "CASE WHEN _1 < _2 THEN -1 WHEN _1 > _2 THEN 1 WHEN _1 = _2 THEN 0 END",
    "TIMESTAMP_CMP": "CASE WHEN _1 < _2 THEN -1 WHEN _1 > _2 THEN 1 WHEN _1 = _2 THEN 0 END",
    "JSON_EXTRACT_PATH_TEXT": _path_text,
    "JSON_EXTRACT_ARRAY_ELEMENT_TEXT": (
        "_1 ->> ('$[' || CAST(_2 AS TEXT) || ']')",
        "CASE WHEN JSON_VALID(_1) OR NOT _3 THEN _1 ->> ('$[' || CAST(_2 AS TEXT) || ']') END",
    ),
    "IS_VALID_JSON": "CASE WHEN JSON_VALID(_1) THEN JSON_TYPE(_1) = 'OBJECT' ELSE _1 IS NULL AND NULL END",
    "IS_VALID_JSON_ARRAY": "CASE WHEN JSON_VALID(_1) THEN JSON_TYPE(_1) = 'ARRAY' ELSE _1 IS NULL AND NULL END",
    "CAN_JSON_PARSE": "JSON_VALID(_1)",
    "JSON_SERIALIZE": "CAST(_1 AS TEXT)",
    "GET_ARRAY_LENGTH": "JSON_ARRAY_LENGTH(CAST(_1 AS JSON))",
    "ARRAY_FLATTEN": "FLATTEN(_1)",
    "SUBARRAY": ("LIST_SLICE(_1, _2 + 1, LEN(_1))", "LIST_SLICE(_1, _2 + 1, _2 + _3)"),
    "TO_NUMBER": read_number("TO_NUMBER"),
    "SOUNDEX": codes.SOUNDEX,
    "CRC32": f"FORMAT('{{:08x}}', {codes.CRC32})",
    "SHA512": unsupported("it has no SHA512; use SHA2(x, 256)"),
}
"""Functions that sqlglot would mistranslate, or not translate."""

_SAME = frozenset(
    {
        "ARRAY_CONCAT", "ASCII", "BTRIM", "CBRT", "CEILING", "CHARINDEX", "EVERY", "FUNC_SHA1", "JSON_ARRAY_LENGTH",
        "LEN", "LOG10", "NEXT_DAY", "NVL2", "PI", "RANDOM", "RATIO_TO_REPORT", "REGEXP_COUNT", "REGEXP_INSTR", "SIGN",
        "SPLIT_TO_ARRAY", "TRANSLATE",
    }
)  # fmt: skip


def functions(node: exp.Expr) -> exp.Expr:
    """Translates a function of ``FUNCTIONS``."""
    return meant(FUNCTIONS, node, _NAME)


def known_functions(node: exp.Expr) -> exp.Expr:
    """Rejects unknown functions."""
    return unknown(node, _SAME, _NAME)


def weeks_from_sunday(node: exp.Expr) -> exp.Expr:
    """DATEDIFF(week, a, b) counts the Sundays between; the engine counts Mondays."""
    if not isinstance(node, exp.TsOrDsDiff | exp.DateDiff) or node.text("unit").upper() not in {"WEEK", "W", "WEEKS"}:
        return node
    monday = "CAST(DATE_TRUNC('week', CAST({} AS DATE) + 1) AS DATE)"
    shifted = f"({monday.format('_2')} - {monday.format('_1')}) // 7"
    return filled(shifted, node.expression, node.this)


def names_of_parts(node: exp.Expr) -> exp.Expr:
    """EXTRACT(yearday FROM x) and other short names of parts."""
    if isinstance(node, exp.Extract) and node.this.name.upper() in _PARTS:
        node.set("this", exp.var(_PARTS[node.this.name.upper()]))
    return node
