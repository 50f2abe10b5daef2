"""Warn of id rules that name unknown ids: most often a typing error, or an id that no longer occurs.

Takes a stitcher whose graph was just built. Returns a warning with the ids, located at the first rule that names one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding
from onefold.identity.metrics import GraphTables
from onefold.identity.rules.constraint_queries import rules_table
from onefold.identity.schema import LEFT, NODE, RIGHT, SOURCE, in_version, part
from onefold.sql.id_graph import EVIDENCE, QUARANTINED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.engines.base import Engine
    from onefold.errors import Location
    from onefold.plan.model import IdStitcher
    from onefold.run.compiled import Output
    from onefold.state.records import GraphRecord

SHOWN = 5
"""How many unknown ids the warning names."""


def ids_of_no_source(step: IdStitcher, graph: GraphRecord, output: Output, engine: Engine) -> Iterator[Finding]:
    """A warning if rules of the stitcher's entity name ids that no edge source has.

    Raises:
        EngineError: If a table cannot be read.
    """
    if step.id_rules is None:
        return
    base = exp.table_(graph.base, db=output.schema, quoted=True)
    rows = engine.fetch(output.sql(_query(step, GraphTables(base, graph.version), output))).to_pylist()
    if not rows:
        return
    lines: dict[tuple[str, str], Location] = {}
    for rule in step.id_rules.rules or ():
        for end in ((rule.id1_type, rule.id1), (rule.id2_type, rule.id2)):
            lines.setdefault(end, rule.at)
    found = [(row["id_type"], row["id"]) for row in rows]
    named = ", ".join(f"{id_type} {value}" for id_type, value in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    message = f"{step.name}: id rules name {len(found)} ids that no edge source has: {named}{more}"
    at = next((lines[end] for end in found if end in lines), step.id_rules.at)
    yield Finding(
        "warning", "unknown-rule-id", message, at, "correct the rules, or remove those for ids that no longer occur"
    )


def _query(step: IdStitcher, kept: GraphTables, output: Output) -> exp.Select:
    assert step.id_rules is not None  # noqa: S101 - asked for only then
    table = rules_table(step.id_rules, output.plan.author)
    is_entity = exp.func("LOWER", exp.column("entity")).eq(exp.Literal.string(step.entity.lower()))
    ends = [
        exp.select(exp.column(f"id{n}_type").as_("id_type"), exp.column(f"id{n}").as_("id"))
        .from_(table.copy())
        .where(is_entity.copy(), exp.column(f"id{n}").neq(exp.Literal.string("")))
        for n in (1, 2)
    ]
    named = exp.union(*ends, distinct=True).subquery("named")
    wanted = exp.select("id_type", "id").from_(exp.union(*(e.copy() for e in ends), distinct=True).subquery("wanted"))

    def is_wanted(id_type: str, value: str) -> exp.Expr:
        pair = exp.Tuple(expressions=[exp.column(id_type), exp.column(value)])
        return exp.In(this=pair, query=wanted.copy().subquery())

    members = exp.select(NODE, exp.column("other_id_type").as_("id_type"), exp.column("other_id").as_("id"))
    members = members.from_(kept.members).where(in_version(kept.version), is_wanted("other_id_type", "other_id"))
    sources = [exp.Literal.number(n) for n in range(len(step.sources))]
    seen = [
        exp.select(exp.column(end).as_("seen_node"))
        .from_(part(kept.base, EVIDENCE))
        .where(in_version(kept.version), exp.In(this=exp.column(SOURCE), expressions=[s.copy() for s in sources]))
        for end in (LEFT, RIGHT)
    ]
    in_graph = exp.select("id_type", "id").from_(members.subquery("members"))
    in_graph = in_graph.where(exp.In(this=exp.column(NODE), query=exp.union(*seen, distinct=False).subquery()))
    quarantined = exp.select(exp.column("id1_type").as_("id_type"), exp.column("id1").as_("id"))
    quarantined = quarantined.from_(part(kept.base, QUARANTINED)).where(
        in_version(kept.version), exp.column("id2").is_(exp.null()), is_wanted("id1_type", "id1")
    )
    query = exp.select("id_type", "id").from_(named)
    return (
        exp.select("*")
        .from_(
            exp.Except(
                this=exp.Except(this=query, expression=in_graph, distinct=True), expression=quarantined, distinct=True
            ).subquery("unknown")
        )
        .order_by("id_type", "id")
    )
