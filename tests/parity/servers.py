"""The servers of the parity suite: its own PostgreSQL, and the format's reference command.

Returns a running server on loopback, which is removed at the end, and the path of the command. The command has its
own environment, which is created once under ``.cache/``.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = "profiles-rudderstack==0.26.4"
CACHE = Path(__file__).parents[2] / ".cache" / "reference"
PASSWORD = "parity"  # noqa: S105 - of a server that lives for minutes


@dataclass(frozen=True)
class Server:
    """A PostgreSQL on loopback."""

    port: int
    binaries: Path

    def sql(self, text: str) -> str:
        """Run statements; returns rows as tab-separated text."""
        command: list[str | Path] = [
            self.binaries / "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "postgres",
            "-d",
            "postgres",
        ]
        done = subprocess.run(
            [*command, "-v", "ON_ERROR_STOP=1", "-qAt", "-F", "\t", "-f", "-"],
            input=text, capture_output=True, text=True, check=False,
            env={**os.environ, "PGPASSWORD": PASSWORD, "PGTZ": "UTC"},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr}\n{text}")
        return str(done.stdout)


@contextlib.contextmanager
def postgres() -> Iterator[Server]:
    """A server with an empty database, in a folder of its own.

    Raises:
        FileNotFoundError: If PostgreSQL is not installed.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="onefold_parity_"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", _free_port()
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)

    def run(*command: str | Path) -> None:
        subprocess.run([*as_user, *command], check=True, capture_output=True, cwd=folder)

    run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}")
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c timezone=UTC"
    )
    run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield Server(port, binaries)
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def reference() -> Path:
    """The reference command; its environment is made if it is not there.

    Raises:
        subprocess.CalledProcessError: If it cannot be installed.
    """
    command = CACHE / "bin" / "pb"
    CACHE.parent.mkdir(exist_ok=True)
    with CACHE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker makes it, the others wait
        if not command.exists():
            subprocess.run(["uv", "venv", "--quiet", "--clear", str(CACHE), "--python", "3.11"], check=True)
            subprocess.run(
                ["uv", "pip", "install", "--quiet", "--python", str(CACHE / "bin" / "python"), REFERENCE], check=True
            )
    return command


def _binaries() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql postgresql-contrib")
    return Path(found).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
