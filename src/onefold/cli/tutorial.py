"""``pb tutorial``: tours the sample shop, command by command. Every step is an ordinary ``pb`` command."""

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
        says: What the command shows, and why that is useful.
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
            "A project is a folder of YAML files. This one is an e-commerce shop with generated sample data:\n"
            "people, browsers, orders and deliberate faults, such as a store tablet that hundreds of people use.",
            ("init", "pb-project", "-o", folder, "--people", str(people)),
        ),
        Stop(
            "Inputs declare tables and their id columns. The id stitcher joins ids that occur in one row.\n"
            "Vars are computed per person. Feature views publish the results.",
            ("show", "dataflow", *here),
        ),
        Stop(
            "Build the id graph first, because every feature depends on it.",
            ("run", *here, "-m", "models/user_id_stitcher"),
        ),
        Stop("Each profile is a group of ids. List the largest ones.", ("query", largest, *here)),
        Stop(
            "Check the health of the graph. Each figure has a verdict and an expected range.",
            ("audit", "id_stitcher", *here),
        ),
        Stop(
            "Find ids that link unrelated people, such as a shared tablet. The thresholds in models/sql_models.yaml\n"
            "exclude such ids, and `pb audit thresholds` shows the effect of other values.",
            ("audit", "bridges", *here),
        ),
        Stop("Build everything: the graph, 26 features and the views.", ("run", *here)),
        Stop("Read the features: one row per customer id.", ("query", "SELECT * FROM WITH_USER_ID LIMIT 1", *here)),
        Stop("Write an HTML report to open or send.", ("report", *here)),
    )


@click.command()
@click.option("-o", "--output", default="pb_tutorial", show_default=True, help="Project folder to create.")
@click.option(
    "--people",
    default=2000,
    show_default=True,
    type=click.IntRange(min=100),
    help="Number of customers in the sample shop.",
)
@click.option("-f", "--fast_mode", is_flag=True, help="Do not wait for the Enter key between commands.")
def tutorial(output: str, people: int, *, fast_mode: bool) -> int:
    """Tour the sample shop: create a project, build and inspect its id graph, and compute features.

    Runs commands that you can also type yourself, and waits for the Enter key before each one if standard input is a
    terminal. The project is kept.

    \b
    pb tutorial
    pb tutorial -o my_tour --fast_mode
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.cli.main import run as pb  # noqa: PLC0415 - main imports this module

    if Path(output).exists():
        raise click.UsageError(f"{output} already exists; choose another folder with -o")
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
        # The tour shows a graph that does not pass its checks.
        if code and stop.command[0] != "audit":
            console.problem(f"the tour stopped, because this command failed: pb {join(stop.command)}")
            return code
    console.outcome(f"\nThe tour is complete. The project is in {output}, and `pb --help` lists all commands.")
    console.outcome("docs/wrong-merges.md explains how to trace a wrong merge to the source row that caused it.")
    return 0
