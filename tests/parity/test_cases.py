"""Each project of `cases`: the same views, columns and rows from onefold on DuckDB as from the reference command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.parity.accepted import ACCEPTED
from tests.parity.cases import CASES, DIFFERENCES
from tests.parity.grains import MIXED_GRAINS
from tests.parity.harness import DIFFERED, View, compared, differences, run_onefold, run_reference
from tests.parity.shapes import SHAPES
from tests.parity.var_tables import BY_MAIN_ID, VAR_TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.parity.servers import Server

pytestmark = pytest.mark.parity


EVERY = {**CASES, **SHAPES, **VAR_TABLES, **ACCEPTED, **MIXED_GRAINS}
ON_PURPOSE = {**DIFFERENCES, "rows_by_main_id": (BY_MAIN_ID, "user_feature_view", 3, 3)}


@pytest.mark.parametrize("name", EVERY)
def test_case(name: str, tmp_path: Path, server: Server, reference: Path) -> None:
    """Both publish the same."""
    case = EVERY[name]

    theirs = run_reference(case, tmp_path / "theirs", server, reference)
    ours = run_onefold(case, tmp_path / "ours")

    assert any(view.rows for view in theirs.values())
    assert not compared(theirs, ours), case.says


@pytest.mark.parametrize("name", ON_PURPOSE)
def test_difference(name: str, tmp_path: Path, server: Server, reference: Path) -> None:
    """Where onefold differs on purpose, it differs in just that."""
    case, view, there, here = ON_PURPOSE[name]

    theirs = run_reference(case, tmp_path / "theirs", server, reference)
    ours = run_onefold(case, tmp_path / "ours")

    DIFFERED[name] = case.says
    assert differences(theirs, ours), case.says
    none = View((), ())
    assert [len(theirs.get(view, none).rows), len(ours.get(view, none).rows)] == [there, here]
