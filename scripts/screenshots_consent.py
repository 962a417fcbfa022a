"""Makes the pictures of consent in docs/images: the list, what is kept, and a letter, with the program's own widgets.

    python -m scripts.screenshots_consent [FOLDER] [NAME…]

Without a folder they go to docs/images; without names all of that are made. With a folder every picture is also made
dark and at 1366×768. No display is needed.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument

from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer
from kiosk.domain.people.notices import Notice
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.gui.desk import Desk
from kiosk.gui.faces.lookalikes import LookalikesDialog
from kiosk.gui.people.consent_import import ConsentImportDialog
from kiosk.gui.people.consent_letters import ConsentLettersDialog
from kiosk.gui.people.consent_notice import ConsentNoticeDialog
from kiosk.gui.people.consents import ConsentsDialog
from kiosk.gui.people.one_student import OneStudentDialog
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog
from kiosk.gui.school.kept_dialog import KeptDialog
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.reports.people.consent_letters import write_consent_letters
from kiosk.services.people.notices import OWN_TEXT
from kiosk.services.ports.letters import ConsentLetter, LetterWords
from kiosk.storage.repositories.repositories import Repositories
from scripts.screenshots_dialogs import over_today, press
from scripts.screenshots_views import Pictures, School, Shot, make_pictures, wait_until

SHEET: QSize = QSize(827, 1169)
"""A4 at 100 dots an inch."""

EVA = Answerer(AnsweredBy.GUARDIAN, "Eva Rao")


def answer(set_up: School) -> None:
    """Some say yes, some no; two said so to both."""
    consents, actor = set_up.app.people.consents, Actor.system("Ruth")
    for place, one in enumerate(set_up.students):
        if place % 5 != 3:
            consents.record(one.student_id, given=place % 4 != 2, actor=actor, answerer=STUDENT)
        if place in {1, 6}:
            consents.record(one.student_id, given=False, actor=actor, answerer=EVA)
            consents.record(one.student_id, given=True, actor=actor, answerer=STUDENT)


def consents_list(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        answer(set_up)
        dialog = press(view, "Consent…", ConsentsDialog)
        wait_until(lambda: dialog.table.rowCount() > 0)
        states = [row[2] for row in dialog.table.texts()]
        dialog.table.selectRow(states.index("Objected"))
        return dialog

    return over_today(shot, make)


def kept(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        answer(set_up)
        dialog = press(view, "What is kept, and how long…", KeptDialog)
        wait_until(lambda: dialog.table.rowCount() > 0)
        return dialog

    return over_today(shot, make)


def letters(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Letters about consent…", ConsentLettersDialog)
        dialog.target.edit.setText("/home/ada/Documents/letters.pdf")
        return dialog

    return over_today(shot, make)


def notice(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Notice about face recognition…", ConsentNoticeDialog)
        wait_until(lambda: dialog.text.toPlainText() != "")
        return dialog

    return over_today(shot, make)


def answers(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "Import answers about consent…", ConsentImportDialog)
        path, today = set_up.app.core.directories.data / "answers.csv", set_up.app.core.today().isoformat()
        rows = [f"{one.student_no},yes,guardian,{today}" for one in set_up.students[:5]]
        path.write_text("\n".join(["student_no,answer,by,date", *rows, f"?,yes,student,{today}"]))
        dialog.file.set_path(path)
        wait_until(lambda: not dialog.busy and dialog.table.rowCount() > 0)
        dialog.file.edit.setText("/home/ada/Documents/answers.csv")
        return dialog

    return over_today(shot, make)


def one_student(shot: Shot) -> Any:
    def make(_set_up: School, view: Desk) -> WorkDialog:
        dialog = press(view, "One student…", OneStudentDialog)
        wait_until(lambda: dialog.student.count() > 0)
        dialog.student.setEditText(dialog.student.itemText(0))
        dialog.target.edit.setText("/home/ada/Documents/everything-S2041.zip")
        return dialog

    return over_today(shot, make)


def look_alikes(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> WorkDialog:
        one, two, three = set_up.students[:3]

        def note(repositories: Repositories) -> None:
            for student, other, distance in ((one, two, 0.47), (two, three, 0.21)):
                repositories.face_pairs.add(
                    student_id=student.student_id,
                    other_id=other.student_id,
                    origin=PairOrigin.LOOKALIKE,
                    model="sface",
                    distance=distance,
                    same_person=distance < 0.3,
                    found_at=set_up.app.core.clock.now(),
                    found_by="Ada",
                )

        set_up.app.core.store.write(note)
        dialog = press(view, "Look-alikes…", LookalikesDialog)
        wait_until(lambda: dialog.table.rowCount() > 0)
        return dialog

    return over_today(shot, make)


def face_rule(shot: Shot) -> Any:
    def make(set_up: School, view: Desk) -> FaceRuleDialog:
        rules = set_up.app.school.faces
        dialog = FaceRuleDialog(
            *(rules, shot.theme, Actor.local("ada"), view.window()),
            choice=rules.choice(),
            offered=tuple(FaceRule),
        )
        dialog.open()
        return dialog

    return over_today(shot, make)


def _sheet(path: Path) -> QPixmap:
    document = QPdfDocument()
    document.load(str(path))
    page = document.render(0, SHEET)
    paper = QImage(page.size(), QImage.Format.Format_RGB32)
    paper.fill(0xFFFFFFFF)
    painter = QPainter(paper)
    painter.drawImage(0, 0, page)
    painter.end()
    return QPixmap.fromImage(paper)


def letter(_shot: Shot) -> Any:
    """The sheet itself, as it is printed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "letters.pdf"
        words = LetterWords(
            "Lindenhof School",
            Notice(2, OWN_TEXT + "\n\nQuestions: the data protection officer, room 1.04."),
            "https://kiosk-a12.lindenhof.example/answer",
            date(2026, 11, 30),
            date(2027, 1, 29),
            16,
        )
        write_consent_letters(
            path, words, [ConsentLetter(Student(1, "S2041", "Anita Rao-Berg", None), "ACDE-FGHJ-KMNP")]
        )
        return _sheet(path)


PICTURES: Pictures = {"consents": consents_list, "consent-letter": letter, "kept": kept}
"""Those that stand in the documentation."""

TRIALS: Pictures = {
    "consent-letters": letters,
    "consent-notice": notice,
    "consent-answers": answers,
    "one-student": one_student,
    "look-alikes": look_alikes,
    "face-rule": face_rule,
}
"""Made in a folder of one's own only, to be looked at."""

if __name__ == "__main__":
    make_pictures(PICTURES, TRIALS)
