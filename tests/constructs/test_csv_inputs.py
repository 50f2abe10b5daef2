"""Inputs that are CSV files of the project (format B3)."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import duckdb
import pytest

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

FILES = {
    "pb_project.yaml": """
        name: shop
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_types: [email]}]
        id_types: [{name: email}]
    """,
    "models/all.yaml": """
        inputs:
          - name: vips
            app_defaults:
              csv: data/vips.csv
              ids: [{select: email, type: email, entity: user}]
        var_groups:
          - name: vars
            entity_key: user
            vars: [{entity_var: {name: note, select: MAX(note), from: inputs/vips}}]
    """,
    "data/vips.csv": 'email,note\na@x,"likes tea, and cake"\n"b@x",none\n',
}


def shop_of(tiny: MakeTiny, **changed: str) -> Tiny:
    return tiny("", {**FILES, **changed})


def test_rows(tiny: MakeTiny) -> None:
    """Quotes around a cell are dropped, and protect commas."""
    shop = shop_of(tiny)

    shop.run()

    assert shop.rows("SELECT note FROM USER_FEATURE_VIEW ORDER BY 1") == [("likes tea, and cake",), ("none",)]


def test_query(tiny: MakeTiny) -> None:
    """A question may read such an input."""
    shop = shop_of(tiny)
    shop.run()

    assert shop.rows("SELECT COUNT(*) FROM {{this.DeRef('inputs/vips')}}") == [(2,)]


def test_missing_file(tiny: MakeTiny) -> None:
    """A file that is not there is an error with the place of its name."""
    shop = shop_of(tiny)
    (shop.folder / "data/vips.csv").unlink()

    with pytest.raises(onefold.AccessError, match=r"models/all\.yaml:5:\d+: .*data/vips\.csv"):
        shop.run()


def test_optional_file(tiny: MakeTiny) -> None:
    """An optional one is disabled, with what needs it."""
    models = FILES["models/all.yaml"].replace("name: vips\n", "name: vips\n            contract: {is_optional: true}\n")
    shop = shop_of(tiny, **{"models/all.yaml": models})
    (shop.folder / "data/vips.csv").unlink()

    result = shop.run()

    assert "inputs/vips is disabled" in " ".join(note.message for note in result.notes)


def test_missing_column(tiny: MakeTiny) -> None:
    """A column that the file does not have is told, with the nearest."""
    shop = shop_of(tiny, **{"data/vips.csv": "emial,note\na@x,b\n"})

    with pytest.raises(onefold.AccessError, match="emial"):
        shop.run()


def test_null_cells(tiny: MakeTiny) -> None:
    """A bare NULL is none, in quotes it is the text; an empty cell is none."""
    cells = 'email,note\na@x,NULL\nb@x,"NULL"\nc@x,\nNULL,x\n'
    shop = shop_of(tiny, **{"data/vips.csv": cells})
    shop.run()

    assert shop.rows("SELECT email, note FROM {{this.DeRef('inputs/vips')}} ORDER BY 1 NULLS LAST") == [
        ("a@x", None), ("b@x", "NULL"), ("c@x", None), (None, "x"),
    ]  # fmt: skip


def test_types_of_a_contract(tiny: MakeTiny) -> None:
    """What the contract says of a column's type counts; a value that does not fit is told with file, line and column."""
    columns = "name: vips\n            contract: {with_columns: [{name: note, type: 'NUMBER(10,2)'}]}\n"
    models = FILES["models/all.yaml"].replace("name: vips\n", columns)
    shop = shop_of(tiny, **{"models/all.yaml": models, "data/vips.csv": "email,note\na@x,9.5\na@x,10\n"})
    shop.run()
    assert [str(row[0]) for row in shop.rows("SELECT note FROM USER_FEATURE_VIEW")] == ["10.00"]

    (shop.folder / "data/vips.csv").write_text("email,note\na@x,9.5\na@x,much\n")
    with pytest.raises(onefold.OnefoldError, match=r'vips\.csv, line 3, column "note": "much" is not a valid DECIMAL'):
        shop.run()


@pytest.mark.parametrize(
    "path", ["../outside.csv", "data/../../outside.csv", "{folder}/outside.csv", "linked.csv", "linked/outside.csv"]
)
def test_files_outside_the_project(tiny: MakeTiny, path: str) -> None:
    """A file outside the project is refused, with the place of its name: by dots, an absolute path or a link."""
    shop = shop_of(tiny)
    outside = shop.folder / "away"
    outside.mkdir()
    (outside / "outside.csv").write_text(FILES["data/vips.csv"])
    inside = shop.folder / "project"
    inside.mkdir()
    for name in ("models", "data", "pb_project.yaml", "onefold.yaml"):
        (shop.folder / name).rename(inside / name)
    (inside / "linked.csv").symlink_to(outside / "outside.csv")
    (inside / "linked").symlink_to(outside)
    (shop.folder / "outside.csv").write_text(FILES["data/vips.csv"])
    (inside / "models/all.yaml").write_text(
        (inside / "models/all.yaml").read_text().replace("data/vips.csv", path.format(folder=shop.folder))
    )

    with pytest.raises(onefold.ProjectError, match=r"models/all\.yaml:5:\d+: .*outside the project"):
        onefold.load(inside)


def test_a_view_over_a_file_can_be_read_by_others(tiny: MakeTiny) -> None:
    """What a model publishes as a view can be read by any client of the database, though sources are seen by runs only."""
    sources = {
        "of_file": "{{this.DeRef('inputs/vips')}}",
        "of_catalog": "raw.main.calls",
        "of_model": "{{this.DeRef('models/of_file')}}",
    }
    made = [
        f'  - {{name: {name}, model_type: sql_template, model_spec: {{materialization: {{output_type: view}}, single_sql: "SELECT * FROM {source}"}}}}'
        for name, source in sources.items()
    ]
    models = "\n".join([dedent(FILES["models/all.yaml"]), "models:", *made])
    shop = tiny("CREATE TABLE calls AS SELECT 'b@x' AS email", {**FILES, "models/all.yaml": models})
    shop.run()

    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb"), read_only=True) as other:
        assert other.execute("SELECT email FROM profiles.of_file ORDER BY 1").fetchall() == [("a@x",), ("b@x",)]
        assert other.execute("SELECT email FROM profiles.of_model ORDER BY 1").fetchall() == [("a@x",), ("b@x",)]
        assert other.execute("SELECT email FROM profiles.of_catalog").fetchall() == [("b@x",)]
