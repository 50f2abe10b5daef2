"""``pb insert``: the sample shop. In: its size. Out: the folder ``sample_data``."""

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
    help="People who shop there.",
)
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0), help="Another seed, another shop.")
@click.option(
    "--out",
    "-o",
    default="sample_data",
    show_default=True,
    type=click.Path(file_okay=False),
    help="Folder to make.",
)
def insert(people: int, seed: int, out: str) -> None:
    """Make the sample shop: six tables as Parquet files, and the truth about who owns each id.

    The same size and seed give the same bytes. A million people take a few minutes. The folder is replaced only when
    the new shop is whole.

    \b
    pb insert                     the shop that the repository ships
    pb insert --people 100000     a larger one
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.sample.shop import generate  # noqa: PLC0415

    with share_shown("making the shop") as progress:
        report = generate(Path(out), people=people, seed=seed, progress=progress)
    console.outcome(str(report))
