"""Students check out on leaving, and minutes, over a real database."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.rechecks import RecheckMeaning, RecheckMode
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.attendance.stays import CheckOutMode
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days
from kiosk.errors import ConflictError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.attendance.leaving.check_outs import StudentStay
from kiosk.services.attendance.leaving.staying import TOO_SHORT
from kiosk.services.events import CheckInResult, WebStateChanged
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin, teacher
from tests.fakes.vision.recognition import MODEL
from tests.unit.services.attendance.classes import actions, end, face, mark, statuses
from tests.world.school import SmallSchool

PRESENT, LATE, ABSENT, EXCUSED = Status.PRESENT, Status.LATE, Status.ABSENT, Status.EXCUSED
OUT, ALREADY = CheckInOutcome.CHECKED_OUT, CheckInOutcome.ALREADY_MARKED
MINUTE = 60.0


class Lesson:
    """A class of three who came at its start."""

    def __init__(
        self, school: SmallSchool, policy: ProofPolicy = ProofPolicy.EITHER, **rules: object
    ) -> None:
        self.school, self.cases = school, school.cases.attendance.check_outs
        known: dict[str, object] = {"check_out": CheckOutMode.TEACHER}
        school.school.change_rules(SchoolRules.model_validate(known | rules), actor=admin())
        course, self.people = school.add_course()
        for number, student in enumerate(self.people, start=1):
            school.enrol(student, number)
        self.session: ClassSession = school.sessions.start(
            course.course_id, actor=admin("Anna"), model=MODEL.name, policy=policy
        )
        for student in self.people:
            if policy is ProofPolicy.EITHER:
                face(school, self.session, student)
            else:
                mark(school, self.session, student, PRESENT, "seen")

    def open(self) -> None:
        self.cases.open(self.session.session_id, actor=teacher())

    def come(
        self, student: Student, method: Method = Method.FACE, device: str | None = None
    ) -> CheckInResult:
        proof = Evidence(method, self.school.clock.now(), device=device)
        return self.school.checkin.submit(Claim(self.session.session_id, student.student_id, proof)).result()

    def after(self, minutes: float) -> None:
        self.school.clock.advance(minutes * MINUTE)

    def correct(self, student: Student, minutes: int | None, reason: str = "left early") -> None:
        self.cases.correct(
            self.session.session_id, student.student_id, minutes, reason=reason, actor=teacher()
        )

    @property
    def stays(self) -> list[StudentStay]:
        return list(self.cases.of_session(self.session.session_id, actor=teacher()).students)

    @property
    def minutes(self) -> list[int]:
        return [one.stay.minutes for one in self.stays]

    @property
    def statuses(self) -> list[Status | None]:
        return statuses(self.school, self.session)


def test_nobody_checks_out_by_walking_past_before_the_teacher_wants_it(school: SmallSchool) -> None:
    lesson = Lesson(school)
    anna, ben, carl = lesson.people
    lesson.after(30)
    assert lesson.come(anna).outcome is ALREADY
    lesson.open()
    assert lesson.come(anna, Method.PHONE, device="x").outcome is OUT
    assert lesson.come(anna).outcome is ALREADY, "once"
    lesson.after(10)
    lesson.cases.close(lesson.session.session_id, actor=teacher())
    assert lesson.come(ben).outcome is ALREADY
    lesson.after(20)
    end(school, lesson.session)
    assert lesson.minutes == [30, 60, 60]
    assert [one.stay.percent for one in lesson.stays] == [50, 100, 100]
    assert [one.stay.is_to_the_end for one in lesson.stays] == [False, True, True]
    assert lesson.statuses == [PRESENT, PRESENT, PRESENT], "minutes alone change nobody"
    out, record = lesson.stays[0].out, lesson.stays[0].record
    assert out is not None
    assert school.cases.records.all.file(record.record_id, actor=admin()).stay == lesson.stays[0].stay
    assert out.evidence[0].device is None, "no trace stays here"
    assert {"checkout.opened", "checkout.closed"} <= set(actions(school))
    assert carl.student_id


def test_a_second_look_within_the_first_minutes_is_no_check_out(school: SmallSchool) -> None:
    lesson = Lesson(school, check_out_after_min=15)
    lesson.open()
    lesson.after(14)
    assert lesson.come(lesson.people[0]).outcome is ALREADY
    lesson.after(1)
    assert lesson.come(lesson.people[0]).outcome is OUT


def test_whoever_has_left_is_not_asked_to_show_up_again(school: SmallSchool) -> None:
    lesson = Lesson(school, recheck=RecheckMode.TEACHER, recheck_meaning=RecheckMeaning.ABSENT)
    school.hub.emit(WebStateChanged(True, "http://10.0.0.1:8080"))
    lesson.open()
    lesson.after(30)
    assert lesson.come(lesson.people[0]).outcome is OUT
    rechecks, session_id = school.cases.attendance.rechecks, lesson.session.session_id
    rechecks.start(session_id, actor=teacher())
    lesson.after(SchoolRules().recheck_window_min + 0.2)
    rechecks.judge(session_id)
    [report] = rechecks.of_session(session_id, actor=teacher())
    assert report.asked == 2
    assert lesson.statuses == [PRESENT, ABSENT, ABSENT], "who left by the door is not absent for it"


def test_too_short_a_stay_is_an_absence_where_the_school_says_so(school: SmallSchool) -> None:
    lesson = Lesson(school, attended_from_percent=75)
    anna, ben, carl = lesson.people
    lesson.after(40)
    lesson.open()
    lesson.come(anna)
    mark(school, lesson.session, carl, EXCUSED, "ill")
    lesson.after(35)
    lesson.come(ben)
    lesson.after(15)
    ended = end(school, lesson.session)
    assert lesson.statuses == [ABSENT, PRESENT, EXCUSED]
    assert ended.tally.absent == 1
    record = school.sessions.roster(lesson.session.session_id)[0].record
    assert record is not None
    assert record.evidence[-1].reason == TOO_SHORT
    assert lesson.minutes == [40, 75], "the minutes are still told"
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()

    lesson.correct(anna, 80, "was in the lab")
    assert lesson.statuses[0] is PRESENT
    lesson.correct(ben, 10, "slept")
    assert lesson.statuses[1] is ABSENT
    lesson.after(1)
    mark(school, lesson.session, ben, LATE, "never mind")
    lesson.correct(ben, None, "he was right")
    assert lesson.statuses[1] is LATE
    assert lesson.minutes == [80, 90]
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()


def test_what_a_hand_decided_about_a_short_stay_holds_when_the_class_is_opened_again(
    school: SmallSchool,
) -> None:
    lesson = Lesson(school, attended_from_percent=50)
    anna, ben, _carl = lesson.people
    lesson.open()
    lesson.after(15)
    lesson.come(anna)
    lesson.come(ben)
    lesson.after(45)
    end(school, lesson.session)
    assert lesson.statuses[:2] == [ABSENT, ABSENT]
    lesson.after(1)
    mark(school, lesson.session, anna, PRESENT, "was sent to fetch chalk")
    mark(school, lesson.session, ben, EXCUSED, "was ill")
    school.cases.attendance.afterwards.reopening.open_again(lesson.session.session_id, actor=admin("Ada"))
    lesson.after(5)
    end(school, lesson.session)
    assert lesson.statuses[:2] == [PRESENT, EXCUSED]
    assert ben.full_name not in {one.student.full_name for one in lesson.stays}


def test_a_correction_is_refused_in_words(school: SmallSchool) -> None:
    lesson = Lesson(school)
    anna, ben, _carl = lesson.people
    lesson.after(30)
    with pytest.raises(ConflictError, match="say why"):
        lesson.correct(anna, 10, "  ")
    for wrong in (31, -1):
        with pytest.raises(ConflictError, match="has 30 minutes so far"):
            lesson.correct(anna, wrong)
    mark(school, lesson.session, ben, ABSENT, "never seen")
    with pytest.raises(ConflictError, match="was not there"):
        lesson.correct(ben, 5)
    assert lesson.minutes == [30, 30]
    end(school, lesson.session)
    with pytest.raises(ConflictError, match="has ended"):
        lesson.open()


def test_where_a_school_wants_none_nothing_is_a_check_out(school: SmallSchool) -> None:
    lesson = Lesson(school, attended_from_percent=75)
    lesson.open()
    school.school.change_rules(SchoolRules(), actor=admin())
    lesson.after(30)
    assert lesson.come(lesson.people[0]).outcome is ALREADY
    assert not lesson.cases.of_session(lesson.session.session_id, actor=teacher()).is_on
    lesson.cases.close(lesson.session.session_id, actor=teacher())
    with pytest.raises(ConflictError, match="do not check out"):
        lesson.open()


def test_where_two_proofs_are_demanded_leaving_takes_two(school: SmallSchool) -> None:
    lesson = Lesson(school, policy=ProofPolicy.BOTH)
    anna, ben, _carl = lesson.people
    lesson.after(30)
    lesson.open()
    first = lesson.come(anna, Method.PHONE)
    assert first.outcome is CheckInOutcome.FACE_AWAITED
    assert school.phone.follow(first).outcome is CheckInOutcome.FACE_AWAITED
    lesson.after(1)
    assert lesson.come(anna).outcome is OUT
    assert school.phone.follow(first).outcome is OUT
    lesson.come(ben, Method.PHONE)
    lesson.after(1)
    school.claims.confirm(lesson.session.session_id, ben.student_id, actor=teacher())
    lesson.after(28)
    end(school, lesson.session)
    assert lesson.minutes == [30, 31, 60], "the time of the scan counts"


def test_the_workbook_has_minutes_and_shares_where_the_school_counts_them(
    school: SmallSchool, tmp_path: Path
) -> None:
    lesson = Lesson(school)
    lesson.after(30)
    lesson.open()
    lesson.come(lesson.people[0])
    lesson.after(30)
    end(school, lesson.session)
    lesson.correct(lesson.people[1], 20, "=left")
    exports = school.cases.reports.exports
    exports.workbook(tmp_path / "with.xlsx", Days(None, None, None), actor=admin())
    rows = list(load_workbook(tmp_path / "with.xlsx")["Minutes"].iter_rows(values_only=True))
    assert [(row[3], row[6], row[7], row[8]) for row in rows[1:]] == [
        ("Student 1", 30, 60, 0.5),
        ("Student 2", 20, 60, 0.33),
        ("Student 3", 60, 60, 1),
    ]
    assert [row[9] for row in rows[1:]] == [
        None,
        "by hand, Tom: “=left”",
        "never checked out: counted to the end",
    ]
    school.school.change_rules(SchoolRules(), actor=admin())
    exports.workbook(tmp_path / "without.xlsx", Days(None, None, None), actor=admin())
    assert "Minutes" not in load_workbook(tmp_path / "without.xlsx").sheetnames
