"""The tables of an id graph that a publication counts and digests (`onefold.state.publications`)."""

from __future__ import annotations

from onefold.identity.schema import ANCHOR_COLUMNS, in_version
from onefold.sql.id_graph import ANCHORS, EVIDENCE, MEMBERS, NAMES, PROFILE
from onefold.state.publications import CheckedTables

CHECKED_TABLES = CheckedTables(
    counted=(MEMBERS, NAMES, ANCHORS, EVIDENCE),
    digested={ANCHORS: ANCHOR_COLUMNS, NAMES: (PROFILE, "main_id")},
    in_version=in_version,
)
"""The tables of main ids are digested. A digest of all ids would read every text in each run."""
