"""What somebody is asked to do: words, the side of the arrow, and a card that hides no face."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.frames import Box, Frame, head_turn
from kiosk.domain.faces.head_turn import Request, TurnDirection
from kiosk.gui.attendance.kiosk_screen.camera_view import CameraView
from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.attendance.kiosk_screen.placing import hidden, request_place
from kiosk.gui.attendance.kiosk_screen.request_card import RequestWords, words_for, words_of
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme
from kiosk.services.events import CameraState
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis


def heavy_side(icon: str) -> float:
    """Where the ink of an icon is, from -1 (all on the left) to 1."""
    image = QImage(96, 96, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_icon(painter, icon, QRectF(0, 0, 96, 96), "#000000")
    painter.end()
    ink = np.frombuffer(image.constBits(), np.uint8).reshape(96, 96, 4)[..., 3].astype(float)
    left, right = ink[:, :48].sum(), ink[:, 48:].sum()
    return float((right - left) / (right + left))


def test_the_arrow_to_the_persons_left_points_to_the_left_of_the_screen(qtbot: QtBot) -> None:
    assert heavy_side(words_of(Request.TURN_LEFT).icon) < -0.05
    assert heavy_side(words_of(Request.TURN_RIGHT).icon) > 0.05
    assert "left" in words_of(Request.TURN_LEFT).title
    assert "right" in words_of(Request.TURN_RIGHT).title


@pytest.mark.parametrize("direction", list(TurnDirection))
def test_the_head_in_the_mirrored_picture_turns_the_way_the_arrow_points(direction: TurnDirection) -> None:
    # As a camera sees it: the person's right eye is on the left of the picture.
    nose = 640.0 + 40.0 * direction.sign
    points = np.array([[600, 300], [680, 300], [nose, 340]], np.float32)
    assert head_turn(points) * direction.sign > 0
    framing = Framing.of((1280, 720), (1264, 800), mirrored=True)
    eyes, tip = (framing.place(Box(x, 300.0, 0.0, 0.0)).x for x in (640.0, nose))
    assert (tip < eyes) == (direction is TurnDirection.LEFT)


def test_the_card_speaks_for_everybody_or_points_to_the_faces() -> None:
    assert words_for([]) is None
    assert words_for([Request.TURN_LEFT] * 3) == words_of(Request.TURN_LEFT)
    several = RequestWords("face", "Please turn your head", "Each as it says at your face", "")
    assert words_for([Request.TURN_LEFT, Request.LOOK_STRAIGHT]) == several


def test_the_card_goes_below_where_the_face_is_high_and_stays_there() -> None:
    high, low = Box(450, 20, 300, 300), Box(450, 460, 300, 300)

    def place(face: Box, now: Box | None = None) -> Box:
        return request_place(width=1264, height=800, card=(760, 168), margin=28, faces=[face], now=now)

    assert place(low).y == 28
    assert place(high).y == 800 - 28 - 168
    assert hidden(place(high), [high]) == 0
    middle = Box(450, 250, 300, 300)
    assert place(middle, now=place(high)).y == place(high).y


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> CameraView:
    view = CameraView(theme, mirror=True)
    qtbot.addWidget(view)
    view.resize(1264, 800)
    view.show_state(ClassState(camera=CameraState.RUNNING, enrolled=6))
    return view


def see(view: CameraView, *faces: FaceView) -> None:
    frame = Frame(np.full((720, 1280, 3), 90, np.uint8), 1.0, 1)
    for step in range(10):
        analysis = FrameAnalysis(1 + step, 1.0, 1280, 720, faces, (), 0)
        view.poll(frame, analysis, (), 10.0 + step / 10)
    view.grab()


def test_whoever_is_asked_sees_a_card_that_hides_no_face(view: CameraView) -> None:
    asked = FaceView(1, Box(500, 60, 260, 300), FaceState.CHECKING, None, Request.TURN_RIGHT)
    see(view, asked)
    assert view.request == words_of(Request.TURN_RIGHT)
    assert view.request_place is not None
    assert hidden(view.request_place, view.face_places()) == 0


def test_the_card_goes_with_the_request_and_with_the_camera(view: CameraView) -> None:
    box = Box(500, 60, 260, 300)
    see(view, FaceView(1, box, FaceState.CHECKING, None, Request.TURN_RIGHT))
    see(view, FaceView(1, box, FaceState.RECOGNISED, None))
    assert view.request is None
    assert view.request_place is None
    see(view, FaceView(1, box, FaceState.CHECKING, None, Request.TURN_LEFT))
    view.show_state(ClassState(camera=CameraState.LOST, enrolled=6))
    view.grab()
    assert view.request_place is None
