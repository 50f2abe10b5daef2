"""Functions of documents, arrays and objects, in one walk: the outer ones see what the inner ones have become."""

from __future__ import annotations

from sqlglot import exp

from onefold.sql.transpile import documents, lists, objects

_MEANT = {**documents.MEANT, **lists.MEANT, **objects.MEANT}


def meant(node: exp.Expr) -> exp.Expr:
    """What a function of documents, arrays or objects means in the engine's SQL."""
    key = node.name.upper() if isinstance(node, exp.Anonymous) else type(node)
    written = _MEANT.get(key)
    return written(node) if written is not None else node
