"""Everything that a screen can use, handed in by `bootstrap` as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.policy_choice import PolicyChoice
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.runtime import KioskRuntime
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.courses.class_lists import People
from kiosk.services.events import ReEmbeddingProgress
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.corrections import Corrections
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.guided_enrolment import GuidedRun
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.faces.recognition.liveness_choice import LivenessChoice
from kiosk.services.models.installation import Models
from kiosk.services.people.accounts import Accounts
from kiosk.services.people.consents import ConsentReceipt, FaceConsents
from kiosk.services.people.pins import OnProgress, Pins
from kiosk.services.phones.https import Https
from kiosk.services.phones.phone_test import PhoneTest
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PinSlipWriter, QrDrawer
from kiosk.services.ports.receipts import ReceiptSheet, ReceiptWriter
from kiosk.services.records.objections import Objections
from kiosk.services.reports.exports import Exports
from kiosk.services.school.retention import Retention
from kiosk.services.school.retention_rounds import RetentionRound
from kiosk.services.school.school_settings import School
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.services.trust.rights import require
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class KioskApp:
    """The use cases of one running kiosk.

    Attributes:
        settings: As they were at start.
        save_settings: Writes changed settings; they take effect at the next start (look: at once; model and engine: at the
            next class).
        recognition_model: Name of the model that the next class is recognised with; quick.
        recognition_warning: Why the chosen model is not used, once that is known; empty otherwise.
        preparing: How far the stored pictures are prepared for a changed model; None when there was nothing to do.
        newest_deletion: What the kiosk deleted by itself, or will; None when there is nothing to say.
        recovery_passphrase: Shown once at the very first start, then None for ever.
        zone: The school's time zone, in which every time is shown.
        enrolment: Builds models at its first call, which takes a second or two.
        guided_enrolment: Opens a sitting before the camera for a student id; raises ConflictError without consent and
            while a class is open.
    """

    settings: KioskSettings
    save_settings: Callable[[KioskSettings], None]
    recognition_model: Callable[[], str]
    recognition_warning: Callable[[], str]
    preparing: Callable[[], ReEmbeddingProgress | None]
    recovery_passphrase: str | None
    data_dir: Path
    zone: ZoneInfo
    clock: Clock
    accounts: Accounts
    pins: Pins
    people: People
    sessions: Sessions
    attacks: Attacks
    incidents: Incidents
    certificate: SchoolCertificate
    https: Https
    phone_test: PhoneTest
    shown_address: ShownAddress
    liveness: LivenessChoice
    policies: PolicyChoice
    school: School
    api_tokens: ApiTokens
    exports: Exports
    enrolment: Callable[[], Enrolment]
    consents: FaceConsents
    guided_enrolment: Callable[[int], GuidedRun]
    lookalikes: Lookalikes
    corrections: Corrections
    claims: Claims
    objections: Objections
    retention: Retention
    newest_deletion: Callable[[], RetentionRound | None]
    awaited: AwaitedFaces
    doubtful: AmbiguousFaces
    calibrating: Calibrating
    live: RunningClass
    models: Models
    store: Store
    qr: QrDrawer
    write_pin_slips: PinSlipWriter
    write_receipt: ReceiptWriter
    runtime: KioskRuntime

    def issue_pin_slips(
        self,
        path: Path,
        course: Course,
        *,
        renew: bool,
        actor: Actor,
        only: Student | None = None,
        progress: OnProgress | None = None,
    ) -> int:
        """Make PINs for a course, write them as a PDF and return how many there are; writes no file for none.

        The slips are written first and the PINs stored after, so a full disk changes nobody's PIN.

        Raises:
            ExportError: The PDF cannot be written.
            NotFoundError: `only`, for whom alone a new PIN is made, is not in the course.
        """
        slips, keep = self.pins.prepare(
            course.course_id,
            on=self.today(),
            actor=actor,
            renew=renew,
            only=only.student_id if only is not None else None,
            progress=progress,
        )
        if slips:
            school = self.school.rules().school_name
            title = f"{school} · {course.code}" if school else course.code
            self.write_pin_slips(path, title=title, slips=slips)
            keep()
        return len(slips)

    def save_receipt(self, path: Path, student: Student, receipt: ConsentReceipt, *, actor: Actor) -> None:
        """Write the receipt for a word on face recognition as a PDF.

        Raises:
            ExportError: The PDF cannot be written.
        """
        require(self.store, actor, Right.ENROL)
        sheet = ReceiptSheet(
            number=receipt.number,
            school=self.school.rules().school_name,
            student=student,
            given=receipt.given,
            at=receipt.at.astimezone(self.zone),
            recorded_by=actor.name,
            deleted=receipt.deleted,
        )
        self.write_receipt(path, sheet)

    def change_settings(self, changed: KioskSettings, *, actor: Actor) -> None:
        """Store changed settings of this kiosk; when they take effect stands at `save_settings`."""
        require(self.store, actor, Right.ADMINISTER)
        self.save_settings(changed)

    def verify_audit(self, *, actor: Actor) -> int | None:
        """The first entry of the log that does not fit, or None when the log is whole."""
        require(self.store, actor, Right.ADMINISTER)
        return self.store.read(lambda repositories: repositories.audit.verify())

    def today(self) -> date:
        """The day in the school's zone."""
        return self.clock.now().astimezone(self.zone).date()
