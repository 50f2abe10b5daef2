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
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlglot import exp

from onefold.plan.model import RunTimes
from onefold.sql.dialects import render
from onefold.sql.statements import create_empty, insert_values
from onefold.state.records import Certificate, GraphRecord, MaterialRecord, PublishedRecord, RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


class Registry:
    """The registry of one output schema."""

    def __init__(self, engine: Engine, dialect: EngineDialect) -> None:
        self._engine, self._dialect = engine, dialect

    def prepare(self) -> None:
        """Make the tables where they do not exist."""
        for name, columns in (
            (RUNS, _RUN_COLUMNS),
            (MATERIALS, _MATERIAL_COLUMNS),
            (PUBLISHED, _PUBLISHED_COLUMNS),
        ):
            self._run(create_empty(self._table(name), columns))

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, by sequence number."""
        rows = self._rows(exp.select(*_RUN_COLUMNS).from_(self._table(RUNS)).order_by("seq_no"))
        return tuple(
            RunRecord(
                int(r["seq_no"]),
                RunTimes(end=read_time(r["end_ts"]), begin=_maybe_time(r["begin_ts"])),
                _maybe_time(r["published_ts"]),
            )
            for r in rows
        )

    def begin_run(self, times: RunTimes, project: str, now: datetime) -> int:
        """Register a new run; returns its sequence number."""
        seq_no = 1 + max(self._seq_nos(), default=0)
        self._insert(RUNS, _RUN_COLUMNS, (seq_no, times.begin, times.end, now, None, project))
        return seq_no

    def _seq_nos(self) -> Iterator[int]:
        """The numbers of runs that are registered, or whose tables are there: none is given twice."""
        for table in (RUNS, MATERIALS, PUBLISHED):
            rows = self._rows(exp.select(exp.Max(this=exp.column("seq_no")).as_("last")).from_(self._table(table)))
            yield int(rows[0]["last"] or 0)
        yield from (int(found[1]) for name in self.tables() if (found := _OF_A_RUN.fullmatch(name)))

    def finished(self, seq_no: int) -> Mapping[str, int | None]:
        """Rows by name of the materials that a run finished and that still exist; None where they were not counted."""
        there = self.tables()
        query = (
            exp.select("material_name", "row_count")
            .from_(self._table(MATERIALS))
            .where(exp.column("seq_no").eq(exp.Literal.number(seq_no)))
        )
        return {r["material_name"]: r["row_count"] for r in self._rows(query) if r["material_name"] in there}

    def finish_material(
        self, made: MaterialRecord, certificate: Certificate | None = None, graph: GraphRecord | None = None
    ) -> None:
        """Register a whole material, in place of an earlier one of the same name.

        Args:
            made: The material.
            certificate: Of an id_stitcher, what was checked.
            graph: Of an id_stitcher, where its graph lies.
        """
        metadata = dict[str, Any]()
        if certificate is not None:
            metadata["certificate"] = vars(certificate)
        if graph is not None:
            metadata["graph"] = vars(graph)
        same = exp.column("material_name").eq(exp.Literal.string(made.name))
        values = (
            made.seq_no,
            made.ref,
            made.model,
            made.kind,
            made.model_hash,
            made.name,
            made.rows,
            made.seconds,
            made.made_at,
            json.dumps(metadata),
        )
        with self._engine.transaction():
            self._run(exp.Delete(this=self._table(MATERIALS), where=exp.Where(this=same)))
            self._insert(MATERIALS, _MATERIAL_COLUMNS, values)

    def materials(self) -> tuple[MaterialRecord, ...]:
        """All materials, in the order in which they were made."""
        query = exp.select(*_MATERIAL_COLUMNS).from_(self._table(MATERIALS)).order_by("creation_ts", "material_name")
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
            for r in self._rows(query)
        )

    def forget_material(self, name: str) -> None:
        """Take a material out, published or not. Belongs into the transaction that drops it."""
        same = exp.column("material_name").eq(exp.Literal.string(name))
        for table in (MATERIALS, PUBLISHED):
            self._run(exp.Delete(this=self._table(table), where=exp.Where(this=same.copy())))

    def tables(self) -> frozenset[str]:
        """Names of the tables and views in the output schema."""
        return frozenset(each.name for each in self._engine.objects() if each.place == "output")

    def graph(self, material: str) -> GraphRecord | None:
        """Where the graph of an id_stitcher's material lies; None if it is none, or is not registered."""
        return _made(GraphRecord, self._metadata(material).get("graph"))

    def figures(self, material: str) -> Mapping[str, Any] | None:
        """The figures that were remembered of a material; None if there are none."""
        return self._metadata(material).get("figures")

    def remember_figures(self, material: str, figures: Mapping[str, Any]) -> None:
        """Remember figures of a material, in place of earlier ones."""
        metadata = json.dumps(self._metadata(material) | {"figures": figures})
        self._run(
            exp.Update(
                this=self._table(MATERIALS),
                expressions=[exp.column("metadata").eq(exp.Literal.string(metadata))],
                where=exp.Where(this=exp.column("material_name").eq(exp.Literal.string(material))),
            )
        )

    def _metadata(self, material: str) -> dict[str, Any]:
        query = exp.select("metadata").from_(self._table(MATERIALS))
        rows = self._rows(query.where(exp.column("material_name").eq(exp.Literal.string(material))))
        try:
            return dict(json.loads(rows[0]["metadata"] or "{}")) if rows else {}
        except (ValueError, TypeError):
            return {}  # a row that was tampered with tells nothing; `onefold.state.publications` finds it

    def published(self) -> Mapping[str, PublishedRecord]:
        """What the view of each model shows, by ref."""
        rows = self._rows(exp.select(*_PUBLISHED_COLUMNS).from_(self._table(PUBLISHED)))
        found = {}
        for row in rows:
            found[row["model_ref"]] = PublishedRecord(
                row["material_name"],
                int(row["seq_no"]),
                read_time(row["end_ts"]),
                self.graph(row["material_name"]),
                _made(Certificate, self._metadata(row["material_name"]).get("certificate")),
            )
        return found

    def publish_material(self, ref: str, material: str, seq_no: int, end: datetime) -> None:
        """Note what a model's view shows from now on. Belongs into the transaction that moves it."""
        same = exp.column("model_ref").eq(exp.Literal.string(ref))
        self._run(exp.Delete(this=self._table(PUBLISHED), where=exp.Where(this=same)))
        self._insert(PUBLISHED, _PUBLISHED_COLUMNS, (ref, material, seq_no, end))

    def describes(self, shown: PublishedRecord) -> bool:
        """Whether a material is registered as the graph that ``shown`` says it is."""
        held = self._metadata(shown.material)
        registered = (_made(GraphRecord, held.get("graph")), _made(Certificate, held.get("certificate")))
        return registered == (shown.graph, shown.certificate)

    def restore_run(self, seq_no: int, times: RunTimes, published_at: datetime, project: str) -> None:
        """Register a published run again, whose row was lost."""
        self._insert(RUNS, _RUN_COLUMNS, (seq_no, times.begin, times.end, published_at, published_at, project))

    def restore_graph(self, ref: str, shown: PublishedRecord, made_at: datetime) -> None:
        """Say of a material again which graph it is; what else was registered of it stays, if it is there."""
        held = self._metadata(shown.material) | {"graph": vars(shown.graph), "certificate": vars(shown.certificate)}
        same = exp.column("material_name").eq(exp.Literal.string(shown.material))
        query = exp.select(*_MATERIAL_COLUMNS).from_(self._table(MATERIALS)).where(same)
        known: dict[str, Any] = next(iter(self._rows(query)), {})
        given = {
            "seq_no": shown.seq_no, "model_ref": ref, "model_name": ref.rpartition("/")[2],
            "model_type": "id_stitcher", "model_hash": shown.material.split("_")[-2], "material_name": shown.material,
            "seconds": 0.0,
        }  # fmt: skip
        kept = {name: value for name, value in known.items() if value is not None and name != "creation_ts"}
        row = given | kept | {"creation_ts": made_at, "metadata": json.dumps(held)}
        self._run(exp.Delete(this=self._table(MATERIALS), where=exp.Where(this=same.copy())))
        self._insert(MATERIALS, _MATERIAL_COLUMNS, tuple(row.get(name) for name in _MATERIAL_COLUMNS))

    def publish_run(self, seq_no: int, now: datetime) -> None:
        """Note that a run's views moved. Belongs into the transaction that moves them."""
        self._run(
            exp.Update(
                this=self._table(RUNS),
                expressions=[exp.column("published_ts").eq(literal(now))],
                where=exp.Where(this=exp.column("seq_no").eq(exp.Literal.number(seq_no))),
            )
        )

    def _table(self, name: str) -> exp.Table:
        return exp.table_(name, db=self._engine.schema, quoted=True)

    def _insert(self, name: str, columns: Mapping[str, str], values: tuple[Any, ...]) -> None:
        self._run(insert_values(self._table(name), tuple(columns), [literal(v) for v in values]))

    def _run(self, statement: exp.Expr) -> None:
        self._engine.execute(render(statement, self._dialect))

    def _rows(self, query: exp.Select) -> list[dict[str, Any]]:
        return self._engine.fetch(render(query, self._dialect)).to_pylist()  # type: ignore[no-any-return]


def literal(value: Any) -> exp.Expr:
    """A value of the registry as a SQL literal; times are stored in UTC without a zone."""
    if isinstance(value, datetime):
        text = value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        return exp.cast(exp.Literal.string(text), "TIMESTAMP")
    return exp.convert(value)


def read_time(time: datetime) -> datetime:
    """A time of the registry, aware."""
    return time.replace(tzinfo=UTC)


def _made(kind: type[T], fields: Any) -> T | None:
    """A record of what was registered; None where that is not one."""
    try:
        return None if fields is None else kind(**fields)
    except TypeError:
        return None


def _maybe_time(time: datetime | None) -> datetime | None:
    return None if time is None else read_time(time)
