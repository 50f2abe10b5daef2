"""Finds explicit and implicit conversions in a query, and applies them.

Each handler is for some classes of nodes (``_HANDLERS``). The parts of its node have been visited; it returns the node
or its replacement. If the type of an operand is unknown, the node is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion import arguments, documents
from onefold.sql.coercion.author_dialects import AUTHORS, MOMENTS_OF_TEXT, AuthorDialect
from onefold.sql.coercion.common import common_type, converts
from onefold.sql.coercion.conversion import Conversion, cast, literal_text, number_literal
from onefold.sql.coercion.kinds import NUMBERS, TIMES, Kind, kind_of
from onefold.sql.coercion.times import is_iso
from onefold.sql.coercion.typing import Types
from onefold.sql.node_marks import AS_IS, ID, MOMENT, WANTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onefold.sql.types import QueryScope

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Nullif)
_CHOICES = (exp.Coalesce, exp.Greatest, exp.Least)
_SUMS = (exp.Add, exp.Sub)
_PRODUCTS = (exp.Mul, exp.Div, exp.IntDiv, exp.Mod)
_CONDITIONS = (exp.And, exp.Or, exp.Not, exp.Where, exp.Having)
_CALLS = {"TO_TIMESTAMP": ("TIMESTAMP", False), "TRY_TO_TIMESTAMP": ("TIMESTAMP", True)}
"""Functions of the author that are conversions: the target type, and whether unreadable values become NULL."""
_SCALARS = NUMBERS | TIMES | {Kind.BOOLEAN}


@dataclass(frozen=True)
class Coercion:
    """The conversions of one author dialect."""

    author: AuthorDialect

    def rule(self, node: exp.Expr, types: Types) -> exp.Expr:
        """Convert the parts of a node."""
        if isinstance(node, exp.Cast):
            return self._cast(node, types)
        own = self.author.rules.get(type(node))
        found = node if own is None else own(node, types)
        return self._implied(node, types) if found is node else found

    def _implied(self, node: exp.Expr, types: Types) -> exp.Expr:
        """Convert the parts of a node to a common type, or to the required types."""
        if isinstance(node, _COMPARISONS):
            if self.author.has_documents:
                documents.rule(node, types)
            return self._same(node, [node.this, node.expression], types)
        if not self.author.is_lenient:
            return node
        if self.author.has_documents:
            made = documents.rule(node, types)
            if made is not node:
                return made
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            return handler(self, node, types)
        for wanted in arguments.of(node):
            self._argument(wanted, types)
        return node

    def finished(self, node: exp.Expr, types: Types) -> exp.Expr:
        """A visited node, converted to the type that the author's function around it requires."""
        wanted = node.meta.get(WANTED)
        if wanted is None or not self.author.is_lenient:
            return node
        kind = types.kind(node)
        return self.converted(node, wanted, types) if kind in _SCALARS or self._is_document(kind) else node

    def call(self, name: str, value: exp.Expr, types: Types) -> exp.Expr | None:
        """The meaning of a call of an author's function for a visited argument; None if its type is unknown."""
        source, (target, is_safe) = types.of(value), _CALLS[name]
        if source is None:
            return None
        to = exp.DataType.build(target, dialect="duckdb")
        convert = self.author.casts.get((kind_of(source), kind_of(target)), Conversion.plain)
        return convert(Conversion(value, source, to, is_safe))

    # --- explicit conversions ---

    def _cast(self, node: exp.Cast, types: Types) -> exp.Expr:
        if node.meta.get(AS_IS):
            return node
        source = types.of(node.this)
        if source is None:
            return node
        if node.meta.get(ID) and kind_of(source) is Kind.DOCUMENT:
            return documents.text_of(node.this, source)
        is_moment = bool(node.meta.get(MOMENT))
        table = MOMENTS_OF_TEXT if is_moment else self.author.casts
        convert = table.get((kind_of(source), kind_of(node.to.sql("duckdb"))))
        if convert is None:
            return node
        return convert(Conversion(node.this, source, node.to, isinstance(node, exp.TryCast), is_moment))

    # --- implicit conversions ---

    def converted(self, value: exp.Expr, target: str, types: Types) -> exp.Expr:
        """A value as another type, by the author dialect's implicit conversion."""
        source, text = types.of(value), literal_text(value)
        wanted = kind_of(target)
        if source is None:
            return value
        if text is not None and wanted in NUMBERS and (number := number_literal(text)) is not None:
            return number
        if text is not None and wanted in TIMES and is_iso(text):
            return value  # the engine converts it to the other operand's type
        is_moment = bool(value.meta.get(MOMENT))
        convert = (MOMENTS_OF_TEXT if is_moment else self.author.casts).get((kind_of(source), wanted))
        if convert is None:
            return cast(value, target)
        return convert(Conversion(value, source, exp.DataType.build(target, dialect="duckdb"), is_moment=is_moment))

    def _same(self, node: exp.Expr, operands: Sequence[exp.Expr], types: Types, *, chosen: bool = False) -> exp.Expr:
        """Convert operands to a common type, if theirs do not match.

        Args:
            node: The node of the operands.
            operands: The operands.
            types: The types at this place.
            chosen: Whether one of them is the value of the node: next to numbers, a boolean then becomes a number.
        """
        moments = any(operand.meta.get(MOMENT) for operand in operands)
        if not self.author.is_lenient and not moments:
            return node
        if any(isinstance(operand, exp.Any | exp.All) for operand in operands):
            # The rows of a query, which are not a boolean.
            return node
        names = [types.of(operand) for operand in operands]
        if any(name is None for name in names):
            return node
        target = self._common([str(name) for name in names], chosen=chosen)
        if target is not None and not (chosen and target == "BOOLEAN" and "VARCHAR" not in names):
            for operand, name in zip(operands, names, strict=True):
                if converts(str(name), target):
                    operand.replace(self.converted(operand, target, types))
        return node

    def _common(self, names: Sequence[str], *, chosen: bool) -> str | None:
        if any(self._is_document(kind_of(name)) for name in names):
            return documents.common_type(names, chosen=chosen)
        return common_type(names)

    def _is_document(self, kind: Kind | None) -> bool:
        return self.author.has_documents and kind is Kind.DOCUMENT

    def _argument(self, wanted: arguments.Wanted, types: Types) -> None:
        kind = types.kind(wanted.value)
        if kind is None or kind in {wanted.kind, Kind.NULL}:
            return
        needs = kind in _SCALARS if wanted.kind is Kind.TEXT else kind is Kind.TEXT
        if self._is_document(kind):
            target = "DOUBLE" if wanted.kind is Kind.DECIMAL else wanted.type
            wanted.value.replace(self.converted(wanted.value, target, types))
        elif needs:
            wanted.value.replace(self.converted(wanted.value, wanted.type, types))

    def in_list(self, node: exp.Expr, types: Types) -> exp.Expr:
        """``x IN (a, b)``: a common type for all."""
        if node.args.get("query") is not None:
            return self._in_query(node, types)
        if node.args.get("unnest") is not None:
            return node
        return self._same(node, [node.this, *node.expressions], types)

    def _in_query(self, node: exp.Expr, types: Types) -> exp.Expr:
        """``x IN (SELECT ...)``: the value, or the column of the query, is converted to the type of the other."""
        scope, query = types.scope, node.args["query"]
        inside = type(scope)(scope.inference, scope.ctes, (), scope)
        shape, own = inside.shape(query), types.of(node.this)
        if own is None or shape.rest or len(shape.columns) != 1:
            return node
        ((name, column),) = shape.columns.items()
        target = common_type([own, column.type]) if column.type is not None else None
        if target is None:
            return node
        if converts(own, target):
            node.this.replace(self.converted(node.this, target, types))
        if converts(str(column.type), target):
            around = type(scope)(scope.inference, scope.ctes, (("side", shape),), scope)
            body = query.this if isinstance(query, exp.Subquery) else query
            node.set("query", self._wrapped(body, [name], [target], Types(around)).subquery())
        return node

    def between(self, node: exp.Expr, types: Types) -> exp.Expr:
        """``x BETWEEN a AND b``: a common type for all."""
        return self._same(node, [node.this, node.args["low"], node.args["high"]], types)

    def choice(self, node: exp.Expr, types: Types) -> exp.Expr:
        """COALESCE and similar functions: a common type for all."""
        return self._same(node, [node.this, *node.expressions], types, chosen=True)

    def case(self, node: exp.Expr, types: Types) -> exp.Expr:
        """CASE: a common type for the compared values, and one for the results."""
        branches = node.args["ifs"]
        if node.this is not None:
            self._same(node, [node.this, *(branch.this for branch in branches)], types)
        default = node.args.get("default")
        values = [branch.args["true"] for branch in branches]
        return self._same(node, [*values, default] if default is not None else values, types, chosen=True)

    def sums(self, node: exp.Expr, types: Types) -> exp.Expr:
        """``+`` and ``-`` of times and of numbers."""
        left, right = node.this, node.expression
        if isinstance(right, exp.Interval):
            if types.kind(left) is Kind.TEXT:
                left.replace(self.converted(left, "TIMESTAMP", types))
            return node
        kinds = {types.kind(left), types.kind(right)}
        if isinstance(node, exp.Sub) and kinds & TIMES:
            return self._same(node, [left, right], types)
        return self.product(node, types)

    def product(self, node: exp.Expr, types: Types) -> exp.Expr:
        """Arithmetic: texts and documents become numbers."""
        for side in (node.this, node.expression):
            if self._is_document(types.kind(side)):
                side.replace(self.converted(side, "DOUBLE", types))
        names = [types.of(side) for side in (node.this, node.expression)]
        kinds = [None if name is None else kind_of(name) for name in names]
        if Kind.TEXT not in kinds or None in kinds:
            return node
        number = next((str(n) for n, kind in zip(names, kinds, strict=True) if kind in NUMBERS), "BIGINT")
        target = common_type(["VARCHAR", number])
        for side, kind in zip((node.this, node.expression), kinds, strict=True):
            if kind is Kind.TEXT and target is not None:
                side.replace(self.converted(side, target, types))
        return node

    def condition(self, node: exp.Expr, types: Types) -> exp.Expr:
        """AND, OR, NOT, WHERE: texts and documents become booleans."""
        for key in ("this", "expression"):
            side = node.args.get(key)
            kind = types.kind(side) if isinstance(side, exp.Expr) else None
            if isinstance(side, exp.Expr) and (kind is Kind.TEXT or self._is_document(kind)):
                side.replace(self.converted(side, "BOOLEAN", types))
        return node

    def named(self, node: exp.Expr, types: Types) -> exp.Expr:
        """``CAST_TO_TYPE(x, like)``: a text that was parsed as a time stays one."""
        if str(node.name).upper() != "CAST_TO_TYPE" or len(node.expressions) != 2:  # noqa: PLR2004 - its two arguments
            return self._with_arguments(node, types)
        value, like = node.expressions
        source, target = types.of(value), types.of(like)
        if source is None or target is None:
            return node
        if source == target or kind_of(target) is Kind.TEXT:
            return value  # type: ignore[no-any-return]
        return cast(value, target)

    def _with_arguments(self, node: exp.Expr, types: Types) -> exp.Expr:
        for wanted in arguments.of(node):
            self._argument(wanted, types)
        return node

    # --- set operations ---

    def united(self, node: exp.SetOperation, scope: QueryScope) -> None:
        """Convert the columns of the queries of a set operation to a common type each."""
        sides = (node.this, node.expression)
        shapes = [scope.shape(side) for side in sides]
        if not self.author.is_lenient or node.args.get("by_name") or any(shape.rest for shape in shapes):
            return
        columns = [list(shape.columns.items()) for shape in shapes]
        if len(columns[0]) != len(columns[1]):
            return
        targets: list[str | None] = []
        for (_, one), (_, other) in zip(*columns, strict=True):
            known = one.type is not None and other.type is not None
            targets.append(self._common([str(one.type), str(other.type)], chosen=True) if known else None)
        for side, shape, own in zip(sides, shapes, columns, strict=True):
            wanted = [t if t is not None and converts(str(own[i][1].type), t) else None for i, t in enumerate(targets)]
            if any(wanted):
                around = type(scope)(scope.inference, scope.ctes, (("side", shape),), scope.outer)
                side.replace(self._wrapped(side, [name for name, _ in own], wanted, Types(around)))

    def _wrapped(self, side: exp.Expr, names: Sequence[str], wanted: Sequence[str | None], types: Types) -> exp.Select:
        chosen: list[exp.Expr] = []
        for name, target in zip(names, wanted, strict=True):
            column = exp.column(exp.to_identifier(name, quoted=True))
            chosen.append(exp.alias_(self.converted(column, target, types), name, quoted=True) if target else column)
        inner = side.copy()
        body = inner.this if isinstance(inner, exp.Subquery) and not inner.alias else inner
        return exp.select(*chosen).from_(exp.Subquery(this=body, alias=exp.TableAlias(this=exp.to_identifier("side"))))


_HANDLERS: dict[type[exp.Expr], Callable[[Coercion, exp.Expr, Types], exp.Expr]] = {
    exp.In: Coercion.in_list,
    exp.Between: Coercion.between,
    exp.Case: Coercion.case,
    exp.Anonymous: Coercion.named,
    **dict.fromkeys(_CHOICES, Coercion.choice),
    **dict.fromkeys(_SUMS, Coercion.sums),
    **dict.fromkeys(_PRODUCTS, Coercion.product),
    **dict.fromkeys(_CONDITIONS, Coercion.condition),
}


def coercion_of(author: str) -> Coercion:
    """The conversions of an author dialect, by its sqlglot name."""
    return Coercion(AUTHORS.get(author.lower(), AuthorDialect()))
