"""``pb query``: runs SQL in the project's dialect on the output tables, and prints the rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import SEQ_NO, csv_options, open_project, project_options

if TYPE_CHECKING:
    import pyarrow as pa


class _WithComments(click.Command):
    """A command whose SQL may begin with a ``-- comment``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click, which alone would take the comment for a flag."""
        return super().parse_args(
            ctx, [f" {a}" if a.startswith("--") and any(map(str.isspace, a)) else a for a in args]
        )


@click.command(cls=_WithComments)
@click.argument("sql", required=False)
@project_options
@click.option("-f", "--file", "csv_file", type=click.Path(dir_okay=False), help="Write the rows to a CSV file.")
@csv_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per row.")
@click.option(
    "--seq_no",
    "-seq_no",
    type=SEQ_NO,
    default="latest",
    show_default=True,
    help="Run of the materials that {{this.DeRef('...')}} refers to.",
)
@click.option(
    "--max_rows",
    "-max_rows",
    default=100,
    show_default=True,
    type=click.IntRange(min=0),
    help="Most rows to show; 0 shows all.",
)
def query(  # noqa: PLR0917
    sql: str | None,
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    csv_file: str | None,
    seq_no: int | str,
    max_rows: int,
    *,
    escape_formulas: bool,
    as_json: bool,
) -> None:
    """Run read-only SQL on the output tables and the sources, in the project's dialect.

    Table names without a schema refer to the output schema, and so does <your_output_schema>.
    {{this.DeRef('models/x')}} refers to the table of a model, even if it has no view. Without SQL, or with -, reads SQL
    from standard input. Separate statements with semicolons.

    \b
    pb query "SELECT * FROM WITH_USER_ID LIMIT 10"
    pb query --json "SELECT COUNT(*) AS ids FROM <your_output_schema>.USER_ID_STITCHER"
    pb query < health.sql
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.engines.values import renamed  # noqa: PLC0415 - keeps help fast

    asked = _sql_of(sql)
    project = open_project(pb_project_path, siteconfig_path, target)
    wanted = seq_no if isinstance(seq_no, int) else None
    for number, rows in enumerate(project.queries(asked, seq_no=wanted)):
        if number and not as_json and csv_file is None:
            console.data("")
        for name, given in renamed(rows).items():
            console.say(console.dim(f'two columns are named "{given}"; this one is shown as "{name}"'))
        if csv_file is not None:
            path = Path(csv_file) if number == 0 else Path(csv_file).with_suffix(f".{number + 1}.csv")
            _write_csv(rows, path, escape_formulas=escape_formulas)
        elif as_json:
            _print_json(rows, max_rows)
        else:
            _print_table(rows, max_rows)


def _sql_of(sql: str | None) -> str:
    if sql not in {None, "-"}:
        return str(sql)
    if sys.stdin.isatty():
        raise click.UsageError('pass SQL as an argument, for example: pb query "SELECT 1"')
    return sys.stdin.read()


def _print_table(rows: pa.Table, max_rows: int) -> None:
    from onefold.engines.values import records  # noqa: PLC0415 - keeps help fast

    shown = rows if max_rows == 0 else rows.slice(0, max_rows)
    numeric = [i for i, f in enumerate(rows.schema) if _is_number(str(f.type))]
    answers = [tuple(_shown(value) for value in row.values()) for row in records(shown)]
    table = console.table(rows.column_names, answers, right=numeric)
    fits = console.fits_the_terminal(table)
    console.data(table if fits else console.records(rows.column_names, answers))
    if shown.num_rows < rows.num_rows:
        console.say(console.dim(f"{shown.num_rows} of {rows.num_rows} rows; --max_rows 0 shows all"))
    else:
        console.say(console.dim(f"{rows.num_rows} row{'' if rows.num_rows == 1 else 's'}"))


def _is_number(kind: str) -> bool:
    return kind.startswith(("int", "uint", "float", "double", "decimal"))


def _shown(value: object) -> str:
    from onefold.engines.values import text  # noqa: PLC0415 - keeps help fast

    return "NULL" if value is None else " ".join(text(value).split())


def _print_json(rows: pa.Table, max_rows: int) -> None:
    from onefold.engines.values import json_text, records  # noqa: PLC0415 - keeps help fast

    shown = rows if max_rows == 0 else rows.slice(0, max_rows)
    for row in records(shown):
        console.data(json_text(row))
    if shown.num_rows < rows.num_rows:
        console.say(console.dim(f"{shown.num_rows} of {rows.num_rows} rows; --max_rows 0 shows all"))


def _write_csv(rows: pa.Table, path: Path, *, escape_formulas: bool) -> None:
    from onefold.run.csv_file import write_csv  # noqa: PLC0415 - CSV takes a while to load

    formulas = write_csv(rows, path, escape_formulas=escape_formulas)
    console.say(f"{rows.num_rows} rows written to {path}")
    console.formulas_note(formulas, is_escaped=escape_formulas)
