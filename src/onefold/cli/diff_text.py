"""Formats a comparison of two runs as text for a terminal and as Markdown for a pull request comment.

Takes a `Diff`; returns a string. Both formats have the same sections in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onefold.cli.console import dim, heading, table, verdict
from onefold.cli.formatting import when

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from onefold.audit.diff.causes import CausingEdge
    from onefold.audit.diff.compare import ChangedProfile, Diff, RunSide
    from onefold.audit.diff.features import FeatureChange, FeatureChanges
    from onefold.audit.records import NextStep

_PARTS, _IDS = 5, 2
"""The most parts of a profile, and ids per part, in a table; JSON has more."""

_EXPLAINED = {
    "unchanged": "the same ids",
    "created": "all of its ids are new",
    "grown": "an existing profile with new ids",
    "merged": "ids of several profiles",
    "split": "its ids are now in several profiles",
    "shrunk": "some of its ids are gone",
    "retired": "all of its ids are gone",
}

_EFFECTS = {
    "joined": "joined profiles",
    "grew": "brought new ids",
    "split": "deleted; linked two parts of a profile",
    "led": "deleted, with the ids it linked",
}


@dataclass(frozen=True)
class Section:
    """A table with a title.

    Attributes:
        headers: One per column.
        rows: Texts.
        right: Columns, from 0, that are aligned right.
        left: Number of rows that are not shown.
        is_long: Whether Markdown collapses it.
    """

    title: str
    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: tuple[int, ...] = ()
    left: int = 0
    is_long: bool = False


def headline(answer: Diff) -> str:
    """The counts behind the verdict."""
    of_persons = f" ({answer.persons_merged:,} with more than one {answer.person})" if answer.persons_merged else ""
    counts = ", ".join(
        f"{answer.count(kind):,} {kind}" + (of_persons if kind == "merged" else "")
        for kind in ("merged", "split", "retired", "grown", "shrunk", "created")
    )
    return f"{answer.entity}: {counts}; {answer.count('unchanged'):,} profiles unchanged"


def sections(answer: Diff, top: int) -> Iterator[Section]:
    """The sections between the headline and the next steps."""
    from onefold.audit.diff.compare import SHOWN_KINDS  # noqa: PLC0415 - loaded with the answer

    yield _totals(answer)
    yield _kinds(answer)
    yield _main_ids(answer)
    if answer.causes:
        yield _causes(answer)
    if answer.days:
        yield _days(answer, top)
    for kind in SHOWN_KINDS:
        changes = [change for change in answer.changes if change.kind == kind]
        if changes:
            yield _profiles(answer, kind, changes[:top])
    edges = [(c, edge) for c in answer.changes if c.kind in {"merged", "split"} for edge in c.edges]
    if edges:
        yield _edges(edges, top)
    if answer.features is not None:
        yield from _features(answer.features, top)


def diff_blocks(answer: Diff, top: int) -> Iterator[str]:
    """The blocks of text, without the next steps."""
    yield f"{verdict(answer.verdict)}: {headline(answer)}"
    for section in sections(answer, top):
        lines = [heading(section.title)] if section.title else []
        lines.append(table(section.headers, section.rows, right=section.right))
        if section.left:
            lines.append(dim(f"and {section.left:,} more"))
        yield "\n".join(lines)


def markdown_blocks(answer: Diff, top: int) -> Iterator[str]:
    """The same as Markdown, with long tables collapsed."""
    yield f"**{answer.verdict}**: {escaped(headline(answer))}"
    for section in sections(answer, top):
        parts = [markdown_table(section.headers, section.rows, section.right)]
        if section.left:
            parts.append(f"and {section.left:,} more")
        if section.is_long:
            title = f"<details><summary>{escaped(section.title)}</summary>"
            parts = [title, *parts, "</details>"]
        elif section.title:
            parts.insert(0, f"#### {escaped(section.title)}")
        yield "\n\n".join(parts)


def markdown_steps(steps: Sequence[NextStep]) -> Iterator[str]:
    """The next steps as a list."""
    if steps:
        lines = ["#### next", ""]
        for step in steps:
            at = f" at `{step.where}`" if step.where else ""
            lines.append(f"- {escaped(step.what)}{at}" + (f": `{step.command}`" if step.command else ""))
        yield "\n".join(lines)


def markdown_table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table in GitHub's Markdown."""
    line = ["---:" if n in right else "---" for n in range(len(headers))]
    return "\n".join("| " + " | ".join(map(escaped, cells)) + " |" for cells in (headers, line, *rows))


_SPECIAL = str.maketrans(
    {"|": r"\|", "<": "&lt;", ">": "&gt;", "\n": " ", "*": r"\*", "_": r"\_", "`": r"\`", "@": "&#64;"}
)
"""Escapes for Markdown syntax and for @mentions."""


def escaped(text: str) -> str:
    """A text with Markdown syntax and @mentions escaped."""
    return text.translate(_SPECIAL)


# --- the sections ---


def _totals(answer: Diff) -> Section:
    rows = [
        (_name(side), f"{side.end:%Y-%m-%d %H:%M:%S} UTC" if side.end else "", f"{side.profiles:,}", f"{side.ids:,}")
        for side in (answer.before, answer.after)
    ]
    return Section("", ("run", "rows up to", "profiles", "ids"), rows, (2, 3))


def _name(side: RunSide) -> str:
    if side.seq_no is None:
        return "nothing published" if side.is_published else "planned"
    return f"{side.seq_no}" + (", published" if side.is_published else "")


def _kinds(answer: Diff) -> Section:
    rows = [(k.kind, f"{k.profiles:,}", f"{k.ids:,}", _EXPLAINED[k.kind]) for k in answer.kinds]
    return Section("profiles", ("change", "profiles", "ids moved", "meaning"), rows, (1, 2))


def _main_ids(answer: Diff) -> Section:
    found = answer.main_ids
    rows = [
        ("kept", f"{found.kept:,}", "profiles in both runs"),
        ("created", f"{found.created:,}", "new, with new ids"),
        ("split", f"{found.split:,}", "new, with ids that were in other profiles"),
        ("merged", f"{found.merged:,}", "no longer in use; their ids are in other profiles"),
        ("retired", f"{found.retired:,}", "no longer in use; their ids are gone"),
        ("ids moved", f"{found.ids_moved:,}", "ids with another main id"),
    ]
    return Section("main ids", ("event", "count", "meaning"), rows, (1,))


def _causes(answer: Diff) -> Section:
    rows = [(_EFFECTS[c.effect], c.source, c.cause, f"{c.edges:,}") for c in answer.causes]
    return Section("edges that changed profiles", ("effect", "source", "cause", "edges"), rows, (3,))


def _days(answer: Diff, top: int) -> Section:
    rows = [
        (str(day.day or "no time"), f"{day.joined:,}", f"{day.grew:,}", f"{day.split:,}") for day in answer.days[:top]
    ]
    headers = ("first seen on", "joined profiles", "brought new ids", "deleted and split")
    title = "the same edges, by the day of their first row"
    return Section(title, headers, rows, (1, 2, 3), max(len(answer.days) - top, 0), is_long=True)


def _profiles(answer: Diff, kind: str, changes: Sequence[ChangedProfile]) -> Section:
    """One row per part of a profile; the first row also has the columns of the profile."""
    rows = []
    for change in changes:
        own = [change.main_id, f"{change.ids:,}", f"{change.moved:,}"]
        for part in change.parts[:_PARTS]:
            some = ", ".join(map(str, part.some[:_IDS])) + (", …" if part.ids > _IDS else "")
            rows.append((*own, f"{part.ids:,}", part.main_id or "no profile", some))
            own = [""] * len(own)
        if len(change.parts) > _PARTS:
            rows.append((*own, "", "and more", ""))
    now = "now in" if kind in {"split", "shrunk", "retired"} else "made of"
    headers = ("profile", "ids", "moved", "ids", now, "such as")
    return Section(
        f"{kind} (most ids moved first)", headers, rows, (1, 2, 3), answer.count(kind) - len(changes), is_long=True
    )


def _edges(edges: Sequence[tuple[ChangedProfile, CausingEdge]], top: int) -> Section:
    rows = [
        (c.main_id, str(e.one), str(e.other), e.source, when(e.first_seen_at), _EFFECTS[e.effect], e.cause)
        for c, e in edges[: 2 * top]
    ]
    headers = ("profile", "one", "other", "source", "first seen", "effect", "cause")
    title = "edges of merged and split profiles"
    return Section(title, headers, rows, (), max(len(edges) - 2 * top, 0), is_long=True)


def _features(found: FeatureChanges, top: int) -> Iterator[Section]:
    facts = [
        ("profiles in both runs", f"{found.compared:,}"),
        ("with a feature that differs", f"{found.changed:,}"),
        *((("new features", ", ".join(found.new)),) if found.new else ()),
        *((("removed features", ", ".join(found.removed)),) if found.removed else ()),
    ]
    yield Section("features", ("", "count"), facts)
    if found.lines:
        rows = [_feature(line, found.compared) for line in found.lines[:top]]
        headers = ("feature", "profiles", "share", "new values", "lost values", "largest", "for example")
        left = max(len(found.lines) - top, 0)
        yield Section("features that differ", headers, rows, (1, 2, 3, 4, 5), left, is_long=True)


def _feature(line: FeatureChange, compared: int) -> tuple[str, ...]:
    examples = "; ".join(f"{e.main_id} {_value(e.before)} → {_value(e.after)}" for e in line.examples[:1])
    largest = "" if line.largest is None else f"{line.largest:,.6g}"
    share = f"{line.changed / max(compared, 1):.1%}"
    return (line.feature, f"{line.changed:,}", share, f"{line.appeared:,}", f"{line.vanished:,}", largest, examples)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    return "nothing" if value is None else str(value)


def markdown(answer: Diff, top: int) -> str:
    """A whole comment."""
    title = f"### Identity of {escaped(answer.entity)}, run {answer.before.seq_no} to run {answer.after.seq_no}"
    return "\n\n".join([title, *markdown_blocks(answer, top), *markdown_steps(answer.steps)])
