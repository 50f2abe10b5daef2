"""``pb show idstitcher-report``: the page of ``pb report`` by its name in the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb

MODEL = ("--id_stitcher_model", "models/user_id_stitcher")


def test_page(pb: Pb, small: Path) -> None:
    """It writes the page of the stitcher that is named; the profiles of seeds are drawn first."""
    pb("run")
    (small / "seeds.csv").write_text("id,id_type\nada,user_id\n")

    done = pb(
        "show", "idstitcher-report", *MODEL, "--seq_no", "1", "--seed_clusters_csv", "seeds.csv", "-o", "page.html"
    )

    assert done.code == 0, done.err
    assert (small / "page.html").read_text().lower().startswith("<!doctype html>")
    project = onefold.load(small)
    ada = project.lookup("user", "ada")[0]["main_id"]
    assert project.report(also=["user_id:ada"]).content.pictures[0].main_id == ada
    assert pb("show", "idstitcher-report").out.strip().endswith("output/report.html")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--id_stitcher_model", "models/users"), "available: models/user_id_stitcher"),
        (("--seq_no", "7"), "only the published run, 1"),
        (("--seed_clusters_csv", "bad.csv"), "id and id_type"),
        (("--seed_clusters_csv", "nobody.csv"), "nobody"),
    ],
)
def test_refused(pb: Pb, small: Path, flags: tuple[str, ...], message: str) -> None:
    """A stitcher, a run or an id that is not there is told."""
    pb("run")
    (small / "bad.csv").write_text("name\nx\n")
    (small / "nobody.csv").write_text("id,id_type\nnobody,user_id\n")

    done = pb("show", "idstitcher-report", *flags)

    assert done.code == 2
    assert message in done.err
