from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk.domain.faces.open_set import leave_one_out
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds
from kiosk.reports.distance_chart import HEIGHT, WIDTH, draw_distance_chart
from kiosk.services.ports.outputs import DistanceChart

LIMITS = Thresholds(0.45, 0.6, 0.05)
GENUINE = np.array([0.2, 0.22, 0.3, 0.31, 0.35, 0.4], np.float32)
IMPOSTOR = np.array([0.62, 0.7, 0.71, 0.8, 0.9], np.float32)
GROUPS = st.lists(st.one_of(st.floats(0, 3, width=32), st.just(float("inf"))), max_size=400)


def chart(
    genuine: list[float] | np.ndarray[tuple[int], np.dtype[np.float32]] = GENUINE,
    impostor: list[float] | np.ndarray[tuple[int], np.dtype[np.float32]] = IMPOSTOR,
    limits: Thresholds = LIMITS,
    own: float = 0.5,
) -> DistanceChart:
    return DistanceChart(np.array(genuine, np.float32), np.array(impostor, np.float32), limits, own)


def drawn(wanted: DistanceChart, *, dark: bool = False, scale: float = 1.0) -> Image.Image:
    picture = Image.open(BytesIO(draw_distance_chart(wanted, dark=dark, scale=scale)))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def columns_of(picture: Image.Image, colour: tuple[int, int, int], rows: slice) -> list[int]:
    """Columns in which every pixel of some rows has one colour."""
    same = (np.asarray(picture)[rows] == colour).all(axis=2).all(axis=0)
    return [int(column) for column in np.flatnonzero(same)]


def test_it_is_as_large_as_asked_and_on_the_colour_of_the_card() -> None:
    assert drawn(chart()).size == (WIDTH, HEIGHT)
    assert drawn(chart(), scale=2).size == (2 * WIDTH, 2 * HEIGHT)
    assert drawn(chart()).getpixel((2, 2)) == (255, 255, 255)
    assert drawn(chart(), dark=True).getpixel((2, 2)) == (0x17, 0x1E, 0x25)


def test_accept_is_an_unbroken_line_between_the_two_groups() -> None:
    picture = drawn(chart())
    (left, *_, right) = columns_of(picture, (0x10, 0x18, 0x20), slice(110, 275))
    pixels = np.asarray(picture)
    genuine = np.flatnonzero((pixels[287:290] == (0x15, 0x57, 0xC0)).all(axis=2).any(axis=0))
    impostor = np.flatnonzero((pixels[287:290] == (0x9A, 0x5B, 0x00)).all(axis=2).any(axis=0))

    assert right - left <= 2
    assert genuine.max() < left < right < impostor.min()
    # Distances and places are proportional: accept is where its neighbours say it is.
    share = (0.45 - 0.4) / (0.62 - 0.4)
    assert left == pytest.approx(genuine.max() + share * (impostor.min() - genuine.max()), abs=3)


@pytest.mark.parametrize("limits", [Thresholds(0.458, 0.565, 0.1), Thresholds(0.64, 0.65, 0.1)])
def test_reject_has_room_for_its_words_beside_its_line_where_nothing_lies_beyond(limits: Thresholds) -> None:
    ink = dark_pixels(chart([0.1, 0.15, 0.2], [0.42, 0.45, 0.5], limits, own=limits.accept))
    lines = np.flatnonzero(ink[81:83].all(axis=0))  # above the words, where only the lines reach

    assert len(lines) == 4
    for line in (lines[:2], lines[2:]):
        assert not ink[80:98, line[0] - 6 : line[0]].any()
        assert not ink[80:98, line[1] + 1 : line[1] + 6].any()


def test_a_threshold_at_the_edge_begins_below_its_words() -> None:
    ink = dark_pixels(chart([0.4, 0.45], [0.46, 0.7], Thresholds(0.3, 0.4, 0.1), own=0.3))
    accept = int(np.flatnonzero(ink[110:270].all(axis=0))[0])

    assert ink[84:96, accept - 40 : accept + 20].any()
    assert not ink[97:103, accept].any()


def dark_pixels(wanted: DistanceChart) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.asarray(np.asarray(drawn(wanted).convert("L")) < 100)


def test_the_models_own_accept_is_drawn_only_where_it_differs() -> None:
    assert np.any(np.asarray(drawn(chart(own=0.5))) != np.asarray(drawn(chart(own=0.45))))


@settings(max_examples=30, deadline=None)
@given(genuine=GROUPS, impostor=GROUPS, accept=st.floats(0, 2), wider=st.floats(0, 2), own=st.floats(0, 2))
def test_whatever_was_measured_is_drawn(
    genuine: list[float], impostor: list[float], accept: float, wider: float, own: float
) -> None:
    wanted = chart(genuine, impostor, Thresholds(accept, accept + wider, 0.05), own)

    assert drawn(wanted, dark=True).size == (WIDTH, HEIGHT)


def test_it_is_made_of_the_distances_that_decide() -> None:
    model = ModelInfo("model", 1, Metric.EUCLIDEAN, LIMITS)
    places = [(1, 0.0), (1, 0.1), (2, 1.0)]
    gallery = Gallery.of(
        model, [Template(0, owner, "model", np.array([place], np.float32), 1.0) for owner, place in places]
    )
    made = DistanceChart.of(leave_one_out(gallery), LIMITS, own=LIMITS)

    np.testing.assert_allclose(made.genuine, [0.1, 0.1], rtol=1e-5)
    np.testing.assert_allclose(made.impostor, [1.0, 0.9, 0.9], rtol=1e-5)
