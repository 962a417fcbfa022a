import pytest

from kiosk.domain.faces.frames import Box
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.attendance.kiosk_screen.motion import Glide
from kiosk.gui.attendance.kiosk_screen.placing import card_place, hidden
from kiosk.services.faces.recognition.analysis import FaceState, FaceView


def face(x: float, *, track: int = 1) -> FaceView:
    return FaceView(track, Box(x, 100, 100, 120), FaceState.CHECKING, None)


def test_box_glides_to_its_new_place_without_overshooting() -> None:
    glide = Glide()
    glide.see([face(0)], 0)
    glide.at(0)
    glide.see([face(40)], 0.03)
    places = []
    for tick in range(1, 20):
        glide.see([face(40)], tick / 30)
        places.append(glide.at(tick / 30)[0].box.x)
    assert places == sorted(places)
    assert 5 < places[0] < 30
    assert places[-1] == pytest.approx(40, abs=0.1)


def test_box_jumps_when_the_face_is_somewhere_else() -> None:
    glide = Glide()
    glide.see([face(0)], 0)
    glide.at(0)
    glide.see([face(600)], 0.03)
    assert glide.at(0.031)[0].box.x == 600


def test_box_fades_in_and_goes_when_the_face_is_gone() -> None:
    glide = Glide()
    glide.see([face(0)], 0)
    assert glide.at(0.05)[0].opacity < 1
    glide.see([face(0)], 0.3)
    assert glide.at(0.3)[0].opacity == 1
    assert glide.at(0.5)[0].opacity == 1
    glide.at(0.6)
    assert glide.at(1.2) == ()


def test_wide_view_cuts_top_and_bottom_equally() -> None:
    framing = Framing.of((1280, 720), (1280, 600), mirrored=False)
    assert framing.source == Box(0, 60, 1280, 600)
    assert framing.place(Box(100, 60, 50, 50)) == Box(100, 0, 50, 50)


def test_mirrored_box_lands_on_the_other_side() -> None:
    framing = Framing.of((1280, 720), (640, 360), mirrored=True)
    assert framing.place(Box(0, 0, 100, 100)) == Box(590, 0, 50, 50)


def test_upright_picture_is_shown_whole() -> None:
    framing = Framing.of((720, 1280), (1264, 800), mirrored=False)
    assert framing.source == Box(0, 0, 720, 1280)
    assert framing.target.height == 800
    assert framing.target.x == pytest.approx((1264 - 450) / 2)


def place(faces: list[Box], now: Box | None = None) -> Box:
    return card_place(width=1264, height=800, card=(480, 128), margin=28, faces=faces, now=now)


def test_card_stands_bottom_left_when_nobody_is_there() -> None:
    assert place([]) == Box(28, 644, 480, 128)


@pytest.mark.parametrize(
    "faces",
    [
        [Box(100, 600, 200, 200)],
        [Box(100, 600, 200, 200), Box(900, 600, 200, 200)],
        [Box(100, 0, 200, 800), Box(900, 600, 200, 200)],
        [Box(0, 0, 300, 800), Box(1000, 0, 264, 800)],
    ],
)
def test_card_moves_to_where_it_hides_no_face(faces: list[Box]) -> None:
    assert hidden(place(faces), faces) == 0


def test_card_stays_where_it_is_while_that_is_free() -> None:
    right = place([Box(100, 600, 200, 200)])
    assert right.x > 600
    assert place([], right) == right


def test_card_hides_as_little_as_possible_when_faces_are_everywhere() -> None:
    faces = [Box(0, 0, 1264, 700)]
    assert hidden(place(faces), faces) == 480 * (700 - 644)


def test_with_less_motion_a_box_is_there_at_once() -> None:
    glide = Glide()
    glide.see([face(0)], 0)
    assert glide.at(0, still=True)[0].opacity == 1
    glide.see([face(40)], 0.03)
    assert glide.at(0.03, still=True)[0].box.x == pytest.approx(40)
