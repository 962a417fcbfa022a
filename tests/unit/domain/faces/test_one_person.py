import numpy as np
import pytest

from kiosk.domain.faces.frames import Vector
from kiosk.domain.faces.one_person import MAX_TEMPLATES, agreement, most_telling, too_alike
from kiosk.domain.faces.recognition import Metric

REJECT = 0.6


def faces(people: str) -> list[Vector]:
    """One vector a letter: the same letter is 0.1 to 0.2 apart, another one 1.4."""
    made = []
    for place, letter in enumerate(people):
        vector = np.zeros(12, np.float32)
        vector[ord(letter) - ord("a")] = 1.0
        vector[4 + place % 8] = 0.1
        made.append(vector)
    return made


@pytest.mark.parametrize(
    ("people", "odd"),
    [
        ("a", ()),
        ("aa", ()),
        ("aaaaa", ()),
        ("aab", (2,)),
        ("aaaba", (3,)),
        ("baaaa", (0,)),
        ("aabab", (2, 4)),
        ("aaabc", (3, 4)),
    ],
)
def test_those_that_do_not_look_like_most_others_are_odd(people: str, odd: tuple[int, ...]) -> None:
    found = agreement(faces(people), metric=Metric.EUCLIDEAN, reject=REJECT)

    assert (found.odd, found.is_split) == (odd, False)


@pytest.mark.parametrize("people", ["ab", "aabb", "abc", "aabbc", "aaabbb", "aabc"])
def test_without_a_majority_nobody_is_guessed_to_be_right(people: str) -> None:
    found = agreement(faces(people), metric=Metric.EUCLIDEAN, reject=REJECT)

    assert found.is_split
    assert found.odd == tuple(range(len(people)))


def test_the_metric_of_the_model_counts() -> None:
    near, scaled = np.array([1, 0, 0], np.float32), np.array([5, 0.1, 0], np.float32)

    assert not agreement([near, scaled], metric=Metric.COSINE, reject=0.3).is_split
    assert agreement([near, scaled], metric=Metric.EUCLIDEAN, reject=0.3).is_split


def test_the_fittest_picture_comes_first_and_then_what_is_new() -> None:
    plain, same, other = (np.array(v, np.float32) for v in ([0, 0], [0.01, 0], [0.4, 0]))

    chosen = most_telling([same, plain, other], [0.5, 0.9, 0.6], metric=Metric.EUCLIDEAN, kept=(), room=2)

    assert chosen == (1, 2)


def test_what_is_kept_already_counts_for_variety() -> None:
    first, second = np.array([0.01, 0], np.float32), np.array([0.3, 0], np.float32)

    chosen = most_telling(
        [first, second], [1.0, 0.8], metric=Metric.EUCLIDEAN, kept=[np.zeros(2, np.float32)], room=1
    )

    assert chosen == (1,)


def test_no_more_are_chosen_than_there_is_room() -> None:
    vectors = faces("a" * (MAX_TEMPLATES + 3))
    fit = [1.0] * len(vectors)

    assert (
        len(most_telling(vectors, fit, metric=Metric.EUCLIDEAN, kept=(), room=MAX_TEMPLATES)) == MAX_TEMPLATES
    )
    assert most_telling(vectors, fit, metric=Metric.EUCLIDEAN, kept=vectors, room=0) == ()
    assert most_telling([], [], metric=Metric.EUCLIDEAN, kept=vectors, room=4) == ()


@pytest.mark.parametrize(
    ("shift", "alike"), [((), False), ((0.0,), True), ((0.0, 0.1, 0.12), True), ((0.0, 0.1, 0.13), False)]
)
def test_pictures_within_a_quarter_of_accept_are_too_alike(shift: tuple[float, ...], alike: bool) -> None:
    vectors = [np.array([1.0, 0.0], np.float32), *(np.array([1.0, one], np.float32) for one in shift)]
    assert too_alike(vectors, metric=Metric.EUCLIDEAN, accept=0.5) is alike
