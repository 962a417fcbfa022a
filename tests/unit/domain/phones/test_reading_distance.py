import math

import pytest

from kiosk.codes.draw import QrCodeDrawer
from kiosk.domain.phones.reading_distance import (
    DESK_SCREEN,
    DESK_SCREEN_MM,
    LEAST_MM,
    LONGEST_HOST,
    VERSION_2,
    CodeSize,
    ScreenShape,
    code_size,
    corner_size,
    full_size,
)

VERSION_3, VERSION_4 = 29, 33


def test_a_pixel_of_a_24_inch_screen_is_as_wide_as_geometry_says() -> None:
    width_mm = 24 * 25.4 * 16 / math.hypot(16, 9)
    assert pytest.approx(width_mm / 1920, rel=1e-3) == DESK_SCREEN_MM


def test_in_the_corner_of_a_24_inch_screen_a_module_is_six_millimetres_and_readable_from_two_metres() -> None:
    size = corner_size(VERSION_2, DESK_SCREEN)
    assert size.module_px == 22
    assert size.module_mm >= 6
    assert size.distance_m >= 2
    assert size.sentence == "Modules of 6.1 mm, readable from 2.8 m"


def test_over_the_full_screen_it_is_readable_from_four_metres() -> None:
    size = full_size(VERSION_2, DESK_SCREEN)
    assert size.module_px == 32
    assert size.distance_m >= 4


def test_a_code_of_version_3_is_as_large_in_the_corner_and_nearly_so_over_the_full_screen() -> None:
    assert corner_size(VERSION_3, DESK_SCREEN) == corner_size(VERSION_2, DESK_SCREEN)
    assert full_size(VERSION_3, DESK_SCREEN).module_mm >= 7.5


def test_names_up_to_the_longest_make_no_larger_code() -> None:
    for scheme in ("HTTP", "HTTPS"):
        sides = [
            len(QrCodeDrawer().modules(f"{scheme}://{'K' * length}:8080/S/ABCDEFGH"))
            for length in (LONGEST_HOST, LONGEST_HOST + 2)
        ]
        assert sides == [VERSION_3, VERSION_4]
    assert corner_size(VERSION_4, DESK_SCREEN).module_mm < LEAST_MM


def test_more_pixels_on_the_same_screen_change_nothing_that_a_phone_sees() -> None:
    fine = ScreenShape(3840, 2160, DESK_SCREEN.width_mm)
    assert fine.inches == pytest.approx(24, abs=0.1)
    assert corner_size(VERSION_2, fine).module_mm == pytest.approx(
        corner_size(VERSION_2, DESK_SCREEN).module_mm, rel=0.03
    )


def test_a_smaller_screen_is_read_from_nearer() -> None:
    laptop = ScreenShape(1366, 768, 309)
    assert corner_size(VERSION_2, laptop).distance_m < corner_size(VERSION_2, DESK_SCREEN).distance_m


def test_distance_grows_with_the_module() -> None:
    assert CodeSize(1, 12.0).distance_m == pytest.approx(2 * CodeSize(1, 6.0).distance_m)


@pytest.mark.parametrize("modules", [21, 25, 29, 33, 57])
def test_code_and_quiet_zone_never_leave_the_square(modules: int) -> None:
    for available in range(modules + 8, 1200, 7):
        size = code_size(modules=modules, available_px=available, pixel_mm=0.25)
        assert available - (modules + 8) < size.module_px * (modules + 8) <= available
