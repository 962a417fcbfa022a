"""What a network is fed: the formulas of their authors' code, and an answer for a black picture."""

import numpy as np
import pytest

from kiosk.vision.embedding.network_input import Colours, Crop, NetworkInput, Values, read_input, whitened

PIXELS = np.random.default_rng(3).integers(0, 256, (6, 6, 3), dtype=np.uint8)
"""BGR."""
RGB = PIXELS[..., ::-1].astype(np.float64)


def network_input(values: Values, colours: Colours = Colours.RGB) -> NetworkInput:
    mean = (10.0, 20.0, 30.0)
    return NetworkInput(6, Crop.UPRIGHT_SQUARE, colours, values, "a test", measured=True, mean=mean)


def test_raw_pixels_stay_and_change_their_order_only() -> None:
    assert np.array_equal(network_input(Values.RAW).fed(PIXELS), RGB)
    assert np.array_equal(network_input(Values.RAW, Colours.BGR).fed(PIXELS), PIXELS)


def test_whitening_is_that_of_facenets_author() -> None:
    """`prewhiten`: the mean and the standard deviation of the whole crop, at least 1 / √n."""
    deviation = max(RGB.std(), 1.0 / np.sqrt(RGB.size))
    found = network_input(Values.WHITENED).fed(PIXELS)
    assert np.allclose(found, (RGB - RGB.mean()) / deviation, atol=1e-5)
    assert found.dtype == np.float32


def test_a_black_crop_is_whitened_to_zeros() -> None:
    assert np.array_equal(whitened(np.zeros((4, 4, 3), np.float32)), np.zeros((4, 4, 3)))


def test_centred_values_are_those_of_facenets_author() -> None:
    assert np.allclose(network_input(Values.CENTRED).fed(PIXELS), (RGB - 127.5) / 128, atol=1e-6)


def test_means_are_taken_from_the_channels_in_the_order_of_the_colours() -> None:
    assert np.allclose(network_input(Values.LESS_MEAN).fed(PIXELS), RGB - (10, 20, 30))


@pytest.mark.parametrize("mean", [[1.0], [1, 2, 3, 4], ["a", "b", "c"]])
def test_a_mean_of_other_than_three_numbers_is_refused(mean: list[object]) -> None:
    row = {"side": 6, "crop": "five-points", "colours": "rgb", "values": "less-mean", "mean": mean}
    with pytest.raises(ValueError, match=r"mean|convert"):
        read_input("m", {**row, "source": "s", "measured": True})
