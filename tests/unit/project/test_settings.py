"""Connections are found, completed from the environment, written without loss, and never shown."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.errors import Location, OnefoldError, ProjectError, UsageError
from onefold.project.settings import (
    LOCAL,
    SECRETS,
    ResolvedConnection,
    default_siteconfig,
    load_siteconfig,
    resolve_connection,
    write_connection,
)
from onefold.project.source import read_yaml
from onefold.project.spec import Positions, ProjectFile, ProjectSpec

SITECONFIG = """\
connections:
  shop:
    target: dev
    outputs:
      dev:
        type: snowflake
        account: acme
        dbname: db
        schema: s
        warehouse: w
        role: r
        user: ${SHOP_USER}
        password: hunter2
      prod:
        type: duckdb
        path: ${SHOP_DIR}/${SHOP_USER}.duckdb
        schema: s
"""


def project(connection: str | None) -> ProjectSpec:
    """A project that names a connection."""
    at = Positions(values={"connection": Location("pb_project.yaml", 3, 13)})
    return ProjectSpec(root="p", file=ProjectFile(name="p", schema_version=99, connection=connection, at=at))


def resolved(text: str, connection: str | None = "shop", target: str | None = None) -> ResolvedConnection:
    """The connection of a project in a connections file."""
    path = Path("site.yaml")
    path.write_text(text, encoding="utf-8")
    return resolve_connection(project(connection), load_siteconfig(path), target)


def refused(text: str, connection: str | None = "shop", target: str | None = None) -> str:
    """The error for an invalid connection, with its hint."""
    with pytest.raises(OnefoldError) as caught:
        resolved(text, connection, target)
    assert caught.value.exit_code == 2
    assert "hunter2" not in str(caught.value)
    return str(caught.value).replace("\n    hint:", " |")


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in their own folder, with one environment variable set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_USER", "ann")
    monkeypatch.delenv("SHOP_DIR", raising=False)


def test_the_target_of_the_connection_is_used() -> None:
    """Without a target the connection's default is used; environment variables are substituted."""
    found = resolved(SITECONFIG)

    assert (found.name, found.target, found.type) == ("shop", "dev", "snowflake")
    assert found.options == {
        "account": "acme", "dbname": "db", "schema": "s", "warehouse": "w", "role": "r", "user": "ann",
        "password": "hunter2",
    }  # fmt: skip


def test_another_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """A requested target is used, and a value may contain several variables."""
    monkeypatch.setenv("SHOP_DIR", "/data")

    found = resolved(SITECONFIG, target="prod")

    assert (found.type, found.options) == ("duckdb", {"path": "/data/ann.duckdb", "schema": "s"})


def test_variables_are_not_put_in_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The content of a variable is not substituted again; a lone $ is plain text."""
    monkeypatch.setenv("SHOP_USER", "${SHOP_DIR}$1")

    found = resolved(SITECONFIG.replace("hunter2", "$SHOP_USER{x}"))

    assert (found.options["user"], found.options["password"]) == ("${SHOP_DIR}$1", "$SHOP_USER{x}")


@pytest.mark.parametrize("connection", [None, LOCAL])
def test_local_needs_no_file(connection: str | None) -> None:
    """The built-in connection exists without any file, and is the default."""
    found = resolved("", connection)

    assert (found.name, found.target, found.type) == (LOCAL, "dev", "duckdb")
    assert found.options == {"path": "output/warehouse.duckdb", "schema": "profiles"}


def test_local_may_be_written() -> None:
    """A connection named local in the file overrides the built-in one."""
    text = "connections: {local: {target: t, outputs: {t: {type: duckdb, path: x.duckdb, schema: mine}}}}"

    assert resolved(text, "local").options == {"path": "x.duckdb", "schema": "mine"}


@pytest.mark.parametrize(
    ("text", "connection", "target", "message"),
    [
        (SITECONFIG, "shpo", None, 'pb_project.yaml:3:13: there is no connection "shpo" [unknown-connection] | did you mean "shop"?'),
        (SITECONFIG, "x", None, ('pb_project.yaml:3:13: there is no connection "x" [unknown-connection] | available: shop, local; '
                                "create one with `pb init connection`")),
        (SITECONFIG, "shop", "prd", 'connection "shop" has no target "prd" [unknown-target] | did you mean "prod"?'),
        (SITECONFIG, "shop", "x", 'connection "shop" has no target "x" [unknown-target] | available: dev, prod'),
        (SITECONFIG.replace("target: dev", "target: test"), "shop", None,
         'connection "shop" has no target "test" [unknown-target] | available: dev, prod'),
        (SITECONFIG, "shop", "prod", ("shop.prod.path needs the environment variable SHOP_DIR, which is not set [no-variable] "
                                     "| export SHOP_DIR=…")),
        (SITECONFIG.replace("type: snowflake", "type: snoflake"), "shop", None,
         'site.yaml:5:7: connection "shop" has the unknown type "snoflake" [unknown-type] | did you mean "snowflake"?'),
        (SITECONFIG.replace("        type: snowflake\n", ""), "shop", None,
         ('site.yaml:5:7: connection "shop" has the unknown type "" [unknown-type] | available: duckdb, snowflake, postgres, '
         "redshift, databricks, bigquery")),
        (SITECONFIG.replace("        role: r\n", "").replace("account: acme", "account:"), "shop", None,
         ('site.yaml:5:7: connection "shop" of type snowflake has no account, role [missing-key] | add them, or run '
         "`pb init connection` again")),
        (SITECONFIG.replace("    target: dev\n", ""), "shop", None,
         'site.yaml:3:5: missing key "target" [missing-key] | add target: …'),
        (SITECONFIG.replace("  shop:", "  shop:\n    trget: x"), "shop", None,
         'site.yaml:3:5: unknown key "trget" [unknown-key] | did you mean "target"?'),
        ("conections: {}", None, None, 'site.yaml:1:1: unknown key "conections" [unknown-key] | did you mean "connections"?'),
        ("connections: {a: {target: dev, outputs: {dev: hunter2}}}", "a", None,
         'site.yaml:1:47: "dev" must be a mapping, not text [wrong-type]'),
        ("connections: [hunter2", "a", None, None),
        ("connections: {a: {target: dev, outputs: {dev: {password: *hunter2}}}}", "a", None, None),
    ],
)  # fmt: skip
def test_what_cannot_be_had(text: str, connection: str | None, target: str | None, message: str | None) -> None:
    """A missing or incomplete connection is reported with a hint, and without its secrets."""
    said = refused(text, connection, target)

    assert message is None or said == message


def test_a_file_that_was_named_must_be_there() -> None:
    """A requested connections file that is missing, or a folder, is an error."""
    with pytest.raises(
        UsageError, match=r"^nope\.yaml: the connections file cannot be read: No such file or directory"
    ):
        load_siteconfig("nope.yaml")
    with pytest.raises(UsageError, match="Is a directory"):
        load_siteconfig(Path())


def test_no_file_at_the_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a file at the default path there are no connections."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    assert default_siteconfig() == tmp_path / ".pb" / "siteconfig.yaml"
    assert load_siteconfig().connections == {}


def test_secrets_do_not_show() -> None:
    """Neither a connections file nor a connection shows its values as text."""
    text = (
        SITECONFIG
        + "gitcreds: [{key: hunter2}]\naws_credential: hunter2\nblock_store_creds: hunter2\npy_models: hunter2\n"
    )
    Path("s.yaml").write_text(text, encoding="utf-8")

    assert "hunter2" not in repr(load_siteconfig("s.yaml"))
    assert "hunter2" not in str(load_siteconfig("s.yaml"))
    assert "hunter2" not in repr(resolved(SITECONFIG))
    assert "password" in SECRETS


def test_a_written_connection_is_found_again() -> None:
    """A new file holds the connection, and only its owner may read it or its folder."""
    path = Path("home/.pb/siteconfig.yaml")
    output = {"type": "duckdb", "path": "a b: #c.duckdb", "schema": "yes", "password": "1e5"}

    write_connection(path, "mine", "dev", output)

    found = resolve_connection(project("mine"), load_siteconfig(path))
    assert {"type": found.type, **found.options} == output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["siteconfig.yaml"]


def test_writing_keeps_everything_else() -> None:
    """Other connections, other targets and other keys stay as they are, numbers as they were written."""
    path = Path("s.yaml")
    rest = "gitcreds: [{a: 0123}]\ncache_dir: x\n"
    port = "        port: 0123\n        hex: 0x1F\n        octal: 0o17\n        code: '0o17'\n        ratio: 1.50\n        on: yes\n"
    path.write_text(SITECONFIG + port + rest, encoding="utf-8")
    path.chmod(0o644)
    before = read_yaml(path.read_bytes(), "s.yaml").root

    write_connection(path, "other", "dev", {"type": "duckdb", "path": "p", "schema": "s"})
    write_connection(path, "shop", "test", {"type": "duckdb", "path": "q", "schema": "s"})

    after = read_yaml(path.read_bytes(), "s.yaml").root
    assert before is not None
    assert after is not None
    connections = after["connections"]
    assert connections.pop("other") == {
        "target": "dev",
        "outputs": {"dev": {"type": "duckdb", "path": "p", "schema": "s"}},
    }
    assert connections["shop"]["outputs"].pop("test") == {"type": "duckdb", "path": "q", "schema": "s"}
    assert after == before
    assert connections["shop"]["outputs"]["prod"]["ratio"].text == "1.50"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_target_is_replaced() -> None:
    """Writing a target again removes its old keys; the connection's default target stays."""
    path = Path("s.yaml")
    write_connection(path, "a", "dev", {"type": "snowflake", "password": "old"})
    write_connection(path, "a", "prod", {"type": "duckdb"})

    write_connection(path, "a", "dev", {"type": "duckdb"})

    found = load_siteconfig(path).connections["a"]
    assert (found.target, found.outputs) == ("dev", {"dev": {"type": "duckdb"}, "prod": {"type": "duckdb"}})


@pytest.mark.parametrize("content", ["", "# mine\n", "connections:\n", "connections: {}\n"])
def test_writing_into_an_empty_file(content: str) -> None:
    """A file without connections gets its first."""
    Path("s.yaml").write_text(content, encoding="utf-8")

    write_connection(Path("s.yaml"), "a", "dev", {"type": "duckdb"})

    assert [*load_siteconfig("s.yaml").connections] == ["a"]


@pytest.mark.parametrize("content", ["connections: [", "connections: 5\n", "other: 1\n"])
def test_a_file_that_is_something_else_is_left_alone(content: str) -> None:
    """A file that is not a connections file is not overwritten."""
    Path("s.yaml").write_text(content, encoding="utf-8")

    with pytest.raises(ProjectError):
        write_connection(Path("s.yaml"), "a", "dev", {"type": "duckdb"})

    assert Path("s.yaml").read_text(encoding="utf-8") == content
    assert [p.name for p in Path().iterdir()] == ["s.yaml"]


def test_a_failed_write_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the new file cannot replace the old one, the old one stays and no other file is left."""
    path = Path("s.yaml")
    write_connection(path, "a", "dev", {"type": "duckdb"})
    before = path.read_bytes()

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_connection(path, "b", "dev", {"type": "duckdb"})

    assert path.read_bytes() == before
    assert [p.name for p in Path().iterdir()] == ["s.yaml"]


@settings(max_examples=examples(150))
@given(
    values=st.dictionaries(
        st.sampled_from(["password", "user", "path"]), st.text(st.characters(codec="utf-8"), max_size=20)
    )
)
def test_any_text_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    """Any password or name is read back unchanged; characters that YAML does not allow are escaped."""
    path = tmp_path_factory.mktemp("site") / "s.yaml"

    write_connection(path, "a", "dev", values)

    assert load_siteconfig(path).connections["a"].outputs["dev"] == values
