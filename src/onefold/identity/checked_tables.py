"""Which tables of an id graph are counted and digested when it is published (`onefold.state.publications`)."""

from __future__ import annotations

from onefold.identity.schema import ANCHOR_COLUMNS, in_version
from onefold.sql.id_graph import ANCHORS, EVIDENCE, MEMBERS, NAMES, PROFILE
from onefold.state.publications import CheckedTables

CHECKED_TABLES = CheckedTables(
    counted=(MEMBERS, NAMES, ANCHORS, EVIDENCE),
    digested={ANCHORS: ANCHOR_COLUMNS, NAMES: (PROFILE, "main_id")},
    in_version=in_version,
)
"""Digested are the tables that say which main id is whose. A digest of all ids would read every text in each run."""
