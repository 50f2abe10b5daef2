"""``pb idstitch rules list|add|remove|import|export``: the commands for the rule file of a project.

Prints rules as text or JSON. Ids are written as type:id, as in ``pb audit``.
"""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options
from onefold.errors import Finding, OnefoldError, UsageError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onefold.api import Project
    from onefold.project.spec import IdRule

F = TypeVar("F", bound="Callable[..., Any]")


def _verb(command: F) -> F:
    """Add the shared options. The command takes a `Project`."""

    @wraps(command)
    def with_project(pb_project_path: str, siteconfig_path: str | None, target: str | None, **own: Any) -> None:
        command(open_project(pb_project_path, siteconfig_path, target), **own)

    found: Any = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(with_project)
    return project_options(found)  # type: ignore[no-any-return]


_IDS = click.argument("ids", metavar="TYPE:ID [TYPE:ID]", nargs=-1, required=True)
_ENTITY = click.option(
    "--entity", default=None, help="Entity of the ids  [default: the first entity with these id types]"
)


@click.command("list")
@_verb
def list_rules(project: Project, *, as_json: bool) -> None:
    """List the rules of the rule file, or of the table if there is no file.

    \b
    pb idstitch rules list
    """  # noqa: D301 - click's mark for lines to keep
    given = project.spec.id_rules
    found = given.rules if given is not None else _of_table(project)
    where = given.file if given is not None else f"table {project.spec.file.id_stitcher_rules.table_name}"
    if as_json:
        counts = project.spec.stitcher_rules.enabled
        console.data(json.dumps({"in": where, "enabled": counts, "rules": _plain(found)}, ensure_ascii=False))
        return
    console.data(_table(found) if found else "no rules")
    console.say(f"in {where}" if found else "to add one: pb idstitch rules add")


@click.command("add")
@click.argument("action", type=click.Choice(["include", "exclude"], case_sensitive=False))
@_IDS
@_ENTITY
@click.option("--reason", default="", help="Reason for the rule.")
@click.option("--author", default=None, help="Author of the rule  [default: user.name of Git]")
@click.option("--date", default="", help="Date of the rule  [default: today]")
@_verb
def add(
    project: Project,
    *,
    action: str,
    ids: tuple[str, ...],
    entity: str | None,
    reason: str,
    author: str | None,
    date: str,
    as_json: bool,
) -> None:
    """Add a rule to the rule file, and create the file if needed. The rule applies from the next run on.

    With one id, the rule excludes the id, or includes it despite filters. With two ids, it removes the edge between
    them, or adds it.

    \b
    pb idstitch rules add exclude anonymous_id:kiosk-1 --reason "a kiosk in the shop"
    pb idstitch rules add include user_id:ada user_id:ada@home --reason "she called"
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.run import rule_file  # noqa: PLC0415 - keeps help fast

    _refuse_own_rules_of_table(project)
    by = rule_file.author() if author is None else author
    rule = _rule(project, ids, entity, action=action.upper(), reason=reason, author=by, date=date)
    added = project.rules.add([rule])
    _told(project, "added", added, as_json=as_json)
    for end in ids:
        if not _is_known(project, rule.entity, end.partition(":")[2]):
            console.say(f"warning: no published profile has {end}")
    console.say("next: `pb plan` previews the change, `pb run` publishes it")


@click.command("remove")
@_IDS
@_ENTITY
@_verb
def remove(project: Project, *, ids: tuple[str, ...], entity: str | None, as_json: bool) -> None:
    """Remove the rule for an id, or for a pair of ids, from the rule file.

    \b
    pb idstitch rules remove anonymous_id:kiosk-1
    """  # noqa: D301 - click's mark for lines to keep
    removed = project.rules.remove(_rule(project, ids, entity))
    _told(project, "removed", removed, as_json=as_json)


@click.command("import")
@_verb
def import_rules(project: Project, *, as_json: bool) -> None:
    """Copy the rules of the database table into the rule file.

    Of several rules for one id or pair, only the latest is copied, because only it applies.

    \b
    pb idstitch rules import
    """  # noqa: D301 - click's mark for lines to keep
    _told(project, "added", project.rules.import_table(), as_json=as_json)


@click.command("export")
@_verb
def export_rules(project: Project, *, as_json: bool) -> None:
    """Load the rule file into the database table now, as the next run would.

    \b
    pb idstitch rules export
    """  # noqa: D301 - click's mark for lines to keep
    table, count = project.rules.export_table()
    if as_json:
        console.data(json.dumps({"table": table, "rules": count}))
    else:
        console.outcome(f"table {table}: {_number(count)}")


VERBS = (list_rules, add, remove, import_rules, export_rules)


def _rule(project: Project, ids: tuple[str, ...], entity: str | None, **more: str) -> IdRule:
    """The rule for one id or two."""
    from onefold.project.id_rules import rule_of  # noqa: PLC0415 - keeps help fast

    if len(ids) > 2:  # noqa: PLR2004 - a pair
        raise click.UsageError("a rule takes one or two ids")
    ends = [_split(project, text) for text in ids]
    types = {id_type for id_type, _ in ends}
    fitting = [e.name for e in project.spec.file.entities if types <= set(e.id_types)]
    names = dict(zip(("id1_type", "id1", "id2_type", "id2"), [part for end in ends for part in end], strict=False))
    default = fitting[0] if fitting else project.spec.file.entities[0].name
    return rule_of({"entity": entity or default, **names, **more})


def _split(project: Project, text: str) -> tuple[str, str]:
    id_type, colon, value = text.partition(":")
    known = [t.name for t in project.spec.file.id_types]
    if not colon or not value or id_type not in known:
        message = f'"{text}" is not of the form type:id'
        hint = suggest(id_type, known) or f"prefix it with one of: {', '.join(f'{name}:' for name in known)}"
        raise UsageError(Finding("error", "wrong-id", message, hint=hint))
    return id_type, value


def _of_table(project: Project) -> tuple[IdRule, ...]:
    """The rules of the table; none if it does not exist."""
    if not project.target.database.exists():
        return ()
    try:
        return project.rules.in_table()
    except OnefoldError:
        if project.spec.stitcher_rules.enabled:
            raise
        return ()


def _refuse_own_rules_of_table(project: Project) -> None:
    """Refuse to create a rule file beside a table with rules, because runs would overwrite the table.

    Raises:
        UsageError: If the table has rules.
    """
    rules = _of_table(project) if project.spec.id_rules is None and project.spec.stitcher_rules.enabled else ()
    if rules:
        message = f"the table of id rules has {_number(len(rules))}, which a new rule file would replace"
        raise UsageError(Finding("error", "unimported-rules", message, hint="run `pb idstitch rules import` first"))


def _is_known(project: Project, entity: str, value: str) -> bool:
    """Whether a published profile has an id; true if nothing is published."""
    if not project.target.database.exists():
        return True
    try:
        return bool(project.lookup(entity, value))
    except OnefoldError:
        return True


def _told(project: Project, what: str, rules: Sequence[IdRule], *, as_json: bool) -> None:
    file = project.spec.settings.id_rules
    if as_json:
        console.data(json.dumps({"file": file, what: _plain(rules)}, ensure_ascii=False))
    else:
        where = "to" if what == "added" else "from"
        console.outcome(f"{_number(len(rules))} {what} {where} {file}")


def _number(count: int) -> str:
    return f"{count} rule{'' if count == 1 else 's'}"


def _plain(rules: Sequence[IdRule]) -> list[dict[str, str]]:
    from onefold.project.id_rules import COLUMNS  # noqa: PLC0415 - keeps help fast

    return [{name: getattr(rule, name) for name in COLUMNS} for rule in rules]


def _table(rules: Sequence[IdRule]) -> str:
    rows = (
        (r.action.lower(), f"{r.id1_type}:{r.id1}", f"{r.id2_type}:{r.id2}" if r.id2 else "", r.entity, r.reason,
         r.author, r.date)
        for r in rules
    )  # fmt: skip
    return console.table(("action", "id", "with", "entity", "reason", "author", "date"), rows)
