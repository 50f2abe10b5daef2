"""Formats audit answers as text and as plain values for JSON. Takes a record; returns a string or plain values.

A text begins with the verdict and ends with the next steps. Ids are never cut off, so that you can copy them.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from onefold.cli import diff_text
from onefold.cli.console import dim, heading, table, verdict
from onefold.cli.formatting import cut_note, next_steps, plural, when
from onefold.errors import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from onefold.audit.articulation import ArticulationPoint, Bridge, Damage
    from onefold.audit.bridges import Bridges
    from onefold.audit.cluster import Cluster
    from onefold.audit.clusters import Clusters
    from onefold.audit.explain import Chain, Link, Profile
    from onefold.audit.explain_no_match import NoMatch, NotInGraph, Reason
    from onefold.audit.features import Features, Sample
    from onefold.audit.health import Overview
    from onefold.audit.records import OriginRows
    from onefold.audit.threshold_sweep import Sweep, Thresholds

_TOP = 20
_LONGEST_VALUE = 60


def as_plain(value: Any) -> Any:
    """A record as mappings, lists, numbers and texts."""
    if isinstance(value, Location):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: as_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(part) for part in value]
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def as_text(answer: Any, top: int | None = None) -> str:
    """An answer as text.

    Args:
        answer: A record of ``onefold.audit``.
        top: The most rows per table.
    """
    blocks = [block for block in _BLOCKS[type(answer).__name__](answer, top or _TOP) if block]
    found_as = [f"found as: {words}" for words in getattr(answer, "found_as", ())]
    return "\n\n".join([*blocks[:1], *found_as, *blocks[1:], *next_steps(answer.steps)])


def _count(number: float) -> str:
    return f"{number:,.4g}" if isinstance(number, float) and not number.is_integer() else f"{int(number):,}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


# --- health, clusters ---


def _overview(answer: Overview, top: int) -> Iterator[str]:  # noqa: ARG001
    bounded = [f for f in answer.figures if f.verdict is not None]
    beyond = [f for f in bounded if f.verdict != "pass"]
    said = "; ".join(f"{f.name}: {f.held_in_words} (expected {f.bound})" for f in beyond)
    yield f"{verdict(answer.verdict)}: {said or f'all {len(bounded)} checks pass'}"
    rows = [
        (
            f.name,
            f.in_words,
            "" if f.is_change else _share(f.share),
            f.verdict or "",
            f.bound or "",
            (f.at or "default") if f.bound else "",
        )
        for f in answer.figures
    ]
    name = f"{answer.entity}, run {answer.seq_no}"
    yield table((name, "value", "share", "verdict", "expected", "set at"), rows, right=(1, 2))
    headers = ("id type", "ids in sources", "excluded", "profiles")
    before = [(b.id_type, f"{b.before:,}", f"{b.excluded:,}", f"{b.after:,}") for b in answer.before]
    yield table(headers, before, right=(1, 2, 3))
    if answer.edges_excluded:
        rules = [(rule, f"{count:,}") for rule, count in answer.edges_excluded.items()]
        yield table(("edges excluded by", "edges"), rules, right=(1,))
    if answer.quarantined:
        quarantined = [(str(r.id), f"{r.rows:,}", r.rule, r.reason) for r in answer.quarantined]
        yield table(("excluded ids", "rows", "rule", "reason"), quarantined, right=(1,))


def _clusters(answer: Clusters, top: int) -> Iterator[str]:  # noqa: ARG001
    yield f"{verdict(answer.verdict)}: {answer.flagged:,} of {plural(answer.profiles, 'profile')} flagged"
    types = list(answer.lines[0].counts) if answer.lines else []
    rows = []
    for line in answer.lines:
        flags = ", ".join(f"{f.name} ({f.found:,} {f.id_type}, expected at most {f.allowed:,})" for f in line.flags)
        rows.append((line.main_id, f"{line.ids:,}", *(f"{line.counts[name]:,}" for name in types), flags))
    yield table(("profile", "ids", *types, "flags"), rows, right=range(1, 2 + len(types)))


def _cluster(answer: Cluster, top: int) -> Iterator[str]:  # noqa: ARG001
    yield f"profile {answer.main_id}: {_counts(answer.counts)}"
    members = [(m.id.type, m.id.value, m.neighbours, when(m.first_seen_at), when(m.valid_at)) for m in answer.members]
    yield table(("type", "id", "edges", "first seen", "connected since"), members, right=(2,))
    edges = [
        (str(e.one), str(e.other), says.source, f"{says.rows:,}", when(says.first_seen_at), when(says.last_seen_at))
        for e in answer.edges
        for says in e.evidence
    ]
    yield table(("id", "linked to", "source", "rows", "first seen", "last seen"), edges, right=(3,))


# --- explain ---


def _profile(answer: Profile, top: int) -> Iterator[str]:
    named = [c for c in answer.articulation_points if c.kind is not None]
    linking = f"{len(named)} of its ids link{'s' if len(named) == 1 else ''} unrelated people"
    what = linking if named else "none of its ids link unrelated people"
    yield f"{verdict('warn' if named else 'pass')}: {answer.id} is in a profile of {_counts(answer.counts)}; {what}"
    yield f"profile {answer.main_id}"
    if answer.articulation_points:
        yield _articulation_points(answer.articulation_points[:top], answer.weigh)
        yield from cut_note(len(answer.articulation_points), top)
    if answer.bridges:
        yield _bridge_table(answer.bridges[:top], answer.weigh)
        yield from cut_note(len(answer.bridges), top)


def _chain(answer: Chain, top: int) -> Iterator[str]:  # noqa: ARG001
    links = len(answer.links)
    cut = sum(link.is_cut for link in answer.links)
    only = f"{cut} of them would split it if removed" if cut else "no single edge would split it if removed"
    yield f"joined: {answer.one} and {answer.other} share profile {answer.main_id}, by {plural(links, 'edge')}; {only}"
    yield "\n".join(line for link in answer.links for line in _link(link))


def _link(link: Link) -> Iterator[str]:
    off = ""
    if link.cut is not None:
        off = f", a bridge to {_damage(link.cut.damage)}"
    elif link.is_cut:
        off = ", a bridge"
    yield f"{link.one}\n  ─► {link.other}{off}"
    for found in link.sources:
        says = found.evidence
        times = " to ".join(dict.fromkeys(t for t in (when(says.first_seen_at), when(says.last_seen_at)) if t))
        key = f", key {says.sample_key}" if says.sample_key else ""
        yield f"     {says.source}: {plural(says.rows, 'row')}, {times or 'no time'}{key}"
        if found.row is not None:
            yield dim(f"       {_values(found.row)}")
        for behind in found.behind:
            yield from _input_rows(behind)


def _input_rows(found: OriginRows) -> Iterator[str]:
    ids = "both ids" if len(found.ids) > 1 else str(found.ids[0])
    shown = len(found.earliest)
    first = f", the first {shown}" if shown < found.rows else ""
    yield f"       in {found.input}: {plural(found.rows, 'row')} of {found.table} with {ids}{first}"
    for row in found.earliest:
        yield dim("         " + ": ".join(part for part in (when(row.at), _values(row.row)) if part))


def _values(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_short(value)}" for name, value in row.items() if value is not None)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _no_match(answer: NoMatch, top: int) -> Iterator[str]:  # noqa: ARG001
    reasons = [reason for link in answer.links for reason in link.reasons] + list(answer.reasons)
    rules = ", ".join(dict.fromkeys(reason.rule for reason in reasons))
    because = f"because of {rules}" if reasons else "because no source row joins them"
    yield f"no match: {answer.one} and {answer.other} do not share a profile, {because}"
    for found, main_id in zip((answer.one, answer.other), answer.main_ids, strict=True):
        yield f"{found}: " + (f"profile {main_id}" if main_id else "not in the graph")
    lines = []
    for link in answer.links:
        lines.append(f"{link.one}\n  ─/─ {link.other}, {link.source}: {plural(link.rows, 'row')}")
        lines += [f"     {line}" for line in _reasons(link.reasons)]
    yield "\n".join(lines)
    yield "\n".join(_reasons(answer.reasons))


def _not_in_graph(answer: NotInGraph, top: int) -> Iterator[str]:  # noqa: ARG001
    seen = f"in {plural(answer.rows, 'id combination')} of the edge sources" if answer.rows else "in no edge source"
    rules = ", ".join(dict.fromkeys(reason.rule for reason in answer.reasons))
    yield f"not in the graph: {answer.id}, {seen}" + (f"; excluded by {rules}" if rules else "")
    yield "\n".join(_reasons(answer.reasons))


def _reasons(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield reason.text + (f"  {dim('at ' + reason.where)}" if reason.where else "")


# --- bridges ---


def _bridges(answer: Bridges, top: int) -> Iterator[str]:
    from onefold.audit.articulation import KINDS  # noqa: PLC0415 - loaded with the answer

    named = [f"{count:,} times {KINDS[kind]}" for kind, count in answer.named.items() if count]
    yield f"{verdict(answer.verdict)}: " + ("; ".join(named) if named else "no id links unrelated people")
    if answer.articulation_points:
        yield _articulation_points(answer.articulation_points[:top], answer.weigh)
        yield from cut_note(answer.totals["articulation_points"], top)
    if answer.bridges:
        yield _bridge_table(answer.bridges[:top], answer.weigh)
        yield from cut_note(answer.totals["bridges"], top)
    for what, name, found in (
        ("id", "connectors", answer.connectors),
        ("person", "high_degree_people", answer.high_degree_people),
    ):
        if found:
            rows = [(str(c.id), f"{c.neighbours:,} {c.counts}", c.main_id) for c in found[:top]]
            yield table((what, "linked to", "profile"), rows)
            yield from cut_note(answer.totals[name], top)


def _articulation_points(cuts: Sequence[ArticulationPoint], weigh: str | None) -> str:
    rows = [(str(c.id), *_damages(c.damage, weigh), f"{c.parts:,}", c.kind or "", c.main_id) for c in cuts]
    headers = ("cut point", *_disconnects(weigh), "parts", "looks like", "profile")
    return table(headers, rows, right=range(1, 2 + len(_disconnects(weigh))))


def _bridge_table(cuts: Sequence[Bridge], weigh: str | None) -> str:
    rows = [(str(c.one), str(c.other), *_damages(c.damage, weigh), c.main_id) for c in cuts]
    headers = ("bridge", "", *_disconnects(weigh), "profile")
    return table(headers, rows, right=range(2, 2 + len(_disconnects(weigh))))


def _disconnects(weigh: str | None) -> tuple[str, ...]:
    return ("disconnects ids", "people", *((f"rows of {weigh}",) if weigh else ()))


def _damages(damage: Damage, weigh: str | None) -> tuple[str, ...]:
    return (f"{damage.ids:,}", f"{damage.persons:,}", *((f"{damage.weight:,}",) if weigh else ()))


def _damage(damage: Damage) -> str:
    return f"{plural(damage.ids, 'id')} of {plural(damage.persons, 'person id')}"


# --- features, sample ---


def _features(answer: Features, top: int) -> Iterator[str]:  # noqa: ARG001
    held = "; ".join(f"{name} {words}" for name, words in answer.bounds.items()) or "no feature has bounds"
    yield f"{verdict(answer.verdict)}: {plural(answer.profiles, 'profile')} with values out of bounds ({held})"
    if answer.nulls:
        absent = [(line.feature, f"{line.share:.1%}", line.verdict, line.bound) for line in answer.nulls]
        yield table(("feature", "without a value", "verdict", "expected"), absent, right={1})
    rows = []
    for line in answer.lines:
        broken = ", ".join(f"{b.feature} {_count(b.value)} ({b.bound})" for b in line.broken)
        rows.append((line.main_id, _counts(line.counts), broken, ", ".join(f.name for f in line.flags)))
    if rows:
        yield table(("profile", "ids", "out of bounds", "flags"), rows)


def _sample(answer: Sample, top: int) -> Iterator[str]:  # noqa: ARG001
    among = f"{answer.among:,} profiles with several ids and no flags"
    yield f"{len(answer.lines)} of {among}, drawn with seed {answer.seed}"
    for line in answer.lines:
        ids = "\n".join(f"  {found}" for found in line.ids)
        values = "\n".join(f"  {name:<32} {'' if v is None else v}" for name, v in line.features.items())
        yield "\n".join(part for part in (heading(line.main_id), ids, values) if part)


# --- thresholds ---


def _thresholds(answer: Thresholds, top: int) -> Iterator[str]:  # noqa: ARG001
    if not answer.sweeps:
        yield "no thresholds to sweep: onefold.yaml declares none, and pb_project.yaml sets no maximum_edges"
    for sweep in answer.sweeps:
        yield from _sweep(sweep, answer.person)


def _sweep(sweep: Sweep, person: str) -> Iterator[str]:
    is_good = sweep.suggested in {None, sweep.today}
    today = f"today {sweep.today}" if sweep.today is not None else "not set today"
    name = sweep.variable or f"maximum_edges of {sweep.of} to {sweep.counts}"
    advice = f"suggested {sweep.suggested}: {sweep.reason}" if sweep.suggested is not None else sweep.reason
    yield f"{verdict('pass' if is_good else 'warn')}: {name}, {today} ({sweep.where}); {advice}"
    is_scored = sweep.unlimited.precision is not None
    headers = [
        "at most",
        f"{sweep.of} excluded",
        "edges excluded",
        "ids",
        "profiles",
        "largest",
        f"profiles with >1 {person}",
    ]
    headers += ["precision", "recall"] if is_scored else []
    rows: list[tuple[str, ...]] = []
    for line in (*sweep.lines, sweep.unlimited):
        most = "any" if line is sweep.unlimited else str(line.threshold)
        numbers = (line.excluded, line.edges_prevented, line.ids, line.profiles, line.largest, line.several)
        scores = [f"{v:.4f}" for v in (line.precision, line.recall) if v is not None]
        mark = "today" if line.is_today else "suggested" if line.threshold == sweep.suggested else ""
        row = (most, *(f"{n:,}" for n in numbers), *scores, mark)
        if rows and rows[-1][1:] == row[1:] and most != "any":
            rows[-1] = (f"{rows[-1][0].partition(' ')[0]} to {most}", *row[1:])
        else:
            rows.append(row)
    yield table((*headers, ""), rows, right=range(len(headers)))
    if sweep.over_limit:
        over_limit = [(str(c.id), f"{c.neighbours:,} {sweep.counts}") for c in sweep.over_limit]
        yield table(("excluded today", "linked to"), over_limit)


_BLOCKS: dict[str, Callable[..., Iterator[str]]] = {
    "Overview": _overview,
    "Clusters": _clusters,
    "Cluster": _cluster,
    "Diff": diff_text.diff_blocks,
    "Profile": _profile,
    "Chain": _chain,
    "NoMatch": _no_match,
    "NotInGraph": _not_in_graph,
    "Bridges": _bridges,
    "Features": _features,
    "Sample": _sample,
    "Thresholds": _thresholds,
}
"""The text blocks per kind of answer, by the name of its record, so that only one kind must be imported."""
