"""Forget where in a text the parts of a tree were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeVar

    from sqlglot import exp

    E = TypeVar("E", bound=exp.Expr)

_PLACES = frozenset({"line", "col", "start", "end"})


def without_positions(tree: E) -> E:
    """The tree, changed in place, without the places that sqlglot's parser leaves in ``meta``.

    Nothing reads them, and copying them takes most of the time that copying a tree takes.
    """
    for node in tree.walk():
        meta = node._meta  # noqa: SLF001 - the property would give every node a dictionary, to be copied with it
        if meta is not None and "line" in meta:
            left = {key: value for key, value in meta.items() if key not in _PLACES}
            node._meta = left or None  # noqa: SLF001
    return tree
