"""What SQL of BigQuery, Redshift, Databricks and PostgreSQL means, where a plain translation would change or lose it.

In: a node. Out: one that says the same in the engine's SQL. Which rule holds for which author is the business of
``MEANINGS`` in this package.
"""

from __future__ import annotations

from sqlglot import exp

from onefold.sql.mend.numbers import is_floating

_T = exp.DataType.Type
_WHOLE_TYPES = frozenset({_T.TINYINT, _T.SMALLINT, _T.INT, _T.BIGINT})
_WHOLE_NAMES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_SHORT_UNITS = {"MM": "MONTH", "MON": "MONTH", "YYYY": "YEAR", "YY": "YEAR", "Q": "QUARTER", "DD": "DAY"}
_RENAMED = {
    "EVERY": "BOOL_AND",
    "FUNC_SHA1": "SHA1",
    "JSONB_BUILD_OBJECT": "JSON_OBJECT",
    "JSON_BUILD_OBJECT": "JSON_OBJECT",
}


def other_names(node: exp.Expr) -> exp.Expr:
    """Functions that the engine has under another name."""
    if isinstance(node, exp.Anonymous) and node.name.upper() in _RENAMED:
        return exp.Anonymous(this=_RENAMED[node.name.upper()], expressions=[e.copy() for e in node.expressions])
    return node


# --- lists ---


def chosen_items(node: exp.Expr) -> exp.Expr:
    """ARRAY_AGG(x IGNORE NULLS ORDER BY y LIMIT n): of the rows that have a value, in order, the first n."""
    outer = node if isinstance(node, exp.IgnoreNulls) and isinstance(node.this, exp.ArrayAgg) else None
    gathered = outer.this if outer is not None else node
    if not isinstance(gathered, exp.ArrayAgg) or (outer is None and isinstance(node.parent, exp.IgnoreNulls)):
        return node
    limit = gathered.this if isinstance(gathered.this, exp.Limit) else None
    if outer is None and limit is None:
        return node
    inner = limit.this if limit is not None else gathered.this
    value = inner.this if isinstance(inner, exp.Order) else inner
    made: exp.Expr = exp.ArrayAgg(this=inner.copy())
    if outer is not None:
        plain = value.expressions[0] if isinstance(value, exp.Distinct) else value
        if isinstance(value, exp.Distinct) and not isinstance(inner, exp.Order):
            by_value = exp.Ordered(this=plain.copy(), nulls_first=False)
            made = exp.ArrayAgg(this=exp.Order(this=value.copy(), expressions=[by_value]))
        made = exp.Filter(this=made, expression=exp.Where(this=exp.not_(plain.copy().is_(exp.null()))))
    if limit is not None:
        made = exp.Anonymous(this="LIST_SLICE", expressions=[made, exp.Literal.number(1), limit.expression.copy()])
    return made


def lists_within_group(node: exp.Expr) -> exp.Expr:
    """LISTAGG(x, ',') WITHIN GROUP (ORDER BY y), as one ordered aggregate; with DISTINCT, of x alone."""
    if not isinstance(node, exp.WithinGroup) or not isinstance(node.this, exp.GroupConcat):
        return node
    listed, order = node.this, node.expression
    value, separator = listed.this, listed.args.get("separator")
    if isinstance(value, exp.Distinct) and len(value.expressions) > 1:
        separator = value.expressions[1]
        value = exp.Distinct(expressions=[value.expressions[0].copy()])
    made = exp.GroupConcat(this=exp.Order(this=value.copy(), expressions=[e.copy() for e in order.expressions]))
    made.set("separator", separator.copy() if separator is not None else exp.Literal.string(""))
    return made


def mode_within_group(node: exp.Expr) -> exp.Expr:
    """MODE() WITHIN GROUP (ORDER BY x): of equally frequent values the smallest, as for MODE(x)."""
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.Mode) and node.this.this is None:
        return exp.Mode(this=node.expression.expressions[0].this.copy())
    return node


def gathered_json(node: exp.Expr) -> exp.Expr:
    """JSON_AGG: a JSON list of the values."""
    if isinstance(node, exp.JSONArrayAgg):
        return exp.Anonymous(this="TO_JSON", expressions=[exp.ArrayAgg(this=node.this.copy())])
    return node


def middle_values(node: exp.Expr) -> exp.Expr:
    """APPROX_QUANTILES(x, n): the exact limits of n parts of equal size, the smallest and the greatest among them."""
    if not isinstance(node, exp.ApproxQuantiles) or not node.expression.is_int:
        return node
    parts = int(node.expression.name)
    shares = [exp.Literal.number(repr(number / parts)) for number in range(parts + 1)]
    return exp.Anonymous(this="QUANTILE_DISC", expressions=[node.this.copy(), exp.Array(expressions=shares)])


# --- numbers ---


def whole_division(node: exp.Expr) -> exp.Expr:
    """``a / b`` of whole numbers is the whole part of it; types that are not seen are asked for as it runs."""
    if not isinstance(node, exp.Div) or not node.args.get("typed"):
        return node
    left, right = node.left, node.right
    if any(is_floating(side) or _is_fraction(side) for side in (left, right)):
        return node
    whole = exp.IntDiv(this=_wrapped(left), expression=_wrapped(right))
    unknown = [side for side in (left, right) if not _is_whole(side)]
    if not unknown:
        return exp.paren(whole)
    names = [exp.Literal.string(name) for name in _WHOLE_NAMES]
    tests = [
        exp.In(this=exp.Anonymous(this="TYPEOF", expressions=[side.copy()]), expressions=[n.copy() for n in names])
        for side in unknown
    ]
    plain = exp.Div(this=_wrapped(left), expression=_wrapped(right), safe=node.args.get("safe"))
    return exp.Case().when(exp.and_(*tests), whole).else_(plain)


def _wrapped(side: exp.Expr) -> exp.Expr:
    return exp.paren(side.copy()) if isinstance(side, exp.Binary) else side.copy()


def _is_fraction(node: exp.Expr) -> bool:
    """Whether it is seen to be a number with a fraction."""
    if isinstance(node, exp.Literal):
        return not node.is_int
    if isinstance(node, exp.Cast):
        return bool(node.to.this == _T.DECIMAL)
    if isinstance(node, exp.Paren | exp.Neg):
        return _is_fraction(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _is_fraction(node.left) or _is_fraction(node.right)
    return False


def _is_whole(node: exp.Expr) -> bool:
    """Whether it is seen to be a whole number."""
    if isinstance(node, exp.Cast):
        return node.to.this in _WHOLE_TYPES
    if isinstance(node, exp.Paren | exp.Neg):
        return _is_whole(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _is_whole(node.left) and _is_whole(node.right)
    return isinstance(node, exp.Count | exp.CountIf) or (isinstance(node, exp.Literal) and node.is_int)


# --- times ---


def week_from_one(node: exp.Expr) -> exp.Expr:
    """DAYOFWEEK is 1 on Sunday and 7 on Saturday; the engine counts from 0."""
    counts = isinstance(node, exp.DayOfWeek) or (isinstance(node, exp.Extract) and node.name.upper() == "DAYOFWEEK")
    if not counts or (isinstance(node.parent, exp.Add) and node.parent.args.get("from_one")):
        return node
    return exp.paren(exp.Add(this=node.copy(), expression=exp.Literal.number(1), from_one=True))


def days_are_dates(node: exp.Expr) -> exp.Expr:
    """DATE_ADD, DATE_SUB, DATE_TRUNC of a date give a date; the engine would make it a timestamp."""
    shifted = isinstance(node, exp.DateAdd | exp.DateSub | exp.DateTrunc) and isinstance(
        node.this, exp.Date | exp.TsOrDsToDate | exp.CurrentDate
    )
    if shifted or isinstance(node, exp.TsOrDsAdd):
        return exp.cast(node.copy(), "DATE")
    return node


def day_of_a_time(node: exp.Expr) -> exp.Expr:
    """TRUNC of what is seen to be a time is its day; of anything else its whole part."""
    seen = (exp.Cast, exp.TimestampTrunc, exp.DateTrunc, exp.CurrentTimestamp)
    if isinstance(node, exp.Trunc) and isinstance(node.this, seen) and node.args.get("decimals") is None:
        is_number = isinstance(node.this, exp.Cast) and node.this.to.this not in {_T.TIMESTAMP, _T.TIMESTAMPTZ, _T.DATE}
        return node if is_number else exp.cast(node.this.copy(), "DATE")
    return node


def epoch_of_a_time(node: exp.Expr) -> exp.Expr:
    """UNIX_TIMESTAMP of a time, or of a text that looks like one."""
    if isinstance(node, exp.StrToUnix) and not node.this.is_string:
        return exp.cast(exp.Anonymous(this="EPOCH", expressions=[exp.cast(node.this.copy(), "TIMESTAMP")]), "BIGINT")
    return node


def short_units(node: exp.Expr) -> exp.Expr:
    """TRUNC(d, 'MM') and the like, by the engine's names of units; a date."""
    if isinstance(node, exp.DateTrunc) and node.text("unit").upper() in _SHORT_UNITS:
        unit = exp.Literal.string(_SHORT_UNITS[node.text("unit").upper()])
        return exp.cast(exp.TimestampTrunc(this=node.this.copy(), unit=unit), "DATE")
    return node


# --- texts ---


def patterns_of_similar(node: exp.Expr) -> exp.Expr:
    """SIMILAR TO: ``%`` is any text and ``_`` any character; in the engine's patterns they are ``.*`` and ``.``."""
    if not isinstance(node, exp.SimilarTo) or not node.expression.is_string:
        return node
    pattern = node.expression.name.replace(".", r"\.").replace("%", ".*").replace("_", ".")
    return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[node.this.copy(), exp.Literal.string(pattern)])


def first_match(node: exp.Expr) -> exp.Expr:
    """SUBSTRING(x FROM 'pattern'): what matches, or null."""
    if isinstance(node, exp.Substring) and (start := node.args.get("start")) is not None and start.is_string:
        found = exp.Anonymous(this="REGEXP_EXTRACT", expressions=[node.this.copy(), start.copy()])
        return exp.func("NULLIF", found, exp.Literal.string(""))
    return node


def paths_of_json(node: exp.Expr) -> exp.Expr:
    """``#>>`` and ``#>`` with a path such as ``{a,b}``: the engine's is ``$.a.b``."""
    if isinstance(node, exp.JSONBExtractScalar | exp.JSONBExtract) and node.expression.is_string:
        steps = node.expression.name.strip("{}").split(",")
        path = "$" + "".join(f"[{s}]" if s.isdecimal() else f'."{s}"' for s in steps)
        name = "JSON_EXTRACT_STRING" if isinstance(node, exp.JSONBExtractScalar) else "JSON_EXTRACT"
        return exp.Anonymous(this=name, expressions=[node.this.copy(), exp.Literal.string(path)])
    return node


def hex_digests(node: exp.Expr) -> exp.Expr:
    """ENCODE(DIGEST(x, 'sha1'), 'hex'): the digest as text; of pgcrypto's, those that the engine has."""
    if not isinstance(node, exp.Encode) or node.text("charset").lower() != "hex":
        return node
    digest = node.this
    if isinstance(digest, exp.Anonymous) and digest.name.lower() == "digest" and len(digest.expressions) == 2:  # noqa: PLR2004
        name = {"sha1": "SHA1", "sha256": "SHA256", "md5": "MD5"}.get(digest.expressions[1].name.lower())
        if name is not None:
            return exp.Anonymous(this=name, expressions=[digest.expressions[0].copy()])
    return node


def before_the_nth(node: exp.Expr) -> exp.Expr:
    """SUBSTRING_INDEX(x, d, n): the text before the nth d; behind it, counted from the end, where n is negative."""
    if not isinstance(node, exp.SubstringIndex):
        return node
    count = node.args["count"]
    parts = exp.Anonymous(this="STRING_SPLIT", expressions=[node.this.copy(), node.args["delimiter"].copy()])
    is_negative = isinstance(count, exp.Neg)
    bounds = [count.copy(), exp.Literal.number(-1)] if is_negative else [exp.Literal.number(1), count.copy()]
    chosen = exp.Anonymous(this="LIST_SLICE", expressions=[parts, *bounds])
    return exp.Anonymous(this="ARRAY_TO_STRING", expressions=[chosen, node.args["delimiter"].copy()])
