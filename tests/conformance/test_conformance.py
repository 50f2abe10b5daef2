"""SQL keeps its meaning: the corpus, case by case, and what is said of it in the docs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.conformance import limits
from tests.conformance.cases import DIALECTS, Anything, Case, all_cases, areas
from tests.conformance.harness import Engine, holds

from onefold.sql.transpile.supported import SUPPORTED

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = all_cases()
_TEXT = r"'(?:[^'\\]|''|\\.)*'"


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    """One engine per dialect."""
    made = {dialect: Engine(dialect) for dialect in DIALECTS}
    yield made
    for engine in made.values():
        engine.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.dialect}-{case.area}-{case.line}")
def test_case_gives_its_answer(case: Case, engines: dict[str, Engine]) -> None:
    """A case gives the documented answer, is refused by name, or differs as its note says."""
    for run, given in engines[case.dialect].given(case).items():
        told = f"{case.dialect}/{case.area}.sql:{case.line} on {run}: {case.sql}\n  wanted: {case.answer}\n  {given}"
        note = case.noted(run)
        if note == "rejected":
            assert given.refused is not None, told
            assert case.reason.lower() in given.refused.lower(), told
        elif note == "differs":
            assert isinstance(case.answer, Anything) or not holds(case, given), told
            assert given.rows is not None, f"{told}\n  an error is no difference: refuse it by name"
        elif note == "fails":
            assert given.rows is None, told
        else:
            assert holds(case, given), told


def test_no_case_stands_twice() -> None:
    """Each case is written once."""
    seen: set[tuple[str, str]] = set()
    twice = []
    for case in CASES:
        key = (case.dialect, " ".join(case.sql.split()))
        if key in seen:
            twice.append(f"{case.dialect}/{case.area}.sql:{case.line}")
        seen.add(key)
    assert twice == []


def test_corpus_is_large_enough() -> None:
    """Snowflake has 1,700 cases or more."""
    assert sum(len(area.cases) for area in areas("snowflake").values()) >= limits.SNOWFLAKE_CASES


@pytest.mark.parametrize("dialect", DIALECTS)
def test_corpus_holds(dialect: str) -> None:
    """Of 100 cases of a dialect, 98 hold; what does not is in the page of limits."""
    cases = [case for area in areas(dialect).values() for case in area.cases]
    assert sum(case.note is None for case in cases) >= limits.SHARE * len(cases)


def test_each_function_passed_on_is_proven() -> None:
    """A Snowflake function that is passed on stands in a case, which holds or is refused by a rule of its own."""
    calls = re.compile(r"([A-Z_][A-Z0-9_$]*)\s*\(")
    cases = [case for area in areas("snowflake").values() for case in area.cases if case.note in {None, "rejected"}]
    proven = {name for case in cases for name in calls.findall(re.sub(_TEXT, "''", case.sql.upper()))}
    assert sorted(SUPPORTED - proven) == []


def test_limits_are_up_to_date() -> None:
    """docs/limits.md has the figures and lists of the corpus."""
    assert limits.PAGE.read_text(encoding="utf-8") == limits.written(), (
        "run: uv run python tests/conformance/limits.py --write"
    )
