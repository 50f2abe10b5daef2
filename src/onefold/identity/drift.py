"""Drift: the change of a graph's figures since the previously published graph.

Takes the figures of both and the bounds of ``checks: drift``. Returns a `Figure` for each change that has bounds. Reads
no table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.identity.metrics import Figure, figures, in_percent
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.identity.metrics import Health, Verdict


def drift(now: Health, before: Health, since: int, checks: spec.Checks, person: str) -> tuple[Figure, ...]:
    """The changes that have bounds, in the order of the figures.

    Args:
        now: A graph.
        before: The graph that was published before it.
        since: The run of that graph.
        checks: The bounds.
        person: The id type that stands for a person.
    """
    was = {figure.key: figure for figure in figures(before, checks, person)}
    return tuple(_changes(figures(now, checks, person), was, since, checks))


def _changes(
    now: tuple[Figure, ...], was: dict[str | None, Figure], since: int, checks: spec.Checks
) -> Iterator[Figure]:
    for figure in now:
        key = (figure.key or "").removeprefix("checks.")
        bounds = _bounds(checks.drift, key)
        if bounds is None or figure.key not in was:
            continue
        change = relative_change(_measured(was[figure.key]), _measured(figure))
        verdict, text, which = _judge(change, bounds)
        at = bounds.at.values.get(which) if which else None
        name = f"{figure.name}, change since run {since}"
        yield Figure(name, change, change, verdict, text, f"checks.drift.{key}", at)


def _measured(figure: Figure) -> float:
    """The compared value of a figure: its share if it has one, because a share does not grow with the data."""
    return figure.value if figure.share is None else figure.share


def relative_change(before: float, now: float) -> float:
    """The relative change, rounded to four digits. A change from zero counts as 1.

    >>> relative_change(200, 150), relative_change(0, 7), relative_change(0, 0)
    (-0.25, 1.0, 0.0)
    """
    if before == 0:
        return 0.0 if now == 0 else 1.0
    return round((now - before) / before, 4)


def _bounds(given: spec.Drift, key: str) -> spec.DriftBounds | None:
    """The bounds for a key such as ``largest`` or ``ids.user_id``; None without bounds."""
    name, _, of = key.partition(".")
    found = getattr(given, name, None)
    if isinstance(found, dict):
        found = found.get(of)
    is_given = isinstance(found, spec.DriftBounds) and found.model_fields_set - {"at"}
    return found if is_given else None


def _judge(change: float, bounds: spec.DriftBounds) -> tuple[Verdict | None, str | None, str | None]:
    """The verdict, the deciding bound as text, and its key; for a change within all bounds, the nearest bound."""
    held: tuple[Verdict | None, str | None, str | None] = (None, None, None)
    steps: tuple[tuple[str, Verdict], ...] = (("fail", "fail"), ("warn", "warn"))
    for key, verdict in steps:
        up, down = getattr(bounds, key), getattr(bounds, f"{key}_below")
        bound, which = (down, f"{key}_below") if change < 0 and down is not None else (up, key)
        if bound is None:
            continue
        way = "up or down" if down is None else "down" if change < 0 else "up"
        text = f"at most {in_percent(bound)} {way}"
        if abs(change) > bound:
            return verdict, text, which
        held = ("pass", text, which)
    return held
