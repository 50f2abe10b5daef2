"""What a stitcher publishes beside its graph, made by SQL of the tests: edges with their evidence, and a quarantine."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from onefold.plan.model import IdStitcher
from onefold.plan.names import names_of
from onefold.run.compiled import Output, view_name
from onefold.run.registry import Registry
from onefold.run.start import plan_project
from onefold.run.target import connect
from onefold.sql.compile import relations
from onefold.sql.dialect import to_sql
from onefold.sql.id_stitcher import rows_query
from onefold.sql.statements import create_table

if TYPE_CHECKING:
    import onefold


def publish_evidence(project: onefold.Project) -> None:
    """Add ``S_EDGES`` and ``S_QUARANTINE`` to what the project published."""
    import sqlglot.expressions as exp  # noqa: PLC0415

    engine = connect(project.target, project.spec)
    try:
        run = Registry(engine, project.target.dialect).runs()[-1]
        plan = plan_project(project.spec, project.target, run.times)
        step = next(s for s in plan.steps.values() if isinstance(s, IdStitcher))
        output = Output(plan, names_of(project.spec), project.target.schema, run.seq_no, project.target.dialect)
        view = view_name(step, plan.author)
        parts = []
        for number, source in enumerate(step.sources):
            used = relations(output.compiler())
            query = used.complete(rows_query(step, number, used))
            engine.execute(
                to_sql(create_table(exp.to_table(f"rows_{number}"), query, temporary=True), used.compiler.engine)
            )
            for (i, a), (j, b) in combinations(enumerate(source.ids, start=1), 2):
                parts.append(
                    f"""SELECT id_{i} AS id1, '{a.id_type}' AS id1_type, id_{j} AS id2, '{b.id_type}' AS id2_type,
                    '{source.source}' AS source, row_count, seen_at FROM rows_{number}
                    WHERE id_{i} IS NOT NULL AND id_{j} IS NOT NULL"""
                )
        engine.execute(
            f"""CREATE OR REPLACE TABLE "{view}_EDGES" AS
            SELECT id1, id1_type, id2, id2_type, source, SUM(row_count)::BIGINT AS row_count,
              MIN(seen_at) AS first_seen_at, MAX(seen_at) AS last_seen_at, NULL::TEXT AS sample_key,
              ANY_VALUE(a.{step.main_id}) AS {step.main_id}
            FROM ({" UNION ALL ".join(parts)}) e
            JOIN "{view}" a ON a.other_id = e.id1 AND a.other_id_type = e.id1_type
            JOIN "{view}" b ON b.other_id = e.id2 AND b.other_id_type = e.id2_type
            GROUP BY 1, 2, 3, 4, 5"""
        )
        engine.execute(
            f"""CREATE OR REPLACE TABLE "{view}_QUARANTINE" (rule TEXT, id1 TEXT, id1_type TEXT, id2 TEXT, id2_type TEXT,
            source TEXT, row_count BIGINT, sample_key TEXT, found BIGINT, allowed BIGINT, reason TEXT)"""
        )
    finally:
        engine.close()
