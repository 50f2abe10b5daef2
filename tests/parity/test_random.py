"""Random projects, each of many entities with random rows, filters and vars: one run of the reference answers for all.

ONEFOLD_PARITY_EXAMPLES=50 uv run pytest -n 0 -m parity tests/parity/test_random.py
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.parity.harness import Case, compared, run_onefold, run_reference

if TYPE_CHECKING:
    from pathlib import Path

    from tests.parity.servers import Server

pytestmark = pytest.mark.parity

EXAMPLES = int(os.environ.get("ONEFOLD_PARITY_EXAMPLES", "3"))
ENTITIES = 12

IDS = st.sampled_from([None, "", "1", "2", "3", "4", "5", "ab", "AB", " 1"])
TIMES = st.sampled_from([None, *(f"2026-01-0{day} 10:00:00" for day in range(1, 8)), "2026-12-01 00:00:00"])
ROW = st.tuples(IDS, IDS, IDS, st.one_of(st.none(), st.integers(-5, 20)), st.sampled_from([None, "x", "y"]), TIMES)
CONDITIONS = st.sampled_from([None, "kind = 'x'", "amount > 3", "(kind IS NULL OR amount < 10)", "ts IS NOT NULL"])
FILTER = st.sampled_from(
    ["{type: exclude, value: '1'}", "{type: include, regex: '[0-9a-z]+'}", "{type: exclude, regex: 'a.*'}"]
)
AGGREGATES = st.sampled_from(
    ["COUNT(*)", "SUM(amount)", "MIN(amount)", "MAX(ts)", "COUNT(DISTINCT kind)", "MAX(kind)", "AVG(amount)"]
)


@st.composite
def entities(draw: st.DrawFn) -> dict[str, Any]:
    """The random parts of one entity."""
    how_many = draw(st.integers(1, 3))
    return {
        "rows": draw(st.lists(ROW, min_size=1, max_size=12)),
        "ids": how_many,
        "filters": [draw(st.lists(FILTER, max_size=2)) for _ in range(how_many)],
        "where": draw(CONDITIONS),
        "vars": draw(st.lists(st.tuples(AGGREGATES, CONDITIONS, st.booleans()), min_size=1, max_size=4)),
        "cohort": draw(st.sampled_from([None, "> 1", "< 5", "IS NULL"])),
    }


def case_of(drawn: list[dict[str, Any]]) -> Case:
    """One project of many entities."""
    file = ["name: random", "schema_version: 99", "connection: local", "model_folders: [models]", "entities:"]
    types, inputs, groups, cohorts, tables = ["id_types:"], ["inputs:"], ["var_groups:"], ["models:"], []
    for n, entity in enumerate(drawn):
        names = [f"e{n}_{letter}" for letter in "abc"[: entity["ids"]]]
        file.append(
            f"  - {{name: e{n}, id_types: [{', '.join(names)}], feature_views: {{using_ids: [{{id: {names[0]}}}]}}}}"
        )
        for name, filters in zip(names, entity["filters"], strict=True):
            types.append(f"  - {{name: {name}, filters: [{', '.join(filters)}]}}")
        inputs.append(
            f"  - name: t{n}\n    app_defaults:\n      table: src.t{n}\n      occurred_at_col: ts\n      ids:"
        )
        inputs += [f"        - {{select: id{i}, type: {name}, entity: e{n}}}" for i, name in enumerate(names)]
        if entity["where"]:
            inputs.append(f'    where: "{entity["where"]}"')
        groups.append(f"  - name: g{n}\n    entity_key: e{n}\n    vars:")
        for i, (select, where, has_default) in enumerate(entity["vars"]):
            more = f', where: "{where}"' if where else ""
            more += ", default_value: 0" if has_default and select.startswith(("COUNT", "SUM")) else ""
            groups.append(f'      - entity_var: {{name: v{n}_{i}, select: "{select}", from: inputs/t{n}{more}}}')
        groups.append(f"      - entity_var: {{name: n{n}, select: COUNT(amount), from: inputs/t{n}}}")
        if entity["cohort"]:
            value = f"{{{{ e{n}.n{n} }}}} {entity['cohort']}"
            body = f"{{extends: e{n}/all, materialization: {{output_type: view}}, filter_pipeline: [{{type: include, value: '{value}'}}]}}"
            cohorts.append(f"  - {{name: c{n}, model_type: entity_cohort, model_spec: {body}}}")
        tables.append(_table(f"t{n}", entity["rows"]))
    models = "\n".join([*inputs, *groups, *(cohorts if len(cohorts) > 1 else [])]) + "\n"
    return Case("random", "\n".join(tables), models, "\n".join([*file, *types]) + "\n")


def _table(name: str, rows: list[tuple[Any, ...]]) -> str:
    kinds = ("TEXT", "TEXT", "TEXT", "INT", "TEXT", "TIMESTAMP")
    values = [
        "(" + ", ".join("NULL" if v is None else f"CAST('{v}' AS {k})" for v, k in zip(row, kinds, strict=True)) + ")"
        for row in [(None,) * 6, *rows]
    ]
    casts = [
        f"CAST({c} AS {k}) AS {c}" for c, k in zip(("id0", "id1", "id2", "amount", "kind", "ts"), kinds, strict=True)
    ]
    return (
        f"CREATE TABLE {name} AS SELECT {', '.join(casts)} FROM (VALUES {', '.join(values)}) "
        "v(id0, id1, id2, amount, kind, ts);"
    )


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(drawn=st.lists(entities(), min_size=ENTITIES, max_size=ENTITIES))
def test_random_projects(
    drawn: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory, server: Server, reference: Path
) -> None:
    """On random rows, filters and vars both publish the same."""
    case, folder = case_of(drawn), tmp_path_factory.mktemp("random")

    theirs = run_reference(case, folder / "theirs", server, reference)
    ours = run_onefold(case, folder / "ours")

    assert not compared(theirs, ours)
