"""``pb idstitch rules create|update``: the format's commands for the table of id rules in the database.

The commands for the rule file of a project are in ``idstitch_file``.
"""

from __future__ import annotations

from pathlib import Path

import click

from onefold.cli import console
from onefold.cli.idstitch_file import VERBS
from onefold.cli.options import open_project, project_options


@click.group()
def idstitch() -> None:
    """Include or exclude ids and pairs of ids by hand."""


@idstitch.group()
def rules() -> None:
    """Manage id rules, which override filters and edge limits.

    Keep rules in Git, in rules/id_stitcher_rules.csv of the project or in the file that id_rules of onefold.yaml names.
    Each run loads the file into the table id_stitch_rules. As in the format, create and update change only the table.
    """


@rules.command()
@project_options
@click.option("--name", help="Table name  [default: table_name of id_stitcher_rules, or id_stitch_rules]")
def create(pb_project_path: str, siteconfig_path: str | None, target: str | None, name: str | None) -> None:
    """Create the table of id rules if it does not exist.

    \b
    pb idstitch rules create
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    console.outcome(f"table {project.rules.create_table(name)}")
    if not project.spec.stitcher_rules.enabled:
        console.say("next: add `id_stitcher_rules: {enabled: true}` to pb_project.yaml")


@rules.command()
@project_options
@click.option("-f", "--file", "csv_file", type=click.Path(dir_okay=False), help="CSV file of rules.")
@click.option("--interactive", is_flag=True, help="Prompt for one rule.")
def update(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, csv_file: str | None, *, interactive: bool
) -> None:
    """Add rules from a CSV file or a prompt, all or none.

    A rule with one id excludes the id, or includes it despite filters. A rule with two ids removes the edge between
    them, or adds it. The latest rule for an id or pair applies, from the next run on. The CSV file has the columns
    entity,id1,id1_type,id2,id2_type,action,reason, where action is INCLUDE or EXCLUDE. Rules are added to the rule file
    if the project has one, and otherwise to the table.

    \b
    pb idstitch rules update -f rules.csv
    pb idstitch rules update --interactive
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.run.id_rules import GivenRule, read_rules  # noqa: PLC0415 - keeps help fast

    if (csv_file is None) != interactive:
        raise click.UsageError("use either -f FILE or --interactive")
    project = open_project(pb_project_path, siteconfig_path, target)
    given = read_rules(Path(csv_file)) if csv_file is not None else (GivenRule(_answers()),)
    number = project.rules.add_given(given)
    where = "" if project.spec.id_rules is None else f" to {project.spec.id_rules.file}"
    console.outcome(f"{number} rule{'' if number == 1 else 's'} added{where}")
    console.say("next: pb run")


def _answers() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text, default in (
        ("action", "INCLUDE or EXCLUDE", "EXCLUDE"),
        ("entity", "Entity", "user"),
        ("id1", "Id", None),
        ("id1_type", "Its type", None),
        ("id2", "Second id, for a pair", ""),
        ("id2_type", "Its type", ""),
        ("reason", "Reason", ""),
    ):
        if name == "id2_type" and not found["id2"]:
            continue
        found[name] = str(click.prompt(text, default=default, show_default=bool(default), err=True))
    return found


for _verb in VERBS:
    rules.add_command(_verb)
