"""``pb tutorial``: the tour runs from end to end, and its commands are those that a user can type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import call

from onefold.cli.tutorial import stops

if TYPE_CHECKING:
    from pathlib import Path


def test_tour(tmp_path: Path) -> None:
    """Where nobody presses a key, it goes through all of its commands, and the project stays."""
    done = call(tmp_path, "tutorial", "-o", "tour", "--people", "300")

    assert done.code == 0, done.err
    for number, stop in enumerate(stops("tour", 300), start=1):
        assert f"{number} of " in done.out
        assert f"$ pb {stop.command[0]} " in done.out
    assert "USER_ID_STITCHER" in done.out
    assert (tmp_path / "tour/output/report.html").exists()
    assert (tmp_path / "tour/pb_project.yaml").exists()
    again = call(tmp_path, "tutorial", "-o", "tour")
    assert again.code == 2
    assert "already exists" in again.err
