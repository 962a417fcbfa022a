"""The dialog that calibrates, over a real store and real arithmetic; only the model is a fake."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.recognition import Template, Thresholds
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.gui.desk import Desk
from kiosk.gui.faces.calibrate import EMPTY, CalibrateDialog
from kiosk.gui.theme import Theme
from kiosk.reports.distance_chart import draw_distance_chart
from kiosk.services.app import KioskApp
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.galleries import Galleries
from kiosk.services.ports.outputs import DistanceChart
from kiosk.settings import Theme as ThemeChoice
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.app_parts import with_part
from tests.fakes.vision.recognition import MODEL, FakeLoadedModel, alike, vector_of
from tests.world.catalogue import chosen, offered
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


class Drawer:
    """The real one; counts how often the dark picture was asked for."""

    def __init__(self) -> None:
        self.looks: list[bool] = []

    def __call__(self, chart: DistanceChart, *, dark: bool, scale: float = 1.0) -> bytes:
        self.looks.append(dark)
        return draw_distance_chart(chart, dark=dark, scale=scale)


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def app(kiosk: GuiKiosk, drawer: Drawer) -> KioskApp:
    """Its model is the fake one."""
    bare = kiosk.app
    school, lookalikes = bare.school.shared, bare.faces.lookalikes
    calibrating = Calibrating(
        galleries=Galleries(store=bare.core.store, school=school, lookalikes=lookalikes, zone=bare.core.zone),
        school=school,
        lookalikes=lookalikes,
        model=FakeLoadedModel(),
        known={MODEL.name},
        clock=bare.core.clock,
        zone=bare.core.zone,
        draw=drawer,
    )
    return with_part(bare, "faces.calibrating", calibrating)


@pytest.fixture
def dialog(qtbot: QtBot, app: KioskApp, theme: Theme) -> CalibrateDialog:
    made = CalibrateDialog(app.core, app.faces, app.courses.lists, theme, admin("Ada"))
    opened(qtbot, made)
    qtbot.waitUntil(lambda: made.course.count() == 1)
    return made


def enrol(
    app: KioskApp,
    student: Student,
    person: int,
    *,
    aside: float = 0.0,
    face: Callable[[int], NDArray[np.float32]] = vector_of,
) -> None:
    """Two pictures, 0.05 apart."""

    def work(repositories: Repositories) -> None:
        now = app.core.clock.now()
        repositories.consents.add(
            Consent(student.student_id, ConsentKind.FACE_RECOGNITION, True, now, "test")
        )
        for turn in (0.0, 0.05):
            vector = face(person)
            vector[6] += aside
            vector[7] += turn
            sample = repositories.faces.add_sample(
                student_id=student.student_id, picture=b"jpeg", source=vector.tobytes(), captured_at=now
            )
            assert sample is not None
            template = Template(0, student.student_id, MODEL.name, np.asarray(vector, np.float32), 1.0)
            repositories.faces.add_template(sample_id=sample.sample_id, template=template)

    app.core.store.write(work)


@pytest.fixture
def enrolled(app: KioskApp, kiosk: GuiKiosk) -> None:
    """Six students; Elif and Farid look alike."""
    for person, student in enumerate(kiosk.students):
        enrol(app, student, min(person, 4), aside=0.15 if person == 5 else 0)


@pytest.fixture
def enrolled_alike(app: KioskApp, kiosk: GuiKiosk) -> None:
    """Six students who all look alike."""
    for person, student in enumerate(kiosk.students):
        enrol(app, student, person, face=alike)


def press(qtbot: QtBot, dialog: CalibrateDialog, button: QPushButton) -> None:
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: not dialog.busy)


def test_what_is_in_use_and_why_is_said_first(dialog: CalibrateDialog) -> None:
    assert dialog.used.text() == "In use: fake-model, accept 0.500, reject 0.600, margin 0.050."
    assert dialog.why.text() == "These are the model’s own thresholds: nobody has calibrated yet."
    assert dialog.strangers.text() == EMPTY
    assert dialog.measure_button.hasFocus()
    assert not dialog.use_button.isEnabled()
    assert not dialog.back_button.isEnabled()
    assert not dialog.undo_button.isVisible()


@pytest.mark.usefixtures("enrolled")
def test_measuring_shows_words_and_picture_and_changes_nothing(
    qtbot: QtBot, app: KioskApp, dialog: CalibrateDialog, kiosk: GuiKiosk
) -> None:
    press(qtbot, dialog, dialog.measure_button)

    assert dialog.strangers.text().startswith(
        "With 6 people and 12 pictures 4 of 12 pictures of strangers were"
    )
    assert "0 of 12" in dialog.own.text()
    assert dialog.pairs.text() == "Too close for the face alone: Elif Kaya and Farid Haddad."
    assert dialog.verdict.text().startswith("The model’s own thresholds fit")
    assert dialog.fits.text().startswith("The model’s own for 6 people: accept 0.500")
    assert not dialog.chart.pixmap().isNull()
    assert dialog.chart.isVisible()
    assert "accept at 0.500" in dialog.chart.accessibleName()
    assert not dialog.use_button.isEnabled()
    assert dialog.close_button.hasFocus()
    assert app.faces.calibrating.in_use().in_use.are_models_own
    assert kiosk.runtime.reloads == 0


@pytest.mark.usefixtures("enrolled_alike")
def test_before_and_after_stand_side_by_side_of_a_hundred(qtbot: QtBot, dialog: CalibrateDialog) -> None:
    press(qtbot, dialog, dialog.measure_button)

    assert dialog.forecast.isVisible()
    now, then = (float(cells[2].text().split()[0]) for cells in (dialog.forecast.now, dialog.forecast.then))
    assert now > then
    assert all(" to " in cell.text() for cell in (*dialog.forecast.now, *dialog.forecast.then))
    assert "Nobody has pictures of two days" in dialog.forecast.basis.text()
    assert dialog.verdict.text().startswith("These people look more alike")
    assert dialog.fits.text().startswith("These fit: accept 0.3")
    assert dialog.use_button.hasFocus()


@pytest.mark.usefixtures("enrolled")
def test_an_earlier_calibration_is_named_and_one_click_leads_back(
    qtbot: QtBot, app: KioskApp, theme: Theme
) -> None:
    app.school.shared.use_thresholds(
        MODEL, Thresholds(0.1, 0.2, 0.05), origin="calibrated on CS 101", actor=admin("Ada"), fitted_to=None
    )
    dialog = CalibrateDialog(app.core, app.faces, app.courses.lists, theme, admin("Ada"))
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.course.count() == 1)
    assert "calibrated on one sitting by an earlier version" in dialog.why.text()

    press(qtbot, dialog, dialog.measure_button)
    now, then = (float(cells[0].text().split()[0]) for cells in (dialog.forecast.now, dialog.forecast.then))
    assert now > 90 > then
    press(qtbot, dialog, dialog.back_button)
    assert app.faces.calibrating.in_use().in_use.are_models_own
    assert "nobody has calibrated" in dialog.why.text()


@pytest.mark.usefixtures("enrolled_alike")
def test_using_undoing_and_going_back(
    qtbot: QtBot, app: KioskApp, dialog: CalibrateDialog, kiosk: GuiKiosk
) -> None:
    press(qtbot, dialog, dialog.measure_button)
    press(qtbot, dialog, dialog.use_button)
    used = app.faces.calibrating.in_use().in_use
    assert used.thresholds.accept < 0.5
    assert dialog.banner.text.startswith("These thresholds are in use from now on.")
    assert dialog.why.text().startswith("Calibrated on CS 101: 6 people, 12 pictures, since ")
    assert kiosk.runtime.reloads == 1
    assert not dialog.use_button.isEnabled()
    assert dialog.back_button.isEnabled()

    press(qtbot, dialog, dialog.undo_button)
    assert app.faces.calibrating.in_use().in_use.are_models_own
    assert dialog.use_button.isEnabled()
    assert not dialog.undo_button.isVisible()

    press(qtbot, dialog, dialog.use_button)
    press(qtbot, dialog, dialog.back_button)
    assert app.faces.calibrating.in_use().in_use.are_models_own
    assert "nobody has calibrated" in dialog.why.text()
    press(qtbot, dialog, dialog.undo_button)
    assert app.faces.calibrating.in_use().in_use.thresholds == used.thresholds
    assert kiosk.runtime.reloads == 5
    actors = {
        entry.actor
        for entry in app.core.store.read(lambda r: r.audit.entries())
        if "thresholds" in entry.action
    }
    assert actors == {"Ada"}


def test_too_few_faces_are_said_and_cannot_be_used(
    qtbot: QtBot, app: KioskApp, kiosk: GuiKiosk, dialog: CalibrateDialog
) -> None:
    press(qtbot, dialog, dialog.measure_button)
    assert "nothing can be said" in dialog.strangers.text()
    assert not dialog.chart.isVisible()
    assert not dialog.use_button.isEnabled()

    for person in range(2):
        enrol(app, kiosk.students[person], person)
    press(qtbot, dialog, dialog.measure_button)
    assert dialog.chart.isVisible()
    assert "Fewer than 5 say nothing" in dialog.verdict.text()
    assert not dialog.use_button.isEnabled()


@pytest.mark.usefixtures("enrolled_alike")
def test_another_course_needs_a_measurement_of_its_own(
    qtbot: QtBot, app: KioskApp, theme: Theme, dialog: CalibrateDialog
) -> None:
    app.courses.lists.add_course(code="X 1", title="Other", room="", actor=admin("test"))
    two = CalibrateDialog(app.core, app.faces, app.courses.lists, theme, admin("Ada"))
    opened(qtbot, two)
    qtbot.waitUntil(lambda: two.course.count() == 2)
    press(qtbot, two, two.measure_button)
    assert two.use_button.isEnabled()

    two.course.setCurrentIndex(1)

    assert two.strangers.text() == EMPTY
    assert not two.chart.isVisible()
    assert not two.use_button.isEnabled()


@pytest.mark.usefixtures("enrolled")
def test_the_picture_follows_the_look(
    qtbot: QtBot, dialog: CalibrateDialog, theme: Theme, drawer: Drawer
) -> None:
    press(qtbot, dialog, dialog.measure_button)
    theme.choose(ThemeChoice.DARK)
    qtbot.waitUntil(lambda: drawer.looks == [False, True])

    def corner() -> str:
        return dialog.chart.pixmap().toImage().pixelColor(1, 1).name()

    qtbot.waitUntil(lambda: corner() == "#171e25")


def test_it_is_offered_to_admins_only(qtbot: QtBot, app: KioskApp, theme: Theme, kiosk: GuiKiosk) -> None:
    view = Desk(app, theme)
    qtbot.addWidget(view)
    view.show_for(kiosk.teacher)
    assert "Calibrate recognition…" not in offered(view)

    view.show_for(kiosk.admin)
    made = chosen(view, "Calibrate recognition…")
    assert isinstance(made, CalibrateDialog)
    qtbot.waitUntil(lambda: made.course.count() == 1)
    made.reject()
