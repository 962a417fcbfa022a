import numpy as np
import pytest

from kiosk.codes.draw import QrCodeDrawer


def test_modules_are_a_square_with_the_three_finder_patterns() -> None:
    modules = QrCodeDrawer().modules("HTTP://10.20.4.17:8080/S/ABCDEFGH")
    assert modules.dtype == np.bool_
    assert modules.shape[0] == modules.shape[1]
    finder = np.ones((7, 7), np.bool_)
    finder[1:6, 1:6] = False
    finder[2:5, 2:5] = True
    for corner in (modules[:7, :7], modules[:7, -7:], modules[-7:, :7]):
        assert np.array_equal(corner, finder)


def test_error_correction_is_m() -> None:
    # ISO/IEC 18004: format bits 14 and 13 stand at (8, 0) and (8, 1); M is 00, XORed with the mask 10.
    modules = QrCodeDrawer().modules("hello")
    assert (bool(modules[8, 0]), bool(modules[8, 1])) == (True, False)


def test_picture_is_black_on_white_with_a_quiet_zone_of_four_modules() -> None:
    drawer = QrCodeDrawer()
    picture = drawer.picture("hello", module_px=3)
    side = drawer.modules("hello").shape[0]
    assert picture.shape == ((side + 8) * 3, (side + 8) * 3, 3)
    assert set(np.unique(picture)) == {0, 255}
    assert picture[:12].min() == 255
    assert picture[:, -12:].min() == 255
    assert picture[12, 12].tolist() == [0, 0, 0]


@pytest.mark.parametrize("text", ["", "x" * 2332])
def test_text_that_no_code_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="text"):
        QrCodeDrawer().modules(text)
