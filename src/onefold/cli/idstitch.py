"""``pb idstitch rules``: ids and pairs of ids to include or exclude by hand. In: flags, answers, a CSV file.

The verbs for the file of rules that a project keeps in Git are in ``idstitch_file``; here are the format's own two,
which write the table in the database.
"""

from __future__ import annotations

from pathlib import Path

import click

from onefold.cli import console
from onefold.cli.idstitch_file import VERBS
from onefold.cli.options import open_project, project_options


@click.group()
def idstitch() -> None:
    """Decide by hand about ids and pairs of ids."""


@idstitch.group()
def rules() -> None:
    """Rules about ids and pairs of ids, which win over filters and limits.

    They live in rules/id_stitcher_rules.csv of the project, or where id_rules of onefold.yaml says, and belong in Git.
    Each run makes the table id_stitch_rules of them. create and update work on the table alone, as in the format.
    """


@rules.command()
@project_options
@click.option("--name", help="Name of the table  [default: table_name of id_stitcher_rules, or id_stitch_rules]")
def create(pb_project_path: str, siteconfig_path: str | None, target: str | None, name: str | None) -> None:
    """Make the table, where there is none.

    \b
    pb idstitch rules create
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    console.outcome(f"table {project.rules.create_table(name)}")
    if not project.spec.stitcher_rules.enabled:
        console.say("next: put `id_stitcher_rules: {enabled: true}` into pb_project.yaml")


@rules.command()
@project_options
@click.option("-f", "--file", "csv_file", type=click.Path(dir_okay=False), help="A CSV file of rules.")
@click.option("--interactive", is_flag=True, help="Ask for one rule.")
def update(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, csv_file: str | None, *, interactive: bool
) -> None:
    """Add rules, all or none. Of those about one id, or one pair, the latest counts.

    A rule with one id excludes that id, or keeps it whatever a filter says. A rule with two ids cuts the edge between
    them, or joins them. The file has the columns entity,id1,id1_type,id2,id2_type,action,reason; an action is INCLUDE
    or EXCLUDE. The next run follows the rules. They go to the table, or to the project's file of rules if it has one.

    \b
    pb idstitch rules update -f rules.csv
    pb idstitch rules update --interactive
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.run.id_rules import GivenRule, read_rules  # noqa: PLC0415 - keeps help fast

    if (csv_file is None) != interactive:
        raise click.UsageError("give either -f FILE or --interactive")
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
