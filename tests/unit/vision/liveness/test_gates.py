"""Which gate a class gets, and what its teacher is told when the networks are missing or damaged."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.faces.frames import Box, Detection, Frame
from kiosk.domain.faces.recognition import Liveness, Track
from kiosk.services.faces.recognition.face_liveness import ClosedGate
from kiosk.services.ports.vision import LivenessGate
from kiosk.settings import LivenessSettings
from kiosk.vision.factory import build_detector
from kiosk.vision.liveness.gates import build_liveness_gate, liveness_rule
from kiosk.vision.liveness.liveness_files import ATTACK_DETECTORS, SEES_HEAD_TURNS, liveness_problem
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture

FILES = [read_manifest()[name].file for name in ATTACK_DETECTORS]


def gate_of(mode: LivenessMode, models_dir: Path, *, detector: str = "yunet-2026may") -> LivenessGate | None:
    return build_liveness_gate(mode, models_dir, settings=LivenessSettings(), detector=detector)


def said(gate: LivenessGate, image: np.ndarray, box: Box, frames: int = 6) -> list[Liveness]:
    track = Track(1, Detection(box, 1.0), 0.0)
    return [gate.look(Frame(image, index / 10, index), [track])[1] for index in range(frames)]


@pytest.fixture
def damaged(shared_dir: Path, tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(shared_dir / "models" / name, tmp_path)
    (tmp_path / FILES[0]).write_bytes(b"no network")
    return tmp_path


def test_settings_speak_percent_and_rules_shares() -> None:
    rule = liveness_rule(LivenessSettings(live_from=70, attack_below=20, frames=7))
    assert (rule.live_from, rule.attack_below, rule.frames) == (0.7, 0.2, 7)


def test_a_class_without_a_check_has_no_gate(tmp_path: Path) -> None:
    assert gate_of(LivenessMode.OFF, tmp_path) is None
    assert liveness_problem(LivenessMode.OFF, tmp_path) is None


def test_every_yunet_sees_head_turns() -> None:
    found = [entry.name for entry in read_manifest().values() if entry.task == "detection"]
    assert set(found) == set(SEES_HEAD_TURNS)


def test_a_head_turn_needs_no_network_but_a_detector_that_sees_it(tmp_path: Path) -> None:
    problem = liveness_problem(LivenessMode.ACTIVE, tmp_path)
    assert problem is not None
    assert "YuNet" in problem.hint
    (tmp_path / read_manifest()["yunet-2026may"].file).touch()
    assert liveness_problem(LivenessMode.ACTIVE, tmp_path) is None
    able, blind = (
        gate_of(LivenessMode.ACTIVE, tmp_path, detector=one) for one in ("yunet-2026may", "dlib-hog")
    )
    assert able is not None
    assert able.trouble is None
    assert isinstance(blind, ClosedGate)
    assert "turned picture" in blind.trouble.user_text


def test_without_networks_a_passive_class_marks_nobody_by_face_and_says_why(tmp_path: Path) -> None:
    problem = liveness_problem(LivenessMode.PASSIVE, tmp_path)
    assert problem is not None
    assert "minifasnet-v2 is not installed" in problem.user_text
    assert "another check" in problem.hint
    gate = gate_of(LivenessMode.PASSIVE, tmp_path)
    assert gate is not None
    assert gate.trouble is not None
    assert gate.trouble.user_text == problem.user_text
    assert "scan the code" in gate.trouble.hint
    image = np.zeros((480, 640, 3), np.uint8)
    assert said(gate, image, Box(100, 100, 200, 200)) == [Liveness.NOT_SHOWN] * 6


@pytest.mark.shared_data
def test_a_damaged_network_closes_a_passive_class_and_leaves_an_active_one_its_head_turn(
    damaged: Path,
) -> None:
    problem = liveness_problem(LivenessMode.PASSIVE, damaged)
    assert problem is not None
    assert "damaged" in problem.user_text
    passive, active = gate_of(LivenessMode.PASSIVE, damaged), gate_of(LivenessMode.ACTIVE, damaged)
    assert passive is not None
    assert active is not None
    assert passive.trouble is not None
    assert active.trouble is not None
    image = np.zeros((480, 640, 3), np.uint8)
    assert set(said(passive, image, Box(100, 100, 200, 200))) == {Liveness.NOT_SHOWN}
    assert set(said(active, image, Box(100, 100, 200, 200))) == {Liveness.PENDING}


@pytest.mark.shared_data
@pytest.mark.parametrize("mode", [LivenessMode.PASSIVE, LivenessMode.ACTIVE])
def test_with_networks_pictures_are_attacks_in_either_mode(shared_dir: Path, mode: LivenessMode) -> None:
    image = read_picture((shared_dir / "pad" / "attack_02.jpg").read_bytes())
    (face,) = build_detector(shared_dir / "models", reach="near").detector.detect(image)
    gate = gate_of(mode, shared_dir / "models")
    assert gate is not None
    assert gate.trouble is None
    track = Track(1, face, 0.0)
    said = [gate.look(Frame(image, index / 10, index), [track])[1] for index in range(6)]
    assert said[-1] is Liveness.ATTACK
