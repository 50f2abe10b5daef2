"""Publish a run: views, history of main ids, registry and pointer, in one transaction.

Takes a run and its built steps. Returns the names of the views that now show the run. Publishes nothing if another run
was published in the meantime.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.plan.model import IdStitcher
from onefold.plan.names import view_name
from onefold.run.graphs import history_statements
from onefold.state.records import PublishedRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.engines.base import Engine
    from onefold.run.begin import BegunRun
    from onefold.run.compiled import CompiledStep, Output


def publish(
    begun: BegunRun, steps: Sequence[CompiledStep], output: Output, engine: Engine, *, is_forced: bool
) -> dict[str, str]:
    """Move the views of ``steps`` to a run in one transaction, and record the main id events.

    Args:
        begun: The run.
        steps: The steps to publish.
        output: Names the materials.
        engine: The engine to publish on.
        is_forced: Whether finished models were rebuilt.

    Raises:
        RunError: If another run was published in the meantime, or another writer took the lease.
        EngineError: If a statement fails.
    """
    with engine.transaction():
        shown = {compiled.step.ref: _shown(begun, compiled, output) for compiled in steps}
        begun.store.publish(begun.lease, begun.seq_no, shown, datetime.now(UTC))
        for compiled in steps:
            step, statements = compiled.step, output.pointers(compiled.step)
            before = begun.published.get(step.ref)
            is_new = before is None or before.material != compiled.material
            if isinstance(step, IdStitcher) and (is_new or is_forced):
                graph = shown[step.ref].graph
                assert graph is not None  # noqa: S101 - a stitcher's material has one
                statements += history_statements(step, graph, output, output.plan.times.end)
            for statement in statements:
                engine.execute(statement)
    return {compiled.step.ref: view_name(compiled.step, output.plan.author) for compiled in steps}


def _shown(begun: BegunRun, compiled: CompiledStep, output: Output) -> PublishedRecord:
    registry, material = begun.store.registry, compiled.material
    graph, certificate = registry.graph(material), registry.certificate(material)
    return PublishedRecord(material, begun.seq_no, output.plan.times.end, graph, certificate)
