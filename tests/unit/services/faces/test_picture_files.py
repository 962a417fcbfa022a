from pathlib import Path

import pytest

from kiosk.services.faces.picture_files import PictureFiles, find_pictures


def found_in(folder: Path, *names: str, known: frozenset[str] = frozenset({"S001", "S_2"})) -> PictureFiles:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
    return find_pictures(folder, is_known=known.__contains__)


def plain(files: PictureFiles) -> dict[str, list[str]]:
    return {number: [one.name for one in pictures] for number, pictures in files.people.items()}


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.JPG", "a.jpeg", "a.jfif", "a.heic", "a.HEIF", "a.avif", "a.webp", "a.tiff"]
)
def test_pictures_of_phones_and_browsers_are_taken(tmp_path: Path, name: str) -> None:
    assert plain(found_in(tmp_path, f"S001/{name}")) == {"S001": [name]}


def test_folders_within_a_students_folder_are_looked_into(tmp_path: Path) -> None:
    files = found_in(
        tmp_path, "S001/2026/01.jpg", "S001/2025/autumn/01.jpg", "S001/z.jpg", "S001/2026/list.txt"
    )
    assert plain(files) == {"S001": ["z.jpg", "2025/autumn/01.jpg", "2026/01.jpg"]}
    assert [(one.student_no, one.picture) for one in files.passed_over] == [("S001", "2026/list.txt")]


def test_one_picture_by_number_beside_folders(tmp_path: Path) -> None:
    files = found_in(tmp_path, "S001.jpg", "S001/a.jpg", "00123.heic")
    assert plain(files) == {"S001": ["a.jpg", "S001.jpg"], "00123": ["00123.heic"]}


def test_several_pictures_of_one_number_are_counted(tmp_path: Path) -> None:
    files = found_in(tmp_path, "S001_2.jpg", "S001 (3).jpg", "S001(4).jpg", "S_2.jpg", "X_2.jpg")
    assert plain(files) == {
        "S001": ["S001 (3).jpg", "S001(4).jpg", "S001_2.jpg"],
        "S_2": ["S_2.jpg"],
        "X_2": ["X_2.jpg"],
    }


def test_whatever_is_not_taken_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "S003").mkdir()
    files = found_in(tmp_path, "S001/anim.gif", "S001/film.mp4", "README", "S001/ok.png")
    assert [(one.student_no, one.picture, one.reason.split(" ")[0]) for one in files.passed_over] == [
        ("S001", "anim.gif", "GIF"),
        ("S001", "film.mp4", "It"),
        ("S003", "", "There"),
        ("", "README", "It"),
    ]


def test_what_systems_leave_behind_is_not_named(tmp_path: Path) -> None:
    files = found_in(
        tmp_path, "S001/.DS_Store", "S001/Thumbs.db", "S001/._a.jpg", "__MACOSX/a.jpg", ".hidden/a.jpg", "desktop.ini",
        "S001/a.jpg",
    )  # fmt: skip
    assert (plain(files), files.passed_over) == ({"S001": ["a.jpg"]}, [])


def test_blanks_around_a_folders_name_do_not_count(tmp_path: Path) -> None:
    assert plain(found_in(tmp_path, "S001 /a.jpg")) == {"S001": ["a.jpg"]}
