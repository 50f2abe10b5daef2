"""Compiles a feature view to a query for features by main id, or by each id of one type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from onefold.plan.feature_steps import FeatureView
    from onefold.sql.relations import Relations


def feature_view_query(step: FeatureView, used: Relations) -> exp.Select:
    """One row per profile, or one row per id of ``step.id_type`` (format A2)."""
    table = used.table(step.var_table)
    key = step.id_type or step.main_id
    if step.by_profile:
        main_id = exp.column(step.main_id)
        columns = [main_id if key == step.main_id else main_id.as_(key), *map(exp.column, step.features)]
        return exp.select(*columns).from_(table)
    ids, features = "ids", "features"
    on = exp.column(step.main_id, table=features).eq(exp.column(step.main_id, table=ids))
    return (
        exp.select(exp.column("other_id", table=ids).as_(key))
        .select(*(exp.column(name, table=features) for name in step.features))
        .from_(exp.alias_(used.table(step.stitcher), ids, table=True))
        .join(exp.alias_(table, features, table=True), on=on)
        .where(exp.column("other_id_type", table=ids).eq(exp.Literal.string(key)))
    )


def row_count_query(step: FeatureView, used: Relations) -> exp.Select:
    """The number of rows of the view, without computing it: each profile has one row of vars, each id one profile.

    A root cohort has all profiles; the profiles of another cohort are those in its var table.
    """
    count = exp.select(exp.Count(this=exp.Star()).as_("row_count"))
    if step.by_profile:
        return count.from_(used.table(step.var_table))
    of_type = exp.column("other_id_type").eq(exp.Literal.string(step.id_type))
    count = count.from_(used.table(step.stitcher)).where(of_type)
    if step.cohort == step.entity:
        return count
    members = exp.select(exp.column(step.main_id)).from_(used.table(step.var_table))
    return count.where(exp.In(this=exp.column(step.main_id), query=members.subquery()))
