"""Names of the tables and views of an id graph that compiled SQL joins to, and that hooks must not change."""

from __future__ import annotations

PROFILE = "__profile"
"""The number of a profile within one run; joining and grouping by it is faster than by the main id."""

MEMBERS, NAMES, EVIDENCE, DIGESTS = "members", "names", "evidence", "digests"
QUARANTINED, KEPT_FILES, ANCHORS, EVENTS = "quarantined", "files", "anchors", "events"
"""Suffixes of the tables that a stitcher's material consists of."""

DROPPED, OVER_LIMIT, KEPT_LISTS = "dropped", "over_limit", "lists"
"""Likewise, for edge constraints and id filters: excluded pairs, ids over a limit, and the lists that filters used."""

PARTS = (MEMBERS, NAMES, EVIDENCE, DIGESTS, QUARANTINED, KEPT_FILES, ANCHORS, DROPPED, OVER_LIMIT, KEPT_LISTS)
"""Those of them that hold the graph, in versions; `EVENTS` are of one run that was not the first."""

EDGES, ALIASES = "edges", "aliases"
"""Suffixes of the views of who joined whom, and of what every main id ever published is now."""

QUARANTINE, AUDIT = "quarantine", "CARDINALITY_AUDIT"
"""What is published beside the graph: ``<STITCHER>_QUARANTINE`` and the format's ``<STITCHER>_CARDINALITY_AUDIT``."""
