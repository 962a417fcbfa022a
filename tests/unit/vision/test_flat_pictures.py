"""A head turn asked of a flat picture: detectors' own points on a picture that is really turned before a camera."""

from pathlib import Path

import pytest

from kiosk.domain.faces.frames import BgrImage, Detection, Points
from kiosk.domain.faces.head_turn import HeadTurn, HeadTurnRule, Look, Pose, TurnDirection, TurnPhase, pose_of
from kiosk.services.ports.vision import Detector
from kiosk.vision.factory import build_detector
from kiosk.vision.pictures import read_picture
from tests.fakes.faces.turned_print import turned_print

RULE = HeadTurnRule()
WHO = ("S001/05", "S002/06", "S003/01", "S004/03", "S005/02", "S007/02", "S008/03", "S009/04", "S013/02")


def poses_of(photograph: BgrImage, detector: Detector) -> list[Pose]:
    """How the print is held while it is turned to one side, to the other, and moved sideways, as far as it is found."""
    face_px = largest(detector.detect(photograph)).box.height
    poses = []
    ways = [(yaw, 0.0) for yaw in range(-60, 61, 4)] + [(0, x) for x in range(-120, 121, 40)]
    for yaw, x in ways:
        image = turned_print(photograph, face_px=face_px, yaw=yaw, distance=600.0, x=x)
        for found in detector.detect(image)[:1]:
            assert found.landmarks is not None
            pose = pose_of(found.landmarks)
            assert pose is not None
            poses.append(pose)
    return poses


def largest(faces: list[Detection]) -> Detection:
    return max(faces, key=lambda face: face.box.area)


@pytest.mark.shared_data
@pytest.mark.parametrize("direction", list(TurnDirection))
def test_a_printed_photograph_turned_and_moved_sideways_shows_no_head_turn(
    shared_dir: Path, direction: TurnDirection
) -> None:
    """Nine people, with the points that YuNet itself finds. Recognition is taken for granted, to the attacker's good."""
    detector = build_detector(shared_dir / "models", reach="near").detector
    for who in WHO:
        photograph = read_picture((shared_dir / "faces" / "people" / f"{who}.jpg").read_bytes())
        straight = pose_of(straight_of(photograph, detector))
        assert straight is not None
        poses = poses_of(photograph, detector)
        assert len(poses) >= 25, "the print must be seen at most angles, or the test shows nothing"
        state = HeadTurn()
        # Held straight for a moment, then the whole sweep, forth and back.
        for frame, pose in enumerate([straight] * 5 + poses + poses[::-1]):
            state = state.after(Look(frame / 20, pose, 1, True), RULE, direction)
        assert state.phase in {TurnPhase.ASKED, TurnPhase.FAILED}, who


def straight_of(photograph: BgrImage, detector: Detector) -> Points:
    points = largest(detector.detect(photograph)).landmarks
    assert points is not None
    return points
