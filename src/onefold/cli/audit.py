"""``pb audit``: why ids share a profile, and what would change it. In: flags. Out: an answer on stdout.

Asks the questions of ``onefold.audit`` and hands the records to ``audit_text``; decides nothing about a graph.
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
    """Ask the id graph: why these ids, what holds them together, what to change.

    Asks what is published, or with --seq_no what a run made, such as one that a check stopped. Nothing is changed. An
    answer begins with its verdict and ends with what to do next. Emails are masked unless you ask for them with
    --no-mask; --mask hides every id.
    """


def _question(command: F) -> F:
    """Flags that all verbs share; the verb gets an `Audit` and gives a record, which is masked and printed."""

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
        click.option("--mask/--no-mask", default=None, help="Hide all ids, or none.  [default: emails]"),
        click.option("--json", "as_json", is_flag=True, help="The answer as one JSON object."),
        click.option("--seq_no", type=int, default=None, help="Ask what run N made, published or not."),
        click.option("--entity", default=None, help="Which entity  [default: the first of the project]"),
    ):
        found = option(found)
    return project_options(found)  # type: ignore[no-any-return]


_TOP = click.option("--top", default=20, show_default=True, type=click.IntRange(min=1), help="How many to show.")


@audit.command("id_stitcher")
@_question
def id_stitcher(asked: Audit) -> Any:
    """Health of the graph: sizes, merges, stitch rates, each held against its bound.

    \b
    pb audit id_stitcher
    """  # noqa: D301 - click's mark for lines to keep
    return asked.health()


@audit.command()
@_TOP
@_question
def clusters(asked: Audit, top: int) -> Any:
    """The largest profiles, and the red flags that each raises.

    \b
    pb audit clusters --top 5
    """  # noqa: D301 - click's mark for lines to keep
    return asked.clusters(top)


@audit.command()
@click.argument("id_", metavar="ID")
@_question
def cluster(asked: Audit, id_: str) -> Any:
    """All ids and edges of one profile. ID is an id, type:id, or a main id.

    \b
    pb audit cluster ada
    """  # noqa: D301 - click's mark for lines to keep
    return asked.cluster(id_)


@audit.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="[OTHER]", required=False)
@click.option("--rows/--no-rows", "with_rows", default=True, help="Also fetch the rows from the sources.")
@_question
def explain(asked: Audit, one: str, other: str | None, *, with_rows: bool) -> Any:
    """What holds the profile of an id together; or how two ids are joined; or what keeps them apart.

    Two ids of one profile: the shortest chain of source rows between them. Two ids of different profiles: the filter,
    threshold or guard that keeps them apart, with its place. An id is written as it is, or as type:id.

    \b
    pb audit explain ada
    pb audit explain ada ada@home
    """  # noqa: D301 - click's mark for lines to keep
    return asked.explain(one, other, with_rows=with_rows)


@audit.command()
@_TOP
@_question
def bridges(asked: Audit, top: int) -> Any:  # noqa: ARG001 - all are found; the text shows so many
    """Ids and edges that hold people together who would be apart without them.

    By degree (ids with several people, people with many ids), and by what would fall off: that finds chains of small
    bridges in which no id looks bad.

    \b
    pb audit bridges --top 10
    """  # noqa: D301 - click's mark for lines to keep
    return asked.bridges()


@audit.command()
@_question
def features(asked: Audit) -> Any:
    """Profiles with feature values out of bounds, and the ids behind each.

    \b
    pb audit features
    """  # noqa: D301 - click's mark for lines to keep
    return asked.features()


@audit.command()
@click.option("--seed", default=1, show_default=True, help="Another seed draws other profiles.")
@click.option("--count", default=10, show_default=True, type=click.IntRange(min=1), help="How many profiles.")
@_question
def sample(asked: Audit, seed: int, count: int) -> Any:
    """Ordinary profiles with several ids, drawn at random: ids and features side by side.

    \b
    pb audit sample --seed 1
    """  # noqa: D301 - click's mark for lines to keep
    return asked.sample(seed, count)


@audit.command()
@click.option("--of", default=None, help="Id type to limit, together with --counts.")
@click.option("--counts", default=None, help="Id type of which it may have so many.")
@_question
def thresholds(asked: Audit, of: str | None, counts: str | None) -> Any:
    """What every threshold from 2 to 50 would do, found in one pass without a run.

    Without --of and --counts: the thresholds that onefold.yaml declares and the maximum_edges that pb_project.yaml
    sets. With them: the same for one pair of id types, set or not.

    \b
    pb audit thresholds
    pb audit thresholds --of anonymous_id --counts user_id
    """  # noqa: D301 - click's mark for lines to keep
    if (of is None) != (counts is None):
        raise click.UsageError("--of and --counts go together")
    return asked.thresholds([(of, counts)] if of is not None and counts is not None else None)


@audit.command()
@click.option("--from", "before", type=int, default=None, help="The earlier run  [default: the one before --to]")
@click.option("--to", "after", type=int, default=None, help="The later run  [default: the last that built the graph]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="markdown fits a comment on a pull request.",
)
@click.option("--top", default=5, show_default=True, type=click.IntRange(min=1), help="How many of each to show.")
@_question
def diff(asked: Audit, before: int | None, after: int | None, format_: str, top: int) -> Any:  # noqa: ARG001
    """What changed between two runs: profiles born, merged, split, gone; the edges that did it; features that differ.

    Either run may be one that was not published, such as one that a check stopped. Edges are counted where they
    joined what was apart, or where something fell apart without them; not every new edge does.

    \b
    pb audit diff
    pb audit diff --from 1 --to 2 --format markdown
    """  # noqa: D301 - click's mark for lines to keep
    return asked.diff(before, after, top)
