"""Learning from classes that are over: whose pictures are kept, and whose are not."""

from dataclasses import replace
from datetime import UTC

import pytest

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.samples import MAX_LEARNED, SampleOrigin
from kiosk.errors import StorageError
from kiosk.services.events import GalleryChanged
from kiosk.services.faces.drifted_faces import drifted
from kiosk.services.faces.learning import Learned
from kiosk.services.ports.progress import Progress
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.faces import StoredFaces
from tests.fakes.actors import admin
from tests.fakes.faces.learning_class import DAY_S, LearningClass
from tests.fakes.vision.recognition import MODEL
from tests.world.school import SmallSchool


@pytest.fixture
def taught(school: SmallSchool) -> LearningClass:
    return LearningClass(school)


def test_the_face_of_a_mark_that_nobody_corrected_is_learned(taught: LearningClass) -> None:
    one = taught.students[0]
    session = taught.start()
    taught.mark(session, one)
    face = taught.face(one)
    taught.school.clock.advance(600)
    taught.end(session)
    taught.school.events.clear()

    assert taught.learn(session, face) == Learned(kept=(one.student_id,))

    (learned,) = taught.learned(one)
    assert (learned.origin, learned.captured_at) == (SampleOrigin.LEARNED, face.seen_at.astimezone(UTC))
    assert [template.is_learned for template in taught.templates(one)] == [False, True]
    assert taught.log() == [("faces.learned", "1 learned, 0 unlike")]
    assert GalleryChanged() in taught.school.events


def test_nothing_is_learned_while_the_class_is_open_or_when_it_was_never_there(taught: LearningClass) -> None:
    one = taught.students[0]
    session = taught.start()
    taught.mark(session, one)

    assert taught.learn(session, taught.face(one)) == Learned()
    assert taught.learn(replace(session, session_id=99), taught.face(one)) == Learned()
    assert (taught.learned(one), taught.log()) == ([], [])


def test_it_is_off_until_the_school_switches_it_on(school: SmallSchool) -> None:
    taught = LearningClass(school, rules=SchoolRules())
    assert taught.day(taught.students[0]) == Learned()
    assert taught.learned(taught.students[0]) == []


def test_a_consent_from_before_the_day_does_not_cover_it(school: SmallSchool) -> None:
    taught = LearningClass(school, rules=SchoolRules(learn_faces_from="2026-11-24"))
    one, two, _ = taught.students
    school.clock.advance(DAY_S)
    school.cases.people.consents.record(two.student_id, given=True, actor=admin())

    assert taught.day(one) == Learned()
    assert taught.day(two) == Learned(kept=(two.student_id,))


def test_a_consent_that_is_withdrawn_deletes_what_was_learned_with_the_rest(taught: LearningClass) -> None:
    one = taught.students[0]
    taught.day(one)
    receipt = taught.school.cases.people.consents.record(one.student_id, given=False, actor=admin())
    assert receipt.deleted == 2
    assert taught.learned(one) == []
    assert taught.day(one) == Learned()


def test_a_consent_withdrawn_while_the_face_is_embedded_counts(
    taught: LearningClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = taught.students[0]
    take = taught.learning._shot

    def withdraw(*given: object) -> object:
        shot = take(*given)  # type: ignore[arg-type]  # passed on as it came
        taught.school.cases.people.consents.record(one.student_id, given=False, actor=admin())
        return shot

    monkeypatch.setattr(taught.learning, "_shot", withdraw)
    assert taught.day(one) == Learned()


@pytest.mark.parametrize("status", [Status.ABSENT, Status.EXCUSED, Status.LATE])
def test_a_mark_that_a_hand_changed_teaches_nothing(taught: LearningClass, status: Status) -> None:
    one = taught.students[0]
    session = taught.start()
    taught.mark(session, one)
    face = taught.face(one)
    taught.school.marks.mark(session.session_id, one.student_id, status, actor=admin("Tom"), reason="why")
    taught.end(session)
    assert taught.learn(session, face) == Learned()


def test_a_mistaken_face_teaches_nothing_and_what_was_learned_since_that_class_goes(
    taught: LearningClass,
) -> None:
    one = taught.students[0]
    taught.day(one)
    session = taught.start()
    taught.mark(session, one)
    face = taught.face(one)
    taught.end(session)
    taught.learn(session, face)
    assert len(taught.learned(one)) == 2

    taught.school.corrections.not_this_person(session.session_id, one.student_id, None, actor=admin("Tom"))

    assert len(taught.learned(one)) == 1
    assert taught.learn(session, face) == Learned()


def test_whoever_was_absent_after_all_is_unlearned(taught: LearningClass) -> None:
    one = taught.students[0]
    session = taught.start()
    taught.mark(session, one)
    face = taught.face(one)
    taught.end(session)
    taught.learn(session, face)
    mark = taught.school.marks.mark
    mark(session.session_id, one.student_id, Status.LATE, actor=admin(), reason="bus")
    assert len(taught.learned(one)) == 1

    mark(session.session_id, one.student_id, Status.ABSENT, actor=admin(), reason="it was the sister")

    assert taught.learned(one) == []


def test_who_was_not_marked_teaches_nothing(taught: LearningClass) -> None:
    session = taught.start()
    face = taught.face(taught.students[0])
    taught.end(session)
    assert taught.learn(session, face) == Learned()


def test_one_picture_a_day_and_the_confirmed_one_rather(taught: LearningClass) -> None:
    one = taught.students[0]
    for methods, policy, origin in (
        ((Method.FACE,), ProofPolicy.EITHER, SampleOrigin.LEARNED),
        ((Method.FACE,), ProofPolicy.EITHER, SampleOrigin.LEARNED),
        ((Method.PHONE, Method.FACE), ProofPolicy.BOTH, SampleOrigin.CONFIRMED),
        ((Method.FACE,), ProofPolicy.EITHER, SampleOrigin.CONFIRMED),
        ((Method.PHONE, Method.FACE), ProofPolicy.BOTH, SampleOrigin.CONFIRMED),
    ):
        session = taught.start(policy)
        taught.mark(session, one, *methods)
        face = taught.face(one)
        taught.end(session)
        taught.learn(session, face)
        taught.school.clock.advance(3600)
        assert [sample.origin for sample in taught.learned(one)] == [origin]


def test_of_more_than_five_the_oldest_learned_one_goes_and_no_enrolled_one(taught: LearningClass) -> None:
    one = taught.students[0]
    for _day in range(MAX_LEARNED):
        taught.day(one)
    first, *rest = taught.learned(one)

    taught.day(one)

    kept = taught.learned(one)
    assert (len(kept), kept[:-1]) == (MAX_LEARNED, rest)
    assert first not in kept
    assert [template.is_learned for template in taught.templates(one)] == [False] + [True] * MAX_LEARNED


def test_outliers_and_faces_of_somebody_else_are_not_kept(taught: LearningClass) -> None:
    one, two, _ = taught.students
    session = taught.start()
    taught.mark(session, one)
    taught.mark(session, two)
    far, other = taught.face(one, 46), taught.face(two, person=1)
    taught.end(session)

    assert taught.learn(session, far, other) == Learned(outliers=(one.student_id, two.student_id))
    assert taught.log() == [("faces.learned", "0 learned, 2 unlike")]
    assert taught.learned(one) == taught.learned(two) == []


def test_a_poor_picture_or_none_at_all_is_left_out(taught: LearningClass) -> None:
    one, two, _ = taught.students
    session = taught.start()
    taught.mark(session, one)
    taught.mark(session, two)
    nobody = replace(taught.face(two), picture=b"0:0:1")
    taught.end(session)
    assert taught.learn(session, nobody) == Learned()
    taught.quality.quality = Quality(150.0, 60.0, 10.0, 1.0)
    assert taught.learn(session, taught.face(one)) == Learned()
    assert taught.log() == []


def test_learning_stops_where_a_face_has_drifted_until_it_is_enrolled_anew(taught: LearningClass) -> None:
    one = taught.students[0]
    taught.day(one, 44)
    taught.day(one, 44)

    assert taught.day(one, 44) == Learned(drifted=(one.student_id,))

    assert len(taught.learned(one)) == 2
    assert taught.log()[-1] == ("faces.learned", f"0 learned, 0 unlike, drifted: {one.student_no}")
    (known, *_rest) = [
        each for each in taught.school.cases.people.consents.overview(actor=admin()) if each.student == one
    ]
    assert (known.pictures, known.learned, known.has_drifted) == (3, 2, True)

    said = taught.school.cases.people.consents.wanting_enrolment(actor=admin())
    assert said is not None
    assert said.user_text == f"The face of 1 student has changed since it was enrolled: {one.student_no}."

    taught.build().enrol_picture(one.student_id, b"1:40:0", actor=admin())

    assert taught.school.cases.people.consents.wanting_enrolment(actor=admin()) is None
    assert taught.school.store.read(drifted) == frozenset()
    assert taught.day(one, 44) == Learned(kept=(one.student_id,))


def test_learned_pictures_take_no_enrolled_ones_place(taught: LearningClass) -> None:
    one = taught.students[0]
    for _day in range(MAX_LEARNED):
        taught.day(one)
    enrolment = taught.build()
    for number in range(11):
        assert enrolment.enrol_picture(one.student_id, f"1:{number + 1}:0".encode(), actor=admin())


def test_an_admin_deletes_what_was_learned_of_one_student(taught: LearningClass) -> None:
    one, two, _ = taught.students
    taught.day(one)
    taught.day(two)
    taught.school.events.clear()

    assert taught.school.cases.people.consents.forget_learned(one.student_id, actor=admin()) == 1

    assert [template.is_learned for template in taught.templates(one)] == [False]
    assert len(taught.learned(two)) == 1
    assert taught.log()[-1] == ("faces.learned_deleted", "1 samples deleted")
    assert GalleryChanged() in taught.school.events


def test_on_a_full_disk_nothing_of_the_class_is_kept(
    taught: LearningClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = taught.students
    session = taught.start()
    taught.mark(session, one)
    taught.mark(session, two)
    faces = taught.face(one), taught.face(two)
    taught.end(session)
    add = StoredFaces.add_template

    def fill(stored: StoredFaces, **given: object) -> object:
        if faces_of(stored) == 2:
            raise StorageError("The disk is full.")
        return add(stored, **given)  # type: ignore[arg-type]  # passed on as it came

    def faces_of(stored: StoredFaces) -> int:
        return sum(stored.learned_counts().values())

    monkeypatch.setattr(StoredFaces, "add_template", fill)
    with pytest.raises(StorageError):
        taught.learn(session, *faces)
    assert taught.learned(one) == taught.learned(two) == []
    assert taught.log() == []

    monkeypatch.undo()
    assert len(taught.learn(session, *faces).kept) == 2


def test_a_run_that_is_cancelled_learns_nothing(taught: LearningClass) -> None:
    class Ends(Progress):
        def __init__(self) -> None:
            self.asked = 0

        def is_cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 1

    one, two, _ = taught.students
    session = taught.start()
    taught.mark(session, one)
    taught.mark(session, two)
    taught.end(session)
    found = taught.learn(session, taught.face(one), taught.face(two), progress=Ends())
    assert (found, taught.learned(one)) == (Learned(), [])


def test_calibration_takes_up_pairs_of_the_days_that_were_learned(taught: LearningClass) -> None:
    one, two, three = taught.students
    taught.school.clock.advance(DAY_S)
    own = taught.school.galleries

    def found() -> tuple[int, int, list[float]]:
        today = taught.school.clock.now().date()
        measured = own.measure(taught.course.course_id, on=today, model=MODEL, actor=admin()).measured
        forecast = measured.calibration.forecast
        assert forecast is not None
        assert forecast.learned.all()
        return sum(forecast.days), forecast.own_people, sorted(forecast.own.tolist())

    assert found() == (3, 0, [])
    for student, hundredths in ((one, 20), (two, 30), (three, 40)):
        assert taught.day(student, hundredths) == Learned(kept=(student.student_id,))
    days, people, distances = found()
    assert (days, people) == (6, 3)
    assert distances == pytest.approx([0.2, 0.2, 0.3, 0.3, 0.4, 0.4])
