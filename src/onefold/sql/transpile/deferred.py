"""Functions whose meaning depends on types: a fallback for unknown types, and marks for ``sql.coercion``.

A transpiled tree is rendered and parsed once, which loses marks. Until then they are functions with names that no
author uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.node_marks import AS_IS, CALL, WANTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PREFIX = "ONEFOLD_MARK_"
_TEXT = f"{_PREFIX}TEXT"
_AS_IS = f"{_PREFIX}AS_IS"
# Functions whose translation repeats the first argument, in places where no function requires a text.
_REPEATED = (exp.Left, exp.Right, exp.Substring, exp.SplitPart, exp.Split, exp.Strtok, exp.StrtokToArray)


def text_argument(value: exp.Expr) -> exp.Expr:
    """An argument that is a text, or is converted to one."""
    return value.copy() if isinstance(value, exp.Literal) else exp.Anonymous(this=_TEXT, expressions=[value.copy()])


def as_is(cast: exp.Expr) -> exp.Expr:
    """A cast by onefold itself, which uses the engine's conversion."""
    return exp.Anonymous(this=_AS_IS, expressions=[cast])


def texts_repeated(node: exp.Expr) -> exp.Expr:
    """Mark the argument of functions whose translation repeats it."""
    if isinstance(node, _REPEATED) and not _is_marked(node.this):
        node.set("this", text_argument(node.this))
    return node


def later(name: str, value: exp.Expr) -> exp.Anonymous:
    """A call of an author's function with one argument."""
    return exp.Anonymous(this=_PREFIX + name, expressions=[value.copy()])


def settled(tree: exp.Expr, fallbacks: Mapping[str, Callable[[exp.Expr], exp.Expr]]) -> exp.Expr:
    """The tree with the fallbacks of marked calls; the marks stay in ``meta``.

    Args:
        tree: A tree of the engine's dialect.
        fallbacks: The fallback of a call of `later`, by name.
    """
    for node in reversed(list(tree.find_all(exp.Anonymous))):
        name = str(node.this)
        if not name.startswith(_PREFIX):
            continue
        value = node.expressions[0]
        if name == _AS_IS:
            made = value.copy()
            made.meta[AS_IS] = True
        elif name == _TEXT:
            made = value.copy()
            made.meta[WANTED] = "TEXT"
        else:
            made = fallbacks[name.removeprefix(_PREFIX)](value)
            made.meta[CALL] = name.removeprefix(_PREFIX)
        if node is tree:
            tree = made
        else:
            node.replace(made)
    return tree


def _is_marked(node: object) -> bool:
    return isinstance(node, exp.Anonymous) and str(node.this).startswith(_PREFIX)
