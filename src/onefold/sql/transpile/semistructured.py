"""Applies the rules for documents, arrays and objects in one walk, so that outer nodes see translated inner nodes."""

from __future__ import annotations

from sqlglot import exp

from onefold.sql.transpile import documents, lists, objects

_MEANT = {**documents.MEANT, **lists.MEANT, **objects.MEANT}


def meant(node: exp.Expr) -> exp.Expr:
    """The translation of a function of documents, arrays or objects."""
    key = node.name.upper() if isinstance(node, exp.Anonymous) else type(node)
    written = _MEANT.get(key)
    return written(node) if written is not None else node
