"""The admin's list of pairs, over a real store."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.people.students import Student
from kiosk.gui.faces.lookalikes import LookalikesDialog
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


def note(
    kiosk: GuiKiosk,
    student: Student,
    other: Student | None,
    distance: float | None,
    *,
    origin: PairOrigin = PairOrigin.LOOKALIKE,
    same_person: bool = False,
) -> None:
    kiosk.app.core.store.write(
        lambda repositories: repositories.face_pairs.add(
            student_id=student.student_id,
            other_id=other.student_id if other else None,
            origin=origin,
            model="dlib-resnet-v1",
            distance=distance,
            same_person=same_person,
            found_at=kiosk.app.core.clock.now(),
            found_by="Ada",
        )
    )


def opened(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> LookalikesDialog:
    dialog = LookalikesDialog(kiosk.app.core, kiosk.app.faces, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> LookalikesDialog:
    one, two, three, *_ = kiosk.students
    note(kiosk, three, None, None, origin=PairOrigin.CORRECTION)
    note(kiosk, one, two, 0.47)
    note(kiosk, two, three, 0.21, same_person=True)
    made = opened(qtbot, kiosk, theme)
    qtbot.waitUntil(lambda: made.table.rowCount() == 3)
    return made


def test_pairs_are_listed_with_why_and_what_follows(dialog: LookalikesDialog) -> None:
    assert [(who, other, why, follows) for who, other, why, _, follows in dialog.table.texts()] == [
        ("Ben Okafor · S002", "Chen Wei · S003", "Same person enrolled twice? · 0.21", "Both scan"),
        ("Anita Rao · S001", "Ben Okafor · S002", "They look alike · 0.47", "Both scan"),
        ("Chen Wei · S003", "Somebody unknown", "The camera was wrong", "Scans"),
    ]
    assert dialog.table.texts()[0][3].endswith(", Ada")


def test_no_pairs_are_said_in_words(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    dialog = opened(qtbot, kiosk, theme)

    assert dialog._none.isVisible()
    assert not dialog.table.isVisible()
    assert not dialog.change_button.isVisible()


def test_trusting_the_face_is_asked_written_and_can_be_taken_back(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: LookalikesDialog
) -> None:
    dialog.table.selectRow(1)
    QTest.mouseClick(dialog.change_button, LEFT)
    assert dialog.question is not None
    dialog.question.accept()
    qtbot.waitUntil(lambda: dialog.table.texts()[1][4] == "Ada trusts the face")

    assert dialog.banner.text == "From now on the face alone counts again."
    assert kiosk.runtime.reloads == 1
    assert dialog.chosen is not None
    assert dialog.chosen.pair.lifted_by == "Ada"
    assert dialog.change_button.text() == "Ask to scan again"

    QTest.mouseClick(dialog.change_button, LEFT)
    qtbot.waitUntil(lambda: dialog.table.texts()[1][4] == "Both scan")
    assert kiosk.runtime.reloads == 2


def test_not_trusting_changes_nothing(kiosk: GuiKiosk, dialog: LookalikesDialog) -> None:
    QTest.mouseClick(dialog.change_button, LEFT)
    assert dialog.question is not None
    dialog.question.reject()

    assert not any(one.pair.is_lifted for one in kiosk.app.faces.lookalikes.listed(actor=admin()))
    assert kiosk.runtime.reloads == 0
