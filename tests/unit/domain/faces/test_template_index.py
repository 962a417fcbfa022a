"""One matrix product finds what the direct formula finds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.template_index import TemplateIndex, direct

Matrix = NDArray[np.float32]


def people(
    count: int, each: int, dimensions: int, seed: int, spread: float = 0.3
) -> tuple[Matrix, NDArray[np.int64]]:
    """Templates of `count` people, around a direction of each one's own, with lengths that differ."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((count, 1, dimensions))
    rows = centres + spread * random.standard_normal((count, each, dimensions))
    rows *= random.uniform(0.5, 3, (count, each, 1))
    owners = np.repeat(np.arange(10, 10 + count), each)
    return rows.reshape(-1, dimensions).astype(np.float32), owners


def expected(
    matrix: Matrix, owners: NDArray[np.int64], probe: Matrix, *, by_angle: bool
) -> tuple[int, float, float]:
    """The same by definition, in double precision."""
    exact, at = matrix.astype(np.float64), probe.astype(np.float64)
    if by_angle:
        found = 1 - exact @ at / (np.linalg.norm(exact, axis=1) * np.linalg.norm(at))
    else:
        found = np.linalg.norm(exact - at, axis=1)
    best = int(np.argmin(found))
    return int(owners[best]), float(found[best]), float(found[owners != owners[best]].min())


@pytest.mark.parametrize("by_angle", [False, True])
@pytest.mark.parametrize(("count", "dimensions"), [(60, 3), (60, 128), (60, 512), (2000, 512)])
def test_the_answer_equals_the_direct_formula(by_angle: bool, count: int, dimensions: int) -> None:
    matrix, owners = people(count, 5, dimensions, seed=dimensions)
    index = TemplateIndex.of(matrix, owners, by_angle=by_angle)
    random = np.random.default_rng(1)
    probes = matrix[: 7 * 20 : 7] + 0.2 * random.standard_normal((20, dimensions)).astype(np.float32)

    for probe, found in zip(probes, index.nearest(probes), strict=True):
        owner, distance, runner_up = expected(matrix, owners, probe, by_angle=by_angle)
        assert found is not None
        assert found.owner == owner
        assert found.distance == pytest.approx(distance, rel=1e-5, abs=1e-6)
        assert found.runner_up == pytest.approx(runner_up, rel=1e-5, abs=1e-6)


def test_close_faces_far_from_the_origin_do_not_drown_in_rounding() -> None:
    # ‖a‖² is 10,000, so the product alone is wrong by about 0.01 in squares: 0.03 and 0.05 apart would be the same.
    base = np.full(400, 5.0, np.float32)
    matrix = np.stack([base, base, base + 1])
    matrix[0, 0] += np.float32(0.05)
    matrix[1, 0] += np.float32(0.03)
    index = TemplateIndex.of(matrix, np.array([1, 2, 3]), by_angle=False)

    (found,) = index.nearest(base[np.newaxis])

    assert found is not None
    assert found.owner == 2
    assert found.distance == pytest.approx(0.03, abs=1e-6)
    assert found.runner_up == pytest.approx(0.05, abs=1e-6)


def test_a_template_is_at_no_distance_from_itself() -> None:
    matrix, owners = people(20, 3, 128, seed=4)
    index = TemplateIndex.of(matrix, owners, by_angle=False)

    assert [one.distance for one in index.nearest(matrix) if one] == [0.0] * 60
    assert [one.owner for one in index.nearest(matrix) if one] == owners.tolist()


def test_a_batch_says_what_single_probes_say() -> None:
    matrix, owners = people(30, 4, 64, seed=2)
    index = TemplateIndex.of(matrix, owners, by_angle=True)
    probes = matrix[:9] + np.float32(0.1)

    batch = index.nearest(probes)
    alone = [index.nearest(probe[np.newaxis])[0] for probe in probes]

    for together, single in zip(batch, alone, strict=True):
        assert together is not None
        assert single is not None
        assert (together.owner, single.owner) == (single.owner, together.owner)
        assert together.distance == pytest.approx(single.distance, abs=1e-6)


def test_nobody_is_found_among_nobody() -> None:
    index = TemplateIndex.of(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), by_angle=False)

    assert index.nearest(np.ones((2, 4), np.float32)) == [None, None]
    assert index.nearest(np.ones((0, 4), np.float32)) == []


@pytest.mark.parametrize("by_angle", [False, True])
def test_a_probe_that_is_no_vector_of_numbers_is_nobody(by_angle: bool) -> None:
    matrix, owners = people(3, 2, 4, seed=1)
    index = TemplateIndex.of(matrix, owners, by_angle=by_angle)
    broken = np.array([[np.nan] * 4, matrix[0], [np.inf, 0, 0, 0]], np.float32)

    first, second, third = index.nearest(broken)

    assert (first, third) == (None, None)
    assert second is not None
    assert second.owner == owners[0]


@pytest.mark.parametrize("by_angle", [False, True])
def test_one_picture_enrolled_hundreds_of_times_leaves_no_margin(by_angle: bool) -> None:
    matrix = np.tile(np.array([[1, 2, 3]], np.float32), (500, 1))
    index = TemplateIndex.of(matrix, np.arange(500), by_angle=by_angle)

    (found,) = index.nearest(matrix[:1])

    assert found is not None
    assert found.runner_up - found.distance == pytest.approx(0, abs=1e-6)


def test_many_equal_pictures_of_one_person_do_not_hide_the_runner_up() -> None:
    matrix = np.vstack([np.tile([[1.0, 0, 0]], (500, 1)), [[1.0, 0.001, 0]]]).astype(np.float32)
    index = TemplateIndex.of(matrix, np.array([1] * 500 + [2]), by_angle=False)

    (found,) = index.nearest(np.array([[1, 0, 0]], np.float32))

    assert found is not None
    assert (found.owner, found.distance) == (1, 0.0)
    assert found.runner_up == pytest.approx(0.001, abs=1e-3)


def test_a_vector_of_zeros_is_at_distance_one_by_angle() -> None:
    index = TemplateIndex.of(np.array([[0, 0], [0, 1]], np.float32), np.array([1, 2]), by_angle=True)

    (found,) = index.nearest(np.array([[1, 0]], np.float32))

    assert found is not None
    assert (found.distance, found.runner_up) == (1.0, 1.0)
    np.testing.assert_array_equal(
        direct(np.zeros((1, 2), np.float32), np.ones(2, np.float32), by_angle=True), [1.0]
    )
