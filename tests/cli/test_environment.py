"""What the machine refuses is said as that: which file, why, what to do; what was published stays."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.cli.conftest import Done, call

import onefold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Pb

COMMAND = [sys.executable, "-m", "onefold.cli.main"]


def limited(folder: Path, limit: Callable[[], None], *words: str, env: dict[str, str] | None = None) -> Done:
    """``pb`` in a process with limits of its own."""
    done = subprocess.run(
        [*COMMAND, *words],
        cwd=folder,
        preexec_fn=limit,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def without_privileges(folder: Path, *words: str) -> Done:
    """``pb`` bound by the permissions of files, also where the tests run as root."""
    if os.geteuid() != 0:
        return limited(folder, lambda: None, *words)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root is above permissions, and setpriv is not there")
    dropped = [setpriv, "--bounding-set", "-dac_override,-dac_read_search", *COMMAND, *words]
    done = subprocess.run(dropped, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def is_plain(done: Done) -> bool:
    """Whether an error is said as one of the machine."""
    return done.code == 1 and "fault of onefold" not in done.err and "Traceback" not in done.err


@pytest.fixture
def large(ran: Path) -> Path:
    """The minimal project with a model of some megabytes, published without it."""
    (ran / "models/large.yaml").write_text(
        "models:\n  - name: large\n    model_type: sql_template\n    model_spec:\n"
        "      materialization: {output_type: table}\n"
        "      single_sql: SELECT MD5(CAST(seq AS TEXT)) AS h FROM (SELECT UNNEST(RANGE(300000)) AS seq) AS r\n"
    )
    text = (ran / "models/large.yaml").read_text()
    rows = "SELECT MD5(CAST(a.n || b.n || c.n || d.n || e.n AS TEXT)) AS h FROM " + ", ".join(
        f"(SELECT column1 AS n FROM VALUES {', '.join(f'({i})' for i in range(12))}) AS {name}" for name in "abcde"
    )
    (ran / "models/large.yaml").write_text(text[: text.index("single_sql:")] + f'single_sql: "{rows}"\n')
    return ran


def test_a_disk_without_room(large: Path) -> None:
    """A run that may write no more says so, with the file; what was published stays, and with room the run goes on."""

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))

    before = onefold.load(large).query("SELECT * FROM WITH_USER_ID ORDER BY 1").arrow
    done = limited(large, small_files, "run", "-m", "models/large")
    assert is_plain(done), done.err
    assert "larger than this process may write" in done.err
    assert "warehouse.duckdb" in done.err
    assert "in use" not in done.err
    assert onefold.load(large).query("SELECT * FROM WITH_USER_ID ORDER BY 1").arrow.equals(before)
    assert call(large, "run", "--seq_no", "latest", "-m", "models/large").code == 0


@pytest.mark.parametrize("name", ["output", "logs"])
def test_a_file_where_a_folder_is_needed(small: Path, pb: Pb, name: str) -> None:
    """A file called output or logs is named, with what to do."""
    (small / name).write_text("")
    done = pb("run")
    assert is_plain(done), done.err
    assert "there is a file where a folder is needed" in done.err
    assert name in done.err


@pytest.mark.parametrize("words", [("run",), ("report",), ("query", "SELECT 1 AS n", "-f", "output/rows.csv")])
def test_a_folder_that_may_not_be_written(ran: Path, words: tuple[str, ...]) -> None:
    """Commands that write into a read-only folder say that it is one; a question does not need to."""
    for folder in (ran / "output", ran / "output/dev", ran / "output/dev/seq_no", ran / "logs"):
        folder.chmod(0o555)
    try:
        done = without_privileges(ran, *words)
        asked = without_privileges(ran, "query", "SELECT COUNT(*) AS n FROM WITH_USER_ID", "--json")
    finally:
        for folder in (ran / "output", ran / "output/dev", ran / "output/dev/seq_no", ran / "logs"):
            folder.chmod(0o755)
    assert is_plain(done), done.err
    assert "permission denied" in done.err.lower()
    assert (asked.code, asked.out) == (0, '{"n": 3}\n')


def test_a_source_that_may_not_be_read(small: Path) -> None:
    """A data file without read permission is named; it is no mistake of the project's SQL."""
    file = next(p for p in (small / "data").rglob("*") if p.is_file())
    file.chmod(0)
    try:
        done = without_privileges(small, "run")
    finally:
        file.chmod(0o644)
    assert is_plain(done), done.err
    assert "permission denied" in done.err.lower()
    assert file.name in done.err


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:8192] + bytes(4000) + content[12192:],
        lambda content: content[:20000] + os.urandom(2000) + content[22000:],
        lambda content: content[:100_000],
        lambda content: b"",
        lambda content: b"not a database",
    ],
    ids=["a header", "a block", "the end", "everything", "another file"],
)
def test_a_damaged_database_is_not_in_use(ran: Path, pb: Pb, damage: Callable[[bytes], bytes]) -> None:
    """A damaged database file is said to be one, by a run and by a question; nobody is told to close it elsewhere."""
    path = ran / "output/warehouse.duckdb"
    path.write_bytes(damage(path.read_bytes()))
    for words in (("query", "SELECT COUNT(*) FROM WITH_USER_ID"), ("run",)):
        done = pb(*words)
        assert is_plain(done), done.err
        assert "in use" not in done.err
        assert "damaged" in done.err or "not a DuckDB file" in done.err
        assert "fix: " in done.err


def test_a_user_without_a_home(small: Path) -> None:
    """In a container whose user has neither a home nor a name, the connection `local` works as anywhere."""
    env = {k: v for k, v in os.environ.items() if k != "HOME"} | {"HOME": str(small / "no such folder")}
    assert limited(small, lambda: None, "run", env=env).code == 0


@pytest.mark.parametrize("folder", ["with space", "quo'te", 'dou"ble', "ümläut", "semi;colon"])
def test_folders_of_any_name(small: Path, folder: str) -> None:
    """The name of the project's folder does not matter, nor Windows line ends in its files."""
    place = small.parent / folder
    shutil.copytree(small, place)
    for path in place.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    project = onefold.load(place)
    assert project.run().published
    assert len(project.read("WITH_USER_ID")) == 3


# --- waiting for the database ---


@pytest.fixture
def held(ran: Path) -> Iterator[subprocess.Popen[str]]:
    """A reader, such as a notebook, that holds the database until its stdin closes."""
    program = (
        "import duckdb, sys; c = duckdb.connect('output/warehouse.duckdb', read_only=True); print('open', flush=True); "
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ran, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_held_database(small: Path, pb: Pb, held: subprocess.Popen[str]) -> None:
    """A run fails at once and names the process that holds the database; with --wait it waits for it, up to the end."""
    done = pb("run")
    assert done.code == 1
    assert f"process {held.pid}" in done.err
    assert "--wait" in done.err
    late = pb("run", "--wait", "1s")
    assert late.code == 1
    assert "waiting up to 0:00:01: the database file is in use by" in late.err
    assert "(waited 0:00:01)" in late.err
    with subprocess.Popen(
        [*COMMAND, "run", "--wait", "2m"], cwd=small, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stderr is not None
        assert f"process {held.pid}" in waiting.stderr.readline()
        assert held.stdin is not None
        held.stdin.close()
        held.wait(30)
        assert waiting.wait(60) == 0


def test_no_wait_of_no_length(pb: Pb) -> None:
    """A wait is a duration as the format writes them."""
    assert pb("run", "--wait", "soon").code == 2


# --- the copy for readers ---


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def copied(small: Path) -> Path:
    """The minimal project, with a copy for readers."""
    with (small / "onefold.yaml").open("a") as file:
        file.write("\npublished_copy: true\n")
    return small


def test_the_copy_has_what_is_published(copied: Path) -> None:
    """The copy is a database of tables with the rows of all published views, without the project's files around it."""
    result = onefold.load(copied).run()
    elsewhere = copied.parent / "elsewhere.duckdb"
    shutil.copy(copied / "output/published.duckdb", elsewhere)
    for view in result.published.values():
        sql = f'SELECT * FROM profiles."{view}" ORDER BY ALL'
        assert rows(elsewhere, sql) == rows(copied / "output/warehouse.duckdb", sql)
    assert {kind for (kind,) in rows(elsewhere, "SELECT DISTINCT table_type FROM information_schema.tables")} == {
        "BASE TABLE"
    }
    names = {name for (name,) in rows(elsewhere, "SELECT table_name FROM information_schema.tables")}
    assert {"USER_ID_STITCHER_EDGES", "USER_ID_STITCHER_ID_HISTORY", "published_registry"} <= names
    assert not any(name.startswith("Material_") for name in names)
    assert result.copy == copied / "output/published.duckdb"


def test_a_reader_of_the_copy_stops_no_run(copied: Path) -> None:
    """While a reader holds the copy, a run works and the reader keeps its rows; who opens it then gets the new ones."""
    project = onefold.load(copied)
    project.run()
    path, newest = copied / "output/published.duckdb", "SELECT MAX(seq_no) FROM profiles.published_registry"
    with duckdb.connect(str(path), read_only=True) as reader:
        assert project.run().copy == path
        assert reader.execute(newest).fetchall() == [(1,)]
        assert reader.execute("SELECT COUNT(*) FROM profiles.WITH_USER_ID").fetchall() == [(3,)]
    assert rows(path, newest) == [(2,)]
    assert sorted(p.name for p in path.parent.iterdir()) == ["dev", "published.duckdb", "warehouse.duckdb"]


def test_a_run_that_is_not_published_leaves_the_copy(copied: Path) -> None:
    """A run up to an earlier time does not touch the copy."""
    project = onefold.load(copied)
    project.run()
    before = (copied / "output/published.duckdb").read_bytes()
    assert project.run(end_time="2026-02-01").copy is None
    assert (copied / "output/published.duckdb").read_bytes() == before


def test_a_copy_that_cannot_be_written(copied: Path, pb: Pb) -> None:
    """The views are published, the code is 1, and a warning says why the copy is missing."""
    (copied / "output/published.duckdb").mkdir(parents=True)
    assert pb("run").code == 2
    (copied / "output/published.duckdb").rmdir()
    (copied / "blocked").write_text("")
    text = (copied / "onefold.yaml").read_text()
    (copied / "onefold.yaml").write_text(text.replace("published_copy: true", "published_copy: blocked/copy.duckdb"))
    done = pb("run")
    assert done.code == 1
    assert "the views are published, but the published copy was not updated" in done.err
    assert len(onefold.load(copied).read("WITH_USER_ID")) == 3


def test_each_target_has_a_copy_of_its_own(copied: Path) -> None:
    """Targets of one connection do not write one file: that of prod is called published_prod."""
    (copied / "pb_project.yaml").write_text(
        (copied / "pb_project.yaml").read_text().replace("connection: local", "connection: two")
    )
    outputs = ", ".join(f"{t}: {{type: duckdb, path: output/{t}.duckdb, schema: profiles}}" for t in ("dev", "prod"))
    config = copied / "siteconfig.yaml"
    config.write_text(f"connections: {{two: {{target: dev, outputs: {{{outputs}}}}}}}\n")
    found = {t: onefold.load(copied, siteconfig=config, target=t).run().copy for t in ("dev", "prod")}
    assert found == {t: copied / f"output/published{s}.duckdb" for t, s in (("dev", ""), ("prod", "_prod"))}


# --- limits of memory ---


def test_memory_limits_are_checked(small: Path, pb: Pb) -> None:
    """A limit that is no size is refused with its place."""
    with (small / "onefold.yaml").open("a") as file:
        file.write("\nmemory_limit: plenty\n")
    done = pb("run")
    assert done.code == 2
    assert '"plenty" is not a size' in done.err
    assert "onefold.yaml:" in done.err


def test_a_run_within_little_memory(small: Path, pb: Pb) -> None:
    """A project runs within the least memory that the database can be given."""
    with (small / "onefold.yaml").open("a") as file:
        file.write("\nmemory_limit: 1MB\n")
    assert pb("run").code == 0
