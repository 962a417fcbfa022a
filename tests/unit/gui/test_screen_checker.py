"""The checker of screens finds what it is there for."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.surfaces import Text
from tests.world.screens.checker.contrast import low_contrast
from tests.world.screens.checker.cut_text import cut_text
from tests.world.screens.checker.findings import Fault, Finding
from tests.world.screens.checker.geometry import outside, overlap, too_small
from tests.world.screens.checker.keys import nameless, unseen_focus
from tests.world.screens.checker.look import colour_faults, layout_faults
from tests.world.screens.shot import settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> QWidget:
    theme.apply()
    made = QWidget()
    made.setProperty("surface", "page")
    made.setFixedSize(400, 300)
    qtbot.addWidget(made)
    return made


def put(page: QWidget, widget: QWidget, x: int, y: int, width: int, height: int) -> QWidget:
    widget.setParent(page)
    widget.setGeometry(x, y, width, height)
    return widget


def show(page: QWidget) -> None:
    page.show()
    page.activateWindow()
    settle()


def faults(found: object) -> set[Fault]:
    assert hasattr(found, "__iter__")
    return {one.fault for one in found if isinstance(one, Finding)}


def test_a_page_that_is_laid_out_well_has_no_faults(theme: Theme, page: QWidget) -> None:
    column = QVBoxLayout(page)
    for widget in (
        Text("Name of the course"),
        LineField(theme, "Name"),
        SecondaryButton("Cancel"),
        PrimaryButton("Save"),
    ):
        column.addWidget(widget)
    show(page)
    assert [str(one) for one in (*layout_faults(page), *colour_faults(page))] == []


def test_texts_that_lie_over_each_other_are_found(page: QWidget) -> None:
    put(page, Text("One"), 10, 10, 200, 30)
    put(page, Text("Two"), 100, 20, 200, 30)
    show(page)
    assert faults(overlap(page)) == {Fault.OVERLAP}


def test_what_reaches_out_of_the_window_is_found(page: QWidget) -> None:
    put(page, SecondaryButton("Save"), 350, 10, 100, 50)
    show(page)
    assert faults(outside(page)) == {Fault.OUTSIDE}


@pytest.mark.parametrize("make", [Text, SecondaryButton, QLabel, QPushButton])
def test_words_that_do_not_fit_are_found(page: QWidget, make: Callable[[str], QWidget]) -> None:
    put(page, make("Everybody who is registered in this course"), 10, 10, 90, 60)
    show(page)
    assert faults(cut_text(page)) == {Fault.CUT}


def test_a_wrapped_sentence_that_is_too_low_is_found(page: QWidget) -> None:
    put(page, Text("A sentence that needs several lines at this width.", wrap=True), 10, 10, 120, 30)
    show(page)
    assert faults(cut_text(page)) == {Fault.CUT}


def test_a_field_that_is_squeezed_is_found(page: QWidget) -> None:
    edit = put(page, QLineEdit("Name"), 10, 10, 200, 8)
    edit.setStyleSheet("min-height: 0; max-height: 8px; padding: 0;")
    show(page)
    assert Fault.CUT in faults(cut_text(page))
    assert Fault.SMALL in faults(too_small(page))


def test_faint_words_and_borders_are_found(page: QWidget) -> None:
    faint = put(page, QLabel("Faint"), 10, 10, 200, 40)
    faint.setStyleSheet("color: #b0b8c0;")
    button = put(page, QPushButton("Save"), 10, 100, 200, 60)
    button.setStyleSheet("border: 1px solid #e1e6eb;")
    show(page)
    assert faults(low_contrast(page)) == {Fault.CONTRAST, Fault.BORDER}


def test_focus_that_is_not_seen_and_a_missing_name_are_found(page: QWidget) -> None:
    button = put(page, QPushButton(), 10, 10, 200, 60)
    button.setStyleSheet("border: 2px solid #101820;")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    show(page)
    assert faults(nameless(page)) == {Fault.NAMELESS}
    assert faults(unseen_focus(page)) == {Fault.FOCUS}
