"""Enrolment's rules on real photographs: what is taken of them, and what is refused when somebody spoils them."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.faces.one_person import agreement
from kiosk.errors import ConflictError
from kiosk.services.faces.face_shots import FaceShots
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.reach import Reach
from kiosk.vision.detection.yunet_detector import YunetDetector
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.factory import build_quality_meter
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture, write_picture


@pytest.fixture(params=["dlib-hog", "yunet-2026may"], scope="module")
def shots(
    request: pytest.FixtureRequest, shared_dir: Path, embedder: DlibResNetEmbedder, far_hog: HogDetector
) -> FaceShots:
    detector: HogDetector | YunetDetector = far_hog
    if request.param == "yunet-2026may":
        entry = read_manifest()["yunet-2026may"]
        detector = YunetDetector(shared_dir / "models" / entry.file, entry=entry, reach=Reach.FAR)
    return FaceShots(
        detector=detector, embedder=embedder, quality=build_quality_meter(), write_picture=write_picture
    )


def photographs(shared_dir: Path, number: str) -> list[BgrImage]:
    return [
        read_picture(path.read_bytes())
        for path in sorted((shared_dir / "faces" / "people" / number).glob("*.jpg"))
    ]


@pytest.mark.shared_data
def test_every_photograph_is_taken_and_nobody_is_odd(shots: FaceShots, shared_dir: Path) -> None:
    model = shots.model
    for person in ("S002", "S004", "S006"):
        vectors = [shots.take(image, b"file").vector for image in photographs(shared_dir, person)]
        assert agreement(vectors, metric=model.metric, reject=model.thresholds.reject).odd == ()


@pytest.mark.shared_data
@pytest.mark.parametrize(("right", "wrong"), [("S001", "S002"), ("S003", "S007"), ("S006", "S009")])
def test_somebody_else_among_five_pictures_is_found(
    shots: FaceShots, shared_dir: Path, right: str, wrong: str
) -> None:
    images = [*photographs(shared_dir, right)[:4], photographs(shared_dir, wrong)[0]]
    vectors = [shots.take(image, b"file").vector for image in images]

    found = agreement(vectors, metric=shots.model.metric, reject=shots.model.thresholds.reject)

    assert (found.odd, found.is_split) == ((4,), False)


def darker(image: BgrImage) -> BgrImage:
    return np.asarray(image * 0.12, np.uint8)


def blurred(image: BgrImage) -> BgrImage:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 9), np.uint8)


def far_away(image: BgrImage) -> BgrImage:
    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.copyMakeBorder(small, 150, 150, 150, 150, cv2.BORDER_REPLICATE), np.uint8)


def with_company(image: BgrImage) -> BgrImage:
    return np.asarray(np.hstack([image, image]), np.uint8)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (darker, "too dark|No face"),
        (blurred, "blurred|No face"),
        (far_away, "too small|No face"),
        (with_company, "more than one face"),
    ],
)
def test_a_spoilt_photograph_is_refused_with_the_reason(
    shots: FaceShots, shared_dir: Path, spoil: Callable[[BgrImage], BgrImage], words: str
) -> None:
    image = photographs(shared_dir, "S003")[0]

    with pytest.raises(ConflictError, match=words):
        shots.take(spoil(image), b"file")
