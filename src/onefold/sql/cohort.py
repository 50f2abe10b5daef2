"""Compiles a cohort to a query for the main ids of its members, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.template.references import VarReference

if TYPE_CHECKING:
    from onefold.plan.feature_steps import Cohort, Condition
    from onefold.sql.relations import Relations


def cohort_query(step: Cohort, used: Relations) -> exp.Select:
    """One row per member; a profile for which the condition is null is not a member (format A2)."""
    main_id = exp.column(step.main_id)
    if step.base is None:
        return exp.select(main_id).from_(used.graph(step.stitcher).profiles)
    query = exp.select(main_id).from_(used.table(step.base))
    if step.condition is not None and step.condition.parts:
        query = query.where(_condition(step.condition, used))
    return query


def member_count_query(step: Cohort, used: Relations) -> exp.Select:
    """The number of members."""
    rows = used.graph(step.stitcher).profiles if step.base is None else used.table(step.ref)
    return exp.select(exp.Count(this=exp.Star()).as_("row_count")).from_(rows)


def _condition(condition: Condition, used: Relations) -> exp.Expr:
    if condition.kind == "text":
        assert condition.text is not None  # noqa: S101 - guaranteed by the kind
        columns = {
            r.name: exp.column(r.name) for r in condition.text.references.values() if isinstance(r, VarReference)
        }
        return exp.paren(used.expression(condition.text, columns))
    parts = [_condition(part, used) for part in condition.parts]
    if condition.kind == "not":
        return exp.not_(parts[0])
    return exp.paren(exp.and_(*parts) if condition.kind == "and" else exp.or_(*parts))
