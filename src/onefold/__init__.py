"""One profile per customer, from the ids they leave behind: identity resolution and customer-360 features.

    import onefold

    project = onefold.load("path/to/project")
    result = project.run(end_time="2026-10-31")
    frame = project.read("WITH_USER_ID").polars()

The names below are the whole public interface (ADR 0010); ``docs/python.md`` shows them at work. They are imported
when first used, so that ``import onefold`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onefold.api import Project, load
    from onefold.errors import AccessError, Finding, OnefoldError, ProjectError, RunError, UsageError
    from onefold.rows import Rows
    from onefold.run.events import Observer, RunResult, StepResult
    from onefold.run.options import RunOptions

__version__ = "0.1.0"

__all__ = [
    "AccessError",
    "Finding",
    "Observer",
    "OnefoldError",
    "Project",
    "ProjectError",
    "Rows",
    "RunError",
    "RunOptions",
    "RunResult",
    "StepResult",
    "UsageError",
    "__version__",
    "load",
]

_HOMES = {
    "onefold.api": ("Project", "load"),
    "onefold.errors": ("AccessError", "Finding", "OnefoldError", "ProjectError", "RunError", "UsageError"),
    "onefold.run.events": ("Observer", "RunResult", "StepResult"),
    "onefold.rows": ("Rows",),
    "onefold.run.options": ("RunOptions",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f'module "onefold" has no attribute "{name}"')


def __dir__() -> list[str]:
    return sorted(__all__)
