from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.planned_absence import PlannedAbsence
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.attendance.planned_absences import EXCUSED, UNDONE, Announcement
from kiosk.services.events import RecordCorrected
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.classes import actions, end, face, mark, start, statuses
from tests.world.school import ZONE, SmallSchool

ABSENT, EXCUSE, PRESENT = Status.ABSENT, Status.EXCUSED, Status.PRESENT
DAY = timedelta(days=1)


def announcement(school: SmallSchool, *students: Student, days: int = 1, ago: int = 0) -> Announcement:
    first = school.clock.now().astimezone(ZONE).date() - ago * DAY
    ids = tuple(one.student_id for one in students)
    return Announcement(ids, first, first + (days - 1) * DAY, " ill \n")


def announce(
    school: SmallSchool, *students: Student, days: int = 1, ago: int = 0, with_written: bool = False
) -> list[PlannedAbsence]:
    said = announcement(school, *students, days=days, ago=ago)
    return school.cases.attendance.absences.announce(said, with_written=with_written, actor=teacher())


def test_who_was_announced_is_excused_at_the_end_and_the_others_are_absent(school: SmallSchool) -> None:
    course, (anna, ben, _carl) = school.add_course()
    announce(school, anna, ben, days=3)
    session = start(school, course)
    assert [one.is_planned for one in school.sessions.roster(session.session_id)] == [True, True, False]
    ended = end(school, session)
    assert statuses(school, session) == [EXCUSE, EXCUSE, ABSENT]
    assert ended.tally.absent == 1
    record = school.sessions.roster(session.session_id)[0].record
    assert record is not None
    assert (record.method, record.evidence[0].reason, record.evidence[0].actor) == (None, "ill", "Tom")
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()


def test_who_comes_after_all_is_present(school: SmallSchool) -> None:
    course, (anna, ben, carl) = school.add_course()
    announce(school, anna, ben)
    session = start(school, course)
    face(school, session, anna)
    mark(school, session, ben, Status.LATE)
    end(school, session)
    assert statuses(school, session) == [PRESENT, Status.LATE, ABSENT]
    assert carl.student_id


def test_an_excuse_that_only_the_end_wrote_gives_way_in_a_class_that_is_open_again(
    school: SmallSchool,
) -> None:
    course, (anna, *_others) = school.add_course()
    announce(school, anna)
    session = start(school, course)
    end(school, session)
    school.cases.attendance.afterwards.reopening.open_again(session.session_id, actor=teacher())
    assert statuses(school, session) == [None, None, None]
    proof = Evidence(Method.FACE, school.clock.now(), distance=0.2)
    claim = Claim(session.session_id, anna.student_id, proof)
    assert school.checkin.submit(claim).result().outcome is CheckInOutcome.MARKED_PRESENT


def test_what_is_announced_or_taken_back_while_a_class_is_open_again_holds_at_its_end(
    school: SmallSchool,
) -> None:
    course, (anna, ben, carl) = school.add_course()
    (mine,) = announce(school, anna)
    session = start(school, course)
    end(school, session)
    school.cases.attendance.afterwards.reopening.open_again(session.session_id, actor=teacher())
    school.cases.attendance.absences.take_back(mine.absence_id, actor=teacher())
    announce(school, ben, carl)
    mark(school, session, carl, ABSENT, "seen outside")

    ended = end(school, session)

    assert statuses(school, session) == [ABSENT, EXCUSE, ABSENT]
    assert ended.tally.absent == 2
    records = [one.record for one in school.sessions.roster(session.session_id)]
    reasons = [school.sessions.history(one.record_id, actor=admin())[-1].reason for one in records if one]
    assert reasons == [UNDONE, EXCUSED, "seen outside"]


def test_a_mark_that_was_taken_back_is_excused_at_the_end_where_that_was_announced(
    school: SmallSchool,
) -> None:
    course, (anna, *_others) = school.add_course()
    (mine,) = announce(school, anna)
    session = start(school, course)
    mark(school, session, anna, PRESENT, "wrong row")
    school.marks.undo(session.session_id, anna.student_id, None, actor=admin())
    end(school, session)
    assert statuses(school, session)[0] is EXCUSE
    school.cases.attendance.absences.take_back(mine.absence_id, actor=teacher())
    assert statuses(school, session)[0] is ABSENT


def test_of_two_announcements_for_one_day_the_other_excuses_when_one_is_taken_back(
    school: SmallSchool,
) -> None:
    course, (anna, *_others) = school.add_course()
    (longer,), (shorter,) = announce(school, anna, days=3), announce(school, anna)
    session = start(school, course)
    end(school, session)
    absences = school.cases.attendance.absences

    assert absences.take_back(shorter.absence_id, actor=teacher()) == 0
    assert statuses(school, session)[0] is EXCUSE
    assert absences.take_back(longer.absence_id, actor=teacher()) == 1
    assert statuses(school, session)[0] is ABSENT


def test_it_holds_on_its_days_alone(school: SmallSchool) -> None:
    course, (anna, *_others) = school.add_course()
    announce(school, anna, days=2)
    school.clock.advance(DAY.total_seconds())
    second = start(school, course)
    end(school, second)
    school.clock.advance(DAY.total_seconds())
    third = start(school, course)
    end(school, third)
    assert (statuses(school, second)[0], statuses(school, third)[0]) == (EXCUSE, ABSENT)
    assert school.cases.attendance.absences.coming(actor=teacher()) == []


def test_what_is_written_already_is_shown_and_follows_only_after_a_yes(school: SmallSchool) -> None:
    course, (anna, ben, carl) = school.add_course()
    session = start(school, course)
    end(school, session)
    mark(school, session, carl, ABSENT, "seen outside")
    school.clock.advance(DAY.total_seconds())
    absences = school.cases.attendance.absences
    said = announcement(school, anna, ben, carl, days=2, ago=1)
    written = absences.written(said, actor=teacher())
    assert [one.student for one in written] == [anna, ben]

    (first, *_rest) = absences.announce(said, with_written=False, actor=teacher())
    assert statuses(school, session) == [ABSENT] * 3
    absences.take_back(first.absence_id, actor=teacher())
    absences.announce(said, with_written=True, actor=teacher())
    assert statuses(school, session) == [EXCUSE, EXCUSE, ABSENT]
    record = school.sessions.roster(session.session_id)[0].record
    assert record is not None
    (before,) = school.sessions.history(record.record_id, actor=teacher())
    assert (before.before.status, before.reason) == (ABSENT, EXCUSED)
    assert isinstance(school.events[-1], RecordCorrected)


def test_taken_back_it_makes_absent_whom_it_excused_and_nobody_else(school: SmallSchool) -> None:
    course, (anna, ben, _carl) = school.add_course()
    mine, _other = announce(school, anna, ben)
    session = start(school, course)
    end(school, session)
    absences = school.cases.attendance.absences
    assert absences.take_back(mine.absence_id, actor=teacher()) == 1
    assert statuses(school, session) == [ABSENT, EXCUSE, ABSENT]
    record = school.sessions.roster(session.session_id)[0].record
    assert record is not None
    assert record.is_automatic
    assert school.sessions.history(record.record_id, actor=teacher())[-1].reason == UNDONE
    assert [one for _student, one in absences.coming(actor=teacher())] == [_other]
    with pytest.raises(NotFoundError, match="already"):
        absences.take_back(mine.absence_id, actor=teacher())
    assert [one for one in actions(school) if one.startswith("student.absence")] == [
        "student.absence_announced",
        "student.absence_announced",
        "student.absence_taken_back",
    ]


def test_what_a_teacher_decided_since_stays_when_it_is_taken_back(school: SmallSchool) -> None:
    course, (anna, *_others) = school.add_course()
    (mine,) = announce(school, anna)
    session = start(school, course)
    end(school, session)
    mark(school, session, anna, EXCUSE, "told me herself")
    assert school.cases.attendance.absences.take_back(mine.absence_id, actor=teacher()) == 0
    assert statuses(school, session)[0] is EXCUSE


def test_what_cannot_be_is_refused(school: SmallSchool) -> None:
    _course, (anna, *_others) = school.add_course()
    absences, said = school.cases.attendance.absences, announcement(school, anna)
    first, last = said.first_day, said.last_day
    for wrong, words in (
        (Announcement((), first, last, "ill"), "Choose who"),
        (Announcement(said.student_ids, first, last, " "), "say why"),
        (Announcement(said.student_ids, first, last, "x" * 201), "too long"),
        (Announcement(said.student_ids, first, last - DAY, "ill"), "before the first"),
        (Announcement(said.student_ids, first, last + 401 * DAY, "ill"), "more than a year"),
    ):
        with pytest.raises(ConflictError, match=words):
            absences.announce(wrong, with_written=False, actor=teacher())
    with pytest.raises(NotFoundError):
        absences.announce(Announcement((99,), first, last, "ill"), with_written=False, actor=teacher())
    assert absences.coming(actor=teacher()) == []


def test_a_deleted_student_leaves_no_announcement_behind(school: SmallSchool) -> None:
    _course, (anna, ben, _carl) = school.add_course()
    announce(school, anna, ben)
    assert school.cases.records.student_data.stored(anna.student_id).planned_absences.number == 1
    school.cases.people.removal.remove(anna, actor=admin())
    left = school.cases.attendance.absences.coming(actor=teacher())
    assert [student for student, _one in left] == [ben]
