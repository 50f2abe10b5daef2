"""Formats a preview as text for a terminal and as Markdown for a pull request comment.

Takes a `Preview`; returns a string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.cli.console import dim, heading, verdict
from onefold.cli.diff_text import diff_blocks, escaped, markdown_blocks, markdown_steps, markdown_table
from onefold.cli.formatting import next_steps, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.audit.preview import Preview


def plan_text(answer: Preview, top: int) -> str:
    """Text for a terminal: the verdict, the checks, the changes and the next steps."""
    blocks = [f"{verdict(answer.verdict)}: {_headline(answer)}"]
    if answer.checks:
        lines = [heading("checks")]
        for line in answer.checks:
            at = f"  {dim('at ' + line.where)}" if line.where else ""
            lines.append(f"  {verdict(line.verdict)}: {line.message}{at}")
            lines += [f"    {line.hint}"] if line.hint else []
        blocks.append("\n".join(lines))
    for change in answer.changes:
        blocks += diff_blocks(change, top)
    return "\n\n".join([*blocks, *next_steps(answer.steps)])


def plan_markdown(answer: Preview, top: int) -> str:
    """Markdown for a comment: the same, with long tables collapsed."""
    blocks = ["### What the next run would change", f"**{answer.verdict}**: {escaped(_headline(answer))}"]
    if answer.checks:
        rows = [(line.verdict, line.message, line.where or "", line.hint or "") for line in answer.checks]
        blocks.append(markdown_table(("check", "result", "set at", "hint"), rows))
    for change in answer.changes:
        blocks += markdown_blocks(change, top)
    return "\n\n".join([*blocks, *markdown_steps(answer.steps)])


def _headline(answer: Preview) -> str:
    return "; ".join(_words(answer))


def _words(answer: Preview) -> Iterator[str]:
    failed = sum(line.verdict == "fail" for line in answer.checks)
    if failed:
        yield f"{plural(failed, 'check')} would fail, so the run would not publish"
    else:
        warned = sum(line.verdict == "warn" for line in answer.checks)
        yield f"no check would fail, {warned} would warn" if warned else "all checks would pass"
    if answer.published_end_time is not None:
        later = f"{answer.published_end_time:%Y-%m-%d %H:%M:%S} UTC"
        yield f"this would be an as-of run: rows up to {later} are already published"
    for tried in answer.tried:
        yield f"{tried.name}: {'not set' if tried.before is None else tried.before} → {tried.after}"
    yield "nothing was published" if answer.seq_no is None else f"kept as run {answer.seq_no}, not published"
