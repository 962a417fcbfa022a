import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.people.students import Student
from kiosk.errors import NotFoundError, StorageError
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import CheckInResult, Event
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from tests.fakes.actors import admin
from tests.fakes.recorder import told
from tests.fakes.vision.recognition import MODEL
from tests.world.school import ZONE, DirectStore, SmallSchool


@pytest.fixture
def started(school: SmallSchool) -> tuple[ClassSession, list[Student]]:
    course, students = school.add_course()
    return start(school, course.course_id), students


def start(school: SmallSchool, course_id: int, policy: ProofPolicy = ProofPolicy.EITHER) -> ClassSession:
    return school.sessions.start(course_id, actor=admin("Anna"), model=MODEL.name, policy=policy)


def claim(
    school: SmallSchool, session: ClassSession, student: Student, method: Method = Method.FACE
) -> Claim:
    return Claim(session.session_id, student.student_id, Evidence(method, school.clock.now()))


def check_in(
    school: SmallSchool, session: ClassSession, student: Student, method: Method = Method.FACE
) -> CheckInResult:
    return school.checkin.submit(claim(school, session, student, method)).result()


def test_a_student_in_time_is_present(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    school.clock.advance(599)

    result = check_in(school, session, students[0])

    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.outcome.is_marked
    assert result.student == students[0]
    assert result.record is not None
    assert (result.record.status, result.record.method) == (Status.PRESENT, Method.FACE)
    assert result.record.marked_at == school.clock.now()
    assert result.record.evidence == (Evidence(Method.FACE, school.clock.now()),)


def test_a_student_at_the_late_time_is_late(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    school.clock.advance(600)

    result = check_in(school, session, students[0], Method.PHONE)

    assert result.outcome is CheckInOutcome.MARKED_LATE
    assert result.record is not None
    assert (result.record.status, result.record.method) == (Status.LATE, Method.PHONE)


def test_the_time_of_the_proof_counts_not_the_time_of_writing(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    school.clock.advance(599)
    seen = claim(school, session, students[0])
    school.clock.advance(60)

    result = school.checkin.submit(seen).result()

    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.record is not None
    assert result.record.marked_at == seen.evidence.at


def test_a_second_claim_shows_the_first_record_unchanged(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    first = check_in(school, session, students[0])
    school.clock.advance(1000)

    again = check_in(school, session, students[0], Method.PHONE)

    assert again.outcome is CheckInOutcome.ALREADY_MARKED
    assert not again.outcome.is_marked
    assert again.record == first.record
    assert (again.method, again.at) == (Method.PHONE, school.clock.now())


def test_someone_of_another_course_is_not_registered(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, _ = started
    _, others = school.add_course("BIO 1", 1)

    result = check_in(school, session, others[0])

    assert result.outcome is CheckInOutcome.NOT_REGISTERED
    assert result.record is None
    assert school.sessions.roster(session.session_id)[0].record is None


def test_after_the_end_nobody_is_marked_any_more(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    school.sessions.end(session.session_id, actor=admin("Anna"))

    result = check_in(school, session, students[0])

    assert result.outcome is CheckInOutcome.SESSION_ENDED
    assert [entry.record.status for entry in school.sessions.roster(session.session_id) if entry.record] == [
        Status.ABSENT
    ] * 3


def test_after_the_end_who_was_marked_still_is(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    first = check_in(school, session, students[0])
    school.sessions.end(session.session_id, actor=admin("Anna"))

    again = check_in(school, session, students[0])

    assert again.outcome is CheckInOutcome.ALREADY_MARKED
    assert again.record == first.record


@pytest.mark.parametrize(
    ("policy", "method", "outcome"),
    [
        (ProofPolicy.FACE, Method.PHONE, CheckInOutcome.METHOD_NOT_ACCEPTED),
        (ProofPolicy.FACE, Method.FACE, CheckInOutcome.MARKED_PRESENT),
        (ProofPolicy.PHONE, Method.FACE, CheckInOutcome.METHOD_NOT_ACCEPTED),
        (ProofPolicy.PHONE, Method.PASS, CheckInOutcome.MARKED_PRESENT),
    ],
)
def test_the_sessions_policy_decides_which_proof_counts(
    school: SmallSchool, policy: ProofPolicy, method: Method, outcome: CheckInOutcome
) -> None:
    course, students = school.add_course()
    school.enrol(students[0], 1)
    session = start(school, course.course_id, policy)

    result = check_in(school, session, students[0], method)

    assert result.outcome is outcome
    assert (result.record is not None) == outcome.is_marked


@pytest.mark.parametrize(("session_id", "student_id"), [(99, 1), (1, 99)])
def test_an_unknown_session_or_student_is_an_error_and_no_event(
    school: SmallSchool, started: tuple[ClassSession, list[Student]], session_id: int, student_id: int
) -> None:
    lost = Claim(session_id, student_id, Evidence(Method.FACE, school.clock.now()))

    with pytest.raises(NotFoundError):
        school.checkin.submit(lost).result()
    assert school.events == []


def test_a_class_over_midnight_keeps_the_roster_of_the_day_it_began(school: SmallSchool) -> None:
    course, students = school.add_course(students=2)
    before_midnight = datetime(2026, 11, 23, 23, 55, tzinfo=ZONE).astimezone(UTC)
    school.clock.advance((before_midnight - school.clock.now()).total_seconds())
    session = start(school, course.course_id)
    tomorrow = datetime(2026, 11, 24, tzinfo=ZONE).date()
    school.store.write(
        lambda repositories: repositories.courses.unregister(
            course.course_id, students[0].student_id, tomorrow
        )
    )
    school.clock.advance(360)

    assert check_in(school, session, students[0]).outcome is CheckInOutcome.MARKED_PRESENT


def test_registration_counts_by_the_day_in_the_schools_zone(school: SmallSchool) -> None:
    course, _ = school.add_course(students=1)
    # 00:30 on the 24th in Berlin is still the 23rd in UTC.
    after_midnight = datetime(2026, 11, 24, 0, 30, tzinfo=ZONE).astimezone(UTC)
    school.clock.advance((after_midnight - school.clock.now()).total_seconds())

    def join(repositories: Repositories) -> Student:
        student = repositories.students.add(student_no="NEW", full_name="New", email=None)
        day = datetime(2026, 11, 24, tzinfo=ZONE).date()
        repositories.courses.register(course.course_id, student.student_id, day)
        return student

    newcomer = school.store.write(join)
    session = start(school, course.course_id)

    assert check_in(school, session, newcomer).outcome is CheckInOutcome.MARKED_PRESENT


def test_of_many_claims_at_once_one_makes_the_record(threaded_school: SmallSchool) -> None:
    school = threaded_school
    course, students = school.add_course()
    session = start(school, course.course_id)
    together = threading.Barrier(16)
    results: list[CheckInResult] = []

    def submit(number: int) -> None:
        one = claim(school, session, students[0], Method.FACE if number % 2 else Method.PHONE)
        together.wait()
        results.append(school.checkin.submit(one).result(60))

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    outcomes = [result.outcome for result in results]
    assert outcomes.count(CheckInOutcome.MARKED_PRESENT) == 1
    assert outcomes.count(CheckInOutcome.ALREADY_MARKED) == 15
    assert len({result.record.record_id for result in results if result.record}) == 1
    assert sum(entry.record is not None for entry in school.sessions.roster(session.session_id)) == 1


def test_the_event_comes_after_the_commit_and_before_the_answer(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    seen: list[tuple[Event, bool]] = []

    def on_event(event: Event) -> None:
        stored = school.store.read(
            lambda repositories: repositories.records.find(session.session_id, students[0].student_id)
        )
        seen.append((event, stored is not None))

    door = CheckIn(store=school.store, zone=ZONE, events=told(on_event))
    result = door.submit(claim(school, session, students[0])).result()

    assert seen == [(result, True)]


class FullDisk:
    """`Database` whose commits fail."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.batch = database.batch
        self.snapshot = database.snapshot
        self.close = database.close

    @contextmanager
    def transaction(self) -> Iterator[Repositories]:
        with self._database.transaction() as repositories:
            yield repositories
            raise StorageError("The disk is full.", "Make room.")


def test_a_failed_commit_writes_nothing_and_tells_nobody_marked(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, students = started
    events: list[Event] = []
    door = CheckIn(store=DirectStore(FullDisk(school.database)), zone=ZONE, events=told(events.append))

    with pytest.raises(StorageError, match="disk is full"):
        door.submit(claim(school, session, students[0])).result()

    assert events == []
    assert all(entry.record is None for entry in school.sessions.roster(session.session_id))


def test_somebody_who_stops_waiting_cancels_no_record(threaded_school: SmallSchool) -> None:
    school = threaded_school
    course, students = school.add_course()
    session = start(school, course.course_id)
    busy = threading.Event()
    school.store.write_later(lambda repositories: busy.wait(60))

    answer = school.checkin.submit(claim(school, session, students[0]))
    cancelled = answer.cancel()
    busy.set()

    assert not cancelled
    assert answer.result(60).outcome is CheckInOutcome.MARKED_PRESENT


def test_by_hand_somebody_who_is_not_registered_can_be_marked(
    school: SmallSchool, started: tuple[ClassSession, list[Student]]
) -> None:
    session, _ = started
    _, others = school.add_course("BIO 1", 1)

    result = check_in(school, session, others[0], Method.MANUAL)

    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.record is not None
    assert result.record.marked_at - session.started_at == timedelta(0)


@pytest.mark.parametrize("status", [Status.EXCUSED, Status.ABSENT])
def test_what_a_teacher_marked_by_hand_is_not_overwritten_by_a_face(
    school: SmallSchool, status: Status
) -> None:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    marked = school.marks.mark(
        session.session_id, students[0].student_id, status, actor=admin("Anna"), reason="called in sick"
    )
    claim = Claim(session.session_id, students[0].student_id, Evidence(Method.FACE, school.clock.now()))

    result = school.checkin.submit(claim).result()

    assert (result.outcome, result.record) == (CheckInOutcome.HELD_BY_TEACHER, marked)


def test_a_student_whose_only_mark_was_undone_may_still_check_in(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    student_id = students[0].student_id
    school.marks.mark(session.session_id, student_id, Status.PRESENT, actor=admin("Anna"), reason="wrong row")
    undone = school.marks.undo(session.session_id, student_id, None, actor=admin("Anna"))
    assert (undone.status, undone.method, undone.is_taken_back) == (Status.ABSENT, None, True)
    assert [entry.record for entry in school.sessions.roster(session.session_id)] == [None, None, None]

    claim = Claim(session.session_id, student_id, Evidence(Method.FACE, school.clock.now()))
    result = school.checkin.submit(claim).result()

    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.record is not None
    assert (result.record.record_id, result.record.method) == (undone.record_id, Method.FACE)
    assert not result.record.is_taken_back
    assert [one.before.status for one in school.sessions.history(undone.record_id, actor=admin())] == [
        Status.PRESENT,
        Status.ABSENT,
    ]


def test_an_undone_mark_of_somebody_who_never_comes_stays_absent(school: SmallSchool) -> None:
    course, students = school.add_course(students=1)
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    student_id = students[0].student_id
    school.marks.mark(session.session_id, student_id, Status.PRESENT, actor=admin("Anna"), reason="wrong row")
    school.marks.undo(session.session_id, student_id, None, actor=admin("Anna"))
    school.sessions.end(session.session_id, actor=admin("Anna"))

    (entry,) = school.sessions.roster(session.session_id)
    assert entry.record is not None
    assert entry.record.status is Status.ABSENT


def test_who_looks_like_another_may_scan_also_where_the_class_is_marked_by_face(school: SmallSchool) -> None:
    course, students = school.add_course(students=3)
    school.enrol(students[2], 1)
    session = start(school, course.course_id, ProofPolicy.FACE)
    school.store.write(
        lambda repositories: repositories.face_pairs.add(
            student_id=students[0].student_id,
            other_id=students[1].student_id,
            origin=PairOrigin.LOOKALIKE,
            model=MODEL.name,
            distance=0.4,
            same_person=False,
            found_at=school.clock.now(),
            found_by="Ada",
        )
    )

    by_face = check_in(school, session, students[0])
    by_phone = check_in(school, session, students[0], Method.PHONE)
    others = check_in(school, session, students[2], Method.PHONE)

    assert (by_face.outcome, by_face.record) == (CheckInOutcome.SECOND_FACTOR_NEEDED, None)
    assert by_phone.outcome is CheckInOutcome.MARKED_PRESENT
    assert others.outcome is CheckInOutcome.METHOD_NOT_ACCEPTED
