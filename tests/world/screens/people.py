"""Consent, what is kept, one student and look-alikes, over Today of a made-up school."""

from typing import Final

from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.gui.faces.lookalikes import LookalikesDialog
from kiosk.gui.people.consent_import import ConsentImportDialog
from kiosk.gui.people.consent_letters import ConsentLettersDialog
from kiosk.gui.people.consent_notice import ConsentNoticeDialog
from kiosk.gui.people.consents import ConsentsDialog
from kiosk.gui.people.one_student import OneStudentDialog
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog
from kiosk.gui.school.kept_dialog import KeptDialog
from kiosk.storage.repositories.repositories import Repositories
from tests.world.screens.office import Office, over_today
from tests.world.screens.school import School
from tests.world.screens.shot import Screen, wait_until

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


def consents_list(at: Office) -> None:
    answer(at.school)
    dialog = at.open("Consent…", ConsentsDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)
    states = [row[2] for row in dialog.table.texts()]
    dialog.table.selectRow(states.index("Objected"))


def kept(at: Office) -> None:
    answer(at.school)
    dialog = at.open("What is kept, and how long…", KeptDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)


def letters(at: Office) -> None:
    dialog = at.open("Letters about consent…", ConsentLettersDialog)
    dialog.target.edit.setText("/home/ada/Documents/letters.pdf")


def notice(at: Office) -> None:
    dialog = at.open("Notice about face recognition…", ConsentNoticeDialog)
    wait_until(lambda: dialog.text.toPlainText() != "")


def answers(at: Office) -> None:
    dialog = at.open("Import answers about consent…", ConsentImportDialog)
    path, today = at.school.app.core.directories.data / "answers.csv", at.school.app.core.today().isoformat()
    rows = [f"{one.student_no},yes,guardian,{today}" for one in at.school.students[:5]]
    path.write_text("\n".join(["student_no,answer,by,date", *rows, f"?,yes,student,{today}"]))
    dialog.file.set_path(path)
    wait_until(lambda: not dialog.busy and dialog.table.rowCount() > 0)
    dialog.file.edit.setText("/home/ada/Documents/answers.csv")


def one_student(at: Office) -> None:
    dialog = at.open("One student…", OneStudentDialog)
    wait_until(lambda: dialog.student.count() > 0)
    dialog.student.setEditText(dialog.student.itemText(0))
    dialog.target.edit.setText("/home/ada/Documents/everything-S2041.zip")


def look_alikes(at: Office) -> None:
    one, two, three = at.school.students[:3]

    def note(repositories: Repositories) -> None:
        for student, other, distance in ((one, two, 0.47), (two, three, 0.21)):
            repositories.face_pairs.add(
                student_id=student.student_id,
                other_id=other.student_id,
                origin=PairOrigin.LOOKALIKE,
                model="sface",
                distance=distance,
                same_person=distance < 0.3,
                found_at=at.school.app.core.clock.now(),
                found_by="Ada",
            )

    at.school.app.core.store.write(note)
    dialog = at.open("Look-alikes…", LookalikesDialog)
    wait_until(lambda: dialog.table.rowCount() > 0)


def face_rule(at: Office) -> None:
    rules = at.school.app.school.faces
    dialog = FaceRuleDialog(
        *(rules, at.theme, Actor.local("ada"), at.desk),
        choice=rules.choice(),
        offered=tuple(FaceRule),
    )
    dialog.open()


SCREENS: Final[dict[str, Screen]] = {
    "consents": over_today(consents_list),
    "kept": over_today(kept),
    "consent-letters": over_today(letters),
    "consent-notice": over_today(notice),
    "consent-answers": over_today(answers),
    "one-student": over_today(one_student),
    "look-alikes": over_today(look_alikes),
    "face-rule": over_today(face_rule),
}
