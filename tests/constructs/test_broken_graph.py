"""A graph that the program gets wrong is refused before anyone can read it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from onefold.errors import RunError
from onefold.identity import arrow_tables as tables
from onefold.identity import full
from onefold.identity.components.connected_components import split

from .test_inherited_main_ids import MODELS, PROJECT, TABLES, change, main_ids

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny


@pytest.fixture
def shop(tiny: MakeTiny) -> Tiny:
    made = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
    made.run()
    change(made, "INSERT INTO logins VALUES ('u4', 'd4', '2026-04-01')")
    return made


def refused(shop: Tiny) -> str:
    """What a run of all rows is refused for; what was published before is as it was."""
    before = main_ids(shop)
    with pytest.raises(RunError) as caught:
        shop.run(rebase_incremental=True)
    assert main_ids(shop) == before
    (finding, *_) = caught.value.findings
    assert finding.code == "certificate-broken"
    return finding.message


def test_two_people_taken_together(shop: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping that joins two profiles without an edge between them does not get through."""

    def wrong(graph: Any) -> Any:
        found = split(graph)
        component = found.component.copy()
        component[component == component.max()] = component.min()
        return replace(found, component=component)

    monkeypatch.setattr(full, "split", wrong)

    assert "profiles" in refused(shop)


def test_an_edge_torn(shop: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping that puts the ends of an edge in two profiles does not get through."""

    def wrong(graph: Any) -> Any:
        found = split(graph)
        component = found.component.copy()
        component[-1] = component.size - 1
        return replace(found, component=component)

    monkeypatch.setattr(full, "split", wrong)

    assert "connect ids of different profiles" in refused(shop)


def test_an_id_lost_on_the_way(shop: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that is written with an id less than there are does not get through."""
    solved = tables.solved
    monkeypatch.setattr(tables, "solved", lambda *of: solved(*of).slice(1))

    assert "7 ids in 4 profiles were written (expected 8 ids" in refused(shop)
