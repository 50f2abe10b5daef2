"""Rules for PostgreSQL SQL.

Each takes a node and returns one with the same meaning in the engine's SQL. Redshift, which is derived from PostgreSQL,
shares the formats.
"""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile import patterns
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
from onefold.sql.transpile.number_formats import written_number
from onefold.sql.transpile.time_formats import TimeFormats, words
from onefold.sql.transpile.variants import is_document

_NAME = "PostgreSQL"
_T = exp.DataType.Type
_WRITES = {
    "YYYY": "%Y", "YY": "%y", "IYYY": "%G", "IW": "%V", "MM": "%m", "DD": "%d", "DDD": "%j", "HH24": "%H",
    "HH12": "%I", "HH": "%I", "MI": "%M", "SS": "%S", "MS": "%g", "US": "%f", "FF3": "%g", "FF6": "%f", "ID": "%u",
    "AM": "%p", "PM": "%p", "am": "LOWER(STRFTIME(_1, '%p'))", "pm": "LOWER(STRFTIME(_1, '%p'))",
    "D": "CAST(DAYOFWEEK(_1) + 1 AS TEXT)", "Q": "CAST(QUARTER(_1) AS TEXT)",
    "WW": "LPAD(CAST((DAYOFYEAR(_1) - 1) // 7 + 1 AS TEXT), 2, '0')", "W": "CAST((DAY(_1) - 1) // 7 + 1 AS TEXT)",
    "FMMM": "%-m", "FMDD": "%-d", "FMDDD": "%-j", "FMHH24": "%-H", "FMHH12": "%-I", "FMHH": "%-I", "FMMI": "%-M",
    "FMSS": "%-S", "Mon": "%b", "Dy": "%a", "FMMon": "%b", "FMDy": "%a", "FMMonth": "%B", "FMDay": "%A",
    "Month": "RPAD(STRFTIME(_1, '%B'), 9, ' ')", "Day": "RPAD(STRFTIME(_1, '%A'), 9, ' ')",
}  # fmt: skip
_NAMES = {"MON": ("%b", 0), "DY": ("%a", 0), "MONTH": ("%B", 9), "DAY": ("%A", 9)}
_EITHER_CASE = frozenset({"YYYY", "YY", "MM", "DD", "DDD", "HH24", "HH12", "HH", "MI", "SS", "MS", "US"})


def _writes() -> dict[str, str]:
    """The output of each element: number elements in either case, names in the case of their own letters."""
    table = _WRITES | {element.lower(): _WRITES[element] for element in _EITHER_CASE}
    for name, (code, width) in _NAMES.items():
        for element, change in ((name, "UPPER"), (name.lower(), "LOWER")):
            plain = f"{change}(STRFTIME(_1, '{code}'))"
            table[f"FM{element}"] = plain
            table[element] = f"RPAD({plain}, {width}, ' ')" if width else plain
    return table


_READS = {
    "YYYY": ("%Y",), "YY": ("%y",), "MM": ("%m",), "DD": ("%d",), "DDD": ("%j",), "HH24": ("%H",), "HH12": ("%I",),
    "HH": ("%I",), "MI": ("%M",), "SS": ("%S",), "MS": ("%g",), "US": ("%f",), "AM": ("%p",), "PM": ("%p",),
    "Mon": ("%b",), "MON": ("%b",), "mon": ("%b",), "Month": ("%B",), "MONTH": ("%B",), "month": ("%B",),
    "am": ("%p",), "pm": ("%p",), "FMDD": ("%d",), "FMMM": ("%m",), "FMMonth": ("%B",),
}  # fmt: skip
_OTHERS = ("TZ", "OF", "TH", "th", "J", "RM", "SSSS", "CC", "FX", "TM", "I", "Y", "BC", "AD", "P.M.", "A.M.")


def time_formats(warehouse: str) -> TimeFormats:
    """The formats of TO_CHAR, TO_DATE and TO_TIMESTAMP."""
    reads = _READS | {element.lower(): _READS[element] for element in _EITHER_CASE}
    return TimeFormats(warehouse, words([*_writes(), *_OTHERS]), writes=_writes(), reads=reads)


_FORMATS = time_formats(_NAME)

_FIELD = "JSON_EXTRACT({}, '$.\"' || k || '\"')"
_ONLY = "LIST_FILTER(JSON_KEYS(_1), LAMBDA k: NOT LIST_CONTAINS(JSON_KEYS(_2), k))"
_ITEMS = "CASE WHEN JSON_TYPE({0}) = 'ARRAY' THEN CAST({0} AS JSON[]) ELSE [CAST({0} AS JSON)] END"
MERGED = (
    "CASE WHEN JSON_TYPE(_1) = 'OBJECT' AND JSON_TYPE(_2) = 'OBJECT' THEN "
    f"TO_JSON(MAP(LIST_CONCAT({_ONLY}, JSON_KEYS(_2)), LIST_CONCAT("
    f"LIST_TRANSFORM({_ONLY}, LAMBDA k: {_FIELD.format('_1')}), "
    f"LIST_TRANSFORM(JSON_KEYS(_2), LAMBDA k: {_FIELD.format('_2')})))) "
    "WHEN _1 IS NOT NULL AND _2 IS NOT NULL THEN "
    f"TO_JSON(LIST_CONCAT({_ITEMS.format('_1')}, {_ITEMS.format('_2')})) END"
)
"""``document || document``: the keys of both, the second document wins; or the items of both lists."""


# --- functions ---


def _numeric(wanted: str) -> bool:
    return (
        re.search(r"[09]", re.sub(r'"[^"]*"', "", wanted.upper().replace("HH12", "").replace("HH24", ""))) is not None
    )


def shown(formats: TimeFormats) -> Functions:
    """TO_CHAR, TO_DATE and TO_TIMESTAMP with these formats."""

    def to_char(arguments: Arguments) -> exp.Expr:
        wanted = literal(arguments[1], "the format of TO_CHAR")
        if _numeric(wanted):
            return written_number(arguments[0], wanted, warehouse=formats.warehouse)
        return formats.written(filled("CAST(_1 AS TIMESTAMP)", arguments[0]), wanted)

    def to_date(arguments: Arguments) -> exp.Expr:
        return exp.cast(formats.read(arguments[0], literal(arguments[1], "the format of TO_DATE")), "DATE")

    def to_timestamp(arguments: Arguments) -> exp.Expr:
        if len(arguments) == 1:
            return filled("TO_TIMESTAMP(_1)", arguments[0])
        wanted = literal(arguments[1], "the format of TO_TIMESTAMP")
        return exp.cast(formats.read(arguments[0], wanted), "TIMESTAMPTZ")

    return {"TO_CHAR": to_char, "TO_DATE": to_date, "TO_TIMESTAMP": to_timestamp}


def _encoded(arguments: Arguments) -> exp.Expr:
    """ENCODE(x, 'hex') of a digest is its text; the engine's digests are text already."""
    form, value = literal(arguments[1], "the form of ENCODE").lower(), arguments[0]
    digest = _digest(value)
    if form == "hex":
        return digest if digest is not None else filled("LOWER(HEX(_1))", value)
    if form == "base64":
        return filled("TO_BASE64(UNHEX(_1))", digest) if digest is not None else filled("TO_BASE64(_1)", value)
    raise UnsupportedError(f"ENCODE supports hex and base64, not {form}")


def _digest(value: exp.Expr) -> exp.Expr | None:
    """The digest as text, if the value is one."""
    if isinstance(value, exp.Anonymous) and value.name == "UNHEX" and isinstance(value.expressions[0], exp.Func):
        return value.expressions[0]
    return value.this if isinstance(value, exp.Unhex) and isinstance(value.this, exp.Func) else None


def _digested(arguments: Arguments) -> exp.Expr:
    """DIGEST(x, 'sha256') of pgcrypto: bytes."""
    name = literal(arguments[1], "the algorithm of DIGEST").lower()
    if name not in {"md5", "sha1", "sha256"}:
        raise UnsupportedError(f"DIGEST supports md5, sha1 and sha256, not {name}")
    return filled(f"UNHEX({name.upper()}(_1))", arguments[0])


def _printed(arguments: Arguments) -> exp.Expr:
    """FORMAT: ``%s`` is a value as text, empty for NULL; ``%%`` is a percent sign."""
    wanted, rest = literal(arguments[0], "the format of FORMAT"), arguments[1:]
    parts: list[exp.Expr] = []
    for piece in re.split(r"(%.)", wanted):
        if piece == "%s" and rest:
            parts.append(filled("COALESCE(CAST(_1 AS TEXT), '')", rest.pop(0)))
        elif piece == "%%":
            parts.append(exp.Literal.string("%"))
        elif piece.startswith("%"):
            raise UnsupportedError(f'the directive "{piece}" of FORMAT is not supported')
        elif piece:
            parts.append(exp.Literal.string(piece))
    return exp.func("CONCAT", *parts) if parts else exp.Literal.string("")


def _substr(arguments: Arguments) -> exp.Expr:
    pattern = patterns.flagged(arguments[1], literal(arguments[4], "the flags") if len(arguments) > 4 else "")  # noqa: PLR2004
    group = whole(arguments[5]) or 0 if len(arguments) > 5 else 0  # noqa: PLR2004
    if len(arguments) == 2:  # noqa: PLR2004
        return patterns.matched(arguments[0], pattern)
    return patterns.nth_match(arguments, pattern=pattern, group=group, missing="NULL")


def path_of(steps: list[exp.Expr]) -> exp.Expr:
    """Keys and positions of JSON, each a separate argument, as one path."""
    names = [step.name if whole(step) is not None else literal(step, "a key of JSON") for step in steps]
    return exp.Literal.string("$" + "".join(f"[{n}]" if n.isdecimal() else f'."{n}"' for n in names))


def _path_text(arguments: Arguments) -> exp.Expr:
    return filled("_1 ->> _2", arguments[0], path_of(arguments[1:]))


def _path_value(arguments: Arguments) -> exp.Expr:
    return filled("JSON_EXTRACT(_1, _2)", arguments[0], path_of(arguments[1:]))


def _replaced_in_json(arguments: Arguments) -> exp.Expr:
    steps = literal(arguments[1], "the path of JSONB_SET").strip("{}").split(",")
    path = path_of([exp.Literal.string(step.strip()) for step in steps])
    return filled("JSON_SET(_1, _2, CAST(_3 AS JSON))", arguments[0], path, arguments[2])


def _first_of_path(arguments: Arguments) -> exp.Expr:
    path = literal(arguments[1], "a JSON path")
    if not re.fullmatch(r"\$(\.\w+|\.\"[^\"]+\"|\[\d+\])*", path):
        raise UnsupportedError(f"the JSON path {path} is not supported; only keys and positions are")
    return filled("JSON_EXTRACT(_1, _2)", arguments[0], arguments[1])


_KIND = (
    "CASE JSON_TYPE(_1) WHEN 'VARCHAR' THEN 'string' WHEN 'BIGINT' THEN 'number' WHEN 'UBIGINT' THEN 'number' "
    "WHEN 'DOUBLE' THEN 'number' ELSE LOWER(JSON_TYPE(_1)) END"
)
FUNCTIONS: Functions = {
    **shown(_FORMATS),
    "OCTET_LENGTH": "STRLEN(_1)",
    "CHR": "CHR(CAST(_1 AS INT))",
    "TO_HEX": "LOWER(HEX(_1))",
    "QUOTE_LITERAL": "'''' || REPLACE(CAST(_1 AS TEXT), '''', '''''') || ''''",
    "FORMAT": _printed,
    "ENCODE": _encoded,
    "DIGEST": _digested,
    "SHA256": "UNHEX(SHA256(_1))",
    "REGEXP_MATCH": patterns.matched_groups,
    "REGEXP_SUBSTR": _substr,
    "FACTORIAL": "FACTORIAL(CAST(_1 AS INT))",
    "JSONB_ARRAY_LENGTH": "JSON_ARRAY_LENGTH(_1)",
    "JSONB_TYPEOF": _KIND,
    "JSON_TYPEOF": _KIND,
    "JSONB_EXTRACT_PATH_TEXT": _path_text,
    "JSON_EXTRACT_PATH_TEXT": _path_text,
    "JSONB_EXTRACT_PATH": _path_value,
    "JSON_EXTRACT_PATH": _path_value,
    "JSONB_BUILD_ARRAY": lambda arguments: exp.Anonymous(this="JSON_ARRAY", expressions=arguments),
    "JSON_BUILD_ARRAY": lambda arguments: exp.Anonymous(this="JSON_ARRAY", expressions=arguments),
    "TO_JSONB": "TO_JSON(_1)",
    "JSONB_STRIP_NULLS": "JSON_STRIP_NULLS(_1)",
    "JSONB_SET": _replaced_in_json,
    "JSONB_PATH_QUERY_FIRST": _first_of_path,
    "ARRAY_REPLACE": "LIST_TRANSFORM(_1, LAMBDA e: CASE WHEN e IS NOT DISTINCT FROM _2 THEN _3 ELSE e END)",
    "ARRAY_UPPER": "CASE WHEN _2 = 1 AND LEN(_1) > 0 THEN LEN(_1) END",
    "ARRAY_LOWER": "CASE WHEN _2 = 1 AND LEN(_1) > 0 THEN 1 END",
    "JUSTIFY_DAYS": unsupported("it has no JUSTIFY_DAYS"),
    "JUSTIFY_HOURS": unsupported("it has no JUSTIFY_HOURS"),
    "JUSTIFY_INTERVAL": unsupported("it has no JUSTIFY_INTERVAL"),
    "SCALE": unsupported("it has no SCALE"),
    "QUOTE_IDENT": unsupported("it has no QUOTE_IDENT"),
}
"""Functions that sqlglot would mistranslate, or not translate."""

_TABLES = {
    "JSONB_ARRAY_ELEMENTS": ("UNNEST(CAST(_1 AS JSON[]))", "value"),
    "JSON_ARRAY_ELEMENTS": ("UNNEST(CAST(_1 AS JSON[]))", "value"),
    "JSONB_ARRAY_ELEMENTS_TEXT": ("UNNEST(LIST_TRANSFORM(CAST(_1 AS JSON[]), LAMBDA e: e ->> '$'))", "value"),
    "JSON_ARRAY_ELEMENTS_TEXT": ("UNNEST(LIST_TRANSFORM(CAST(_1 AS JSON[]), LAMBDA e: e ->> '$'))", "value"),
    "JSONB_OBJECT_KEYS": ("UNNEST(JSON_KEYS(_1))", "jsonb_object_keys"),
    "JSON_OBJECT_KEYS": ("UNNEST(JSON_KEYS(_1))", "json_object_keys"),
    "REGEXP_SPLIT_TO_TABLE": ("UNNEST(REGEXP_SPLIT_TO_ARRAY(_1, _2))", "regexp_split_to_table"),
    "STRING_TO_TABLE": ("UNNEST(STR_SPLIT(_1, _2))", "string_to_table"),
}
_SAME = frozenset(
    {
        "AGE", "ALL", "ANY", "ARRAY_APPEND", "ARRAY_CAT", "ARRAY_POSITION", "ARRAY_PREPEND", "ARRAY_REMOVE", "ASCII",
        "BIT_LENGTH",
        "CARDINALITY", "DATE_BIN", "DIV", "EVERY", "GCD", "GEN_RANDOM_UUID", "ISFINITE", "JSONB_AGG",
        "JSONB_BUILD_OBJECT", "JSONB_EACH", "JSONB_EACH_TEXT", "JSON_BUILD_OBJECT", "JSON_EACH", "JSON_EACH_TEXT",
        "LCM", "LEAST", "LOG10", "MAKE_DATE", "MAKE_INTERVAL", "MAKE_TIMESTAMP", "NOW", "PI", "RANDOM", "REGEXP_COUNT",
        "REGEXP_INSTR", "REGEXP_LIKE", "REGEXP_SPLIT_TO_ARRAY", "ROW_TO_JSON", "STARTS_WITH", "STRING_TO_ARRAY",
        "TO_JSON", "TRANSLATE", "WIDTH_BUCKET", *_TABLES,
    }
)  # fmt: skip


def functions(node: exp.Expr) -> exp.Expr:
    """Translates a function of ``FUNCTIONS``."""
    return meant(FUNCTIONS, node, _NAME)


def known_functions(node: exp.Expr) -> exp.Expr:
    """Rejects unknown functions."""
    return unknown(node, _SAME, _NAME)


# --- texts ---


def parts_of_texts(node: exp.Expr) -> exp.Expr:
    """SUBSTRING from 0 or before: positions before the first one count, and are empty."""
    if not isinstance(node, exp.Substring) or (start := node.args.get("start")) is None or start.is_string:
        return node
    place, length = whole(start), node.args.get("length")
    if place is not None and place >= 1:
        return node
    if length is None:
        return filled("SUBSTRING(_1, GREATEST(_2, 1))", node.this, start)
    part = "SUBSTRING(_1, GREATEST(_2, 1), GREATEST(_3 + LEAST(_2, 1) - 1, 0))"
    return filled(part, node.this, start, length)


def first_match(node: exp.Expr) -> exp.Expr:
    """SUBSTRING(x FROM 'pattern'): the first group, or the match; NULL without a match."""
    if isinstance(node, exp.Substring) and (start := node.args.get("start")) is not None and start.is_string:
        return patterns.matched(node.this, start, min(patterns.groups(start.name), 1))
    return node


def items_appended(node: exp.Expr) -> exp.Expr:
    """``ARRAY[1] || 2``: an operand that is known to be a single item is appended."""
    if isinstance(node, exp.DPipe) and isinstance(node.this, exp.Array) and isinstance(node.expression, exp.Literal):
        if node.expression.is_string:
            raise UnsupportedError("a text next to ARRAY[...] || is read as a list; write ARRAY['b'] or 'b'::text")
        return filled("LIST_APPEND(_1, _2)", node.this, node.expression)
    return node


# --- JSON ---


def paths_of_json(node: exp.Expr) -> exp.Expr:
    """``#>>`` and ``#>`` with a path, for example ``{a,b}``: the engine's form is ``$.a.b``."""
    if isinstance(node, exp.JSONBExtractScalar | exp.JSONBExtract) and node.expression.is_string:
        path = path_of([exp.Literal.string(step) for step in node.expression.name.strip("{}").split(",")])
        name = "JSON_EXTRACT_STRING" if isinstance(node, exp.JSONBExtractScalar) else "JSON_EXTRACT"
        return exp.Anonymous(this=name, expressions=[node.this.copy(), path])
    return node


def arrows(node: exp.Expr) -> exp.Expr:
    """``column -> 'key'`` in arguments is a path; the parser takes it for a lambda."""
    if not isinstance(node, exp.Lambda):
        return node
    if len(node.expressions) != 1 or not isinstance(node.this, exp.Literal):
        raise UnsupportedError("a JSON path in arguments must be in parentheses: f((x -> 'a') -> 'b')")
    return filled("JSON_EXTRACT(_1, _2)", exp.column(node.expressions[0].copy()), path_of([node.this]))


def keys_of_json(node: exp.Expr) -> exp.Expr:
    """``?``, ``?|``, ``?&``, ``@>``, ``-`` and ``||`` of expressions that are known to be JSON."""
    templates: dict[type[exp.Expr], str] = {
        exp.JSONBContainsTopKey: "LIST_CONTAINS(JSON_KEYS(_1), _2)",
        exp.JSONBContainsAnyTopKeys: "LIST_HAS_ANY(JSON_KEYS(_1), _2)",
        exp.JSONBContainsAllTopKeys: "LIST_HAS_ALL(JSON_KEYS(_1), _2)",
    }
    if type(node) in templates:
        return filled(templates[type(node)], node.this, node.expression)
    if not isinstance(node, exp.ArrayContainsAll | exp.Sub | exp.DPipe) or not (
        is_json(node.this) or is_json(node.expression)
    ):
        return node
    if isinstance(node, exp.ArrayContainsAll):
        return filled("JSON_CONTAINS(_1, _2)", node.this, node.expression)
    if isinstance(node, exp.DPipe):
        both = is_json(node.this) and is_json(node.expression)
        return filled(MERGED, node.this, node.expression) if both else node
    if not (isinstance(node.expression, exp.Literal) and node.expression.is_string):
        raise UnsupportedError("jsonb - is only supported with a key")
    return filled("JSON_MERGE_PATCH(_1, JSON_OBJECT(_2, NULL))", node.this, node.expression)


def is_json(node: exp.Expr) -> bool:
    """Whether it is known to be JSON."""
    if isinstance(node, exp.Cast):
        return node.to.this in {_T.JSON, _T.JSONB}
    return is_document(node) or (isinstance(node, exp.JSONExtract) and not isinstance(node, exp.JSONExtractScalar))


def gathered_json(node: exp.Expr) -> exp.Expr:
    """JSON_AGG and JSON_OBJECT_AGG: a JSON list of the values, a JSON object of keys and values."""
    if isinstance(node, exp.JSONArrayAgg):
        return exp.Anonymous(this="TO_JSON", expressions=[exp.ArrayAgg(this=node.this.copy())])
    if isinstance(node, exp.Anonymous) and name_of(node) == "JSONB_AGG":
        return exp.Anonymous(this="TO_JSON", expressions=[exp.ArrayAgg(this=node.expressions[0].copy())])
    if isinstance(node, exp.JSONBObjectAgg) and node.expression is not None:
        key, value = node.this, node.expression
        order = value.expressions if isinstance(value, exp.Order) else []
        value = value.this if isinstance(value, exp.Order) else value
        by = [*(o.copy() for o in order), exp.Ordered(this=key.copy(), nulls_first=False)]
        lists = [
            exp.Anonymous(this="LIST", expressions=[exp.Order(this=part.copy(), expressions=[o.copy() for o in by])])
            for part in (key, value)
        ]
        return exp.Anonymous(this="TO_JSON", expressions=[exp.Anonymous(this="MAP", expressions=lists)])
    return node


def rows_of_functions(node: exp.Expr) -> exp.Expr:
    """``FROM JSONB_ARRAY_ELEMENTS(j) AS e``: one row each; the name is that of the table and the column."""
    if not isinstance(node, exp.Table | exp.Lateral) or not isinstance(node.this, exp.Anonymous):
        return node
    name, alias = name_of(node.this), node.args.get("alias")
    arguments = node.this.expressions
    if name in {"JSONB_EACH_TEXT", "JSON_EACH_TEXT", "JSONB_EACH", "JSON_EACH"}:
        value = "value ->> '$'" if name.endswith("TEXT") else "value"
        source = exp.Table(this=exp.Anonymous(this="JSON_EACH", expressions=[arguments[0].copy()]))
        rows = exp.select("key", f"{value} AS value", dialect="duckdb").from_(source)
        names = ["key", "value"]
    elif name in _TABLES:
        template, column = _TABLES[name]
        rows = exp.select(filled(template, *arguments).as_(column))
        names = [column]
    else:
        return node
    if alias is None:
        return rows.subquery(name.lower())
    if not alias.columns and len(names) == 1:
        names = [alias.name]
    columns = alias.columns or [exp.to_identifier(n) for n in names]
    named = exp.TableAlias(this=alias.this.copy(), columns=[c.copy() for c in columns])
    return exp.Subquery(this=rows, alias=named)


# --- times ---


def fractions_of_seconds(node: exp.Expr) -> exp.Expr:
    """EXTRACT(SECOND FROM x): with its fraction."""
    if isinstance(node, exp.Extract) and node.this.name.upper() in {"SECOND", "SECONDS"}:
        return filled("MICROSECOND(_1) / 1000000.0", node.expression)
    return node


def overlapping(node: exp.Expr) -> exp.Expr:
    """``(a, b) OVERLAPS (c, d)``: whether the half-open intervals overlap."""
    if not isinstance(node, exp.Overlaps):
        return node
    sides = [node.this.expressions, node.expression.expressions]
    if any(len(side) != 2 or isinstance(side[1], exp.Interval) for side in sides):  # noqa: PLR2004
        raise UnsupportedError("OVERLAPS is only supported with two times on each side")
    common = "(LEAST(_1, _2) < GREATEST(_3, _4) AND LEAST(_3, _4) < GREATEST(_1, _2)) OR LEAST(_1, _2) = LEAST(_3, _4)"
    return filled(common, *sides[0], *sides[1])
