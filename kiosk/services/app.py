"""Everything that a screen can use, by subject, handed in by `bootstrap` as one value.

A widget or page is handed the parts that it uses. Only what composes others, such as the window, holds the whole.
"""

from dataclasses import dataclass

from kiosk.services.attendance.afterwards.adding import AddingSessions
from kiosk.services.attendance.afterwards.cancelling import CancellingSessions
from kiosk.services.attendance.afterwards.deleting import DeletingSessions
from kiosk.services.attendance.afterwards.held_sessions import HeldSessions
from kiosk.services.attendance.afterwards.mark_imports import MarkImports
from kiosk.services.attendance.afterwards.reopening import ReopeningSessions
from kiosk.services.attendance.afterwards.session_times import SessionTimes
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.away.class_copy import ClassCopy
from kiosk.services.attendance.away.delivery import Delivery
from kiosk.services.attendance.away.keeping import Keeping
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.class_clock import ClassClock
from kiosk.services.attendance.clock_correction import ClockCorrection
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.leaving.check_outs import CheckOuts
from kiosk.services.attendance.lesson.class_summaries import ClassSummaries
from kiosk.services.attendance.lesson.lesson_pins import LessonPins
from kiosk.services.attendance.lesson.staff_sign_ins import StaffSignIns
from kiosk.services.attendance.lesson.teaching import Teaching
from kiosk.services.attendance.marks_by_hand import MarksByHand
from kiosk.services.attendance.planned_absences import PlannedAbsences
from kiosk.services.attendance.policy_choice import PolicyChoice
from kiosk.services.attendance.recheck.recheck_watch import RecheckWatch
from kiosk.services.attendance.recheck.rechecks import Rechecks
from kiosk.services.attendance.replayed_classes import ReplayedClasses
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.runtime import KioskRuntime
from kiosk.services.attendance.school_statuses import SchoolStatuses
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.attendance.typed_numbers import TypedNumbers
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.course_calendars import CourseCalendars
from kiosk.services.courses.course_editing import CourseEditing
from kiosk.services.courses.course_listing import CourseListing
from kiosk.services.courses.course_teachers import CourseTeachers
from kiosk.services.courses.school_year import SchoolYear
from kiosk.services.courses.timetables import Timetables
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.corrections import Corrections
from kiosk.services.faces.enrolment import Enrolments
from kiosk.services.faces.guided_enrolment import GuidedSittings
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.faces.recognition.liveness_choice import LivenessChoice
from kiosk.services.messages.contacts import Contacts
from kiosk.services.messages.mail_servers import MailServers
from kiosk.services.messages.messages import Warnings
from kiosk.services.models.comparing import ComparingModels
from kiosk.services.models.in_use import ModelInUse
from kiosk.services.models.installation import Models
from kiosk.services.people.accounts import Accounts
from kiosk.services.people.answer_import import AnswerImports
from kiosk.services.people.consent_letters import ConsentLetters
from kiosk.services.people.consents import FaceConsents
from kiosk.services.people.merging import Merging
from kiosk.services.people.notices import Notices
from kiosk.services.people.people_list import PeopleList
from kiosk.services.people.persons import Persons
from kiosk.services.people.pin_slips import PinSlips
from kiosk.services.people.pins import Pins
from kiosk.services.people.receipts import Receipts
from kiosk.services.people.remains import Remains
from kiosk.services.people.staff_courses import StaffCourses
from kiosk.services.people.student_removal import StudentRemoval
from kiosk.services.phones.https import Https
from kiosk.services.phones.known_phones import KnownPhones
from kiosk.services.phones.outsiders import Outsiders
from kiosk.services.phones.passes import Passes
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.phones.phone_enrolment import PhoneEnrolments
from kiosk.services.phones.phone_keys import PhoneKeys
from kiosk.services.phones.phone_test import PhoneTest
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.outputs import QrDrawer
from kiosk.services.records.all_records import AllRecords
from kiosk.services.records.correcting import Correcting
from kiosk.services.records.everything import EverythingAboutStudent
from kiosk.services.records.objections import Objections
from kiosk.services.records.reading import Reading
from kiosk.services.records.saved_views import SavedViews
from kiosk.services.records.student_data import StudentData
from kiosk.services.reports.attendance_reports import AttendanceReports
from kiosk.services.reports.exports import Exports
from kiosk.services.reports.report_files import ReportFiles
from kiosk.services.reports.saved_lists import SavedLists
from kiosk.services.school.camera_choice import CameraChoice
from kiosk.services.school.face_rules import FaceRules
from kiosk.services.school.kept_data import KeptData
from kiosk.services.school.left_overs import LeftOvers
from kiosk.services.school.retention import Retention
from kiosk.services.school.retention_rounds import RetentionRounds
from kiosk.services.school.school_settings import School
from kiosk.services.school.set_up import SetUp
from kiosk.services.school.settings_change import SettingsChange
from kiosk.services.school.settings_editing import SettingsEditing
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.services.trust.audit import Audit
from kiosk.services.trust.audit_list import AuditList
from kiosk.services.trust.backups import Backups
from kiosk.services.trust.database_checks import DatabaseChecks
from kiosk.services.trust.health import Health
from kiosk.services.trust.recovery import RecoveryRenewal


@dataclass(frozen=True, slots=True)
class AfterwardsCases:
    """What is done to a class session after it was held, or when it was held without the kiosk."""

    held: HeldSessions
    adding: AddingSessions
    times: SessionTimes
    cancelling: CancellingSessions
    deleting: DeletingSessions
    reopening: ReopeningSessions
    imports: MarkImports


@dataclass(frozen=True, slots=True)
class AttendanceCases:
    """Class sessions, their records, and what happens in them."""

    sessions: Sessions
    afterwards: AfterwardsCases
    absences: PlannedAbsences
    rechecks: Rechecks
    recheck_watch: RecheckWatch
    check_outs: CheckOuts
    statuses: SchoolStatuses
    marks: MarksByHand
    running: RunningClass
    check_in: CheckIn
    awaited: AwaitedFaces
    typed: TypedNumbers
    claims: Claims
    attacks: Attacks
    incidents: Incidents
    policies: PolicyChoice
    replayed: ReplayedClasses
    clock_correction: ClockCorrection
    clock: ClassClock
    keeping: Keeping
    delivery: Delivery
    copy: ClassCopy


@dataclass(frozen=True, slots=True)
class CourseCases:
    """Courses, who is registered in them, who teaches them, and when they meet."""

    lists: ClassLists
    teachers: CourseTeachers
    editing: CourseEditing
    year: SchoolYear
    timetables: Timetables
    listing: CourseListing
    calendars: CourseCalendars


@dataclass(frozen=True, slots=True)
class PeopleCases:
    """Accounts, the list of people, PINs and consents."""

    accounts: Accounts
    lesson_pins: LessonPins
    staff_courses: StaffCourses
    listing: PeopleList
    persons: Persons
    merging: Merging
    pins: Pins
    slips: PinSlips
    consents: FaceConsents
    receipts: Receipts
    notices: Notices
    letters: ConsentLetters
    answers: AnswerImports
    removal: StudentRemoval
    remains: Remains


@dataclass(frozen=True, slots=True)
class FaceCases:
    """Enrolled faces, and what recognition makes of them.

    Attributes:
        enrolments: Builds models at its first call, which takes a second or two.
    """

    enrolments: Enrolments
    guided: GuidedSittings
    lookalikes: Lookalikes
    corrections: Corrections
    ambiguous: AmbiguousFaces
    calibrating: Calibrating
    liveness: LivenessChoice


@dataclass(frozen=True, slots=True)
class ModelCases:
    """Models that can be installed, and the one in use."""

    installing: Models
    comparing: ComparingModels
    in_use: ModelInUse


@dataclass(frozen=True, slots=True)
class PhoneCases:
    """How phones find the kiosk, and what they do there."""

    certificate: SchoolCertificate
    https: Https
    test: PhoneTest
    address: ShownAddress
    outsiders: Outsiders
    qr: QrDrawer
    check_in: Phone
    known: KnownPhones
    enrolments: PhoneEnrolments
    keys: PhoneKeys
    passes: Passes


@dataclass(frozen=True, slots=True)
class LessonCases:
    """What a teacher does from a phone or tablet."""

    teaching: Teaching
    sign_ins: StaffSignIns


@dataclass(frozen=True, slots=True)
class RecordCases:
    """Records of who was there: the list of all, corrections, and what students and other programs read."""

    all: AllRecords
    correcting: Correcting
    views: SavedViews
    summaries: ClassSummaries
    objections: Objections
    student_data: StudentData
    everything: EverythingAboutStudent
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReportCases:
    """The workbook, the reports that people look at, and lists that are saved as they are shown."""

    exports: Exports
    shown: AttendanceReports
    files: ReportFiles
    lists: SavedLists


@dataclass(frozen=True, slots=True)
class SchoolCases:
    """Rules of the school, settings of this kiosk, and what is deleted when."""

    shared: School
    faces: FaceRules
    settings: SettingsChange
    retention: Retention
    left_overs: LeftOvers
    rounds: RetentionRounds
    kept: KeptData
    editing: SettingsEditing
    camera: CameraChoice
    set_up: SetUp


@dataclass(frozen=True, slots=True)
class TrustCases:
    """Other programs' tokens, the log, backups, whether the database is whole, and the way back into encrypted data.

    Attributes:
        recovery_passphrase: Shown once at the very first start, then None for ever.
    """

    api_tokens: ApiTokens
    audit: Audit
    log: AuditList
    health: Health
    backups: Backups
    database: DatabaseChecks
    recovery: RecoveryRenewal
    recovery_passphrase: str | None


@dataclass(frozen=True, slots=True)
class MessageCases:
    """E-mail to students and guardians."""

    servers: MailServers
    warnings: Warnings
    contacts: Contacts


@dataclass(frozen=True, slots=True)
class KioskApp:
    """The use cases of one running kiosk."""

    core: Core
    runtime: KioskRuntime
    attendance: AttendanceCases
    courses: CourseCases
    people: PeopleCases
    faces: FaceCases
    models: ModelCases
    phones: PhoneCases
    lesson: LessonCases
    records: RecordCases
    reports: ReportCases
    messages: MessageCases
    school: SchoolCases
    trust: TrustCases
