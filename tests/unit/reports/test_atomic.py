import errno
import os
import stat
from pathlib import Path

import pytest

from kiosk.errors import ExportError
from kiosk.reports.atomic import explain, replacing


def write(path: Path) -> None:
    with replacing(path, suffix=".xlsx") as stream:
        stream.write(b"new")


def test_file_appears_whole_and_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    with replacing(path, suffix=".xlsx") as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_capital_suffix_is_fine(tmp_path: Path) -> None:
    write(tmp_path / "OUT.XLSX")
    assert (tmp_path / "OUT.XLSX").exists()


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    write(tmp_path / "secret.xlsx")
    assert stat.S_IMODE((tmp_path / "secret.xlsx").stat().st_mode) == 0o600


def test_failure_inside_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")

    def stumble() -> None:
        with replacing(path, suffix=".xlsx") as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(ExportError, match="the disk is full"),
        replacing(tmp_path / "out.xlsx", suffix=".xlsx"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_target_that_is_open_in_excel_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")

    def locked(_source: Path, _target: Path) -> None:
        raise PermissionError(errno.EACCES, "used by another process")

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(ExportError, match="cannot be replaced") as caught:
        write(path)
    assert "Close it in Excel" in caught.value.hint
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        write(tmp_path / "gone" / "out.xlsx")


def test_folder_as_target_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is a folder"):
        write(tmp_path)


@pytest.mark.parametrize("name", ["out.xls", "out", "out.csv"])
def test_wrong_ending_is_said_with_the_right_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"must end in \.xlsx") as caught:
        write(tmp_path / name)
    assert "out.xlsx" in caught.value.hint


def test_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="too long"):
        write(tmp_path / ("x" * 300 + ".xlsx"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "may not be written"),
        (errno.EPERM, "may not be written"),
        (errno.EROFS, "may not be written"),
        (errno.ENOSPC, "disk is full"),
        (errno.EIO, "could not be written"),
    ],
)
def test_each_failure_has_its_sentence(tmp_path: Path, number: int, words: str) -> None:
    error = explain(OSError(number, os.strerror(number)), tmp_path / "out.xlsx")
    assert words in error.user_text
    assert error.hint
