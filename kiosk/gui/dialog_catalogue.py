"""What can be opened over any place: the one table of dialogs, from which the menu *Settings* is built. Main thread."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QMenu, QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor, Right
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.courses.naming import CoursesDialog
from kiosk.gui.faces.calibrate import CalibrateDialog
from kiosk.gui.faces.enrol_faces import EnrolFacesDialog
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.gui.faces.lookalikes import LookalikesDialog
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
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.school.kept_dialog import KeptDialog
from kiosk.gui.school.settings_dialog import SettingsDialog
from kiosk.gui.theme import Theme
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.gui.trust.backups_dialog import BackupsDialog
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.services.app import KioskApp
from kiosk.translation import N_, _


@dataclass(frozen=True, slots=True)
class Opening:
    """For whom and over what a dialog is opened.

    Attributes:
        course_id: What is exported, where it was chosen before.
        model: Name of the model that is selected first; empty for the one in use.
    """

    app: KioskApp
    theme: Theme
    user: User
    parent: QWidget
    course_id: int | None = None
    model: str = ""

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
        title: As the menu says it.
        group: A line stands between entries of different groups.
        right: What who sees and opens it may do; None: everybody sees it.
        make: Makes the dialog.
        changes_courses: Whether the courses are read again once it was closed.
    """

    title: str
    group: int
    right: Right | None
    make: Callable[[Opening], Dialog]
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
        given.app.courses.lists,
        given.app.reports.exports,
        *given.rest,
        course_id=given.course_id,
    )


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


def _password(given: Opening) -> Dialog:
    return ChangePasswordDialog(given.app.people, given.theme, given.user, given.parent)


def _phone_test(given: Opening) -> Dialog:
    return PhoneTestDialog(given.app.core, given.app.phones, given.app.attendance, *given.rest)


def _student_phones(given: Opening) -> Dialog:
    return StudentPhonesDialog(given.app.core, given.app.courses.lists, given.app.phones, *given.rest)


def _settings(given: Opening) -> Dialog:
    return SettingsDialog(
        given.app.core, given.app.school, given.app.phones, given.app.attendance, *given.rest
    )


IMPORT: Final = Entry(N_("Import class list…"), 1, Right.MANAGE_PEOPLE, _import, changes_courses=True)
EXPORT: Final = Entry(N_("Export to Excel…"), 2, Right.EXPORT, _export)
MODELS: Final = Entry(N_("Recognition models…"), 3, Right.ADMINISTER, _models)
CALIBRATE: Final = Entry(N_("Calibrate recognition…"), 3, Right.ADMINISTER, _calibrate)
COURSES: Final = Entry(N_("Courses…"), 1, Right.MANAGE_COURSES, _courses, changes_courses=True)
PHONE_TEST: Final = Entry(N_("Test with a phone…"), 3, None, _phone_test)

CATALOGUE: Final = (
    IMPORT,
    COURSES,
    Entry(N_("Enrol faces with the camera…"), 1, Right.ENROL, _guided, changes_courses=True),
    Entry(N_("Enrol faces from a folder…"), 1, Right.ENROL, _enrol, changes_courses=True),
    Entry(N_("Consent…"), 1, Right.ENROL, _consents),
    Entry(N_("Letters about consent…"), 1, Right.ENROL, _letters),
    Entry(N_("Import answers about consent…"), 1, Right.ENROL, _answers),
    Entry(N_("Notice about face recognition…"), 1, Right.ADMINISTER, _notice),
    Entry(N_("Look-alikes…"), 1, Right.ADMINISTER, _lookalikes),
    Entry(N_("PIN slips…"), 1, Right.MANAGE_PEOPLE, _pins),
    Entry(N_("Phones of students…"), 1, Right.CORRECT, _student_phones),
    Entry(N_("One student…"), 1, Right.MANAGE_PEOPLE, _one_student, changes_courses=True),
    EXPORT,
    MODELS,
    CALIBRATE,
    Entry(N_("Users…"), 3, Right.ADMINISTER, _users),
    Entry(N_("API tokens…"), 3, Right.ADMINISTER, _tokens),
    Entry(N_("What is kept, and how long…"), 3, Right.ADMINISTER, _kept),
    Entry(N_("Backups…"), 3, Right.ADMINISTER, _backups),
    Entry(N_("Change my password…"), 3, Right.OWN_ACCOUNT, _password),
    PHONE_TEST,
    Entry(N_("Settings…"), 3, None, _settings),
)
"""In the menu's order."""


def entries_for(actor: Actor) -> tuple[Entry, ...]:
    """What somebody may open."""
    return tuple(entry for entry in CATALOGUE if entry.is_for(actor))


def fill_menu(menu: QMenu, entries: Iterable[Entry]) -> None:
    """Offer these entries and nothing else; each action carries its entry."""
    menu.clear()
    group = 0
    for entry in entries:
        if group and entry.group != group:
            menu.addSeparator()
        group = entry.group
        menu.addAction(_(entry.title)).setData(entry)
