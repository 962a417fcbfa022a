"""Consent at the desk, over a real store."""

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer, ConsentState
from kiosk.gui.people import consents
from kiosk.gui.people.consent_answer import AnswerDialog
from kiosk.gui.people.consent_import import ConsentImportDialog
from kiosk.gui.people.consent_letters import ConsentLettersDialog
from kiosk.gui.people.consent_notice import ConsentNoticeDialog
from kiosk.gui.people.consents import ConsentsDialog
from kiosk.gui.theme import Theme
from kiosk.services.faces.drifted_faces import note_drift
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


def test_withdrawing_at_the_desk_deletes_and_gives_a_receipt_to_print(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anita = kiosk.students[0]
    kiosk.enrol_face(anita)
    dialog = ConsentsDialog(kiosk.app.people, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.save_button.isHidden()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == len(kiosk.students))
    dialog.search.setText("anita")
    assert dialog.table.rowCount() == 1
    assert dialog.change_button.text() == "Withdraw…"
    QTest.mouseClick(dialog.change_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.action_button, LEFT)
    qtbot.waitUntil(lambda: dialog.change_button.text() == "Record consent…")
    word = kiosk.app.people.consents.newest(anita.student_id)
    assert word is not None
    assert (word.given, word.recorded_by) == (False, "Ada")
    assert {one.student: one.pictures for one in kiosk.app.people.consents.overview(actor=admin())}[
        anita
    ] == 0

    number = kiosk.app.core.store.read(lambda repositories: repositories.audit.entries(1))[0].entry_id
    assert f"Receipt No. {number}" in dialog.banner.text
    assert dialog.save_button.isVisible()
    assert dialog.open_button.isHidden()

    dialog.save_receipt(tmp_path / "missing" / "receipt.pdf")
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.open_button.isHidden()
    dialog.save_receipt(tmp_path / "receipt.pdf")
    qtbot.waitUntil(dialog.open_button.isVisible)
    text = " ".join(PdfReader(tmp_path / "receipt.pdf").pages[0].extract_text().split())
    assert f"Receipt No. {number}" in text
    assert "1 picture, all templates made of them, the key" in text
    assert (anita.full_name in text, "Recorded by Ada" in text) == (True, True)
    opened: list[Path] = []
    monkeypatch.setattr(consents, "open_file", opened.append)
    QTest.mouseClick(dialog.open_button, LEFT)
    assert opened == [tmp_path / "receipt.pdf"]


def test_learned_pictures_are_told_apart_and_may_be_deleted(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    anita = kiosk.students[0]
    kiosk.enrol_face(anita)

    def learn(repositories: Repositories) -> None:
        for number in range(2):
            repositories.faces.add_sample(
                student_id=anita.student_id,
                picture=b"jpeg",
                source=b"class %d" % number,
                captured_at=kiosk.app.core.clock.now(),
                origin=SampleOrigin.LEARNED,
            )
        note_drift(repositories, anita.student_id)

    kiosk.app.core.store.write(learn)
    dialog = ConsentsDialog(kiosk.app.people, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == len(kiosk.students))
    dialog.search.setText("anita")
    cell = dialog.table.item(0, 4)
    assert cell is not None
    assert cell.text() == "3, 2 from classes; enrol anew"

    QTest.mouseClick(dialog.forget_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.action_button, LEFT)

    qtbot.waitUntil(dialog.forget_button.isHidden)
    cell = dialog.table.item(0, 4)
    assert cell is not None
    assert cell.text() == "1"
    assert "2 learned pictures deleted" in dialog.banner.text


def test_the_list_is_filtered_and_a_no_is_taken_back_by_whoever_said_it(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    anita, people = kiosk.students[0], kiosk.app.people
    kiosk.enrol_face(anita)
    dialog = ConsentsDialog(people, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == len(kiosk.students))

    def show(state: ConsentState | None) -> int:
        dialog.state.setCurrentIndex(dialog.state.findData(state))
        return dialog.table.rowCount()

    assert (show(ConsentState.YES), show(ConsentState.NO)) == (1, 0)
    assert show(ConsentState.UNANSWERED) == len(kiosk.students) - 1
    show(None)
    dialog.search.setText("anita")
    dialog.table.selectRow(0)
    QTest.mouseClick(dialog.change_button, LEFT)
    question = dialog.question
    assert isinstance(question, AnswerDialog)
    question.guardian.setChecked(True)
    question.name.edit.setText("Eva Rao")
    QTest.mouseClick(question.action_button, LEFT)
    qtbot.waitUntil(lambda: dialog.change_button.text() == "Record consent…" and not dialog.busy)

    people.consents.record(anita.student_id, given=True, actor=admin(), answerer=STUDENT)
    again = ConsentsDialog(people, theme, admin("Ada"))
    qtbot.addWidget(again)
    again.open()
    qtbot.waitUntil(lambda: again.table.rowCount() == len(kiosk.students))
    again.state.setCurrentIndex(again.state.findData(ConsentState.OBJECTED))
    assert again.table.rowCount() == 1
    again.table.selectRow(0)
    assert "Eva Rao" in again._said.text()
    QTest.mouseClick(again.change_button, LEFT)
    taking_back = again.question
    assert isinstance(taking_back, AnswerDialog)
    assert taking_back.answerer == Answerer(AnsweredBy.GUARDIAN, "Eva Rao")
    QTest.mouseClick(taking_back.action_button, LEFT)
    qtbot.waitUntil(lambda: not again.busy and again.table.rowCount() == 0)
    assert people.consents.standing(anita.student_id).counts


def test_letters_are_written_for_those_who_have_not_answered(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    kiosk.enrol_face(kiosk.students[0])
    dialog = ConsentLettersDialog(kiosk.app.core, kiosk.app.people, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    assert "answered on paper" in dialog.how.text()
    dialog.target.edit.setText(str(tmp_path / "missing" / "letters.pdf"))
    QTest.mouseClick(dialog.make_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.busy and dialog.banner.text != "")
    assert dialog.folder_button.isHidden()
    dialog.target.edit.setText(str(tmp_path / "letters.pdf"))
    QTest.mouseClick(dialog.make_button, LEFT)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    assert len(PdfReader(tmp_path / "letters.pdf").pages) == len(kiosk.students) - 1


def test_a_notice_is_published_after_a_question(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    app = kiosk.app
    dialog = ConsentNoticeDialog(app.people, app.school.shared, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.text.toPlainText() != "")
    assert not dialog.publish_button.isEnabled()
    dialog.text.setPlainText("Faces are kept for a term.")
    QTest.mouseClick(dialog.publish_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.action_button, LEFT)
    qtbot.waitUntil(lambda: "Version 2" in dialog.banner.text)
    assert app.people.notices.current().text == "Faces are kept for a term."
    assert not dialog.publish_button.isEnabled()


def test_answers_are_previewed_before_they_are_imported(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    anita, people = kiosk.students[0], kiosk.app.people
    today = kiosk.app.core.today().isoformat()
    path = tmp_path / "answers.csv"
    path.write_text(f"number,answer,by,date\n{anita.student_no},yes,student,{today}\nX,yes,student,{today}\n")
    dialog = ConsentImportDialog(people, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.file.set_path(path)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    assert "1 times yes" in dialog.summary.text()
    assert people.consents.newest(anita.student_id) is None
    QTest.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.busy and not dialog.import_button.isEnabled())
    assert people.consents.standing(anita.student_id).counts
    dialog.file.set_path(tmp_path / "nothing.csv")
    qtbot.waitUntil(lambda: "cannot be opened" in dialog.banner.text)
