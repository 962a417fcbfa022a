"""A head turn asked of a flat picture: detectors' own points on a picture that is really turned before a camera."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.frames import BgrImage, Detection, Points
from kiosk.domain.head_turn import HeadTurn, HeadTurnRule, Look, Pose, TurnDirection, TurnPhase, pose_of
from kiosk.services.ports.vision import Detector
from kiosk.vision.factory import build_detector
from kiosk.vision.pictures import read_picture

RULE = HeadTurnRule()
WIDTH, HEIGHT = 1280, 720
FOCAL = 1000.0
WHO = ("S001/05", "S002/06", "S003/01", "S004/03", "S005/02", "S007/02", "S008/03", "S009/04", "S013/02")
FACE_MM = 160.0
"""Life size: the height of the face on the print."""


def turned_print(
    photograph: BgrImage, *, face_px: float, yaw: float, distance: float, x: float = 0.0
) -> BgrImage:
    """What a camera sees of a print turned by `yaw` degrees about its upright axis, `distance` millimetres away."""
    height, width = photograph.shape[:2]
    scale = FACE_MM / face_px
    angle = np.radians(yaw)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    flat = (corners - (width / 2, height / 2)) * scale
    across = flat[:, 0] * np.cos(angle) + x
    depth = distance + flat[:, 0] * np.sin(angle)
    seen = np.stack(
        [WIDTH / 2 + FOCAL * across / depth, HEIGHT / 2 + FOCAL * flat[:, 1] / depth], axis=1
    ).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    grey = (150, 150, 150)
    return np.asarray(
        cv2.warpPerspective(photograph, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=grey),
        np.uint8,
    )


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
            state = state.after(Look(frame / 20, pose, 1, True), RULE, lambda: direction)
        assert state.phase in {TurnPhase.ASKED, TurnPhase.FAILED}, who


def straight_of(photograph: BgrImage, detector: Detector) -> Points:
    points = largest(detector.detect(photograph)).landmarks
    assert points is not None
    return points
