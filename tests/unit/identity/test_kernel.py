from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import onefold
from onefold.identity.native.kernel import BATCH, COMPILED_FROM, batches, choose_mode

MODES = """
import numpy as np
from onefold.identity.components.union_find import components
from onefold.identity.native.kernel import COMPILED_FROM, LOADED_FROM, choose_mode

def chosen():
    sizes = (LOADED_FROM - 1, LOADED_FROM, COMPILED_FROM - 1, COMPILED_FROM)
    return [choose_mode(size).is_compiled for size in sizes]

print(chosen())
components(3, np.array([2]), np.array([1]), compiled=True)
print(chosen())
"""


def test_the_amount_of_work_chooses_the_mode() -> None:
    """A first kernel is compiled only for much work; once one is compiled, less work is enough."""
    done = subprocess.run([sys.executable, "-c", MODES], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["[False, False, False, True]", "[False, True, True, True]"]


def test_the_caller_may_choose_the_mode() -> None:
    """A caller that decides is asked for no amount of work."""
    assert choose_mode(0, compiled=True).is_compiled
    assert not choose_mode(COMPILED_FROM, compiled=False).is_compiled


def test_compiles_where_no_cache_can_be_written(tmp_path: Path) -> None:
    """A read-only installation and home folder only cost time."""
    package = tmp_path / "onefold"
    shutil.copytree(Path(onefold.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    # A plain file where the cache's folder should be stops root as well, whom permissions do not.
    (package / "identity" / "__pycache__").write_text("")
    (tmp_path / "home").write_text("")
    script = (
        "import numpy as np, onefold\n"
        "from onefold.identity.components.union_find import components\n"
        "print(onefold.__file__)\n"
        "print(components(3, np.array([2]), np.array([1]), compiled=True).tolist())\n"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")},
        "PYTHONPATH": str(tmp_path),
        "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "home"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == [str(package / "__init__.py"), "[0, 1, 1]"]


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 3 * BATCH])
def test_batches_cover_all_edges_once(count: int) -> None:
    """Each edge is in one batch, and batches are short, so that Ctrl-C takes effect quickly."""
    edges = range(count)
    parts = [edges[part] for part in batches(count)]

    assert [edge for part in parts for edge in (part[0], part[-1])] == [
        edge for start in range(0, count, BATCH) for edge in (start, min(start + BATCH, count) - 1)
    ]
    assert sum(map(len, parts)) == count
