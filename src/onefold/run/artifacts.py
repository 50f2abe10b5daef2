"""The SQL of a run as readable files: ``output/<target>/seq_no/<n>/{compile,run}/<model>.sql``.

Takes steps and statements; writes one file per model. ``compile`` is written before the run starts, ``run`` as each
model starts. A stitcher chooses its statements while it runs, so ``run`` has a folder for it with one file per executed
statement. The files hold no secrets: statements name tables, not connections.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from onefold.environment import translate_os_errors, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onefold.identity.store import Executed
    from onefold.plan.model import Plan, Step

Phase = Literal["compile", "run"]


@dataclass(frozen=True)
class SqlFolder:
    """The folder of one run.

    Attributes:
        path: ``output/<target>/seq_no/<n>``.
    """

    path: Path
    plan: Plan
    seq_no: int

    def clear(self, phase: Phase) -> None:
        """Remove the files of an earlier attempt."""
        shutil.rmtree(self.path / phase, ignore_errors=True)

    def write(self, phase: Phase, step: Step, statements: Sequence[tuple[str, str]]) -> Path:
        """Write the file of one model.

        Args:
            phase: Which of the two folders.
            step: The model.
            statements: (what it does, SQL) in running order.
        """
        folder = self.path / phase
        path = folder / f"{file_name(step)}.sql"
        parts = [self._header(step)]
        for purpose, sql in statements:
            title = f"-- {purpose}\n" if len(statements) > 1 else ""
            parts.append(f"{title}{sql};\n")
        write_whole(path, "\n".join(parts))
        return path

    def journal(self, step: Step) -> StatementFiles:
        """A folder for the executed statements of one model: ``run/<model>/``."""
        folder = self.path / "run" / file_name(step)
        shutil.rmtree(folder, ignore_errors=True)
        with translate_os_errors("write the SQL that ran", folder):
            folder.mkdir(parents=True)
        return StatementFiles(folder)

    def _header(self, step: Step) -> str:
        end = self.plan.times.end.strftime("%Y-%m-%d %H:%M:%S")
        reads = f"-- reads: {', '.join(step.needs)}\n" if step.needs else ""
        return (
            f"-- {step.ref} ({step.kind}), declared at {step.at}\n"
            f"{reads}"
            f"-- project {self.plan.project}, sequence number {self.seq_no}, rows up to {end} UTC\n"
        )


@dataclass(frozen=True)
class StatementFiles:
    """The executed statements of one model, as ``0042_<name>.sql``."""

    folder: Path

    def record(self, statement: Executed) -> None:
        """Write the file of a statement.

        Raises:
            AccessError: If it cannot be written.
        """
        found = "failed" if statement.rows is None else f"{statement.rows:,} rows"
        path = self.folder / f"{statement.number:04}_{statement.name}.sql"
        text = f"-- {statement.name.replace('_', ' ')}: {found}, {statement.seconds:.3f} s\n{statement.sql};\n"
        with translate_os_errors("write the SQL that ran", path):
            path.write_text(text, encoding="utf-8", errors="replace")


def clean(folder: Path) -> None:
    """Remove the SQL files of all runs of a target, ``output/<target>/seq_no``. Drops no table."""
    for run in folder.iterdir() if folder.is_dir() else ():
        if run.name.isdecimal():
            for phase in ("compile", "run", "csv"):
                shutil.rmtree(run / phase, ignore_errors=True)
            if not any(run.iterdir()):
                run.rmdir()


def file_name(step: Step) -> str:
    """The step's ref as a file name: ``models/x`` is ``x``, ``inputs/x`` is ``input_x``."""
    short = step.ref.removeprefix("models/").replace("inputs/", "input_")
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", short)
