"""Every use case that teachers may call, called by a teacher of another course: refused, narrowed, or open for a reason."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.listing import ListQuestion
from kiosk.domain.messages.mail import Recipient
from kiosk.domain.messages.warnings import Addressee, WarningText
from kiosk.domain.people.staff import Role
from kiosk.domain.records.filters import Days
from kiosk.domain.records.record_list import Outline, RecordQuestion
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.trust.rights import Actor, Right, rights_of
from kiosk.errors import ForbiddenError, KioskError, NotFoundError, SignInError
from kiosk.services.attendance.afterwards.adding import NewSession
from kiosk.services.attendance.planned_absences import Announcement
from kiosk.services.attendance.recheck.judging import begin
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.unit.services.trust.use_cases import OWN, Case, School
from tests.world.gui_kiosk import PASSWORD, GuiKiosk, gui_kiosk

HOLDS = "somebody has to stand in for the ill: every teacher may begin a class"
VIEWS = "a view is a question of whoever asks it, and is answered with the own records"

OPEN = {
    "Sessions.start": HOLDS,
    "Sessions.require_holder": HOLDS,
    "LivenessChoice.remember": HOLDS,
    "PolicyChoice.remember": HOLDS,
    "LessonPins.choose": "for the class that the same teacher begins; it opens no other (test_lesson_pins)",
    "Pins.resting_places": "a number of network addresses",
    "SavedLists.save": "what a list has shown already",
    "SavedViews.all": VIEWS,
    "SavedViews.open": VIEWS,
    "SavedViews.save": VIEWS,
    "SavedViews.rename": VIEWS,
    "SavedViews.delete": VIEWS,
    "SavedViews.default": VIEWS,
    "SavedViews.choose_default": VIEWS,
}
"""Why a use case asks for no course."""

SAID_ALIKE = {"AllRecords.file", "Persons.read"}
"""They say of what is not the teacher's that it is not there."""


def number(answer: Any) -> int:
    """How much an answer holds."""
    match answer:
        case None:
            return 0
        case int():
            return answer
        case Outline():
            return answer.total
        case _:
            return len(answer)


NARROWED: dict[str, Callable[[Any, int], int]] = {
    "AllRecords.outline": lambda answer, _course: number(answer),
    "AllRecords.page": lambda answer, _course: number(answer),
    "AllRecords.lines": lambda answer, _course: number(answer),
    "AllRecords.starters": lambda answer, _course: number(answer),
    "AllRecords.student": lambda answer, _course: int(answer is not None),
    "AllRecords.courses": lambda answer, course: sum(one.course_id == course for one in answer),
    "CourseListing.lines": lambda answer, course: sum(one.course.course_id == course for one in answer),
    "CourseTeachers.seen_by": lambda answer, course: int(answer is None or course in answer),
    "PlannedAbsences.coming": lambda answer, _course: number(answer),
    "DeletingSessions.deleted": lambda answer, _course: number(answer),
    "HeldSessions.newest of all": lambda answer, _course: number(answer),
    "PhoneEnrolments.choices": lambda answer, _course: number(answer),
    "Pins.blocked": lambda answer, _course: number(answer),
    "PeopleList.count of all": lambda answer, _course: number(answer),
    "PeopleList.page of all": lambda answer, _course: number(answer),
    "Exports.has_records": lambda answer, _course: number(answer),
    "Exports.workbook of all": lambda answer, _course: number(answer),
    "Exports.table of all": lambda answer, _course: number(answer),
    "AttendanceReports.school_day of all": lambda answer, _course: number(answer.classes),
    "AttendanceReports.below_limit of all": lambda answer, _course: answer.examined,
}
"""What each answer holds of the course of others: something for an admin, nothing for its stranger."""


class Others:
    """A course of Tom's with all that use cases are asked about, and Olga, who teaches another one."""

    def __init__(self, kiosk: GuiKiosk, school: School) -> None:
        self.kiosk, self.school, self.app = kiosk, school, kiosk.app
        self.course, self.student = kiosk.course, school.student
        app = self.app
        own = app.courses.lists.course(OWN)
        olga = app.people.accounts.add(name="Olga", role=Role.TEACHER, password=PASSWORD, actor=admin())
        app.courses.teachers.assign(own, [olga.user_id], actor=admin())
        app.courses.teachers.assign(self.course, [kiosk.teacher.user_id], actor=admin())
        self.olga = Actor.of(olga)
        self.deleted = self._held(days=3)
        self.held = self._held(days=2)
        app.attendance.afterwards.deleting.delete(self.deleted, actor=admin())
        today = app.core.today()
        self.away = Announcement((self.student.student_id,), today, today, "ill")
        (self.absence,) = app.attendance.absences.announce(self.away, with_written=False, actor=admin())
        session = app.attendance.sessions.session(school.session_id)
        kiosk.pass_by(session, kiosk.students[3])
        (face,) = app.faces.ambiguous.waiting(school.session_id, actor=admin()).faces
        self.face_id = face.face_id
        self.recheck_id = app.core.store.write(lambda repositories: recheck(repositories, session))
        for _number in range(6):
            with suppress(SignInError):
                app.people.pins.sign_in(self.student.student_no, "0000")

    def _held(self, *, days: int) -> int:
        """A session some days ago with an absent student; its list is that of the first day that has one."""
        new = NewSession(
            self.course.course_id, self.app.core.clock.now() - timedelta(days=days), timedelta(hours=1)
        )
        held = self.app.attendance.afterwards.adding.add(new, actor=admin("Tom")).session_id
        self.app.attendance.marks.mark(
            held, self.student.student_id, Status.ABSENT, actor=admin(), reason="gone"
        )
        return held

    def cases(self) -> dict[str, Case]:
        """Those of the walk over rights, with what is Tom's where they were asked about nothing in particular."""
        app, course, student = self.app, self.course.course_id, self.student
        see, correct, export = Right.SEE_RECORDS, Right.CORRECT, Right.EXPORT
        (line,) = app.records.all.lines([self.school.record.record_id], actor=admin())
        changed = app.records.correcting.mark([line], Status.LATE, reason="bus", actor=admin())
        marks = self.school.folder / "marks.csv"
        marks.write_text(f"student_no,status\n{student.student_no},late\n")
        imports = app.attendance.afterwards.imports
        afterwards, listing, shown = app.attendance.afterwards, app.people.listing, app.reports.shown
        addressee = Addressee(student, course, Recipient.STUDENT, "zoe@school.example", {})
        pdf, xlsx, table = (self.school.folder / f"o.{kind}" for kind in ("pdf", "xlsx", "csv"))
        asked = ListQuestion()
        return self.school.cases() | {
            **{
                f"AttendanceReports.{name}": Case(see, shown, ReportQuestion(kind, course))
                for name, kind in {
                    "report": ReportKind.WEEKS,
                    "register": ReportKind.REGISTER,
                    "over_weeks": ReportKind.WEEKS,
                    "arrival_times": ReportKind.ARRIVALS,
                    "how_marked": ReportKind.METHODS,
                    "below_limit": ReportKind.BELOW_LIMIT,
                    "school_day": ReportKind.DAY,
                }.items()
            },
            "AttendanceReports.student_calendar": Case(
                see, shown, ReportQuestion(ReportKind.STUDENT, student_id=student.student_id)
            ),
            "AttendanceReports.school_day of all": Case(see, shown, ReportQuestion(ReportKind.DAY)),
            "AttendanceReports.below_limit of all": Case(see, shown, ReportQuestion(ReportKind.BELOW_LIMIT)),
            "AllRecords.lines": Case(see, app.records.all, [line.record_id]),
            "AllRecords.page": Case(
                see, app.records.all, app.records.all.outline(RecordQuestion(), actor=admin()), 0, 10
            ),
            "AmbiguousFaces.confirm": Case(correct, app.faces.ambiguous, self.face_id, student.student_id),
            "AmbiguousFaces.dismiss": Case(correct, app.faces.ambiguous, self.face_id),
            "Correcting.mark": Case(correct, app.records.correcting, [line], Status.LATE, reason="bus"),
            "Correcting.undo": Case(correct, app.records.correcting, changed),
            "DeletingSessions.restore": Case(correct, afterwards.deleting, self.deleted),
            "Exports.workbook": Case(export, app.reports.exports, xlsx, Days(course)),
            "Exports.table": Case(export, app.reports.exports, table, Days(course)),
            "Exports.workbook of all": Case(export, app.reports.exports, xlsx, Days()),
            "Exports.table of all": Case(export, app.reports.exports, table, Days()),
            "HeldSessions.newest of all": Case(see, afterwards.held, None),
            "MarkImports.look": Case(correct, imports, self.held, marks),
            "MarkImports.write": Case(correct, imports, imports.look(self.held, marks, actor=admin())),
            "PeopleList.count": Case(see, listing, asked, course_id=course),
            "PeopleList.page": Case(see, listing, asked, first=0, most=10, course_id=course),
            "PeopleList.count of all": Case(see, listing, asked),
            "PeopleList.page of all": Case(see, listing, asked, first=0, most=10),
            "Pins.unlock_all": Case(correct, app.people.pins, [student]),
            "PlannedAbsences.written": Case(correct, app.attendance.absences, self.away),
            "PlannedAbsences.announce": Case(correct, app.attendance.absences, self.away, with_written=True),
            "PlannedAbsences.take_back": Case(correct, app.attendance.absences, self.absence.absence_id),
            "ReportFiles.save": Case(
                export, app.reports.files, pdf, ReportQuestion(ReportKind.WEEKS, course)
            ),
            "ReopeningSessions.open_again": Case(Right.TAKE, afterwards.reopening, self.held),
            "Rechecks.was_here": Case(correct, app.attendance.rechecks, self.recheck_id, student.student_id),
            "Rechecks.take_back": Case(correct, app.attendance.rechecks, self.recheck_id),
            "Teaching.name_face": Case(
                correct, app.lesson.teaching, self.school.session_id, self.face_id, student.student_id
            ),
            "Warnings.prepare": Case(
                export, app.messages.warnings, ReportQuestion(ReportKind.BELOW_LIMIT, course)
            ),
            "Warnings.send": Case(export, app.messages.warnings, WarningText("a", "b"), (addressee,)),
        }


def recheck(repositories: Repositories, session: ClassSession) -> int:
    """One that asks whoever is marked; returns its id."""
    meaning = SchoolRules().recheck_meaning
    window = timedelta(minutes=3)
    begun = begin(
        repositories, session, None, at=session.started_at, window=window, meaning=meaning, by="Tom"
    )
    assert begun is not None
    return begun.recheck_id


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Others]:
    with gui_kiosk(tmp_path_factory.mktemp("own") / "data") as kiosk:
        kiosk.app.courses.lists.add_course(code=OWN, title="", room="", actor=admin())
        school = School(kiosk, tmp_path_factory.mktemp("files"))
        yield Others(kiosk, school)
        school.models.close()
        school.app.models.comparing.close()


@pytest.fixture(scope="module")
def cases(others: Others) -> dict[str, Case]:
    """Those that a teacher has the right to, of courses of her own."""
    mine = rights_of(Role.TEACHER)
    return {name: case for name, case in others.cases().items() if case.right in mine}


def method(name: str) -> str:
    return name.partition(".")[2].removesuffix(" of all")


def test_a_teacher_of_another_course_is_refused_or_shown_nothing_of_it(
    others: Others, cases: dict[str, Case]
) -> None:
    """Each by itself, so that the failure names all that are wrong."""
    reached: dict[str, str] = {}
    for name, case in cases.items():
        if name in OPEN or name in NARROWED:
            continue
        try:
            answer = case.ask(method(name), others.olga)
        except ForbiddenError:
            continue
        except NotFoundError:
            if name in SAID_ALIKE:
                continue
            reached[name] = "not found, so nobody asked whose it is"
        except KioskError as error:
            reached[name] = f"refused for another reason: {error}"
        else:
            reached[name] = f"answered {answer!r}"[:80]
    assert reached == {}


@pytest.mark.parametrize("name", NARROWED)
def test_lists_hold_nothing_of_a_course_of_others(name: str, others: Others, cases: dict[str, Case]) -> None:
    held, course = NARROWED[name], others.course.course_id
    assert held(cases[name].ask(method(name), admin()), course) > 0
    assert held(cases[name].ask(method(name), others.olga), course) == 0


def test_nothing_is_called_open_or_narrowed_that_no_teacher_may_call(cases: dict[str, Case]) -> None:
    assert not (OPEN.keys() | NARROWED.keys() | SAID_ALIKE) - cases.keys()
