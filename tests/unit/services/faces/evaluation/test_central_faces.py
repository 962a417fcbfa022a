from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.frames import Box, Detection
from kiosk.services.faces.evaluation.central_faces import CentralFaces, central_face, central_faces
from kiosk.services.faces.evaluation.labelled_pictures import Failure, pictures_of_people
from kiosk.services.ports.progress import UNWATCHED, Counter
from tests.fakes.vision.crowds import CrowdDetector, CrowdEmbedder, read_picture, write

PICTURE = np.zeros((200, 200, 3), np.uint8)


def faces_at(*boxes: tuple[float, float, float]) -> list[Detection]:
    return [Detection(Box(x, y, side, side), 1.0) for x, y, side in boxes]


@pytest.mark.parametrize(
    ("boxes", "meant"),
    [
        ([(0, 0, 90), (60, 60, 60)], 1),
        ([(90, 90, 30), (50, 50, 120), (0, 0, 60)], 1),
        ([(0, 0, 50), (110, 60, 40)], 1),
        ([(130, 130, 60)], 0),
    ],
    ids=["holds the middle", "largest that does", "closest to the middle", "the only one"],
)
def test_the_face_that_a_picture_is_about(boxes: Sequence[tuple[float, float, float]], meant: int) -> None:
    faces = faces_at(*boxes)

    assert central_face(PICTURE, faces) is faces[meant]


def test_a_picture_without_a_face_is_about_nobody() -> None:
    assert central_face(PICTURE, []) is None


def look_at(folder: Path) -> CentralFaces:
    pictures = pictures_of_people(folder)
    return central_faces(
        pictures,
        detector=CrowdDetector(),
        embedder=CrowdEmbedder(),
        read_picture=read_picture,
        counter=Counter(len(pictures), UNWATCHED),
    )


def test_each_picture_gives_one_face_or_a_reason(tmp_path: Path) -> None:
    write(tmp_path / "Ann", a_1="1/0", a_2="", a_3="rubbish")
    write(tmp_path / "Bob", b_1="2/10")

    faces = look_at(tmp_path)

    assert faces.names == ("Ann", "Bob")
    assert faces.people.tolist() == [0, 0, 0, 1]
    assert faces.found.tolist() == [True, False, False, True]
    assert faces.vectors[3, 0] == pytest.approx(0.1)
    assert faces.failures == (
        Failure("Ann/a_2.jpg", "No face was found in it."),
        Failure("Ann/a_3.jpg", "The file is no picture, or it is damaged."),
    )


def test_the_same_file_twice_is_named_and_used_both_times(tmp_path: Path) -> None:
    write(tmp_path / "Ann", a_1="1/0")
    write(tmp_path / "Bob", b_1="1/0")

    faces = look_at(tmp_path)

    assert faces.twice == (("Ann/a_1.jpg", "Bob/b_1.jpg"),)
    assert faces.found.all()
