"""The figures of an id graph, computed once and stored with its material.

Takes the registry, an engine and the name of a material. Returns its `Health`. A run stores the figures of its graphs,
so that the next run can compare its own with them without counting ids again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.identity.metrics import GraphTables, Health, TypeHealth, health_of, health_query, sizes_query
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.engines.base import Engine
    from onefold.sql.dialects import EngineDialect
    from onefold.state.records import MaterialRecord
    from onefold.state.registry import Registry


@dataclass(frozen=True)
class Earlier:
    """The graph that was published before another one.

    Attributes:
        seq_no: The run that built it.
        health: Its figures.
    """

    seq_no: int
    health: Health


@dataclass(frozen=True)
class Figures:
    """Figures of the graphs of one entity.

    Attributes:
        registry: Locates graphs and stores figures.
        engine: Counts ids and profiles.
        dialect: The dialect of the engine.
        id_types: The entity's id types.
        person: The id type that stands for a person.
    """

    registry: Registry
    engine: Engine
    dialect: EngineDialect
    id_types: tuple[str, ...]
    person: str

    def tables(self, material: str) -> GraphTables | None:
        """The tables of a material's graph; None if it is not registered as a graph."""
        record = self.registry.graph(material)
        if record is None:
            return None
        return GraphTables(exp.table_(record.base, db=self.engine.schema, quoted=True), record.version)

    def counted(self, kept: GraphTables, sizes: exp.Table | None = None) -> Health:
        """Compute the figures of a graph.

        Args:
            kept: The graph.
            sizes: A table with the rows of `sizes_query`; None runs the query.

        Raises:
            EngineError: If its tables cannot be read.
        """
        rows = sizes if sizes is not None else sizes_query(kept, self.id_types).subquery("sizes")
        query = health_query(rows, self.id_types, self.person)
        return health_of(self.engine.fetch(render(query, self.dialect)).to_pylist()[0], self.id_types)

    def remember(self, material: str, health: Health, sources: Sequence[str]) -> None:
        """Store the figures of a material, and the refs of its edge sources in order, for later runs."""
        self.registry.remember_figures(material, {"person": self.person, "sources": [*sources], **asdict(health)})

    def sources(self, material: str) -> tuple[str, ...] | None:
        """The refs of a material's edge sources; None if they were not stored."""
        given = self.registry.figures(material)
        return tuple(given["sources"]) if given is not None else None

    def previous(self, material: str) -> int | None:
        """The run of the graph that was published when a material was built; None if it no longer exists."""
        found = self._previous(material)
        return found.seq_no if found is not None else None

    def _previous(self, material: str) -> MaterialRecord | None:
        record = self.registry.graph(material)
        name = record.previous if record is not None else None
        return None if name is None else self.registry.material(name)

    def before(self, material: str) -> Earlier | None:
        """The graph that was published when a material was built; None if there was none or it was dropped.

        Raises:
            EngineError: If its tables cannot be read.
        """
        made = self._previous(material)
        if made is None:
            return None
        health = self._remembered(made.name)
        if health is None:
            kept = self.tables(made.name)
            if kept is None or kept.members.name not in self.registry.tables():
                return None
            health = self.counted(kept)
        return Earlier(made.seq_no, health)

    def _remembered(self, material: str) -> Health | None:
        """The stored figures, if they are of the same id types and the same person type."""
        given = self.registry.figures(material)
        if given is None:
            return None
        found = _health(given)
        is_same = given["person"] == self.person and tuple(t.id_type for t in found.by_type) == self.id_types
        return found if is_same else None


def _health(given: Mapping[str, Any]) -> Health:
    numbers = {key: value for key, value in given.items() if key not in {"person", "sources", "by_type", "over"}}
    by_type = tuple(TypeHealth(**found) for found in given["by_type"])
    return Health(**numbers, over=tuple(given["over"]), by_type=by_type)
