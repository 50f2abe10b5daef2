"""Apply edge constraints in an incremental run.

Takes the inserted and deleted evidence, and the previous decisions of the edge constraints. Creates temporary tables of
the current decisions, and of the links that they insert and delete.

With edge constraints, the evidence table holds all evidence, and a second table holds the dropped pairs. The effective
links follow from both: a dropped pair only tells that each of its ids was seen. Whether a pair is dropped depends on
its two ids alone, and the number of neighbours of an id depends on its own pairs. So only ids with changed pairs are
counted again, and only links of these ids and of newly dropped or restored pairs are compared. The queries are in the
folder ``constraints``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.identity import schema
from onefold.identity.incremental.changed_links import ChangedLinks
from onefold.identity.rules import constraint_queries as constraints
from onefold.identity.sql_files import NamedQuery, rows_of, sql
from onefold.sql.id_graph import DROPPED, OVER_LIMIT, QUARANTINED

if TYPE_CHECKING:
    from onefold.identity.sql_files import Value
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher


def decide_again(step: IdStitcher, store: GraphStore) -> None:
    """Create temporary tables of the current decisions; the relation ``numbered_ids`` holds the ids that were read.

    Raises:
        EngineError: If a query fails.
    """
    _keep(store, "counted")
    counted, found_nodes = rows_of("counted", ["node"]), rows_of("found_nodes", ["node"])
    _keep(store, "node_texts", "counted_ids", wanted=counted)
    _keep(store, "found", evidence_now=_sql("evidence_now", wanted=counted))
    _keep(store, "found_nodes")
    _keep(store, "node_texts", "nodes", wanted=found_nodes)
    store.temp_table(sql("rules/found_edges"))
    if step.limits:
        found = NamedQuery("found_over_limit", constraints.over_limit_query(step))
        _keep(store, "over_limit_now", found_over_limit=found)
        _keep(store, "inserted_over_limit")
        _keep(store, "deleted_over_limit")
        store.temp_table(NamedQuery("cut", constraints.cut_query(step)))
    store.temp_table(NamedQuery("dropped_now", constraints.dropped_query(step)))
    _keep(store, "inserted_dropped")
    _keep(store, "deleted_dropped")
    _keep(store, "reached")
    reached = rows_of("reached", ["node"])
    before = _sql("evidence_of", wanted=reached)
    _keep(store, "counting_links", "links_before", seen_evidence=before, dropped_pairs=_dropped_before())
    now = _sql("evidence_now", wanted=reached)
    _keep(store, "counting_links", "links_now", seen_evidence=now, dropped_pairs=_sql("dropped_after"))
    _keep(store, "inserted_counting")
    _keep(store, "deleted_counting")
    store.temp_table(NamedQuery("quarantined_now", constraints.quarantine_query(step)))
    _keep(store, "quarantined_before")
    _keep(store, "inserted_quarantined")
    _keep(store, "deleted_quarantined")


def counting_links() -> ChangedLinks:
    """The changed links with edge constraints."""
    wanted, inserted, deleted = _sql("scope_nodes"), rows_of("inserted_counting"), rows_of("deleted_counting")
    of_scope = _sql("counting_links", seen_evidence=_sql("evidence_of", wanted=wanted), dropped_pairs=_dropped_before())
    return ChangedLinks(
        inserted=_sql("counting_edges", links=inserted),
        deleted=_sql("counting_edges", links=deleted),
        affected_ids=sql("incremental/affected_ids", inserted=inserted, deleted=deleted),
        scope_edges=_sql("scope_counting_edges", counting_links=of_scope, wanted=wanted),
        new_pairs=_sql("inserted_counting_links"),
        lost_pairs=_sql("deleted_counting_links"),
    )


def write_decisions(step: IdStitcher, store: GraphStore) -> None:
    """Write the current decisions of the edge constraints to the new version.

    Raises:
        EngineError: If a statement fails.
    """
    tables = [(DROPPED, "dropped"), (QUARANTINED, "quarantined")]
    if step.limits:
        tables.append((OVER_LIMIT, "over_limit"))
    for suffix, name in tables:
        store.end(suffix, f"deleted_{name}", [*schema.TABLES[suffix]])
        store.insert(suffix, rows_of(f"inserted_{name}"))


def _dropped_before() -> NamedQuery:
    return _sql("dropped_before")


def _keep(store: GraphStore, file: str, name: str | None = None, **given: Value) -> None:
    store.temp_table(_sql(file, **given), name)


def _sql(file: str, **given: Value) -> NamedQuery:
    return sql(f"incremental/constraints/{file}", **given)
