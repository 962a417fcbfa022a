"""Passive liveness: deepface's own scores from deepface's own files, and files that are not what they should be."""

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.camera.picture_folder import PictureFolderSource
from kiosk.domain.faces.frames import Box, Detection
from kiosk.errors import ModelError
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.factory import build_attack_detector, build_detector
from kiosk.vision.liveness.liveness_files import has_attack_detector
from kiosk.vision.liveness.minifasnet import MiniFasNet
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture

POINTS = np.zeros((5, 2), np.float32)
"""With landmarks, wherever they are, a box is taken as it is."""

FILES = ("2.7_80x80_MiniFASNetV2.onnx", "4_0_0_80x80_MiniFASNetV1SE.onnx")


@pytest.fixture(scope="module")
def judge(shared_dir: Path) -> MiniFasNet:
    return build_attack_detector(shared_dir / "models")


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "box",
    [
        Box(119, 113, 170, 240),
        Box(134.7, 154.2, 180.9, 180.4),
        Box(-40.5, 20, 200, 260),
        Box(400, 500, 200, 300),
        Box(2, 2, 470, 630),
        Box(300, 300, 12, 9),
    ],
    ids=["inside", "fractions", "left", "corner", "fills", "tiny"],
)
def test_the_score_is_that_of_deepface(
    judge: MiniFasNet, shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, box: Box
) -> None:
    weights = tmp_path / ".deepface" / "weights"
    weights.mkdir(parents=True)
    for name in FILES:
        shutil.copy(shared_dir / "models" / name, weights)
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path))
    logging.getLogger("deepface").setLevel(logging.ERROR)
    from deepface.commons.onnx_utils import run_session
    from deepface.models.spoofing.FasNetUtils import crop
    from deepface.models.spoofing.onnx.FasNet import Fasnet

    theirs = Fasnet()
    for picture in sorted((shared_dir / "pad").iterdir()):
        image = read_picture(picture.read_bytes())
        height, width = image.shape[:2]
        # As `modules/detection.py` hands it over.
        x, y = max(0, int(box.x)), max(0, int(box.y))
        area = (x, y, min(width - x - 1, int(box.width)), min(height - y - 1, int(box.height)))
        is_real, winner = theirs.analyze(image, area)
        live = np.mean(
            [
                run_session(theirs.first_model, crop(image, area, 2.7, 80, 80))[0][1],
                run_session(theirs.second_model, crop(image, area, 4, 80, 80))[0][1],
            ]
        )
        (ours,) = judge.scores(image, [Detection(box, 1.0, POINTS)])
        assert ours == pytest.approx(float(live), abs=1e-5)
        if is_real:
            assert ours == pytest.approx(float(winner), abs=1e-5)


@pytest.mark.shared_data
@pytest.mark.parametrize("detector", ["yunet", "hog"])
def test_the_live_picture_passes_and_both_attacks_are_refused(
    judge: MiniFasNet, shared_dir: Path, near_hog: HogDetector, detector: str
) -> None:
    finder = near_hog if detector == "hog" else build_detector(shared_dir / "models", reach="near").detector
    scores = {}
    for picture in sorted((shared_dir / "pad").iterdir()):
        image = read_picture(picture.read_bytes())
        scores[picture.stem] = judge.scores(image, finder.detect(image)[:1])[0]
    assert scores["real_01"] > 0.9
    assert scores["attack_01"] < 0.3
    assert scores["attack_02"] < 0.3


@pytest.mark.shared_data
def test_faces_are_scored_together_as_they_are_alone(judge: MiniFasNet, shared_dir: Path) -> None:
    image = read_picture((shared_dir / "pad" / "attack_01.jpg").read_bytes())
    outside = Detection(Box(-500, -500, 100, 100), 1.0)
    flat = Detection(Box(10, 10, 0, 0), 1.0)
    faces = [Detection(Box(188, 110, 196, 240), 1.0), outside, Detection(Box(20, 20, 90, 90), 1.0), flat]
    together = judge.scores(image, faces)
    assert together == pytest.approx([judge.scores(image, [face])[0] for face in faces], abs=1e-5)
    assert together[1] == together[3] == 0.0
    assert judge.scores(image, []) == []


def test_networks_that_are_not_installed_are_named(tmp_path: Path) -> None:
    assert not has_attack_detector(tmp_path)
    with pytest.raises(ModelError, match="minifasnet-v2 is not installed"):
        build_attack_detector(tmp_path)


@pytest.mark.shared_data
def test_a_network_cut_in_half_is_refused(shared_dir: Path, tmp_path: Path) -> None:
    for name in FILES:
        shutil.copy(shared_dir / "models" / name, tmp_path)
    path = tmp_path / read_manifest()["minifasnet-v1se"].file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert has_attack_detector(tmp_path)
    with pytest.raises(ModelError, match="damaged"):
        build_attack_detector(tmp_path)


@pytest.mark.shared_data
def test_a_live_face_that_moves_a_little_stays_live_and_an_attack_an_attack_whoever_found_it(
    judge: MiniFasNet, shared_dir: Path, near_hog: HogDetector
) -> None:
    """dlib's boxes are squares that begin at the brows: as they are, they gave the live face 0.14 to 0.97."""
    source = PictureFolderSource(shared_dir / "pad")
    source.open()
    scores: dict[int, list[float]] = {}
    while (frame := source.read()) is not None:
        for face in near_hog.detect(frame.image)[:1]:
            scores.setdefault(int(frame.time_s / 1.8), []).append(judge.scores(frame.image, [face])[0])
    source.close()
    first, second, live = (scores[number] for number in range(3))
    assert min(live) > 0.9
    assert max(np.median(first), np.median(second)) < 0.3
