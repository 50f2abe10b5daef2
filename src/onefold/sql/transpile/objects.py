"""Rules for functions that create or read JSON objects.

The author's warehouse sorts the keys of an object, and so do these rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.variants import BUILT, DOCUMENT, as_document, as_text, is_document, kind_of, marked, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_ENTRIES = "MAP_ENTRIES(CAST($object AS MAP(TEXT, JSON)))"
_OBJECT = "TO_JSON(MAP_FROM_ENTRIES(LIST_SORT($entries)))"


def _entry(key: exp.Expr, value: exp.Expr) -> exp.Expr:
    return sql("{'key': CAST($key AS TEXT), 'value': $value}", key=as_text(key), value=as_document(value))


def _object(entries: exp.Expr) -> exp.Expr:
    made = sql(_OBJECT, DOCUMENT, entries=entries)
    made.meta[BUILT] = True
    return made


def _listed(entries: Iterable[exp.Expr]) -> exp.Expr:
    return exp.Array(expressions=list(entries))


def _pairs(node: exp.Expr) -> list[tuple[exp.Expr, exp.Expr]]:
    def key(of: exp.Expr) -> exp.Expr:
        return exp.Literal.string(of.name) if isinstance(of, exp.Identifier) else of

    return [(key(entry.this), entry.expression) for entry in node.expressions]


def _construct(node: exp.Expr) -> exp.Expr:
    """OBJECT_CONSTRUCT: without the pairs whose key or value is NULL; a JSON null stays."""
    if any(isinstance(entry, exp.Star) for entry in node.expressions):
        return _of_star(node.expressions[0], node)
    if not all(isinstance(entry, exp.PropertyEQ) for entry in node.expressions):
        return node
    pairs = _pairs(node)
    fixed = _in_order(pairs)
    if fixed is not None and all(isinstance(value, exp.Literal | exp.Boolean) for _, value in fixed):
        return _fixed(fixed)
    listed = _listed(_entry(key, value) for key, value in pairs)
    known = sql("LIST_FILTER($x, LAMBDA pair : NOT pair.key IS NULL AND NOT pair.value IS NULL)", x=listed)
    return _object(known)


def _keep_null(node: exp.Expr) -> exp.Expr:
    """OBJECT_CONSTRUCT_KEEP_NULL: without the pairs whose key is NULL; a NULL becomes a JSON null."""
    if any(not isinstance(entry, exp.JSONKeyValue) for entry in node.expressions):
        return node
    pairs = _pairs(node)
    fixed = _in_order(pairs)
    if fixed is not None:
        return _fixed(fixed)
    listed = _listed(_entry(key, value) for key, value in pairs)
    return _object(sql("LIST_FILTER($x, LAMBDA pair : NOT pair.key IS NULL)", x=listed))


def _in_order(pairs: list[tuple[exp.Expr, exp.Expr]]) -> list[tuple[exp.Expr, exp.Expr]] | None:
    """The pairs by key, if every key is a literal text and none is duplicated."""
    names = [key.name for key, _ in pairs if isinstance(key, exp.Literal) and key.is_string]
    if len(names) < len(pairs) or len(set(names)) < len(names):
        return None
    return sorted(pairs, key=lambda pair: pair[0].name)


def _fixed(pairs: list[tuple[exp.Expr, exp.Expr]]) -> exp.Expr:
    given = [part.copy() for pair in pairs for part in pair]
    made = marked(exp.Anonymous(this="JSON_OBJECT", expressions=given), DOCUMENT)
    made.meta[BUILT] = True
    return made


def _of_row(node: exp.Expr) -> exp.Expr:
    """OBJECT_CONSTRUCT(*)."""
    return _of_star(node.this, node)


def _of_star(star: exp.Expr, node: exp.Expr) -> exp.Expr:
    """The columns of the row as an object: names in capitals, without NULLs."""
    table = star.table if isinstance(star, exp.Column) else ""
    star = star.this if isinstance(star, exp.Column) else star
    query = node.find_ancestor(exp.Select)
    if query is None or star.args.get("replace") or star.args.get("rename") or star.args.get("ilike"):
        raise UnsupportedError("OBJECT_CONSTRUCT(*) supports only * and * EXCLUDE (...)")
    names = [table] if table else source_names(query)
    rows = [sql(_ENTRIES, object=as_document(exp.column(exp.to_identifier(name)))) for name in names]
    entries = rows[0]
    for row in rows[1:]:
        entries = sql("LIST_CONCAT($a, $b)", a=entries, b=row)
    raised = sql("LIST_TRANSFORM($x, LAMBDA pair : {'key': UPPER(pair.key), 'value': pair.value})", x=entries)
    without = [exp.Literal.string(name.name.upper()) for name in star.args.get("except_") or ()]
    template = "LIST_FILTER($x, LAMBDA pair : NOT pair.value IS NULL)"
    if without:
        template = "LIST_FILTER($x, LAMBDA pair : NOT pair.value IS NULL AND NOT LIST_CONTAINS($names, pair.key))"
    return _object(sql(template, x=raised, names=_listed(without)))


def source_names(query: exp.Select) -> list[str]:
    """The names of the sources of a SELECT.

    Raises:
        sqlglot.errors.UnsupportedError: One of them has no name.
    """
    from_ = query.args.get("from_")
    read = [from_.this] if from_ is not None else []
    read += [join.this for join in query.args.get("joins") or ()]
    names = [source.alias_or_name for source in (*read, *(query.args.get("laterals") or ()))]
    if not names or not all(names):
        raise UnsupportedError("the source in FROM needs an alias here")
    return names


def _entries(node: exp.Expr) -> exp.Expr:
    return sql(_ENTRIES, object=as_document(node))


def _insert(node: exp.Expr) -> exp.Expr:
    """OBJECT_INSERT: an existing key is an error unless it is to be updated; a NULL value is not inserted."""
    key, value, update = node.args["key"], node.args["value"], node.args.get("update_flag")
    document = as_document(node.this)
    others = sql("LIST_FILTER($x, LAMBDA pair : pair.key <> $key)", x=_entries(document), key=as_text(key))
    added = sql("LIST_FILTER([$pair], LAMBDA pair : NOT pair.value IS NULL)", pair=_entry(key, value))
    made = _object(sql("LIST_CONCAT($x, $y)", x=others, y=added))
    if isinstance(update, exp.Boolean) and update.this:
        guarded = sql("CASE WHEN NOT $x IS NULL AND NOT $key IS NULL THEN $made END", x=document, key=key, made=made)
    else:
        template = (
            "CASE WHEN LIST_CONTAINS(JSON_KEYS($x), $key) AND NOT $update "
            "THEN CAST(ERROR('OBJECT_INSERT: the object has the key ' || $key) AS JSON) "
            "WHEN NOT $x IS NULL AND NOT $key IS NULL THEN $made END"
        )
        flag = update if update is not None else exp.false()
        guarded = sql(template, x=document, key=as_text(key), update=flag, made=made)
    guarded.meta[BUILT] = True
    return marked(guarded, DOCUMENT)


def _names(node: exp.Expr) -> exp.Expr:
    """The keys that a function names: one by one, or as an array."""
    given = node.expressions[1:]
    if len(given) == 1 and kind_of(given[0]) is not None and not isinstance(given[0], exp.JSONExtract):
        return sql("CAST($x AS TEXT[])", x=as_document(given[0]))
    return _listed(as_text(name) for name in given)


def _delete(node: exp.Expr) -> exp.Expr:
    """OBJECT_DELETE(object, keys)."""
    template = "LIST_FILTER($x, LAMBDA pair : NOT LIST_CONTAINS($names, pair.key))"
    return _object(sql(template, x=_entries(node.expressions[0]), names=_names(node)))


def _pick(node: exp.Expr) -> exp.Expr:
    """OBJECT_PICK(object, keys): missing keys are skipped."""
    template = "LIST_FILTER($x, LAMBDA pair : LIST_CONTAINS($names, pair.key))"
    return _object(sql(template, x=_entries(node.expressions[0]), names=_names(node)))


def _keys(node: exp.Expr) -> exp.Expr:
    """OBJECT_KEYS: sorted."""
    made = sql("LIST_SORT(JSON_KEYS($x))", x=as_document(node.this))
    return marked(made, "list")


def gathered(node: exp.Expr) -> exp.Expr:
    """OBJECT_AGG: without the pairs whose key or value is NULL."""
    key, value = node.this, node.expression
    known = exp.and_(exp.not_(key.copy().is_(exp.null())), exp.not_(value.copy().is_(exp.null())))
    keys = as_text(key)
    lists = [
        exp.Filter(
            this=exp.Anonymous(
                this="LIST",
                expressions=[exp.Order(this=part, expressions=[exp.Ordered(this=keys.copy(), nulls_first=False)])],
            ),
            expression=exp.Where(this=known.copy()),
        )
        for part in (keys.copy(), as_document(value) if is_document(value) else value.copy())
    ]
    made = exp.Anonymous(this="TO_JSON", expressions=[exp.Anonymous(this="MAP", expressions=lists)])
    made.meta[BUILT] = True
    return marked(made, DOCUMENT)


MEANT: Mapping[type[exp.Expr] | str, Callable[[exp.Expr], exp.Expr]] = {
    exp.Struct: _construct,
    exp.JSONObject: _keep_null,
    exp.StarMap: _of_row,
    exp.ObjectInsert: _insert,
    "OBJECT_DELETE": _delete,
    "OBJECT_PICK": _pick,
    exp.JSONKeys: _keys,
    exp.ObjectAgg: gathered,
}
"""The translation of a function of objects, by class or name."""
