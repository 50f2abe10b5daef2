"""``pb compile``: SQL of any project, with no source and no connection at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call

from onefold.project.settings import TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb

SITE = """
connections:
  mine:
    target: prod
    outputs:
      prod: {type: TYPE, schema: SALES, path: x.duckdb, account: a, dbname: b, warehouse: c, role: d, user: e, password: f}
"""


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_connection(pb: Pb, small: Path, kind: str) -> None:
    """A project for any warehouse compiles without data; a warning says whose SQL it is."""
    project = small / "pb_project.yaml"
    project.write_text(project.read_text().replace("connection: local", "connection: mine"))
    (small / "site.yaml").write_text(SITE.replace("TYPE", kind))
    for file in (small / "data").rglob("*.csv"):
        file.unlink()

    done = pb("compile", "--assume_all_inputs_exist", "-c", "site.yaml")

    assert done.code == 0, done.err
    assert ("embedded-engine" in done.err) == (kind != "duckdb")
    text = (small / "output/prod/seq_no/1/compile/user_all_feature_view.sql").read_text()
    assert '"SALES"' in text
    assert not list(small.rglob("*.duckdb"))


def test_no_connection_at_all(pb: Pb, small: Path) -> None:
    """A build that has no connections file compiles too, but only when asked so."""
    project = small / "pb_project.yaml"
    project.write_text(project.read_text().replace("connection: local", "connection: theirs"))

    assert pb("compile").code == 2
    done = pb("compile", "--assume_all_inputs_exist")

    assert done.code == 0, done.err
    assert 'there is no connection "theirs"' in done.err


def test_mistakes_are_still_told(small: Path) -> None:
    """SQL that does not parse is an error also without data."""
    models = small / "models/profiles.yaml"
    models.write_text(models.read_text().replace("COUNT(DISTINCT order_id)", "COUNT(DISTINCT order_id"))

    done = call(small, "compile", "--assume_all_inputs_exist")

    assert done.code == 2
    assert "models/profiles.yaml:" in done.err
