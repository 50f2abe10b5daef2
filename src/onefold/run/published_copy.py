"""The published copy: a database file with the published tables, for readers. No run locks it.

Takes an open engine and the plan. Replaces the previous file atomically: open readers keep the old rows, and new
readers see the new ones.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.base import CopyWriter
from onefold.environment import translate_os_errors
from onefold.errors import AccessError, Finding
from onefold.plan.model import IdStitcher
from onefold.plan.names import view_name
from onefold.run.compiled import companions
from onefold.run.graphs import HISTORY
from onefold.sql.statements import beside
from onefold.state.registry import PUBLISHED, RUNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.run.target import Target
    from onefold.state.registry import Registry


def write_copy(plan: Plan, target: Target, engine: Engine, registry: Registry) -> Path | None:
    """Write the copy if the project asks for one; returns its path.

    Raises:
        AccessError: If the copy cannot be written; the previous one stays unchanged.
        EngineError: If a view cannot be read.
    """
    path, part = target.copy, target.copy_part
    if path is None or part is None:
        return None
    writer = _writer(engine)
    with translate_os_errors("write the published copy", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(part, writer.beside_copy)
        try:
            writer.export(part, _shown(plan, target, engine, registry))
            part.replace(path)
        finally:
            _remove(part, writer.beside_copy)
    return path


def _writer(engine: Engine) -> CopyWriter:
    if isinstance(engine, CopyWriter):
        return engine
    message = "this connection has no published copy, because its readers are not locked out during a run"
    raise AccessError(Finding("error", "no-copy", message, "onefold.yaml", "remove published_copy"))


def _remove(part: Path, beside_it: Sequence[str]) -> None:
    for suffix in ("", *beside_it):
        with suppress(OSError):
            part.with_name(f"{part.name}{suffix}").unlink(missing_ok=True)


def _shown(plan: Plan, target: Target, engine: Engine, registry: Registry) -> list[str]:
    """Names of the published tables that exist: views of models, companions of a graph, and the registries."""
    names = [RUNS, PUBLISHED]
    for ref in registry.published():
        step = plan.steps.get(ref)
        if step is None or step.view is None:
            continue
        view = view_name(step, plan.author)
        table = exp.table_(view, db=target.schema, quoted=True)
        names += [view, *(beside(table, name).name for name in companions(step).values())]
        names += [beside(table, HISTORY).name] if isinstance(step, IdStitcher) else []
    there = {each.key for each in engine.objects() if each.place == "output"}
    return [name for name in dict.fromkeys(names) if name.lower() in there]
