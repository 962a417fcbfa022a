"""The other sides of the comparison do what their users would make them do."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.bench.chosen_frames import chosen_frames
from kiosk.bench.sides.dlib_side import DlibEmbedding, FaceRecognitionLoop
from kiosk.bench.sides.our_side import BuiltinEmbedding
from tests.fakes.faces.drawn_face import scene

FRAMES = 6


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three faces in every frame; frame `n` is marked by `n` bright rows."""
    path = tmp_path_factory.mktemp("film") / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (1280, 720))
    picture = scene((80, 100, 340), (480, 60, 320), (860, 160, 360))
    for number in range(FRAMES):
        frame = picture.copy()
        frame[-40:] = 40 * number
        writer.write(frame)
    writer.release()
    return path


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "b01.jpg"), scene((480, 60, 320)))
    return tmp_path


def test_frames_are_spread_over_the_whole_video(video: Path) -> None:
    marks = [round(float(frame[-5].mean()) / 40) for frame, _ in chosen_frames(video, 3)]
    assert marks == [0, 2, 5]
    assert len(list(chosen_frames(video, 100))) == FRAMES


def test_webcam_example_encodes_every_face_of_every_frame_it_looks_at(video: Path, gallery: Path) -> None:
    rounds = FaceRecognitionLoop(video, gallery, 2).rounds()
    first, second = next(rounds), next(rounds)
    assert first.faces == second.faces == 3
    assert first.published_ms is not None


def test_both_networks_see_the_same_faces(tmp_path: Path, models_dir: Path) -> None:
    heads = np.random.default_rng(1).integers(0, 255, (2, 160, 160, 3), dtype=np.uint8)
    np.save(tmp_path / "crops.npy", heads)
    theirs = next(DlibEmbedding(tmp_path / "crops.npy").rounds())
    ours = next(BuiltinEmbedding(models_dir, tmp_path / "crops.npy").rounds())
    np.testing.assert_allclose(ours.vectors, theirs.vectors, atol=1e-5)
