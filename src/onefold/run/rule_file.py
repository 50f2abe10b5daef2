"""The file of id rules and the table that is made of it.

In: a project, its target, rules. Out: lines of the file, which is written at once or not at all, and the table of the
warehouse that a stitcher reads. The file is the truth: each run recreates the table from it. Lines that nobody touches
stay as they are, so that a change in Git shows what was changed and nothing else.
"""

from __future__ import annotations

import getpass
import io
import os
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, UsageError
from onefold.identity.rules.constraint_queries import RULE_COLUMNS, rules_table
from onefold.plan.model import IdRulesTable
from onefold.project.id_rules import COLUMNS, line_of, rows_of, rule_mistakes, rule_of
from onefold.run.target import connect
from onefold.sql.dialects import render
from onefold.sql.statements import create_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onefold.engines.base import Engine
    from onefold.project import spec
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.sql.dialects import EngineDialect

MADE = "author"
"""A column of the table that only a table made from a file has; it tells one from a table that is kept by hand."""

_UPLOADED = "rules_of_the_file"


# --- the file ---


def add_to_file(project: ProjectSpec, rules: Sequence[spec.IdRule]) -> tuple[spec.IdRule, ...]:
    """Add rules to the file, which is made if there is none; those without a date get today's.

    Returns:
        What was added.

    Raises:
        UsageError: With everything that is wrong with any of them, alone or beside those that are there.
        AccessError: If the file cannot be written.
    """
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    added = tuple(replace(rule, date=rule.date or today) for rule in rules)
    there = project.id_rules.rules if project.id_rules is not None else ()
    mistakes = list(rule_mistakes((*there, *added), project.file))
    if mistakes:
        raise UsageError(mistakes)
    text = _text(project)
    header, end = _header(text), _line_end(text)
    lines = [_as_written(rule, header) + end for rule in added]
    if text and not text.endswith("\n"):
        text += end
    _write(project, (text or ",".join(COLUMNS) + end) + "".join(lines))
    return added


def remove_from_file(project: ProjectSpec, wanted: spec.IdRule) -> tuple[spec.IdRule, ...]:
    """Take the rule about an id, or about a pair, out of the file.

    Args:
        project: The project.
        wanted: Names the id or the pair; its action plays no part.

    Returns:
        What was taken out.

    Raises:
        UsageError: If the file has no such rule.
        AccessError: If the file cannot be written.
    """
    rules = project.id_rules.rules if project.id_rules is not None else ()
    removed = tuple(rule for rule in rules if rule.key == wanted.key)
    if not removed:
        what = " with ".join(f"{t}:{v}" for t, v in ((wanted.id1_type, wanted.id1), (wanted.id2_type, wanted.id2)) if v)
        hint = "`pb idstitch rules list` shows those there are"
        raise UsageError(Finding("error", "no-rule", f"{rules_file(project)} has no rule about {what}", hint=hint))
    gone = {rule.at.line for rule in removed}
    text = _text(project)
    dropped = {n for _, first, last in rows_of(text, "", []) if first in gone for n in range(first, last + 1)}
    # Counted as the reader of the file counts: not every character that ends a line in Python ends one there.
    lines = io.StringIO(text, newline="")
    _write(project, "".join(line for n, line in enumerate(lines, start=1) if n not in dropped))
    return removed


def rules_file(project: ProjectSpec) -> str:
    """The file of rules, relative to the project, whether it is there or not."""
    return project.settings.id_rules


def author() -> str:
    """Who makes a rule now: the name that Git knows, or that of the user; blank if neither is known."""
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - the Git of who calls
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.strip()
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""


def _text(project: ProjectSpec) -> str:
    path = Path(project.root) / rules_file(project)
    if not path.exists():
        return ""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except OSError as error:
        raise AccessError(Finding("error", "cannot-read", f"{rules_file(project)}: {error.strerror}")) from error


def _header(text: str) -> Sequence[str]:
    """The columns of the file, in its order."""
    first = text.splitlines()[0] if text else ""
    names = [name.strip().strip('"').lower() for name in first.split(",")]
    return [name for name in names if name in COLUMNS] or COLUMNS


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _as_written(rule: spec.IdRule, header: Sequence[str]) -> str:
    """The rule as a line in the columns of the file.

    Raises:
        UsageError: If it says something that the file has no column for.
    """
    lost = [name for name in COLUMNS if getattr(rule, name) and name not in header and name not in {MADE, "date"}]
    if lost:
        message = f'the file of rules has no column "{lost[0]}"'
        hint = f"make its first line {','.join(COLUMNS)}"
        raise UsageError(Finding("error", "wrong-header", message, hint=hint))
    return line_of(rule, header)


def _write(project: ProjectSpec, text: str) -> None:
    path = Path(project.root) / rules_file(project)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        message = f"{rules_file(project)} cannot be written: {error.strerror}"
        raise AccessError(Finding("error", "cannot-write", message)) from error


# --- the table ---


def make_table(engine: Engine, rules: IdRulesTable, dialect: EngineDialect, author_dialect: str) -> None:
    """Recreate the table from the rules of the file.

    Raises:
        EngineError: If it cannot be written.
    """
    assert rules.rules is not None  # noqa: S101 - asked for only where there is a file
    with engine.upload(_UPLOADED, _rows(rules.rules)):
        query = exp.select("*").from_(_UPLOADED)
        engine.execute(render(create_table(rules_table(rules, author_dialect), query), dialect))


def _rows(rules: Iterable[spec.IdRule]) -> pa.Table:
    columns: dict[str, list[object]] = {name: [] for name in (*RULE_COLUMNS, MADE)}
    for number, rule in enumerate(rules):
        for name in (*RULE_COLUMNS[:-1], MADE):
            columns[name].append(getattr(rule, name) or None)
        columns["created_at"].append(_moment(rule.date, number))
    kinds = [pa.timestamp("us") if name == "created_at" else pa.string() for name in columns]
    return pa.table({n: pa.array(v, k) for (n, v), k in zip(columns.items(), kinds, strict=True)})


def _moment(text: str, number: int) -> datetime | None:
    """When a rule was made, in UTC; rules of one day stand in the order of their lines."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment + timedelta(microseconds=number)


def only_in_table(engine: Engine, rules: IdRulesTable, dialect: EngineDialect, author_dialect: str) -> int:
    """How many rules of a table that is kept by hand are not in the file, and would be lost with it.

    Raises:
        EngineError: If the table is there and cannot be read.
    """
    table = rules_table(rules, author_dialect)
    try:
        columns = engine.describe(render(exp.select("*").from_(table), dialect))
    except EngineError as error:
        if error.kind == "missing":
            return 0
        raise
    if MADE in {name.lower() for name in columns}:
        return 0
    known = {(rule.key, rule.action) for rule in rules.rules or ()}
    return sum((rule.key, rule.action) not in known for rule in _latest(engine, table, dialect, columns))


def rules_in_table(project: ProjectSpec, target: Target) -> tuple[spec.IdRule, ...]:
    """The rules of the table that count: of those about one id or one pair, the latest.

    Raises:
        AccessError: If the table cannot be read.
    """
    table = rules_table(_declared(project, target), project.settings.sql_dialect)
    try:
        with connect(target, project, read_only=True) as engine:
            columns = engine.describe(render(exp.select("*").from_(table), target.dialect))
            return _latest(engine, table, target.dialect, columns)
    except EngineError as error:
        hint = "there is none yet: `pb idstitch rules add` makes a file" if error.kind == "missing" else None
        message = f"the table of id rules cannot be read: {error}"
        raise AccessError(Finding("error", "cannot-read", message, hint=hint)) from error


def _latest(
    engine: Engine, table: exp.Table, dialect: EngineDialect, columns: Iterable[str]
) -> tuple[spec.IdRule, ...]:
    has_author = MADE in {name.lower() for name in columns}
    chosen = (*RULE_COLUMNS, *((MADE,) if has_author else ()))
    order = [exp.Ordered(this=exp.column("created_at"), nulls_first=True)]
    # Of two that are equally late an exclusion counts, as a stitch counts them.
    order.append(exp.Ordered(this=exp.column("action"), desc=True))
    rows = engine.fetch(render(exp.select(*chosen).from_(table).order_by(*order), dialect)).to_pylist()
    found: dict[tuple[object, ...], spec.IdRule] = {}
    for row in rows:
        texts = {name: str(row.get(name) or "") for name in (*RULE_COLUMNS[:-1], MADE)}
        at = row["created_at"]
        rule = rule_of({**texts, "date": f"{at:%Y-%m-%d}" if isinstance(at, datetime) else ""})
        found.pop(rule.key, None)
        found[rule.key] = rule
    return tuple(found.values())


def _declared(project: ProjectSpec, target: Target) -> IdRulesTable:
    given = project.file.id_stitcher_rules
    rules = project.id_rules.rules if project.id_rules is not None else None
    return IdRulesTable(given.table_name, target.schema, given.priority, given.at.start, rules)


def import_rules(project: ProjectSpec, target: Target) -> tuple[spec.IdRule, ...]:
    """Put the rules of the table that count into the file; those that it has already are left alone.

    Returns:
        What was added.

    Raises:
        UsageError: If one contradicts a rule of the file, or is wrong.
        AccessError: If the table cannot be read, or the file not written.
    """
    known = {(rule.key, rule.action) for rule in (project.id_rules.rules if project.id_rules is not None else ())}
    wanted = [rule for rule in rules_in_table(project, target) if (rule.key, rule.action) not in known]
    return add_to_file(project, wanted) if wanted or project.id_rules is None else ()


def export_rules(project: ProjectSpec, target: Target) -> tuple[str, int]:
    """Make the table from the file now, as the next run would.

    Returns:
        The name of the table, and how many rules it has.

    Raises:
        UsageError: If there is no file, or the table has rules of its own.
        AccessError: If the table cannot be written.
    """
    if project.id_rules is None:
        message = f"there is no file {rules_file(project)}"
        raise UsageError(Finding("error", "no-id-rules", message, hint="`pb idstitch rules add` makes it"))
    declared, author_dialect = _declared(project, target), project.settings.sql_dialect
    try:
        with connect(target, project) as engine:
            lost = only_in_table(engine, declared, target.dialect, author_dialect)
            if lost:
                raise UsageError(unimported(declared, lost))
            make_table(engine, declared, target.dialect, author_dialect)
    except EngineError as error:
        message = f"the table of id rules cannot be written: {error}"
        raise AccessError(Finding("error", "cannot-write", message)) from error
    table = rules_table(declared, author_dialect)
    return table.sql(dialect=target.dialect.sqlglot, identify=False), len(project.id_rules.rules)


def unimported(rules: IdRulesTable, lost: int) -> Finding:
    """That rules would be lost if the table were made from the file."""
    has = "rule that is" if lost == 1 else "rules that are"
    message = f"the table of id rules, {rules.table}, has {lost} {has} not in the file of rules"
    hint = "`pb idstitch rules import` puts them there; the table is made from the file at each run"
    return Finding("error", "unimported-rules", message, rules.at, hint)
