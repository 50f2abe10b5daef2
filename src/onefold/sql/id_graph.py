"""Names of the tables and views of an id graph that compiled SQL joins to, and that hooks must not change."""

from __future__ import annotations

PROFILE = "__profile"
"""The number of a profile within one run; joining and grouping by it is faster than by the main id."""

MEMBERS, NAMES, EVIDENCE, DIGESTS = "members", "names", "evidence", "digests"
KEPT_OUT, KEPT_FILES, ANCHORS, EVENTS = "left_out", "files", "anchors", "events"
"""Suffixes of the tables that a stitcher's material consists of."""

DROPPED, CROWDED, KEPT_LISTS = "dropped", "crowded", "lists"
"""Likewise, of guards: the pairs that go, the ids with too many neighbours, what filters and rules went by."""

PARTS = (MEMBERS, NAMES, EVIDENCE, DIGESTS, KEPT_OUT, KEPT_FILES, ANCHORS, DROPPED, CROWDED, KEPT_LISTS)
"""Those of them that hold the graph, in versions; `EVENTS` are of one run that was not the first."""

EDGES, ALIASES = "edges", "aliases"
"""Suffixes of the views of who joined whom, and of what every main id ever published is now."""

QUARANTINE, AUDIT = "quarantine", "CARDINALITY_AUDIT"
"""What is published beside the graph: ``<STITCHER>_QUARANTINE`` and the format's ``<STITCHER>_CARDINALITY_AUDIT``."""
