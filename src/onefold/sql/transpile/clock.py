"""Find SQL whose answer changes from run to run. In: a tree. Out: the name of the first such function."""

from __future__ import annotations

from sqlglot import exp

_TYPES = (
    exp.CurrentDate,
    exp.CurrentDatetime,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.Localtime,
    exp.Localtimestamp,
    exp.Rand,
    exp.Randn,
    exp.Uuid,
)
_NAMES = frozenset(
    {
        "NOW", "GETDATE", "SYSDATE", "TODAY", "SYSTIMESTAMP",
        "RANDOM", "UUID_STRING", "GEN_RANDOM_UUID", "RANDSTR", "UNIFORM", "NORMAL",
    }
)  # fmt: skip


def not_repeatable(tree: exp.Expr) -> str | None:
    """The function that reads the clock or draws lots, or None."""
    for node in tree.walk():
        if isinstance(node, exp.TableSample) and node.args.get("seed") is None:
            return "SAMPLE"
        if isinstance(node, _TYPES):
            return node.sql_name()
        if isinstance(node, exp.Anonymous) and node.name.upper() in _NAMES:
            return node.name.upper()
    return None
