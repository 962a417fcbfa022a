"""Dialogs by keyboard: Enter, Escape, and what was typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from kiosk.gui.widgets.dialogs import SEARCHES, ConfirmDialog, Dialog, dismiss_dialogs
from kiosk.gui.widgets.fields import LineField


class Form(Dialog):
    """A title and a note to type, *Look* beside the main button, and what was pressed."""

    def __init__(self, theme: Theme, parent: QWidget, *, danger: bool = False) -> None:
        super().__init__(theme, "A form", parent)
        self.pressed: list[str] = []
        self.title = LineField(theme, "Title")
        self.secret = LineField(theme, "Password", secret=True)
        self.note = QPlainTextEdit()
        for part in (self.title, self.secret, self.note):
            self.body.addWidget(part)
        self.look_button = self.add_button(SecondaryButton("Look"), lambda: self.pressed.append("look"))
        main = DangerButton("Delete") if danger else PrimaryButton("Save")
        self.main_button = self.add_button(main, lambda: self.pressed.append("main"))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(1280, 800)
    widget.show()
    return widget


@pytest.fixture
def form(window: QWidget, theme: Theme) -> Form:
    return opened(Form(theme, window))


def opened(form: Form) -> Form:
    form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    form.open()
    form.title.edit.setFocus()
    return form


def question() -> ConfirmDialog:
    """What is asked at the moment."""
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, ConfirmDialog)
    return asked


def test_enter_in_a_field_does_the_main_thing(form: Form) -> None:
    QTest.keyClick(form.title.edit, Qt.Key.Key_Return)
    QTest.keyClick(form.title.edit, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert form.pressed == ["main", "main"]


def test_enter_presses_the_button_that_has_the_focus(form: Form) -> None:
    form.look_button.setFocus()
    QTest.keyClick(form.look_button, Qt.Key.Key_Return)
    assert form.pressed == ["look"]


def test_enter_does_nothing_that_rests(form: Form) -> None:
    form.main_button.setEnabled(False)
    QTest.keyClick(form.title.edit, Qt.Key.Key_Return)
    assert form.pressed == []


def test_enter_in_a_field_never_deletes_and_on_the_button_does(window: QWidget, theme: Theme) -> None:
    form = opened(Form(theme, window, danger=True))
    QTest.keyClick(form.title.edit, Qt.Key.Key_Return)
    assert form.pressed == []
    form.main_button.setFocus()
    QTest.keyClick(form.main_button, Qt.Key.Key_Return)
    assert form.pressed == ["main"]


def test_enter_in_a_long_text_is_a_new_line(form: Form) -> None:
    form.note.setFocus()
    QTest.keyClick(form.note, Qt.Key.Key_Return)
    assert form.pressed == []
    assert form.note.toPlainText() == "\n"


def test_escape_closes_what_nobody_typed_in(form: Form) -> None:
    form.title.edit.setText("put there by the program")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.isHidden()


@pytest.mark.parametrize("field", ["title", "note"])
def test_escape_asks_before_what_was_typed_is_lost(form: Form, field: str) -> None:
    target = form.title.edit if field == "title" else form.note
    target.setFocus()
    QTest.keyClicks(target, "Botany")
    QTest.keyClick(target, Qt.Key.Key_Escape)
    asked = question()

    QTest.keyClick(asked, Qt.Key.Key_Return)  # Enter alone throws nothing away
    assert form.isVisible()
    assert form.title.text + form.note.toPlainText() == "Botany"

    QTest.keyClick(target, Qt.Key.Key_Escape)
    QTest.mouseClick(question().action_button, Qt.MouseButton.LeftButton)
    assert form.isHidden()


def test_passwords_searches_and_what_is_kept_are_no_loss(form: Form) -> None:
    QTest.keyClicks(form.secret.edit, "correct horse")
    form.title.edit.setProperty(SEARCHES, True)
    QTest.keyClicks(form.title.edit, "bot")
    QTest.keyClicks(form.note, "kept")
    form.settle()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.isHidden()


def test_whoever_has_to_leave_is_not_asked(form: Form) -> None:
    QTest.keyClicks(form.title.edit, "Botany")
    QTest.keyClick(form.title.edit, Qt.Key.Key_Escape)
    assert question().isVisible()

    dismiss_dialogs()

    assert QApplication.activeModalWidget() is None
    assert form.isHidden()


@pytest.mark.parametrize(
    ("danger", "by_enter", "answer"), [(False, False, True), (True, False, False), (True, True, True)]
)
def test_enter_answers_a_question_with_yes_unless_something_would_be_deleted(
    qtbot: QtBot, window: QWidget, theme: Theme, danger: bool, by_enter: bool, answer: bool
) -> None:
    asked = ConfirmDialog(
        theme, window, title="Sure?", text="Really?", action="Do it", danger=danger, by_enter=by_enter
    )
    answers: list[int] = []
    asked.finished.connect(answers.append)
    QTest.keyClick(asked, Qt.Key.Key_Return)
    assert answers == [int(answer)]


def test_a_dialog_that_wants_more_than_the_window_has_is_scrolled(
    qtbot: QtBot, window: QWidget, theme: Theme
) -> None:
    form = Form(theme, window)
    for number in range(30):
        form.body.addWidget(LineField(theme, f"Field {number}"))
    opened(form)
    qtbot.waitUntil(lambda: form.height() <= window.height())
    assert form.main_button.mapTo(form, form.main_button.rect().bottomLeft()).y() < form.height()
    fields = [one for one in form.findChildren(LineField) if one.isVisible()]
    assert all(one.edit.height() >= one.edit.sizeHint().height() for one in fields)

    window.resize(1280, 500)
    qtbot.waitUntil(lambda: form.height() <= 500)


def test_a_dialog_is_as_high_as_what_it_holds_where_the_window_has_room(
    qtbot: QtBot, form: Form, theme: Theme
) -> None:
    QApplication.processEvents()
    before = form.height()
    more = LineField(theme, "One more")
    form.body.addWidget(more)
    qtbot.waitUntil(lambda: form.height() > before)
    more.hide()
    qtbot.waitUntil(lambda: form.height() == before)


def test_a_dialog_is_no_wider_than_the_window(qtbot: QtBot, window: QWidget, theme: Theme) -> None:
    window.resize(500, 800)
    form = opened(Form(theme, window))
    qtbot.waitUntil(lambda: form.width() <= 500)
