import pytest

from kiosk.domain.faces.guided_enrolment import PLAN, Advice, Step
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.guided_enrolment import GuidedSitting
from tests.fakes.actors import admin
from tests.fakes.faces.sitting import Shown, Studio, obedient
from tests.world.school import SmallSchool

PICTURES = sum(wanted for _, wanted in PLAN)


@pytest.fixture
def studio(school: SmallSchool) -> Studio:
    return Studio(school)


@pytest.fixture
def student(studio: Studio) -> Student:
    found = studio.school.add_course(students=2)[1][0]
    studio.consent(found)
    return found


def test_without_consent_nobody_sits_down(studio: Studio) -> None:
    _, (somebody,) = studio.school.add_course("MA 110", students=1)

    with pytest.raises(ConflictError, match="No consent"):
        studio.sit(somebody)
    assert studio.embedder.embedded == []


def test_nobody_unknown_sits_down(studio: Studio) -> None:
    with pytest.raises(NotFoundError):
        GuidedSitting(student_id=99, store=studio.school.store, enrolment=studio.enrolment)


def test_a_whole_sitting_stores_a_sample_and_a_template_for_each_picture(
    studio: Studio, student: Student
) -> None:
    sitting = studio.sit(student)

    studio.show(sitting, obedient())

    view = sitting.view()
    assert view.complete
    assert view.advice is Advice.DONE
    assert [one.step for one in view.taken] == [step for step, wanted in PLAN for _ in range(wanted)]
    assert studio.samples(student) == 0, "nothing is stored before it is saved"
    assert sitting.save(actor=admin("Anna")).kept == PICTURES
    assert (studio.samples(student), studio.templates(student)) == (PICTURES, PICTURES)
    audit = studio.school.store.read(lambda repositories: repositories.audit.entries())
    assert [(one.action, one.actor) for one in audit[:PICTURES]] == [("face.enrolled", "Anna")] * PICTURES


def test_only_pictures_that_are_taken_are_embedded(studio: Studio, student: Student) -> None:
    studio.show(studio.sit(student), obedient())

    assert studio.embedder.embedded == [1] * PICTURES


@pytest.mark.parametrize(
    ("shown", "advice"),
    [
        (Shown(0), Advice.NO_FACE),
        (Shown(faces=2), Advice.SEVERAL_FACES),
        (Shown(brightness=20), Advice.TOO_DARK),
        (Shown(sharp=False), Advice.BLURRED),
        (Shown(far=True), Advice.COME_CLOSER),
        (Shown(turn=0.3), Advice.LOOK_STRAIGHT),
    ],
)
def test_bad_pictures_are_named_and_never_embedded(
    studio: Studio, student: Student, shown: Shown, advice: Advice
) -> None:
    sitting = studio.sit(student)

    assert set(studio.show(sitting, [shown] * 30)) == {advice}
    assert studio.embedder.embedded == []
    assert sitting.view().taken == ()


def test_another_person_who_steps_in_is_noticed_and_not_kept(studio: Studio, student: Student) -> None:
    sitting = studio.sit(student)
    studio.show(sitting, [Shown(1)] * 24)
    before = len(sitting.view().taken)

    advice = studio.show(sitting, [Shown(2, turn=0.15)] * 15)

    assert Advice.ANOTHER_PERSON in advice
    assert len(sitting.view().taken) == before == 2
    assert sitting.view().step is Step.LEFT

    studio.show(sitting, [Shown(1, turn=0.15)] * 45)
    assert len(sitting.view().taken) == 4


def test_a_dropped_picture_is_taken_again(studio: Studio, student: Student) -> None:
    sitting = studio.sit(student)
    studio.show(sitting, obedient())
    dropped = sitting.view().taken[2]

    sitting.drop(dropped.number)

    assert sitting.view().step is Step.LEFT
    with pytest.raises(ConflictError, match="missing"):
        sitting.save(actor=admin("Anna"))
    studio.show(sitting, [Shown(1, turn=0.15)] * 12)
    assert sitting.view().complete
    assert dropped.number not in {one.number for one in sitting.view().taken}
    assert sitting.save(actor=admin("Anna")).kept == PICTURES


def test_consent_withdrawn_in_the_middle_ends_it_with_nothing_left(studio: Studio, student: Student) -> None:
    sitting = studio.sit(student)
    studio.show(sitting, [Shown(1)] * 24)
    embedded = len(studio.embedder.embedded)

    studio.consent(student, given=False)
    studio.show(sitting, [Shown(1, turn=0.15)] * 30)

    view = sitting.view()
    assert view.over is not None
    assert "No consent" in view.over.user_text
    assert view.taken == ()
    assert len(studio.embedder.embedded) == embedded
    with pytest.raises(ConflictError, match="No consent"):
        sitting.save(actor=admin("Anna"))


def test_consent_withdrawn_before_saving_stores_nothing(studio: Studio, student: Student) -> None:
    sitting = studio.sit(student)
    studio.show(sitting, obedient())
    studio.consent(student, given=False)

    with pytest.raises(ConflictError, match="No consent"):
        sitting.save(actor=admin("Anna"))
    assert studio.samples(student) == 0


def test_a_face_unlike_the_one_enrolled_before_is_not_stored(studio: Studio, student: Student) -> None:
    first = studio.sit(student)
    studio.show(first, obedient(1))
    first.save(actor=admin("Anna"))
    second = studio.sit(student)
    studio.show(second, obedient(2))

    with pytest.raises(ConflictError, match="does not look like the pictures of this student"):
        second.save(actor=admin("Anna"))
    assert studio.templates(student) == PICTURES


def test_no_more_than_twelve_pictures_are_kept_of_two_sittings(studio: Studio, student: Student) -> None:
    kept = []
    for _ in range(2):
        sitting = studio.sit(student)
        studio.show(sitting, obedient())
        kept.append(sitting.save(actor=admin("Anna")).kept)

    assert kept == [7, 5]
    assert studio.templates(student) == 12


def test_what_was_not_saved_is_forgotten(studio: Studio, student: Student) -> None:
    sitting = studio.sit(student)
    studio.show(sitting, obedient())

    sitting.forget()

    assert sitting.view().taken == ()
    assert studio.samples(student) == 0


def test_who_looks_like_somebody_enrolled_before_is_said(studio: Studio, student: Student) -> None:
    _, (double,) = studio.school.add_course("MA 110", students=1)
    studio.consent(double)
    first = studio.sit(student)
    studio.show(first, obedient())
    assert first.save(actor=admin("Anna")).warnings == ()
    second = studio.sit(double)
    studio.show(second, obedient())

    (warning,) = second.save(actor=admin("Anna")).warnings

    assert {warning.student_no, warning.other_no} == {student.student_no, double.student_no}
