"""Every public use case that takes an actor: which right it needs, and what it is asked in a school of tests."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from kiosk import services
from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy, Status
from kiosk.domain.courses.calendars import CalendarChanges, CalendarReading
from kiosk.domain.courses.meetings import SingleDate, WeeklySlot
from kiosk.domain.courses.terms import Holiday, Span, Term
from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.domain.listing import ListQuestion
from kiosk.domain.messages.mail import MailServer, StudentContact
from kiosk.domain.messages.warnings import WarningText
from kiosk.domain.people.staff import Role
from kiosk.domain.records.filters import Days
from kiosk.domain.records.objections import Objection
from kiosk.domain.records.record_list import RecordQuestion
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.school.set_up import SetUpStep, StepState
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.audit import AuditQuestion
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ForbiddenError, KioskError
from kiosk.services.attendance.lesson.teaching import Taught
from kiosk.services.attendance.marks_by_hand import Marked
from kiosk.services.courses.course_calendars import CalendarOpinion
from kiosk.services.courses.course_editing import CopyWishes
from kiosk.services.faces.ambiguous_faces import Confirmed
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.corrections import MistakenFace
from kiosk.services.faces.galleries import Galleries
from kiosk.services.faces.guided_enrolment import GuidedSitting
from kiosk.services.faces.learning import Learning
from kiosk.services.models.re_embedding import ReEmbedding
from kiosk.services.people.consents import ConsentReceipt
from kiosk.services.phones.certificate_draft import CertificateDraft
from kiosk.services.ports.progress import UNWATCHED
from kiosk.services.records.objections import WaitingObjection
from kiosk.services.trust.audit_list import AuditOutline
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.fakes.vision.recognition import MODEL, FakeDetector, FakeEmbedder, FakeLoadedModel, picture_of
from tests.unit.services.trust.rights_of_sessions import session_cases
from tests.world.gui_kiosk import PASSWORD, GuiKiosk, enrolment_of


def public_methods() -> dict[str, Callable[..., Any]]:
    """By class and name, of all classes of the services that are no ports."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.walk_packages(services.__path__, "kiosk.services."):
        for kind in vars(importlib.import_module(module.name)).values():
            if not inspect.isclass(kind) or kind.__module__ != module.name:
                continue
            if not getattr(kind, "_is_protocol", False):
                methods = inspect.getmembers(kind, inspect.isfunction)
                found |= {f"{kind.__name__}.{name}": one for name, one in methods if name[0] != "_"}
    return found


def actor_of(method: Callable[..., Any]) -> object:
    """What a method wants for its parameter ``actor``; None when it has none."""
    actor = inspect.signature(method).parameters.get("actor")
    return actor.annotation if actor is not None else None


OWN = "OWN 1"
"""A course that the teacher of these tests teaches, whatever the others do."""

USE_CASES = sorted(name for name, method in public_methods().items() if actor_of(method) is Actor)


class Case:
    """A use case: the right that it needs, the service, and what it is asked."""

    def __init__(self, right: Right, service: object, *given: object, **named: object) -> None:
        self.right = right
        self._service = service
        self._given = given
        self._named = named

    def ask(self, name: str, actor: Actor) -> object:
        """Call it, and wait for what it answers."""
        answer = getattr(self._service, name)(*self._given, actor=actor, **self._named)
        return answer.result(60) if isinstance(answer, Future) else answer

    def is_allowed(self, name: str, actor: Actor) -> bool:
        """Call it; that it is refused for other reasons, such as that it is done already, does not count."""
        try:
            self.ask(name, actor)
        except ForbiddenError:
            return False
        except KioskError:
            pass
        return True


@dataclass
class School:
    """What the use cases are about."""

    kiosk: GuiKiosk
    folder: Path

    def __post_init__(self) -> None:
        app = self.app = self.kiosk.app
        self.course = self.kiosk.course
        self.student, self.other = self.kiosk.students[:2]
        self.student_id = self.student.student_id
        app.school.shared.change_rules(SchoolRules(teachers_see_contacts=True), actor=admin())
        app.people.consents.record(self.student_id, given=True, actor=admin())
        self.session_id = self.kiosk.start().session_id
        self.record = app.attendance.marks.mark(
            self.session_id, self.student_id, Status.PRESENT, actor=admin(), reason="seen"
        )
        self.models = models_over(FakeModelStore(), store=app.core.store, settings=SettingsInMemory())
        self.choice = self.models.choices()[0]

    def cases(self) -> dict[str, Case]:
        return (
            self._of_a_class()
            | self._of_sessions()
            | self._of_faces()
            | self._of_people()
            | self._of_the_kiosk()
        )

    def _of_a_class(self) -> dict[str, Case]:
        app, session, student, record = self.app, self.session_id, self.student_id, self.record
        now, course = app.core.clock.now(), self.course.course_id
        confirmed = Confirmed(self.student, None, record, None, "", ())
        pair = FacePair(1, student, None, PairOrigin.CORRECTION, "fake", None, False, now, "Tom")
        mistaken = MistakenFace(self.student, record, record, pair, None, is_new=False)
        waiting = WaitingObjection(self.student, record, Objection(1, record.record_id, "why", now))
        take, correct, see = Right.TAKE, Right.CORRECT, Right.SEE_RECORDS
        return {
            "Sessions.start": Case(take, app.attendance.sessions, course, model="fake"),
            "Sessions.require_holder": Case(take, app.attendance.sessions),
            "Sessions.require_reached": Case(take, app.attendance.sessions, session),
            "Sessions.require_may_end": Case(take, app.attendance.sessions, session),
            "Sessions.set_headcount": Case(take, app.attendance.sessions, session, 3),
            "Sessions.end": Case(take, app.attendance.sessions, session),
            "LessonPins.choose": Case(take, app.people.lesson_pins, "4071"),
            "LivenessChoice.remember": Case(take, app.faces.liveness, course, LivenessMode.OFF),
            "PolicyChoice.remember": Case(take, app.attendance.policies, course, ProofPolicy.FACE),
            "MarksByHand.mark": Case(
                correct, app.attendance.marks, session, student, Status.LATE, reason="bus"
            ),
            "MarksByHand.mark_missing": Case(
                correct, app.attendance.marks, session, {student: 1}, Status.LATE, reason="bus"
            ),
            "MarksByHand.undo": Case(correct, app.attendance.marks, session, student, None),
            "MarksByHand.undo_all": Case(
                correct, app.attendance.marks, session, [Marked(self.student, None, record)]
            ),
            "Claims.confirm": Case(correct, app.attendance.claims, session, student),
            "Corrections.not_this_person": Case(correct, app.faces.corrections, session, student, None),
            "Corrections.undo": Case(correct, app.faces.corrections, mistaken),
            "AmbiguousFaces.confirm": Case(correct, app.faces.ambiguous, 1, student),
            "AmbiguousFaces.dismiss": Case(correct, app.faces.ambiguous, 1),
            "AmbiguousFaces.undo": Case(correct, app.faces.ambiguous, confirmed),
            "Objections.answer": Case(correct, app.records.objections, waiting, status=None, answer=""),
            "PhoneEnrolments.begin": Case(correct, app.phones.enrolments, self.student),
            "PhoneEnrolments.choices": Case(correct, app.phones.enrolments),
            "PhoneEnrolments.of_student": Case(correct, app.phones.enrolments, self.student),
            "PhoneEnrolments.remove": Case(correct, app.phones.enrolments, self.student, 1),
            "Pins.unlock": Case(correct, app.people.pins, student),
            "Pins.unlock_all": Case(correct, app.people.pins, []),
            "Pins.blocked": Case(correct, app.people.pins),
            "Pins.resting_places": Case(correct, app.people.pins),
            "Teaching.look": Case(see, app.lesson.teaching),
            "Teaching.mark": Case(
                correct, app.lesson.teaching, session, student, Status.LATE, reason="bus", seen=0
            ),
            "Teaching.mark_missing": Case(
                correct, app.lesson.teaching, session, {student: 1}, Status.ABSENT, reason="gone"
            ),
            "Teaching.confirm": Case(correct, app.lesson.teaching, session, student),
            "Teaching.name_face": Case(correct, app.lesson.teaching, session, 1, student),
            "Teaching.dismiss_face": Case(correct, app.lesson.teaching, session, 1),
            "Teaching.undo": Case(correct, app.lesson.teaching, Taught(session, Status.LATE, None, ())),
            "Teaching.end": Case(take, app.lesson.teaching, session),
            "ClassSummaries.of": Case(see, app.records.summaries, session),
            "Sessions.history": Case(see, app.attendance.sessions, record.record_id),
            "Attacks.of_session": Case(see, app.attendance.attacks, session),
            "Claims.waiting": Case(see, app.attendance.claims, session),
            "AmbiguousFaces.waiting": Case(see, app.faces.ambiguous, session),
            "Incidents.of_session": Case(see, app.attendance.incidents, session),
            "Objections.waiting": Case(see, app.records.objections, session),
            **self._of_the_list(),
        }

    def _of_the_list(self) -> dict[str, Case]:
        records, views, see = self.app.records.all, self.app.records.views, Right.SEE_RECORDS
        correcting = self.app.records.correcting
        outline = records.outline(RecordQuestion(), actor=admin())
        view = views.save("Week", RecordQuestion(), is_shared=True, actor=admin())
        return {
            "AllRecords.outline": Case(see, records, RecordQuestion()),
            "AllRecords.page": Case(see, records, outline, 0, 10),
            "AllRecords.lines": Case(see, records, [1]),
            "AllRecords.courses": Case(see, records),
            "AllRecords.starters": Case(see, records),
            "AllRecords.student": Case(see, records, self.student_id),
            "AllRecords.file": Case(see, records, self.record.record_id),
            "Correcting.mark": Case(Right.CORRECT, correcting, [], Status.LATE, reason="bus"),
            "Correcting.undo": Case(Right.CORRECT, correcting, []),
            "SavedViews.all": Case(see, views),
            "SavedViews.open": Case(see, views, view.view_id),
            "SavedViews.save": Case(see, views, "Other", RecordQuestion(), is_shared=False),
            "SavedViews.rename": Case(see, views, 99, "Other"),
            "SavedViews.delete": Case(see, views, 99),
            "SavedViews.default": Case(see, views),
            "SavedViews.choose_default": Case(see, views, view.view_id),
        }

    def _of_sessions(self) -> dict[str, Case]:
        asked = session_cases(self.app, self.session_id, self.course.course_id, self.folder)
        return {name: Case(right, case, *given, **named) for name, right, case, given, named in asked}

    def _of_faces(self) -> dict[str, Case]:
        app, student, other = self.app, self.student_id, self.other.student_id
        enrolment, enrol = enrolment_of(app), Right.ENROL
        sitting = GuidedSitting(student_id=student, store=app.core.store, enrolment=enrolment)
        learning = Learning(
            store=app.core.store,
            clock=app.core.clock,
            zone=app.core.zone,
            events=app.core.events,
            galleries=self._galleries(),
            read_picture=lambda _data: picture_of(1),
        )
        receipt = ConsentReceipt(1, True, app.core.clock.now(), 0)
        return {
            "Enrolment.enrol_folder": Case(enrol, enrolment, self.folder, consent_recorded=True),
            "Enrolment.enrol_picture": Case(enrol, enrolment, student, b"jpeg"),
            "Enrolment.keep_sitting": Case(enrol, enrolment, other, ()),
            "Enrolment.learn_picture": Case(Right.LEARN_FACE, enrolment, student, b"jpeg"),
            "FaceConsents.record": Case(Right.DELETE_FACES, app.people.consents, other, given=False),
            "FaceConsents.forget_learned": Case(Right.DELETE_FACES, app.people.consents, other),
            "AnswerImports.take": Case(enrol, app.people.answers, self.folder / "answers.csv", dry_run=True),
            "ConsentLetters.issue": Case(enrol, app.people.letters, self.folder / "letters.pdf"),
            "FaceConsents.overview": Case(enrol, app.people.consents),
            "FaceConsents.wanting_enrolment": Case(enrol, app.people.consents),
            "GuidedSitting.save": Case(enrol, sitting),
            "Learning.learn": Case(enrol, learning, self.session_id, (), enrolment=enrolment),
            "Receipts.save": Case(enrol, app.people.receipts, self.folder / "r.pdf", self.student, receipt),
            "KeptData.remove_old": Case(Right.DELETE_FACES, app.school.kept),
            "KeptData.lines": Case(Right.ADMINISTER, app.school.kept),
            "Notices.publish": Case(Right.ADMINISTER, app.people.notices, "Words."),
            "Retention.delete": Case(Right.DELETE_FACES, app.school.retention),
            "Retention.due": Case(Right.DELETE_FACES, app.school.retention),
        }

    def _of_people(self) -> dict[str, Case]:
        app, course, day = self.app, self.course, self.app.core.today()
        people, courses, export = Right.MANAGE_PEOPLE, Right.MANAGE_COURSES, Right.EXPORT
        listed, slips = self.folder / "none.csv", self.folder / "pins.pdf"
        return {
            "ClassLists.import_roster": Case(people, app.courses.lists, listed, course_code=None, since=day),
            "Pins.prepare": Case(people, app.people.pins, course.course_id, on=day),
            "EverythingAboutStudent.save": Case(
                people, app.records.everything, self.folder / "all.zip", self.student
            ),
            "StudentRemoval.remove": Case(people, app.people.removal, self.student),
            "PinSlips.issue": Case(people, app.people.slips, slips, course, renew=False),
            "ClassLists.add_course": Case(courses, app.courses.lists, code="MA 2", title="", room=""),
            "ClassLists.update_course": Case(courses, app.courses.lists, course),
            "ClassLists.end_registrations": Case(courses, app.courses.lists, course, (), on=day),
            **{
                f"AttendanceReports.{name}": Case(
                    Right.SEE_RECORDS,
                    app.reports.shown,
                    ReportQuestion(kind, app.courses.lists.course(OWN).course_id, self.student_id),
                )
                for name, kind in {
                    "report": ReportKind.WEEKS,
                    "register": ReportKind.REGISTER,
                    "over_weeks": ReportKind.WEEKS,
                    "arrival_times": ReportKind.ARRIVALS,
                    "how_marked": ReportKind.METHODS,
                    "below_limit": ReportKind.BELOW_LIMIT,
                    "student_calendar": ReportKind.STUDENT,
                    "school_day": ReportKind.DAY,
                }.items()
            },
            **self._of_courses(),
            "CourseTeachers.assign": Case(courses, app.courses.teachers, replace(course, course_id=99), ()),
            "CourseTeachers.choices": Case(courses, app.courses.teachers),
            "CourseTeachers.seen_by": Case(Right.SEE_RECORDS, app.courses.teachers),
            "SavedLists.save": Case(
                export, app.reports.lists, self.folder / "l.csv", title="All", headings=(), rows=iter(())
            ),
            "MailServers.change": Case(Right.ADMINISTER, app.messages.servers, MailServer()),
            "MailServers.test": Case(
                Right.ADMINISTER, app.messages.servers, MailServer(), "zoe@school.example"
            ),
            "Warnings.prepare": Case(export, app.messages.warnings, ReportQuestion(ReportKind.BELOW_LIMIT)),
            "Warnings.send": Case(export, app.messages.warnings, WarningText("", ""), ()),
            "Contacts.of_student": Case(Right.SEE_RECORDS, app.messages.contacts, self.student_id),
            "Contacts.change": Case(
                *(people, app.messages.contacts, StudentContact(self.student_id)),
                guardian_email="",
                stopped=False,
            ),
            "ReportFiles.save": Case(
                export, app.reports.files, self.folder / "r.pdf", ReportQuestion(ReportKind.WEEKS)
            ),
            "Exports.workbook": Case(export, app.reports.exports, self.folder / "a.xlsx", Days()),
            "Exports.has_records": Case(export, app.reports.exports, Days()),
            "Exports.table": Case(export, app.reports.exports, self.folder / "a.csv", Days()),
            "Persons.read": Case(Right.SEE_RECORDS, app.people.persons, self.student_id),
            "Persons.change": Case(people, app.people.persons, self.student, self.student),
            "Persons.set_active": Case(people, app.people.persons, self.student, True),
            "Persons.register": Case(courses, app.people.persons, self.student, course, day),
            "Persons.remove_picture": Case(Right.DELETE_FACES, app.people.persons, self.student, 0),
            "Persons.open_picture": Case(Right.ENROL, app.people.persons, self.student_id, 0),
            "Merging.preview": Case(people, app.people.merging, self.student_id, self.student_id),
            "Merging.merge": Case(people, app.people.merging, self.student_id, self.student_id),
            "Merging.undo": Case(people, app.people.merging, 0),
            "Merging.of_student": Case(people, app.people.merging, self.student_id),
            "PeopleList.count": Case(Right.SEE_RECORDS, app.people.listing, ListQuestion()),
            "PeopleList.page": Case(Right.SEE_RECORDS, app.people.listing, ListQuestion(), first=0, most=10),
        }

    def _of_courses(self) -> dict[str, Case]:
        parts, course, right = self.app.courses, self.course, Right.MANAGE_COURSES
        day, now = self.app.core.today(), self.app.core.clock.now()
        span = Span("Spring", day, day)
        slot = WeeklySlot(0, course.course_id, 6, time(23), 45)
        single = SingleDate(0, course.course_id, now + timedelta(days=3), 45)
        spare = replace(course, course_id=99)
        return {
            "CourseCalendars.look": Case(right, parts.calendars, course, "none.ics"),
            "CourseCalendars.take": Case(
                right, parts.calendars, CalendarOpinion(spare, CalendarReading(()), CalendarChanges())
            ),
            "CourseCalendars.forget": Case(right, parts.calendars, course),
            "CourseListing.line": Case(Right.SEE_RECORDS, parts.listing, course.course_id),
            "CourseListing.students": Case(Right.SEE_RECORDS, parts.listing, course.course_id),
            "CourseListing.lines": Case(Right.SEE_RECORDS, parts.listing, ListQuestion()),
            "CourseListing.held": Case(Right.SEE_RECORDS, parts.listing, course.course_id),
            "CourseEditing.change": Case(right, parts.editing, course),
            "CourseEditing.archive": Case(right, parts.editing, spare),
            "CourseEditing.reopen": Case(right, parts.editing, course),
            "CourseEditing.copy": Case(right, parts.editing, course, CopyWishes("CS 101", "")),
            "CourseEditing.register": Case(right, parts.editing, course, (), since=day),
            "SchoolYear.save_term": Case(right, parts.year, Term(0, span)),
            "SchoolYear.remove_term": Case(right, parts.year, Term(99, span)),
            "SchoolYear.save_holiday": Case(right, parts.year, Holiday(99, span)),
            "SchoolYear.remove_holiday": Case(right, parts.year, Holiday(99, span)),
            "Timetables.save_slot": Case(right, parts.timetables, slot),
            "Timetables.remove_slot": Case(right, parts.timetables, replace(slot, slot_id=99)),
            "Timetables.add_date": Case(right, parts.timetables, single),
            "Timetables.remove_date": Case(right, parts.timetables, replace(single, date_id=99)),
        }

    def _of_the_kiosk(self) -> dict[str, Case]:
        app, models, choice, run = self.app, self.models, self.choice, Right.ADMINISTER
        spare = app.people.accounts.add(
            name="Kai", role=Role.TEACHER, password=PASSWORD, actor=admin()
        ).user_id
        opinion = app.phones.https.examine(CertificateDraft(self.folder / "no.pem", self.folder / "no.key"))
        return self._of_recognition() | {
            "Accounts.add": Case(run, app.people.accounts, name="Lou", role=Role.TEACHER, password=PASSWORD),
            "Accounts.all": Case(run, app.people.accounts),
            "Accounts.change_password": Case(run, app.people.accounts, spare, PASSWORD),
            "Accounts.set_active": Case(run, app.people.accounts, spare, False),
            "Accounts.set_role": Case(run, app.people.accounts, spare, Role.TEACHER),
            "StaffCourses.by_account": Case(run, app.people.staff_courses),
            "ApiTokens.make": Case(run, app.trust.api_tokens, name="it", scopes=[Scope.COURSES_READ]),
            "ApiTokens.all": Case(run, app.trust.api_tokens),
            "ApiTokens.revoke": Case(run, app.trust.api_tokens, 1),
            "Https.use": Case(run, app.phones.https, opinion),
            "Https.stop": Case(run, app.phones.https),
            "Audit.check": Case(run, app.trust.audit, UNWATCHED),
            "AuditList.outline": Case(run, app.trust.log, AuditQuestion()),
            "AuditList.page": Case(run, app.trust.log, AuditOutline([1]), 0, 1),
            "AuditList.actors": Case(run, app.trust.log),
            "Health.look": Case(run, app.trust.health, "clock"),
            "Audit.verify": Case(run, app.trust.audit),
            "Audit.verify_records": Case(run, app.trust.audit),
            "Backups.overview": Case(run, app.trust.backups),
            "Backups.judge": Case(run, app.trust.backups, app.core.settings.storage),
            "Backups.make": Case(run, app.trust.backups),
            "Backups.verify": Case(run, app.trust.backups, self.folder / "none"),
            "Backups.preview": Case(run, app.trust.backups, self.folder / "none"),
            "Backups.ask_restore": Case(run, app.trust.backups, self.folder / "none"),
            "RecoveryRenewal.draw": Case(run, app.trust.recovery, PASSWORD),
            "RecoveryRenewal.note_recovered": Case(run, app.trust.recovery),
            "RecoveryRenewal.use": Case(run, app.trust.recovery, "words on paper"),
            "SettingsChange.change": Case(run, app.school.settings, app.core.settings),
            "SettingsEditing.save": Case(run, app.school.editing, *[app.school.editing.read()] * 2),
            "CameraChoice.look_through": Case(run, app.school.camera, str(self.folder)),
            "CameraChoice.choose": Case(run, app.school.camera, "0"),
            "SetUp.begin": Case(run, app.school.set_up),
            "SetUp.note": Case(run, app.school.set_up, SetUpStep.PHONE, StepState.DONE),
            "SetUp.finish": Case(run, app.school.set_up),
            "SetUp.dismiss": Case(run, app.school.set_up),
            "SettingsEditing.ask_restart": Case(run, app.school.editing),
            "Models.install": Case(run, models, choice),
            "Models.remove": Case(run, models, choice),
            "Models.use": Case(run, models, choice),
            "Models.never": Case(run, models),
            "ComparingModels.start": Case(run, app.models.comparing),
            "ComparingModels.measure": Case(run, app.models.comparing),
            "ReplayedClasses.take_back": Case(run, app.attendance.replayed, self.session_id),
            "ClockCorrection.moved": Case(run, app.attendance.clock_correction),
            "ClockCorrection.correct": Case(run, app.attendance.clock_correction, self.session_id),
            "FaceRules.choose": Case(run, app.school.faces, FaceRule.WALK_PAST),
            "FaceRules.note_asked": Case(run, app.school.faces),
            "School.change_rules": Case(run, app.school.shared, SchoolRules(teachers_see_contacts=True)),
            "ShownAddress.choose": Case(run, app.phones.address, ""),
        }

    def _galleries(self) -> Galleries:
        app = self.app
        return Galleries(
            store=app.core.store,
            school=app.school.shared,
            lookalikes=app.faces.lookalikes,
            zone=app.core.zone,
        )

    def _of_recognition(self) -> dict[str, Case]:
        app, course, day, run = self.app, self.course.course_id, self.app.core.today(), Right.ADMINISTER
        galleries = self._galleries()
        calibrating = Calibrating(
            galleries=galleries,
            school=app.school.shared,
            lookalikes=app.faces.lookalikes,
            model=FakeLoadedModel(),
            known={MODEL.name},
            clock=app.core.clock,
            zone=app.core.zone,
            draw=lambda *_given, **_named: b"",
        )
        re_embedding = ReEmbedding(
            store=app.core.store,
            clock=app.core.clock,
            read_picture=lambda _data: picture_of(1),
            lookalikes=app.faces.lookalikes,
        )
        found, before = calibrating.measure(course, actor=admin()), calibrating.in_use()
        limits = MODEL.thresholds
        return {
            "Calibrating.measure": Case(run, calibrating, course),
            "Calibrating.use": Case(run, calibrating, found),
            "Calibrating.use_models_own": Case(run, calibrating, MODEL),
            "Calibrating.put_back": Case(run, calibrating, before),
            "Calibrating.forget_earlier": Case(run, calibrating),
            "Galleries.measure": Case(run, galleries, course, on=day, model=MODEL),
            "Galleries.use": Case(run, galleries, found),
            "Galleries.calibrate": Case(run, galleries, course, on=day, model=MODEL),
            "Galleries.set_by_hand": Case(run, galleries, MODEL, limits, origin="the test"),
            "Lookalikes.compare": Case(run, app.faces.lookalikes),
            "Lookalikes.listed": Case(run, app.faces.lookalikes),
            "Lookalikes.lift": Case(run, app.faces.lookalikes, 1),
            "Lookalikes.put_back": Case(run, app.faces.lookalikes, 1),
            "ReEmbedding.run": Case(run, re_embedding, FakeDetector(), FakeEmbedder()),
            "School.forget_earlier_thresholds": Case(run, app.school.shared),
            "School.use_thresholds": Case(run, app.school.shared, MODEL, limits, origin="the test"),
            "School.forget_thresholds": Case(run, app.school.shared, MODEL.name),
        }
