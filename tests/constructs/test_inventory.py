"""The key jobs keep to the protocol of engines, and run the statements that `tests/statements.sql` lists."""

from __future__ import annotations

import difflib

import pytest
from tests import inventory


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The statements that the jobs ask the reference engine to run, which refuses what the protocol does not promise."""
    return inventory.shapes(inventory.asked_by_jobs(tmp_path_factory.mktemp("jobs")))


def test_the_statements_are_those_of_the_inventory(found: set[str]) -> None:
    """Every job keeps to the protocol, and no statement is new, missing or changed."""
    listed = set(inventory.listed())
    lines = difflib.unified_diff(sorted(listed - found), sorted(found - listed), "inventory", "found", lineterm="", n=0)
    assert listed == found, "\n".join(["the statements changed;", inventory.UPDATE, *list(lines)[:40]])


def test_what_other_dialects_cannot_say() -> None:
    """Each statement is rendered in six other dialects and parses there, but where the inventory says why not."""
    faults = {sql: inventory.faults_of(sql) for sql in {sql.partition("\n")[2] for sql in inventory.listed()}}
    told = inventory.listed_faults()
    assert {sql: found for sql, found in faults.items() if found} == told, inventory.UPDATE
