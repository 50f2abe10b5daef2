"""Every command, query and Python block of the README and the documents runs, in a copy of the project."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call
from tests.sample_shop import REPOSITORY, copy_published

import onefold
from onefold.sql.transpile import KNOWN_DIFFERENCES

if TYPE_CHECKING:
    from pathlib import Path

PAGES = (
    "README.md",
    "docs/install.md",
    "docs/quick-start.md",
    "docs/sample-shop.md",
    "docs/features.md",
    "docs/runs.md",
    "docs/wrong-merges.md",
    "docs/report.md",
    "docs/compare-runs.md",
    "docs/thresholds.md",
    "docs/identity.md",
    "docs/python.md",
    "docs/plugins.md",
)
"""The pages with blocks that run, in the order in which their commands run."""
ALL_PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**/*.md")
ANSWERS = {"pb init connection": "mine\ndev\nduckdb\noutput/mine.duckdb\nprofiles\n"}
NOT_RUN_HERE = {"uv run pytest"}
"""What would start this very test again."""


def blocks(language: str) -> list[tuple[str, str]]:
    """(page, block) for each fenced block of a language."""
    found = []
    for page in PAGES:
        text = (REPOSITORY / page).read_text(encoding="utf-8")
        found += [(page, block) for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)]
    return found


def commands() -> list[str]:
    """Each command once, where it comes first."""
    lines = [
        line.split("#")[0].strip() if " #" in line else line.strip()
        for _, b in blocks("bash")
        for line in b.splitlines()
    ]
    return [line for line in dict.fromkeys(lines) if line and not line.startswith("#") and line not in NOT_RUN_HERE]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_published(tmp_path_factory.mktemp("clone"), tmp_path_factory)


@pytest.mark.parametrize("command", commands())
def test_command_runs(command: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command ends with exit code 0 and says something."""
    words = shlex.split(command)
    assert words[:3] == ["uv", "run", "pb"], f"a command that this test cannot run: {command}"
    monkeypatch.setenv("HOME", str(clone))
    done = call(clone, *words[3:], stdin=ANSWERS.get(" ".join(words[2:]), ""))
    assert done.code == 0, done.err
    assert done.out


def quoted() -> list[tuple[str, list[str], str]]:
    """(page, its commands up to there, block) for each block of output on a page, which the last command prints."""
    found = []
    for page in PAGES:
        commands_so_far: list[str] = []
        text = (REPOSITORY / page).read_text(encoding="utf-8")
        for language, block in re.findall(r"```(bash|text)\n(.*?)```", text, re.DOTALL):
            if language == "text":
                found.append((page, list(commands_so_far), block))
            else:
                commands_so_far += [line for line in block.splitlines() if not line.startswith("#")]
    return found


@pytest.mark.parametrize(("page", "lines", "block"), quoted(), ids=lambda value: value if "docs/" in value else "")
def test_quoted_output_is_printed(
    page: str, lines: list[str], block: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A block of output is what the command above it prints, line for line."""
    clone = copy_published(tmp_path, tmp_path_factory)
    for line in lines:
        done = call(clone, *shlex.split(line)[3:])
    printed = {" ".join(line.split()) for line in done.out.splitlines()}
    assert [line for line in block.splitlines() if " ".join(line.split()) not in printed] == [], page


@pytest.fixture(scope="module")
def placeholders(clone: Path) -> dict[str, str]:
    project = onefold.load(clone)
    by_size = "SELECT user_main_id FROM USER_ID_STITCHER GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
    largest = str(project.query(by_size).arrow["user_main_id"][0])
    of_it = (
        f"SELECT other_id FROM USER_ID_STITCHER WHERE user_main_id = '{largest}' AND other_id_type = 'user_id' LIMIT 1"
    )
    customer = str(project.query(of_it).arrow["other_id"][0])
    return {
        "<suspicious_user_main_id>": largest,
        "<largest_cluster_main_id>": largest,
        "<customer_user_id>": customer,
    }


@pytest.mark.parametrize(("page", "sql"), blocks("sql"), ids=lambda value: value.split("\n")[0][:40])
def test_query_runs(page: str, sql: str, clone: Path, placeholders: dict[str, str]) -> None:
    """The query gives rows on the sample shop."""
    for name, value in placeholders.items():
        sql = sql.replace(name, value)
    for rows in onefold.load(clone).queries(sql):
        assert rows.num_rows > 0, page


def test_python_blocks_run(clone: Path) -> None:
    """The blocks of a page run one after the other."""
    for page in PAGES:
        text = "\n".join(block for p, block in blocks("python") if p == page)
        if text:
            done = subprocess.run(
                [sys.executable, "-c", text], cwd=clone, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, done.stderr
            assert "Traceback" not in done.stderr


def pages() -> dict[Path, str]:
    """All documents and their text, without blocks of code."""
    files = [file for pattern in ALL_PAGES for file in sorted(REPOSITORY.glob(pattern))]
    return {file: re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL) for file in files}


def anchors(text: str) -> set[str]:
    """What links to the headings of a page may name, as GitHub makes it from the heading."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere() -> None:
    """A link within the repository names a file, and a heading, that exists."""
    texts = pages()
    broken = [
        f"{page.relative_to(REPOSITORY)}: {target}#{heading}"
        for page, text in texts.items()
        for target, heading in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text)
        if "://" not in target
        for file in [(page.parent / target).resolve() if target else page]
        if not file.exists() or (heading and heading not in anchors(texts[file]))
    ]
    assert broken == []


def test_every_runnable_page_runs() -> None:
    """A document with commands, queries or Python is one of the pages that this module runs."""
    runnable = {
        file.relative_to(REPOSITORY).as_posix()
        for file in (REPOSITORY / "docs").glob("*.md")
        if re.search(r"^```(bash|sql|python)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert runnable - set(PAGES) == set()


def test_the_index_lists_every_page() -> None:
    """docs/README.md links to each page of docs/."""
    index = (REPOSITORY / "docs/README.md").read_text(encoding="utf-8")
    names = {file.name for file in (REPOSITORY / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in names if f"]({name})" not in index} == set()


def test_every_known_difference_is_documented() -> None:
    """docs/limits.md names each difference in SQL that no transpile rule removes."""
    text = (REPOSITORY / "docs/limits.md").read_text(encoding="utf-8")
    assert [d.topic for d in KNOWN_DIFFERENCES if f"| {d.topic} |" not in text] == []
