"""The verdict over all answers."""

from __future__ import annotations

from onefold.audit.articulation import KINDS, Kind
from onefold.audit.bridges import Bridges
from onefold.audit.health import Overview
from onefold.audit.records import NextStep
from onefold.identity.metrics import Figure, Health, Verdict
from onefold.report.verdict import conclude, kinds_in_words

VALIDATE = NextStep("then preview the change", command="pb plan -m models/stitcher")


def health(*verdicts: Verdict) -> Overview:
    figures = tuple(Figure(f"figure {n}", 7, verdict=v, bound="at most 5", key="checks.largest") for n, v in
                    enumerate(verdicts))  # fmt: skip
    numbers = Health(9, 20, 3, 2, 2, 3, 3, (0, 0, 0, 0), 1, 1, ())
    return Overview(
        "pass", "user", 1, None, "user_id", figures, (), {}, (), numbers, (NextStep("warn", command="pb audit x"),)
    )


def held(steps: tuple[NextStep, ...] = (), **named: int) -> Bridges:
    kinds: dict[Kind, int] = {kind: named[name] for kind in KINDS if (name := kind.replace(" ", "_")) in named}
    return Bridges("warn" if named else "pass", "user_id", None, (), (), (), (), kinds, {}, steps)


def test_in_order() -> None:
    """Nothing beyond its bound and nobody linked: pass, and only the spot check to do."""
    found = conclude(health("pass", "pass"), held(), None, None)

    assert (found.verdict, found.remarks) == ("pass", ())
    assert found.headline.startswith("All 2 checks pass")
    assert [s.command for s in found.steps] == ["pb audit x"]


def test_the_worst_decides() -> None:
    """One figure beyond fail fails the whole, and is named first."""
    found = conclude(health("warn", "fail", "warn"), held(chain=2), None, None)

    assert found.verdict == "fail"
    assert [r.verdict for r in found.remarks] == ["fail", "warn", "warn", "warn"]
    assert found.headline == "One check fails."


def test_bridges_alone_are_a_warning() -> None:
    """Ids that link unrelated people are said in words, though every figure is within its bound."""
    found = conclude(health("pass"), held(shared_device=1, chain=3), None, None)

    assert found.headline == "One warning."
    expected = "4 ids link unrelated people: 1 shared device and 3 links in chains of small bridges"
    assert [r.text for r in found.remarks] == [expected]


def test_validation_comes_last() -> None:
    """Edits are named before the command that validates them, which is named once."""
    steps = (VALIDATE, NextStep("lower it", "a.yaml:3:1"), VALIDATE)

    found = conclude(health("warn"), held(steps, chain=1), None, None)

    assert [s.what for s in found.steps] == ["lower it", VALIDATE.what]


def test_kinds_in_words() -> None:
    """A kind is told in the singular and in the plural."""
    assert [kinds_in_words("shared account", n) for n in (1, 1200)] == ["1 shared account", "1,200 shared accounts"]
