"""The registry in the warehouse: which runs there were, and which materials each of them finished.

In: an engine. Out: three tables in the output schema, and answers from them. A sequence number stands for a time
window: whoever resumes it sees the same rows of the sources. A material is registered only once it is whole, so what
is registered can be used again.

    run_registry        seq_no, begin_ts, end_ts, creation_ts, published_ts (null until the run's views moved), project
    published_registry  model_ref, material_name, seq_no, end_ts: what each model's view shows
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
"""The name of a table that a run made, with its number."""

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

    What was registered of a material is read once and kept: only the writer who has the lease changes it, through this
    object.
    """

    def __init__(self, engine: Engine, dialect: EngineDialect) -> None:
        self._tables = StateTables(engine, dialect)
        self._details: dict[str, dict[str, Any]] = {}

    def prepare(self, there: Collection[str] = ()) -> None:
        """Make the tables where they do not exist.

        Args:
            there: Names of tables that are known to exist.
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
        """Register a new run; returns its sequence number. Belongs into the transaction that takes the lease.

        The number is above those of all runs that are registered, or whose tables are there: none is given twice.

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
        """Note that a run's views moved. Belongs into the transaction that moves them."""
        self._tables.update(RUNS, {"published_ts": now}, equals("seq_no", seq_no))

    def restore_run(self, seq_no: int, times: RunTimes, published_at: datetime, project: str) -> None:
        """Register a published run again, whose row was lost."""
        row = (seq_no, times.begin, times.end, published_at, published_at, project)
        self._tables.insert(RUNS, _RUN_COLUMNS, [row])

    # --- materials ---

    def finished(self, seq_no: int, there: Collection[str]) -> Mapping[str, int | None]:
        """Rows by name of the materials that a run finished and that still exist; None where they were not counted.

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
        """Register a whole material, in place of an earlier one of the same name.

        Args:
            made: The material.
            certificate: Of an id_stitcher, what was checked.
            graph: Of an id_stitcher, where its graph lies.
            is_new: There cannot be an earlier one.
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
        """All materials, in the order in which they were made."""
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
        """Take a material out, published or not. Belongs into the transaction that drops it."""
        for table in (MATERIALS, PUBLISHED):
            self._tables.delete(table, "material_name", [name])
        self._details.pop(name, None)

    def graph(self, material: str) -> GraphRecord | None:
        """Where the graph of an id_stitcher's material lies; None if it is none, or is not registered."""
        return _made(GraphRecord, self._details_of(material).get("graph"))

    def certificate(self, material: str) -> Certificate | None:
        """What was checked of an id_stitcher's material; None if it is none, or is not registered."""
        return _made(Certificate, self._details_of(material).get("certificate"))

    def figures(self, material: str) -> Mapping[str, Any] | None:
        """The figures that were remembered of a material; None if there are none."""
        return self._details_of(material).get("figures")

    def remember_figures(self, material: str, figures: Mapping[str, Any]) -> None:
        """Remember figures of a material, in place of earlier ones."""
        details = self._details_of(material) | {"figures": figures}
        self._tables.update(MATERIALS, {"metadata": json.dumps(details)}, equals("material_name", material))
        self._details[material] = details

    def describes(self, shown: PublishedRecord) -> bool:
        """Whether a material is registered as the graph that ``short_repr`` says it is."""
        return (self.graph(shown.material), self.certificate(shown.material)) == (shown.graph, shown.certificate)

    def restore_graph(self, ref: str, shown: PublishedRecord, made_at: datetime) -> None:
        """Say of a material again which graph it is; what else was registered of it stays, if it is there."""
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

    # --- what is published ---

    def published(self) -> Mapping[str, PublishedRecord]:
        """What the view of each model shows, by ref."""
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
        """Note what the views of models show from now on, by ref. Belongs into the transaction that moves them."""
        if published:
            rows = [(ref, shown.material, shown.seq_no, shown.end) for ref, shown in published.items()]
            self._tables.delete(PUBLISHED, "model_ref", [*published])
            self._tables.insert(PUBLISHED, _PUBLISHED_COLUMNS, rows)


def _parsed(metadata: str | None) -> dict[str, Any]:
    try:
        return dict(json.loads(metadata or "{}"))
    except (ValueError, TypeError):
        return {}  # a row that was tampered with tells nothing; `onefold.state.publications` finds it


def _made(kind: type[T], fields: Any) -> T | None:
    """A record of what was registered; None where that is not one."""
    try:
        return None if fields is None else kind(**fields)
    except TypeError:
        return None


def _maybe_time(time: datetime | None) -> datetime | None:
    return None if time is None else read_time(time)
