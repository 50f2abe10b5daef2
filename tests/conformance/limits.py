"""Generate the tables of docs/limits.md from the corpus: case counts, unsupported SQL, and differences.

``uv run python tests/conformance/limits.py --write`` updates the page; without ``--write``, the command checks that it is
up to date. Only the parts between marks are generated.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from itertools import zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # the command runs without pytest

from tests.conformance.cases import DIALECTS, Case, all_cases, split_arguments

from onefold.sql.transpile import KNOWN_DIFFERENCES

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
SNOWFLAKE_CASES = 1_700
SHARE = 0.98
"""The minimum share of correct cases in each dialect."""

_NAMES = {"snowflake": "Snowflake", "bigquery": "BigQuery", "databricks": "Databricks", "redshift": "Redshift",
          "postgres": "PostgreSQL"}  # fmt: skip
_MARKED = re.compile(r"(<!-- corpus: (\w+) -->\n).*?(<!-- /corpus -->)", re.DOTALL)


def written() -> str:
    """Return the page with its marked parts generated from the corpus."""
    parts = {"figures": _figures, "rejected": _rejected, "differences": _differences, "cases": _different_cases}
    cases = all_cases()
    text = PAGE.read_text(encoding="utf-8")
    return _MARKED.sub(lambda found: f"{found[1]}{parts[found[2]](cases)}\n{found[3]}", text)


def _figures(cases: list[Case]) -> str:
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for case in cases:
        for area in (case.area, ""):
            counted[case.dialect, area][case.note or "correct"] += 1
    lines = [
        "| dialect | area | cases | correct | unsupported | error | different |",
        "|---|---|---|---|---|---|---|",
    ]
    for dialect in DIALECTS:
        for (of, area), figures in sorted(counted.items()):
            if of == dialect:
                total = figures.total()
                share = f"{100 * figures['correct'] / total:.1f} %" if not area else str(figures["correct"])
                numbers = (figures["rejected"], figures["fails"], figures["differs"])
                lines.append(
                    f"| {_NAMES[dialect]} | {area or 'all'} | {total} | {share} | {' | '.join(map(str, numbers))} |"
                )
    return "\n".join(lines)


def _rejected(cases: list[Case]) -> str:
    lines = ["| dialect | unsupported | example |", "|---|---|---|"]
    seen: set[tuple[str, str]] = set()
    for case in cases:
        if case.note == "rejected" and (case.dialect, case.reason) not in seen:
            seen.add((case.dialect, case.reason))
            lines.append(f"| {_NAMES[case.dialect]} | {case.reason} | {_shown(case)} |")
    return "\n".join(lines)


def _differences(_: list[Case]) -> str:
    lines = ["| construct | Snowflake | onefold | portable alternative |", "|---|---|---|---|"]
    lines += [f"| {d.topic} | {d.author} | {d.engine} | {d.instead} |" for d in KNOWN_DIFFERENCES]
    return "\n".join(lines)


def _different_cases(cases: list[Case]) -> str:
    lines = ["| dialect | SQL | difference |", "|---|---|---|"]
    lines += [
        f"| {_NAMES[case.dialect]} | {_shown(case)} | {'an error: ' if case.note == 'fails' else ''}{case.reason} |"
        for case in cases
        if case.note in {"differs", "fails"}
    ]
    return "\n".join(lines)


def _shown(case: Case) -> str:
    text = " ".join(case.sql.split())
    if not case.is_statement:
        around, arguments = split_arguments(text)
        text = "".join(part for pair in zip_longest(around, arguments, fillvalue="") for part in pair)
    return "`` {} ``".format(text.replace("|", "\\|")) if "`" in text else "`{}`".format(text.replace("|", "\\|"))


if __name__ == "__main__":
    page = written()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif page != PAGE.read_text(encoding="utf-8"):
        sys.exit("docs/limits.md is out of date: uv run python tests/conformance/limits.py --write")
