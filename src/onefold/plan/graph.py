"""Dependency order of steps. Takes the needs of each step; returns an order, or an error that shows the cycle."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from onefold.errors import Finding, Location, ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def running_order(needs: Mapping[str, tuple[str, ...]], places: Mapping[str, Location]) -> tuple[str, ...]:
    """Refs in dependency order; deterministic for equal input.

    Args:
        needs: For each ref, the refs it reads.
        places: Where each ref is declared, for the message.

    Raises:
        ProjectError: If steps depend on each other in a cycle; the message shows the path.
    """
    sorter = TopologicalSorter({ref: sorted(reads) for ref, reads in needs.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = _from_smallest(error.args[1])
        raise ProjectError(
            Finding(
                "error",
                "cycle",
                f"these models depend on each other in a cycle: {' -> '.join(cycle)}",
                places.get(cycle[0]),
                "remove one of these references",
            )
        ) from error
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return tuple(order)


def with_needs(chosen: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The chosen refs and all their dependencies, direct and indirect."""
    found: set[str] = set()
    waiting = list(chosen)
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found.add(ref)
            waiting.extend(needs.get(ref, ()))
    return frozenset(found)


def _from_smallest(cycle: list[str]) -> list[str]:
    """The cycle as ``a needs b needs a``, starting at its smallest ref so that the message is stable.

    graphlib lists each ref after the one that it feeds; reversed, each comes before the ref that it needs.
    """
    ring = list(reversed(cycle))[:-1]
    start = ring.index(min(ring))
    turned = ring[start:] + ring[:start]
    return [*turned, turned[0]]
