"""Flags of the format's command: those that change a run, and those that ask for what is so anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call

import onefold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb
    from tests.conftest import MakeTiny, Tiny

ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 10, TIMESTAMP '2026-01-01'), ('u2', 'b@x', 5, TIMESTAMP '2026-01-02')
    ) v(user_id, email, amount, ts);
"""
FILES = {
    "pb_project.yaml": """
        name: shop
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_types: [user_id, email]}]
        id_types: [{name: user_id}, {name: email}]
    """,
    "models/all.yaml": """
        inputs:
          - name: orders
            app_defaults:
              table: raw.main.orders
              occurred_at_col: ts
              ids: [{select: user_id, type: user_id, entity: user}, {select: email, type: email, entity: user}]
        var_groups:
          - name: vars
            entity_key: user
            vars:
              - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
              - entity_var: {name: odd, select: MAX(number), from: models/fragile}
        models:
          - name: fragile
            model_type: sql_template
            model_spec:
              materialization: {output_type: table}
              single_sql: "SELECT user_id, CAST(code AS INT) AS number FROM {{this.DeRef('models/codes')}}"
              ids: [{select: user_id, type: user_id, entity: user, to_default_stitcher: false}]
          - name: codes
            model_type: sql_template
            model_spec:
              materialization: {output_type: table}
              single_sql: "SELECT user_id, CAST(amount AS VARCHAR) AS code FROM {{this.DeRef('inputs/orders')}}"
          - name: sound
            model_type: sql_template
            model_spec:
              materialization: {output_type: table}
              single_sql: "SELECT COUNT(*) AS n FROM {{this.DeRef('inputs/orders')}}"
    """,
}


@pytest.fixture
def shop(tiny: MakeTiny) -> Tiny:
    """A project whose model ``fragile`` runs, and fails once ``codes`` gives something else."""
    made = tiny(ORDERS, FILES)
    made.run()
    return made


def break_it(shop: Tiny) -> None:
    path = shop.folder / "models/all.yaml"
    path.write_text(
        path.read_text().replace("CAST(amount AS VARCHAR)", "CONCAT('no', email)").replace("n FROM", "n2 FROM")
    )


def test_ignore_model_errors(shop: Tiny) -> None:
    """A failed model and what needs it stay as they were, the rest is published, and the exit code is 1."""
    before = shop.rows("SELECT * FROM USER_FEATURE_VIEW")
    break_it(shop)

    done = call(shop.folder, "run", "--ignore_model_errors")

    assert done.code == 1, done.err
    assert "models/fragile" in done.err
    assert "failed models:    1" in done.out
    for name in ("user/vars/models_fragile", "user/var_table", "user/all/feature_view"):
        assert f"{name} " in done.out.split("not built")[1].split("summary")[0]
    assert shop.rows("SELECT n2 FROM SOUND") == [(2,)]
    assert shop.rows("SELECT * FROM USER_FEATURE_VIEW") == before
    assert shop.rows("SELECT number FROM FRAGILE ORDER BY 1") == [(5,), (10,)]
    assert "failed: models/fragile" in (shop.folder / "logs/pb.log").read_text()


def test_without_it_nothing_is_published(shop: Tiny) -> None:
    """Without the flag a failure ends the run, and all views stay."""
    break_it(shop)

    assert call(shop.folder, "run").code == 1
    assert shop.rows("SELECT n FROM SOUND") == [(2,)]


def test_mended_model_is_resumed(shop: Tiny) -> None:
    """A run that went on is resumed by its number, once the model is mended."""
    break_it(shop)
    project = onefold.load(shop.folder)
    first = project.run(end_time="2026-10-31", ignore_model_errors=True)
    assert [f.step.ref for f in first.failed] == ["models/fragile"]
    path = shop.folder / "models/all.yaml"
    path.write_text(path.read_text().replace("CAST(code AS INT)", "LENGTH(code)"))

    second = onefold.load(shop.folder).run(seq_no=first.seq_no)

    assert second.failed == ()
    assert second.step("models/sound").is_reused
    assert not second.step("models/fragile").is_reused
    assert shop.rows("SELECT odd FROM USER_FEATURE_VIEW") == [(5,), (5,)]


def test_two_models_fail(shop: Tiny) -> None:
    """Each failed model is named, also when several fail."""
    path = shop.folder / "models/all.yaml"
    path.write_text(path.read_text().replace("SELECT COUNT(*) AS n ", "SELECT CAST(email AS INT) AS n "))
    break_it(shop)

    result = onefold.load(shop.folder).run(end_time="2026-10-31", ignore_model_errors=True)

    assert {f.step.ref for f in result.failed} == {"models/fragile", "models/sound"}
    assert set(result.published) == {"models/codes", "models/user_default_id_stitcher", "user/all"}


def test_nothing_can_be_built(shop: Tiny) -> None:
    """If nothing is left to build, the run fails as ever."""
    break_it(shop)

    with pytest.raises(onefold.RunError):
        onefold.load(shop.folder).run(models=["models/fragile"], ignore_model_errors=True)


@pytest.mark.parametrize(
    "flags",
    [
        [
            "--rebase_incremental",
            "--migrate_on_load",
            "--migrated_folder_path",
            "x",
            "--concurrency",
            "4",
            "--allow_beta",
        ],
        ["--grep_var_dependencies=false", "--disable_registry_cache", "--model_args", "a:b:c", "--force=false"],
    ],
)
def test_accepted_flags(pb: Pb, flags: list[str]) -> None:
    """Flags that ask for what is so anyway change nothing, in either spelling."""
    assert pb("run", "--end_time", "2026-02-20", *flags).code == 0


def test_flag_with_a_value(pb: Pb) -> None:
    """``--force=true`` is ``--force``, and ``--force=false`` is nothing."""
    pb("run", "--end_time", "2026-02-20")
    assert "reused" not in pb("run", "--seq_no", "1", "--force=true").out
    assert "reused" in pb("run", "--seq_no", "1", "--force=false").out


def test_clean_output(pb: Pb, ran: Path) -> None:
    """The SQL files of earlier runs go, and no table does."""
    pb("run")
    assert pb("compile", "--clean_output", "--end_time_offset", "45m").code == 0

    assert {p.name for p in (ran / "output/dev/seq_no").iterdir()} == {"3"}
    assert len(onefold.load(ran).runs()) == 2
    assert len(onefold.load(ran).read("WITH_USER_ID")) == 3


def test_compile_takes_the_flags_of_run(pb: Pb) -> None:
    """Both commands share the flags that concern both."""
    done = pb("compile", "--assume_all_inputs_exist", "--migrate_on_load", "--rebase_incremental", "--allow_beta")
    assert done.code == 0, done.err
