from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, FileFormatError, NotFoundError
from kiosk.services.faces.enrolment import Enrolment
from tests.fakes.actors import admin
from tests.fakes.faces.enrolment_bench import GOOD, Bench, CrowdDetector, read_picture
from tests.fakes.vision.recognition import FACE, FakeQualityMeter, vector_of
from tests.world.school import SmallSchool


@pytest.fixture
def bench(school: SmallSchool) -> Bench:
    return Bench(school)


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    return school.add_course(students=3)[1]


# -- consent


def test_without_consent_no_embedding_is_ever_computed(bench: Bench, students: list[Student]) -> None:
    with pytest.raises(ConflictError, match="No consent"):
        bench.enrol(students[0])

    assert bench.embedder.embedded == 0
    assert bench.samples(students[0]) == 0


def test_after_a_withdrawn_consent_no_embedding_is_computed(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])
    bench.consent(students[0], given=False)

    with pytest.raises(ConflictError, match="No consent"):
        bench.enrol(students[0])
    assert bench.embedder.embedded == 0


def test_the_consent_of_one_student_is_not_that_of_another(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])

    with pytest.raises(ConflictError, match="No consent"):
        bench.enrol(students[1])
    assert bench.embedder.embedded == 0


def test_withdrawing_deletes_every_sample_and_template_at_once(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])
    bench.enrol(students[0], "1 first")
    bench.enrol(students[0], "1 second")

    bench.consent(students[0], given=False)

    assert bench.samples(students[0]) == 0
    assert bench.templates(students[0]) == []
    assert bench.audit()[-1] == ("consent.withdrawn", students[0].student_no)


def test_consent_withdrawn_while_the_face_is_embedded_stores_nothing(
    bench: Bench, students: list[Student]
) -> None:
    bench.consent(students[0])

    def withdraw_meanwhile(image: BgrImage) -> bytes:
        bench.consent(students[0], given=False)
        return b"jpeg"

    slow = Enrolment(
        store=bench.school.store,
        clock=bench.school.clock,
        detector=CrowdDetector(),
        embedder=bench.embedder,
        quality=bench.quality,
        read_picture=read_picture,
        write_picture=withdraw_meanwhile,
        lookalikes=bench.school.lookalikes,
    )
    with pytest.raises(ConflictError, match="No consent"):
        slow.enrol_picture(students[0].student_id, b"1", actor=admin("Anna"))
    assert bench.samples(students[0]) == 0


def test_consent_given_again_counts_again(bench: Bench, students: list[Student]) -> None:
    for given in (True, False, True):
        bench.consent(students[0], given=given)

    assert bench.enrol(students[0])


def test_nobody_unknown_consents(bench: Bench) -> None:
    with pytest.raises(NotFoundError):
        bench.face_consents.record(99, given=True, actor=admin("Anna"))
    assert bench.audit() == []


# -- one picture


def test_a_good_picture_becomes_a_sample_and_a_template(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])

    assert bench.enrol(students[0], "3")

    vectors = bench.templates(students[0])
    assert len(vectors) == 1
    np.testing.assert_array_equal(vectors[0], vector_of(3))
    assert bench.samples(students[0]) == 1
    assert bench.audit()[-1] == ("face.enrolled", students[0].student_no)


def test_the_sample_keeps_the_face_with_some_surroundings(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])
    bench.enrol(students[0])

    # FACE is 100 pixels at (40, 20) of a picture of 320 × 180; 60 pixels around it, as far as there is picture.
    assert [image.shape for image in bench.written] == [(180, 200, 3)]


def test_the_very_same_file_is_enrolled_once(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])

    assert bench.enrol(students[0], "1 same")
    assert not bench.enrol(students[0], "1 same")
    assert bench.enrol(students[0], "1 other")
    assert bench.samples(students[0]) == 2


@pytest.mark.parametrize(
    ("picture", "words"),
    [("0", "No face was found"), ("1+35", "more than one face"), ("1+255", "more than one face")],
)
def test_a_picture_without_one_clear_face_is_refused(
    bench: Bench, students: list[Student], picture: str, words: str
) -> None:
    bench.consent(students[0])

    with pytest.raises(ConflictError, match=words):
        bench.enrol(students[0], picture)
    assert (bench.embedder.embedded, bench.samples(students[0])) == (0, 0)


def test_a_small_face_in_the_background_does_not_matter(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])

    assert bench.enrol(students[0], "1+34")


def test_a_second_face_that_is_no_portrait_itself_does_not_matter(
    bench: Bench, students: list[Student]
) -> None:
    """Somebody sits behind, out of focus and looking elsewhere."""

    class Focus(FakeQualityMeter):
        def measure(self, image: BgrImage, face: Detection) -> Quality:
            return GOOD if face.box == FACE else replace(GOOD, turn=0.41)

    bench.consent(students[0])
    enrolment = Enrolment(
        store=bench.school.store,
        clock=bench.school.clock,
        detector=CrowdDetector(),
        embedder=bench.embedder,
        quality=Focus(),
        read_picture=read_picture,
        write_picture=bench.write,
        lookalikes=bench.school.lookalikes,
    )

    assert enrolment.enrol_picture(students[0].student_id, b"1+90", actor=admin("Anna"))


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        (Quality(69.9, 60.0, 120.0, 1.0), "too small"),
        (Quality(150.0, 14.9, 120.0, 1.0), "blurred"),
        (Quality(150.0, 60.0, 24.9, 1.0), "too dark"),
        (Quality(150.0, 60.0, 240.1, 1.0), "too bright"),
        (Quality(150.0, 60.0, 120.0, 1.0, 0.4), "turned away"),
        (Quality(150.0, 60.0, 120.0, 0.5), "cut off"),
    ],
)
def test_a_poor_picture_is_refused_with_the_reason(
    bench: Bench, students: list[Student], quality: Quality, words: str
) -> None:
    bench.consent(students[0])
    bench.quality.quality = quality

    with pytest.raises(ConflictError, match=words):
        bench.enrol(students[0])
    assert (bench.embedder.embedded, bench.samples(students[0])) == (0, 0)


def test_a_picture_that_is_just_good_enough_is_taken(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])
    bench.quality.quality = Quality(70.0, 15.0, 25.0, 1.0)

    assert bench.enrol(students[0])


def test_a_corrupt_file_is_refused(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])

    with pytest.raises(FileFormatError):
        bench.enrol(students[0], "corrupt")
    assert bench.samples(students[0]) == 0
