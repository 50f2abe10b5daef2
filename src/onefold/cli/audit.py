"""``pb audit``: explains profiles and finds wrong merges. Writes an answer to stdout.

Calls ``onefold.audit`` and passes its records to ``audit_text``.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options
from onefold.printable import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.audit.questions import Audit

F = TypeVar("F", bound="Callable[..., Any]")


@click.group()
def audit() -> None:
    """Explain profiles, find wrong merges and try fixes.

    Reads the published id graph, or with --seq_no the graph of any run, such as one that a check stopped. Never
    changes data. Each answer begins with a verdict (pass, warn or fail) and ends with next steps. Emails are masked by
    default: --no-mask shows them, --mask hides all ids.
    """


def _question(command: F) -> F:
    """Add the shared options. The command takes an `Audit` and returns a record, which is masked and printed."""

    @wraps(command)
    def ask(  # noqa: PLR0917 - click passes by name
        pb_project_path: str,
        siteconfig_path: str | None,
        target: str | None,
        entity: str | None,
        seq_no: int | None,
        as_json: bool,  # noqa: FBT001
        mask: bool | None,  # noqa: FBT001
        **own: Any,
    ) -> None:
        from onefold.audit.mask import masked, with_texts  # noqa: PLC0415 - keeps help fast
        from onefold.cli.audit_text import as_plain, as_text  # noqa: PLC0415
        from onefold.cli.diff_text import markdown  # noqa: PLC0415
        from onefold.engines.values import json_text  # noqa: PLC0415

        asked = open_project(pb_project_path, siteconfig_path, target).audit(entity, seq_no=seq_no)
        answer = masked(command(asked, **own), "emails" if mask is None else "all" if mask else "none")
        if as_json or own.get("format_") == "json":
            console.data(json_text(as_plain(answer)))
            return
        answer = with_texts(answer, shown)
        if own.get("format_") == "markdown":
            console.data(markdown(answer, own["top"]))
        else:
            console.data(console.as_typed(as_text(answer, own.get("top") or own.get("most"))))

    found: Any = ask
    for option in (
        click.option("--mask/--no-mask", default=None, help="Mask all ids, or none  [default: emails]"),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option("--seq_no", type=int, default=None, help="Read the graph of this run, published or not."),
        click.option("--entity", default=None, help="Entity  [default: the first of the project]"),
    ):
        found = option(found)
    return project_options(found)  # type: ignore[no-any-return]


_TOP = click.option(
    "--top", default=20, show_default=True, type=click.IntRange(min=1), help="Number of rows per table."
)


@audit.command("id_stitcher")
@_question
def id_stitcher(asked: Audit) -> Any:
    """Check the health of the id graph: profile sizes, merges and stitch rates against their bounds.

    \b
    pb audit id_stitcher
    """  # noqa: D301 - click's mark for lines to keep
    return asked.health()


@audit.command()
@_TOP
@_question
def clusters(asked: Audit, top: int) -> Any:
    """List the largest profiles and their flags.

    \b
    pb audit clusters --top 5
    """  # noqa: D301 - click's mark for lines to keep
    return asked.clusters(top)


@audit.command()
@click.argument("id_", metavar="ID")
@_question
def cluster(asked: Audit, id_: str) -> Any:
    """Show all ids and edges of one profile. ID is an id, type:id or a main id.

    \b
    pb audit cluster ada
    """  # noqa: D301 - click's mark for lines to keep
    return asked.cluster(id_)


@audit.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="[OTHER]", required=False)
@click.option("--rows/--no-rows", "with_rows", default=True, help="Also fetch the source rows.")
@_question
def explain(asked: Audit, one: str, other: str | None, *, with_rows: bool) -> Any:
    """Explain why ids share a profile, or why they do not.

    One id: its profile, with the ids and edges that link unrelated people. Two ids in one profile: the shortest chain
    of source rows between them. Two ids in different profiles: the filter, threshold or edge limit that prevents the
    match, and where it is configured. Write an id as it is, or as type:id.

    \b
    pb audit explain ada
    pb audit explain ada ada@home
    """  # noqa: D301 - click's mark for lines to keep
    return asked.explain(one, other, with_rows=with_rows)


@audit.command()
@_TOP
@_question
def bridges(asked: Audit, top: int) -> Any:  # noqa: ARG001 - all are found; the text shows so many
    """Find ids and edges that link unrelated people.

    Lists articulation points (ids without which a profile splits), bridges (edges without which it splits), ids with
    several people and people with many ids. Articulation points also reveal chains in which no single id stands out.

    \b
    pb audit bridges --top 10
    """  # noqa: D301 - click's mark for lines to keep
    return asked.bridges()


@audit.command()
@_question
def features(asked: Audit) -> Any:
    """List profiles with feature values out of bounds, and their ids.

    \b
    pb audit features
    """  # noqa: D301 - click's mark for lines to keep
    return asked.features()


@audit.command()
@click.option("--seed", default=1, show_default=True, help="Random seed.")
@click.option("--count", default=10, show_default=True, type=click.IntRange(min=1), help="Number of profiles.")
@_question
def sample(asked: Audit, seed: int, count: int) -> Any:
    """Show a random sample of profiles with several ids and no flags, with their ids and features.

    \b
    pb audit sample --seed 1
    """  # noqa: D301 - click's mark for lines to keep
    return asked.sample(seed, count)


@audit.command()
@click.option("--of", default=None, help="Id type to limit. Use with --counts.")
@click.option("--counts", default=None, help="Id type to count per limited id. Use with --of.")
@_question
def thresholds(asked: Audit, of: str | None, counts: str | None) -> Any:
    """Sweep thresholds from 2 to 50 and suggest one, without a run.

    Tries the thresholds declared in onefold.yaml and the maximum_edges set in pb_project.yaml. With --of and --counts,
    tries one pair of id types, whether or not it has a limit.

    \b
    pb audit thresholds
    pb audit thresholds --of anonymous_id --counts user_id
    """  # noqa: D301 - click's mark for lines to keep
    if (of is None) != (counts is None):
        raise click.UsageError("use --of and --counts together")
    return asked.thresholds([(of, counts)] if of is not None and counts is not None else None)


@audit.command()
@click.option("--from", "before", type=int, default=None, help="Earlier run  [default: the one before --to]")
@click.option("--to", "after", type=int, default=None, help="Later run  [default: the last that built the graph]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format; markdown suits a pull request comment.",
)
@click.option("--top", default=5, show_default=True, type=click.IntRange(min=1), help="Number of rows per table.")
@_question
def diff(asked: Audit, before: int | None, after: int | None, format_: str, top: int) -> Any:  # noqa: ARG001
    """Compare two runs: profiles created, merged, split and retired, the edges that caused it, and changed features.

    Either run may be unpublished, such as one that a check stopped. Only edges that changed a profile are counted; most
    new edges do not.

    \b
    pb audit diff
    pb audit diff --from 1 --to 2 --format markdown
    """  # noqa: D301 - click's mark for lines to keep
    return asked.diff(before, after, top)
