"""The statements of a stitch, as text of the engine. In: the step and a compiler. Out: a `StitchSql`; runs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids import generated_id_sql
from onefold.sql import id_guards
from onefold.sql import id_stitcher as sql
from onefold.sql.compile import relations
from onefold.sql.dialect import to_sql
from onefold.sql.statements import beside, create_table, create_view, drop

if TYPE_CHECKING:
    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import Compiler

FIRST_VERSION = 1
"""The version of a graph that is built anew."""


@dataclass(frozen=True)
class GuardSql:
    """What is asked where guards decide over edges.

    Attributes:
        make: Temporary tables, in order.
        dropped: Reads the edges that go.
        added: Reads the edges that rules bring in; None without a table of rules.
        left_out: Reads what goes, for people.
        audit: Makes the format's own view of it; None without ``maximum_edges``.
    """

    make: tuple[str, ...]
    dropped: str
    added: str | None
    left_out: str
    audit: str | None


@dataclass(frozen=True)
class StitchSql:
    """The statements of a stitch, in running order.

    Attributes:
        rows: One query per edge source: its rows, streamed into memory.
        id_rules: Read the table of id rules, if there is one.
        included: Reads the ids that rules want to be there; None without a table of rules.
        refused: Judges each distinct id; None if nothing can be refused.
        guards: What is asked of guards; None where there are none.
        named: Names each component.
        names: Reads which node gives each component its name.
        named_count: Counts the names.
        members: Writes the id graph.
        members_count: Counts what was written.
        evidence: Writes which rows joined which ids.
        digests: Writes what each day's rows came to.
        quarantine: Writes what was left out.
        views: Show the graph, its numbers and its edges.
        clean_up: Drops what only the stitch needed.
    """

    rows: tuple[str, ...]
    id_rules: tuple[str, ...]
    included: str | None
    refused: str | None
    guards: GuardSql | None
    named: str
    names: str
    named_count: str
    members: str
    members_count: str
    evidence: str
    digests: str
    quarantine: str
    views: tuple[str, ...]
    clean_up: tuple[str, ...]

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(what it does, statement), for people who read along."""
        lent = "what memory found is read as"
        found: list[tuple[str, str]] = [
            *((f"rows of edge source {n}, streamed into memory", text) for n, text in enumerate(self.rows, start=1)),
            *(("id rules that count", text) for text in self.id_rules),
        ]
        if self.refused is not None:
            found.append((f"ids that are none; {lent} {sql.NODES}", self.refused))
        if self.guards is not None:
            found += [(f"what guards decide; {lent} {sql.FOUND}", text) for text in self.guards.make]
        found += [
            (f"name each component; {lent} {sql.EARLIEST}", self.named),
            (f"write the id graph; {lent} {sql.SOLVED}", self.members),
            (f"write which rows joined which ids; {lent} {sql.READ}", self.evidence),
            (f"write what was left out; {lent} {sql.LEFT_OUT}", self.quarantine),
            *(("show it", text) for text in self.views),
        ]
        return tuple(found)


def stitch_sql(step: IdStitcher, compiler: Compiler, seq_no: int) -> StitchSql:
    """The statements of a stitch.

    Args:
        step: The stitcher.
        compiler: Names the tables that the edge sources lie in, and those to make.
        seq_no: The run's sequence number.

    Raises:
        ProjectError: If SQL of the author's does not parse.
    """

    def text(tree: exp.Expr) -> str:
        return to_sql(tree, compiler.engine)

    rows = []
    for number in range(len(step.sources)):
        used = relations(compiler)
        rows.append(text(used.complete(sql.source_query(step, number, used))))
    material = compiler.material(step.ref)
    members, evidence = sql.part(material, sql.MEMBERS), sql.part(material, sql.EVIDENCE)
    generated = generated_id_sql(sql.column("id"), sql.column("id_type"))
    quarantine = beside(material, id_guards.QUARANTINE)
    left_out = exp.select("*").from_(sql.LEFT_OUT)
    guards = _guards(step, compiler, seq_no, quarantine) if id_guards.is_guarded(step) else None
    rules = step.id_rules is not None
    work = [sql.NAMED, *((sql.FOUND_EDGES, id_guards.CROWDED, id_guards.CUT) if guards else ())]
    work += [sql.NODE_RULES, id_guards.RULES] if rules else []
    return StitchSql(
        rows=tuple(rows),
        id_rules=_id_rules(step, compiler) if rules else (),
        included=text(id_guards.included_query()) if rules else None,
        refused=_refused(step, compiler),
        guards=guards,
        named=text(create_table(exp.to_table(sql.NAMED), sql.named_query(generated), temporary=True)),
        names=text(exp.select("component", "node").from_(sql.NAMED)),
        named_count=text(sql.named_count_query()),
        members=text(create_table(members, sql.members_query(step, FIRST_VERSION))),
        members_count=text(sql.members_count_query(members, FIRST_VERSION)),
        evidence=text(create_table(evidence, sql.evidence_query(FIRST_VERSION))),
        digests=text(create_table(sql.part(material, sql.DIGESTS), sql.kept_digests_query(FIRST_VERSION))),
        quarantine=text(create_table(quarantine, left_out)),
        views=_views(step, compiler, members, evidence, FIRST_VERSION),
        clean_up=tuple(text(drop(exp.to_table(name), "TABLE")) for name in work),
    )


def _views(
    step: IdStitcher, compiler: Compiler, members: exp.Table, evidence: exp.Table, version: int
) -> tuple[str, ...]:
    """The graph with its numbers, as the format has it, and its edges."""
    material, numbered = compiler.material(step.ref), compiler.numbered(step.ref)
    views = (
        create_view(numbered, sql.numbered_query(step, members, version)),
        create_view(material, sql.published_query(step, numbered)),
        create_view(beside(material, sql.EDGES), sql.edges_query(step, numbered, evidence, version)),
    )
    return tuple(to_sql(view, compiler.engine) for view in views)


def _temporary(name: str, query: exp.Query, compiler: Compiler) -> str:
    return to_sql(create_table(exp.to_table(name), query, temporary=True), compiler.engine)


def _id_rules(step: IdStitcher, compiler: Compiler) -> tuple[str, ...]:
    rules = id_guards.rules_query(step, compiler.plan.author)
    return (
        _temporary(id_guards.RULES, rules, compiler),
        _temporary(sql.NODE_RULES, id_guards.node_rules_query(), compiler),
    )


def _refused(step: IdStitcher, compiler: Compiler) -> str | None:
    if not step.rules and step.id_rules is None and step.junk_ids == "keep":
        return None
    used = relations(compiler)
    return to_sql(used.complete(sql.refused_query(step, used)), compiler.engine)


def _guards(step: IdStitcher, compiler: Compiler, seq_no: int, quarantine: exp.Table) -> GuardSql:
    make = [_temporary(sql.FOUND_EDGES, id_guards.found_edges_query(), compiler)]
    audit = None
    if step.limits:
        make.append(_temporary(id_guards.CROWDED, id_guards.crowded_query(step), compiler))
        make.append(_temporary(id_guards.CUT, id_guards.cut_query(step), compiler))
        model_hash = compiler.plan.fingerprints[step.ref]
        view = beside(compiler.material(step.ref), id_guards.AUDIT)
        audit = to_sql(create_view(view, id_guards.audit_query(quarantine, seq_no, model_hash)), compiler.engine)
    return GuardSql(
        make=tuple(make),
        dropped=to_sql(id_guards.dropped_query(step), compiler.engine),
        added=to_sql(id_guards.added_query(), compiler.engine) if step.id_rules is not None else None,
        left_out=to_sql(id_guards.quarantine_query(step), compiler.engine),
        audit=audit,
    )
