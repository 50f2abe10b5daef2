"""``pb insert``: generates the sample shop in the folder ``sample_data``."""

from __future__ import annotations

from pathlib import Path

import click

from onefold.cli import console
from onefold.cli.progress import share_shown


@click.command()
@click.option(
    "--people",
    "-n",
    default=5000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Number of customers.",
)
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0), help="Random seed.")
@click.option(
    "--out",
    "-o",
    default="sample_data",
    show_default=True,
    type=click.Path(file_okay=False),
    help="Output folder.",
)
def insert(people: int, seed: int, out: str) -> None:
    """Generate the sample shop: six tables as Parquet files, and the true owner of each id.

    The same size and seed give identical files. A million people take a few minutes. The folder is replaced only when
    all files are complete.

    \b
    pb insert                     generate the shop of the repository
    pb insert --people 100000     generate a larger shop
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.sample.shop import generate  # noqa: PLC0415

    with share_shown("generating the shop") as progress:
        report = generate(Path(out), people=people, seed=seed, progress=progress)
    console.outcome(str(report))
