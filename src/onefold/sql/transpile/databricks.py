"""Rules for Databricks SQL.

Each takes a node and returns one with the same meaning in the engine's SQL. A TIMESTAMP is a moment (the engine's
TIMESTAMPTZ).
"""

from __future__ import annotations

import math
import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile import codes, patterns, urls
from onefold.sql.transpile.author_dialects import CHECKED
from onefold.sql.transpile.databricks_times import TIMES
from onefold.sql.transpile.functions import (
    Arguments,
    Functions,
    filled,
    literal,
    meant,
    name_of,
    unknown,
    unsupported,
    whole,
)
from onefold.sql.transpile.number_formats import read_number
from onefold.sql.transpile.numbers import is_floating
from onefold.sql.transpile.printf import printed

_NAME = "Databricks"
_T = exp.DataType.Type
_WHOLE = frozenset({_T.TINYINT, _T.SMALLINT, _T.INT, _T.BIGINT})
# --- texts ---


def _hashed(arguments: Arguments) -> exp.Expr:
    if whole(arguments[1]) not in {0, 256}:
        raise UnsupportedError("SHA2 is only supported with 256 bits; use SHA2(x, 256)")
    return filled("SHA256(_1)", arguments[0])


def _with_commas(arguments: Arguments) -> exp.Expr:
    places = whole(arguments[1])
    if places is None:
        raise UnsupportedError("the second argument of FORMAT_NUMBER must be a literal whole number")
    pattern = exp.Literal.string(f"{{:,.{places}f}}")
    return filled("FORMAT(_1, CAST(_2 AS DOUBLE))", pattern, arguments[0])


def _chosen(arguments: Arguments) -> exp.Expr:
    return filled("LIST_EXTRACT(_1, _2)", exp.Array(expressions=arguments[1:]), arguments[0])


def _split(arguments: Arguments) -> exp.Expr:
    """SPLIT(x, pattern, n): at most n parts; the last one has the rest."""
    limit = whole(arguments[2])
    if limit is None:
        raise UnsupportedError("the limit of SPLIT must be a literal whole number")
    if limit < 1:
        return filled("STR_SPLIT_REGEX(_1, _2)", *arguments)
    return filled(_LIMITED.replace("_4", str(limit - 1)), *arguments)


_PARTS = "LIST_SLICE(STR_SPLIT_REGEX(_1, _2), 1, _4)"
_BETWEEN = "LIST_SLICE(REGEXP_EXTRACT_ALL(_1, _2), 1, _4)"
_LIMITED = (
    "CASE WHEN LEN(STR_SPLIT_REGEX(_1, _2)) > _3 IS NOT TRUE THEN STR_SPLIT_REGEX(_1, _2) "
    f"ELSE LIST_APPEND({_PARTS}, SUBSTRING(_1, CAST(LENGTH(ARRAY_TO_STRING({_PARTS}, '')) "
    f"+ LENGTH(ARRAY_TO_STRING({_BETWEEN}, '')) + 1 AS BIGINT))) END"
)


def _masked(arguments: Arguments) -> exp.Expr:
    """MASK(x, upper, lower, digit, other): each character is replaced by its class's mask; NULL keeps it."""
    given = [*arguments[1:], *_SIGNS[len(arguments) - 1 :]]
    if not all(isinstance(sign, exp.Null) or (sign.is_string and len(sign.name) == 1) for sign in given):
        raise UnsupportedError("the masks of MASK must be single literal characters, or NULL")
    chosen = [sign for sign in zip(_CLASSES, given, strict=True) if not isinstance(sign[1], exp.Null)]
    case = exp.Case()
    for pattern, sign in chosen:
        case = case.when(filled("REGEXP_FULL_MATCH(_1, _2)", exp.column("c"), exp.Literal.string(pattern)), sign.copy())
    signs = filled("LIST_TRANSFORM(REGEXP_EXTRACT_ALL(_1, '(?s).'), LAMBDA c: _2)", arguments[0], case.else_("c"))
    return filled("ARRAY_TO_STRING(_1, '')", signs) if chosen else arguments[0]


_CLASSES = (r"\p{Lu}", r"\p{Ll}", r"\p{Nd}", r"[^\p{Lu}\p{Ll}\p{Nd}]")
_SIGNS = (exp.Literal.string("X"), exp.Literal.string("x"), exp.Literal.string("n"), exp.null())

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASES = range(2, 37)


def _converted(arguments: Arguments) -> exp.Expr:
    """CONV(x, from, to): converts a number between bases, up to 62 bits."""
    source, target = whole(arguments[1]), whole(arguments[2])
    if source is None or source not in _BASES or target not in _BASES:
        raise UnsupportedError("the bases of CONV must be literal whole numbers from 2 to 36")
    places = int(62 / math.log2(source))
    value = filled("UPPER(TRIM(CAST(_1 AS TEXT)))", arguments[0])
    pattern = f"[{_LETTERS[:source]}]{{1,{places}}}"
    number = (
        f"LIST_REDUCE(STR_SPLIT(_1, ''), LAMBDA r, c: r * {source} + STRPOS('{_LETTERS}', c) - 1, CAST(0 AS BIGINT))"
    )
    return filled(
        f"CASE WHEN _1 IS NULL THEN NULL WHEN REGEXP_FULL_MATCH(_1, '{pattern}') THEN TO_BASE({number}, {target}) "
        "ELSE ERROR('CONV: not a number of this base, or one of more than 62 bits: ' || _1) END",
        value,
    )


_FIELD = re.compile(r"\s*`?(\w+)`?\s*:?\s+(\w+)\s*")
_FIELD_TYPES = {
    "INT": "INTEGER", "INTEGER": "INTEGER", "BIGINT": "BIGINT", "LONG": "BIGINT", "STRING": "VARCHAR",
    "DOUBLE": "DOUBLE", "FLOAT": "FLOAT", "BOOLEAN": "BOOLEAN", "DATE": "DATE", "TIMESTAMP": "TIMESTAMPTZ",
}  # fmt: skip


def _from_json(arguments: Arguments) -> exp.Expr:
    """FROM_JSON(x, 'a INT, b STRING'): a struct; NULL for invalid JSON."""
    schema = literal(arguments[1], "the schema of FROM_JSON")
    fields = []
    for part in schema.split(","):
        found = _FIELD.fullmatch(part)
        if found is None or found[2].upper() not in _FIELD_TYPES:
            raise UnsupportedError(f'the schema "{schema}" of FROM_JSON is not supported; use GET_JSON_OBJECT')
        fields.append(f'"{found[1]}":"{_FIELD_TYPES[found[2].upper()]}"')
    shape = exp.Literal.string("{" + ",".join(fields) + "}")
    return filled("TRY(JSON_TRANSFORM(_1, _2))", arguments[0], shape)


_PAIR = "SUBSTRING(p, STRPOS(p, _3) + LENGTH(_3))"
_MAP = (
    "MAP(LIST_TRANSFORM(STR_SPLIT(_1, _2), LAMBDA p: SPLIT_PART(p, _3, 1)), "
    f"LIST_TRANSFORM(STR_SPLIT(_1, _2), LAMBDA p: CASE WHEN STRPOS(p, _3) > 0 THEN {_PAIR} END))"
)
_TEXTS: Functions = {
    "REPLACE": ("REPLACE(_1, _2, '')", "REPLACE(_1, _2, _3)"),
    "BTRIM": ("TRIM(_1, ' ')", "TRIM(_1, _2)"),
    "OCTET_LENGTH": "STRLEN(_1)",
    "CHR": "CHR(CAST(_1 AS INT))",
    "CHAR": "CHR(CAST(_1 AS INT))",
    "SHA2": _hashed,
    "REGEXP": "REGEXP_MATCHES(_1, _2)",
    "REGEXP_REPLACE": patterns.replaced_matches("$"),
    "REGEXP_SUBSTR": lambda arguments: patterns.matched(arguments[0], arguments[1]),
    "SPLIT": ("STR_SPLIT_REGEX(_1, _2)", _split),
    "FORMAT_STRING": printed("FORMAT_STRING", "null", ","),
    "PRINTF": printed("PRINTF", "null", ","),
    "FORMAT_NUMBER": _with_commas,
    "URL_ENCODE": "REPLACE(REPLACE(REPLACE(URL_ENCODE(_1), '%20', '+'), '%2A', '*'), '~', '%7E')",
    "URL_DECODE": "URL_DECODE(REPLACE(_1, '+', '%20'))",
    "ELT": _chosen,
    "FIND_IN_SET": (
        "CASE WHEN _1 IS NOT NULL AND _2 IS NOT NULL THEN COALESCE(LIST_POSITION(STR_SPLIT(_2, ','), _1), 0) END"
    ),
    "STR_TO_MAP": (
        _MAP.replace("_2", "','").replace("_3", "':'"),
        _MAP.replace("_3", "':'"),
        _MAP,
    ),
    "SOUNDEX": codes.SOUNDEX_OF_WORDS,
    "CRC32": codes.CRC32,
    "BASE64": "TO_BASE64(UNHEX(HEX(_1)))",
    "XXHASH64": unsupported("it has no XXHASH64; use MD5 or SHA2"),
    "MASK": _masked,
    "PARSE_URL": urls.part_of_address,
}

# --- numbers and lists ---

_TYPES = {
    '"NULL"': "void", "BOOLEAN": "boolean", "TINYINT": "tinyint", "SMALLINT": "smallint", "INTEGER": "int",
    "BIGINT": "bigint", "FLOAT": "float", "DOUBLE": "double", "VARCHAR": "string", "BLOB": "binary", "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}  # fmt: skip
_TYPE = (
    "CASE "
    + " ".join(f"WHEN TYPEOF(_1) = '{name}' THEN '{shown}'" for name, shown in _TYPES.items())
    + " WHEN STARTS_WITH(TYPEOF(_1), 'DECIMAL') THEN LOWER(TYPEOF(_1)) "
    "ELSE ERROR('TYPEOF: it is not known how Databricks names the type ' || TYPEOF(_1)) END"
)
_LIST = "LIST_FILTER(_1, LAMBDA e, i: LIST_POSITION(_1, e) = i)"


def _all_hold(arguments: Arguments) -> exp.Expr:
    kept = exp.Anonymous(this="LIST_FILTER", expressions=[argument.copy() for argument in arguments])
    return filled("LEN(_2) = LEN(_1)", arguments[0], kept)


_OTHERS: Functions = {
    "INT": "CAST(_1 AS INT)",
    "BIGINT": "CAST(_1 AS BIGINT)",
    "ZEROIFNULL": "COALESCE(_1, 0)",
    "NULLIFZERO": "NULLIF(_1, 0)",
    "ISNULL": "_1 IS NULL",
    "ISNOTNULL": "_1 IS NOT NULL",
    "NANVL": "CASE WHEN ISNAN(_1) THEN _2 ELSE _1 END",
    "PMOD": "((_1 % _2) + _2) % _2",
    "TRY_ADD": "TRY(_1 + _2)",
    "TRY_SUBTRACT": "TRY(_1 - _2)",
    "TRY_MULTIPLY": "TRY(_1 * _2)",
    "BROUND": ("ROUND_EVEN(_1, 0)", "ROUND_EVEN(_1, _2)"),
    "HYPOT": "SQRT(_1 * _1 + _2 * _2)",
    "FACTORIAL": "FACTORIAL(CAST(_1 AS INT))",
    "CONV": _converted,
    "GET": "LIST_EXTRACT(_1, _2 + 1)",
    "ARRAY_CONTAINS": (
        "CASE WHEN _1 IS NULL OR _2 IS NULL THEN NULL WHEN LIST_CONTAINS(_1, _2) THEN TRUE "
        "WHEN LEN(LIST_FILTER(_1, LAMBDA e: e IS NULL)) > 0 THEN NULL ELSE FALSE END"
    ),
    "ARRAY_DISTINCT": _LIST,
    "ARRAY_UNION": _LIST.replace("_1", "LIST_CONCAT(_1, _2)"),
    "ARRAYS_OVERLAP": "LIST_HAS_ANY(_1, _2)",
    "ARRAY_POSITION": "CASE WHEN _1 IS NOT NULL AND _2 IS NOT NULL THEN COALESCE(LIST_POSITION(_1, _2), 0) END",
    "ARRAY_REPEAT": "LIST_TRANSFORM(GENERATE_SERIES(1, _2), LAMBDA i: _1)",
    "FORALL": _all_hold,
    "GET_JSON_OBJECT": "TRY(_1 ->> _2)",
    "FROM_JSON": _from_json,
    "TO_NUMBER": read_number("TO_NUMBER"),
    "TRY_TO_NUMBER": read_number("TRY_TO_NUMBER", safe=True),
    "TYPEOF": _TYPE,
    "TRY_SUM": (
        "CASE WHEN TYPEOF(SUM(_1)) <> 'HUGEINT' OR SUM(_1) BETWEEN -9223372036854775808 AND 9223372036854775807 "
        "THEN SUM(_1) END"
    ),
    "TRY_AVG": "AVG(_1)",
    "HISTOGRAM_NUMERIC": unsupported("it has no HISTOGRAM_NUMERIC"),
    "INLINE": unsupported("it has no INLINE; use LATERAL VIEW EXPLODE"),
    "STACK": unsupported("it has no STACK; use UNION ALL or UNPIVOT"),
}
FUNCTIONS: Functions = {**TIMES, **_TEXTS, **_OTHERS}
"""Functions that sqlglot would mistranslate, or not translate."""

_SAME = frozenset(
    {
        "ARRAY_APPEND", "ARRAY_COMPACT", "ARRAY_MAX", "ARRAY_MIN", "ARRAY_SIZE", "ASCII", "BIN", "BIT_COUNT",
        "CARDINALITY", "CBRT", "CHARINDEX", "DATE_PART", "DAYOFMONTH", "ELEMENT_AT", "EVERY", "LOG2", "MAKE_DATE",
        "JSON_ARRAY_LENGTH", "RANGE",
        "MAP_KEYS", "MAP_VALUES", "NEXT_DAY", "PI", "REGEXP_COUNT", "SHIFTLEFT", "SHIFTRIGHT", "SIGN", "SOME", "SPACE",
        "TRY_ELEMENT_AT", "URL_DECODE", "UUID",
    }
)  # fmt: skip


def functions(node: exp.Expr) -> exp.Expr:
    """Translates a function of ``FUNCTIONS``."""
    return meant(FUNCTIONS, node, _NAME)


def known_functions(node: exp.Expr) -> exp.Expr:
    """Rejects unknown functions."""
    if name_of(node) == "TRY_SUM" and isinstance(node.parent, exp.Window | exp.Filter):
        raise UnsupportedError("TRY_SUM with FILTER or OVER is not supported; use SUM")
    return unknown(node, _SAME, _NAME)


# --- nodes ---


def parts_of_texts(node: exp.Expr) -> exp.Expr:
    """SUBSTRING from 0 is SUBSTRING from 1."""
    if not isinstance(node, exp.Substring) or (start := node.args.get("start")) is None:
        return node
    place = whole(start)
    if place is None:
        node.set("start", filled("CASE WHEN _1 = 0 THEN 1 ELSE _1 END", start))
    elif place == 0:
        node.set("start", exp.Literal.number(1))
    return node


def cut_off(node: exp.Expr) -> exp.Expr:
    """A cast of a fractional number to a whole number truncates; the engine rounds."""
    if isinstance(node, exp.Cast) and node.to.this in _WHOLE and _has_fraction(node.this):
        node.set("this", exp.Anonymous(this="TRUNC", expressions=[node.this.copy()]))
    return node


def _has_fraction(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren | exp.Neg):
        return _has_fraction(node.this)
    if isinstance(node, exp.Literal):
        return not node.is_string and not node.is_int
    return is_floating(node) or (isinstance(node, exp.Cast) and node.to.this == _T.DECIMAL)


def weekdays(node: exp.Expr) -> exp.Expr:
    """EXTRACT(DOW FROM x) is 1 on Sunday; EXTRACT(SECOND FROM x) has a fraction."""
    if not isinstance(node, exp.Extract):
        return node
    unit = node.this.name.upper()
    if unit in {"DOW", "DAYOFWEEK"}:
        return filled("DATE_PART('dow', _1) + 1", node.expression)
    return filled("MICROSECOND(_1) / 1000000.0", node.expression) if unit in {"SECOND", "SECONDS"} else node


def kept_types(node: exp.Expr) -> exp.Expr:
    """Days, months and years added to a date give a date."""
    interval = node.expression if isinstance(node, exp.Add | exp.Sub) else None
    if not isinstance(interval, exp.Interval) or isinstance(node.this, exp.Literal):
        return node
    if interval.text("unit").upper().rstrip("S") not in {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}:
        return node
    return exp.Anonymous(this="CAST_TO_TYPE", expressions=[node.copy(), node.this.copy()])


def moments(node: exp.Expr) -> exp.Expr:
    """DATEADD and DATE_TRUNC of a date give a timestamp."""
    moves = isinstance(node, exp.TimestampAdd | exp.TimestampTrunc)
    if moves and isinstance(node.this, exp.Cast) and node.this.to.this == _T.DATE:
        node.set("this", exp.cast(node.this.copy(), "TIMESTAMPTZ"))
    return node


def texts_of_paths(node: exp.Expr) -> exp.Expr:
    """``x:a.b`` of a text is a text; of the result of PARSE_JSON it is still a document."""
    if not isinstance(node, exp.JSONExtract) or not node.args.get("variant_extract"):
        return node
    if node.find(exp.ParseJSON) is not None:
        return node
    return exp.JSONExtractScalar(this=node.this.copy(), expression=node.expression.copy())


def conditions_of_lists(node: exp.Expr) -> exp.Expr:
    """EXISTS(list, x -> ...): whether it is true for any element."""
    if isinstance(node, exp.Exists) and isinstance(node.expression, exp.Lambda):
        kept = exp.Anonymous(this="LIST_FILTER", expressions=[node.this.copy(), node.expression.copy()])
        return filled("LEN(_1) > 0", kept)
    return node


def checked_positions(node: exp.Expr) -> exp.Expr:
    """``ARRAY(...)[n]`` out of range is an error, not NULL."""
    if not isinstance(node, exp.Bracket) or not isinstance(node.this, exp.Array | exp.Split | exp.ArrayAgg):
        return node
    if node.args.get("offset") or node.args.get("safe") is not None:
        return node  # ELEMENT_AT, whose positions start at 1
    place = node.expressions[0]
    at = whole(place)
    index = exp.Literal.number(at + 1) if at is not None else place + 1
    return filled(CHECKED, node.this, index)


def reversed_lists(node: exp.Expr) -> exp.Expr:
    """REVERSE of an expression that is known to be a list."""
    if isinstance(node, exp.Reverse) and isinstance(node.this, exp.Array | exp.Split | exp.ArrayAgg):
        return exp.Anonymous(this="LIST_REVERSE", expressions=[node.this.copy()])
    return node


def rows_of_lists(node: exp.Expr) -> exp.Expr:
    """LATERAL VIEW OUTER EXPLODE returns a row of NULL for an empty list; LATERAL EXPLODE in FROM is UNNEST."""
    if not isinstance(node, exp.Lateral) or not isinstance(node.this, exp.Explode):
        return node
    alias = node.args.get("alias")
    if isinstance(node.this.this, exp.Map | exp.ToMap | exp.VarMap) or (
        type(node.this) is exp.Explode and alias is not None and len(alias.columns) > 1
    ):
        return _rows_of_map(node, node.this.this, alias)
    if not node.args.get("view"):
        return exp.Unnest(expressions=[node.this.this.copy()], alias=alias.copy() if alias is not None else None)
    if node.args.get("outer"):
        listed = filled("CASE WHEN LEN(_1) > 0 THEN _1 ELSE [NULL] END", node.this.this)
        node.this.set("this", listed)
        node.set("outer", False)
    return node


def _rows_of_map(node: exp.Lateral, mapped: exp.Expr, alias: exp.TableAlias | None) -> exp.Expr:
    """LATERAL VIEW EXPLODE(map) t AS k, v: one row per key."""
    if node.args.get("outer") or alias is None or len(alias.columns) != 2:  # noqa: PLR2004
        raise UnsupportedError("EXPLODE of a map needs names for two columns: LATERAL VIEW EXPLODE(m) t AS k, v")
    sides = (exp.Anonymous(this=name, expressions=[mapped.copy()]) for name in ("MAP_KEYS", "MAP_VALUES"))
    rows = exp.select(*(exp.Anonymous(this="UNNEST", expressions=[side]) for side in sides))
    query = node.parent
    if not isinstance(query, exp.Select):
        raise UnsupportedError("EXPLODE of a map is only supported in LATERAL VIEW")
    query.append("joins", exp.Join(this=exp.Lateral(this=rows.subquery(), alias=alias.copy()), kind="CROSS"))
    node.pop()
    return node


def named_values(node: exp.Expr) -> exp.Expr:
    """Columns of VALUES without names are ``col1``, ``col2`` and so on."""
    if not isinstance(node, exp.Values) or not node.expressions or not isinstance(node.expressions[0], exp.Tuple):
        return node
    alias = node.args.get("alias")
    if (alias is None or not alias.columns) and isinstance(node.parent, exp.From | exp.Join | exp.Subquery):
        names = [exp.to_identifier(f"col{i}") for i in range(1, len(node.expressions[0].expressions) + 1)]
        name = alias.this.copy() if alias is not None and alias.this else exp.to_identifier("rows_given")
        node.set("alias", exp.TableAlias(this=name, columns=names))
    return node


# --- aggregates ---

_SKEWNESS = (
    "CASE WHEN MIN(_1) = MAX(_1) THEN NULL WHEN COUNT(_1) = 2 THEN 0.0 "
    "ELSE SKEWNESS(_1) * (COUNT(_1) - 2) / SQRT(COUNT(_1) * (COUNT(_1) - 1)) END"
)
"""The population skewness, from the engine's sample skewness."""
_AROUND = (exp.WithinGroup, exp.Filter, exp.Window, exp.IgnoreNulls, exp.RespectNulls)


def plain_aggregates(node: exp.Expr) -> exp.Expr:
    """Aggregates with other names. FIRST and LAST, which pick any row, become the smallest and the greatest value."""
    if isinstance(node, exp.IgnoreNulls) and isinstance(node.this, exp.First | exp.Last):
        return node if isinstance(node.parent, exp.Window) else plain_aggregates(node.this)
    if isinstance(node, exp.First | exp.Last) and not isinstance(node.parent, exp.Window | exp.IgnoreNulls):
        return (exp.Min if isinstance(node, exp.First) else exp.Max)(this=node.this.copy())
    if isinstance(node, exp.Any) and not isinstance(node.parent, exp.Predicate | exp.Binary):
        return exp.LogicalOr(this=node.this.unnest().copy())
    if isinstance(node, exp.Anonymous) and name_of(node) == "SOME":
        return exp.LogicalOr(this=node.expressions[0].copy())
    if isinstance(node, exp.ApproxQuantile):
        return filled("QUANTILE_DISC(_1, _2)", node.this, node.args["quantile"])
    if isinstance(node, exp.Quantile):
        return filled("QUANTILE_CONT(_1, _2)", node.this, node.args["quantile"])
    if isinstance(node, exp.Skewness):
        if isinstance(node.parent, exp.Window | exp.Filter):
            raise UnsupportedError("SKEWNESS with FILTER or OVER is not supported")
        return filled(_SKEWNESS, node.this)
    if isinstance(node, exp.Kurtosis):
        return exp.Anonymous(this="KURTOSIS_POP", expressions=[node.this.copy()])
    return node


def rounded_months(node: exp.Expr) -> exp.Expr:
    """MONTHS_BETWEEN is rounded to eight digits."""
    if isinstance(node, exp.MonthsBetween) and not isinstance(node.parent, exp.Round):
        return exp.Round(this=node.copy(), decimals=exp.Literal.number(8))
    return node


def empty_lists(node: exp.Expr) -> exp.Expr:
    """COLLECT_LIST, COLLECT_SET and ARRAY_AGG of no rows: an empty list; the engine gives NULL."""
    if isinstance(node.parent, _AROUND) and node.arg_key == "this":
        return node
    core: exp.Expr = node
    while isinstance(core, _AROUND):
        core = core.this
    if isinstance(core, exp.ArrayAgg | exp.ArrayUniqueAgg):
        return exp.func("COALESCE", node.copy(), exp.Array(expressions=[]))
    return node
