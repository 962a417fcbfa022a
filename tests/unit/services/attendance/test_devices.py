"""One device marks one student in one class session."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.students import Student
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import CheckInResult
from kiosk.settings import SchoolRules, SecondDeviceUse
from tests.fakes.actors import admin
from tests.world.school import ZONE, SmallSchool

Started = tuple[ClassSession, list[Student]]


def start(school: SmallSchool, code: str = "CS 101") -> Started:
    course, students = school.add_course(code)
    return school.sessions.start(course.course_id, actor=admin("Anna"), model="fake"), students


@pytest.fixture
def started(school: SmallSchool) -> Started:
    return start(school)


def scan(
    school: SmallSchool,
    session: ClassSession,
    student: Student,
    device: str = "phone-1",
    *,
    agent: str | None = "agent",
) -> CheckInResult:
    evidence = Evidence(Method.PHONE, school.clock.now(), device=device, address="10.0.0.7", agent=agent)
    return school.checkin.submit(Claim(session.session_id, student.student_id, evidence)).result()


def rules(school: SmallSchool, **changed: object) -> None:
    school.school.change_rules(SchoolRules.model_validate(changed), actor=admin("Ada"))


def test_a_phone_that_marked_one_student_does_not_mark_another(school: SmallSchool, started: Started) -> None:
    session, (anita, ben, _) = started
    assert scan(school, session, anita).outcome.is_marked

    for times in (1, 2):
        refused = scan(school, session, ben)
        assert (refused.outcome, refused.record) == (CheckInOutcome.DEVICE_ALREADY_USED, None)
        assert refused.incident is not None
        assert refused.incident.kind is IncidentKind.SECOND_DEVICE_REFUSED
        assert (refused.incident.student_id, refused.incident.other_id) == (ben.student_id, anita.student_id)
        assert refused.incident.times == times

        assert school.events[-1] == refused

    assert [
        record.student_id for record in school.store.read(lambda r: r.records.of_session(session.session_id))
    ] == [anita.student_id]
    assert scan(school, session, ben, "phone-2").outcome.is_marked


def test_a_flag_lets_it_count_and_tells_the_teacher(school: SmallSchool, started: Started) -> None:
    rules(school, second_device_use=SecondDeviceUse.FLAG)
    session, (anita, ben, chen) = started
    assert scan(school, session, anita).incident is None

    flagged = scan(school, session, ben)

    assert flagged.outcome.is_marked
    assert flagged.incident is not None
    assert flagged.incident.kind is IncidentKind.SECOND_DEVICE_FLAGGED
    scan(school, session, chen)
    kept = school.store.read(lambda r: r.incidents.of_session(session.session_id))
    assert [incident.student_id for incident in kept] == [ben.student_id, chen.student_id]


def test_who_is_marked_already_is_told_so_calmly_on_any_phone(school: SmallSchool, started: Started) -> None:
    session, (anita, ben, _) = started
    scan(school, session, anita)
    scan(school, session, ben, "phone-2")

    again = scan(school, session, ben)

    assert (again.outcome, again.incident) == (CheckInOutcome.ALREADY_MARKED, None)


def test_the_next_class_begins_anew(school: SmallSchool, started: Started) -> None:
    session, (anita, _, _) = started
    scan(school, session, anita)
    other, (dara, *_) = start(school, "ART")
    assert scan(school, other, dara).outcome.is_marked


def test_a_restart_forgets_nothing(school: SmallSchool, started: Started) -> None:
    session, (anita, ben, _) = started
    scan(school, session, anita)
    school.checkin = CheckIn(store=school.store, zone=ZONE, events=school.hub)
    assert scan(school, session, ben).outcome is CheckInOutcome.DEVICE_ALREADY_USED


def test_an_undone_mark_does_not_free_the_phone_for_somebody_else(
    school: SmallSchool, started: Started
) -> None:
    session, (anita, ben, _) = started
    scan(school, session, anita)
    school.marks.undo(session.session_id, anita.student_id, None, actor=admin("Anna"))
    assert scan(school, session, ben).outcome is CheckInOutcome.DEVICE_ALREADY_USED
    assert scan(school, session, anita).outcome.is_marked


@pytest.mark.parametrize("method", [Method.FACE, Method.MANUAL])
def test_faces_and_hands_have_no_device(school: SmallSchool, started: Started, method: Method) -> None:
    session, (anita, ben, _) = started
    scan(school, session, anita)
    evidence = Evidence(method, school.clock.now(), device="phone-1", actor="Anna", reason="here")
    assert (
        school.checkin.submit(Claim(session.session_id, ben.student_id, evidence)).result().outcome.is_marked
    )


def test_of_three_students_racing_on_one_phone_exactly_one_is_marked(threaded_school: SmallSchool) -> None:
    school = threaded_school
    session, students = start(school)
    together = threading.Barrier(30)
    outcomes: list[CheckInOutcome] = []

    def race(number: int) -> None:
        together.wait()
        outcomes.append(scan(school, session, students[number % 3]).outcome)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(CheckInOutcome.MARKED_PRESENT) == 1
    assert outcomes.count(CheckInOutcome.ALREADY_MARKED) == 9
    assert outcomes.count(CheckInOutcome.DEVICE_ALREADY_USED) == 20


def test_a_browser_that_lost_its_cookie_is_another_one_and_a_hint_can_tell(
    school: SmallSchool, started: Started
) -> None:
    session, (anita, ben, chen) = started
    scan(school, session, anita)
    assert scan(school, session, ben, "new cookie").incident is None

    rules(school, same_address_hint=True)
    hinted = scan(school, session, chen, "newer cookie")

    assert hinted.outcome.is_marked
    assert hinted.incident is not None
    assert hinted.incident.kind is IncidentKind.SAME_ADDRESS
    assert hinted.incident.other_id == anita.student_id


def incidents(
    school: SmallSchool, session: ClassSession
) -> list[tuple[IncidentKind, int | None, int | None]]:
    noted = school.store.read(lambda r: r.incidents.of_session(session.session_id))
    return [(one.kind, one.student_id, one.other_id) for one in noted]


def many(school: SmallSchool, number: int, code: str = "MATH 2") -> Started:
    course, students = school.add_course(code, students=number)
    return school.sessions.start(course.course_id, actor=admin("Anna"), model="fake"), students


def test_one_phone_that_marks_a_whole_class_with_deleted_cookies_is_told_to_the_teacher(
    school: SmallSchool,
) -> None:
    """The attack: friends' numbers and PINs, one phone, a private window for each; no rule of the school is set."""
    session, students = many(school, 25)
    for number, student in enumerate(students):
        assert scan(school, session, student, f"fresh-{number}").outcome.is_marked
        school.clock.advance(20)
    told = incidents(school, session)
    assert {kind for kind, _who, _other in told} == {IncidentKind.SAME_ADDRESS}
    assert {who for _kind, who, _other in told} == {one.student_id for one in students[2:]}


def test_a_class_with_phones_of_its_own_is_no_incident(school: SmallSchool) -> None:
    session, students = many(school, 25)
    for number, student in enumerate(students):
        evidence = Evidence(
            Method.PHONE,
            school.clock.now(),
            device=f"phone-{number}",
            address=f"10.0.0.{number}",
            agent="agent",
        )
        claim = Claim(session.session_id, student.student_id, evidence)
        assert school.checkin.submit(claim).result().incident is None


def test_phones_that_are_known_from_an_earlier_class_are_no_incident_behind_one_address(
    school: SmallSchool,
) -> None:
    session, students = many(school, 12)
    for number, student in enumerate(students):
        scan(school, session, student, f"phone-{number}")
        school.clock.advance(700)  # one by one over the day, so this first class tells nobody either
    assert incidents(school, session) == []
    school.sessions.end(session.session_id, actor=admin("Anna"))
    again = school.sessions.start(session.course_id, actor=admin("Anna"), model="fake")
    for number, student in enumerate(students):
        scan(school, again, student, f"phone-{number}")
    assert incidents(school, again) == []


def test_two_friends_with_new_phones_of_one_kind_are_no_incident(
    school: SmallSchool, started: Started
) -> None:
    session, (anita, ben, _) = started
    scan(school, session, anita, "new-1")
    scan(school, session, ben, "new-2")
    assert incidents(school, session) == []


def test_another_kind_of_phone_at_the_same_address_is_no_hint(school: SmallSchool, started: Started) -> None:
    rules(school, same_address_hint=True)
    session, (anita, ben, chen) = started
    scan(school, session, anita)
    assert scan(school, session, ben, "phone-2", agent="another").incident is None
    assert scan(school, session, chen, "phone-3", agent=None).incident is None
    assert (
        replace(scan(school, session, chen, "phone-3"), incident=None).outcome
        is CheckInOutcome.ALREADY_MARKED
    )


def test_a_phone_that_waits_for_a_second_proof_waits_for_one_student_only(school: SmallSchool) -> None:
    course, (anita, ben, _) = school.add_course()
    session = school.sessions.start(
        course.course_id, actor=admin("Anna"), model="fake", policy=ProofPolicy.BOTH
    )
    assert scan(school, session, anita).outcome.is_waiting
    assert scan(school, session, ben).outcome is CheckInOutcome.DEVICE_ALREADY_USED
    assert scan(school, session, anita).outcome.is_waiting
    waiting = school.store.read(lambda r: r.claims.of_session(session.session_id))
    assert [claim.student_id for claim in waiting] == [anita.student_id]


def one_by_one(
    school: SmallSchool,
    session: ClassSession,
    students: list[Student],
    *,
    address: str = "10.0.0.7",
    pause_s: float = 5,
    known: bool = False,
) -> list[IncidentKind]:
    """Each scans, confirms 20 s later, and the next one scans after a pause; browsers say different things of themselves."""
    for student in students:
        scanned_at = school.clock.now()
        school.clock.advance(20)
        name = f"{'own' if known else 'fresh-' + str(session.session_id)}-{student.student_id}"
        evidence = Evidence(
            Method.PHONE,
            school.clock.now(),
            device=name,
            address=address,
            agent=f"agent-{student.student_id}",
            scanned_at=scanned_at,
        )
        school.checkin.submit(Claim(session.session_id, student.student_id, evidence)).result()
        school.clock.advance(pause_s)
    return [kind for kind, _who, _other in incidents(school, session)]


def with_own_phones(school: SmallSchool, session: ClassSession, students: list[Student], net: str) -> None:
    """A class as in a school where each phone has an address of its own."""
    for number, student in enumerate(students):
        evidence = Evidence(
            Method.PHONE,
            school.clock.now(),
            device=f"own-{student.student_id}",
            address=f"{net}.{number}",
            agent="agent",
        )
        assert school.checkin.submit(Claim(session.session_id, student.student_id, evidence)).result().outcome


def test_one_phone_that_says_each_time_that_it_is_another_is_told_all_the_same(school: SmallSchool) -> None:
    """The attack: cleared cookies and another user agent for each friend, one after the other."""
    session, students = many(school, 25)
    assert one_by_one(school, session, students) == [IncidentKind.NEW_BROWSERS]
    (noted,) = school.store.read(lambda r: r.incidents.of_session(session.session_id))
    assert (noted.student_id, noted.times) == (None, 19)  # from the seventh on


def test_one_who_takes_time_is_told_where_phones_have_addresses_of_their_own(school: SmallSchool) -> None:
    first, students = many(school, 12)
    with_own_phones(school, first, students, "10.0.1")
    session, friends = many(school, 8, "ART")
    assert one_by_one(school, session, friends, pause_s=60) == [IncidentKind.NEW_BROWSERS]


def test_a_class_behind_one_translator_whose_phones_scan_at_once_is_no_incident(school: SmallSchool) -> None:
    session, students = many(school, 25)
    began = school.clock.now()
    for number, student in enumerate(students):
        school.clock.advance(8)
        evidence = Evidence(
            Method.PHONE,
            school.clock.now(),
            device=f"phone-{number}",
            address="10.0.0.7",
            agent=f"agent-{number}",
            scanned_at=max(began, school.clock.now() - timedelta(seconds=20)),
        )
        school.checkin.submit(Claim(session.session_id, student.student_id, evidence)).result()
    assert incidents(school, session) == []


def test_an_address_that_a_class_came_back_to_is_known_to_be_shared(school: SmallSchool) -> None:
    """New phones there are told only when they come one after the other without a pause."""
    first, students = many(school, 12)
    with_own_phones(school, first, students, "10.0.1")
    shared, others = many(school, 8, "ART")
    one_by_one(school, shared, others[:4], pause_s=60, known=True)
    school.sessions.end(shared.session_id, actor=admin("Anna"))
    again = school.sessions.start(shared.course_id, actor=admin("Anna"), model="fake")
    assert one_by_one(school, again, others[:4], pause_s=60, known=True) == []
    school.sessions.end(again.session_id, actor=admin("Anna"))
    fresh, beginners = many(school, 8, "PHYS")
    assert one_by_one(school, fresh, beginners, pause_s=60) == []
