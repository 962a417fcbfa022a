"""The built-in embedder: order, edges, and boxes of either detector."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.frames import Box, Detection
from kiosk.errors import ModelError
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.yunet_detector import YunetDetector
from kiosk.vision.embedding.dlib_resnet import LENGTH, DlibResNetEmbedder, hog_like_box
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.factory import build_builtin_embedder
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture
from tests.fakes.faces.drawn_face import scene


def test_faces_come_back_in_the_order_given(embedder: DlibResNetEmbedder, near_hog: HogDetector) -> None:
    image = scene((100, 100, 300), (700, 100, 420))
    image[:, 640:] //= 2
    one, other = sorted(near_hog.detect(image), key=lambda face: face.box.x)
    both = embedder.embed(image, [one, other])
    assert both.shape == (2, 128)
    assert both.dtype == np.float32
    np.testing.assert_allclose(embedder.embed(image, [other, one]), both[::-1], atol=1e-6)
    assert float(np.linalg.norm(both[0] - both[1])) > 0.05


def test_the_mirror_image_of_a_picture_gives_the_same_embeddings(
    embedder: DlibResNetEmbedder, near_hog: HogDetector
) -> None:
    """Both are looked at each time; each embedding is brought to one length."""
    image = scene((100, 100, 300), (700, 100, 420))
    image[:, 640:] //= 2
    faces = near_hog.detect(image)
    mirrored = [face.mirrored(image.shape[1]) for face in faces]
    found = embedder.embed(image, faces)
    np.testing.assert_allclose(
        embedder.embed(np.ascontiguousarray(image[:, ::-1]), mirrored), found, atol=1e-5
    )
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), LENGTH, rtol=1e-5)


def test_no_faces_give_no_rows(embedder: DlibResNetEmbedder) -> None:
    assert embedder.embed(scene(), []).shape == (0, 128)


def test_frame_is_left_as_it_was(embedder: DlibResNetEmbedder, near_hog: HogDetector) -> None:
    image = scene((100, 100, 300))
    image.flags.writeable = False
    assert embedder.embed(image, near_hog.detect(image)).shape == (1, 128)


@pytest.mark.parametrize(
    "box",
    [
        Box(-60, 200, 200, 200),
        Box(1180, 650, 220, 220),
        Box(-500, -500, 100, 100),
        Box(0, 0, 100_000, 100_000),
        Box(10, 10, 0, 0),
        Box(10, 10, -5, -5),
        Box(600.4, 300.6, 0.3, 0.3),
    ],
)
def test_faces_beyond_the_edge_and_degenerate_boxes_are_embedded(
    embedder: DlibResNetEmbedder, box: Box
) -> None:
    found = embedder.embed(scene((-50, 100, 300)), [Detection(box, 1.0)])
    assert found.shape == (1, 128)
    assert np.isfinite(found).all()


def test_face_cut_by_the_edge_stays_close_to_the_whole_one(
    embedder: DlibResNetEmbedder, near_hog: HogDetector
) -> None:
    image = scene((0, 100, 300))
    (whole,) = near_hog.detect(image)
    cut = 40
    box = Box(whole.box.x - cut, whole.box.y, whole.box.width, whole.box.height)
    first = embedder.embed(image, [whole])[0]
    second = embedder.embed(image[:, cut:].copy(), [Detection(box, 1.0)])[0]
    assert float(np.linalg.norm(first - second)) < 0.2


def test_picture_of_one_pixel_is_no_crash(embedder: DlibResNetEmbedder) -> None:
    image = np.zeros((1, 1, 3), np.uint8)
    assert embedder.embed(image, [Detection(Box(0, 0, 1, 1), 1.0)]).shape == (1, 128)


def test_box_from_landmarks_is_square_and_around_them() -> None:
    landmarks = np.array([[100, 100], [160, 100], [130, 130], [105, 160], [155, 160]], np.float32)
    box = hog_like_box(landmarks)
    assert box.width == box.height == pytest.approx(1.61 * np.hypot(60, 60))
    np.testing.assert_allclose(box.centre, (130, 130), atol=1e-3)


def test_box_from_landmarks_keeps_its_size_when_the_head_is_tilted() -> None:
    upright = np.array([[-30, -30], [30, -30], [0, 0], [-25, 30], [25, 30]], np.float32)
    angle = np.deg2rad(20)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    assert hog_like_box(upright @ turn.T).width == pytest.approx(hog_like_box(upright).width, rel=1e-4)


@pytest.mark.shared_data
def test_embeddings_from_yunet_stay_close_to_those_from_hog(
    embedder: DlibResNetEmbedder, near_hog: HogDetector, shared_dir: Path
) -> None:
    entry = read_manifest()["yunet-2026may"]
    yunet = YunetDetector(shared_dir / "models" / entry.file, entry=entry)
    apart: list[float] = []
    for path in sorted((shared_dir / "faces" / "people").glob("*/0[12].jpg")):
        image = read_picture(path.read_bytes())
        faces = [near_hog.detect(image)[0], yunet.detect(image)[0]]
        one, other = embedder.embed(image, faces)
        apart.append(float(np.linalg.norm(one - other)))
    assert len(apart) == 26
    assert float(np.median(apart)) < 0.06
    assert max(apart) < 0.2


def test_landmark_file_that_dlib_cannot_read_is_a_model_error(
    embedder: DlibResNetEmbedder, models_dir: Path, tmp_path: Path
) -> None:
    graph = (models_dir / "dlib-resnet-v1.onnx").read_bytes()
    with pytest.raises(ModelError, match="cannot be loaded"):
        DlibResNetEmbedder(graph=graph, info=embedder.info, landmarks=tmp_path / "absent.dat")


def test_damaged_graph_is_a_model_error(embedder: DlibResNetEmbedder) -> None:
    landmarks = package_model("shape_predictor_5_face_landmarks.dat")
    with pytest.raises(ModelError, match="The model dlib-resnet-v1 cannot be loaded"):
        DlibResNetEmbedder(graph=b"no graph", info=embedder.info, landmarks=landmarks)


def test_second_start_takes_the_model_file_that_is_there(
    embedder: DlibResNetEmbedder, near_hog: HogDetector, models_dir: Path
) -> None:
    image = scene((100, 100, 300))
    faces = near_hog.detect(image)
    again = build_builtin_embedder(models_dir)
    np.testing.assert_array_equal(again.embed(image, faces), embedder.embed(image, faces))
