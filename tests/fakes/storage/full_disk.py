"""A disk without room: each file that is made from now on takes no byte (Linux)."""

import os
from pathlib import Path

import pytest

FULL = Path("/dev/full")

needs_full_disk = pytest.mark.skipif(not FULL.exists(), reason="/dev/full is Linux's")


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writing to a new file fail as it does on a full disk; files that are there stay as they are."""
    real_open = os.open

    def open_on_full_disk(place: Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        descriptor = real_open(place, flags, mode, dir_fd=dir_fd)
        if flags & os.O_EXCL:
            full = real_open(FULL, os.O_RDWR)
            os.dup2(full, descriptor)
            os.close(full)
        return descriptor

    monkeypatch.setattr(os, "open", open_on_full_disk)
