"""A folder becomes a project, or a list of every error in all of its files."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.errors import Location, ProjectError
from onefold.project import spec
from onefold.project.load import load_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.project.conftest import Folder


def test_the_repositorys_own_project_loads(repository: Path) -> None:
    """The shipped project has its six inputs, three models and 26 vars, and no notes."""
    project = load_project(repository)

    assert [i.name for i in project.inputs] == [
        "orders", "order_items", "identifies_js", "identifies_ruby", "designs", "products",
    ]  # fmt: skip
    assert [m.name for m in project.models] == ["user_id_stitcher", "filtered_identifies", "enriched_order_items"]
    assert sum(len(group.vars) for group in project.var_groups) == 26
    assert [m.name for m in project.macros] == ["bare", "blanks", "null_like"]
    assert project.settings.sql_dialect == "snowflake"
    assert project.notes == ()


def test_a_small_project_is_typed(folder: Folder) -> None:
    """Files become records with locations."""
    project = folder.load()

    assert project.root == str(folder.path.resolve())
    assert project.file.entities[0].main_id_column == "user_main_id"
    assert isinstance(project.models[0], spec.IdStitcherModel)
    assert project.models[0].model_spec.edge_sources[0].from_ == "inputs/orders"
    assert project.inputs[0].app_defaults.at.value("table") == Location("models/all.yaml", 4, 14)
    assert project.settings == spec.Settings()


def test_files_are_read_by_name(folder: Folder) -> None:
    """Files of all model folders are read in order of folder, then of name; others are not read."""
    folder.project("[models]", "[models, more, models]")
    folder.write("models/b.yaml", "macros: [{name: b, value: x}]").write(
        "models/a.yml", "macros: [{name: a, value: x}]"
    )
    folder.write("more/Z.YAML", "macros: [{name: z, value: x}]").write("models/notes.txt", "a: [")
    folder.write("models/below/c.yaml", "a: [").write("models/d.yaml/e.txt", "")

    assert [macro.name for macro in folder.load().macros] == ["a", "b", "z"]


def test_the_projects_own_folder_may_hold_models(folder: Folder) -> None:
    """A model folder "." does not read pb_project.yaml and onefold.yaml as models."""
    folder.project("[models]", "[., models]").write("onefold.yaml", "sql_dialect: duckdb")
    folder.write("macros.yaml", "macros: [{name: a, value: x}]")

    project = folder.load()

    assert [macro.name for macro in project.macros] == ["a"]
    assert project.settings.sql_dialect == "duckdb"


def test_empty_files_are_empty_mappings(folder: Folder) -> None:
    """Files without content, or with only comments, cause no findings."""
    folder.write("models/a.yaml", "").write("models/b.yaml", "# nothing\n").write("onefold.yaml", "")

    assert len(folder.load().inputs) == 1


def test_mistakes_of_all_files_are_told_at_once(folder: Folder) -> None:
    """One run reports the errors of every file, sorted by location."""
    folder.project("connection: local", "conection: local").project("[email, device]", "email")
    folder.models("      table:", "      tabel:").write("onefold.yaml", "catalog: {}\nsql_dialect: snoflake\n")
    folder.write("models/broken.yaml", "inputs: [\n").write("models/b.yaml", "macros:\n  - name: 5\n    text: x\n")

    assert folder.mistakes() == [
        'models/all.yaml:4:7: unknown key "tabel" [unknown-key]',
        'models/b.yaml:2:5: missing key "value" [missing-key]',
        'models/b.yaml:2:11: "name" must be text, not a number [wrong-type]',
        'models/b.yaml:3:5: unknown key "text" [unknown-key]',
        "models/broken.yaml:2:1: a value is missing here [yaml-syntax]",
        'onefold.yaml:1:1: unknown key "catalog" [unknown-key]',
        'onefold.yaml:2:14: "snoflake" is not a valid value of "sql_dialect" [wrong-value]',
        'pb_project.yaml:3:1: unknown key "conection" [unknown-key]',
        'pb_project.yaml:8:15: "id_types" must be a list, not text [wrong-type]',
    ]


def test_rules_wait_until_all_files_are_right(folder: Folder) -> None:
    """A file that cannot be read does not cause errors about references to it."""
    folder.project("id_types: [email, device]", "id_types: [email, device]\n    tpyo: 1")

    assert folder.mistakes() == ['pb_project.yaml:9:5: unknown key "tpyo" [unknown-key]']


def test_no_project(tmp_path: Path) -> None:
    """A folder without pb_project.yaml is reported, with a hint."""
    with pytest.raises(ProjectError) as caught:
        load_project(tmp_path)

    (finding,) = caught.value.findings
    assert str(finding).startswith(f"{tmp_path.name}: there is no pb_project.yaml in this folder [no-project]")
    assert finding.hint is not None
    assert "`pb init pb-project`" in finding.hint


@pytest.mark.parametrize("name", ["../away", "/", "models/../../away", "out"])
def test_model_folders_stay_inside(folder: Folder, tmp_path: Path, name: str) -> None:
    """A model folder outside the project is rejected, also behind a link."""
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "m.yaml").write_text("macros: [{name: a, value: x}]")
    (folder.path / "out").symlink_to(tmp_path / "away")

    folder.project("[models]", f"[models, {name}]")

    assert folder.mistakes() == [
        f'pb_project.yaml:4:25: model folder "{name}" is outside the project [outside-project]'
    ]


def test_a_file_that_links_out_is_refused(folder: Folder, tmp_path: Path) -> None:
    """A link in a model folder must not lead out of the project; a link inside the project may."""
    (tmp_path / "secret.yaml").write_text("macros: [{name: a, value: x}]")
    folder.write("shared/in.yaml", "macros: [{name: b, value: x}]")
    (folder.path / "models" / "in.yaml").symlink_to(folder.path / "shared" / "in.yaml")
    assert [macro.name for macro in folder.load().macros] == ["b"]

    (folder.path / "models" / "out.yaml").symlink_to(tmp_path / "secret.yaml")

    assert folder.mistakes() == [
        "models/out.yaml: this file is a link to a place outside the project [outside-project]"
    ]


def test_a_missing_model_folder_is_a_warning(folder: Folder) -> None:
    """A missing model folder is not an error."""
    folder.project("[models]", "[models, later]")

    assert folder.notes() == ['warning pb_project.yaml:4:25: model folder "later" does not exist [no-folder]']


@pytest.mark.parametrize(
    ("name", "reason"), [('"a\\0"', "this is not a valid path"), ("a" * 5000, "File name too long")]
)
def test_a_model_folder_that_is_no_path(folder: Folder, name: str, reason: str) -> None:
    """An invalid path is an error with a location."""
    folder.project("[models]", f"[{name}]")

    assert folder.mistakes() == [f"pb_project.yaml:4:17: cannot read a model folder: {reason} [unreadable-file]"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(folder: Folder) -> None:
    """A file without read permission is named."""
    (folder.path / "models" / "all.yaml").chmod(0)

    assert folder.mistakes() == ["models/all.yaml: cannot be read: Permission denied [unreadable-file]"]


def test_optimizations_and_settings_are_read(folder: Folder) -> None:
    """The two mappings that a project has only once are loaded."""
    folder.write("models/o.yaml", "optimizations: {main_id_addition_approach: plain_join}")
    folder.write("onefold.yaml", "catalogs: {WAREHOUSE: data}")

    project = folder.load()

    assert project.optimizations is not None
    assert project.optimizations.main_id_addition_approach == "plain_join"
    assert project.settings.catalogs == {"WAREHOUSE": "data"}


def _without(text: str, at: int, chance: random.Random) -> str:
    return text[:at] + text[at + chance.randint(1, 12) :]


def _inserted(text: str, at: int, chance: random.Random) -> str:
    pieces = (":", "- ", "\n", " ", "\t", "'", '"', "[", "]", "{", "}", "#", "&a ", "*a", "<<: ", "!!int ", "\0", "~",
              "at: ", "|", ">", "%", "5", "1.5", "true", "\\", "\u2028", "é", "😀", "- - -", "---\n", "({", "[[", "?")  # fmt: skip
    return text[:at] + chance.choice(pieces) + text[at:]


def _line_moved(text: str, at: int, chance: random.Random) -> str:
    lines = text.split("\n")
    line = lines.pop(at % len(lines))
    lines.insert(chance.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def _line_doubled(text: str, at: int, chance: random.Random) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines) + 1), lines[at % len(lines)])
    return "\n".join(lines)


def _line_dropped(text: str, at: int, _: random.Random) -> str:
    lines = text.split("\n")
    del lines[at % len(lines)]
    return "\n".join(lines)


def _value_changed(text: str, at: int, chance: random.Random) -> str:
    values = (
        "5",
        "-1.5",
        "true",
        "~",
        "[]",
        "{}",
        "[a, [b]]",
        "{a: {b: c}}",
        '"\\0"',
        "''",
        "inputs/x",
        "main_id",
        "0x1F",
    )
    lines = text.split("\n")
    keys = [number for number, line in enumerate(lines) if ": " in line]
    number = keys[at % len(keys)]
    lines[number] = lines[number].split(": ")[0] + ": " + chance.choice(values)
    return "\n".join(lines)


MUTATIONS: tuple[Callable[[str, int, random.Random], str], ...] = (
    _without, _inserted, _line_moved, _line_doubled, _line_dropped, _value_changed,
)  # fmt: skip


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    strokes=st.lists(st.tuples(st.sampled_from(MUTATIONS), st.integers(0, 20_000)), min_size=1, max_size=4),
)
def test_any_file_gives_a_project_or_a_project_error(
    repository: Path,
    tmp_path: Path,
    seed: int,
    strokes: list[tuple[Callable[[str, int, random.Random], str], int]],
) -> None:
    """However the shipped project is broken, loading it returns a project or errors with locations."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    names = ["pb_project.yaml", "onefold.yaml", "models/inputs.yaml", "models/profiles.yaml", "models/sql_models.yaml"]
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    (tmp_path / "p" / "models").mkdir(parents=True)
    texts = {name: (repository / name).read_text(encoding="utf-8") for name in names}
    for change, at in strokes:
        name = chance.choice(names)
        texts[name] = change(texts[name], at % (len(texts[name]) + 1), chance)
    for name, text in texts.items():
        (tmp_path / "p" / name).write_text(text, encoding="utf-8")

    try:
        project = load_project(tmp_path / "p")
    except ProjectError as error:
        findings = error.findings
    else:
        findings = ()
        assert isinstance(project, spec.ProjectSpec)
    assert all(finding.severity == "error" and finding.where is not None for finding in findings)
