from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.domain.faces.recognition import RosterThresholds, Template, Thresholds
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.lookalikes import PairWarning
from kiosk.storage.repositories.faces import StoredFaces
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL
from tests.world.school import SmallSchool


def enrol_at(school: SmallSchool, student: Student, *places: float, consent: bool = True) -> None:
    """Enrol one picture for each place on a line; the model's limit is 0.55."""
    now = school.clock.now()

    def work(repositories: Repositories) -> None:
        kind = ConsentKind.FACE_RECOGNITION
        repositories.consents.add(Consent(student.student_id, kind, consent, now, "the test"))
        for place in places:
            vector = np.zeros(MODEL.dimensions, np.float32)
            vector[0] = place
            sample = repositories.faces.add_sample(
                student_id=student.student_id,
                picture=b"jpeg",
                source=f"{student.student_no}/{place}".encode(),
                captured_at=now,
            )
            assert sample is not None
            template = Template(0, student.student_id, MODEL.name, vector, 1.0)
            repositories.faces.add_template(sample_id=sample.sample_id, template=template)

    school.store.write(work)


def refresh(school: SmallSchool, *among: Student) -> tuple[PairWarning, ...]:
    ids = {student.student_id for student in among} if among else None
    return school.lookalikes.refresh(MODEL, actor="Ada", among=ids)


def pairs(school: SmallSchool) -> list[FacePair]:
    return school.store.read(lambda repositories: repositories.face_pairs.all())


def correct(school: SmallSchool, student: Student, other: Student | None) -> None:
    school.store.write(
        lambda repositories: repositories.face_pairs.add(
            student_id=student.student_id,
            other_id=other.student_id if other else None,
            origin=PairOrigin.CORRECTION,
            model=MODEL.name,
            distance=None,
            same_person=False,
            found_at=school.clock.now(),
            found_by="Tom",
        )
    )


def forget(school: SmallSchool, student: Student) -> None:
    school.store.write(lambda repositories: repositories.faces.forget(student.student_id))


def actions(school: SmallSchool) -> list[tuple[str, str, str]]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [(entry.action, entry.subject, entry.detail) for entry in reversed(entries)]


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    return school.add_course(students=4)[1]


def test_a_new_person_close_to_another_is_warned_about_and_noted(
    school: SmallSchool, students: list[Student]
) -> None:
    one, two, three, _ = students
    enrol_at(school, one, 0.0)
    enrol_at(school, three, 9.0)
    enrol_at(school, two, 0.5)

    (warning,) = refresh(school, two)

    assert (warning.student_no, warning.other_no) == ("CS101-2", "CS101-1")
    assert not warning.same_person
    assert warning.distance == pytest.approx(0.5)
    assert warning.text == (
        "Student 2 (CS101-2) and Student 1 (CS101-1) look alike. "
        "The face alone marks neither of them: both scan the code."
    )
    (pair,) = pairs(school)
    assert (pair.student_id, pair.other_id) == (one.student_id, two.student_id)
    assert (pair.origin, pair.model, pair.found_by) == (PairOrigin.LOOKALIKE, MODEL.name, "Ada")
    assert actions(school) == [("face.pair_found", "CS101-1 CS101-2", "look alike")]


def test_one_person_enrolled_twice_is_asked_about(school: SmallSchool, students: list[Student]) -> None:
    enrol_at(school, students[0], 0.0, 0.2)
    enrol_at(school, students[1], 0.1, 0.3)

    (warning,) = refresh(school, students[1])

    assert "may be the same person enrolled twice" in warning.text
    assert pairs(school)[0].same_person


def test_people_far_apart_are_not_warned_about(school: SmallSchool, students: list[Student]) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.7)

    assert refresh(school, students[1]) == ()
    assert pairs(school) == []


def test_a_pair_is_warned_about_once(school: SmallSchool, students: list[Student]) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.5)

    assert len(refresh(school, students[1])) == 1
    assert refresh(school, students[1]) == ()
    assert refresh(school) == ()
    assert len(pairs(school)) == 1


def test_nothing_new_enrolled_compares_nobody(school: SmallSchool, students: list[Student]) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.5)

    assert school.lookalikes.refresh(MODEL, actor="Ada", among=()) == ()
    assert pairs(school) == []


def test_whoever_does_not_consent_is_compared_with_nobody(
    school: SmallSchool, students: list[Student]
) -> None:
    enrol_at(school, students[0], 0.0, consent=False)
    enrol_at(school, students[1], 0.1)

    assert refresh(school) == ()


def test_a_withdrawn_consent_takes_the_pair_with_it(school: SmallSchool, students: list[Student]) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.1)
    refresh(school)

    forget(school, students[0])

    assert pairs(school) == []


def test_a_pair_that_is_apart_after_enrolling_anew_is_forgotten(
    school: SmallSchool, students: list[Student]
) -> None:
    one, two, three, four = students
    enrol_at(school, one, 0.0)
    enrol_at(school, two, 0.4)
    enrol_at(school, three, 20.0)
    enrol_at(school, four, 20.1)
    refresh(school)
    school.store.write(
        lambda repositories: repositories.face_pairs.add(
            student_id=one.student_id,
            other_id=three.student_id,
            origin=PairOrigin.LOOKALIKE,
            model=MODEL.name,
            distance=0.5,
            same_person=False,
            found_at=school.clock.now(),
            found_by="somebody at looser thresholds",
        )
    )

    assert refresh(school, one) == ()

    assert {(pair.student_id, pair.other_id) for pair in pairs(school)} == {
        (one.student_id, two.student_id),
        (three.student_id, four.student_id),
    }


def test_the_thresholds_in_force_decide_what_is_close(school: SmallSchool, students: list[Student]) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.5)
    school.school.use_thresholds(MODEL, Thresholds(0.3, 0.4, 0.03), origin="calibrated", actor=admin("Ada"))

    assert refresh(school) == ()


def test_people_are_compared_as_in_a_roster_of_two(school: SmallSchool, students: list[Student]) -> None:
    """What accepts one lone person looser still takes nobody for another."""
    lone, two = (
        RosterThresholds(people, Thresholds(accept, 0.7, 0.05)) for people, accept in ((1, 0.6), (2, 0.45))
    )
    model = replace(MODEL, by_size=(lone, two))
    for student, place in zip(students, (0.0, 0.5, 0.9), strict=False):
        enrol_at(school, student, place)

    (warning,) = school.lookalikes.refresh(model, actor="Ada")

    assert (warning.student_no, warning.other_no) == (students[1].student_no, students[2].student_no)
    assert warning.distance == pytest.approx(0.4)


# -- lifting


def test_a_lifted_pair_is_remembered_and_can_be_put_back(
    school: SmallSchool, students: list[Student]
) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.5)
    refresh(school)
    (known,) = school.lookalikes.listed(actor=admin())

    school.lookalikes.lift(known.pair.pair_id, actor=admin("Ada"))
    (lifted,) = school.lookalikes.listed(actor=admin())
    school.lookalikes.put_back(known.pair.pair_id, actor=admin("Tom"))

    assert (known.student, known.other) == (students[0], students[1])
    assert (lifted.pair.lifted_at, lifted.pair.lifted_by) == (school.clock.now(), "Ada")
    assert pairs(school) == [known.pair]
    assert [action for action, *_ in actions(school)] == [
        "face.pair_found",
        "face.pair_lifted",
        "face.pair_put_back",
    ]


def test_a_lifted_pair_counts_again_when_a_new_picture_brings_it_closer(
    school: SmallSchool, students: list[Student]
) -> None:
    enrol_at(school, students[0], 0.0)
    enrol_at(school, students[1], 0.5)
    refresh(school)
    school.lookalikes.lift(pairs(school)[0].pair_id, actor=admin("Ada"))

    enrol_at(school, students[1], 5.0)
    assert refresh(school, students[1]) == ()
    assert pairs(school)[0].is_lifted

    enrol_at(school, students[1], 0.45)
    assert len(refresh(school, students[1])) == 1
    assert not pairs(school)[0].is_lifted


def test_a_pair_that_is_gone_cannot_be_lifted(school: SmallSchool) -> None:
    with pytest.raises(NotFoundError, match="not noted any more"):
        school.lookalikes.lift(4711, actor=admin("Ada"))


# -- corrections end


def test_a_correction_holds_until_no_picture_from_before_is_left(
    school: SmallSchool, students: list[Student]
) -> None:
    enrol_at(school, students[0], 0.0)
    school.clock.advance(60)
    correct(school, students[0], students[1])

    school.clock.advance(60)
    enrol_at(school, students[0], 0.01)
    refresh(school, students[0])
    assert len(pairs(school)) == 1

    forget(school, students[0])
    refresh(school)
    assert len(pairs(school)) == 1

    school.clock.advance(60)
    enrol_at(school, students[0], 0.02)
    refresh(school, students[0])
    assert pairs(school) == []
    assert actions(school)[-1] == ("face.correction_ended", "CS101-1 CS101-2", "enrolled anew")


def test_enrolling_the_other_one_anew_does_not_end_a_correction(
    school: SmallSchool, students: list[Student]
) -> None:
    correct(school, students[0], students[1])
    correct(school, students[2], None)
    school.clock.advance(60)
    enrol_at(school, students[1], 3.0)

    refresh(school, students[1])

    assert len(pairs(school)) == 2


# -- where the school only verifies


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Students whose templates were decrypted."""
    seen: set[int] = set()
    unseal = StoredFaces._template_of

    def counted(self: StoredFaces, row: Any, *rest: Any) -> Template:
        seen.add(row.student_id)
        return unseal(self, row, *rest)

    monkeypatch.setattr(StoredFaces, "_template_of", counted)
    return seen


def test_enrolling_opens_nobody_elses_template_where_the_school_only_verifies(
    school: SmallSchool, opened: set[int]
) -> None:
    _course, (one, two, three, *_rest) = school.add_course(students=3)
    enrol_at(school, one, 0.0)
    enrol_at(school, three, 0.1)
    refresh(school)
    before = pairs(school)
    assert len(before) == 1
    correct(school, two, None)
    school.cases.school.faces.choose(FaceRule.VERIFY_ONLY, actor=admin())
    opened.clear()
    enrol_at(school, two, 0.05)

    assert refresh(school, two) == ()
    assert refresh(school) == ()

    assert opened == set()
    assert before[0] in pairs(school)


def test_an_admin_may_have_all_faces_compared_once_and_the_log_says_so(
    school: SmallSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _course, (one, two, *_rest) = school.add_course(students=2)
    school.cases.school.faces.choose(FaceRule.VERIFY_ONLY, actor=admin())
    enrol_at(school, one, 0.0)
    enrol_at(school, two, 0.05)
    monkeypatch.setattr(school.lookalikes, "_model", lambda: MODEL)

    assert len(school.lookalikes.compare(actor=admin("Ada"))) == 1

    assert len(pairs(school)) == 1
    assert ("faces.compared", "everybody", MODEL.name) in actions(school)


def test_nothing_is_compared_where_the_school_uses_no_faces(school: SmallSchool) -> None:
    school.cases.school.faces.choose(FaceRule.OFF, actor=admin())
    with pytest.raises(ConflictError, match="does not use faces"):
        school.lookalikes.compare(actor=admin())
