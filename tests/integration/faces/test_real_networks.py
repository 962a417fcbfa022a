"""The real networks that set-up brings, on photographs: everybody is nearest to themselves, and strangers are far.

They lie in this checkout's own models directory, where `scripts/test` puts them. Where the registry of packages lacked them, or
the shared photographs are absent, these tests are skipped.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.services.ports.vision import Detector
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.factory import YUNET_OF_SET_UP, build_detector, load_embedder
from kiosk.vision.models.conversion_record import read_record
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.models.model_choice import model_in_use
from kiosk.vision.pictures import read_picture

pytestmark = pytest.mark.shared_data

STORE = Path(__file__).parents[3] / "data" / "models"


@pytest.fixture(scope="module")
def store() -> Path:
    if any(read_record(STORE, read_manifest()[name]) is None for name in ("facenet128", "sface")):
        pytest.skip("shared data absent: set-up could not bring the real networks")
    return STORE


@dataclass(frozen=True, slots=True)
class Compared:
    """Photographs of 13 people, compared with each other."""

    pictures: int
    found: int
    nearest_right: int
    genuine: NDArray[np.float64]
    impostors: NDArray[np.float64]


def compare(store: Path, shared: Path, name: str, detector: Detector) -> Compared:
    """Embed the face nearest to the middle of each photograph; all distances are cosine."""
    embedder = load_embedder(store, name)
    people, vectors = [], []
    files = sorted((shared / "faces" / "people").glob("*/*.jpg"))
    for path in files:
        image = read_picture(path.read_bytes())
        faces = detector.detect(image)
        if faces:
            largest = max(faces, key=lambda face: face.box.area)
            people.append(path.parent.name)
            vectors.append(embedder.embed(image, [largest])[0])
    unit = np.array(vectors, np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    apart = 1 - unit @ unit.T
    same = np.equal.outer(people, people)
    others = apart + np.where(np.eye(len(people), dtype=bool), np.inf, 0)
    nearest = [people[place] for place in others.argmin(axis=1)]
    upper = np.triu(np.ones_like(same), 1).astype(bool)
    return Compared(
        len(files),
        len(people),
        sum(one == other for one, other in zip(people, nearest, strict=True)),
        apart[same & upper],
        apart[~same & upper],
    )


@pytest.mark.parametrize("name", ["facenet128", "sface", "facenet-sface"])
def test_everybody_is_nearest_to_themselves_with_yunet(store: Path, shared_dir: Path, name: str) -> None:
    detector = build_detector(store, reach="near").detector
    found = compare(store, shared_dir, name, detector)
    assert found.found == found.pictures == 61
    assert found.nearest_right == found.found
    assert np.median(found.genuine) < 0.5 * np.quantile(found.impostors, 0.01)


@pytest.mark.parametrize("name", ["facenet128", "sface", "facenet-sface"])
def test_everybody_is_nearest_to_themselves_with_hog(store: Path, shared_dir: Path, name: str) -> None:
    found = compare(store, shared_dir, name, HogDetector())
    assert found.found >= 59
    assert found.nearest_right >= found.found - 1


@pytest.mark.parametrize("name", ["sface", "facenet-sface"])
def test_a_face_that_is_made_small_and_blurred_counts_less(store: Path, shared_dir: Path, name: str) -> None:
    """By the length of the embedding: of each of ten people's first photograph, the face 16 pixels high."""
    embedder, detector = load_embedder(store, name), build_detector(store, reach="near").detector
    clarity = embedder.info.clarity
    assert clarity is not None
    for person in sorted((shared_dir / "faces" / "people").iterdir())[:10]:
        image = read_picture(min(person.iterdir()).read_bytes())
        face = max(detector.detect(image), key=lambda found: found.box.area)
        times = face.box.height / 16
        small = cv2.resize(image, None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA)
        blurred = cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        clear, poor = (embedder.embed(seen, [face])[0] for seen in (image, np.asarray(blurred, np.uint8)))
        assert np.linalg.norm(poor) < 0.9 * np.linalg.norm(clear)
        assert clarity.of(poor) < clarity.of(clear)


def test_the_default_is_facenet_with_sface_and_yunet_once_set_up_brought_them(store: Path) -> None:
    assert model_in_use(store) == "facenet-sface-stretched-30-70"
    assert build_detector(store, reach="near").detector.name in {
        YUNET_OF_SET_UP,
        "yunet-2026may",
        "yunet-2023mar",
    }


def test_facenet_is_the_file_of_the_package(store: Path) -> None:
    record = read_record(store, read_manifest()["facenet128"])
    package = read_manifest()["facenet128"].package
    assert record is not None
    assert package is not None
    assert (record.weights_sha256, record.weights_from) == (package.sha256, package.requirement)
    assert record.cosine >= 0.9999
