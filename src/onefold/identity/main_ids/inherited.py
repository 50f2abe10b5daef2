"""The main ids that a run inherits: those of the published graph, and migrated ones.

Takes their locations. Returns a `MainIdsSoFar` for a full rebuild.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.assign import MainIdsSoFar
from onefold.identity.main_ids.migration import MIGRATED_ANCHORS, MIGRATED_MEMBERS
from onefold.identity.sql_files import NamedQuery, sql
from onefold.sql.id_graph import ANCHORS
from onefold.sql.relations import graph_views_of
from onefold.sql.statements import beside

if TYPE_CHECKING:
    from datetime import datetime

    from onefold.identity.store import Snapshot
    from onefold.state.records import Certificate


@dataclass(frozen=True)
class PublishedGraph:
    """The published graph of a stitcher.

    Attributes:
        material: Its material.
        snapshot: Its tables and its version.
        main_id: Name of the main id column.
        certificate: Its verified totals.
        end: The end time of its rows.
        can_extend: Whether the options and the plan of the run allow extending it.
        resets_main_ids: Whether the run resets its main ids.
    """

    material: exp.Table
    snapshot: Snapshot
    main_id: str
    certificate: Certificate
    end: datetime
    can_extend: bool = False
    resets_main_ids: bool = False


@dataclass(frozen=True)
class InheritedMainIds:
    """The inherited main ids.

    Attributes:
        published: The published graph; None if there is none.
        migrated: The stitcher's view, next to the tables of migrated main ids; None if there are none.
    """

    published: PublishedGraph | None = None
    migrated: exp.Table | None = None

    @property
    def base(self) -> Snapshot | None:
        """The version that the run can extend; None if it must rebuild."""
        if self.published is None or self.migrated is not None or not self.published.can_extend:
            return None
        return self.published.snapshot

    @property
    def are_reset(self) -> bool:
        """Whether main ids are reset."""
        return self.published is not None and self.published.resets_main_ids

    def so_far(self) -> MainIdsSoFar | None:
        """All inherited main ids, for a full rebuild; None if there are none."""
        found = self._anchors_and_members()
        if found is None:
            return None
        anchors, members = found
        return MainIdsSoFar(anchors, sql("main_ids/members_now", members_before=members), anchors)

    def _anchors_and_members(self) -> tuple[NamedQuery, NamedQuery] | None:
        published = _of_published(self.published) if self.published is not None else None
        if self.migrated is None:
            return published
        anchors, members = (beside(self.migrated, name) for name in (MIGRATED_ANCHORS, MIGRATED_MEMBERS))
        if published is None:
            return _all_of(anchors), _all_of(members)
        was_anchors, was_members = published
        return (
            sql("main_ids/anchors_with_migrated", published_anchors=was_anchors, migrated=anchors),
            sql(
                "main_ids/members_with_migrated",
                published_members=was_members,
                published_anchors=was_anchors,
                migrated=members,
            ),
        )


def _of_published(graph: PublishedGraph) -> tuple[NamedQuery, NamedQuery]:
    """Every main id ever published with its anchor, and the members of those in use."""
    names = (exp.column(graph.main_id).as_("main_id"), exp.column("other_id"), exp.column("other_id_type"))
    members = exp.select(*names).from_(graph_views_of(graph.material).numbered)
    return NamedQuery("published_anchors", graph.snapshot.rows(ANCHORS)), NamedQuery("published_members", members)


def _all_of(table: exp.Table) -> NamedQuery:
    return NamedQuery(table.name, exp.select("*").from_(table))
