"""``pb report``: writes the HTML report on the id graph, or prints it as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options

if TYPE_CHECKING:
    from onefold.audit.mask import Mask


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Output file  [default: output/report.html]")
@click.option("--mask/--no-mask", default=None, help="Mask all ids, or none  [default: emails]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object, and write no file.")
@click.option("--entity", default=None, help="Entity  [default: the first of the project]")
@click.option(
    "--thresholds/--no-thresholds",
    default=None,
    help="Sweep thresholds, or not  [default: unless the graph is very large]",
)
@project_options
def report(  # noqa: PLR0917 - click passes by name
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    output: str | None,
    mask: bool | None,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    entity: str | None,
    thresholds: bool | None,  # noqa: FBT001
) -> None:
    """Write an HTML report on the published id graph.

    The report shows the verdict, figures, charts and drawings of the worst profiles. It is one self-contained file that
    you can open, print or send. Emails are masked by default: --no-mask shows them, --mask hides all ids.

    \b
    pb report
    pb report --mask -o for-the-meeting.html
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.cli.audit_text import as_plain  # noqa: PLC0415 - keeps help fast
    from onefold.engines.values import json_text  # noqa: PLC0415

    how: Mask = "emails" if mask is None else "all" if mask else "none"
    project = open_project(pb_project_path, siteconfig_path, target)
    made = project.report(entity=entity, mask=how, thresholds=thresholds)
    if as_json:
        console.data(json_text(as_plain(made.content)))
        return
    path = Path(output) if output is not None else project.folder / "output" / "report.html"
    size = made.write(path)
    console.outcome(str(path))
    console.say(f"{made.content.conclusion.verdict}: {made.content.conclusion.headline} {size / 1000:,.0f} kB")
