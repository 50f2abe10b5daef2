"""One project, run by onefold on DuckDB and by the reference command on PostgreSQL, over the same tables.

Takes a `Case`. Returns the rows of every view that each of them publishes, in a form that can be compared. Nothing is
rounded away but the last digits of floating-point numbers; ``valid_at`` is not compared, because it differs on
purpose (docs/compatibility.md).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import duckdb

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.parity.servers import Server

END = "2026-10-31T00:00:00Z"
TIME_LIMIT = 120

_INTERNAL = re.compile(r"^(material_|ptr_to_|wht_seq_no|pb_)", re.IGNORECASE)

FILE = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - name: user
    id_types: [user_id, email]
    feature_views: {using_ids: [{id: email}]}
id_types: [{name: user_id}, {name: email}]
"""


@dataclass(frozen=True)
class Case:
    """One small project.

    Attributes:
        says: The behaviour it is aimed at.
        tables: SQL that makes the tables of schema ``src``, in both databases.
        models: The content of ``models/all.yaml``.
        project: The content of ``pb_project.yaml``.
        files: More files, by name.
        flags: Flags of ``pb run``, without the end time.
        runs: End times; each is one run.
        between: SQL between the first run and the others.
    """

    says: str
    tables: str
    models: str
    project: str = FILE
    files: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    runs: tuple[str, ...] = (END,)
    between: str = ""


@dataclass(frozen=True)
class View:
    """The rows of a view, sorted."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def write(case: Case, folder: Path) -> None:
    """The files of the project."""
    files = {"pb_project.yaml": case.project, "models/all.yaml": case.models, **case.files}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(content))


def run_reference(case: Case, folder: Path, server: Server, command: Path) -> dict[str, View]:
    """What the reference command publishes, by view in lower case.

    Raises:
        AssertionError: If it fails.
    """
    write(case, folder)
    server.sql(
        "DROP SCHEMA IF EXISTS src CASCADE; DROP SCHEMA IF EXISTS out CASCADE; CREATE SCHEMA src; CREATE SCHEMA out;"
    )
    server.sql(f"CREATE EXTENSION IF NOT EXISTS pgcrypto; SET search_path = src, public; {dedent(case.tables)}")
    site = folder / "site.yaml"
    output = (
        f"{{type: postgres, host: 127.0.0.1, port: {server.port}, dbname: postgres, user: postgres, password: parity, "
        "schema: out, skipHostValidation: true}"
    )
    site.write_text(f"connections: {{local: {{target: dev, outputs: {{dev: {output}}}}}}}\n")
    for number, end in enumerate(case.runs):
        if number == 1:
            server.sql(case.between)
        done = subprocess.run(
            [command, "run", "-p", folder, "-c", site, "--end_time", end, *case.flags],
            capture_output=True, text=True, timeout=TIME_LIMIT, check=False,
            env={**os.environ, "SF_DISABLE_MINICORE": "true", "HOME": str(folder)},
        )  # fmt: skip
        assert done.returncode == 0, f"the reference failed:\n{done.stdout[-3000:]}\n{done.stderr[-2000:]}"
    names = server.sql("SELECT table_name FROM information_schema.views WHERE table_schema = 'out' ORDER BY 1").split()
    return {name.lower(): _view_of(server, name) for name in names if not _INTERNAL.match(name)}


def _view_of(server: Server, name: str) -> View:
    columns = server.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'out' "
        f"AND table_name = '{name}' ORDER BY ordinal_position"
    ).split("\n")[:-1]
    text = server.sql(f'SELECT json_agg(t) FROM out."{name}" t').strip()
    rows = json.loads(text, parse_float=float) if text else []
    return _view(columns, ([row[c] for c in columns] for row in rows))


def run_onefold(case: Case, folder: Path) -> dict[str, View]:
    """What onefold publishes, by view in lower case."""
    write(case, folder)
    (folder / "onefold.yaml").write_text("sql_dialect: postgres\n")
    (folder / "output").mkdir()
    with duckdb.connect(str(folder / "output" / "warehouse.duckdb")) as connection:
        connection.execute(f"CREATE SCHEMA src; USE src; {dedent(case.tables)}")
    project = onefold.load(folder)
    begin = dict(zip(case.flags, case.flags[1:], strict=False)).get("--begin_time")
    for number, end in enumerate(case.runs):
        if number == 1 and case.between:
            with duckdb.connect(str(folder / "output" / "warehouse.duckdb")) as connection:
                connection.execute(case.between)
        result = project.run(end_time=end, begin_time=begin)
    found = {}
    for view in result.published.values():
        rows = project.read(view).arrow
        found[view.lower()] = _view(rows.column_names, (list(row.values()) for row in rows.to_pylist()))
    return found


def _view(columns: Iterable[str], rows: Iterable[list[Any]]) -> View:
    names = [c.lower() for c in columns]
    kept = [i for i, name in enumerate(names) if name != "valid_at"]
    plain = (tuple(_plain(row[i]) for i in kept) for row in rows)
    return View(tuple(names[i] for i in kept), tuple(sorted(plain, key=repr)))


def _plain(value: Any) -> Any:
    """A value as JSON would have it; numbers to twelve digits."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return float(f"{float(value):.12g}")
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return tuple(_plain(v) for v in value)
    return value


COUNTS: Counter[str] = Counter()
"""What was compared in this session: projects, views, rows."""
DIFFERED: dict[str, str] = {}
"""The differences on purpose that were met in this session, in words, by kind."""


def compared(theirs: Mapping[str, View], ours: Mapping[str, View]) -> list[str]:
    """What is not equal, in words; counted."""
    COUNTS.update(projects=1, views=len(theirs), rows=sum(len(view.rows) for view in theirs.values()))
    return differences(theirs, ours)


def differences(theirs: Mapping[str, View], ours: Mapping[str, View]) -> list[str]:
    """What is not equal, in words."""
    found = [f"only the reference has {name}" for name in theirs.keys() - ours.keys()]
    found += [f"only onefold has {name}" for name in ours.keys() - theirs.keys()]
    for name in sorted(theirs.keys() & ours.keys()):
        a, b = theirs[name], ours[name]
        if a.columns != b.columns:
            found.append(f"{name}: columns {a.columns} there, {b.columns} here")
        elif a.rows != b.rows:
            missing = [r for r in a.rows if r not in b.rows]
            extra = [r for r in b.rows if r not in a.rows]
            found.append(f"{name}: {len(missing)} rows only there {missing[:3]}, {len(extra)} only here {extra[:3]}")
    return sorted(found)
