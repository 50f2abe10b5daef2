"""Rules for FROM clauses: PIVOT, UNPIVOT, SAMPLE, ASOF JOIN, VALUES."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError, UnsupportedError
from sqlglot.transforms import eliminate_join_marks

_METHODS = {"ROW": "BERNOULLI", "BLOCK": "SYSTEM"}


def pivoted(node: exp.Expr) -> exp.Expr:
    """PIVOT: columns of literal values; DEFAULT ON NULL fills columns without rows."""
    if not isinstance(node, exp.Pivot) or node.args.get("unpivot"):
        return node
    for field in node.args.get("fields") or ():
        if any(isinstance(value, exp.PivotAny | exp.Query | exp.Subquery) for value in field.expressions):
            raise UnsupportedError(
                "PIVOT needs literal values: with IN (ANY) or IN (SELECT ...) the columns would depend on "
                "the data; list the values"
            )
    default = node.args.get("default_on_null")
    if isinstance(default, exp.Expr):
        filled = [exp.func("COALESCE", value.copy(), default.copy()) for value in node.expressions]
        node.set("expressions", filled)
        node.set("default_on_null", None)
    return node


def unpivoted(node: exp.Expr) -> exp.Expr:
    """UNPIVOT: the name of a column is in capitals, unless it is quoted or another name is given."""
    if not isinstance(node, exp.Pivot) or not node.args.get("unpivot"):
        return node
    for field in node.args.get("fields") or ():
        field.set("expressions", [_named(value) for value in field.expressions])
    return node


def _named(value: exp.Expr) -> exp.Expr:
    column, alias = (value.this, value.args["alias"]) if isinstance(value, exp.PivotAlias) else (value, None)
    if not isinstance(column, exp.Column):
        return value
    named = alias if alias is not None else column.this
    quoted = isinstance(named, exp.Literal) or (isinstance(named, exp.Identifier) and bool(named.quoted))
    name = named.name if quoted else named.name.upper()
    return exp.PivotAlias(this=column.copy(), alias=exp.to_identifier(name, quoted=True))


def sampled(node: exp.Expr) -> exp.Expr:
    """SAMPLE: a number of rows, a share of the rows (BERNOULLI, ROW), or a share of the blocks (SYSTEM, BLOCK)."""
    if not isinstance(node, exp.TableSample):
        return node
    method = node.args.get("method")
    name = method.name.upper() if isinstance(method, exp.Var) else "BERNOULLI"
    name = _METHODS.get(name, name)
    if node.args.get("size") is not None:
        if name == "SYSTEM":
            raise UnsupportedError("SAMPLE SYSTEM takes a share of the blocks, not a number of rows")
        if node.args.get("seed") is not None:
            raise UnsupportedError("SAMPLE of a number of rows takes no SEED")
        name = "RESERVOIR"
    node.set("method", exp.var(name))
    return node


def outer_joins(node: exp.Expr) -> exp.Expr:
    """``WHERE a.id = b.id (+)``: LEFT JOIN b ON a.id = b.id."""
    where = node.args.get("where") if isinstance(node, exp.Select) else None
    columns = list(where.find_all(exp.Column)) if where is not None else []
    if not any(column.args.get("join_mark") for column in columns):
        return node
    if not all(column.table for column in columns) or any(join.args.get("on") for join in node.args.get("joins") or ()):
        raise UnsupportedError(
            "(+) is only supported if WHERE qualifies every column and FROM has no JOIN; write LEFT JOIN ... ON"
        )
    assert isinstance(node, exp.Select)  # noqa: S101 - it has WHERE
    order = _names_read(node)
    try:
        joined = eliminate_join_marks(node)
    except (AssertionError, SqlglotError) as error:
        raise UnsupportedError(_NO_MARKS) from error
    assert isinstance(joined, exp.Select)  # noqa: S101 - it is the same one
    has_star = any(column.is_star for column in joined.selects)
    if not _can_be_joined_in_order(joined) or (has_star and _names_read(joined) != order):
        raise UnsupportedError(_NO_MARKS)
    return joined


_NO_MARKS = "(+) is not supported here; write LEFT JOIN ... ON"


def _names_read(query: exp.Select) -> list[str]:
    """The names of the sources in FROM, in order."""
    joins = query.args.get("joins") or ()
    return [query.args["from_"].this.alias_or_name, *(join.this.alias_or_name for join in joins)]


def _can_be_joined_in_order(query: exp.Select) -> bool:
    """Whether each condition names only earlier sources, and none is read twice."""
    names = _names_read(query)
    if len({name.lower() for name in names}) < len(names):
        return False
    for number, join in enumerate(query.args.get("joins") or (), start=1):
        on = join.args.get("on")
        later = {name.lower() for name in names[number + 1 :]}
        if on is not None and any(column.table.lower() in later for column in on.find_all(exp.Column)):
            return False
    return True


def nearest_rows(node: exp.Expr) -> exp.Expr:
    """ASOF JOIN: MATCH_CONDITION is one of the conditions; rows without a match are kept with NULLs."""
    if isinstance(node, exp.Join) and node.args.get("match_condition") is not None:
        conditions = [c.copy() for c in (node.args.get("on"), node.args["match_condition"]) if c is not None]
        node.set("on", exp.and_(*conditions))
        node.set("match_condition", None)
        node.set("side", "LEFT")
    return node


def named_values(node: exp.Expr) -> exp.Expr:
    """Columns of VALUES without names are ``column1``, ``column2`` and so on."""
    if not isinstance(node, exp.Values) or not isinstance(node.parent, exp.From | exp.Join | exp.Subquery):
        return node
    alias = node.args.get("alias")
    if (alias is None or not alias.columns) and node.expressions and isinstance(node.expressions[0], exp.Tuple):
        names = [exp.to_identifier(f"column{i}") for i in range(1, len(node.expressions[0].expressions) + 1)]
        name = alias.this.copy() if alias is not None and alias.this else exp.to_identifier("rows_given")
        node.set("alias", exp.TableAlias(this=name, columns=names))
    return node
