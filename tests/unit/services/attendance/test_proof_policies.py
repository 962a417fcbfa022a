import threading
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.people.students import Student
from kiosk.errors import NotFoundError
from kiosk.services.attendance.awaited_faces import call_of
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    Event,
    RecognitionReady,
    RecordCorrected,
    SessionStarted,
    WorkerFailed,
)
from kiosk.services.people.consents import FaceConsents
from kiosk.services.school.school_settings import School
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL
from tests.world.school import SmallSchool

BOTH, SPOT = ProofPolicy.BOTH, ProofPolicy.SPOT_CHECK


class Room:
    """One class under a policy: the first two students are enrolled, the third has no face on record."""

    def __init__(self, school: SmallSchool, policy: ProofPolicy) -> None:
        self.school = school
        course, self.students = school.add_course()
        school.enrol(self.students[0], 1)
        school.enrol(self.students[1], 2)
        self.session: ClassSession = school.sessions.start(
            course.course_id, actor=admin("Anna"), model=MODEL.name, policy=policy
        )
        school.awaited.on_event(SessionStarted(self.session, course, 3))

    def check_in(self, student: Student, method: Method) -> CheckInResult:
        evidence = Evidence(method, self.school.clock.now())
        return self.school.checkin.submit(
            Claim(self.session.session_id, student.student_id, evidence)
        ).result()

    def scan(self, number: int = 0) -> CheckInResult:
        return self.check_in(self.students[number], Method.PHONE)

    def face(self, number: int = 0) -> CheckInResult:
        return self.check_in(self.students[number], Method.FACE)

    @property
    def expected(self) -> frozenset[int]:
        return self.school.awaited.expected(self.session.session_id)

    @property
    def marked(self) -> int:
        roster = self.school.sessions.roster(self.session.session_id)
        return sum(entry.record is not None for entry in roster)


@pytest.mark.parametrize("scan", [Method.PHONE, Method.PASS])
def test_a_scan_waits_and_the_face_completes_it(school: SmallSchool, scan: Method) -> None:
    room = Room(school, BOTH)

    first = room.check_in(room.students[0], scan)
    assert (first.outcome, first.record, room.marked) == (CheckInOutcome.FACE_AWAITED, None, 0)
    assert first.outcome.is_waiting
    assert not first.outcome.is_marked
    assert room.expected == {room.students[0].student_id}
    school.clock.advance(30)
    second = room.face()

    assert second.outcome is CheckInOutcome.MARKED_PRESENT
    record = second.record
    assert record is not None
    assert [one.method for one in record.evidence] == [scan, Method.FACE]
    assert (record.method, record.marked_at, record.policy) == (Method.FACE, second.at, BOTH)
    assert room.expected == frozenset()
    assert school.claims.waiting(room.session.session_id, actor=admin()) == {}
    assert room.scan().outcome is CheckInOutcome.ALREADY_MARKED


def test_a_face_seen_first_waits_for_the_phone(school: SmallSchool) -> None:
    room = Room(school, BOTH)

    assert room.face().outcome is CheckInOutcome.PHONE_AWAITED
    assert (room.marked, room.expected) == (0, frozenset())
    done = room.scan()

    assert done.outcome is CheckInOutcome.MARKED_PRESENT
    assert done.record is not None
    assert [one.method for one in done.record.evidence] == [Method.FACE, Method.PHONE]
    assert done.record.method is Method.PHONE


def test_two_proofs_of_one_kind_are_not_two_proofs(school: SmallSchool) -> None:
    room = Room(school, BOTH)

    assert [room.scan().outcome for _ in range(3)] == [CheckInOutcome.FACE_AWAITED] * 3
    assert [room.face(1).outcome for _ in range(3)] == [CheckInOutcome.PHONE_AWAITED] * 3
    assert room.marked == 0


def test_the_claim_of_one_is_not_completed_by_the_face_of_another(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    room.scan(0)

    assert room.face(1).outcome is CheckInOutcome.PHONE_AWAITED
    assert room.marked == 0


def test_after_its_time_a_claim_is_not_completed_any_more(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    room.scan()
    school.clock.advance(180.1)

    assert room.expected == frozenset()
    late = room.face()
    assert (late.outcome, room.marked) == (CheckInOutcome.PHONE_AWAITED, 0)
    assert room.scan().outcome is CheckInOutcome.MARKED_PRESENT


def test_the_schools_rule_says_how_long_a_claim_is_good(school: SmallSchool) -> None:
    School(store=school.store, clock=school.clock).change_rules(
        SchoolRules(claim_life_min=1), actor=admin("Ada")
    )
    room = Room(school, BOTH)
    result = room.scan()

    assert result.claim is not None
    assert result.claim.expires_at == result.at + timedelta(minutes=1)


def test_a_second_scan_gives_a_claim_more_time(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    room.scan()
    school.clock.advance(170)
    room.scan()
    school.clock.advance(170)

    assert room.face().outcome is CheckInOutcome.MARKED_PRESENT


def test_the_late_rule_goes_by_the_proof_that_completed(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    school.clock.advance(590)
    room.scan()
    school.clock.advance(20)

    assert room.face().outcome is CheckInOutcome.MARKED_LATE


def test_claims_survive_a_restart(data_dir: Path, school: SmallSchool) -> None:
    room = Room(school, BOTH)
    room.scan()
    again = SmallSchool(data_dir, clock=school.clock)
    course = again.sessions.course_of(room.session)
    assert again.awaited.expected(room.session.session_id) == frozenset()

    again.awaited.on_event(SessionStarted(room.session, course, 3))

    assert again.awaited.expected(room.session.session_id) == {room.students[0].student_id}
    evidence = Evidence(Method.FACE, again.clock.now())
    claim = Claim(room.session.session_id, room.students[0].student_id, evidence)
    assert again.checkin.submit(claim).result().outcome is CheckInOutcome.MARKED_PRESENT
    again.database.close()


def test_of_scan_and_face_at_once_exactly_one_completes(threaded_school: SmallSchool) -> None:
    school = threaded_school
    for _round in range(5):
        course, students = school.add_course(f"C {_round}")
        school.enrol(students[0], 1)
        session = school.sessions.start(course.course_id, actor=admin("Anna"), model=MODEL.name, policy=BOTH)
        together = threading.Barrier(16)
        results: list[CheckInResult] = []

        def submit(
            number: int,
            session: ClassSession = session,
            student: Student = students[0],
            together: threading.Barrier = together,
            results: list[CheckInResult] = results,
        ) -> None:
            method = Method.FACE if number % 2 else Method.PHONE
            evidence = Evidence(method, school.clock.now())
            together.wait()
            claim = Claim(session.session_id, student.student_id, evidence)
            results.append(school.checkin.submit(claim).result(60))

        threads = [threading.Thread(target=submit, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        (done,) = [one for one in results if one.outcome.is_marked]
        assert done.record is not None
        assert {one.method for one in done.record.evidence} == {Method.FACE, Method.PHONE}
        assert len(done.record.evidence) == 2


@pytest.mark.parametrize("method", [Method.PHONE, Method.FACE])
def test_when_the_session_ends_claims_go_and_nothing_completes_them(
    school: SmallSchool, method: Method
) -> None:
    room = Room(school, BOTH)
    room.scan()
    school.sessions.end(room.session.session_id, actor=admin("Anna"))

    assert room.check_in(room.students[0], method).outcome is CheckInOutcome.SESSION_ENDED
    assert school.claims.waiting(room.session.session_id, actor=admin()) == {}
    assert room.expected == frozenset()
    roster = school.sessions.roster(room.session.session_id)
    assert [entry.record.status for entry in roster if entry.record] == [Status.ABSENT] * 3


# -- students whom the camera does not know ----------------------------------------------------------------------


def _unknown(school: SmallSchool, room: Room, why: str) -> Student:
    student = room.students[0]
    if why == "withdrew":
        FaceConsents(store=school.store, clock=school.clock, events=school.hub).record(
            student.student_id, given=False, actor=admin("Ada")
        )
    elif why == "look alike":
        school.store.write(
            lambda repositories: repositories.face_pairs.add(
                student_id=student.student_id,
                other_id=room.students[1].student_id,
                origin=PairOrigin.LOOKALIKE,
                model=MODEL.name,
                distance=0.2,
                same_person=False,
                found_at=school.clock.now(),
                found_by="Ada",
            )
        )
    elif why == "never enrolled":
        return room.students[2]
    return student


@pytest.mark.parametrize("policy", [BOTH, SPOT])
@pytest.mark.parametrize("why", ["never enrolled", "withdrew", "look alike"])
def test_whom_the_camera_must_not_decide_on_is_seen_by_the_teacher(
    school: SmallSchool, policy: ProofPolicy, why: str
) -> None:
    room = Room(school, policy)
    school.draws = [True]
    student = _unknown(school, room, why)

    waiting = room.check_in(student, Method.PHONE)

    assert waiting.outcome is CheckInOutcome.TEACHER_AWAITED
    assert room.expected == frozenset()
    assert call_of(school.awaited.people(room.session.session_id)) == ""
    school.clock.advance(700)
    assert room.check_in(student, Method.PHONE).outcome is CheckInOutcome.TEACHER_AWAITED
    record = school.claims.confirm(room.session.session_id, student.student_id, actor=admin("Anna"))
    assert [one.method for one in record.evidence] == [Method.PHONE, Method.MANUAL]
    assert (record.evidence[1].actor, record.method) == ("Anna", Method.MANUAL)
    assert (record.status, record.marked_at) == (Status.PRESENT, waiting.at)
    assert isinstance(school.events[-1], RecordCorrected)
    assert room.check_in(student, Method.PHONE).outcome is CheckInOutcome.ALREADY_MARKED


def test_where_faces_are_demanded_a_student_without_one_has_a_way_too(school: SmallSchool) -> None:
    room = Room(school, ProofPolicy.FACE)

    assert room.scan(0).outcome is CheckInOutcome.METHOD_NOT_ACCEPTED
    assert room.scan(2).outcome is CheckInOutcome.TEACHER_AWAITED
    school.claims.confirm(room.session.session_id, room.students[2].student_id, actor=admin("Anna"))
    assert room.scan(2).outcome is CheckInOutcome.ALREADY_MARKED


def test_withdrawing_consent_takes_a_name_off_the_screen_and_leaves_it_to_the_teacher(
    school: SmallSchool,
) -> None:
    room = Room(school, BOTH)
    room.scan()
    student_id = room.students[0].student_id
    consents = FaceConsents(store=school.store, clock=school.clock, events=school.hub)

    assert school.awaited.left_to_teacher(room.session.session_id) == 0
    consents.record(student_id, given=False, actor=admin("Ada"))

    assert room.expected == frozenset()
    assert school.awaited.left_to_teacher(room.session.session_id) == 1
    waiting = school.claims.waiting(room.session.session_id, actor=admin())[student_id]
    assert (waiting.claim.awaits, waiting.claim.expires_at) == (Awaited.EYE, None)


@pytest.mark.parametrize(
    ("trouble", "over"),
    [
        (CameraStateChanged(CameraState.LOST, "Unplugged."), CameraStateChanged(CameraState.RUNNING)),
        (WorkerFailed("vision", "It hung."), RecognitionReady(1, MODEL.name, "fake-detector", 2, 2)),
    ],
    ids=["camera lost", "recognition off"],
)
def test_while_the_camera_sees_nobody_the_teacher_is_awaited_instead(
    school: SmallSchool, trouble: Event, over: Event
) -> None:
    room = Room(school, BOTH)
    school.awaited.on_event(trouble)

    assert room.scan(0).outcome is CheckInOutcome.TEACHER_AWAITED
    school.awaited.on_event(over)
    assert room.scan(1).outcome is CheckInOutcome.FACE_AWAITED
    assert room.scan(0).outcome is CheckInOutcome.FACE_AWAITED, "who scans again shows the face after all"
    assert room.face(0).outcome is CheckInOutcome.MARKED_PRESENT


# -- the teacher's eye -------------------------------------------------------------------------------------------


def test_a_teacher_confirms_whoever_the_camera_does_not_see(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    scanned = room.scan()
    school.clock.advance(700)
    session_id, student_id = room.session.session_id, room.students[0].student_id
    assert [one.is_good for one in school.claims.waiting(session_id, actor=admin()).values()] == [False]

    record = school.claims.confirm(session_id, student_id, actor=admin("Anna"))

    assert (record.status, record.marked_at) == (Status.PRESENT, scanned.at)
    assert room.face().outcome is CheckInOutcome.ALREADY_MARKED
    log = school.store.read(lambda repositories: repositories.audit.entries())
    assert log[0].action == "record.confirmed_by_eye"
    with pytest.raises(NotFoundError):
        school.claims.confirm(session_id, student_id, actor=admin("Anna"))


def test_confirming_can_be_undone_and_the_student_may_scan_again(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    room.scan()
    session_id, student_id = room.session.session_id, room.students[0].student_id
    school.claims.confirm(session_id, student_id, actor=admin("Anna"))

    school.marks.undo(session_id, student_id, None, actor=admin("Anna"))

    assert room.scan().outcome is CheckInOutcome.FACE_AWAITED
    assert room.expected == {student_id}
    assert room.face().outcome is CheckInOutcome.MARKED_PRESENT


@pytest.mark.parametrize("together", [True, False])
def test_a_scan_that_a_mark_by_hand_ended_waits_again_when_the_mark_is_undone(
    school: SmallSchool, together: bool
) -> None:
    room = Room(school, BOTH)
    claim = room.scan().claim
    session_id, student_id = room.session.session_id, room.students[0].student_id

    done = school.marks.mark_missing(
        session_id, {student_id: 0}, Status.ABSENT, actor=admin("Anna"), reason="gone"
    )
    assert [one.claim for one in done.marked] == [claim]
    assert room.expected == set()
    if together:
        school.marks.undo_all(session_id, done.marked, actor=admin("Anna"))
    else:
        (one,) = done.marked
        school.marks.undo(
            session_id, student_id, one.before, actor=admin("Anna"), after=one.record, claim=one.claim
        )

    assert room.expected == {student_id}
    assert room.face().outcome is CheckInOutcome.MARKED_PRESENT


def test_a_mark_by_hand_ends_a_claim(school: SmallSchool) -> None:
    room = Room(school, BOTH)
    room.scan()
    session_id, student_id = room.session.session_id, room.students[0].student_id

    school.marks.mark(session_id, student_id, Status.EXCUSED, actor=admin("Anna"), reason="ill")

    assert school.claims.waiting(session_id, actor=admin()) == {}
    assert room.expected == frozenset()
    assert room.face().outcome is CheckInOutcome.HELD_BY_TEACHER


# -- spot checks -------------------------------------------------------------------------------------------------


def test_who_is_not_drawn_is_marked_by_the_phone_at_once(school: SmallSchool) -> None:
    room = Room(school, SPOT)
    school.draws = [False, True]

    assert room.scan(0).outcome is CheckInOutcome.MARKED_PRESENT
    assert room.scan(1).outcome is CheckInOutcome.FACE_AWAITED
    assert room.face(1).outcome is CheckInOutcome.MARKED_PRESENT


def test_a_face_alone_is_asked_to_scan_under_spot_checks(school: SmallSchool) -> None:
    room = Room(school, SPOT)

    assert room.face().outcome is CheckInOutcome.METHOD_NOT_ACCEPTED
    assert room.marked == 0


def test_nobody_scans_again_until_the_lot_falls_on_somebody_else(school: SmallSchool) -> None:
    room = Room(school, SPOT)
    school.draws = [True]
    room.scan()
    school.clock.advance(400)

    assert [room.scan().outcome for _ in range(3)] == [CheckInOutcome.FACE_AWAITED] * 3
    assert room.marked == 0


# -- the words for the screen ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "call"),
    [
        ([], ""),
        (["Mia Kowalski", "Jonas Bauer"], "Mia K., Jonas B."),
        (["Zoë van der Berg", "Plato"], "Zoë B., Plato"),
        ([f"A{n} Bee" for n in range(7)], "A0 B., A1 B., A2 B., A3 B. and 3 more"),
    ],
)
def test_the_screen_calls_people_by_first_name_and_initial(names: list[str], call: str) -> None:
    assert call_of(tuple(Student(place, f"S{place}", name) for place, name in enumerate(names))) == call


def test_the_screen_calls_people_by_the_name_that_they_are_called() -> None:
    assert (
        call_of((Student(1, "S1", "Katharina Lang", called="Kim"), Student(2, "S2", "Bo Berg")))
        == "Kim, Bo B."
    )
