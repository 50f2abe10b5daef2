"""The tables of an id graph: names, columns, types and versions.

A row belongs to the versions from its first one up to, but not including, its last one. An incremental run adds a
version to the tables of an earlier run. Temporary tables and uploads are described where they are created.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.id_graph import (
    ANCHORS,
    DIGESTS,
    DROPPED,
    EVIDENCE,
    KEPT_FILES,
    KEPT_LISTS,
    MEMBERS,
    NAMES,
    OVER_LIMIT,
    PROFILE,
    QUARANTINED,
)
from onefold.sql.statements import beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.plan.model import IdStitcher

_RELATION = "stitch_"
"""Prefix of temporary tables and uploads, which keeps them apart from tables of the project."""

NODES, NODE_RULES, RULES = f"{_RELATION}nodes", f"{_RELATION}node_rules", f"{_RELATION}rules"
FOUND, FOUND_EDGES, CUT = (f"{_RELATION}{name}" for name in ("found", "found_edges", "cut"))
OVER_LIMIT_NOW = f"{_RELATION}over_limit_now"
LISTS_NOW = f"{_RELATION}lists_now"
"""Names for queries that depend on the project: numbered ids; id rules by id, and all rules; the evidence for edge
constraints and their results; the ids that SQL filters list."""

NODE, LEFT, RIGHT, SOURCE, DAY = "__node", "__left", "__right", "__source", "__day"
FIRST, LAST = "__from_version", "__to_version"

OPEN = 2_147_483_647
"""The last version of a row that is still valid."""

ANCHOR_COLUMNS = ("main_id", "current_main_id", "anchor_id", "anchor_id_type", "since_seq_no")
MEMBER_COLUMNS = ("other_id", "other_id_type", "valid_at", "first_seen_at", PROFILE, NODE)
EVIDENCE_COLUMNS = (LEFT, RIGHT, SOURCE, DAY, "row_count", "first_seen_at", "last_seen_at", "sample_key")

TABLES: Mapping[str, Mapping[str, str]] = {
    MEMBERS: {
        "other_id": "TEXT", "other_id_type": "TEXT", "valid_at": "TIMESTAMP", "first_seen_at": "TIMESTAMP",
        PROFILE: "UINT", NODE: "UINT",
    },
    NAMES: {PROFILE: "UINT", "main_id": "TEXT"},
    EVIDENCE: {
        LEFT: "UINT", RIGHT: "UINT", SOURCE: "SMALLINT", DAY: "DATE", "row_count": "BIGINT",
        "first_seen_at": "TIMESTAMP", "last_seen_at": "TIMESTAMP", "sample_key": "TEXT",
    },
    DIGESTS: {SOURCE: "SMALLINT", DAY: "DATE", "row_count": "BIGINT", "digest": "BIGINT"},
    QUARANTINED: {
        "rule": "TEXT", "id1": "TEXT", "id1_type": "TEXT", "id2": "TEXT", "id2_type": "TEXT", SOURCE: "SMALLINT",
        DAY: "DATE", "row_count": "BIGINT", "first_seen_at": "TIMESTAMP", "sample_key": "TEXT", "found": "BIGINT",
        "allowed": "BIGINT", "reason": "TEXT",
    },
    KEPT_FILES: {SOURCE: "SMALLINT", "file": "TEXT", "state": "TEXT", "read_until": "TIMESTAMP"},
    ANCHORS: {name: "BIGINT" if name == "since_seq_no" else "TEXT" for name in ANCHOR_COLUMNS},
    DROPPED: {"left_node": "BIGINT", "right_node": "BIGINT"},
    OVER_LIMIT: {"limit_number": "INT", "node": "BIGINT", "neighbours": "BIGINT"},
    KEPT_LISTS: {"list_number": "INT", "id_type": "TEXT", "id": "TEXT"},
}  # fmt: skip
"""Columns and types of the tables of a graph, by suffix. Each also has the two version columns."""

VERSIONS = {FIRST: "INT", LAST: "INT"}

STORED_PLAIN: Mapping[str, Sequence[str]] = {
    MEMBERS: ("other_id", "valid_at", "first_seen_at"),
    NAMES: ("main_id",),
    ANCHORS: ("main_id", "current_main_id", "anchor_id"),
    EVIDENCE: ("sample_key", "first_seen_at", "last_seen_at"),
}  # fmt: skip
"""Columns that are stored without compression (`onefold.sql.statements.create_plain`)."""

EVENT_COLUMNS: Mapping[str, str] = {
    "event": "TEXT", "main_id": "TEXT", "previous_main_id": "TEXT", "ids_moved": "BIGINT", "cause": "TEXT",
}  # fmt: skip
EVENT_IDS = ("main_id", "previous_main_id")
"""Columns and types of main id events, and the columns that hold ids."""

FIRST_VERSION = 1
"""The version of a graph in its own tables."""

ID_RULES_SOURCE = -1
"""The source number of an edge that only the table of id rules adds."""


def relation(name: str) -> exp.Table:
    """A temporary table or an upload of a run, by its name in the SQL files of identity."""
    return exp.table_(f"{_RELATION}{name}")


def columns_of(step: IdStitcher) -> tuple[str, ...]:
    """The columns of a stitcher's output (format A1)."""
    return (step.main_id, "other_id", "other_id_type", "valid_at", "first_seen_at")


def in_version(version: int, table: str | None = None) -> exp.Expr:
    """The condition that a row belongs to a version."""
    number = exp.Literal.number(version)
    return exp.and_(exp.column(FIRST, table=table) <= number, exp.column(LAST, table=table) > number.copy())


def part(material: exp.Table, suffix: str) -> exp.Table:
    """A table of a stitcher's material."""
    return beside(material, suffix)
