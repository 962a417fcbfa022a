import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.frames import Box, Frame

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
