"""Rules for BigQuery SQL.

Each takes a node and returns one with the same meaning in the engine's SQL. A TIMESTAMP is a moment (the engine's
TIMESTAMPTZ); a DATETIME has no time zone.
"""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile import codes
from onefold.sql.transpile.author_dialects import CHECKED
from onefold.sql.transpile.functions import (
    Arguments,
    Functions,
    Meaning,
    filled,
    literal,
    meant,
    unknown,
    unsupported,
    whole,
)
from onefold.sql.transpile.printf import printed
from onefold.sql.transpile.time_formats import TimeFormats, percents, words
from onefold.sql.transpile.variants import is_document

_NAME = "BigQuery"
_DAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
# Unicode white space, which TRIM removes.
_BLANKS = "".join(map(chr, (*range(9, 14), 32, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)))
_EPOCH = "CAST(CAST(FLOOR(EPOCH(_1)) AS BIGINT) AS TEXT)"

_FORMATS = TimeFormats(
    _NAME,
    percents,
    writes={
        **{f"%{one}": f"%{one}" for one in "aAbBdGHIjmMpSUVwWyY"},
        "%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y", "%x": "%m/%d/%y", "%X": "%H:%M:%S",
        "%h": "%b", "%n": "\n", "%t": "\t", "%u": "%u", "%E4Y": "%Y", "%E3S": "%S.%g", "%E6S": "%S.%f",
        "%r": "%I:%M:%S %p",
        "%e": "LPAD(STRFTIME(_1, '%-d'), 2, ' ')",
        "%k": "LPAD(STRFTIME(_1, '%-H'), 2, ' ')",
        "%l": "LPAD(STRFTIME(_1, '%-I'), 2, ' ')",
        "%c": "STRFTIME(_1, '%a %b ') || LPAD(STRFTIME(_1, '%-d'), 2, ' ') || STRFTIME(_1, ' %H:%M:%S %Y')",
        "%C": "LPAD(CAST(YEAR(_1) // 100 AS TEXT), 2, '0')",
        "%P": "LOWER(STRFTIME(_1, '%p'))",
        "%Q": "CAST(QUARTER(_1) AS TEXT)",
        "%s": _EPOCH,
    },
    reads={
        **{f"%{one}": (f"%{one}",) for one in "aAbBdHIjmMpSyY"},
        "%F": ("%Y-%m-%d",), "%T": ("%H:%M:%S",), "%R": ("%H:%M",), "%D": ("%m/%d/%y",), "%e": ("%d",), "%h": ("%b",),
        "%E4Y": ("%Y",), "%E*S": ("%S.%f", "%S"), "%E3S": ("%S.%f",), "%E6S": ("%S.%f",), "%z": ("%z",), "%Ez": ("%z",),
        "%k": ("%H",), "%l": ("%I",), "%X": ("%H:%M:%S",), "%x": ("%m/%d/%y",),
    },
)  # fmt: skip
_ORACLE = {
    "YYYY": "%Y", "YY": "%y", "MM": "%m", "MON": "UPPER(STRFTIME(_1, '%b'))", "Mon": "%b",
    "MONTH": "UPPER(STRFTIME(_1, '%B'))",
    "DD": "%d", "DDD": "%j", "DY": "UPPER(STRFTIME(_1, '%a'))", "HH24": "%H", "HH12": "%I", "MI": "%M", "SS": "%S",
    "AM": "%p", "PM": "%p",
}  # fmt: skip
_CASTS = TimeFormats(_NAME, words(list(_ORACLE)), writes=_ORACLE)


# --- functions ---


def _formatted(arguments: Arguments) -> exp.Expr:
    """FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIMESTAMP: the format comes first; an optional time zone third."""
    wanted = literal(arguments[0], "the format")
    if len(arguments) == 2:  # noqa: PLR2004
        return _FORMATS.written(filled("CAST(_1 AS TIMESTAMP)", arguments[1]), wanted)
    return _FORMATS.written(filled("CAST(_1 AS TIMESTAMPTZ) AT TIME ZONE _2", *arguments[1:]), wanted)


def _parsed(type_: str) -> Meaning:
    """PARSE_DATE and others: the format comes first; an optional time zone third."""

    def parse(arguments: Arguments) -> exp.Expr:
        wanted = literal(arguments[0], "the format")
        if wanted == "%s":
            return filled(f"CAST(MAKE_TIMESTAMP(CAST(_1 AS BIGINT) * 1000000) AS {type_})", arguments[1])
        found = _FORMATS.read(arguments[1], wanted)
        if len(arguments) == 2:  # noqa: PLR2004
            return exp.cast(found, type_)
        return filled("CAST(_1 AS TIMESTAMP) AT TIME ZONE _2", found, arguments[2])

    return parse


def _part_of_text(arguments: Arguments) -> exp.Expr:
    """SUBSTR: 0 means the first position; a negative position counts from the end, and stops at the beginning."""
    start = arguments[1]
    place = whole(start)
    if place is None or place < 0:
        begin = filled("CASE WHEN _2 = 0 OR _2 < -LENGTH(_1) THEN 1 ELSE _2 END", arguments[0], start)
    else:
        begin = exp.Literal.number(max(place, 1))
    if len(arguments) == 2:  # noqa: PLR2004
        return filled("SUBSTRING(_1, _2)", arguments[0], begin)
    length = whole(arguments[2])
    part = filled("SUBSTRING(_1, _2, _3)", arguments[0], begin, arguments[2])
    if length is not None and length >= 0:
        return part
    return filled("CASE WHEN _1 < 0 THEN ERROR('the length of SUBSTR is negative') ELSE _2 END", arguments[2], part)


_FOUND = "LIST_FILTER(GENERATE_SERIES({}, {}), LAMBDA i: SUBSTRING(_1, i, LENGTH(_2)) = _2)"
_NTH = (
    "CASE WHEN _1 IS NOT NULL AND _2 IS NOT NULL THEN COALESCE(LIST_EXTRACT(CASE WHEN _3 > 0 THEN "
    + _FOUND.format("_3", "LENGTH(_1)")
    + " ELSE LIST_REVERSE("
    + _FOUND.format("1", "LENGTH(_1) + _3 + 1")
    + ") END, _4), 0) END"
)


def _path(node: exp.Expr) -> exp.Expr:
    """A path, for example ``$['a b'].c``, in the engine's form ``$."a b".c``."""
    text = literal(node, "a JSON path")
    return exp.Literal.string(re.sub(r"\[\s*'((?:[^'\\]|\\.)*)'\s*\]", r'."\1"', text))


def _value(arguments: Arguments) -> exp.Expr:
    """JSON_VALUE: a scalar as text; NULL for lists and objects, and for invalid JSON."""
    path = _path(arguments[1]) if len(arguments) > 1 else exp.Literal.string("$")
    scalar = "JSON_VALUE(_1, _2) ->> '$'"
    return filled(scalar if is_document(arguments[0]) else f"TRY({scalar})", arguments[0], path)


def _document(arguments: Arguments) -> exp.Expr:
    """JSON_QUERY: text from text, JSON from JSON."""
    path = _path(arguments[1]) if len(arguments) > 1 else exp.Literal.string("$")
    if is_document(arguments[0]):
        return filled("JSON_EXTRACT(_1, _2)", arguments[0], path)
    return filled("CAST(TRY(JSON_EXTRACT(_1, _2)) AS TEXT)", arguments[0], path)


def _elements(template: str) -> Meaning:
    """JSON_QUERY_ARRAY and others: the elements of a list; NULL if there is none."""

    def elements(arguments: Arguments) -> exp.Expr:
        path = _path(arguments[1]) if len(arguments) > 1 else exp.Literal.string("$")
        listed = filled("TRY(CAST(JSON_EXTRACT(_1, _2) AS JSON[]))", arguments[0], path)
        return filled(template, listed)

    return elements


def _as_text(arguments: Arguments) -> exp.Expr:
    """STRING: a time as text, or the text in a JSON value."""
    if len(arguments) != 1:
        raise UnsupportedError("STRING with a time zone is not supported; use FORMAT_TIMESTAMP")
    return filled("_1 ->> '$'" if _is_json(arguments[0]) else "CAST(_1 AS TEXT)", arguments[0])


def _is_json(node: exp.Expr) -> bool:
    return is_document(node) or (isinstance(node, exp.Bracket | exp.Dot) and _is_json(node.this))


def _normalized(arguments: Arguments) -> exp.Expr:
    if len(arguments) > 1 and arguments[1].name.upper() != "NFC":
        raise UnsupportedError("it has NORMALIZE of the form NFC only")
    return exp.Anonymous(this="NFC_NORMALIZE", expressions=[arguments[0]])


_TEXTS: Functions = {
    "SUBSTR": _part_of_text,
    "SUBSTRING": _part_of_text,
    "INSTR": ("STRPOS(_1, _2)", _NTH.replace("_4", "1"), _NTH),
    "TRIM": (f"TRIM(_1, '{_BLANKS}')", "TRIM(_1, _2)"),
    "LTRIM": (f"LTRIM(_1, '{_BLANKS}')", "LTRIM(_1, _2)"),
    "RTRIM": (f"RTRIM(_1, '{_BLANKS}')", "RTRIM(_1, _2)"),
    "BYTE_LENGTH": "STRLEN(_1)",
    "OCTET_LENGTH": "STRLEN(_1)",
    "CHR": "CHR(CAST(_1 AS INT))",
    "TO_CODE_POINTS": "LIST_TRANSFORM(STR_SPLIT(_1, ''), LAMBDA c: UNICODE(c))",
    "CODE_POINTS_TO_STRING": "ARRAY_TO_STRING(LIST_TRANSFORM(_1, LAMBDA c: CHR(CAST(c AS INT))), '')",
    "NORMALIZE": _normalized,
    "NORMALIZE_AND_CASEFOLD": unsupported("it has no NORMALIZE_AND_CASEFOLD; use LOWER(NORMALIZE(x))"),
    "FORMAT": printed("FORMAT", "NULL", "'"),
    "SHA512": unsupported("it has no SHA512; use SHA256"),
    "FARM_FINGERPRINT": unsupported("it has no FARM_FINGERPRINT; use TO_HEX(SHA256(x))"),
    "SOUNDEX": codes.SOUNDEX,
    "CONTAINS_SUBSTR": "CONTAINS(LOWER(NFC_NORMALIZE(_1)), LOWER(NFC_NORMALIZE(_2)))",
}
_TIMES: Functions = {
    "FORMAT_DATE": _formatted,
    "FORMAT_DATETIME": _formatted,
    "FORMAT_TIMESTAMP": _formatted,
    "PARSE_DATE": _parsed("DATE"),
    "PARSE_DATETIME": _parsed("TIMESTAMP"),
    "PARSE_TIMESTAMP": _parsed("TIMESTAMPTZ"),
    "UNIX_SECONDS": "CAST(FLOOR(EPOCH(_1)) AS BIGINT)",
    "TIMESTAMP_MILLIS": "CAST(MAKE_TIMESTAMP(_1 * 1000) AS TIMESTAMPTZ)",
    "TIMESTAMP_MICROS": "CAST(MAKE_TIMESTAMP(_1) AS TIMESTAMPTZ)",
    "DATE_FROM_UNIX_DATE": "DATE '1970-01-01' + CAST(_1 AS INT)",
    "STRING": _as_text,
}
_OTHERS: Functions = {
    "APPROX_TOP_COUNT": unsupported("it has no APPROX_TOP_COUNT; count with GROUP BY and ORDER BY"),
    "APPROX_TOP_SUM": unsupported("it has no APPROX_TOP_SUM; sum with GROUP BY and ORDER BY"),
    "SAFE_ADD": "TRY(_1 + _2)",
    "SAFE_SUBTRACT": "TRY(_1 - _2)",
    "SAFE_MULTIPLY": "TRY(_1 * _2)",
    "SAFE_NEGATE": "TRY(-_1)",
    "RANGE_BUCKET": "CASE WHEN _1 IS NOT NULL THEN LEN(LIST_FILTER(_2, LAMBDA b: b <= _1)) END",
    "ARRAY_FIRST": "CASE WHEN LEN(_1) = 0 THEN ERROR('ARRAY_FIRST of an empty list') ELSE _1[1] END",
    "ARRAY_LAST": "CASE WHEN LEN(_1) = 0 THEN ERROR('ARRAY_LAST of an empty list') ELSE _1[-1] END",
    "ARRAY_SLICE": (
        "LIST_SLICE(_1, CASE WHEN _2 < 0 THEN _2 ELSE _2 + 1 END, CASE WHEN _3 < 0 THEN _3 ELSE _3 + 1 END)"
    ),
    "ARRAY_INCLUDES": "LIST_CONTAINS(_1, _2)",
    "JSON_VALUE": _value,
    "JSON_EXTRACT_SCALAR": _value,
    "JSON_QUERY": _document,
    "JSON_EXTRACT": _document,
    "JSON_QUERY_ARRAY": _elements("LIST_TRANSFORM(_1, LAMBDA e: CAST(e AS TEXT))"),
    "JSON_EXTRACT_ARRAY": _elements("LIST_TRANSFORM(_1, LAMBDA e: CAST(e AS TEXT))"),
    "JSON_VALUE_ARRAY": _elements("LIST_TRANSFORM(_1, LAMBDA e: e ->> '$')"),
    "JSON_EXTRACT_STRING_ARRAY": _elements("LIST_TRANSFORM(_1, LAMBDA e: e ->> '$')"),
    "JSON_TYPE": (
        "CASE JSON_TYPE(_1) WHEN 'VARCHAR' THEN 'string' WHEN 'BIGINT' THEN 'number' WHEN 'UBIGINT' THEN 'number' "
        "WHEN 'DOUBLE' THEN 'number' ELSE LOWER(JSON_TYPE(_1)) END"
    ),
    "INT64": "CAST(_1 AS BIGINT)",
    "FLOAT64": "CAST(_1 AS DOUBLE)",
    "BOOL": "CAST(_1 AS BOOLEAN)",
    "LAX_INT64": "TRY_CAST(_1 ->> '$' AS BIGINT)",
    "LAX_FLOAT64": "TRY_CAST(_1 ->> '$' AS DOUBLE)",
    "LAX_BOOL": "TRY_CAST(_1 ->> '$' AS BOOLEAN)",
    "LAX_STRING": "_1 ->> '$'",
}
FUNCTIONS: Functions = {**_TEXTS, **_TIMES, **_OTHERS}
"""Functions that sqlglot would mistranslate, or not translate."""

_SAME = frozenset({"BIT_COUNT", "CBRT", "ERROR", "MAX_BY", "MIN_BY", "SIGN", "TRANSLATE", "UNICODE", "ASCII"})


def functions(node: exp.Expr) -> exp.Expr:
    """Translates a function of ``FUNCTIONS``."""
    return meant(FUNCTIONS, node, _NAME)


def known_functions(node: exp.Expr) -> exp.Expr:
    """Rejects unknown functions."""
    if isinstance(node, exp.NetFunc):
        raise UnsupportedError(f"it has no NET.{node.this.name or node.this.sql_name()}; use REGEXP_EXTRACT")
    return unknown(node, _SAME, _NAME)


# --- times ---


def whole_units(node: exp.Expr) -> exp.Expr:
    """TIMESTAMP_DIFF counts whole units; the engine's DATE_DIFF counts unit boundaries."""
    if not isinstance(node, exp.TimestampDiff):
        return node
    unit = exp.Literal.string(node.text("unit").lower())
    return filled("DATE_SUB(_1, CAST(_2 AS TIMESTAMPTZ), CAST(_3 AS TIMESTAMPTZ))", unit, node.expression, node.this)


def parts_of_times(node: exp.Expr) -> exp.Expr:
    """EXTRACT: weeks begin on Sunday by default, and are counted from 0; DATE and TIME are parts too."""
    if not isinstance(node, exp.Extract):
        return node
    value = filled("CAST(_1 AS TIMESTAMP)", node.expression)
    if isinstance(node.this, exp.WeekStart):
        begins = _DAYS.index(node.this.name.upper())
        week = f"(DAYOFYEAR(_1) + 6 - (DAYOFWEEK(_1) + {7 - begins}) % 7) // 7"
        return filled(week, value)
    templates = {
        "WEEK": "CAST(STRFTIME(_1, '%U') AS BIGINT)",
        "ISOWEEK": "WEEKOFYEAR(_1)",
        "ISOYEAR": "ISOYEAR(_1)",
        "DATE": "CAST(_1 AS DATE)",
        "TIME": "CAST(_1 AS TIME)",
        "DATETIME": "_1",
        "MILLISECOND": "MILLISECOND(_1) % 1000",
        "MICROSECOND": "MICROSECOND(_1) % 1000000",
    }
    unit = node.this.name.upper()
    return filled(templates[unit], value) if unit in templates else exp.Extract(this=node.this.copy(), expression=value)


def kept_types(node: exp.Expr) -> exp.Expr:
    """DATE_ADD, DATE_SUB and DATE_TRUNC keep the type of their argument; text becomes a date."""
    if not isinstance(node, exp.DateAdd | exp.DateSub | exp.DateTrunc):
        return node
    if isinstance(node.this, exp.Literal):
        node.set("this", exp.cast(node.this.copy(), "DATE"))
    if isinstance(node.this, exp.Cast) and node.this.to.this == exp.DataType.Type.DATE:
        return exp.cast(node.copy(), "DATE")
    return exp.Anonymous(this="CAST_TO_TYPE", expressions=[node.copy(), node.this.copy()])


# --- JSON and lists ---


def safe_functions(node: exp.Expr) -> exp.Expr:
    """``SAFE.f(x)``: NULL instead of an error."""
    if not isinstance(node, exp.SafeFunc):
        return node
    if isinstance(node.this, exp.ParseJSON):
        return exp.TryCast(this=node.this.this.copy(), to=exp.DataType.build("JSON", dialect="duckdb"))
    return exp.Anonymous(this="TRY", expressions=[node.this.copy()])


def nothing_for_errors(node: exp.Expr) -> exp.Expr:
    """An error that a rule has put inside of TRY becomes NULL; the engine does not catch calls of ERROR()."""
    if isinstance(node, exp.Anonymous) and node.name == "ERROR" and _is_tried(node):
        return exp.null()
    return node


def _is_tried(node: exp.Expr | None) -> bool:
    while node is not None:
        if isinstance(node, exp.Anonymous) and node.name == "TRY":
            return True
        node = node.parent
    return False


def floating_literals(node: exp.Expr) -> exp.Expr:
    """``1.5`` is a FLOAT64; in the engine it would be a decimal."""
    if isinstance(node, exp.Literal) and not node.is_string and re.fullmatch(r"\d*\.\d*", node.name):
        return (
            node if isinstance(node.parent, exp.DataTypeParam | exp.Interval) else exp.Literal.number(node.name + "e0")
        )
    return node


def formatted_casts(node: exp.Expr) -> exp.Expr:
    """``CAST(x AS STRING FORMAT 'YYYY-MM-DD')``: the format elements of Oracle."""
    if not isinstance(node, exp.Cast) or node.args.get("format") is None:
        return node
    if node.to.this not in {exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR}:
        raise UnsupportedError(f"CAST to {node.to.sql()} with FORMAT is not supported; use PARSE_DATE")
    return _CASTS.written(filled("CAST(_1 AS TIMESTAMP)", node.this), literal(node.args["format"], "the format"))


def checked_offsets(node: exp.Expr) -> exp.Expr:
    """``x[OFFSET(n)]`` out of range is an error, not NULL."""
    if not isinstance(node, exp.Bracket) or node.args.get("safe") is not False or len(node.expressions) != 1:
        return node
    place = node.expressions[0]
    first = 1 if node.args.get("offset") == 0 else 0
    index = exp.Literal.number(int(place.name) + first) if whole(place) is not None else place + first
    return filled(CHECKED, node.this, index)


def offsets_from_zero(node: exp.Expr) -> exp.Expr:
    """``UNNEST(x) AS v WITH OFFSET AS i``: counted from 0; the engine's WITH ORDINALITY starts at 1."""
    if not isinstance(node, exp.Unnest) or not isinstance(node.args.get("offset"), exp.Identifier):
        return node
    alias, offset, listed = node.args.get("alias"), node.args["offset"], node.expressions[0]
    if alias is None or len(alias.columns) != 1:
        raise UnsupportedError("UNNEST with WITH OFFSET needs a name for the element: UNNEST(x) AS v WITH OFFSET AS i")
    counted = filled("GENERATE_SUBSCRIPTS(_1, 1) - 1", listed)
    rows = exp.select(
        exp.Anonymous(this="UNNEST", expressions=[listed.copy()]).as_(alias.columns[0].copy()),
        counted.as_(offset.copy()),
    )
    return rows.subquery(alias.this or f"{alias.columns[0].name}_")


def chosen_texts(node: exp.Expr) -> exp.Expr:
    """STRING_AGG(x, d ORDER BY y LIMIT n): the first n values."""
    if not isinstance(node, exp.GroupConcat) or not isinstance(node.this, exp.Limit):
        return node
    listed = exp.IgnoreNulls(this=exp.ArrayAgg(this=node.this.copy()))
    separator = node.args.get("separator") or exp.Literal.string(",")
    return exp.Anonymous(this="ARRAY_TO_STRING", expressions=[listed, separator.copy()])


def kept_nulls(node: exp.Expr) -> exp.Expr:
    """ARRAY_AGG(x RESPECT NULLS) is ARRAY_AGG(x)."""
    return node.this.copy() if isinstance(node, exp.RespectNulls) and isinstance(node.this, exp.ArrayAgg) else node
