"""How much memory the database may use: from the machine, the container, the limits of the process, the settings."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import pytest

from onefold.engines.base import EngineError
from onefold.engines.duckdb import DuckDB
from onefold.memory import LEAST, database_memory, in_words, machine_memory

if TYPE_CHECKING:
    from pathlib import Path


def group(root: Path, cgroup: str, files: dict[str, str]) -> Path:
    """A root with the control groups of a process."""
    for name, text in {"proc/self/cgroup": cgroup, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return root


@pytest.mark.parametrize(
    ("cgroup", "files"),
    [
        ("0::/", {"sys/fs/cgroup/memory.max": "300000000"}),
        ("0::/a/b", {"sys/fs/cgroup/a/b/memory.max": "max", "sys/fs/cgroup/a/memory.max": "300000000"}),
        ("5:cpu:/x\n4:memory:/a", {"sys/fs/cgroup/memory/a/memory.limit_in_bytes": "300000000"}),
        ("4:memory:/not/mounted/here", {"sys/fs/cgroup/memory/memory.limit_in_bytes": "300000000"}),
    ],
    ids=["version 2", "version 2, of a group above", "version 1", "version 1, in a container"],
)
def test_a_containers_limit_counts(tmp_path: Path, cgroup: str, files: dict[str, str]) -> None:
    """The limit of the process' control group, or of one above it, is the memory that there is."""
    assert machine_memory(group(tmp_path, cgroup, files)) == 300_000_000


def test_no_limit_means_the_machine(tmp_path: Path) -> None:
    """Without control groups, or without limits in them, it is the memory of the machine."""
    everything = machine_memory(tmp_path)
    assert machine_memory(group(tmp_path, "0::/", {"sys/fs/cgroup/memory.max": "max"})) == everything
    huge = {"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712"}
    assert machine_memory(group(tmp_path, "4:memory:/", huge)) == everything


def test_the_limit_of_the_process_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ulimit -v` leaves half of itself: what the program maps without using it counts too."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (4 << 30, resource.RLIM_INFINITY))
    assert machine_memory(tmp_path) <= 2 << 30


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, 6 << 30),
        ("50%", 5 << 30),
        ("8GB", 8 * 10**9),
        ("512 MiB", 512 << 20),
        ("1.5gb", 1_500_000_000),
        ("1KB", LEAST),
    ],
)
def test_sizes(given: str | None, expected: int) -> None:
    """A limit is a size or a share; without one the database gets most of the memory; it always gets what it needs."""
    assert database_memory(given, 10 << 30) == expected


@pytest.mark.parametrize("given", ["8", "lots", "-1GB", "0%", "150%", ""])
def test_no_sizes(given: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match=r"is not a (size|valid share of the memory)"):
        database_memory(given, 10 << 30)


def test_sizes_in_words() -> None:
    """Sizes are said in the largest unit that leaves a whole digit."""
    assert [in_words(n) for n in (12, 1500, 2_415_919_104, 5e12)] == ["12 bytes", "1.5 kB", "2.4 GB", "5.0 TB"]


def test_what_memory_does_not_hold_is_spilled_and_measured(tmp_path: Path) -> None:
    """A sort that is larger than the limit works, and the bytes on disk are known; nothing of them stays."""
    engine = DuckDB(tmp_path / "w.duckdb", "profiles", memory=LEAST)
    try:
        assert (
            engine.execute("CREATE TABLE t AS SELECT HASH(range) AS h, range AS n FROM range(12000000) ORDER BY h") > 0
        )
        assert engine.spilled > 1 << 20
    finally:
        engine.close()
    assert [p.name for p in tmp_path.iterdir()] == ["w.duckdb"]


def test_too_little_memory_is_an_error(tmp_path: Path) -> None:
    """What can be neither held nor spilled ends in an error of its own kind; the process lives."""
    engine = DuckDB(tmp_path / "w.duckdb", "profiles", memory=LEAST)
    try:
        with pytest.raises(EngineError) as raised:
            engine.fetch("SELECT LEN(LIST(range::VARCHAR || 'some text that is long enough')) FROM range(20000000)")
        assert raised.value.kind == "memory"
        assert engine.fetch("SELECT 1 AS n")["n"].to_pylist() == [1]
    finally:
        engine.close()


def test_connections_do_not_share_a_spill_folder(tmp_path: Path) -> None:
    """Two connections to one database spill to folders of their own; a dead process' folder is removed by a writer."""
    left = tmp_path / "w.duckdb"
    DuckDB(left, "profiles").close()
    one = DuckDB(left, "profiles", read_only=True)
    two = DuckDB(left, "profiles", read_only=True)
    try:
        setting = "SELECT CURRENT_SETTING('temp_directory') AS folder"
        folders = [engine.fetch(setting)["folder"][0].as_py() for engine in (one, two)]
    finally:
        one.close()
        two.close()
    assert folders[0] != folders[1]
    dead = tmp_path / folders[0].rpartition("/")[2].replace(f"_{_pid()}_", "_4194000_")
    dead.mkdir()
    DuckDB(left, "profiles").close()
    assert not dead.exists()


def _pid() -> int:
    import os  # noqa: PLC0415

    return os.getpid()
