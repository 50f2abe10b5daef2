"""The registry of runs, of their finished materials, and of the published material of each model.

Takes an engine; keeps three tables in the output schema. A sequence number stands for a time window, so a resumed run
reads the same source rows. A material is registered only after it is finished, so registered materials can be reused.

    run_registry        seq_no, begin_ts, end_ts, creation_ts, published_ts (null until the run is published), project
    published_registry  model_ref, material_name, seq_no, end_ts: the published material of each model
    material_registry   seq_no, model_ref, model_name, model_type, model_hash, material_name, row_count, seconds,
                        creation_ts, metadata (JSON)
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

from sqlglot import exp

from onefold.plan.model import RunTimes
from onefold.state.records import Certificate, GraphRecord, MaterialRecord, PublishedRecord, RunRecord
from onefold.state.tables import StateTables, equals, read_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from onefold.engines.base import Engine
    from onefold.sql.dialects import EngineDialect

T = TypeVar("T")

_OF_A_RUN = re.compile(r"Material_.*_(\d+)(?:_[a-z_]+)?")
"""The name of a run's table, with the sequence number."""

RUNS, MATERIALS, PUBLISHED = "run_registry", "material_registry", "published_registry"

_RUN_COLUMNS = {
    "seq_no": "BIGINT",
    "begin_ts": "TIMESTAMP",
    "end_ts": "TIMESTAMP",
    "creation_ts": "TIMESTAMP",
    "published_ts": "TIMESTAMP",
    "project": "TEXT",
}
_PUBLISHED_COLUMNS = {"model_ref": "TEXT", "material_name": "TEXT", "seq_no": "BIGINT", "end_ts": "TIMESTAMP"}
_MATERIAL_COLUMNS = {
    "seq_no": "BIGINT",
    "model_ref": "TEXT",
    "model_name": "TEXT",
    "model_type": "TEXT",
    "model_hash": "TEXT",
    "material_name": "TEXT",
    "row_count": "BIGINT",
    "seconds": "DOUBLE",
    "creation_ts": "TIMESTAMP",
    "metadata": "TEXT",
}


_TABLES = {RUNS: _RUN_COLUMNS, MATERIALS: _MATERIAL_COLUMNS, PUBLISHED: _PUBLISHED_COLUMNS}


class Registry:
    """The registry of one output schema.

    The details of a material are read once and cached: only the writer with the lease changes them, through this
    object.
    """

    def __init__(self, engine: Engine, dialect: EngineDialect) -> None:
        self._tables = StateTables(engine, dialect)
        self._details: dict[str, dict[str, Any]] = {}

    def prepare(self, there: Collection[str] = ()) -> None:
        """Create the tables that do not exist.

        Args:
            there: Names of the tables that exist.
        """
        for name, columns in _TABLES.items():
            if name not in there:
                self._tables.create(name, columns)

    def tables(self) -> frozenset[str]:
        """Names of the tables and views in the output schema."""
        return self._tables.names()

    # --- runs ---

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, by sequence number."""
        rows = self._tables.rows(exp.select(*_RUN_COLUMNS).from_(self._tables.table(RUNS)).order_by("seq_no"))
        return tuple(
            RunRecord(
                int(r["seq_no"]),
                RunTimes(end=read_time(r["end_ts"]), begin=_maybe_time(r["begin_ts"])),
                _maybe_time(r["published_ts"]),
            )
            for r in rows
        )

    def begin_run(self, times: RunTimes, project: str, now: datetime, there: Collection[str]) -> int:
        """Register a new run; returns its sequence number. Call it in the transaction that takes the lease.

        The number is higher than that of every registered run and every existing table, so it is never used twice.

        Args:
            times: Its time window.
            project: Name of the project.
            now: The time.
            there: Names of the tables in the output schema.
        """
        last = exp.Max(this=exp.column("seq_no"))
        numbers = [exp.select(last.copy()).from_(self._tables.table(name)).subquery().as_(name) for name in _TABLES]
        found = [number or 0 for number in self._tables.rows(exp.select(*numbers))[0].values()]
        found += [int(match[1]) for name in there if (match := _OF_A_RUN.fullmatch(name))]
        seq_no = 1 + max(found)
        self._tables.insert(RUNS, _RUN_COLUMNS, [(seq_no, times.begin, times.end, now, None, project)])
        return seq_no

    def publish_run(self, seq_no: int, now: datetime) -> None:
        """Record the publication of a run. Call it in the transaction that repoints the views."""
        self._tables.update(RUNS, {"published_ts": now}, equals("seq_no", seq_no))

    def restore_run(self, seq_no: int, times: RunTimes, published_at: datetime, project: str) -> None:
        """Restore the lost row of a published run."""
        row = (seq_no, times.begin, times.end, published_at, published_at, project)
        self._tables.insert(RUNS, _RUN_COLUMNS, [row])

    # --- materials ---

    def finished(self, seq_no: int, there: Collection[str]) -> Mapping[str, int | None]:
        """Row counts of a run's finished materials that still exist, by name; None if they were not counted.

        Args:
            seq_no: The run.
            there: Names of the tables in the output schema.
        """
        query = exp.select("material_name", "row_count").from_(self._tables.table(MATERIALS))
        rows = self._tables.rows(query.where(equals("seq_no", seq_no)))
        return {r["material_name"]: r["row_count"] for r in rows if r["material_name"] in there}

    def finish_material(
        self,
        made: MaterialRecord,
        certificate: Certificate | None = None,
        graph: GraphRecord | None = None,
        *,
        is_new: bool = False,
    ) -> None:
        """Register a finished material, in place of an earlier one with the same name.

        Args:
            made: The material.
            certificate: The certificate of its graph, for an id stitcher.
            graph: The location of its graph, for an id stitcher.
            is_new: Whether an earlier one cannot exist.
        """
        details = dict[str, Any]()
        if certificate is not None:
            details["certificate"] = vars(certificate)
        if graph is not None:
            details["graph"] = vars(graph)
        row = (
            made.seq_no,
            made.ref,
            made.model,
            made.kind,
            made.model_hash,
            made.name,
            made.rows,
            made.seconds,
            made.made_at,
            json.dumps(details),
        )
        if is_new:
            self._tables.insert(MATERIALS, _MATERIAL_COLUMNS, [row])
        else:
            with self._tables.engine.transaction():
                self._tables.delete(MATERIALS, "material_name", [made.name])
                self._tables.insert(MATERIALS, _MATERIAL_COLUMNS, [row])
        self._details[made.name] = details

    def materials(self) -> tuple[MaterialRecord, ...]:
        """All materials, in order of creation."""
        return self._materials()

    def material(self, name: str) -> MaterialRecord | None:
        """One material; None if it is not registered."""
        return next(iter(self._materials(equals("material_name", name))), None)

    def _materials(self, *where: exp.Expr) -> tuple[MaterialRecord, ...]:
        query = exp.select(*_MATERIAL_COLUMNS).from_(self._tables.table(MATERIALS)).where(*where)
        rows = self._tables.rows(query.order_by("creation_ts", "material_name"))
        return tuple(
            MaterialRecord(
                name=r["material_name"],
                seq_no=int(r["seq_no"]),
                ref=r["model_ref"],
                model=r["model_name"],
                kind=r["model_type"],
                model_hash=r["model_hash"],
                rows=r["row_count"],
                seconds=float(r["seconds"]),
                made_at=read_time(r["creation_ts"]),
            )
            for r in rows
        )

    def forget_material(self, name: str) -> None:
        """Remove a material, published or not. Call it in the transaction that drops it."""
        for table in (MATERIALS, PUBLISHED):
            self._tables.delete(table, "material_name", [name])
        self._details.pop(name, None)

    def graph(self, material: str) -> GraphRecord | None:
        """The location of a material's graph; None if it has no graph or is not registered."""
        return _made(GraphRecord, self._details_of(material).get("graph"))

    def certificate(self, material: str) -> Certificate | None:
        """The certificate of a material's graph; None if it has no graph or is not registered."""
        return _made(Certificate, self._details_of(material).get("certificate"))

    def figures(self, material: str) -> Mapping[str, Any] | None:
        """The stored figures of a material; None if there are none."""
        return self._details_of(material).get("figures")

    def remember_figures(self, material: str, figures: Mapping[str, Any]) -> None:
        """Store the figures of a material, in place of earlier ones."""
        details = self._details_of(material) | {"figures": figures}
        self._tables.update(MATERIALS, {"metadata": json.dumps(details)}, equals("material_name", material))
        self._details[material] = details

    def describes(self, shown: PublishedRecord) -> bool:
        """Whether the registered graph and certificate of a material equal those of ``shown``."""
        return (self.graph(shown.material), self.certificate(shown.material)) == (shown.graph, shown.certificate)

    def restore_graph(self, ref: str, shown: PublishedRecord, made_at: datetime) -> None:
        """Restore the graph and certificate of a material. Other registered values stay."""
        details = self._details_of(shown.material) | {
            "graph": vars(shown.graph),
            "certificate": vars(shown.certificate),
        }
        same = equals("material_name", shown.material)
        query = exp.select(*_MATERIAL_COLUMNS).from_(self._tables.table(MATERIALS)).where(same)
        known: dict[str, Any] = next(iter(self._tables.rows(query)), {})
        given = {
            "seq_no": shown.seq_no, "model_ref": ref, "model_name": ref.rpartition("/")[2],
            "model_type": "id_stitcher", "model_hash": shown.material.split("_")[-2], "material_name": shown.material,
            "seconds": 0.0,
        }  # fmt: skip
        kept = {name: value for name, value in known.items() if value is not None and name != "creation_ts"}
        row = given | kept | {"creation_ts": made_at, "metadata": json.dumps(details)}
        self._tables.delete(MATERIALS, "material_name", [shown.material])
        self._tables.insert(MATERIALS, _MATERIAL_COLUMNS, [[row.get(name) for name in _MATERIAL_COLUMNS]])
        self._details[shown.material] = details

    def _details_of(self, material: str) -> dict[str, Any]:
        if material not in self._details:
            query = exp.select("metadata").from_(self._tables.table(MATERIALS))
            rows = self._tables.rows(query.where(equals("material_name", material)))
            self._details[material] = _parsed(rows[0]["metadata"]) if rows else {}
        return self._details[material]

    # --- published materials ---

    def published(self) -> Mapping[str, PublishedRecord]:
        """The published material of each model, by ref."""
        own = (exp.column(name, table=PUBLISHED) for name in _PUBLISHED_COLUMNS)
        same = exp.column("material_name", table=MATERIALS).eq(exp.column("material_name", table=PUBLISHED))
        query = (
            exp.select(*own, exp.column("metadata", table=MATERIALS))
            .from_(exp.alias_(self._tables.table(PUBLISHED), PUBLISHED, table=True))
            .join(exp.alias_(self._tables.table(MATERIALS), MATERIALS, table=True), on=same, join_type="left")
        )
        found = {}
        for row in self._tables.rows(query):
            details = self._details[row["material_name"]] = _parsed(row["metadata"])
            found[row["model_ref"]] = PublishedRecord(
                row["material_name"],
                int(row["seq_no"]),
                read_time(row["end_ts"]),
                _made(GraphRecord, details.get("graph")),
                _made(Certificate, details.get("certificate")),
            )
        return found

    def publish_materials(self, published: Mapping[str, PublishedRecord]) -> None:
        """Record the published material of each model. Call it in the transaction that repoints the views."""
        if published:
            rows = [(ref, shown.material, shown.seq_no, shown.end) for ref, shown in published.items()]
            self._tables.delete(PUBLISHED, "model_ref", [*published])
            self._tables.insert(PUBLISHED, _PUBLISHED_COLUMNS, rows)


def _parsed(metadata: str | None) -> dict[str, Any]:
    try:
        return dict(json.loads(metadata or "{}"))
    except (ValueError, TypeError):
        return {}  # `onefold.state.publications` reports damaged rows


def _made(kind: type[T], fields: Any) -> T | None:
    """A record from registered fields; None if they do not fit."""
    try:
        return None if fields is None else kind(**fields)
    except TypeError:
        return None


def _maybe_time(time: datetime | None) -> datetime | None:
    return None if time is None else read_time(time)
