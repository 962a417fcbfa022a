import math

import pytest

from kiosk.domain.reading_distance import CORNER_PX, DESK_SCREEN_MM, FULL_PX, CodeSize, code_size

VERSION_2 = 25


def test_a_pixel_of_a_24_inch_screen_is_as_wide_as_geometry_says() -> None:
    width_mm = 24 * 25.4 * 16 / math.hypot(16, 9)
    assert pytest.approx(width_mm / 1920, rel=1e-3) == DESK_SCREEN_MM


def test_in_the_corner_of_a_24_inch_screen_a_module_is_six_millimetres_and_readable_from_two_metres() -> None:
    size = code_size(modules=VERSION_2, available_px=CORNER_PX, pixel_mm=DESK_SCREEN_MM)
    assert size.module_px == 22
    assert size.module_mm >= 6
    assert size.distance_m >= 2
    assert size.sentence == "Modules of 6.1 mm, readable from 2.8 m"


def test_over_the_full_screen_it_is_readable_from_four_metres() -> None:
    size = code_size(modules=VERSION_2, available_px=FULL_PX, pixel_mm=DESK_SCREEN_MM)
    assert size.module_px == 32
    assert size.distance_m >= 4


def test_distance_grows_with_the_module() -> None:
    assert CodeSize(1, 12.0).distance_m == pytest.approx(2 * CodeSize(1, 6.0).distance_m)


@pytest.mark.parametrize("modules", [21, 25, 29, 33, 57])
def test_code_and_quiet_zone_never_leave_the_square(modules: int) -> None:
    for available in range(modules + 8, 1200, 7):
        size = code_size(modules=modules, available_px=available, pixel_mm=0.25)
        assert available - (modules + 8) < size.module_px * (modules + 8) <= available
