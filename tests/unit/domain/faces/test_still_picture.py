import numpy as np

from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.still_picture import StillPicture


def test_a_picture_that_repeats_is_still_for_as_long_as_it_does() -> None:
    still, room = StillPicture(), np.full((90, 160, 3), 80, np.uint8)

    assert not still.repeats(Frame(room, 10.0, 0))
    assert still.since_s == 0.0
    assert still.repeats(Frame(room.copy(), 10.5, 1))
    assert still.repeats(Frame(room.copy(), 14.0, 2))
    assert still.since_s == 4.0


def test_one_grey_level_in_one_pixel_is_a_new_picture() -> None:
    still, room = StillPicture(), np.full((90, 160, 3), 80, np.uint8)
    still.repeats(Frame(room, 0.0, 0))
    changed = room.copy()
    changed[37, 101, 1] += 1

    assert not still.repeats(Frame(changed, 1.0, 1))
    assert not still.repeats(Frame(room, 2.0, 2))
    assert still.since_s == 0.0


def test_a_picture_of_another_size_is_a_new_one() -> None:
    still = StillPicture()
    still.repeats(Frame(np.zeros((1, 1, 3), np.uint8), 0.0, 0))

    assert not still.repeats(Frame(np.zeros((2, 1, 3), np.uint8), 1.0, 1))
