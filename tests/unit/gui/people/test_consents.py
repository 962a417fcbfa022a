"""Consent at the desk, over a real store."""

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.samples import SampleOrigin
from kiosk.gui.people import consents
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
    cell = dialog.table.item(0, 3)
    assert cell is not None
    assert cell.text() == "3, 2 from classes; enrol anew"

    QTest.mouseClick(dialog.forget_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.action_button, LEFT)

    qtbot.waitUntil(dialog.forget_button.isHidden)
    cell = dialog.table.item(0, 3)
    assert cell is not None
    assert cell.text() == "1"
    assert "2 learned pictures deleted" in dialog.banner.text
