"""A folder of Parquet files appears complete or not at all."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from onefold.errors import AccessError, UsageError
from onefold.sample import shop as shop_module
from onefold.sample.shop import generate
from onefold.sample.write import Folder

OWN = {"README.md", "a/t.parquet"}
TABLE = pa.table({"x": [1, 2, 3]})


def make(path: Path, text: str) -> None:
    with Folder(path, OWN) as folder:
        folder.append("a/t", TABLE)
        folder.text("README.md", text)


def test_a_new_folder_replaces_the_old_one(tmp_path: Path) -> None:
    """Only the folder itself remains, with the new files and without the old."""
    make(tmp_path / "out", "old")
    with Folder(tmp_path / "out", OWN) as folder:
        folder.text("README.md", "new")
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))] == ["out", "out/README.md"]
    assert (tmp_path / "out" / "README.md").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_a_broken_run_leaves_the_old_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """If `generate` is interrupted between two chunks, the old files are unchanged, and no others remain."""
    generate(tmp_path / "out", people=300)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    monkeypatch.setattr(shop_module, "CHUNK", 200)

    def interrupt(share: float, _: str) -> None:
        if share < 1:
            raise error

    with pytest.raises(error):
        generate(tmp_path / "out", people=400, progress=interrupt)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_run_killed_while_it_swapped_is_mended(tmp_path: Path) -> None:
    """Between the two renames only the old folder, moved aside, exists: the next run first moves it back."""
    make(tmp_path / "out", "old")
    (tmp_path / "out").rename(tmp_path / ".out.old")
    (tmp_path / ".out.part").mkdir()
    with pytest.raises(KeyboardInterrupt), Folder(tmp_path / "out", OWN):
        raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "README.md").read_text(encoding="utf-8") == "old"


def test_a_swap_that_fails_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the new folder cannot replace the old one, the old one is restored, and the error says what was not written."""
    make(tmp_path / "out", "old")
    rename = Path.rename

    def refuse_new(self: Path, target: Path) -> Path:
        if self.name == ".out.part":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(AccessError, match='cannot write "out": Permission denied'):
        make(tmp_path / "out", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "README.md").read_text(encoding="utf-8") == "old"


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    """A folder with other content is rejected before anything is written, and is not changed."""
    (tmp_path / "home" / "deep").mkdir(parents=True)
    (tmp_path / "home" / "deep" / "thesis.txt").write_text("ten years", encoding="utf-8")
    with pytest.raises(
        UsageError, match=r'"home" would be replaced, but it contains other files, for example "deep/thes'
    ):
        make(tmp_path / "home", "new")
    assert [p.name for p in sorted(tmp_path.rglob("*"))] == ["home", "deep", "thesis.txt"]


def test_a_file_that_appears_meanwhile_is_not_lost(tmp_path: Path) -> None:
    """Files that appear in the folder meanwhile are kept, and the new folder is discarded."""
    make(tmp_path / "out", "old")
    with pytest.raises(UsageError, match=r'for example "notes.txt"'), Folder(tmp_path / "out", OWN):
        (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"README.md", "a", "notes.txt"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_file_is_not_replaced(tmp_path: Path) -> None:
    """A file in place of the folder is rejected."""
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match='"out" would be replaced, but it is a file'):
        make(tmp_path / "out", "new")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written_is_an_access_error(tmp_path: Path) -> None:
    """If a parent is a file, the error has the folder's name and the system's reason, without a traceback."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AccessError, match='cannot write "out": Not a directory'):
        make(tmp_path / "file" / "out", "new")


def test_the_current_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path without a name of its own is resolved, and rejected like any other."""
    (tmp_path / "mine.txt").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"mine\.txt"):
        make(Path(), "new")
