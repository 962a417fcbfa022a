"""A vector of several networks: its distance is the weighed sum of theirs, and each of theirs can be told from it."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.faces.model_parts import ModelPart, joined, part_distances
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds

PARTS = (ModelPart("first-fed-so", "first", 3, 0.25), ModelPart("second", "second", 4, 0.75))
INFO = ModelInfo("both", 7, Metric.COSINE, Thresholds(0.3, 0.4, 0.05), parts=PARTS)


def unit(*numbers: float) -> np.ndarray:
    found = np.array([numbers], np.float32)
    return found / np.linalg.norm(found)


ONE = unit(1, 2, 3), unit(4, 3, 2, 1)
OTHER = unit(3, 2, 0), unit(1, 0, 2, 5)
APART = [1 - float((one @ other.T)[0, 0]) for one, other in zip(ONE, OTHER, strict=True)]


def test_the_distance_of_two_vectors_is_the_weighed_sum_of_the_networks_own() -> None:
    one, other = (joined(PARTS, found)[0] for found in (ONE, OTHER))
    assert np.linalg.norm(one) == pytest.approx(1)
    assert 1 - one @ other == pytest.approx(0.25 * APART[0] + 0.75 * APART[1], abs=1e-6)


def test_how_long_an_embedding_is_plays_no_part() -> None:
    longer = [20 * ONE[0], 0.1 * ONE[1]]
    assert joined(PARTS, longer) == pytest.approx(joined(PARTS, ONE), abs=1e-6)


def test_the_length_of_one_network_can_become_that_of_the_vector_and_distances_stay() -> None:
    parts = (PARTS[0], replace(PARTS[1], gives_length=True))
    (found,) = joined(parts, [20 * ONE[0], np.float32(11.5) * ONE[1]])
    assert np.linalg.norm(found) == pytest.approx(11.5)
    assert found / 11.5 == pytest.approx(joined(PARTS, ONE)[0], abs=1e-6)
    nothing = np.zeros_like(ONE[1])
    assert joined(parts, [ONE[0], nothing]) == pytest.approx(joined(PARTS, [ONE[0], nothing]))


def test_a_network_that_saw_nothing_stays_finite() -> None:
    found = joined(PARTS, (np.zeros((1, 3), np.float32), ONE[1]))[0]
    assert np.isfinite(found).all()
    assert not found[:3].any()


def test_a_search_tells_what_each_network_measured_of_the_closest_template() -> None:
    templates = [
        Template(1, 7, "both", joined(PARTS, OTHER)[0], 1.0),
        Template(2, 8, "both", -joined(PARTS, ONE)[0], 1.0),
    ]
    match = Gallery.of(INFO, templates).search(joined(PARTS, ONE)[0])
    assert match is not None
    assert match.student_id == 7
    assert [part.model for part in match.parts] == ["first", "second"]
    assert [part.distance for part in match.parts] == pytest.approx(APART, abs=1e-6)
    assert match.distance == pytest.approx(0.25 * APART[0] + 0.75 * APART[1], abs=1e-6)


def test_a_model_of_one_network_has_nothing_more_to_tell() -> None:
    assert part_distances((), ONE[0][0], OTHER[0][0]) == ()
    alone = ModelInfo("alone", 3, Metric.COSINE, Thresholds(0.3, 0.4, 0.05))
    match = Gallery.of(alone, [Template(1, 7, "alone", ONE[0][0], 1.0)]).search(OTHER[0][0])
    assert match is not None
    assert match.parts == ()
