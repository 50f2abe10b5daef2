"""Summarizes the audit answers: a verdict, its reasons and the next steps. Returns a `Conclusion`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.audit.recommendations import VALIDATION
from onefold.report.model import Conclusion, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.audit.bridges import Bridges
    from onefold.audit.health import Overview
    from onefold.audit.records import NextStep, Verdict
    from onefold.audit.threshold_sweep import Thresholds
    from onefold.report.model import FeatureTable

_ORDER: dict[Verdict, int] = {"fail": 0, "warn": 1, "pass": 2}

MOST_STEPS = 9
"""The most next steps: following the first ones changes the others."""


def conclude(
    health: Overview, bridges: Bridges, features: FeatureTable | None, thresholds: Thresholds | None
) -> Conclusion:
    """Summarize the audit answers."""
    remarks = tuple(sorted(_remarks(health, bridges, features), key=lambda r: _ORDER[r.verdict]))
    verdict: Verdict = remarks[0].verdict if remarks else "pass"
    steps = _distinct(_steps(health, bridges, features, thresholds) if remarks else list(health.steps))
    return Conclusion(verdict, _headline(verdict, remarks, health), remarks, tuple(steps[:MOST_STEPS]))


def _remarks(health: Overview, bridges: Bridges, features: FeatureTable | None) -> Iterator[Remark]:
    for figure in health.figures:
        if figure.verdict in {"warn", "fail"} and figure.bound is not None:
            yield Remark(figure.verdict, f"{figure.name}: {figure.held_in_words} (expected {figure.bound})", "health")
    named = [kinds_in_words(kind, count) for kind, count in bridges.named.items() if count]
    if named:
        total = sum(bridges.named.values())
        verb = "id links" if total == 1 else "ids link"
        yield Remark("warn", f"{total:,} {verb} unrelated people: {_listed(named)}", "bridges")
    if features is not None and features.broken.profiles:
        count = features.broken.profiles
        has = "profile has" if count == 1 else "profiles have"
        verdicts = {b.verdict for line in features.broken.lines for b in line.broken}
        worst: Verdict = "fail" if "fail" in verdicts else "warn"
        yield Remark(worst, f"{count:,} {has} feature values out of bounds", "features")
    for line in features.broken.nulls if features is not None else ():
        if line.verdict != "pass":
            text = f"{line.feature} has no value in {line.share:.1%} of the profiles (expected {line.bound})"
            yield Remark(line.verdict, text, "features")


_KINDS = {
    "shared account": ("shared account", "shared accounts"),
    "shared device": ("shared device", "shared devices"),
    "chain": ("link in a chain of small bridges", "links in chains of small bridges"),
}


def kinds_in_words(kind: str, count: int) -> str:
    """A number of ids of one kind, in words.

    >>> kinds_in_words("shared device", 2)
    '2 shared devices'
    """
    one, several = _KINDS[kind]
    return f"{count:,} {one if count == 1 else several}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _headline(verdict: Verdict, remarks: tuple[Remark, ...], health: Overview) -> str:
    beyond = sum(r.verdict == verdict for r in remarks)
    if verdict == "pass":
        bounded = sum(f.verdict is not None for f in health.figures)
        return f"All {bounded} checks pass, and no id links unrelated people."
    if verdict == "warn":
        return "One warning." if beyond == 1 else f"{_number(beyond)} warnings."
    return "One check fails." if beyond == 1 else f"{_number(beyond)} checks fail."


def _number(count: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
    return words[count] if count < len(words) else f"{count:,}"


def _steps(
    health: Overview, bridges: Bridges, features: FeatureTable | None, thresholds: Thresholds | None
) -> list[NextStep]:
    """Simulated changes first, likely causes before settings; then where to look; then how to validate."""
    tried = [s for s in bridges.steps if s.outcome is not None]
    settings = [s for s in thresholds.steps if s.outcome is not None] if thresholds is not None else []
    tried += sorted(settings, key=lambda s: (s.outcome.after.several, s.outcome.after.largest) if s.outcome else (0, 0))
    is_bridged = any(bridges.named.values())
    found = [s for s in bridges.steps if s not in tried]
    if not is_bridged:
        found = [s for s in found if tried and s.command is not None and s.command.startswith(VALIDATION)]
        found += list(health.steps)
    if features is not None and features.broken.profiles:
        first = features.broken.steps[0]
        found.append(replace(first, what="show the largest profile with feature values out of bounds"))
    # Validation follows all edits.
    last = [s for s in found if s.command is not None and s.command.startswith(VALIDATION)]
    return [*tried, *(s for s in found if s not in last), *last[:1]]


def _distinct(steps: list[NextStep]) -> list[NextStep]:
    """The steps without repeated commands or edits."""
    found: dict[tuple[str | None, str | None, str], NextStep] = {}
    for step in steps:
        found.setdefault((step.where, step.command, "" if step.command else step.what), step)
    return list(found.values())
