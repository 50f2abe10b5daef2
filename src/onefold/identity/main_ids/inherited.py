"""The main ids that a run inherits: those of the published graph, and those that were taken over from elsewhere.

In: where they lie. Out: a `MainIdsSoFar` for a run that looks at all of them.
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
        snapshot: The tables that hold it, and its version there.
        main_id: Name of the main id column.
        certificate: What was checked of it.
        end: Rows up to this moment are in it.
        can_extend: Whether this run may build on it, as far as the run itself goes.
        resets_main_ids: Its main ids are forgotten, on purpose.
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
    """Main ids that go on.

    Attributes:
        published: The published graph; None if there is none.
        migrated: The stitcher's view, beside which lie main ids that were taken over from elsewhere; None if there are
            none.
    """

    published: PublishedGraph | None = None
    migrated: exp.Table | None = None

    @property
    def base(self) -> Snapshot | None:
        """The version that a run can build on, as far as the run itself goes."""
        if self.published is None or self.migrated is not None or not self.published.can_extend:
            return None
        return self.published.snapshot

    @property
    def are_reset(self) -> bool:
        """Whether they are forgotten, on purpose."""
        return self.published is not None and self.published.resets_main_ids

    def so_far(self) -> MainIdsSoFar | None:
        """All of them, for a run of all ids; None if there are none."""
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
    """Every main id ever published, with its anchor, and the ids that those in use have."""
    names = (exp.column(graph.main_id).as_("main_id"), exp.column("other_id"), exp.column("other_id_type"))
    members = exp.select(*names).from_(graph_views_of(graph.material).numbered)
    return NamedQuery("published_anchors", graph.snapshot.rows(ANCHORS)), NamedQuery("published_members", members)


def _all_of(table: exp.Table) -> NamedQuery:
    return NamedQuery(table.name, exp.select("*").from_(table))
