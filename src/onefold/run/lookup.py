"""Find the published profile of an id. Takes an entity and a value; returns ids and features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.engines.values import records
from onefold.errors import Finding, RunError, UsageError, suggest
from onefold.plan.feature_steps import FeatureView
from onefold.plan.model import IdStitcher
from onefold.plan.names import view_name
from onefold.run.failures import failure
from onefold.run.target import connect
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from onefold.plan.model import Plan
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target


def look_up(project: ProjectSpec, target: Target, plan: Plan, entity: str, value: str) -> list[dict[str, Any]]:
    """The profiles with an id of any type, or with a main id.

    Raises:
        UsageError: If there is no such entity.
        AccessError: If nothing has been built yet.
        RunError: If the views of the entity do not exist.
    """
    stitcher = next(
        (s for s in plan.steps.values() if isinstance(s, IdStitcher) and s.entity == entity and s.view), None
    )
    view = next((s for s in plan.steps.values() if isinstance(s, FeatureView) and s.cohort == entity and s.view), None)
    if stitcher is None or view is None:
        names = [e.name for e in project.file.entities]
        hint = suggest(entity, names) or f"available: {', '.join(names)}"
        raise UsageError(Finding("error", "unknown-entity", f'there is no entity "{entity}"', hint=hint))
    main_id, literal = exp.column(stitcher.main_id), exp.Literal.string(value)
    graph, features = (exp.table_(view_name(s, plan.author), db=target.schema, quoted=True) for s in (stitcher, view))
    has = exp.or_(exp.column("other_id").eq(literal), main_id.eq(literal.copy()))
    ids = exp.select(main_id.copy().as_("main_id"), "other_id", "other_id_type").from_(graph)
    ids = ids.where(
        exp.In(this=main_id.copy(), query=exp.select(main_id.copy()).from_(graph.copy()).where(has).subquery())
    )
    try:
        with connect(target, project, read_only=True) as engine:
            rows = engine.fetch(
                render(ids.order_by("main_id", "other_id_type", "other_id"), target.dialect)
            ).to_pylist()
            found: dict[str, dict[str, Any]] = {}
            for row in rows:
                profile = found.setdefault(row["main_id"], {"main_id": row["main_id"], "ids": [], "features": {}})
                profile["ids"].append({"other_id": row["other_id"], "other_id_type": row["other_id_type"]})
            if found:
                wanted = [exp.Literal.string(key) for key in found]
                query = exp.select("*").from_(features).where(exp.In(this=main_id.copy(), expressions=wanted))
                for row in records(engine.fetch(render(query, target.dialect))):
                    key = row.pop(stitcher.main_id)
                    found[key]["features"] = row
            return list(found.values())
    except EngineError as error:
        if error.kind != "missing":
            raise RunError(failure(error, None), sql=error.sql) from error
        hint = "build them with `pb run`"
        raise RunError(Finding("error", "unknown-name", f"the views of {entity} do not exist", hint=hint)) from error
