"""Measure what a short command waits for: its start, and what each dependency costs.

Prints two tables. Commands on the sample shop, from prompt to prompt, each in a process of its own, in turn with
`python -c pass`: the best of several, in seconds and in processor seconds, which a busy machine lengthens less. And for
each dependency of onefold what it and what comes with it take on the disk, what importing it takes, and which of the
commands import it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
COMMANDS = (("--help",), ("show", "models"), ("run",), ("run", "--seq_no", "latest"), ("query", "SELECT 1"))
SHOWN = (("--help",), ("show", "models"), ("run",))
"""Commands of which the second table says what they import."""

PB = "import sys; from onefold.cli.main import main; main()"
MODULES = "import atexit, json, sys; atexit.register(lambda: print(json.dumps([*sys.modules]), file=sys.stderr)); "
STATEMENTS = {"pydantic": "from pydantic import BaseModel"}
"""What imports a package that otherwise loads its parts only when they are asked for."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=10, help="runs of each, of which the fastest counts")
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as folder:
        shop = _copied_shop(Path(folder))
        _run([sys.executable, "-c", PB, "run"], shop)
        _print_commands(shop, repeat)
        print()
        _print_dependencies(shop, repeat)


def _copied_shop(folder: Path) -> Path:
    for name in ("pb_project.yaml", "onefold.yaml"):
        shutil.copy(REPOSITORY / name, folder / name)
    for name in ("models", "sample_data"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return folder


def _print_commands(shop: Path, repeat: int) -> None:
    commands = {f"pb {' '.join(c)}": [sys.executable, "-c", PB, *c] for c in COMMANDS}
    best = _best({"python -c pass": [sys.executable, "-c", "pass"], **commands}, shop, repeat)
    print("| command | seconds | processor seconds |\n|---|---:|---:|")
    for name, (seconds, processor) in best.items():
        print(f"| `{name}` | {seconds:.2f} | {processor:.2f} |")


def _print_dependencies(shop: Path, repeat: int) -> None:
    direct = _required("onefold")
    modules = {name: _modules_of(name) for name in direct}
    programs = {name: STATEMENTS.get(name, f"import {modules[name][0]}") for name in direct}
    programs = {"pass": "pass", **programs}
    best = _best({name: [sys.executable, "-c", text] for name, text in programs.items()}, shop, repeat)
    loaded = {" ".join(c): _loaded(c, shop) for c in SHOWN}
    print("| dependency | MB | with what only it brings | ms to import | imported by |\n|---|---:|---:|---:|---|")
    for name in direct:
        alone = _closure([name]) - _closure([other for other in direct if other != name])
        importing = [f"`{command}`" for command, found in loaded.items() if found & {*modules[name]}]
        milliseconds = (best[name][1] - best["pass"][1]) * 1000
        sizes = f"{_megabytes({name}):.1f} | {_megabytes(alone | {name}):.1f}"
        print(f"| {name} | {sizes} | {milliseconds:.0f} | {', '.join(importing)} |")
    print(f"\n{_megabytes(_closure(direct)):.0f} MB in {len(_closure(direct))} packages")


def _best(commands: dict[str, list[str]], shop: Path, repeat: int) -> dict[str, tuple[float, float]]:
    """The fastest of several runs of each, in turns: seconds and processor seconds, each the least."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            found[name].append(_run(command, shop))
    return {name: (min(s for s, _ in times), min(p for _, p in times)) for name, times in found.items()}


def _run(command: list[str], shop: Path) -> tuple[float, float]:
    """Seconds and processor seconds of a process."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=shop, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def _loaded(arguments: tuple[str, ...], shop: Path) -> set[str]:
    """The top-level modules that a command imports."""
    command = [sys.executable, "-c", MODULES + PB, *arguments]
    done = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


# --- what is installed ---


def _required(name: str) -> list[str]:
    """The packages that a package requires on this machine, without extras of its own."""
    found = []
    for text in distribution(name).requires or ():
        requirement, _, marker = text.partition(";")
        match = re.match(r"[\w.-]+", requirement)
        if match is not None and "extra" not in marker and _is_installed(match.group()):
            found.append(match.group())
            if "[c]" in requirement:
                found += [extra for extra in (f"{match.group()}c",) if _is_installed(extra)]
    return found


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _closure(names: list[str]) -> set[str]:
    """Packages, and all that they require."""
    found, todo = set[str](), [*names]
    while todo:
        name = todo.pop().lower().replace("_", "-")
        if name not in found:
            found.add(name)
            todo += _required(name)
    return found


def _megabytes(names: set[str]) -> float:
    """What packages take on the disk, without the bytecode that Python adds."""
    files = {Path(str(f.locate())) for name in names for f in distribution(name).files or () if f.suffix != ".pyc"}
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def _modules_of(name: str) -> list[str]:
    """The top-level modules of a package; first the one that has its name."""
    found = [m for m, owners in packages_distributions().items() if name.lower() in {o.lower() for o in owners}]
    return sorted(found, key=lambda module: (module.lower() != name.lower(), module.startswith("_"), module))


if __name__ == "__main__":
    main()
