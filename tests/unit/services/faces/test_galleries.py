from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from kiosk.domain.faces.calibration import Verdict
from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.domain.faces.recognition import ModelInfo, RosterThresholds, Template, Thresholds
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL, alike, vector_of
from tests.world.school import SmallSchool

DAY = date(2026, 11, 23)


def add_picture(
    school: SmallSchool, student: Student, vector: np.ndarray[tuple[int], np.dtype[np.float32]]
) -> None:
    def work(repositories: Repositories) -> None:
        now = school.clock.now()
        repositories.consents.add(
            Consent(student.student_id, ConsentKind.FACE_RECOGNITION, True, now, "the test")
        )
        sample = repositories.faces.add_sample(
            student_id=student.student_id, picture=b"jpeg", source=vector.tobytes(), captured_at=now
        )
        assert sample is not None
        repositories.faces.add_template(
            sample_id=sample.sample_id, template=Template(0, student.student_id, MODEL.name, vector, 1.0)
        )

    school.store.write(work)


def test_the_gallery_is_who_is_registered_consents_and_is_enrolled(school: SmallSchool) -> None:
    course, students = school.add_course(students=3)
    _, others = school.add_course("ART", 1)
    school.enrol(students[0], 1, pictures=2)
    school.enrol(students[1], 2, consent=False)
    school.enrol(others[0], 3)

    recognition = school.galleries.load(course.course_id, on=DAY, model=MODEL)

    assert recognition.gallery.student_ids.tolist() == [students[0].student_id] * 2
    np.testing.assert_array_equal(recognition.gallery.matrix, [vector_of(1)] * 2)
    assert recognition.thresholds == MODEL.thresholds
    assert recognition.students == {student.student_id: student for student in students}


def test_a_withdrawn_consent_takes_a_student_out(school: SmallSchool) -> None:
    course, students = school.add_course()
    school.enrol(students[0], 1)
    school.clock.advance(1)
    word = Consent(
        students[0].student_id, ConsentKind.FACE_RECOGNITION, False, school.clock.now(), "the test"
    )
    school.store.write(lambda repositories: repositories.consents.add(word))

    assert school.galleries.load(course.course_id, on=DAY, model=MODEL).gallery.people == 0


def test_templates_of_another_model_are_not_in_it(school: SmallSchool) -> None:
    course, students = school.add_course()
    school.enrol(students[0], 1)
    other = ModelInfo("other-model", 8, MODEL.metric, MODEL.thresholds)

    assert school.galleries.load(course.course_id, on=DAY, model=other).gallery.people == 0


def test_before_they_were_registered_nobody_is_in_it(school: SmallSchool) -> None:
    course, students = school.add_course()
    school.enrol(students[0], 1)

    assert school.galleries.load(course.course_id, on=date(2026, 11, 22), model=MODEL).gallery.people == 0


def test_calibrating_puts_stricter_thresholds_into_force_where_people_are_alike(school: SmallSchool) -> None:
    course, students = school.add_course(students=6)
    for person, student in enumerate(students):
        add_picture(school, student, alike(person))

    found = school.galleries.calibrate(course.course_id, on=DAY, model=MODEL, actor=admin("Anna"))

    used = school.school.thresholds(MODEL, people=6)
    assert found.verdict is Verdict.STRICTER
    assert used.thresholds.accept == pytest.approx(found.thresholds.accept, abs=1e-6)
    assert used.thresholds.accept < MODEL.thresholds.accept
    assert (used.origin, used.fitted_to) == (f"calibrated on {course.code}: 6 people, 0 pictures", 6)
    assert school.galleries.load(course.course_id, on=DAY, model=MODEL).thresholds == used.thresholds


def test_pictures_of_one_sitting_leave_the_thresholds_as_they_are(school: SmallSchool) -> None:
    course, students = school.add_course(students=5)
    for person, student in enumerate(students):
        for turn in (0.0, 0.1):
            vector = vector_of(person)
            vector[7] = turn
            add_picture(school, student, vector)

    found = school.galleries.calibrate(course.course_id, on=DAY, model=MODEL, actor=admin("Anna"))

    assert found.verdict is Verdict.ORDINARY
    assert school.school.thresholds(MODEL).are_models_own


def test_too_few_people_leave_the_thresholds_as_they_are(school: SmallSchool) -> None:
    course, students = school.add_course()
    school.enrol(students[0], 1)

    found = school.galleries.calibrate(course.course_id, on=DAY, model=MODEL, actor=admin("Anna"))

    assert found.verdict is Verdict.TOO_FEW
    assert school.school.thresholds(MODEL).are_models_own


def test_a_class_uses_the_thresholds_for_the_number_of_its_enrolled_people(school: SmallSchool) -> None:
    small, large = Thresholds(0.5, 0.6, 0.05), Thresholds(0.4, 0.6, 0.05)
    sized = replace(MODEL, by_size=(RosterThresholds(1, small), RosterThresholds(2, large)))
    course, students = school.add_course(students=3)
    school.enrol(students[0], 1)
    assert school.galleries.load(course.course_id, on=DAY, model=sized).thresholds == small

    school.enrol(students[1], 2)
    assert school.galleries.load(course.course_id, on=DAY, model=sized).thresholds == large


def test_pictures_of_two_days_are_told_from_those_of_one(school: SmallSchool) -> None:
    course, students = school.add_course(students=1)
    add_picture(school, students[0], vector_of(1))
    school.clock.advance(24 * 3600)
    other = vector_of(1)
    other[7] = 0.1
    add_picture(school, students[0], other)

    first, second = school.galleries.load(course.course_id, on=DAY, model=MODEL).gallery.days
    assert second == first + 1


def test_calibrated_thresholds_may_be_put_into_force_by_hand(school: SmallSchool) -> None:
    course, _ = school.add_course()
    chosen = Thresholds(0.4, 0.45, 0.02)

    school.school.use_thresholds(MODEL, chosen, origin="by hand", actor=admin("Anna"))

    assert school.galleries.load(course.course_id, on=DAY, model=MODEL).thresholds == chosen


def add_pair(
    school: SmallSchool,
    student: Student,
    other: Student | None,
    *,
    origin: PairOrigin = PairOrigin.LOOKALIKE,
    model: str = MODEL.name,
) -> FacePair:
    return school.store.write(
        lambda repositories: repositories.face_pairs.add(
            student_id=student.student_id,
            other_id=other.student_id if other else None,
            origin=origin,
            model=model,
            distance=None,
            same_person=False,
            found_at=school.clock.now(),
            found_by="the test",
        )
    )


def look_alike(school: SmallSchool, course_id: int) -> frozenset[int]:
    return school.galleries.load(course_id, on=DAY, model=MODEL).second_factor


def test_two_lookalikes_of_one_roster_both_need_a_second_factor(school: SmallSchool) -> None:
    course, students = school.add_course(students=3)
    add_pair(school, students[0], students[2])

    assert look_alike(school, course.course_id) == {students[0].student_id, students[2].student_id}


def test_a_lookalike_in_another_course_changes_nothing(school: SmallSchool) -> None:
    course, students = school.add_course(students=2)
    _, others = school.add_course("ART", 1)
    add_pair(school, students[0], others[0])

    assert look_alike(school, course.course_id) == frozenset()


def test_who_was_taken_for_somebody_unknown_needs_a_second_factor_everywhere(school: SmallSchool) -> None:
    course, students = school.add_course(students=2)
    add_pair(school, students[1], None, origin=PairOrigin.CORRECTION)

    assert look_alike(school, course.course_id) == {students[1].student_id}


def test_lookalikes_of_another_model_do_not_count_but_its_corrections_do(school: SmallSchool) -> None:
    course, students = school.add_course(students=4)
    add_pair(school, students[0], students[1], model="another-model")
    add_pair(school, students[2], students[3], model="another-model", origin=PairOrigin.CORRECTION)

    assert look_alike(school, course.course_id) == {students[2].student_id, students[3].student_id}


def test_a_lifted_pair_does_not_count(school: SmallSchool) -> None:
    course, students = school.add_course(students=2)
    pair = add_pair(school, students[0], students[1])
    lifted = replace(pair, lifted_at=school.clock.now(), lifted_by="Ada")
    school.store.write(lambda repositories: repositories.face_pairs.update(lifted))

    assert look_alike(school, course.course_id) == frozenset()


def test_a_class_may_learn_from_whoever_consented_since_the_day_of_the_rule(school: SmallSchool) -> None:
    course, students = school.add_course(students=3)
    school.enrol(students[0], 1)
    school.clock.advance(86_400)
    school.enrol(students[1], 2)
    school.enrol(students[2], 3, consent=False)

    def learnable() -> frozenset[int]:
        return school.galleries.load(course.course_id, on=DAY, model=MODEL).learnable

    assert learnable() == frozenset()
    school.school.change_rules(SchoolRules(learn_faces_from="2026-11-24"), actor=admin())
    assert learnable() == {students[1].student_id}
    school.school.change_rules(SchoolRules(learn_faces_from="2026-11-01"), actor=admin())
    assert learnable() == {students[0].student_id, students[1].student_id}
