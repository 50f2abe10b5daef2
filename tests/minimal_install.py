"""The main job on a bare install: the built wheel and what it depends on, without extras or development tools.

`just minimal` runs it. A starter project of the wheel is made and run, and a missing extra is refused with the command
that installs it.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import onefold

EXTRAS = ("pandas", "polars")


def pb(folder: Path, *words: str) -> str:
    """The output of a command, which has to succeed."""
    command = [sys.executable, "-c", "from onefold.cli.main import main; main()", *words]
    return subprocess.run(command, cwd=folder, check=True, text=True, stdout=subprocess.PIPE).stdout


def refused(rows: onefold.Rows, extra: str) -> str | None:
    """The hint of the error that asking for a frame ends with; None if there is none."""
    try:
        getattr(rows, extra)()
    except onefold.UsageError as error:
        return error.findings[0].hint
    return None


def main() -> None:
    """Run the main job and ask for both extras."""
    assert "site-packages" in onefold.__file__, f"not the installed wheel: {onefold.__file__}"
    assert [name for name in (*EXTRAS, "pytest") if importlib.util.find_spec(name)] == []
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "shop"
        pb(Path(folder), "init", "pb-project", "-o", str(made))
        pb(made, "run", "--end_time", "2026-10-31")
        pb(made, "report")
        project = onefold.load(made)
        assert len(project.read("USER_ID_STITCHER")) > 0
        for extra in EXTRAS:
            assert refused(project.query("SELECT 1"), extra) == f'install it: pip install "onefold[{extra}]"'
    sys.stdout.write("the wheel alone runs the main job, and names the extras that are missing\n")


if __name__ == "__main__":
    main()
