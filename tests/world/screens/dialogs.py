"""The dialogs of the office, over Today of a made-up school."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, cast

import cv2
from cryptography.hazmat.primitives.asymmetric import ec
from PySide6.QtWidgets import QLineEdit

from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.statuses_dialog import StatusesDialog
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.faces.calibrate import CalibrateDialog
from kiosk.gui.faces.enrol_faces import EnrolFacesDialog
from kiosk.gui.people.change_password import ChangePasswordDialog
from kiosk.gui.people.pin_slips import PinSlipsDialog
from kiosk.gui.people.users import UsersDialog
from kiosk.gui.phones.certificate import CertificateDialog
from kiosk.gui.phones.certificate_row import CertificateRow
from kiosk.gui.phones.phone_test import PhoneTestDialog
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.places import Place
from kiosk.gui.records.mark_dialog import MarkDialog
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.school.settings_page import SettingsPage
from kiosk.gui.set_up.camera_dialog import CameraDialog
from kiosk.gui.set_up.what_is_left import WhatIsLeftDialog
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.gui.trust.audit_dialog import AuditDialog
from kiosk.gui.trust.health_dialog import HealthDialog
from kiosk.services.app import KioskApp
from kiosk.services.faces.enrolment import AcceptedPicture, EnrolmentReport, RefusedPicture
from kiosk.services.trust.health import Health
from kiosk.settings import Subject
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.health import FakeHealth
from tests.fakes.phones.certificates import NOW, SchoolFiles, key_pem
from tests.world.screens.office import Office, over_today
from tests.world.screens.school import BASE_URL
from tests.world.screens.shot import Screen, wait_until

DRAWN = (
    "Amara Nkosi", "Bruno Keller", "Clara Vidal", "Dmitri Orlov", "Esra Aydın", "Felix Brandt", "Giulia Conti",
    "Hana Suzuki", "Imran Malik", "Julia Novak", "Kwame Boateng", "Linnea Berg",
)  # fmt: skip


def opened_settings(at: Office, subject: Subject) -> SettingsPage:
    """The page of settings, with all of its sections and one in front."""
    at.desk.go_to(Place.SETTINGS)
    page = cast(SettingsPage, at.desk.pages[Place.SETTINGS])
    wait_until(lambda: page.is_complete)
    page.show_subject(subject)
    return page


def settings(at: Office) -> None:
    opened_settings(at, Subject.SCHOOL)


def settings_reading(at: Office) -> None:
    """Nothing can be changed yet."""
    opened_settings(at, Subject.SCHOOL).lock(True)


def settings_camera(at: Office) -> None:
    opened_settings(at, Subject.CAMERA).sections[Subject.CAMERA].advanced_button.click()


def settings_privacy(at: Office) -> None:
    opened_settings(at, Subject.PRIVACY)


def settings_learning(at: Office) -> None:
    """Since when faces are learned from classes, found by its name."""
    opened_settings(at, Subject.CAMERA).search.setText("learn")


def settings_wrong(at: Office) -> None:
    page = opened_settings(at, Subject.SCHOOL)
    cast(QLineEdit, page.rows["rules", "time_zone"].input).setText("Berlin")
    page.save_button.click()


def settings_phones(at: Office) -> None:
    opened_settings(at, Subject.PHONES)


def settings_search(at: Office) -> None:
    """What concerns deleting, wherever it stands."""
    opened_settings(at, Subject.SCHOOL).search.setText("delete")


def certificate(at: Office, *, wrong: bool = False) -> None:
    folder = at.school.app.core.directories.data / "certificate"
    folder.mkdir()
    files = SchoolFiles(folder)
    if wrong:
        files.write("library.school.example", ends=NOW - timedelta(days=3), begins=NOW - timedelta(days=93))
        files.key_path.write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    else:
        files.write("kiosk-a12.school.example", "10.20.4.17", ends=NOW + timedelta(days=83))
    page = opened_settings(at, Subject.PHONES)
    cast(CertificateRow, page.own.certificate).button.click()
    dialog = cast(CertificateDialog, page.own.certificate_dialog)
    wait_until(lambda: dialog.state.text() != "")
    dialog.certificate.set_path(files.certificate_path)
    dialog.key.set_path(files.key_path)
    wait_until(lambda: dialog.opinion is not None and dialog.opinion.draft.key is not None)
    dialog.certificate.edit.setText("/home/kiosk/certificate/kiosk-a12.pem")
    dialog.key.edit.setText("/home/kiosk/certificate/kiosk-a12-key.pem")


def certificate_wrong(at: Office) -> None:
    """A certificate that phones would refuse."""
    certificate(at, wrong=True)


def phone_test(at: Office) -> None:
    at.school.app.attendance.running.reachable_at(BASE_URL)
    dialog = at.open("Test with a phone…", PhoneTestDialog)
    wait_until(lambda: dialog.network.count() > 0)
    at.school.app.phones.test._began_s -= 60
    dialog.look()


def student_phones(at: Office) -> None:
    at.school.app.attendance.running.reachable_at(BASE_URL)
    student = at.school.app.courses.lists.students()[0]
    kinds, now = ("iPhone", "iPad"), at.school.app.core.clock.now()

    def work(repositories: Repositories) -> None:
        for kind in kinds:
            repositories.enrolled_phones.add(
                student.student_id, kind, kind=kind, enrolled_at=now, enrolled_by="Ms Weber"
            )

    at.school.app.core.store.write(work)
    dialog = at.open("Phones of students…", StudentPhonesDialog)
    wait_until(lambda: dialog.student.count() > 0)
    dialog.student.setEditText(f"{student.full_name}, {student.student_no}")
    wait_until(lambda: len(dialog.remove_buttons) == len(kinds))
    dialog.enrol_button.click()
    wait_until(lambda: bool(dialog.code.text))


def export(at: Office) -> None:
    dialog = at.open("Export to Excel…", ExportDialog)
    wait_until(lambda: dialog.course.count() > 1)
    dialog.course.setCurrentIndex(1)
    dialog.between.setChecked(True)
    dialog.target.set_path(
        Path("/home/ada/Documents") / at.school.app.reports.exports.suggested_name(at.school.courses[0])
    )


def import_list(at: Office) -> None:
    dialog = at.open("Import class list…", ImportClassListDialog)
    path = at.school.app.core.directories.data / "cs101.csv"
    rows = [f"{one.student_no},{one.full_name}" for one in at.school.students[:6]]
    rows += [
        "S2041,Anita Rao-Berg",
        "S2042,Benedict Okafor",
        "S2090,Zoë Achterberg",
        "S2091,Idris Bello",
        "?,Nobody",
    ]
    path.write_text("student_no,full_name\n" + "\n".join(rows[2:]), encoding="utf-8")
    dialog.code.setEditText("CS 101")
    dialog.file.set_path(path)
    wait_until(lambda: not dialog.busy and dialog.table.model().rowCount() > 0)
    dialog.file.edit.setText("/home/ada/Documents/cs101.csv")


def camera(at: Office) -> None:
    dialog = at.open("Camera…", CameraDialog)
    wait_until(lambda: dialog.picker.box.count() > 0)


def set_up_left(at: Office) -> None:
    dialog = at.open("Steps of setting up…", WhatIsLeftDialog)
    wait_until(lambda: bool(dialog.list.lines))


def users(at: Office) -> None:
    dialog = at.open("Users…", UsersDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)


def users_add(at: Office) -> None:
    dialog = at.open("Users…", UsersDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)
    dialog.add_user_button.click()


def tokens(at: Office) -> None:
    api_tokens = at.school.app.trust.api_tokens
    api_tokens.make(name="Timetable", scopes=[Scope.COURSES_READ], actor=Actor.system("Ruth"))
    old = api_tokens.make(name="Old report", scopes=list(Scope), actor=Actor.system("Ruth"))
    api_tokens.revoke(old.token.token_id, actor=Actor.system("Ruth"))
    dialog = at.open("API tokens…", ApiTokensDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)


OWN = (
    SchoolStatus(0, "school trip", "T", StatusColour.BLUE, Status.EXCUSED, 100),
    SchoolStatus(0, "half a day", "H", StatusColour.AMBER, Status.PRESENT, 50),
    SchoolStatus(0, "Fernunterricht mit Anwesenheit", "出", StatusColour.GREY, Status.ABSENT, None),
)
"""Statuses of a school's own: a short one, one that counts in part, and one with the longest name."""


def own_statuses(at: Office) -> list[SchoolStatus]:
    """Make them."""
    kept = at.school.app.attendance.statuses
    return [kept.save(one, actor=Actor.system("Ruth")) for one in OWN]


def statuses(at: Office) -> None:
    own_statuses(at)
    kept = at.school.app.attendance.statuses
    kept.retire(kept.all()[0], actor=Actor.system("Ruth"))
    dialog = at.open("Statuses of the school’s own…", StatusesDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)
    dialog.table.selectRow(0)


def statuses_change(at: Office) -> None:
    statuses(at)
    dialog = at.desk.findChild(StatusesDialog)
    assert isinstance(dialog, StatusesDialog)
    dialog.change_button.click()


def mark_with_own(at: Office) -> None:
    own = own_statuses(at)
    about = "Amara Nkosi counts as absent now."
    dialog = MarkDialog(at.theme, "Change this record", about, ("Brought a note",), at.desk, own=own)
    dialog.statuses.choose(own[0])
    dialog.open()


def log(at: Office) -> None:
    dialog = at.open("Log of what was done…", AuditDialog)
    wait_until(lambda: dialog.list.model.rowCount() > 0)


def health(at: Office) -> None:
    checks = Health(store=at.school.app.core.store, checks=FakeHealth())
    dialog = HealthDialog(checks, at.theme, Actor.of(at.school.admin), at.desk)
    dialog.open()
    wait_until(dialog.again_button.isEnabled)


def tokens_make(at: Office) -> None:
    token_asked(at)


def tokens_shown(at: Office) -> None:
    dialog = token_asked(at)
    dialog.main_button.click()
    wait_until(lambda: dialog.text.text() != "")


def token_asked(at: Office) -> ApiTokensDialog:
    dialog = at.open("API tokens…", ApiTokensDialog)
    dialog.make_button.click()
    dialog.name.edit.setText("Timetable")
    dialog.scopes[Scope.COURSES_READ].setChecked(True)
    return dialog


def pins(at: Office) -> None:
    dialog = at.open("PIN slips…", PinSlipsDialog)
    wait_until(lambda: dialog.course.count() > 0)
    dialog.everyone.setChecked(True)


def enrol_faces(at: Office) -> None:
    dialog = at.open("Enrol faces from a folder…", EnrolFacesDialog)
    dialog._show(
        EnrolmentReport(
            accepted=tuple(AcceptedPicture(f"S20{41 + n // 3}", f"{n % 3 + 1}.jpg") for n in range(30)),
            refused=(
                RefusedPicture("S2044", "2.jpg", "No face was found in it."),
                RefusedPicture("S2047", "1.jpg", "It shows more than one face."),
            ),
            known=(),
        )
    )


def drawn_class(app: KioskApp) -> Course:
    """A course of twelve drawn people with four pictures each, really enrolled."""
    course = app.courses.lists.add_course(
        code="CS 330", title="Compilers", room="Room 1.10", actor=Actor.system("setup")
    )

    def work(repositories: Any) -> list[Student]:
        people = [
            repositories.students.add(student_no=f"S3{number:03}", full_name=name, email=None)
            for number, name in enumerate(DRAWN, 1)
        ]
        for student in people:
            repositories.courses.register(course.course_id, student.student_id, date(2026, 9, 1))
        return people

    enrolment = app.faces.enrolments.build()
    for student, person in zip(app.core.store.write(work), pool(), strict=False):
        app.people.consents.record(student.student_id, given=True, actor=Actor.system("setup"))
        for drawn in enrolment_pictures(person, 4):
            _, data = cv2.imencode(".png", drawn)
            enrolment.enrol_picture(student.student_id, data.tobytes(), actor=Actor.system("setup"))
    return course


def calibrate(at: Office) -> None:
    course = drawn_class(at.school.app)
    dialog = at.open("Calibrate recognition…", CalibrateDialog)
    wait_until(lambda: dialog.course.count() > 0)
    dialog.course.setCurrentIndex(dialog.course.findText(course.label))
    dialog.measure_button.click()
    wait_until(lambda: not dialog.busy)


def own_password(at: Office) -> None:
    at.open("Change my password…", ChangePasswordDialog)


SCREENS: Final[dict[str, Screen]] = {
    "settings": over_today(settings),
    "settings-reading": over_today(settings_reading),
    "settings-learning": over_today(settings_learning),
    "certificate": over_today(certificate),
    "export": over_today(export),
    "import": over_today(import_list),
    "settings-wrong": over_today(settings_wrong),
    "settings-phones": over_today(settings_phones),
    "settings-camera": over_today(settings_camera),
    "settings-privacy": over_today(settings_privacy),
    "settings-search": over_today(settings_search),
    "certificate-wrong": over_today(certificate_wrong),
    "phone-test": over_today(phone_test),
    "student-phones": over_today(student_phones),
    "camera": over_today(camera),
    "set-up-left": over_today(set_up_left),
    "users": over_today(users),
    "users-add": over_today(users_add),
    "log": over_today(log),
    "check-this-pc": over_today(health),
    "statuses": over_today(statuses),
    "statuses-change": over_today(statuses_change),
    "mark-with-own": over_today(mark_with_own),
    "tokens": over_today(tokens),
    "tokens-make": over_today(tokens_make),
    "tokens-shown": over_today(tokens_shown),
    "pins": over_today(pins),
    "enrol": over_today(enrol_faces),
    "own-password": over_today(own_password),
}

SLOW: Final[dict[str, Screen]] = {"calibrate-dialog": over_today(calibrate)}
