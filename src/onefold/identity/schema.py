"""The tables of an id graph: their names, columns and types, and the versions in which rows count.

A row of a table counts for the versions from its first to before its last one. An incremental run adds a version to the
tables of an earlier run. Temporary tables and uploaded relations of a run are named here as well: what each holds is
said at the query or upload that makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.id_graph import PROFILE
from onefold.sql.statements import beside

if TYPE_CHECKING:
    from onefold.plan.model import IdStitcher

NODES, FOUND = "stitch_nodes", "stitch_found"
"""Relations lent by memory: the numbered ids, and the evidence before guards."""

FOUND_EDGES, NODE_RULES = "stitch_found_edges", "stitch_node_rules"
"""Temporary tables of guards."""

SOLVED, EARLIEST, READ, LEFT_OUT = "stitch_solved", "stitch_earliest", "stitch_evidence", "stitch_left_out"
"""Relations lent by memory: each node's profile and times, the node that names each profile if nothing else does, the
evidence to keep, the ids that are none."""

DAYS, FILES = "stitch_days", "stitch_files"
"""Relations lent by memory: what each day's rows of each edge source came to, and what files they were read from."""

GRAPH = "stitch_graph"
"""A relation lent by memory: the ids that live, each with its component and its first sight."""

LISTS = "stitch_lists"
"""A temporary table: the ids that SQL of filters lists (``identity.incremental.constraint_queries``)."""

DROPPED_PAIRS, CROWDED_IDS = "stitch_dropped_pairs", "stitch_crowded_ids"
"""Relations lent by memory: what guards decided."""

NAMED = "stitch_named"
"""A temporary table: the main id of each component, and its anchor."""

NODE, LEFT, RIGHT, SOURCE, DAY = "__node", "__left", "__right", "__source", "__day"
FIRST, LAST = "__from_version", "__to_version"

OPEN = 2_147_483_647
"""The last version of a row that still counts."""

ANCHORS_BEFORE, MEMBERS_BEFORE = "stitch_anchors_before", "stitch_members_before"
"""Temporary views of what the last published run left."""

VERSIONS = {FIRST: "INT", LAST: "INT"}

MEMBERS_KEPT = {
    "other_id": "TEXT", "other_id_type": "TEXT", "valid_at": "TIMESTAMP", "first_seen_at": "TIMESTAMP",
    PROFILE: "UINT", NODE: "UINT", **VERSIONS,
}  # fmt: skip
NAMES_KEPT = {PROFILE: "UINT", "main_id": "TEXT", **VERSIONS}
EVIDENCE_KEPT = {
    LEFT: "UINT", RIGHT: "UINT", SOURCE: "SMALLINT", DAY: "DATE", "row_count": "BIGINT", "first_seen_at": "TIMESTAMP",
    "last_seen_at": "TIMESTAMP", "sample_key": "TEXT", **VERSIONS,
}  # fmt: skip
"""Columns and types of the tables that hold a graph."""

MEMBERS_PLAIN, EVIDENCE_PLAIN = (
    ("other_id", "valid_at", "first_seen_at"), ("sample_key", "first_seen_at", "last_seen_at"),
)  # fmt: skip
"""Those of them that are stored as they are."""

ID_RULES_SOURCE = -1
"""The source of a pair that only the table of id rules joins."""

LEFT_OUT_COLUMNS = (
    "rule", "id1", "id1_type", "id2", "id2_type", SOURCE, DAY, "row_count", "first_seen_at", "sample_key", "found",
    "allowed", "reason",
)  # fmt: skip
"""Columns of what was left out, by edge source and day: ids, and pairs of ids that guards cut."""


def columns_of(step: IdStitcher) -> tuple[str, ...]:
    """The columns of a stitcher's result (format A1)."""
    return (step.main_id, "other_id", "other_id_type", "valid_at", "first_seen_at")


def in_version(version: int, table: str | None = None) -> exp.Expr:
    """Whether a row counts for a version."""
    number = exp.Literal.number(version)
    return exp.and_(exp.column(FIRST, table=table) <= number, exp.column(LAST, table=table) > number.copy())


def part(material: exp.Table, suffix: str) -> exp.Table:
    """A table that a stitcher's material consists of."""
    return beside(material, suffix)
