"""All repositories of one transaction. Lives as long as the transaction, on its thread."""

from sqlmodel import Session

from kiosk.storage.backup.report_copies import ReportCopy
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.accounts import SignInFailures, Users
from kiosk.storage.repositories.audit import AuditLog
from kiosk.storage.repositories.claims import PendingClaims
from kiosk.storage.repositories.class_sessions import ClassSessions
from kiosk.storage.repositories.consent_codes import ConsentCodes
from kiosk.storage.repositories.consents import Consents
from kiosk.storage.repositories.courses import Courses
from kiosk.storage.repositories.enrolled_phones import EnrolledPhones
from kiosk.storage.repositories.face_pairs import FacePairs
from kiosk.storage.repositories.faces import StoredFaces
from kiosk.storage.repositories.incidents import DeviceUses, NotedIncidents
from kiosk.storage.repositories.objections import MadeObjections
from kiosk.storage.repositories.record_seals import RecordSeals
from kiosk.storage.repositories.records import AttendanceRecords
from kiosk.storage.repositories.reports import Reports
from kiosk.storage.repositories.school_settings import SchoolSettings
from kiosk.storage.repositories.school_statuses import SchoolStatuses
from kiosk.storage.repositories.students import Students


class Repositories:
    """What several use cases read and write; the SQL of one alone stands beside it and takes `db_session`."""

    def __init__(self, *, db_session: Session, key_ring: KeyRing, copies: ReportCopy | None = None) -> None:
        self.db_session = db_session
        self.students = Students(db_session=db_session)
        self.courses = Courses(db_session=db_session)
        self.class_sessions = ClassSessions(db_session=db_session)
        self.records = AttendanceRecords(db_session=db_session)
        self.claims = PendingClaims(db_session=db_session)
        self.reports = Reports(db_session=db_session, copies=copies)
        self.users = Users(db_session=db_session)
        self.failures = SignInFailures(db_session=db_session, key_ring=key_ring)
        self.consents = Consents(db_session=db_session)
        self.consent_codes = ConsentCodes(db_session=db_session, key_ring=key_ring)
        self.faces = StoredFaces(db_session=db_session, key_ring=key_ring)
        self.face_pairs = FacePairs(db_session=db_session)
        self.school_settings = SchoolSettings(db_session=db_session)
        self.school_statuses = SchoolStatuses(db_session=db_session)
        self.devices = DeviceUses(db_session=db_session)
        self.enrolled_phones = EnrolledPhones(db_session=db_session)
        self.incidents = NotedIncidents(db_session=db_session)
        self.objections = MadeObjections(db_session=db_session)
        self.audit = AuditLog(db_session=db_session, key_ring=key_ring)
        self.record_seals = RecordSeals(db_session=db_session)
