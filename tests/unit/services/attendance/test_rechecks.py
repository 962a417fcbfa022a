"""Students show up again in mid-class, over a real database."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.rechecks import Disturbance, Recheck, RecheckMeaning, RecheckMode
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.attendance.recheck.judging import MISSED
from kiosk.services.attendance.recheck.rechecks import RecheckReport
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    Event,
    IncidentNoted,
    SessionStarted,
    StoreStateChanged,
    WebStateChanged,
)
from kiosk.settings import SchoolRules
from kiosk.storage.database.evidence import to_json
from kiosk.storage.database.tables import AttendanceRecordRow
from kiosk.storage.store import Repositories
from kiosk.wording.rechecks import student_recheck_words
from tests.fakes.actors import admin, teacher
from tests.fakes.vision.recognition import MODEL
from tests.unit.services.attendance.classes import actions, end, face, mark, statuses
from tests.world.school import SmallSchool

PRESENT, LATE, ABSENT, EXCUSED = Status.PRESENT, Status.LATE, Status.ABSENT, Status.EXCUSED
SEEN_AGAIN, ALREADY = CheckInOutcome.SEEN_AGAIN, CheckInOutcome.ALREADY_MARKED
MINUTE = 60.0


class Lesson:
    """A class of four, of whom the first three came by face; phones reach the kiosk."""

    def __init__(
        self, school: SmallSchool, policy: ProofPolicy = ProofPolicy.EITHER, **rules: object
    ) -> None:
        self.school = school
        known: dict[str, object] = {"recheck": RecheckMode.TEACHER, "recheck_meaning": RecheckMeaning.ABSENT}
        texts = SchoolRules.model_validate(known | rules).to_texts()
        with school.database.transaction() as repositories:
            for name, value in texts.items():
                repositories.school_settings.put(name, value)
        course, self.people = school.add_course(students=4)
        for number, student in enumerate(self.people, start=1):
            school.enrol(student, number)
        self.session: ClassSession = school.sessions.start(
            course.course_id, actor=admin("Anna"), model=MODEL.name, policy=policy
        )
        school.hub.emit(WebStateChanged(True, "http://10.0.0.1:8080"))
        school.hub.emit(SessionStarted(self.session, course, 4))
        self.course = course
        if policy is ProofPolicy.EITHER:
            for student in self.people[:3]:
                face(school, self.session, student)

    def start(self) -> Recheck:
        return self.school.cases.attendance.rechecks.start(self.session.session_id, actor=teacher())

    def come(self, student: Student, method: Method = Method.FACE, **known: object) -> CheckInResult:
        proof = Evidence(method, self.school.clock.now(), **known)  # type: ignore[arg-type]
        return self.school.checkin.submit(Claim(self.session.session_id, student.student_id, proof)).result()

    def pass_by(self, minutes: float) -> None:
        self.school.clock.advance(minutes * MINUTE)
        self.school.cases.attendance.recheck_watch.tick()

    def report(self) -> RecheckReport:
        found = self.school.cases.attendance.rechecks.of_session(self.session.session_id, actor=teacher())
        return found[-1]

    @property
    def missing(self) -> list[str]:
        return [one.student.full_name for one in self.report().missing]

    @property
    def statuses(self) -> list[Status | None]:
        return statuses(self.school, self.session)


def test_who_shows_up_again_is_noted_and_who_does_not_is_absent_by_the_schools_choice(
    school: SmallSchool,
) -> None:
    lesson = Lesson(school)
    anna, ben, carl, dora = lesson.people
    assert lesson.come(anna).outcome is ALREADY
    school.clock.advance(20 * MINUTE)
    recheck = lesson.start()
    now = school.cases.attendance.recheck_watch.now(lesson.session.session_id)
    assert now is not None
    assert (now.left_s, len(now.asked), len(now.shown)) == (300.0, 3, 0)

    school.clock.advance(MINUTE)
    again = lesson.come(anna, distance=0.2, device="x")
    assert again.outcome is SEEN_AGAIN
    assert again.record is not None
    assert again.record.version == 1, "the record stays as it was"
    assert lesson.come(anna).outcome is ALREADY
    assert lesson.come(ben, Method.PHONE).outcome is SEEN_AGAIN
    assert lesson.come(dora).outcome is CheckInOutcome.MARKED_LATE, "who comes only now is not asked again"
    now = school.cases.attendance.recheck_watch.now(lesson.session.session_id)
    assert now is not None
    assert now.missing == {carl.student_id}
    assert lesson.statuses == [PRESENT, PRESENT, PRESENT, LATE], "nobody is judged before it is over"

    lesson.pass_by(5)
    assert school.cases.attendance.recheck_watch.now(lesson.session.session_id) is None
    assert lesson.statuses == [PRESENT, PRESENT, ABSENT, LATE]
    record = school.sessions.roster(lesson.session.session_id)[2].record
    assert record is not None
    assert (record.evidence[-1].reason, record.evidence[-1].recheck) == (MISSED, recheck.recheck_id)
    assert record.is_by_recheck
    assert lesson.come(carl).outcome is CheckInOutcome.HELD_BY_TEACHER
    report = lesson.report()
    assert (report.asked, report.shown, lesson.missing) == (3, 2, ["Student 3"])
    assert report.missing[0].is_set
    assert report.recheck.judges
    (one,) = school.cases.attendance.rechecks.of_student(
        lesson.session.session_id, anna.student_id, actor=teacher()
    )
    (proof,) = one.asked.evidence
    assert (proof.method, proof.distance, proof.device) == (Method.FACE, None, None), "no trace stays here"
    end(school, lesson.session)
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()
    assert {"recheck.started", "recheck.ended", "record.set_by_recheck"} <= set(actions(school))


@pytest.mark.parametrize(("meaning", "after"), [(RecheckMeaning.NOTED, PRESENT), (RecheckMeaning.LATE, LATE)])
def test_the_school_may_only_note_it_or_count_it_as_late(
    school: SmallSchool, meaning: RecheckMeaning, after: Status
) -> None:
    lesson = Lesson(school, recheck_meaning=meaning)
    lesson.start()
    lesson.come(lesson.people[0])
    lesson.pass_by(6)
    assert lesson.statuses == [PRESENT, after, after, None]
    assert lesson.missing == ["Student 2", "Student 3"]
    record = school.sessions.roster(lesson.session.session_id)[1].record
    assert record is not None
    assert record.method is Method.FACE, "how somebody came stays"


def test_who_was_excused_or_seen_by_the_teacher_meanwhile_is_not_judged(school: SmallSchool) -> None:
    lesson = Lesson(school)
    anna, ben, carl, _dora = lesson.people
    lesson.start()
    mark(school, lesson.session, anna, EXCUSED, "felt ill")
    school.clock.advance(1)
    mark(school, lesson.session, ben, PRESENT, "sits in the last row")
    now = school.cases.attendance.recheck_watch.now(lesson.session.session_id)
    assert now is not None
    assert ben.student_id in now.shown
    lesson.pass_by(6)
    assert lesson.statuses == [EXCUSED, PRESENT, ABSENT, None]
    assert lesson.missing == [carl.full_name]


def test_a_status_of_the_schools_own_was_chosen_and_stays(school: SmallSchool) -> None:
    lesson = Lesson(school)
    anna = lesson.people[0]
    trip = school.cases.attendance.statuses.save(
        SchoolStatus(0, "school trip", "T", StatusColour.BLUE, PRESENT, 50), actor=admin("Ada")
    )
    mark(school, lesson.session, anna, trip, "with the choir")
    lesson.pass_by(1)
    lesson.start()
    lesson.pass_by(6)
    record = school.sessions.roster(lesson.session.session_id)[0].record
    assert record is not None
    assert record.shown == trip
    assert anna.full_name in lesson.missing


def _both_ways_down(lesson: Lesson) -> None:
    lesson.school.hub.emit(CameraStateChanged(CameraState.LOST))
    lesson.school.hub.emit(WebStateChanged(False))
    lesson.school.hub.emit(CameraStateChanged(CameraState.RUNNING))
    lesson.school.hub.emit(WebStateChanged(True))


def _clock_moved(lesson: Lesson) -> None:
    lesson.school.hub.emit(_incident(lesson))


def _incident(lesson: Lesson) -> Event:
    now = lesson.school.clock.now()
    return IncidentNoted(Incident(lesson.session.session_id, IncidentKind.CLOCK_MOVED, None, None, now))


def _started_again(lesson: Lesson) -> None:
    lesson.school.hub.emit(SessionStarted(lesson.session, lesson.course, 4))


def _database_away(lesson: Lesson) -> None:
    lesson.school.hub.emit(StoreStateChanged("away", ""))


def _stopped(lesson: Lesson) -> None:
    lesson.school.cases.attendance.rechecks.stop(lesson.session.session_id, actor=teacher())


def _class_ended(lesson: Lesson) -> None:
    end(lesson.school, lesson.session)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_both_ways_down, Disturbance.NO_WAY),
        (_clock_moved, Disturbance.CLOCK_MOVED),
        (_started_again, Disturbance.RESTARTED),
        (_database_away, Disturbance.DATABASE_AWAY),
        (_stopped, Disturbance.CUT_SHORT),
        (_class_ended, Disturbance.CUT_SHORT),
    ],
)
def test_a_window_that_was_disturbed_names_the_missing_and_judges_nobody(
    school: SmallSchool, happens: Callable[[Lesson], None], why: Disturbance
) -> None:
    lesson = Lesson(school)
    lesson.start()
    lesson.come(lesson.people[0])
    school.clock.advance(MINUTE)
    happens(lesson)
    lesson.pass_by(6)
    assert lesson.statuses[:3] == [PRESENT, PRESENT, PRESENT]
    assert lesson.report().recheck.disturbance is why
    assert lesson.missing == ["Student 2", "Student 3"]


def test_one_way_down_is_no_disturbance_where_the_other_one_works(school: SmallSchool) -> None:
    lesson = Lesson(school)
    lesson.start()
    school.hub.emit(CameraStateChanged(CameraState.LOST))
    lesson.pass_by(6)
    assert lesson.report().recheck.judges
    assert lesson.statuses == [ABSENT, ABSENT, ABSENT, None]


def test_a_window_is_there_again_after_a_power_cut_and_judges_nobody(
    school: SmallSchool, data_dir: Path
) -> None:
    before = Lesson(school)
    before.start()
    before.come(before.people[0])
    school.clock.advance(2 * MINUTE)

    again = SmallSchool(data_dir, clock=school.clock)
    again.hub.emit(WebStateChanged(True, "http://10.0.0.1:8080"))
    again.hub.emit(SessionStarted(before.session, before.course, 4))
    now = again.cases.attendance.recheck_watch.now(before.session.session_id)
    assert now is not None
    assert (now.left_s, len(now.shown), len(now.missing)) == (180.0, 1, 2)
    before.school = again
    assert before.come(before.people[1]).outcome is SEEN_AGAIN
    before.pass_by(6)
    assert before.report().recheck.disturbance is Disturbance.RESTARTED
    assert (before.missing, before.statuses[2]) == (["Student 3"], PRESENT)
    again.database.close()


def test_a_window_that_nobody_watched_is_incomplete(school: SmallSchool) -> None:
    lesson = Lesson(school)
    lesson.start()
    school.clock.advance(60 * MINUTE)
    end(school, lesson.session)
    assert lesson.report().recheck.disturbance is Disturbance.RESTARTED
    assert lesson.statuses == [PRESENT, PRESENT, PRESENT, ABSENT]


def test_a_teacher_says_that_somebody_was_here(school: SmallSchool) -> None:
    lesson = Lesson(school)
    _anna, ben, carl, dora = lesson.people
    recheck = lesson.start()
    lesson.come(lesson.people[0])
    lesson.pass_by(6)
    rechecks = school.cases.attendance.rechecks
    rechecks.was_here(recheck.recheck_id, ben.student_id, actor=teacher())
    assert lesson.statuses == [PRESENT, PRESENT, ABSENT, None]
    record = school.sessions.roster(lesson.session.session_id)[1].record
    assert record is not None
    assert (record.method, len(school.sessions.history(record.record_id, actor=teacher()))) == (
        Method.FACE,
        2,
    )
    mark(school, lesson.session, carl, EXCUSED, "was at the doctor's")
    rechecks.was_here(recheck.recheck_id, carl.student_id, actor=teacher())
    assert lesson.statuses[2] is EXCUSED, "what a teacher decided since stays"
    assert lesson.missing == []
    with pytest.raises(NotFoundError):
        rechecks.was_here(recheck.recheck_id, dora.student_id, actor=teacher())


def test_a_recheck_is_taken_back_whole_and_once(school: SmallSchool) -> None:
    lesson = Lesson(school)
    recheck = lesson.start()
    rechecks = school.cases.attendance.rechecks
    with pytest.raises(ConflictError, match="under way"):
        rechecks.take_back(recheck.recheck_id, actor=teacher())
    lesson.pass_by(6)
    assert lesson.statuses == [ABSENT, ABSENT, ABSENT, None]
    assert rechecks.take_back(recheck.recheck_id, actor=teacher()) == 3
    assert lesson.statuses == [PRESENT, PRESENT, PRESENT, None]
    assert not lesson.report().recheck.judges
    with pytest.raises(ConflictError, match="already"):
        rechecks.take_back(recheck.recheck_id, actor=teacher())


def test_a_record_of_the_same_version_that_another_entry_brought_is_not_given_back(
    school: SmallSchool,
) -> None:
    """A merge keeps the record of either entry, and each counts its versions for itself."""
    lesson = Lesson(school)
    recheck = lesson.start()
    lesson.pass_by(6)
    record = school.sessions.roster(lesson.session.session_id)[0].record
    assert record is not None

    def bring_another(repositories: Repositories) -> None:
        row = repositories.db_session.get(AttendanceRecordRow, record.record_id)
        assert row is not None
        row.evidence = to_json(record.evidence[:-1])

    school.store.write(bring_another)
    assert school.cases.attendance.rechecks.take_back(recheck.recheck_id, actor=teacher()) == 2
    assert lesson.statuses == [ABSENT, PRESENT, PRESENT, None]


def test_a_recheck_is_refused_in_words(school: SmallSchool) -> None:
    lesson = Lesson(school)
    lesson.start()
    with pytest.raises(ConflictError, match="under way"):
        lesson.start()
    lesson.pass_by(6)
    school.hub.emit(CameraStateChanged(CameraState.LOST))
    school.hub.emit(WebStateChanged(False))
    with pytest.raises(ConflictError, match="neither camera nor phones"):
        lesson.start()
    end(school, lesson.session)
    with pytest.raises(ConflictError, match="ended"):
        lesson.start()


def test_nobody_is_asked_where_nobody_is_here_or_the_school_wants_none(school: SmallSchool) -> None:
    nobody = Lesson(school, policy=ProofPolicy.PHONE)
    with pytest.raises(ConflictError, match="Nobody is marked"):
        nobody.start()
    with school.database.transaction() as repositories:
        repositories.school_settings.put("rules.recheck", "off")
    with pytest.raises(ConflictError, match="uses no re-checks"):
        nobody.start()


def test_where_two_proofs_are_demanded_showing_up_again_takes_two(school: SmallSchool) -> None:
    lesson = Lesson(school, policy=ProofPolicy.BOTH)
    anna = lesson.people[0]
    lesson.come(anna, Method.PHONE)
    assert lesson.come(anna).outcome is CheckInOutcome.MARKED_PRESENT
    ben = lesson.people[1]
    lesson.come(ben, Method.PHONE)
    lesson.come(ben)
    lesson.start()
    assert lesson.come(anna, Method.PHONE).outcome is CheckInOutcome.FACE_AWAITED
    assert lesson.come(ben, Method.PHONE).outcome is CheckInOutcome.FACE_AWAITED
    school.clock.advance(2)
    assert lesson.come(anna).outcome is SEEN_AGAIN
    record = school.claims.confirm(lesson.session.session_id, ben.student_id, actor=teacher())
    assert record.version == 1
    assert lesson.missing == []
    now = school.cases.attendance.recheck_watch.now(lesson.session.session_id)
    assert now is not None
    assert now.missing == frozenset()


def test_who_scanned_in_the_last_moment_may_finish(school: SmallSchool) -> None:
    lesson = Lesson(school)
    lesson.start()
    scanned_at = school.clock.now() + timedelta(minutes=5)
    school.clock.advance(5 * MINUTE + 10)
    assert lesson.come(lesson.people[0], Method.PHONE, scanned_at=scanned_at).outcome is SEEN_AGAIN
    assert lesson.come(lesson.people[1]).outcome is ALREADY


def test_a_random_moment_is_drawn_once_kept_and_begun(school: SmallSchool) -> None:
    lesson = Lesson(school, recheck=RecheckMode.RANDOM, recheck_from_min=30, recheck_to_min=30)
    rechecks = school.cases.attendance.rechecks
    lesson.pass_by(1)
    assert rechecks.of_session(lesson.session.session_id, actor=teacher()) == [], "nobody is told when"
    _started_again(lesson)
    lesson.pass_by(28)
    assert rechecks.of_session(lesson.session.session_id, actor=teacher()) == []
    lesson.pass_by(1.1)
    assert (lesson.report().asked, lesson.report().recheck.by) == (3, "the kiosk")
    lesson.pass_by(6)
    lesson.pass_by(30)
    assert len(rechecks.of_session(lesson.session.session_id, actor=teacher())) == 1


def test_a_random_moment_that_passed_while_the_kiosk_was_off_is_drawn_anew_or_dropped(
    school: SmallSchool,
) -> None:
    lesson = Lesson(school, recheck=RecheckMode.RANDOM, recheck_from_min=10, recheck_to_min=10)
    rechecks = school.cases.attendance.rechecks
    lesson.pass_by(0)
    school.clock.advance(40 * MINUTE)
    _started_again(lesson)
    for _ in range(3):
        lesson.pass_by(10)
    assert rechecks.of_session(lesson.session.session_id, actor=teacher()) == []
    assert "recheck.started" not in actions(school)


def test_a_drawn_moment_at_which_nobody_is_here_is_dropped(school: SmallSchool) -> None:
    lesson = Lesson(
        school, recheck=RecheckMode.RANDOM, recheck_from_min=10, recheck_to_min=10, policy=ProofPolicy.PHONE
    )
    lesson.pass_by(0)
    lesson.pass_by(11)
    assert actions(school)[-1] == "recheck.dropped"


def test_the_records_file_and_the_students_own_tell_of_it(school: SmallSchool, tmp_path: Path) -> None:
    lesson = Lesson(school)
    anna, ben = lesson.people[:2]
    lesson.start()
    lesson.come(anna, device="x")
    lesson.pass_by(6)
    end(school, lesson.session)
    record = school.sessions.roster(lesson.session.session_id)[1].record
    assert record is not None
    file = school.cases.records.all.file(record.record_id, actor=admin())
    ((recheck, asked),) = file.rechecks
    assert student_recheck_words(recheck, asked).startswith("Did not show up again. The record was changed")
    everything = school.cases.records.everything
    everything.save(tmp_path / "anna.zip", anna, actor=admin())
    with ZipFile(tmp_path / "anna.zip") as zipped:
        (row,) = json.loads(zipped.read("everything.json"))["tables"]["recheck_students"]
    assert (row["asked_at"], row["method"]) == (
        recheck.began_at.isoformat() if recheck.began_at else "",
        "face",
    )
    assert "device" not in str(row["evidence"])
    assert school.cases.records.student_data.stored(ben.student_id).rechecks.number == 1
