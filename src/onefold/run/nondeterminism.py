"""Warn of nondeterministic SQL, whose rows differ between runs with the same end time.

Takes a plan and the refs of the steps to run. Returns one warning per SQL text that reads the clock or random values.
Runs nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onefold.errors import Finding
from onefold.plan.feature_steps import EntityVars, Var, VarTable
from onefold.plan.model import InputStep, SqlTemplate, Step
from onefold.sql.author import parse_statements
from onefold.sql.determinism import nondeterministic_function

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from onefold.plan.model import Plan, SqlText
    from onefold.sql.dialects import EngineDialect

_SUSPICIOUS = re.compile(
    r"current_|localtime|now|getdate|sysdate|systimestamp|today|rand|uuid|uniform|sample", re.IGNORECASE
)
"""Only texts with one of these words are parsed for the check."""


def clock_warnings(plan: Plan, refs: Collection[str], dialect: EngineDialect) -> tuple[Finding, ...]:
    """A warning for each SQL text of the steps in ``refs`` whose result depends on the clock or on chance."""
    found = []
    for ref, step in plan.steps.items():
        for text, prefix in _texts(step) if ref in refs else ():
            if not _SUSPICIOUS.search(text.sql):
                continue
            for tree in parse_statements(prefix + text.sql, plan.author, dialect, text.at):
                name = nondeterministic_function(tree)
                if name is not None:
                    message = f"{name} has another value in every run, whatever the end time"
                    hint = "use {{ end_time_sql }} for the end time of the run"
                    found.append(Finding("warning", "not-repeatable", message, text.at, hint))
    return tuple(found)


def _texts(step: Step) -> Iterator[tuple[SqlText, str]]:
    """The author's SQL texts of a step, each with a prefix that makes it a statement."""
    if isinstance(step, SqlTemplate):
        yield step.body, "WITH __lead AS (SELECT 1) " if step.body.sql.lstrip().startswith(",") else ""
    if isinstance(step, InputStep) and step.where is not None:
        yield step.where, "SELECT "
    for var in _vars(step):
        yield var.select, "SELECT "
        if var.where is not None:
            yield var.where, "SELECT "


def _vars(step: Step) -> Iterator[Var]:
    if isinstance(step, EntityVars):
        yield from step.vars
    if isinstance(step, VarTable):
        for layer in step.derived:
            yield from layer
