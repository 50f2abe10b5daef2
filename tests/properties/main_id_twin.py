"""Main id assignment in plain Python over sets and dicts: the oracle for the SQL.

Takes the parts of a graph and the state before. Returns the main id of each part, the state after, and the events.
Recomputes everything each time, and shares only the formula of a generated id with the product.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onefold.identity.main_ids.generated_id import generated_id

if TYPE_CHECKING:
    from collections.abc import Mapping

Node = tuple[str, str]
"""Id type and id."""
Part = frozenset[Node]
Row = tuple[str, str, str | None, int]
"""event, main_id, previous_main_id, ids_moved."""


@dataclass(frozen=True)
class Data:
    """What a run sees: when each id was first seen (None: not known), and which ids are connected."""

    seen: Mapping[Node, int | None]
    parts: frozenset[Part]

    def order(self, node: Node) -> tuple[bool, int]:
        at = self.seen[node]
        return (at is None, at or 0)

    def earliest(self, nodes: frozenset[Node]) -> Node:
        return min(nodes, key=lambda node: (self.order(node), generated_id(node[1], node[0])))


@dataclass
class Published:
    """What a run leaves: by main id what it resolves to, its anchor, since when, and the ids of living ones."""

    current: dict[str, str | None] = field(default_factory=dict)
    anchor: dict[str, Node] = field(default_factory=dict)
    since: dict[str, int | None] = field(default_factory=dict)
    members: dict[str, frozenset[Node]] = field(default_factory=dict)

    def living(self, main_id: str) -> bool:
        return self.current[main_id] == main_id


@dataclass(frozen=True)
class Step:
    names: dict[Part, tuple[str, Node]]
    after: Published
    events: Counter[Row]


def step(before: Published, data: Data, seq_no: int, *, fresh: bool = False) -> Step:
    """One run."""
    anchor, reanchored = reanchor(before, data)
    stands = {m: part for m in anchor for part in data.parts if anchor[m] in part}
    names: dict[Part, tuple[str, Node]] = {}
    if not fresh:
        for part in data.parts:
            candidates = [m for m in anchor if stands.get(m) == part]
            if candidates:
                best = min(candidates, key=lambda m: (not before.living(m), data.order(anchor[m]), m))
                names[part] = (best, anchor[best])
    mint(names, data, set() if fresh else set(before.current))
    after = resolve(before, anchor, stands, names, seq_no)
    return Step(names, after, events(before, after, reanchored))


def reanchor(before: Published, data: Data) -> tuple[dict[str, Node], set[str]]:
    """The anchors to go by, and which of them are new in place of one that is gone."""
    anchor, moved = dict(before.anchor), set()
    for m in before.current:
        if before.living(m) and (anchor[m] not in data.seen or before.since[m] is None):
            left = frozenset(node for node in before.members[m] if node in data.seen)
            if left:
                anchor[m] = data.earliest(left)
                if before.since[m] is not None:
                    moved.add(m)
    return anchor, moved


def mint(names: dict[Part, tuple[str, Node]], data: Data, used: set[str]) -> None:
    """Name the parts without a name, at the first number at which an id is free."""
    number = 1
    while unnamed := [part for part in data.parts if part not in names]:
        for part in unnamed:
            id_type, value = node = data.earliest(part)
            proposed = generated_id(value if number == 1 else f"{value}#{number}", id_type)
            if proposed not in used:
                names[part] = (proposed, node)
        used |= {name for name, _ in names.values()}
        number += 1


def resolve(
    before: Published,
    anchor: dict[str, Node],
    stands: Mapping[str, Part],
    names: Mapping[Part, tuple[str, Node]],
    seq_no: int,
) -> Published:
    after = Published(dict(before.current), anchor, dict(before.since), {})
    for part, (name, node) in names.items():
        after.current[name] = name
        after.anchor[name] = node
        after.members[name] = part
    there: dict[str | None, str | None] = {m: names[part][0] for m, part in stands.items()}
    there |= {name: name for name in after.members}
    for m, was in before.current.items():
        after.current[m] = there.get(m, there.get(was))
    for m, now in after.current.items():
        if m not in before.current or now != before.current[m] or before.since[m] is None:
            after.since[m] = seq_no
    return after


def events(before: Published, after: Published, reanchored: set[str]) -> Counter[Row]:
    found: Counter[Row] = Counter()
    home = {node: name for name, part in after.members.items() for node in part}
    moves = Counter((m, home[node]) for m, part in before.members.items() for node in part if node in home)
    moves = Counter({(m, to): n for (m, to), n in moves.items() if m != to})
    untold = {pair: n for pair, n in moves.items() if after.current[pair[0]] != pair[1]}
    for m in before.current:
        if before.since[m] is None:
            found["created", m, None, 0] += 1
        if m in reanchored:
            found["reanchored", m, None, 0] += 1
    for m, now in after.current.items():
        was = before.current.get(m)
        if now is None and was == m:
            found["retired", m, None, 0] += 1
        elif now == m and was != m:
            sources = sorted((-n, origin) for (origin, to), n in untold.items() if to == m)
            n, origin = (-sources[0][0], sources[0][1]) if sources else (0, None)
            untold.pop((origin or "", m), None)
            kind = "restored" if m in before.current else "split" if sources else "created"
            found[kind, m, origin, n] += 1
        elif now is not None and now != m and (was == m or now != (after.current[was] if was else None)):
            found["merged", now, m, moves[m, now]] += 1
    for (origin, to), n in untold.items():
        found["reassigned", to, origin, n] += 1
    return found
