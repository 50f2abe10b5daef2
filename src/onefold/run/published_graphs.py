"""The published id graphs of a project. Takes a plan and an engine; runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.identity.checked_tables import CHECKED_TABLES
from onefold.plan.grains import plain_ref
from onefold.plan.model import IdStitcher
from onefold.plan.names import view_name
from onefold.run.graphs import HISTORY
from onefold.state.store import StateStore

if TYPE_CHECKING:
    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.sql.dialects import EngineDialect


def state_of(engine: Engine, dialect: EngineDialect) -> StateStore:
    """The state of an engine's output schema."""
    return StateStore(engine, dialect, CHECKED_TABLES)


def histories_of(plan: Plan) -> dict[str, str]:
    """Names of the tables with main id events, by ref of the id graph.

    A graph as of the beginning of a time grain has none, and is not published.
    """
    steps = [s for s in plan.steps.values() if isinstance(s, IdStitcher) and s.ref == plain_ref(s.ref)]
    return {step.ref: f"{view_name(step, plan.author)}_{HISTORY}" for step in steps}
