"""Makes the pictures of the dialogs in docs/images, with the program's own widgets, over Today of a made-up school.

    python -m scripts.screenshots_dialogs [FOLDER] [NAME…]

Without a folder they go to docs/images; without names all of that are made. With a folder every picture is also made
dark and at 1366×768. No display is needed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import cv2
from cryptography.hazmat.primitives.asymmetric import ec
from PySide6.QtWidgets import QApplication, QLineEdit

from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.rights import Actor
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.desk import Desk
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
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.school.settings_page import SettingsPage
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.services.faces.enrolment import AcceptedPicture, EnrolmentReport, RefusedPicture
from kiosk.settings import Subject
from kiosk.storage.repositories.repositories import Repositories
from scripts.screenshots import BASE_URL
from scripts.screenshots_views import (
    Pictures,
    School,
    Shot,
    bury,
    closing,
    make_pictures,
    picture_of,
    school,
    shown_today,
    wait_until,
)
from tests.fakes.phones.certificates import NOW, SchoolFiles, key_pem
from tests.world.catalogue import chosen

DRAWN = (
    "Amara Nkosi", "Bruno Keller", "Clara Vidal", "Dmitri Orlov", "Esra Aydın", "Felix Brandt", "Giulia Conti",
    "Hana Suzuki", "Imran Malik", "Julia Novak", "Kwame Boateng", "Linnea Berg",
)  # fmt: skip

D = TypeVar("D", bound=WorkDialog)


def over_today(shot: Shot, make: Callable[[School, Desk], WorkDialog]) -> Any:
    """Today with a dialog that `make` opens and brings to where it is worth seeing."""
    with school() as set_up:
        window, view = shown_today(shot, set_up, set_up.admin)
        dialog = make(set_up, view)
        for _ in range(5):
            QApplication.processEvents()
        picture = picture_of(window, dialog)
        print(f"    dialog {dialog.width()}×{dialog.height()} in {shot.size[0]}×{shot.size[1]}")
        dialog.close()
        bury(window)
        return picture


def press(view: Desk, words: str, kind: type[D]) -> D:
    """Choose an entry of the menu; returns the dialog that it opened."""
    return cast(D, chosen(view, words))


def opened_settings(view: Desk, subject: Subject) -> SettingsPage:
    """The page of settings, with all of its sections and one in front."""
    view.go_to(Place.SETTINGS)
    page = cast(SettingsPage, view.pages[Place.SETTINGS])
    wait_until(lambda: page.is_complete)
    page.show_subject(subject)
    return page


def over_settings(shot: Shot, subject: Subject, make: Callable[[SettingsPage], object]) -> Any:
    """The page of settings as `make` leaves it."""
    with school() as set_up:
        window, view = shown_today(shot, set_up, set_up.admin)
        make(opened_settings(view, subject))
        for _ in range(5):
            QApplication.processEvents()
        return closing(window)


def settings(shot: Shot) -> Any:
    return over_settings(shot, Subject.SCHOOL, lambda _page: None)


def settings_camera(shot: Shot) -> Any:
    return over_settings(
        shot, Subject.CAMERA, lambda page: page.sections[Subject.CAMERA].advanced_button.click()
    )


def settings_privacy(shot: Shot) -> Any:
    return over_settings(shot, Subject.PRIVACY, lambda _page: None)


def settings_learning(shot: Shot) -> Any:
    """Since when faces are learned from classes, found by its name."""
    return over_settings(shot, Subject.CAMERA, lambda page: page.search.setText("learn"))


def settings_wrong(shot: Shot) -> Any:
    def make(page: SettingsPage) -> None:
        cast(QLineEdit, page.rows["rules", "time_zone"].input).setText("Berlin")
        page.save_button.click()

    return over_settings(shot, Subject.SCHOOL, make)


def settings_phones(shot: Shot) -> Any:
    return over_settings(shot, Subject.PHONES, lambda _page: None)


def settings_search(shot: Shot) -> Any:
    """What concerns HTTPS, wherever it stands."""
    return over_settings(shot, Subject.SCHOOL, lambda page: page.search.setText("delete"))


def certificate(shot: Shot, *, wrong: bool = False) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        folder = set_up.app.core.directories.data / "certificate"
        folder.mkdir()
        files = SchoolFiles(folder)
        if wrong:
            files.write(
                "library.school.example", ends=NOW - timedelta(days=3), begins=NOW - timedelta(days=93)
            )
            files.key_path.write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
        else:
            files.write("kiosk-a12.school.example", "10.20.4.17", ends=NOW + timedelta(days=83))
        page = opened_settings(view, Subject.PHONES)
        cast(CertificateRow, page.certificate).button.click()
        dialog = cast(CertificateDialog, page.certificate_dialog)
        wait_until(lambda: dialog.state.text() != "")
        dialog.certificate.set_path(files.certificate_path)
        dialog.key.set_path(files.key_path)
        wait_until(lambda: dialog.opinion is not None and dialog.opinion.draft.key is not None)
        dialog.certificate.edit.setText("/home/kiosk/certificate/kiosk-a12.pem")
        dialog.key.edit.setText("/home/kiosk/certificate/kiosk-a12-key.pem")
        return dialog

    return over_today(shot, make)


def certificate_wrong(shot: Shot) -> Any:
    return certificate(shot, wrong=True)


def phone_test(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        set_up.app.attendance.running.reachable_at(BASE_URL)
        dialog = press(view, "Test with a phone…", PhoneTestDialog)
        wait_until(lambda: dialog.network.count() > 0)
        set_up.app.phones.test._began_s -= 60
        dialog.look()
        return dialog

    return over_today(shot, make)


def student_phones(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        set_up.app.attendance.running.reachable_at(BASE_URL)
        student = set_up.app.courses.lists.students()[0]
        kinds, now = ("iPhone", "iPad"), set_up.app.core.clock.now()

        def work(repositories: Repositories) -> None:
            for kind in kinds:
                repositories.enrolled_phones.add(
                    student.student_id, kind, kind=kind, enrolled_at=now, enrolled_by="Ms Weber"
                )

        set_up.app.core.store.write(work)
        dialog = press(view, "Phones of students…", StudentPhonesDialog)
        wait_until(lambda: dialog.student.count() > 0)
        dialog.student.setEditText(f"{student.full_name}, {student.student_no}")
        wait_until(lambda: len(dialog.remove_buttons) == len(kinds))
        dialog.enrol_button.click()
        wait_until(lambda: bool(dialog.code.text))
        return dialog

    return over_today(shot, make)


def export(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Export to Excel…", ExportDialog)
        wait_until(lambda: dialog.course.count() > 1)
        dialog.course.setCurrentIndex(1)
        dialog.between.setChecked(True)
        dialog.target.set_path(
            Path("/home/ada/Documents") / set_up.app.reports.exports.suggested_name(set_up.courses[0])
        )
        return dialog

    return over_today(shot, make)


def import_list(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Import class list…", ImportClassListDialog)
        path = set_up.app.core.directories.data / "cs101.csv"
        rows = [f"{one.student_no},{one.full_name}" for one in set_up.students[:6]]
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
        return dialog

    return over_today(shot, make)


def users(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Users…", UsersDialog)
        wait_until(lambda: dialog.table.rowCount() > 0)
        return dialog

    return over_today(shot, make)


def users_add(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Users…", UsersDialog)
        wait_until(lambda: dialog.table.rowCount() > 0)
        dialog.add_user_button.click()
        return dialog

    return over_today(shot, make)


def tokens(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        api_tokens = set_up.app.trust.api_tokens
        api_tokens.make(name="Timetable", scopes=[Scope.COURSES_READ], actor=Actor.system("Ruth"))
        old = api_tokens.make(name="Old report", scopes=list(Scope), actor=Actor.system("Ruth"))
        api_tokens.revoke(old.token.token_id, actor=Actor.system("Ruth"))
        dialog = press(view, "API tokens…", ApiTokensDialog)
        wait_until(lambda: dialog.table.rowCount() > 0)
        return dialog

    return over_today(shot, make)


def tokens_make(shot: Shot) -> Any:
    return over_today(shot, lambda _set_up, view: token_asked(view))


def tokens_shown(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = token_asked(view)
        dialog.main_button.click()
        wait_until(lambda: dialog.text.text() != "")
        return dialog

    return over_today(shot, make)


def token_asked(view: Desk) -> ApiTokensDialog:
    dialog = press(view, "API tokens…", ApiTokensDialog)
    dialog.make_button.click()
    dialog.name.edit.setText("Timetable")
    dialog.scopes[Scope.COURSES_READ].setChecked(True)
    return dialog


def pins(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "PIN slips…", PinSlipsDialog)
        wait_until(lambda: dialog.course.count() > 0)
        dialog.everyone.setChecked(True)
        return dialog

    return over_today(shot, make)


def enrol_faces(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Enrol faces from a folder…", EnrolFacesDialog)
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
        return dialog

    return over_today(shot, make)


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


def calibrate(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        course = drawn_class(set_up.app)
        dialog = press(view, "Calibrate recognition…", CalibrateDialog)
        wait_until(lambda: dialog.course.count() > 0)
        dialog.course.setCurrentIndex(dialog.course.findText(course.label))
        dialog.measure_button.click()
        wait_until(lambda: not dialog.busy)
        return dialog

    return over_today(shot, make)


def own_password(shot: Shot) -> Any:
    return over_today(shot, lambda _set_up, view: press(view, "Change my password…", ChangePasswordDialog))


PICTURES: Pictures = {
    "settings": settings,
    "settings-learning": settings_learning,
    "certificate": certificate,
    "export": export,
    "import": import_list,
    "calibrate-dialog": calibrate,
}
"""Those that stand in the documentation."""

TRIALS: Pictures = {
    "settings-wrong": settings_wrong,
    "settings-phones": settings_phones,
    "settings-camera": settings_camera,
    "settings-privacy": settings_privacy,
    "settings-search": settings_search,
    "certificate-wrong": certificate_wrong,
    "phone-test": phone_test,
    "student-phones": student_phones,
    "users": users,
    "users-add": users_add,
    "tokens": tokens,
    "tokens-make": tokens_make,
    "tokens-shown": tokens_shown,
    "pins": pins,
    "enrol": enrol_faces,
    "own-password": own_password,
}
"""Made in a folder of one's own only, to be looked at."""

if __name__ == "__main__":
    make_pictures(PICTURES, TRIALS)
