"""The links that an incremental run inserts and deletes, as queries over its temporary tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.identity.sql_files import rows_of, sql
from onefold.sql.id_graph import EVIDENCE

if TYPE_CHECKING:
    from onefold.identity.sql_files import NamedQuery
    from onefold.identity.store import GraphStore


@dataclass(frozen=True)
class ChangedLinks:
    """The changed links: of all evidence, or of the evidence that edge constraints keep.

    Attributes:
        inserted: The inserted links: ``left_node, right_node, seen_at``.
        deleted: The deleted links, with the same columns.
        affected_ids: The ids at the ends of both: ``__node``.
        scope_edges: The edges between the members of the re-solve scope, with the columns of ``inserted``.
        new_pairs: The pairs of ids, with edge source, that had no evidence before.
        lost_pairs: The pairs of ids, with edge source, without evidence after the new version is written.
    """

    inserted: NamedQuery
    deleted: NamedQuery
    affected_ids: NamedQuery
    scope_edges: NamedQuery
    new_pairs: NamedQuery
    lost_pairs: NamedQuery


def evidence_links(store: GraphStore) -> ChangedLinks:
    """The changed links without edge constraints."""
    inserted, deleted = rows_of("inserted_evidence"), rows_of("deleted_evidence")
    return ChangedLinks(
        inserted=sql("incremental/changed_edges", evidence_here=inserted, evidence_there=deleted),
        deleted=sql("incremental/changed_edges", evidence_here=deleted, evidence_there=inserted),
        affected_ids=sql("incremental/affected_ids", inserted=inserted, deleted=deleted),
        scope_edges=sql("incremental/scope_edges"),
        new_pairs=sql("incremental/inserted_links"),
        lost_pairs=sql("incremental/deleted_links", evidence_after=store.written(EVIDENCE)),
    )
