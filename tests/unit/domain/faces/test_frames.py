import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.faces.frames import Box, Detection, Frame, head_turn, reduced, surroundings

sizes = st.floats(1, 500)
places = st.floats(-500, 500)
boxes = st.builds(Box, places, places, sizes, sizes)


def test_a_frame_knows_its_size() -> None:
    frame = Frame(np.zeros((720, 1280, 3), np.uint8), 0.0, 0)

    assert (frame.width, frame.height) == (1280, 720)


def test_a_box_has_an_area_and_a_centre() -> None:
    assert Box(10, 20, 30, 40).area == 1200
    assert Box(10, 20, 30, 40).centre == (25, 40)
    assert Box(10, 20, -3, 40).area == 0


def test_a_box_scales_with_its_picture() -> None:
    assert Box(10, 20, 30, 40).scaled(0.5) == Box(5, 10, 15, 20)


def test_a_face_in_the_mirror_image_has_its_sides_changed_and_twice_mirrored_is_as_it_was() -> None:
    points = np.array([[10, 20], [30, 21], [20, 30], [12, 40], [28, 41]], np.float32)
    face = Detection(Box(5, 10, 30, 40), 0.9, points)
    other = face.mirrored(100)
    assert (other.box, other.score) == (Box(65, 10, 30, 40), 0.9)
    assert other.landmarks is not None
    assert other.landmarks.tolist() == [[69, 21], [89, 20], [79, 30], [71, 41], [87, 40]]
    again = other.mirrored(100)
    assert again.box == face.box
    assert again.landmarks is not None
    np.testing.assert_array_equal(again.landmarks, points)
    assert Detection(face.box, 0.9).mirrored(100).landmarks is None


def test_surroundings_are_a_copy_that_ends_at_the_edge_of_the_picture() -> None:
    picture = np.arange(100 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 200, 3)

    cut, left, top = surroundings(picture, Box(150, 20, 40, 40), 0.5)

    assert (left, top) == (130, 0)
    np.testing.assert_array_equal(cut, picture[0:80, 130:200])
    assert not np.shares_memory(cut, picture)
    face = Box(150, 20, 40, 40).moved(-left, -top)
    assert face == Box(20, 20, 40, 40)


@pytest.mark.parametrize("box", [Box(900, 20, 40, 40), Box(-500, 20, 40, 40), Box(10, 10, -60, 5)])
def test_around_a_box_outside_the_picture_there_is_nothing(box: Box) -> None:
    cut, _, _ = surroundings(np.zeros((100, 200, 3), np.uint8), box, 0.5)

    assert cut.size == 0


def test_boxes_side_by_side_share_nothing() -> None:
    assert Box(0, 0, 10, 10).intersection_over_union(Box(10, 0, 10, 10)) == 0


def test_half_a_box_shares_half_of_it() -> None:
    assert Box(0, 0, 10, 10).intersection_over_union(Box(0, 0, 10, 5)) == pytest.approx(0.5)


def test_two_empty_boxes_share_nothing() -> None:
    assert Box(0, 0, 0, 0).intersection_over_union(Box(0, 0, 0, 0)) == 0


@given(boxes, boxes)
def test_overlap_is_a_share_and_the_same_both_ways(one: Box, other: Box) -> None:
    overlap = one.intersection_over_union(other)

    assert 0 <= overlap <= 1 + 1e-9
    assert overlap == pytest.approx(other.intersection_over_union(one))
    assert one.intersection_over_union(one) == pytest.approx(1)


@pytest.mark.parametrize(("nose_x", "turn"), [(50.0, 0.0), (60.0, 0.25), (40.0, -0.25)])
def test_head_turn_is_the_nose_beside_the_middle_of_the_eyes(nose_x: float, turn: float) -> None:
    points = np.array([[30, 40], [70, 40], [nose_x, 60]], np.float32)
    assert head_turn(points) == pytest.approx(turn)


def test_head_turn_does_not_depend_on_the_heads_tilt() -> None:
    upright = np.array([[30, 40], [70, 40], [60, 60]], np.float32)
    tilt = np.array([[0.8, 0.6], [-0.6, 0.8]], np.float32)
    assert head_turn(upright @ tilt) == pytest.approx(0.25)


def test_head_turn_of_eyes_in_one_place_is_zero() -> None:
    assert head_turn(np.zeros((3, 2), np.float32)) == 0.0


def test_a_reduced_picture_holds_the_means_of_squares() -> None:
    picture = np.zeros((5, 7, 3), np.uint8)
    picture[0, 0] = 100
    picture[2:4, 4:6] = 255

    small = reduced(picture, 2)

    assert small.shape == (2, 3, 3)
    assert small.dtype == np.uint8
    assert small[0, 0].tolist() == [25, 25, 25]
    assert small[1, 2].tolist() == [255, 255, 255]
