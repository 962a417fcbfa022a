"""All repositories of one transaction. Lives as long as the transaction, on its thread."""

from collections.abc import Callable

from sqlmodel import Session

from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.accounts import SqlFailures, SqlUsers
from kiosk.storage.repositories.api_tokens import SqlApiTokens
from kiosk.storage.repositories.attacks import SqlAttacks
from kiosk.storage.repositories.audit import SqlAudit
from kiosk.storage.repositories.claims import SqlClaims
from kiosk.storage.repositories.class_sessions import SqlClassSessions
from kiosk.storage.repositories.consents import SqlConsents
from kiosk.storage.repositories.courses import SqlCourses
from kiosk.storage.repositories.face_pairs import SqlFacePairs
from kiosk.storage.repositories.faces import SqlFaces
from kiosk.storage.repositories.incidents import SqlDevices, SqlIncidents
from kiosk.storage.repositories.listings import SqlListings
from kiosk.storage.repositories.objections import SqlObjections
from kiosk.storage.repositories.records import SqlRecords
from kiosk.storage.repositories.reports import SqlReports
from kiosk.storage.repositories.retention import SqlRetention
from kiosk.storage.repositories.school_settings import SqlSchoolSettings
from kiosk.storage.repositories.student_data import SqlStudentData
from kiosk.storage.repositories.students import SqlStudents


class Repositories:
    """Implements `kiosk.storage.repositories.repositories.Repositories` on one database session."""

    def __init__(self, *, db_session: Session, key_ring: KeyRing, before_reports: Callable[[], None]) -> None:
        self.students = SqlStudents(db_session=db_session)
        self.courses = SqlCourses(db_session=db_session)
        self.class_sessions = SqlClassSessions(db_session=db_session)
        self.records = SqlRecords(db_session=db_session)
        self.claims = SqlClaims(db_session=db_session)
        self.reports = SqlReports(db_session=db_session, prepare=before_reports)
        self.listings = SqlListings(db_session=db_session)
        self.users = SqlUsers(db_session=db_session)
        self.failures = SqlFailures(db_session=db_session)
        self.consents = SqlConsents(db_session=db_session)
        self.faces = SqlFaces(db_session=db_session, key_ring=key_ring)
        self.face_pairs = SqlFacePairs(db_session=db_session)
        self.school_settings = SqlSchoolSettings(db_session=db_session)
        self.attacks = SqlAttacks(db_session=db_session)
        self.devices = SqlDevices(db_session=db_session)
        self.incidents = SqlIncidents(db_session=db_session)
        self.api_tokens = SqlApiTokens(db_session=db_session)
        self.objections = SqlObjections(db_session=db_session)
        self.student_data = SqlStudentData(db_session=db_session)
        self.retention = SqlRetention(db_session=db_session)
        self.audit = SqlAudit(db_session=db_session, key_ring=key_ring)
