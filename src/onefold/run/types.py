"""The column types of a plan without access to its sources, for ``pb compile``.

Takes a plan. Returns the columns of each model, input and feature view, each with its type, or with the source columns
that its type depends on. Contracts of sources (``with_columns``) and CSV files of the project supply types. The
embedded engine types expressions, in a temporary database instead of the project's.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.engines.base import ConnectionSettings, EngineError
from onefold.engines.registry import engine_module
from onefold.environment import write_whole
from onefold.identity.schema import NODE
from onefold.plan.model import IdStitcher, InputStep, PluginStep, SqlTemplate
from onefold.plan.names import view_name
from onefold.plugins import model_types
from onefold.run.known_types import EngineTypes
from onefold.run.target import column_types, csv_files
from onefold.sql.dialects import render
from onefold.sql.id_graph import PROFILE
from onefold.sql.input import csv_view, source_table
from onefold.sql.shapes import Shapes
from onefold.sql.types import Shape, Typed, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan, Step
    from onefold.plan.names import Names
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.sql.relations import KnownTypes

_NULL = '"NULL"'
"""The type that the engine reports for a bare NULL. A column created from one is an INTEGER column."""


@dataclass(frozen=True)
class ModelTypes:
    """The known columns of a model.

    Attributes:
        ref: The model.
        kind: Its model type.
        view: Its view, or None.
        columns: Types by column name, in order.
        rest: Sources of further unknown columns, from ``SELECT *``.
    """

    ref: str
    kind: str
    view: str | None
    columns: dict[str, Typed]
    rest: tuple[str, ...] = ()

    @property
    def unknown(self) -> dict[str, Typed]:
        """The columns whose type the project does not determine."""
        return {name: typed for name, typed in self.columns.items() if typed.type is None}

    def as_plain(self) -> dict[str, Any]:
        """The same as JSON values."""
        columns = [
            {"name": n, "type": t.type, **({} if t.type else {"depends_on": sorted(t.because)})}
            for n, t in self.columns.items()
        ]
        found = {"model": self.ref, "model_type": self.kind, "view": self.view, "columns": columns}
        return {**found, **({"and_all_columns_of": list(self.rest)} if self.rest else {})}


@dataclass(frozen=True)
class ProjectTypes:
    """The known types of a plan without access to its sources.

    Attributes:
        models: The columns of models, cohorts and feature views, in running order.
        known: The known types of the sources of queries.
    """

    models: tuple[ModelTypes, ...]
    known: KnownTypes | None


@contextmanager
def project_types(
    plan: Plan, project: ProjectSpec, names: Names, target: Target, refs: Collection[str]
) -> Iterator[ProjectTypes]:
    """The types of the steps among ``refs``. Inside the block the engine can be queried for further types."""
    files, declared = csv_files(project), column_types(project)
    with tempfile.TemporaryDirectory(prefix="onefold_types_") as folder:
        settings = ConnectionSettings(
            Path(folder) / "types.duckdb",
            target.schema,
            csv_files=files,
            declared=declared,
            session=target.dialect.session,
        )
        engine = engine_module(target.engine).open_engine(settings, read_only=False)
        try:
            there = frozenset(name for name, path in files.items() if path.is_file())
            types = _Types(plan, names, target, engine, there, EngineTypes(engine, target.dialect), {})
            shapes = Shapes(plan, names, target.dialect, types.asked.type_of, types.source)
            yield ProjectTypes(tuple(types.found(refs, shapes)), shapes.known())
        finally:
            engine.close()


@dataclass(frozen=True)
class _Types:
    """Types the steps of a plan, one after the other.

    Attributes:
        csv_views: Names of the views of CSV files.
        asked: The types from the engine.
        sources: The columns of sources from contracts and files of the project, by lower-case name.
    """

    plan: Plan
    names: Names
    target: Target
    engine: Engine
    csv_views: frozenset[str]
    asked: EngineTypes
    sources: dict[str, Shape]

    def source(self, table: exp.Table) -> Shape | None:
        """The columns of a source."""
        return self.sources.get(_name(table))

    def found(self, refs: Collection[str], shapes: Shapes) -> Iterator[ModelTypes]:
        """The types of models and views; ``shapes`` stores those of each step."""
        for ref, step in self.plan.steps.items():
            if ref not in refs:
                continue
            shape = self._shape(step, shapes)
            columns = {n: Typed("INTEGER") if t.type == _NULL else t for n, t in shape.columns.items()}
            shapes.keep(ref, Shape(columns, shape.rest))
            if isinstance(step, InputStep):
                name = _name(source_table(step, self.plan.author))
                earlier = self.sources.get(name, Shape())
                self.sources[name] = Shape({**columns, **earlier.columns}, shape.rest | earlier.rest)
            if step.view is not None or isinstance(step, SqlTemplate | PluginStep):
                view = view_name(step, self.plan.author) if step.view else None
                yield ModelTypes(ref, step.kind, view, _shown(columns), tuple(sorted(shape.rest)))

    def _shape(self, step: Step, shapes: Shapes) -> Shape:
        if isinstance(step, InputStep):
            return self._input(step)
        if isinstance(step, IdStitcher):
            texts = (step.main_id, "other_id", "other_id_type")
            kinds = {**dict.fromkeys(texts, "VARCHAR"), "valid_at": "TIMESTAMP", "first_seen_at": "TIMESTAMP"}
            return Shape({n: Typed(k) for n, k in {**kinds, PROFILE: "BIGINT", NODE: "BIGINT"}.items()})
        if isinstance(step, PluginStep):
            name = f"plugin_{step.name}"
            with self.engine.upload(name, model_types()[step.plugin].columns(step.spec).empty_table()):
                return self._described(exp.to_table(name, quoted=True))
        found = shapes.of(step)
        return self._with_contract(found, step) if isinstance(step, SqlTemplate) else found

    def _input(self, step: InputStep) -> Shape:
        """The columns from a contract or a file of the project."""
        if step.csv and csv_view(step.name) in self.csv_views:
            return self._described(exp.to_table(csv_view(step.name), quoted=True))
        return self._with_contract(Shape(rest=frozenset({step.ref})), step)

    def _with_contract(self, shape: Shape, step: InputStep | SqlTemplate) -> Shape:
        """The shape, with types from the contract for columns that the SQL does not type."""
        columns = dict(shape.columns)
        for name, kind in step.column_types.items():
            known = columns.get(name.strip('"').lower())
            if known is None or known.type is None:
                columns[name.strip('"').lower()] = self._promised(kind)
        return Shape(columns, shape.rest)

    def _promised(self, kind: str) -> Typed:
        try:
            written = exp.DataType.build(kind, dialect=self.plan.author).sql(self.target.dialect.sqlglot)
        except ValueError:  # not a type of the author's dialect; sqlglot's own error is a ValueError
            written = kind
        return named(written, self.asked.type_of)

    # --- the engine ---

    def _described(self, table: exp.Table) -> Shape:
        try:
            columns = self.engine.describe(render(exp.select("*").from_(table), self.target.dialect, pretty=False))
        except EngineError as error:
            return Shape(rest=frozenset({f"the file, which cannot be read: {error.message}"}))
        return Shape({name.lower(): Typed(found.name) for name, found in columns.items()})


def _name(table: exp.Table) -> str:
    return ".".join(part.name for part in table.parts).lower()


def _shown(columns: dict[str, Typed]) -> dict[str, Typed]:
    """The columns of a view."""
    return {name: typed for name, typed in columns.items() if not name.startswith("__")}


def write_types(path: Path, found: Collection[ModelTypes]) -> None:
    """Write types as JSON."""
    write_whole(path, json.dumps([model.as_plain() for model in found], indent=1) + "\n")
