"""The file of id rules, and the warehouse table that is created from it.

Takes a project, its target and rules. Writes the file atomically, and the table that a stitcher reads. The file is the
source of truth: each run recreates the table from it. Unchanged lines stay byte for byte, so that a diff in Git shows
only the changed rules.
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
"""A column that only tables created from a file have. It tells them from tables that are maintained by hand."""

_UPLOADED = "rules_of_the_file"


# --- the file ---


def add_to_file(project: ProjectSpec, rules: Sequence[spec.IdRule]) -> tuple[spec.IdRule, ...]:
    """Add rules to the file, and create it if needed. Rules without a date get the current date.

    Returns:
        The added rules.

    Raises:
        UsageError: With all mistakes in the new rules, including conflicts with existing rules.
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
    """Remove the rule for an id, or for a pair of ids, from the file.

    Args:
        project: The project.
        wanted: Names the id or the pair; its action is ignored.

    Returns:
        The removed rules.

    Raises:
        UsageError: If the file has no such rule.
        AccessError: If the file cannot be written.
    """
    rules = project.id_rules.rules if project.id_rules is not None else ()
    removed = tuple(rule for rule in rules if rule.key == wanted.key)
    if not removed:
        what = " with ".join(f"{t}:{v}" for t, v in ((wanted.id1_type, wanted.id1), (wanted.id2_type, wanted.id2)) if v)
        hint = "list the rules with `pb idstitch rules list`"
        raise UsageError(Finding("error", "no-rule", f"{rules_file(project)} has no rule for {what}", hint=hint))
    gone = {rule.at.line for rule in removed}
    text = _text(project)
    dropped = {n for _, first, last in rows_of(text, "", []) if first in gone for n in range(first, last + 1)}
    # Lines are counted as the CSV reader counts them: not every line end of `str.splitlines` is one.
    lines = io.StringIO(text, newline="")
    _write(project, "".join(line for n, line in enumerate(lines, start=1) if n not in dropped))
    return removed


def rules_file(project: ProjectSpec) -> str:
    """The rules file, relative to the project folder. It may not exist."""
    return project.settings.id_rules


def author() -> str:
    """The author of a new rule: the Git user name, or the name of the user; blank if neither is known."""
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - the caller's Git
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
        UsageError: If it has a value that the file has no column for.
    """
    lost = [name for name in COLUMNS if getattr(rule, name) and name not in header and name not in {MADE, "date"}]
    if lost:
        message = f'the rules file has no column "{lost[0]}"'
        hint = f"change its first line to {','.join(COLUMNS)}"
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
    """When a rule was created, in UTC; rules of one day are ordered by line."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment + timedelta(microseconds=number)


def only_in_table(engine: Engine, rules: IdRulesTable, dialect: EngineDialect, author_dialect: str) -> int:
    """The number of rules in a hand-maintained table that are not in the file and would be lost.

    Raises:
        EngineError: If the table exists and cannot be read.
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
    """The effective rules of the table: the latest for each id or pair of ids.

    Raises:
        AccessError: If the table cannot be read.
    """
    table = rules_table(_declared(project, target), project.settings.sql_dialect)
    try:
        with connect(target, project, read_only=True) as engine:
            columns = engine.describe(render(exp.select("*").from_(table), target.dialect))
            return _latest(engine, table, target.dialect, columns)
    except EngineError as error:
        hint = (
            "it does not exist; create a rules file with `pb idstitch rules add`" if error.kind == "missing" else None
        )
        message = f"the table of id rules cannot be read: {error}"
        raise AccessError(Finding("error", "cannot-read", message, hint=hint)) from error


def _latest(
    engine: Engine, table: exp.Table, dialect: EngineDialect, columns: Iterable[str]
) -> tuple[spec.IdRule, ...]:
    has_author = MADE in {name.lower() for name in columns}
    chosen = (*RULE_COLUMNS, *((MADE,) if has_author else ()))
    order = [exp.Ordered(this=exp.column("created_at"), nulls_first=True)]
    # Of two equally late rules the exclusion applies, as in the stitcher.
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
    """Import the effective rules of the table that the file does not have yet.

    Returns:
        The added rules.

    Raises:
        UsageError: If a rule conflicts with the file, or has a mistake.
        AccessError: If the table cannot be read, or the file cannot be written.
    """
    known = {(rule.key, rule.action) for rule in (project.id_rules.rules if project.id_rules is not None else ())}
    wanted = [rule for rule in rules_in_table(project, target) if (rule.key, rule.action) not in known]
    return add_to_file(project, wanted) if wanted or project.id_rules is None else ()


def export_rules(project: ProjectSpec, target: Target) -> tuple[str, int]:
    """Create the table from the file now, as the next run would.

    Returns:
        The name of the table and its number of rules.

    Raises:
        UsageError: If there is no file, or the table has rules that the file does not have.
        AccessError: If the table cannot be written.
    """
    if project.id_rules is None:
        message = f"the rules file {rules_file(project)} does not exist"
        raise UsageError(Finding("error", "no-id-rules", message, hint="create it with `pb idstitch rules add`"))
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
    """The error that rules would be lost if the table were created from the file."""
    has = "rule that is" if lost == 1 else "rules that are"
    message = f"the table of id rules, {rules.table}, has {lost} {has} not in the rules file"
    hint = "import them with `pb idstitch rules import`; each run recreates the table from the file"
    return Finding("error", "unimported-rules", message, rules.at, hint)
