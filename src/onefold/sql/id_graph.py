"""Names of the tables and views of an id graph that compiled SQL joins, and that hooks must not change."""

from __future__ import annotations

PROFILE = "__profile"
"""The number of a profile within one run; joins and groupings by it are faster than by the main id."""

MEMBERS, NAMES, EVIDENCE, DIGESTS = "members", "names", "evidence", "digests"
QUARANTINED, KEPT_FILES, ANCHORS, EVENTS = "quarantined", "files", "anchors", "events"
"""Suffixes of the tables that a stitcher's material consists of."""

DROPPED, OVER_LIMIT, KEPT_LISTS = "dropped", "over_limit", "lists"
"""Also for edge constraints and id filters: excluded pairs, ids over a limit, and the lists that filters read."""

PARTS = (MEMBERS, NAMES, EVIDENCE, DIGESTS, QUARANTINED, KEPT_FILES, ANCHORS, DROPPED, OVER_LIMIT, KEPT_LISTS)
"""The versioned tables of the graph; `EVENTS` belongs to one run that was not the first."""

EDGES, ALIASES = "edges", "aliases"
"""Suffixes of the views of merged profiles, and of the current state of every main id that was ever published."""

QUARANTINE, AUDIT = "quarantine", "CARDINALITY_AUDIT"
"""Views published with the graph: ``<STITCHER>_QUARANTINE`` and the format's ``<STITCHER>_CARDINALITY_AUDIT``."""
