"""``pb tutorial``: a tour of the sample shop, command by command. In: a folder. Out: a project, and what commands say.

Every command of the tour is a command of ``pb`` as it is: there is nothing here that a user could not type.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import join

import click

from onefold.cli import console


@dataclass(frozen=True)
class Stop:
    """One stop of the tour.

    Attributes:
        says: What the command shows, and why one would want to see it.
        command: The words after ``pb``.
    """

    says: str
    command: tuple[str, ...]


def stops(folder: str, people: int) -> tuple[Stop, ...]:
    """The tour, for a project in ``folder``."""
    here = ("-p", folder)
    largest = "SELECT user_main_id, COUNT(*) AS ids FROM USER_ID_STITCHER GROUP BY 1 ORDER BY 2 DESC LIMIT 5"
    return (
        Stop(
            "A project is a folder of YAML files. This one is an e-commerce shop, with sample data made for it:\n"
            "people, browsers, orders, and some faults on purpose, such as a tablet in a store that hundreds used.",
            ("init", "pb-project", "-o", folder, "--people", str(people)),
        ),
        Stop(
            "Inputs say where rows are and which columns hold ids; an id stitcher joins ids that were seen together;\n"
            "vars are computed per person; feature views are what others read.",
            ("show", "dataflow", *here),
        ),
        Stop(
            "The id graph comes first: whatever is wrong in it is wrong in every feature. It can be built alone.",
            ("run", *here, "-m", "models/user_id_stitcher"),
        ),
        Stop("Each profile is a group of ids. These are the largest.", ("query", largest, *here)),
        Stop(
            "Is the graph healthy? Figure by figure, each with the bound that it is held against.",
            ("audit", "id_stitcher", *here),
        ),
        Stop(
            "Ids that link unrelated people, such as a shared tablet, worst first; models/sql_models.yaml has the\n"
            "thresholds that keep them out, and `pb audit thresholds` says what others would do.",
            ("audit", "bridges", *here),
        ),
        Stop("Then everything: the graph, 26 features, the views.", ("run", *here)),
        Stop("One row per customer id.", ("query", "SELECT * FROM WITH_USER_ID LIMIT 1", *here)),
        Stop("The same as a page, to look at and to send.", ("report", *here)),
    )


@click.command()
@click.option("-o", "--output", default="pb_tutorial", show_default=True, help="Folder to make the project in.")
@click.option(
    "--people", default=2000, show_default=True, type=click.IntRange(min=100), help="Size of the sample shop."
)
@click.option("-f", "--fast_mode", is_flag=True, help="Do not wait for the Enter key between commands.")
def tutorial(output: str, people: int, *, fast_mode: bool) -> int:
    """Take a tour: make a project with sample data, build its id graph, look at it, compute features.

    It runs commands that you can type yourself, and waits for the Enter key before each; where nobody can press one, it
    does not wait. The project stays, to go on with.

    \b
    pb tutorial
    pb tutorial -o my_tour --fast_mode
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.cli.main import run as pb  # noqa: PLC0415 - it imports this one

    if Path(output).exists():
        raise click.UsageError(f"{output} is there already; name another folder with -o")
    waits = sys.stdin.isatty() and not fast_mode
    tour = stops(output, people)
    for number, stop in enumerate(tour, start=1):
        console.outcome(
            f"\n{console.heading(f'{number} of {len(tour)}')}  {stop.says}\n\n  $ pb {join(stop.command)}\n"
        )
        if waits:
            click.prompt(
                "Enter to run it, Ctrl-C to leave", default="", prompt_suffix=" ", show_default=False, err=True
            )
        code = pb(list(stop.command))
        # A graph that does not pass its checks is what the tour is there to show.
        if code and stop.command[0] != "audit":
            console.problem(f"the tour ends here: pb {join(stop.command)} did not work")
            return code
    console.outcome(f"\nThat was the tour. The project is in {output}; `pb help` lists all commands, and")
    console.outcome("docs/wrong-merges.md explains how to trace a wrong merge to the row that caused it.")
    return 0
