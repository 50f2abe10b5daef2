"""Measure `pb compile` on a large project, and compare it with the floor: parsing its YAML.

    uv run benchmarks/compile_project.py                       500 vars, 100 models
    uv run benchmarks/compile_project.py --vars 50 --models 10

Takes sizes and prints one line. The generated project has what real projects use: models that read models, macros,
windows, vars of vars, filters. Both are measured in their own processes, in turns. The shortest times are printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FILE = """
name: large
schema_version: 99
connection: local
model_folders: [models]
entities: [{name: user, id_types: [user_id, email], feature_views: {using_ids: [{id: email}]}}]
id_types: [{name: user_id, filters: [{type: exclude, regex: "test.*"}]}, {name: email}]
"""
MACROS = """
macros:
  - name: days_between
    inputs: [first, last]
    value: "DATEDIFF(day, {{first}}, {{last}})"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--vars", type=int, default=500)
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--child", choices=["compile", "parse"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, arguments.vars, arguments.models)
        found: dict[str, list[dict[str, Any]]] = {"compile": [], "parse": []}
        for _ in range(arguments.repeat):
            for what, runs in found.items():
                runs.append(measured(what, folder))
    job, floor = (min(found[what], key=lambda r: float(r["seconds"])) for what in ("compile", "parse"))
    print(
        f"{arguments.vars} vars, {arguments.models} models: "
        f"compile {job['seconds']:.2f} s, {job['peak_mib']:,.0f} MiB; "
        f"parsing the YAML alone {floor['seconds']:.2f} s: {job['seconds'] / floor['seconds']:.0f}x"
    )


def measured(what: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", what, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def child(what: str, folder: Path) -> None:
    began = time.perf_counter()
    if what == "compile":
        import onefold  # noqa: PLC0415 - measured

        onefold.load(folder).compile(end_time="2026-10-31")
    else:
        import yaml  # noqa: PLC0415 - measured

        for path in sorted(folder.rglob("*.yaml")):
            yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_mib": peak / 1024}))


# --- the project ---


def write(folder: Path, vars_: int, models: int) -> None:
    (folder / "models").mkdir()
    (folder / "pb_project.yaml").write_text(FILE, encoding="utf-8")
    (folder / "models" / "inputs.yaml").write_text(
        "inputs:\n" + "".join(map(source, range(10))) + MACROS, encoding="utf-8"
    )
    (folder / "models" / "models.yaml").write_text("models:\n" + "".join(map(model, range(models))), encoding="utf-8")
    group = "var_groups:\n  - name: all\n    entity_key: user\n    vars:\n"
    (folder / "models" / "vars.yaml").write_text(
        group + "".join(var(n, models) for n in range(vars_)), encoding="utf-8"
    )


def source(n: int) -> str:
    return f"""
  - name: events_{n}
    app_defaults:
      table: raw.main.events_{n}
      occurred_at_col: ts
      ids:
        - {{select: "LOWER(TRIM(user_id))", type: user_id, entity: user}}
        - {{select: email, type: email, entity: user}}
"""


def model(n: int) -> str:
    reads = f"models/model_{n - 1}" if n % 5 else f"inputs/events_{n % 10}"
    return f"""
  - name: model_{n}
    model_type: sql_template
    model_spec:
      materialization: {{output_type: {"table" if n % 5 == 4 else "ephemeral"}}}
      single_sql: |
        {{% with rows = this.DeRef("{reads}") %}}
        , ranked AS (
          SELECT user_id, email, amount, ts, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY ts DESC) AS place
          FROM {{{{rows}}}}
          WHERE amount > {n} AND ts < '{{{{end_time.Format("2006-01-02 15:04:05")}}}}'
        )
        SELECT user_id, email, amount, ts FROM ranked
        QUALIFY ROW_NUMBER() OVER (PARTITION BY email ORDER BY place) < 100
        {{% endwith %}}
      ids: [{{select: user_id, type: user_id, entity: user}}]
"""


def var(n: int, models: int) -> str:
    from_ = f"inputs/events_{n % 10}" if n % 2 else f"models/model_{n % models}"
    kinds = (
        f"select: COUNT(DISTINCT amount), from: {from_}",
        f"select: SUM(amount), from: {from_}, where: \"amount > {n} AND email LIKE '%@%'\", default_value: 0",
        f"select: MAX(ts), from: {from_}, description: when it was last seen",
        f"select: first_value(amount), from: {from_}, window: {{order_by: [ts asc, amount desc]}}",
        f"select: \"{{{{user.var_{n - 4}}}}} / NULLIF({{{{user.Var('var_{n - 3}')}}}}, 0)\"",
        f"select: \"{{{{days_between('{{{{user.Var(\\\"var_{n - 3}\\\")}}}}', '{{{{end_time_sql}}}}')}}}}\"",
    )
    return f"      - entity_var: {{name: var_{n}, {kinds[n % 6]}}}\n"


if __name__ == "__main__":
    main()
