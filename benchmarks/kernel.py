"""Measure the in-memory identity kernel on random edges, each variant in its own process.

Prints two tables. The first compares whole columns of large graphs with scipy, if installed. The second shows from
which size compiling pays in a new process (`COMPILED_FROM`). Random edges with 0.6 nodes per edge form one giant
component and many small ones. Nearly every edge misses the processor cache.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.certificate import certify
from onefold.identity.components.connected_since import connected_since
from onefold.identity.components.union_find import earliest, partition
from onefold.identity.native.kernel import COMPILED_FROM

if TYPE_CHECKING:
    from collections.abc import Callable

NODES_PER_EDGE = 0.6
SMALL = (10_000, 100_000, 300_000, 600_000, 1_000_000, 2_000_000)


def main() -> None:
    """Print both tables, or measure one variant as a child process."""
    arguments = _arguments()
    if arguments.child:
        measure = _seconds_warm if arguments.repeat else _seconds_cold
        seconds = measure(WAYS[arguments.child], arguments.edges[0], arguments.repeat)
        print(json.dumps({"seconds": seconds, "megabytes": _peak_megabytes()}))
        return
    _print_large(arguments.edges, arguments.repeat)
    _print_small()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", type=int, nargs="+", default=[10_000_000, 20_000_000], help="sizes to measure")
    parser.add_argument("--repeat", type=int, default=3, help="runs per variant; the fastest counts")
    parser.add_argument("--child", choices=sorted(WAYS), help=argparse.SUPPRESS)
    return parser.parse_args()


def _print_large(sizes: list[int], repeat: int) -> None:
    print(f"{'edges':>12} {'way':<28} {'seconds':>8} {'of scipy':>9} {'MB more':>8}")
    for edges in sizes:
        inputs = _child("inputs", edges, repeat)
        scipy = _child("components, scipy", edges, repeat)
        for way in ("components, scipy", "components", "earliest", "connected_since", "certificate"):
            found = scipy if way == "components, scipy" else _child(way, edges, repeat)
            if not found:
                print(f"{edges:>12,} {way:<28} {'not installed':>18}")
                continue
            ratio = f"{found['seconds'] / scipy['seconds']:.2f}" if scipy else "-"
            more = found["megabytes"] - inputs["megabytes"]
            print(f"{edges:>12,} {way:<28} {found['seconds']:>8.2f} {ratio:>9} {more:>8.0f}")


def _print_small() -> None:
    print(f"\nfirst call in a new process, seconds; compiled from {COMPILED_FROM:,} nodes plus edges")
    print(f"{'nodes + edges':>14} {'interpreted':>12} {'compiled':>9}")
    _child("components, compiled", SMALL[0], 0)  # fills the cache of compiled code
    for work in SMALL:
        edges = round(work / (1 + NODES_PER_EDGE))
        slow, fast = (_child(f"components, {mode}", edges, 0) for mode in ("interpreted", "compiled"))
        print(f"{work:>14,} {slow['seconds']:>12.3f} {fast['seconds']:>9.3f}")


def _child(way: str, edges: int, repeat: int) -> dict[str, float]:
    """Return the measurements of a child process, or nothing if the package of the variant is not installed."""
    command = [sys.executable, __file__, "--child", way, "--edges", str(edges), "--repeat", str(repeat)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named 'scipy'" in done.stderr:
        return {}
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _seconds_warm(way: Callable[..., Any], edges: int, repeat: int) -> float:
    """Return the fastest of several runs, after a run on a small graph that loads or compiles the code."""
    way(*_graph(int(COMPILED_FROM)))
    graph = _graph(edges)
    return min(_seconds(way, graph) for _ in range(repeat))


def _seconds_cold(way: Callable[..., Any], edges: int, _repeat: int) -> float:
    return _seconds(way, _graph(edges))


def _seconds(way: Callable[..., Any], graph: tuple[Any, ...]) -> float:
    """Return the seconds of one run, as measured by the variant itself or from outside."""
    began = time.perf_counter()
    inner = way(*graph)
    return inner if isinstance(inner, float) else time.perf_counter() - began


def _graph(edges: int) -> tuple[Any, ...]:
    """Return the number of nodes, both ends of the edges, and the times of edges and nodes."""
    rng = np.random.default_rng(edges)
    nodes = round(edges * NODES_PER_EDGE)
    left, right = (rng.integers(0, nodes, edges, dtype=np.uint32) for _ in range(2))
    return nodes, left, right, rng.integers(0, 10**15, edges), rng.integers(0, 10**15, nodes)


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _scipy(nodes: int, left: Any, right: Any, *_times: Any) -> None:
    from scipy.sparse import coo_array  # type: ignore[import-untyped]  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]  # noqa: PLC0415

    graph = coo_array((np.ones(left.size, dtype=np.int8), (left, right)), shape=(nodes, nodes))
    connected_components(graph, directed=False)


def _earliest(nodes: int, left: Any, right: Any, _seen_at: Any, first_seen: Any) -> float:
    component = partition(nodes, left, right).component
    return _seconds(lambda *_: bool(earliest(component, first_seen).any()), ())


def _connected_since(nodes: int, left: Any, right: Any, seen_at: Any, first_seen: Any) -> float:
    component = partition(nodes, left, right).component
    columns = {"seen_at": seen_at, "component": component, "anchor": component, "first_seen": first_seen}
    return _seconds(lambda *_: connected_since(nodes, left, right, **columns).size, ())


def _certificate(nodes: int, left: Any, right: Any, *_times: Any) -> float:
    found = partition(nodes, left, right)
    main_ids = nodes - found.joins
    return _seconds(lambda *_: certify(nodes, left, right, found.component, joins=found.joins, main_ids=main_ids), ())


WAYS: dict[str, Callable[..., Any]] = {
    "inputs": lambda *_: None,
    "components": lambda nodes, left, right, *_: partition(nodes, left, right),
    "components, interpreted": lambda nodes, left, right, *_: partition(nodes, left, right, compiled=False),
    "components, compiled": lambda nodes, left, right, *_: partition(nodes, left, right, compiled=True),
    "components, scipy": _scipy,
    "earliest": _earliest,
    "connected_since": _connected_since,
    "certificate": _certificate,
}

if __name__ == "__main__":
    main()
