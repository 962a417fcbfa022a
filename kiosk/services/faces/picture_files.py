"""Which files of a folder are pictures of whom, and why the others are not looked at. Any thread; reads names only.

A student's pictures lie in a folder named by the number, in folders within that one too, or beside it as ``<number>.jpg``.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.translation import _

PICTURE_SUFFIXES: Final = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".tif", ".tiff",
        ".heic", ".heif", ".hif", ".avif",
    }
)  # fmt: skip

_SYSTEM: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "icon\r", "ehthumbs.db"})
"""What systems leave in folders; nobody put it there."""
_COUNTED: Final = re.compile(r"(.+?)(?:[ _]\(?\d{1,2}\)?|\(\d{1,2}\))")
"""Several pictures of one number: ``S001_2``, ``S001 (2)``."""
_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture, and its name below the student's folder."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file, or a folder, that is not looked at; `student_no` is the folder that it lies in, if any."""

    student_no: str
    picture: str
    reason: str


@dataclass(slots=True)
class PictureFiles:
    """Pictures by student number, in order of names, and what was passed over."""

    people: dict[str, list[PictureFile]] = field(default_factory=dict)
    passed_over: list[PassedOver] = field(default_factory=list)


def find_pictures(folder: Path, *, is_known: Callable[[str], bool]) -> PictureFiles:
    """Go through a folder; `is_known` says whether there is a student with a number.

    Raises:
        OSError: The folder cannot be listed.
    """
    found = PictureFiles()
    loose: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if _is_of_the_system(entry.name):
            continue
        if entry.is_dir():
            _look_into(entry, found)
        else:
            loose.append(entry)
    for file in loose:
        number = _number_of(file.stem, is_known)
        if reason := _fault(file):
            found.passed_over.append(PassedOver("", file.name, reason))
        else:
            found.people.setdefault(number, []).append(PictureFile(file.name, file))
    return found


def _look_into(inner: Path, found: PictureFiles) -> None:
    number = inner.name.strip()
    count = len(found.passed_over)
    pictures = []
    for file in _files_below(inner):
        name = file.relative_to(inner).as_posix()
        if reason := _fault(file):
            found.passed_over.append(PassedOver(number, name, reason))
        else:
            pictures.append(PictureFile(name, file))
    if pictures:
        found.people.setdefault(number, []).extend(pictures)
    elif len(found.passed_over) == count:
        found.passed_over.append(PassedOver(number, "", _("There is no picture in this folder.")))


def _files_below(folder: Path) -> Iterator[Path]:
    """Files of the folder and of folders within it, those of a folder before those below it."""
    for place, inner, names in os.walk(folder):
        below = len(Path(place).relative_to(folder).parts)
        inner[:] = sorted(name for name in inner if below < _DEPTH and not _is_of_the_system(name))
        for name in sorted(names):
            if not _is_of_the_system(name):
                yield Path(place) / name


def _number_of(stem: str, is_known: Callable[[str], bool]) -> str:
    """The number that a file's name says: all of it, or without a count of pictures where only that is known."""
    stem = stem.strip()
    counted = _COUNTED.fullmatch(stem)
    if counted is not None and not is_known(stem) and is_known(counted[1].strip()):
        return counted[1].strip()
    return stem


def _fault(file: Path) -> str:
    """Why a file is not looked at; empty for a picture."""
    suffix = file.suffix.lower()
    if suffix in PICTURE_SUFFIXES:
        return ""
    if suffix == ".gif":
        return _("GIF pictures have too few colours for a face: save it as JPEG or PNG.")
    return _("It is no picture of a kind that is read: JPEG, PNG, WebP, HEIC, AVIF, TIFF or BMP.")


def _is_of_the_system(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SYSTEM
