"""The ways to stitch that `stitching.py` compares: from a file of rows with two ids to a file of (id, component).

Each way takes the path of the rows and of the file to write. It returns the seconds of its parts, by name, and runs in
its own process. All ways except onefold's number the ids by string joins in DuckDB, like the floor. They differ in how
they find the components.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa

import onefold
from daily_delta import END, make_project
from onefold.identity.columns import to_arrow, to_numpy
from onefold.identity.components.connected_since import connected_since
from onefold.identity.components.union_find import UnionFind, earliest, partition
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.read.edge_evidence import Evidence
from onefold.identity.read.edge_evidence import first_seen as first_sights
from onefold.identity.read.encode import Dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Parts = dict[str, float]

RESULT = pa.schema([("id", pa.string()), ("component", pa.uint32())])
FULL_RESULT = pa.schema([*RESULT, ("valid_at", pa.timestamp("us")), ("first_seen_at", pa.timestamp("us"))])


class Clock:
    """Measures named parts, each from the end of the previous one."""

    def __init__(self) -> None:
        self.parts: Parts = {}
        self._since = time.perf_counter()

    def note(self, part: str) -> None:
        """End a part."""
        now = time.perf_counter()
        self.parts[part] = now - self._since
        self._since = now


def connect() -> Any:
    """Return a DuckDB connection with the settings of onefold."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order=false")
    return connection


# --- onefold ---


def ours(rows: Path, out: Path) -> Parts:
    clock, connection = Clock(), connect()
    ids, sets = Dictionary(), UnionFind(compiled=True)
    for batch in _stream(connection, f"SELECT anonymous_id, user_id FROM '{rows}'"):
        left, right = (ids.encode(side, batch.column(side)) for side in (0, 1))
        sets.grow(len(ids))
        sets.join(left, right)
    ids.seal()
    clock.note("encode and join")
    found = sets.partition()
    clock.note("components")
    _write(connection, out, RESULT, _result(ids, [(found.component, pa.uint32())]))
    clock.note("write")
    return clock.parts


def ours_with_evidence(rows: Path, out: Path) -> Parts:
    """Find components, distinct edges with first and last row, and the time when each id joined its profile."""
    clock, connection = Clock(), connect()
    ids, evidence = Dictionary(), Evidence()
    for batch in _stream(connection, f"SELECT anonymous_id, user_id, seen_at FROM '{rows}'"):
        times = to_numpy(pa.chunked_array([batch.column(2)]), null=UNKNOWN)
        left, right = (ids.encode(side, batch.column(side)) for side in (0, 1))
        evidence.add(left, right, np.zeros(left.size, dtype=np.int32), times)
    ids.seal()
    edges = evidence.edges()
    first_seen = first_sights(len(ids), edges)
    clock.note("encode")
    found = partition(len(ids), edges.left, edges.right, seen_at=edges.first_seen)
    clock.note("components")
    anchor = np.zeros(len(ids), dtype=np.uint32)
    anchors = np.flatnonzero(earliest(found.component, first_seen))[::-1]
    anchor[found.component[anchors]] = anchors
    since = connected_since(
        len(ids), edges.left, edges.right,
        seen_at=edges.first_seen, component=found.component, anchor=anchor, first_seen=first_seen, forest=found.forest,
    )  # fmt: skip
    clock.note("valid_at")
    columns = [(found.component, pa.uint32()), (since, pa.timestamp("us")), (first_seen, pa.timestamp("us"))]
    _write(connection, out, FULL_RESULT, _result(ids, columns))
    clock.note("write")
    return clock.parts


def whole_model(rows: Path, out: Path) -> Parts:
    """Run and publish a project with a stitcher over the rows, as `pb run` does, in a database file."""
    clock, folder = Clock(), _project_of(out)
    shutil.rmtree(folder, ignore_errors=True)
    make_project(folder, rows)
    found = onefold.load(folder).run(end_time=END, models=["models/graph"]).step("models/graph")
    clock.note("run")
    return {"model": found.seconds, "start, checks, publishing": clock.parts["run"] - found.seconds}


def _project_of(out: Path) -> Path:
    return out.with_suffix(".project")


def model_result(out: Path) -> None:
    """Copy the graph of `whole_model` to a file in the format of the other ways."""
    folder = _project_of(out)
    connection = connect()
    connection.execute(f"ATTACH '{folder}/output/warehouse.duckdb' AS built (READ_ONLY)")
    component = "dense_rank() OVER (ORDER BY user_main_id) AS component"
    connection.execute(f"COPY (SELECT other_id AS id, {component} FROM built.profiles.GRAPH) TO '{out}'")
    connection.close()
    shutil.rmtree(folder)


def _stream(connection: Any, query: str) -> Any:
    """Return the rows of a query in batches, while DuckDB reads ahead."""
    for name in ("streaming_buffer_size", "max_streaming_buffer_size"):
        connection.execute(f"SET {name}='8MB'")
    return connection.sql(query).to_arrow_reader(122_880)


def _result(ids: Dictionary, columns: list[tuple[Any, pa.DataType]]) -> Iterator[pa.RecordBatch]:
    start = 0
    for batch in ids.batches():
        part = slice(start, start + batch.num_rows)
        arrays = [to_arrow(values[part], kind, null=UNKNOWN) for values, kind in columns]
        schema = RESULT if len(columns) == 1 else FULL_RESULT
        yield pa.record_batch([batch.column(2), *arrays], schema=schema)
        start = part.stop


def _write(connection: Any, out: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    connection.register("result", pa.RecordBatchReader.from_batches(schema, batches))
    connection.execute(f"COPY result TO '{out}' (FORMAT parquet)")


# --- the floor, and ways that extend it ---


def floor(rows: Path, out: Path) -> Parts:
    """Read the rows, number the ids, build edges of numbers, and write (id, node), without stitching."""
    clock, connection = Clock(), connect()
    _encode(connection, rows)
    clock.note("encode")
    connection.execute(f"COPY (SELECT id, node FROM nodes) TO '{out}' (FORMAT parquet)")
    clock.note("write")
    return clock.parts


def _encode(connection: Any, rows: Path) -> None:
    connection.execute(
        "CREATE TEMP TABLE nodes AS SELECT (row_number() OVER () - 1)::UINTEGER AS node, * FROM ("
        f" SELECT DISTINCT 0 AS id_type, anonymous_id AS id FROM '{rows}'"
        f" UNION ALL SELECT DISTINCT 1, user_id FROM '{rows}')"
    )
    connection.execute(
        "CREATE TEMP TABLE edges AS SELECT a.node AS l, u.node AS r"
        f" FROM '{rows}' JOIN (FROM nodes WHERE id_type = 0) AS a ON a.id = anonymous_id"
        " JOIN (FROM nodes WHERE id_type = 1) AS u ON u.id = user_id"
    )


def _on_arrays(find: Callable[[int, Any, Any], Any]) -> Callable[[Path, Path], Parts]:
    """Return a way that finds components of numbered edges in memory."""

    def way(rows: Path, out: Path) -> Parts:
        clock, connection = Clock(), connect()
        _encode(connection, rows)
        clock.note("encode")
        ((nodes,),) = connection.execute("SELECT count(*) FROM nodes").fetchall()
        edges = connection.sql("SELECT l, r FROM edges").to_arrow_table()
        component = find(nodes, to_numpy(edges["l"]), to_numpy(edges["r"])).astype(np.uint32)
        columns = {"node": np.arange(nodes, dtype=np.uint32), "component": component}
        connection.register(
            "found", pa.table({name: to_arrow(column, pa.uint32()) for name, column in columns.items()})
        )
        clock.note("components")
        _write_found(connection, out)
        clock.note("write")
        return clock.parts

    return way


def _write_found(connection: Any, out: Path) -> None:
    connection.execute(f"COPY (SELECT id, component FROM nodes JOIN found USING (node)) TO '{out}' (FORMAT parquet)")


def _scipy(nodes: int, left: Any, right: Any) -> Any:
    from scipy.sparse import coo_array  # type: ignore[import-untyped]  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]  # noqa: PLC0415

    graph = coo_array((np.ones(left.size, dtype=np.int8), (left, right)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1]


def _networkx(nodes: int, left: Any, right: Any) -> Any:
    import networkx as nx  # noqa: PLC0415

    graph: Any = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(zip(left.tolist(), right.tolist(), strict=True))
    component = np.empty(nodes, dtype=np.uint32)
    for number, members in enumerate(nx.connected_components(graph)):
        component[list(members)] = number
    return component


def _union_find(nodes: int, left: Any, right: Any) -> Any:
    return partition(nodes, left, right).component


def _splink(rows: Path, out: Path) -> Parts:
    from splink import DuckDBAPI  # type: ignore[import-not-found]  # noqa: PLC0415
    from splink.clustering import (  # type: ignore[import-not-found]  # noqa: PLC0415
        cluster_pairwise_predictions_at_threshold,
    )

    clock, connection = Clock(), connect()
    _encode(connection, rows)
    clock.note("encode")
    interface = DuckDBAPI(connection)
    tables = [connection.sql("SELECT node FROM nodes"), connection.sql("SELECT l, r FROM edges")]
    if hasattr(interface, "register"):
        tables = [interface.register(table) for table in tables]
    found = cluster_pairwise_predictions_at_threshold(
        *tables,
        db_api=interface,
        node_id_column_name="node",
        edge_id_column_name_left="l",
        edge_id_column_name_right="r",
    )
    connection.execute(f"CREATE TEMP TABLE found AS SELECT node, cluster_id AS component FROM {found.physical_name}")
    clock.note("components")
    _write_found(connection, out)
    clock.note("write")
    return clock.parts


def _using_key(rows: Path, out: Path) -> Parts:
    clock, connection = Clock(), connect()
    _encode(connection, rows)
    clock.note("encode")
    connection.execute(
        "CREATE TEMP TABLE found AS WITH RECURSIVE sided(l, r) AS MATERIALIZED ("
        " SELECT l, r FROM edges UNION ALL SELECT r, l FROM edges),"
        " found(node, component) USING KEY (node) AS ("
        " SELECT node, node FROM nodes"
        " UNION (SELECT sided.r, min(new.component) FROM found AS new JOIN sided ON sided.l = new.node"
        " JOIN recurring.found AS old ON old.node = sided.r AND new.component < old.component GROUP BY sided.r)"
        ") SELECT node, component FROM found"
    )
    clock.note("components")
    _write_found(connection, out)
    clock.note("write")
    return clock.parts


def _label_loop(rows: Path, out: Path) -> Parts:
    """In each round, replace every label by the smallest label of its neighbours, and by the label of that one."""
    clock, connection = Clock(), connect()
    _encode(connection, rows)
    clock.note("encode")
    connection.execute("CREATE TEMP TABLE labels AS SELECT node, node AS component FROM nodes")
    count = 1
    while count:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE links AS SELECT DISTINCT a.component AS a, b.component AS b FROM edges"
            " JOIN labels AS a ON a.node = l JOIN labels AS b ON b.node = r WHERE a.component <> b.component"
        )
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE lower AS SELECT greatest(a, b) AS label, min(least(a, b)) AS component"
            " FROM links GROUP BY label"
        )
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE found AS SELECT node,"
            " coalesce(two.component, one.component, labels.component) AS component FROM labels"
            " LEFT JOIN lower AS one ON one.label = labels.component"
            " LEFT JOIN lower AS two ON two.label = one.component"
        )
        connection.execute("DROP TABLE labels")
        connection.execute("ALTER TABLE found RENAME TO labels")
        ((count,),) = connection.execute("SELECT count(*) FROM links").fetchall()
    connection.execute("ALTER TABLE labels RENAME TO found")
    clock.note("components")
    _write_found(connection, out)
    clock.note("write")
    return clock.parts


WAYS: dict[str, Callable[[Path, Path], Parts]] = {
    "floor": floor,
    "onefold": ours,
    "onefold-evidence": ours_with_evidence,
    "onefold-model": whole_model,
    "union-find": _on_arrays(_union_find),
    "scipy": _on_arrays(_scipy),
    "networkx": _on_arrays(_networkx),
    "splink": _splink,
    "using-key": _using_key,
    "label-loop": _label_loop,
}
