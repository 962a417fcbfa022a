"""The guided enrolment dialog over a scripted camera: real store, real guide, real presses."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.faces.guided_enrolment import PLAN, Step
from kiosk.errors import SourceError
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.gui.theme import Theme
from kiosk.pipeline.enrolment_run import EnrolmentRun
from kiosk.pipeline.enrolment_sittings import EnrolmentSittings
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.guided_enrolment import GuidedSitting, consenting_student
from tests.fakes.actors import admin
from tests.fakes.app_parts import with_part
from tests.fakes.attendance.classes import SwitchedClass
from tests.fakes.camera.sources import FedSource
from tests.fakes.faces.sitting import (
    Shown,
    SittingDetector,
    SittingEmbedder,
    SittingMeter,
    frames_of,
    obedient,
)
from tests.fakes.vision.recognition import MODEL, with_noise
from tests.world.catalogue import chosen, offered
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
PICTURES = sum(wanted for _, wanted in PLAN)


class Studio:
    """The dialog, its camera, and everybody who was embedded."""

    def __init__(self, qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
        self.qtbot = qtbot
        self.kiosk = kiosk
        self.source = FedSource()
        self.embedder = SittingEmbedder()
        self.running = SwitchedClass()
        self.sittings = EnrolmentSittings(runs=self, running=self.running)
        self.app = with_part(kiosk.app, "faces.guided", self.sittings)
        self._written = 0
        self._shown = 0
        for student in kiosk.students[:2]:
            self.app.people.consents.record(student.student_id, given=True, actor=admin("test"))
        self.window = QWidget()
        self.window.resize(1280, 800)
        qtbot.addWidget(self.window)
        self.window.show()
        self.dialog = GuidedEnrolmentDialog(
            self.app.core, self.app.faces, self.app.people, theme, admin("Ada"), self.window
        )
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.dialog.open()
        qtbot.waitUntil(lambda: self.dialog.students.table.rowCount() == len(kiosk.students))

    def run(self, student_id: int) -> EnrolmentRun:
        return EnrolmentRun(
            student=consenting_student(self.kiosk.app.core.store, student_id),
            source=self.source,
            guides=self,
            every_frame=True,
            first_pause_s=0.01,
        )

    def sitting(self, student_id: int) -> GuidedSitting:
        store = self.kiosk.app.core.store
        enrolment = Enrolment(
            store=store,
            clock=self.kiosk.app.core.clock,
            detector=SittingDetector(),
            embedder=self.embedder,
            quality=SittingMeter(),
            read_picture=lambda data: np.zeros((1, 1, 3), np.uint8),
            write_picture=self._write,
            lookalikes=self.kiosk.app.faces.lookalikes,
        )
        return GuidedSitting(student_id=student_id, store=store, enrolment=enrolment)

    def _write(self, image: BgrImage) -> bytes:
        self._written += 1
        return f"jpeg {self._written}".encode()

    def search(self, text: str) -> None:
        self.dialog.students.search.edit.clear()
        QTest.keyClicks(self.dialog.students.search.edit, text)

    def start(self, name: str = "anita") -> None:
        self.search(name)
        QTest.mouseClick(self.dialog.start_button, LEFT)
        self.qtbot.waitUntil(self.dialog.camera.isVisible)

    def show(self, shown: Sequence[Shown]) -> None:
        start_s = self._shown / 10
        self.source.feed(*with_noise(frames_of(shown, start_s=start_s, first=self._shown)))
        self._shown += len(shown)

    def until_taken(self, pictures: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.dialog.camera.thumbnails.pictures) == pictures)

    def templates(self) -> int:
        student = self.kiosk.students[0]
        return len(
            self.app.core.store.read(
                lambda repositories: repositories.faces.templates([student.student_id], MODEL.name)
            )
        )

    def close(self) -> None:
        for _ in range(3):
            self.source.release()
        self.sittings.close()
        self.dialog.done(0)


@pytest.fixture
def studio(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Iterator[Studio]:
    made = Studio(qtbot, kiosk, theme)
    yield made
    made.close()


# -- choosing


def test_students_are_found_by_name_and_by_number(studio: Studio) -> None:
    studio.search("wei")
    assert [row[0] for row in studio.dialog.students.table.texts()] == ["Chen Wei"]

    studio.search("S004")
    assert [row[0] for row in studio.dialog.students.table.texts()] == ["Dara Singh"]
    assert studio.dialog.students.chosen is not None


def test_without_consent_the_camera_cannot_be_started_and_the_code_is_named(studio: Studio) -> None:
    studio.search("chen")

    assert not studio.dialog.start_button.isEnabled()
    assert "uses the code instead" in studio.dialog.students.words.text()
    QTest.mouseClick(studio.dialog.start_button, LEFT)
    QTest.keyClick(studio.dialog.students.search.edit, Qt.Key.Key_Return)
    assert studio.source.opened == 0
    assert studio.embedder.embedded == []


def test_consent_is_recorded_only_after_it_was_confirmed(qtbot: QtBot, studio: Studio) -> None:
    studio.search("chen")
    QTest.mouseClick(studio.dialog.students.consent_button, LEFT)
    assert studio.dialog.question is not None
    QTest.mouseClick(studio.dialog.question.cancel_button, LEFT)
    assert not studio.dialog.start_button.isEnabled()

    QTest.mouseClick(studio.dialog.students.consent_button, LEFT)
    QTest.mouseClick(studio.dialog.question.action_button, LEFT)
    qtbot.waitUntil(studio.dialog.start_button.isEnabled)

    word = studio.app.people.consents.newest(studio.kiosk.students[2].student_id)
    assert word is not None
    assert (word.given, word.recorded_by) == (True, "Ada")
    assert not studio.dialog.students.consent_button.isVisible()


def test_while_a_class_is_open_it_says_that_the_camera_is_in_use(qtbot: QtBot, studio: Studio) -> None:
    studio.running.switched_on = True
    studio.search("anita")
    QTest.mouseClick(studio.dialog.start_button, LEFT)

    qtbot.waitUntil(lambda: "A class is open and uses the camera." in studio.dialog.banner.text)
    assert studio.dialog.students.isVisible()
    assert studio.source.opened == 0


# -- sitting


def test_a_sitting_from_the_search_to_the_store_with_keys_alone(qtbot: QtBot, studio: Studio) -> None:
    studio.search("anita")
    QTest.keyClick(studio.dialog.students.search.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(studio.dialog.camera.isVisible)
    assert not studio.dialog.save_button.isEnabled()

    studio.show(obedient())
    qtbot.waitUntil(studio.dialog.save_button.isEnabled)

    assert studio.dialog.camera.instruction.text() == "All pictures are taken"
    assert studio.dialog.camera.steps.dots == {step: (wanted, wanted) for step, wanted in PLAN}
    assert studio.templates() == 0
    QTest.keyClick(studio.dialog.save_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "is enrolled with 7 pictures" in studio.dialog.banner.text)
    assert "All pictures look nearly the same." in studio.dialog.banner.text
    assert studio.templates() == PICTURES
    assert studio.kiosk.runtime.reloads == 1
    qtbot.waitUntil(lambda: studio.dialog.students.table.texts()[0][3] == "7")


def test_the_words_follow_what_the_camera_sees(qtbot: QtBot, studio: Studio) -> None:
    page = studio.dialog.camera

    def says(words: str) -> Callable[[], bool]:
        return lambda: words in page.advice.text()

    studio.start()
    assert page.instruction.text() == "Look straight at the camera"

    for shown, words in (
        (Shown(brightness=20), "Too dark"),
        (Shown(faces=2), "More than one person"),
        (Shown(far=True), "Come closer"),
        (Shown(sharp=False), "Blurred"),
        (Shown(turn=0.3), "Look straight"),
    ):
        studio.show([shown] * 3)
        qtbot.waitUntil(says(words))
    studio.show([Shown()] * 24)
    qtbot.waitUntil(lambda: page.instruction.text() == "Turn your head a little to your left")


def test_a_dropped_picture_is_asked_for_again(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show(obedient())
    qtbot.waitUntil(studio.dialog.save_button.isEnabled)
    thumbnail = studio.dialog.camera.thumbnails.pictures[0]

    QTest.mouseClick(thumbnail, LEFT)

    assert len(studio.dialog.camera.thumbnails.pictures) == PICTURES - 1
    assert not studio.dialog.save_button.isEnabled()
    assert studio.dialog.camera.view.step is Step.STRAIGHT
    studio.show([Shown()] * 12)
    qtbot.waitUntil(studio.dialog.save_button.isEnabled)


def test_a_picture_can_be_dropped_with_a_key(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show([Shown()] * 24)
    studio.until_taken(2)

    QTest.keyClick(studio.dialog.camera.thumbnails.pictures[1], Qt.Key.Key_Delete)

    assert len(studio.dialog.camera.thumbnails.pictures) == 1


@pytest.mark.logs_warnings
def test_a_lost_camera_is_said_and_the_sitting_goes_on_when_it_is_back(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show([Shown()] * 24)
    studio.until_taken(2)

    studio.source.feed(SourceError("The camera is gone.", "Plug it in again."))
    studio.qtbot.waitUntil(lambda: studio.source.opened == 2)
    studio.show([Shown(turn=0.15)] * 24)
    studio.until_taken(4)

    assert studio.dialog.camera.view.step is Step.RIGHT


def test_a_consent_withdrawn_in_the_middle_leaves_nothing(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show([Shown()] * 24)
    studio.until_taken(2)
    embedded = len(studio.embedder.embedded)

    studio.app.people.consents.record(studio.kiosk.students[0].student_id, given=False, actor=admin("Anita"))
    studio.show([Shown(turn=0.15)] * 24)

    qtbot.waitUntil(lambda: "No consent" in studio.dialog.banner.text)
    assert studio.dialog.students.isVisible()
    assert len(studio.embedder.embedded) == embedded
    assert studio.templates() == 0
    studio.source.release()


def test_cancelling_asks_before_pictures_are_thrown_away(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show([Shown()] * 24)
    studio.until_taken(2)

    QTest.keyClick(studio.dialog, Qt.Key.Key_Escape)
    assert studio.dialog.question is not None
    assert studio.dialog.camera.isVisible()
    QTest.mouseClick(studio.dialog.question.action_button, LEFT)

    assert studio.dialog.students.isVisible()
    studio.source.release()
    qtbot.waitUntil(lambda: studio.source.closed > 0)
    assert studio.templates() == 0


def test_closing_the_dialog_lets_go_of_the_camera(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    QTest.mouseClick(studio.dialog.cancel_button, LEFT)
    studio.source.release()

    qtbot.waitUntil(lambda: studio.source.closed > 0)
    QTest.mouseClick(studio.dialog.close_button, LEFT)
    assert not studio.dialog.isVisible()


def test_somebody_else_than_enrolled_before_is_refused_in_words(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show(obedient(1))
    qtbot.waitUntil(studio.dialog.save_button.isEnabled)
    QTest.mouseClick(studio.dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "is enrolled" in studio.dialog.banner.text)
    studio.source.release()
    studio.source = FedSource()
    studio.start()
    studio.show(obedient(2))
    qtbot.waitUntil(studio.dialog.save_button.isEnabled)
    QTest.mouseClick(studio.dialog.save_button, LEFT)

    qtbot.waitUntil(lambda: "does not look like the pictures" in studio.dialog.banner.text)
    assert studio.templates() == PICTURES


def test_teachers_are_not_offered_it(kiosk: GuiKiosk, qtbot: QtBot, theme: Theme) -> None:
    from kiosk.gui.desk import Desk

    view = Desk(kiosk.app, theme)
    qtbot.addWidget(view)
    view.show_for(kiosk.teacher)
    assert "Enrol faces with the camera…" not in offered(view)
    view.show_for(kiosk.admin)
    dialog = chosen(view, "Enrol faces with the camera…")
    assert isinstance(dialog, GuidedEnrolmentDialog)
    dialog.reject()
