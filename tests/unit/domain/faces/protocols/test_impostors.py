import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.protocols.impostors import TAIL, closest_impostors
from kiosk.domain.faces.recognition import Metric, distances


def one_by_one(
    vectors: NDArray[np.float32], people: NDArray[np.int64], metric: Metric
) -> NDArray[np.float32]:
    found = [
        distances(vectors[row + 1 :], vector, metric)[people[row + 1 :] != people[row]]
        for row, vector in enumerate(vectors)
    ]
    return np.sort(np.concatenate(found))


@pytest.mark.parametrize("metric", list(Metric))
def test_the_closest_pairs_are_those_of_comparing_all_one_by_one(metric: Metric) -> None:
    drawn = np.random.default_rng(3)
    vectors = drawn.normal(size=(700, 16)).astype(np.float32)
    people = drawn.integers(150, size=700)

    found = closest_impostors(vectors, people, metric)

    every = one_by_one(vectors, people, metric)
    assert found.pairs == len(every)
    assert len(found.distances) == int(np.ceil(TAIL * len(every)))
    np.testing.assert_allclose(found.distances, every[: len(found.distances)], atol=1e-5)
    own = [
        distances(vectors[one][np.newaxis], vectors[other], metric)[0]
        for one, other in zip(found.first[:50], found.second[:50], strict=True)
    ]
    np.testing.assert_allclose(own, found.distances[:50], atol=1e-5)
    assert (people[found.first] != people[found.second]).all()


def test_below_the_limit_lies_no_more_than_the_rate_allows() -> None:
    vectors = np.arange(1, 51, dtype=np.float32)[:, np.newaxis] ** 2
    found = closest_impostors(vectors, np.arange(50), Metric.EUCLIDEAN)

    limit = found.limit(0.01)

    assert limit is not None
    assert found.pairs == 1225
    assert np.count_nonzero(found.distances < limit) == 12


def test_too_few_pairs_show_no_rare_rate() -> None:
    found = closest_impostors(np.eye(40, dtype=np.float32), np.arange(40), Metric.EUCLIDEAN)

    assert found.limit(0.01) is not None
    assert found.limit(0.001) is None


def test_one_person_alone_has_no_impostors() -> None:
    found = closest_impostors(np.eye(3, dtype=np.float32), np.zeros(3, np.int64), Metric.COSINE)

    assert (found.pairs, len(found.distances), found.limit(0.01)) == (0, 0, None)


def test_whoever_watches_is_told_of_every_picture() -> None:
    told: list[int] = []
    vectors = np.random.default_rng(1).normal(size=(600, 4)).astype(np.float32)

    closest_impostors(vectors, np.arange(600), Metric.EUCLIDEAN, done=told.append)

    assert sum(told) == 600
