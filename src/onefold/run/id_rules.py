"""Create the table of id rules of a stitcher (format B6.6), and add rules to it.

Takes a project, its target, and rules as rows of text. Writes all rules, or none if one has a mistake. Rules in the
table are never changed or removed: the latest rule for an id or a pair of ids applies. If the project has a rules file,
rules are added to the file, and each run recreates the table from it (``rule_file``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, Location, UsageError
from onefold.identity.rules.constraint_queries import RULE_COLUMNS, rules_table
from onefold.plan.model import IdRulesTable
from onefold.project import spec
from onefold.project.id_rules import rule_mistakes, rule_of
from onefold.run.rule_file import add_to_file
from onefold.run.target import connect
from onefold.sql.dialects import render
from onefold.sql.statements import insert_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target

GIVEN = RULE_COLUMNS[:-1]
"""The columns that a user supplies; ``created_at`` is added."""


@dataclass(frozen=True)
class GivenRule:
    """A rule as the user wrote it.

    Attributes:
        values: Its values by column of `GIVEN`; missing or blank if not given.
        at: Where it was written; None for an answer to a prompt.
    """

    values: dict[str, str]
    at: Location | None = None


def create_table(project: ProjectSpec, target: Target, name: str | None = None) -> str:
    """Create the table if it does not exist; returns its name.

    Args:
        project: Supplies the table name if ``name`` is None.
        target: Where to create the table.
        name: The table name.

    Raises:
        AccessError: If the table cannot be created.
    """
    table = _table(project, target, name)
    columns = [
        exp.ColumnDef(
            this=exp.to_identifier(column),
            kind=exp.DataType.build("TIMESTAMP" if column == "created_at" else "TEXT"),
        )
        for column in RULE_COLUMNS
    ]
    statement = exp.Create(this=exp.Schema(this=table, expressions=columns), kind="TABLE", exists=True)
    _change(project, target, [statement])
    return table.sql(dialect=target.dialect.sqlglot, identify=False)


def read_rules(path: Path) -> tuple[GivenRule, ...]:
    """The rules of a CSV file with a header: entity, id1, id1_type, id2, id2_type, action, reason.

    Raises:
        UsageError: If it cannot be read, or has other columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            unknown = [c for c in rows.fieldnames or () if c.strip().lower() not in GIVEN]
            missing = {"entity", "id1", "id1_type", "action"} - {c.strip().lower() for c in rows.fieldnames or ()}
            if unknown or missing:
                what = f'no column "{min(missing)}"' if missing else f'an unknown column "{unknown[0]}"'
                message = f"the rules file has {what}"
                raise UsageError(
                    Finding(
                        "error",
                        "wrong-header",
                        message,
                        Location(str(path), 1, 1),
                        f"use these columns: {','.join(GIVEN)}",
                    )
                )
            found = []
            for row in rows:
                values = {str(k).strip().lower(): v or "" for k, v in row.items() if isinstance(v, str | None)}
                found.append(GivenRule(values, Location(str(path), rows.line_num, 1)))
            return tuple(found)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(Finding("error", "cannot-read", f"{path} cannot be read: {error}")) from error


def add_rules(project: ProjectSpec, target: Target, rules: Sequence[GivenRule]) -> int:
    """Add rules, of which a later one counts as more recent. Returns the number of rules.

    Adds them to the rules file if the project has one, else to the table.

    Raises:
        UsageError: With all mistakes; no rule is added.
        AccessError: If the table cannot be written.
    """
    if findings := [f for rule in rules for f in _mistakes(project, rule)]:
        raise UsageError(findings)
    if project.id_rules is not None:
        return len(add_to_file(project, [_record(rule) for rule in rules]))
    table = _table(project, target, None)
    now = datetime.now(UTC).replace(tzinfo=None)
    statements = []
    for number, rule in enumerate(rules):
        values = [_text(rule, name) for name in GIVEN]
        values[GIVEN.index("action")] = exp.Literal.string(rule.values["action"].strip().upper())
        at = (now + timedelta(microseconds=number)).isoformat(sep=" ")
        created = exp.cast(exp.Literal.string(at), "TIMESTAMP")
        statements.append(insert_values(table, RULE_COLUMNS, [*values, created]))
    _change(project, target, statements)
    return len(statements)


def _text(rule: GivenRule, name: str) -> exp.Expr:
    value = rule.values.get(name) or ""
    # Blanks around an id may be part of it.
    kept = value if name in {"id1", "id2"} else value.strip()
    return exp.Literal.string(kept) if value.strip() else exp.null()


def _mistakes(project: ProjectSpec, rule: GivenRule) -> Iterator[Finding]:
    for finding in rule_mistakes([_record(rule)], project.file):
        yield Finding("error", finding.code, finding.message, rule.at, finding.hint)


def _record(rule: GivenRule) -> spec.IdRule:
    return rule_of({name: rule.values.get(name) or "" for name in GIVEN}, rule.at or spec.NOWHERE)


def _table(project: ProjectSpec, target: Target, name: str | None) -> exp.Table:
    given = project.file.id_stitcher_rules
    record = IdRulesTable(name or given.table_name, target.schema, given.priority)
    return rules_table(record, project.settings.sql_dialect)


def _change(project: ProjectSpec, target: Target, statements: Sequence[exp.Expr]) -> None:
    try:
        with connect(target, project) as engine, engine.transaction():
            for statement in statements:
                engine.execute(render(statement, target.dialect))
    except EngineError as error:
        hint = "create it with `pb idstitch rules create`" if error.kind == "missing" else None
        message = f"the table of id rules cannot be written: {error}"
        raise AccessError(Finding("error", "cannot-write", message, hint=hint)) from error
