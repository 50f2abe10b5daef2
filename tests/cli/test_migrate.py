"""``pb migrate``: an old project becomes one of today, in place or beside, with the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call

import onefold
from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.project.load import load_project
from onefold.run.options import moment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeTiny, Tiny

ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 10, TIMESTAMP '2026-01-01'), ('u1', 'b@x', 20, TIMESTAMP '2026-01-02'), ('u2', NULL, 5, NULL)
    ) v(user_id, email, amount, ts);
"""
OLD = {
    "pb_project.yaml": """
        # An old project.
        name: shop
        schema_version: 49   # of 2023
        profile: local
        model_folders: [models]
        include_untimed: true
        entities:
          - name: user
            id_stitcher: models/graph
            id_types: [user_id, email]
            serve_traits:   # who asks by what
              - id_served: email
                name: by_email
        id_types:
          - name: user_id
          - name: email
    """,
    "models/all.yaml": """
        inputs:
          - name: orders
            table: raw.main.orders   # one row per order
            occurred_at_col: ts
            ids:
              - {select: user_id, type: user_id, entity: user}
              - {select: email, type: email, entity: user}
        models:
          - name: graph
            model_type: id_stitcher
            model_spec:
              validity_time: 24h # 1 day
              entity_key: user
              main_id_type: main_id
              edge_sources: [{from: inputs/orders}]
          - name: money
            model_type: feature_table_model
            model_spec:
              validity_time: 24h
              entity_key: user
              vars:
                - entity_var:
                    name: spent
                    select: SUM(amount)
                    from: inputs/orders
                    where: amount > 5
                    default: 0   # nothing bought
              features: [spent]
    """,
}


def views(folder: Path) -> dict[str, list[str]]:
    """Rows by view."""
    project = onefold.load(folder)
    result = project.run(end_time="2026-10-31")
    return {name: sorted(map(str, project.read(name).arrow.to_pylist())) for name in result.published.values()}


def fingerprints(folder: Path) -> dict[str, str]:
    plan = build_plan(load_project(folder), RunTimes(end=moment("2026-10-31")), "out")
    return dict(plan.fingerprints)


@pytest.fixture
def old(tiny: MakeTiny) -> Tiny:
    return tiny(ORDERS, OLD)


def test_beside(old: Tiny, tmp_path: Path) -> None:
    """A copy beside the project has no old spelling, the same fingerprints, and the same rows; the project stays."""
    before = {name: (old.folder / name).read_text() for name in OLD}
    made = tmp_path.with_name(f"{tmp_path.name}_migrated")

    done = call(old.folder, "migrate", "auto")

    assert done.code == 0, done.err
    assert 'pb_project.yaml:5:1: "profile" is now "connection"' in done.out
    assert {name: (old.folder / name).read_text() for name in OLD} == before
    assert [n.code for n in load_project(old.folder).notes] == ["old-spelling"] * 9
    assert load_project(made).notes == ()
    assert fingerprints(made) == fingerprints(old.folder)
    assert views(made) == views(old.folder)


def test_in_place(old: Tiny) -> None:
    """In place, comments stay, and a second time there is nothing to change."""
    old.run()

    assert call(old.folder, "migrate", "auto", "--inplace", "-v", "90").code == 0

    text = "".join((old.folder / name).read_text() for name in OLD)
    for comment in ("# An old project.", "# of 2023", "# who asks by what", "# one row per order", "# nothing bought"):
        assert comment in text
    assert "schema_version: 90 " in text
    again = call(old.folder, "migrate", "auto", "--inplace", "-v", "90")
    assert (again.code, again.out) == (0, "nothing to change\n")


def test_materials_stay_good(old: Tiny) -> None:
    """What the old spelling built need not be built again."""
    first = old.run()
    call(old.folder, "migrate", "auto", "--inplace")

    second = old.run(seq_no=first.seq_no, end_time=None)

    assert all(step.is_reused for step in second.steps)


def test_manual_changes_nothing(old: Tiny) -> None:
    """``manual`` says what ``auto`` would change, and changes nothing."""
    done = call(old.folder, "migrate", "manual")

    assert done.code == 0
    assert '"default" is now "default_value"' in done.out
    assert "schema_version 49 is now 99" in done.out
    assert "serve_traits" in (old.folder / "pb_project.yaml").read_text()


def test_folder_that_is_there(old: Tiny, tmp_path: Path) -> None:
    """A folder with files in it is written into only with --force."""
    there = tmp_path.with_name(f"{tmp_path.name}_there")
    there.mkdir()
    (there / "mine.txt").write_text("mine")

    assert call(old.folder, "migrate", "auto", "-d", str(there)).code == 2
    assert call(old.folder, "migrate", "auto", "-d", str(there), "--force").code == 0
    assert (there / "mine.txt").read_text() == "mine"
    assert load_project(there).notes == ()


def test_folder_inside_the_project(old: Tiny) -> None:
    """A copy of the project inside itself is refused."""
    assert call(old.folder, "migrate", "auto", "-d", str(old.folder / "new")).code == 2


def test_project_with_mistakes(old: Tiny) -> None:
    """A project that does not load is not rewritten."""
    path = old.folder / "models/all.yaml"
    path.write_text(path.read_text().replace("select: SUM", "selct: SUM"))

    done = call(old.folder, "migrate", "auto", "--inplace")

    assert done.code == 2
    assert 'unknown key "selct"' in done.err
    assert "validity_time" in path.read_text()
