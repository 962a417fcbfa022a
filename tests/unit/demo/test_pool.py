"""The committed pool: readable, complete, and told apart by the built-in model."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.demo.cast import WALKING_POSES, enrolment_pictures, portrait, walking_pose
from kiosk.demo.drawn_thresholds import drawn_thresholds
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import parse_pool, pool
from kiosk.domain.faces.recognition import Gallery, Outcome, Template, judge
from kiosk.errors import FileFormatError
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.factory import build_builtin_embedder
from scripts.demo_people import contact_sheet, dump_pool

DEFAULT_CLASS = 12
Vectors = list[NDArray[np.float32]]


def test_pool_has_32_people_with_keys_of_their_own() -> None:
    assert len({person.key for person in pool()}) == len(pool()) == 32


def test_pool_file_is_what_a_drawn_person_can_load() -> None:
    assert parse_pool(dump_pool(pool(), "a\nheading")) == pool()


def test_every_shade_of_skin_is_in_the_default_class() -> None:
    bands = {int(person.skin * 5) for person in pool()[:DEFAULT_CLASS]}
    assert bands == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    "text", ["people = 3", "[[people]]\nkey = 'x'", "no toml at all", "", "[[people]]\nhair = 'wild'"]
)
def test_damaged_pool_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(FileFormatError, match="drawn people"):
        parse_pool(text)


def test_unknown_parameter_is_refused() -> None:
    text = dump_pool(pool()[:1], "heading") + "horns = 2\n"
    with pytest.raises(FileFormatError, match="horns"):
        parse_pool(text)


def test_contact_sheet_has_a_place_for_everybody() -> None:
    sheet = contact_sheet(pool()[:3], columns=2, tile=40)
    assert sheet.shape == (2 * 44 + 4, 2 * 44 + 4, 3)
    assert (sheet[48:88, 48:88] == 255).all()
    assert sheet[48:88, 4:44].std() > 10


@pytest.fixture(scope="module")
def default_class(models_dir: Path) -> dict[str, tuple[Vectors, Vectors]]:
    """Enrolled and walking vectors of the default class's people, found by the built-in detector."""
    detector, embedder = HogDetector(), build_builtin_embedder(models_dir)

    def vectors(pictures: list[NDArray[np.uint8]]) -> Vectors:
        found = []
        for picture in pictures:
            faces = detector.detect(picture)
            assert len(faces) == 1
            found.append(embedder.embed(picture, faces)[0])
        return found

    def walking(person: DrawnPerson) -> list[NDArray[np.uint8]]:
        return [portrait(person, walking_pose(person, i)) for i in range(0, len(WALKING_POSES), 3)]

    return {
        person.key: (vectors(enrolment_pictures(person)), vectors(walking(person)))
        for person in pool()[:DEFAULT_CLASS]
    }


def test_any_two_of_the_default_class_are_far_apart(
    default_class: dict[str, tuple[Vectors, Vectors]],
) -> None:
    sets = [np.array([*enrolled, *walking]) for enrolled, walking in default_class.values()]
    closest = min(np.linalg.norm(a[:, None] - b[None], axis=2).min() for a, b in combinations(sets, 2))
    assert closest >= 0.42


@pytest.mark.parametrize("students", [2, 3, 5, 10])
def test_strangers_are_refused_and_students_accepted_at_thresholds_for_drawn_people(
    default_class: dict[str, tuple[Vectors, Vectors]], models_dir: Path, students: int
) -> None:
    info = build_builtin_embedder(models_dir).info
    generator = np.random.default_rng(students)
    for _ in range(30):
        order = [list(default_class)[i] for i in generator.permutation(DEFAULT_CLASS)]
        ids = {key: i for i, key in enumerate(order[:students])}
        templates = [
            Template(0, i, info.name, v, 1.0) for key, i in ids.items() for v in default_class[key][0]
        ]
        gallery = Gallery.of(info, templates)
        limits = drawn_thresholds(gallery)
        for key, (_, walking) in default_class.items():
            for probe in walking:
                match = gallery.search(probe)
                accepted = judge(match, limits) is Outcome.ACCEPTED
                assert accepted == (key in ids)
                assert not accepted or (match is not None and match.student_id == ids[key])
