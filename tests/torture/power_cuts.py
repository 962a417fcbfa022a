"""The power goes at any moment: what was shown is on the disk.

The data directory lies on a file system of its own in a loopback image. A copy of the image is what the disk holds at that
moment, and mounting the copy is what the next start finds. Linux, root, and loop devices.
"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.torture.school import Stored, Tally, make_school, marker


class Disk:
    """An ext4 file system in a file, mounted at `folder`."""

    def __init__(self, place: Path, *, megabytes: int = 64) -> None:
        self.folder = place / "disk"
        self._image, self._after = place / "image", place / "after"
        self._megabytes = megabytes

    def __enter__(self) -> "Disk":
        for folder in (self.folder, self._after):
            folder.mkdir(parents=True)
        with self._image.open("wb") as file:
            file.truncate(self._megabytes << 20)
        _command("mkfs.ext4", "-q", "-F", self._image)
        _command("mount", "-o", "loop", self._image, self.folder)
        return self

    def __exit__(self, *_error: object) -> None:
        _command("umount", self.folder)
        shutil.rmtree(self._image.parent)

    @contextmanager
    def cut(self) -> Iterator[Path]:
        """What is there after a power cut at this moment."""
        copy = self._image.with_suffix(".cut")
        _command("cp", "--sparse=always", self._image, copy)
        _command("mount", "-o", "loop", copy, self._after)
        try:
            yield self._after
        finally:
            _command("umount", self._after)
            copy.unlink()


def can_run() -> str:
    """Why power cannot be cut here; empty when it can."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        return "needs root, mkfs.ext4 and loop devices"
    return ""


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Cut the power right after an answer, and up to six seconds after it, of a kiosk that goes on marking."""
    chance, tally = random.Random(seed), Tally()
    with Disk(place / "power") as disk:
        data_dir = make_school(disk.folder / "data")
        while tally.runs < runs:
            with marker(data_dir, "--seed", str(chance.randrange(1 << 30))) as kiosk:
                for _cut in range(10):
                    kiosk.wait_for(chance.randint(1, 30))
                    with kiosk.paused():
                        answers = kiosk.said()
                        time.sleep(chance.choice((0.0, 0.0, 0.5, 2.0, 6.0)))
                        with disk.cut() as after:
                            tally.count(answers, Stored.read(after / "data"))
                    if tally.runs >= runs:
                        break
                tally.end(kiosk.stop())
    return tally


def _command(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
