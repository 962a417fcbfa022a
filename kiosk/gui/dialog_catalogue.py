"""What can be opened over any place: the one table of dialogs, from which the menu *Settings* is built. Main thread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.school.set_up import SetUpStep
from kiosk.domain.trust.rights import Actor, Right
from kiosk.gui.attendance.absences.absences_dialog import AbsencesDialog
from kiosk.gui.attendance.statuses_dialog import StatusesDialog
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.courses.naming import CoursesDialog
from kiosk.gui.faces.calibrate import CalibrateDialog
from kiosk.gui.faces.enrol_faces import EnrolFacesDialog
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.gui.faces.lookalikes import LookalikesDialog
from kiosk.gui.messages.mail_server_dialog import MailServerDialog
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.people.change_password import ChangePasswordDialog
from kiosk.gui.people.consent_import import ConsentImportDialog
from kiosk.gui.people.consent_letters import ConsentLettersDialog
from kiosk.gui.people.consent_notice import ConsentNoticeDialog
from kiosk.gui.people.consents import ConsentsDialog
from kiosk.gui.people.one_student import OneStudentDialog
from kiosk.gui.people.pin_slips import PinSlipsDialog
from kiosk.gui.people.users import UsersDialog
from kiosk.gui.phones.phone_test import PhoneTestDialog
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.school.kept_dialog import KeptDialog
from kiosk.gui.set_up.camera_dialog import CameraDialog
from kiosk.gui.set_up.what_is_left import WhatIsLeftDialog
from kiosk.gui.theme import Theme
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.gui.trust.audit_dialog import AuditDialog
from kiosk.gui.trust.backups_dialog import BackupsDialog
from kiosk.gui.trust.health_dialog import HealthDialog
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.services.app import KioskApp
from kiosk.services.ports.health import Remedy
from kiosk.settings import Subject
from kiosk.translation import N_


@dataclass(frozen=True, slots=True)
class Opening:
    """For whom and over what a dialog is opened.

    Attributes:
        course_id: What is exported, where it was chosen before.
        model: Name of the model that is selected first; empty for the one in use.
        remembered: What lists remember of their use.
    """

    app: KioskApp
    theme: Theme
    user: User
    parent: QWidget
    course_id: int | None = None
    model: str = ""
    remembered: Remembered = field(default_factory=Remembered)

    @property
    def actor(self) -> Actor:
        """Who acts in it."""
        return Actor.of(self.user)

    @property
    def rest(self) -> tuple[Theme, Actor, QWidget]:
        """What each dialog takes after the parts that it uses."""
        return self.theme, self.actor, self.parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One dialog of the catalogue.

    Attributes:
        title: As its button says it.
        subject: Where the settings offer it.
        right: What who sees and opens it may do; None: everybody sees it.
        make: Makes the dialog.
        also: Words by which people look for it that the title does not have.
        changes_courses: Whether the courses are read again once it was closed.
    """

    title: str
    subject: Subject
    right: Right | None
    make: Callable[[Opening], Dialog]
    also: str = ""
    changes_courses: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether somebody may see and open it."""
        return self.right is None or actor.may(self.right)


def _import(given: Opening) -> Dialog:
    return ImportClassListDialog(given.app.core, given.app.courses.lists, *given.rest)


def _courses(given: Opening) -> Dialog:
    return CoursesDialog(given.app.courses.lists, *given.rest)


def _guided(given: Opening) -> Dialog:
    return GuidedEnrolmentDialog(given.app.core, given.app.faces, given.app.people, *given.rest)


def _enrol(given: Opening) -> Dialog:
    return EnrolFacesDialog(given.app.faces, *given.rest)


def _consents(given: Opening) -> Dialog:
    return ConsentsDialog(given.app.people, *given.rest)


def _letters(given: Opening) -> Dialog:
    return ConsentLettersDialog(given.app.core, given.app.people, *given.rest)


def _answers(given: Opening) -> Dialog:
    return ConsentImportDialog(given.app.people, *given.rest)


def _notice(given: Opening) -> Dialog:
    return ConsentNoticeDialog(given.app.people, given.app.school.shared, *given.rest)


def _lookalikes(given: Opening) -> Dialog:
    return LookalikesDialog(given.app.core, given.app.faces, *given.rest)


def _one_student(given: Opening) -> Dialog:
    return OneStudentDialog(given.app.courses.lists, given.app.people, given.app.records, *given.rest)


def _kept(given: Opening) -> Dialog:
    return KeptDialog(given.app.school.kept, *given.rest)


def _pins(given: Opening) -> Dialog:
    return PinSlipsDialog(given.app.core, given.app.courses.lists, given.app.people, *given.rest)


def _export(given: Opening) -> Dialog:
    return ExportDialog(
        given.app.core,
        given.app.courses,
        given.app.reports.exports,
        *given.rest,
        course_id=given.course_id,
    )


def _mail_server(given: Opening) -> Dialog:
    return MailServerDialog(given.app.messages, *given.rest)


def _models(given: Opening) -> Dialog:
    return ModelsDialog(given.app.models, given.app.faces.calibrating, *given.rest, model=given.model)


def _calibrate(given: Opening) -> Dialog:
    return CalibrateDialog(given.app.core, given.app.faces, given.app.courses.lists, *given.rest)


def _users(given: Opening) -> Dialog:
    return UsersDialog(given.app.people, *given.rest)


def _tokens(given: Opening) -> Dialog:
    return ApiTokensDialog(given.app.core, given.app.trust, *given.rest)


def _backups(given: Opening) -> Dialog:
    return BackupsDialog(given.app.core, given.app.trust, *given.rest)


def _log(given: Opening) -> Dialog:
    app = given.app
    return AuditDialog(app.core, app.trust, app.reports.lists, given.remembered, *given.rest)


def _health(given: Opening) -> Dialog:
    return HealthDialog(given.app.trust.health, *given.rest)


def _password(given: Opening) -> Dialog:
    return ChangePasswordDialog(given.app.people, given.theme, given.user, given.parent)


def _phone_test(given: Opening) -> Dialog:
    return PhoneTestDialog(given.app.core, given.app.phones, given.app.attendance, *given.rest)


def _camera(given: Opening) -> Dialog:
    return CameraDialog(given.app.school.camera, *given.rest)


def _left(given: Opening) -> Dialog:
    return WhatIsLeftDialog(given.app.school.set_up, *given.rest)


def _student_phones(given: Opening) -> Dialog:
    return StudentPhonesDialog(given.app.core, given.app.phones, *given.rest)


def _absences(given: Opening) -> Dialog:
    return AbsencesDialog(given.app, *given.rest)


def _statuses(given: Opening) -> Dialog:
    return StatusesDialog(given.app.attendance.statuses, *given.rest)


ABSENCES: Final = Entry(
    N_("Announced absences…"),
    Subject.LISTS,
    Right.CORRECT,
    _absences,
    also=N_("excused ill planned sick note leave"),
)
IMPORT: Final = Entry(
    N_("Import class list…"),
    Subject.LISTS,
    Right.MANAGE_PEOPLE,
    _import,
    also=N_("CSV Excel roster pupils add students upload"),
    changes_courses=True,
)
EXPORT: Final = Entry(
    N_("Export to Excel…"), Subject.LISTS, Right.EXPORT, _export, also=N_("workbook download table CSV")
)
MODELS: Final = Entry(
    N_("Recognition models…"),
    Subject.CAMERA,
    Right.ADMINISTER,
    _models,
    also=N_("network AI install download"),
)
CALIBRATE: Final = Entry(
    N_("Calibrate recognition…"),
    Subject.CAMERA,
    Right.ADMINISTER,
    _calibrate,
    also=N_("threshold accuracy mistakes"),
)
COURSES: Final = Entry(
    N_("Courses…"),
    Subject.LISTS,
    Right.MANAGE_COURSES,
    _courses,
    also=N_("rename code room teacher"),
    changes_courses=True,
)
PHONE_TEST: Final = Entry(
    N_("Test with a phone…"), Subject.PHONES, None, _phone_test, also=N_("network address QR code")
)
KEPT: Final = Entry(
    N_("What is kept, and how long…"),
    Subject.PRIVACY,
    Right.ADMINISTER,
    _kept,
    also=N_("retention delete GDPR"),
)
HEALTH: Final = Entry(
    N_("Check this PC…"),
    Subject.BACKUPS,
    Right.ADMINISTER,
    _health,
    also=N_("doctor health problem does not work"),
)

CAMERA: Final = Entry(
    N_("Camera…"),
    Subject.CAMERA,
    Right.ADMINISTER,
    _camera,
    also=N_("webcam video picture choose preview list"),
)
SET_UP: Final = Entry(
    N_("Steps of setting up…"),
    Subject.SCHOOL,
    Right.ADMINISTER,
    _left,
    also=N_("assistant first start checklist"),
)
BACKUPS: Final = Entry(
    N_("Backups…"), Subject.BACKUPS, Right.ADMINISTER, _backups, also=N_("restore copy save")
)
USERS: Final = Entry(
    N_("Users…"),
    Subject.USERS,
    Right.ADMINISTER,
    _users,
    also=N_("teachers admins accounts password roles"),
)

CATALOGUE: Final = (
    SET_UP,
    CAMERA,
    IMPORT,
    COURSES,
    Entry(
        N_("Enrol faces with the camera…"),
        Subject.CAMERA,
        Right.ENROL,
        _guided,
        also=N_("picture photo register"),
        changes_courses=True,
    ),
    Entry(
        N_("Enrol faces from a folder…"),
        Subject.CAMERA,
        Right.ENROL,
        _enrol,
        also=N_("picture photo register upload"),
        changes_courses=True,
    ),
    Entry(N_("Consent…"), Subject.PRIVACY, Right.ENROL, _consents, also=N_("GDPR permission parents")),
    Entry(
        N_("Letters about consent…"),
        Subject.PRIVACY,
        Right.ENROL,
        _letters,
        also=N_("GDPR permission parents print"),
    ),
    Entry(
        N_("Import answers about consent…"),
        Subject.PRIVACY,
        Right.ENROL,
        _answers,
        also=N_("GDPR permission parents upload"),
    ),
    Entry(
        N_("Notice about face recognition…"),
        Subject.PRIVACY,
        Right.ADMINISTER,
        _notice,
        also=N_("GDPR information text"),
    ),
    Entry(
        N_("Look-alikes…"), Subject.CAMERA, Right.ADMINISTER, _lookalikes, also=N_("twins similar mistaken")
    ),
    Entry(
        N_("PIN slips…"), Subject.PHONES, Right.MANAGE_PEOPLE, _pins, also=N_("password print code students")
    ),
    Entry(N_("Phones of students…"), Subject.PHONES, Right.CORRECT, _student_phones, also=N_("device enrol")),
    Entry(
        N_("One student…"),
        Subject.LISTS,
        Right.MANAGE_PEOPLE,
        _one_student,
        also=N_("person leave remove delete data"),
        changes_courses=True,
    ),
    ABSENCES,
    EXPORT,
    Entry(
        N_("Mail server…"),
        Subject.SCHOOL,
        Right.ADMINISTER,
        _mail_server,
        also=N_("e-mail SMTP warnings guardians parents sender"),
    ),
    Entry(
        N_("Statuses of the school’s own…"),
        Subject.SCHOOL,
        Right.ADMINISTER,
        _statuses,
        also=N_("present late excused absent trip letter colour weight count"),
    ),
    MODELS,
    CALIBRATE,
    USERS,
    Entry(N_("API tokens…"), Subject.USERS, Right.ADMINISTER, _tokens, also=N_("REST other programs access")),
    Entry(
        N_("Log of what was done…"),
        Subject.USERS,
        Right.ADMINISTER,
        _log,
        also=N_("audit history who changed verify"),
    ),
    KEPT,
    BACKUPS,
    HEALTH,
    Entry(N_("Change my password…"), Subject.USERS, Right.OWN_ACCOUNT, _password, also=N_("account sign in")),
    PHONE_TEST,
)
"""In the order in which each subject offers them."""

ENTRY_OF_STEP: Final = {
    SetUpStep.ADMIN: USERS,
    SetUpStep.PASSPHRASE: BACKUPS,
    SetUpStep.CAMERA: CAMERA,
    SetUpStep.MODEL: MODELS,
    SetUpStep.COURSE: IMPORT,
    SetUpStep.PHONE: PHONE_TEST,
}
"""Where a step of setting up is done later; the school's name stands among the settings themselves."""

REMEDIES: Final[dict[Remedy, Entry | Subject]] = {
    Remedy.CAMERA: CAMERA,
    Remedy.MODELS: MODELS,
    Remedy.BACKUPS: BACKUPS,
    Remedy.NETWORK: Subject.PHONES,
    Remedy.CERTIFICATE: Subject.PHONES,
    Remedy.PHONE_TEST: PHONE_TEST,
    Remedy.KEPT_DATA: KEPT,
}
"""What is opened to mend what does not work: a dialog, or a subject of the settings."""


def entries_for(actor: Actor) -> tuple[Entry, ...]:
    """What somebody may open."""
    return tuple(entry for entry in CATALOGUE if entry.is_for(actor))
