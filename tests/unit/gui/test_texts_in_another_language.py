"""Whatever the window says comes through the one function of `kiosk.translation`: shown in a made-up language.

What is painted is caught at the painter; everything else is read from the widgets, hidden ones too.
"""

import threading
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from psutil import net_if_addrs
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import Box, Frame
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.kiosk_screen.request_card import words_for
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.bridge import Bridge
from kiosk.gui.desk import Desk
from kiosk.gui.dialog_catalogue import CATALOGUE, Entry, Opening
from kiosk.gui.phones.certificate import CertificateDialog
from kiosk.gui.places import Place
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.set_up.assistant import SetUpAssistant
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from kiosk.gui.window import MainWindow
from kiosk.services.core import SettingsInForce
from kiosk.services.events import CameraState, CameraStateChanged, FaceDecided, PassExpired, RecognitionReady
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis
from kiosk.settings import WebSettings
from kiosk.translation import speak
from tests.fakes.actors import admin
from tests.fakes.health import SAID
from tests.fakes.phones.certificates import NOW, SchoolFiles
from tests.fakes.pseudo_language import PseudoLanguage, outside, shown_texts
from tests.world.gui_kiosk import NAMES, GuiKiosk

SCHOOL: Final = (
    *NAMES,
    *(f"S{number:03}" for number in range(1, len(NAMES) + 1)),
    *("CS 101", "Algorithms", "Room 4.12", "Ada", "Tom", "Timetable"),
)
"""Names and codes of the school of these tests."""

SAME_EVERYWHERE: Final = (
    *("FaceNet-512", "FaceNet-128", "VGG-Face", "SFace", "YuNet", "MiniFASNetV2", "MiniFASNetV1SE", "dlib"),
    *("TensorFlow", "Apache-2.0", "MIT", "CC0-1.0"),
    *("mail.school.example", "office@school.example"),
)
"""Products, licences, and addresses that stand as examples."""

BABELS: Final = tuple(filter(None, (*day_name, *day_abbr, *month_name, *month_abbr)))
"""In dates, whose language is Babel's."""

TYPED: Final = ("F2", "Ctrl+E", "Ctrl+R", *Scope)
"""Keys, and the scopes that other programs ask for by name."""

QTS: Final = ("Scroll Left", "Scroll Right")
"""Said by Qt itself, of the tabs' arrows."""


@pytest.fixture(autouse=True)
def _another_language() -> Iterator[None]:
    speak(PseudoLanguage())
    yield
    speak(NullTranslations())


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is painted from now on."""
    texts: list[str] = []
    paint = QPainter.drawText

    def drawText(self: QPainter, *given: Any) -> Any:
        texts.extend(one for one in given if isinstance(one, str))
        return paint(self, *given)

    monkeypatch.setattr(QPainter, "drawText", drawText)
    return texts


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    """A class that waits for both proofs, with a mark by phone, one by hand and a face without a name."""
    session = kiosk.start(ProofPolicy.EITHER)
    kiosk.mark(session, kiosk.students[0], Method.PHONE)
    kiosk.app.attendance.marks.mark(
        session.session_id,
        kiosk.students[1].student_id,
        Status.EXCUSED,
        actor=Actor.of(kiosk.teacher),
        reason="⟦⟧",
    )
    kiosk.pass_by(session, kiosk.students[2])
    return session


def settle(qtbot: QtBot) -> None:
    """Wait until no task of the window runs and what they found is shown."""

    def is_still() -> bool:
        QApplication.processEvents()
        return not any(thread.name == "window-task" for thread in threading.enumerate())

    for _again in range(3):
        qtbot.waitUntil(is_still)


def untranslated(*roots: QWidget, painted: Iterable[str] = (), also: Iterable[str] = ()) -> str:
    """What of their texts no catalogue can reach."""
    texts = [told for root in roots for told in shown_texts(root)]
    texts += [("painted", text) for text in painted]
    known = (*SCHOOL, *SAME_EVERYWHERE, *BABELS, *TYPED, *QTS, *net_if_addrs(), *also)
    found = {f"{where}: {left!r} of {text!r}" for where, text in texts if (left := outside(text, known))}
    return "\n".join(sorted(found))


def test_signing_in_and_the_first_start(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> None:
    assistant = SetUpAssistant(kiosk.app, theme)
    assistant.school.zone.clear()  # names of zones are the same everywhere
    views = (Views().sign_in(kiosk.app, theme, bridge), assistant)
    for view in views:
        qtbot.addWidget(view)
    assert not (found := untranslated(*views)), found


def test_the_window_with_all_its_places(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge) -> None:
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(window, before_close_func=lambda shown: shown.close_now())
    window.sign_in(kiosk.admin)
    qtbot.waitUntil(lambda: window.findChild(Desk) is not None)
    settle(qtbot)
    desk = window.findChild(Desk)
    assert desk is not None
    for place in Place:
        desk.go_to(place)
        settle(qtbot)
    assert not (found := untranslated(window)), found


def test_what_is_asked_during_a_class_and_said_at_its_end(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    window = MainWindow(kiosk.app, bridge, windowed=False, theme=theme)
    qtbot.addWidget(window, before_close_func=lambda shown: shown.close_now())
    window.sign_in(kiosk.teacher)
    session = kiosk.start(ProofPolicy.BOTH)
    kiosk.mark(session, kiosk.students[0])
    kiosk.app.attendance.sessions.set_headcount(session.session_id, 1, actor=Actor.of(kiosk.teacher))
    page, screen = window.class_page, window.class_page.screen_view
    settle(qtbot)
    asks = (
        screen.roster_requested.emit,
        screen.end_requested.emit,
        screen.leave_requested.emit,
        page.ask_to_quit,
    )
    for ask in asks:
        ask()
        assert page.dialog is not None
        assert not (found := untranslated(page.dialog)), found
        page.dialog.reject()
        settle(qtbot)
    kiosk.runtime.end_class(actor=Actor.of(kiosk.teacher))
    settle(qtbot)
    assert window.toast.text
    assert not (found := untranslated(window)), found


def test_the_certificate(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path) -> None:
    files = SchoolFiles(tmp_path)
    files.write("kiosk.school.test", ends=NOW + timedelta(days=9))
    dialog = CertificateDialog(kiosk.app.phones, kiosk.app.attendance, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    settle(qtbot)
    dialog.certificate.set_path(files.certificate_path)
    settle(qtbot)
    assert dialog.facts.lines
    data = ("kiosk.school.test", "School servers", "kiosk", str(tmp_path))
    assert not (found := untranslated(dialog, also=data)), found


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.title)
def test_each_dialog_of_the_catalogue(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, entry: Entry) -> None:
    kiosk.app.trust.api_tokens.make(name="Timetable", scopes=[Scope.RECORDS_READ], actor=admin("Ada"))
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = entry.make(Opening(kiosk.app, theme, kiosk.admin, parent))
    dialog.open()
    settle(qtbot)
    found = untranslated(dialog, also=("test", *SAID))
    dialog.reject()
    assert not found, found


def test_the_roster_of_a_class(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession, painted: list[str]
) -> None:
    panel = RosterPanel(kiosk.app, theme)
    qtbot.addWidget(panel)
    panel.resize(640, 1000)
    panel.show()
    panel.show_session(session.session_id, Actor.of(kiosk.teacher))
    settle(qtbot)
    for student in kiosk.students[:3]:
        panel.students.asked.emit(student.student_id)
        settle(qtbot)
        panel.grab()
        assert not (found := untranslated(panel, painted=painted)), found
    assert painted


def test_the_records_of_a_course(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession) -> None:
    kiosk.runtime.end_class(actor=Actor.of(kiosk.teacher))
    view = RecordsView(kiosk.app, theme)
    qtbot.addWidget(view)
    view.show()
    view.show_for(Actor.of(kiosk.admin))
    settle(qtbot)
    assert view.sessions.rowCount() == 1
    assert not (found := untranslated(view)), found


def test_the_kiosk_screen(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge, painted: list[str]
) -> None:
    app, core = kiosk.app, kiosk.app.core
    settings = core.settings.model_copy(update={"web": WebSettings()})
    screen = KioskScreen(
        replace(core, in_force=SettingsInForce(settings)), app.attendance, app.phones.qr, app.runtime, theme
    )
    qtbot.addWidget(screen)
    bridge.arrived.connect(screen.on_event)
    screen.resize(1920, 1080)
    screen.show()
    session = kiosk.start()
    app.attendance.running.reachable_at("http://10.20.4.17:8080")
    settle(qtbot)

    def look() -> str:
        painted.clear()
        screen.poll()
        screen.grab()
        return untranslated(screen, painted=painted, also=(screen.code.typed, screen.code_screen.typed))

    assert not (found := look()), found
    screen.on_event(CameraStateChanged(CameraState.RUNNING))
    screen.on_event(RecognitionReady(session.session_id, "m", "d", 6, 12))
    kiosk.runtime.fake_preview.newest = Frame(np.zeros((720, 1280, 3), np.uint8), 1.0, 1)
    faces = tuple(FaceView(1, Box(400, 200, 200, 200), state, kiosk.students[0]) for state in FaceState)
    kiosk.runtime.fake_preview.seen = FrameAnalysis(1, 1.0, 1280, 720, faces, (), 0)
    kiosk.mark(session, kiosk.students[0])
    settle(qtbot)
    assert not (found := look()), found
    for track, outcome in enumerate(Outcome):
        screen.on_event(FaceDecided(session.session_id, track, outcome, None, 0, 1, None, None))
        assert not (found := look()), found
    screen.on_event(PassExpired(session.session_id))
    screen.toggle_code_screen()
    assert not (found := look()), found
    screen.hide()
    bridge.arrived.disconnect(screen.on_event)


def test_what_several_people_are_asked_for() -> None:
    words = words_for(tuple(Request))
    assert words is not None
    assert not outside(words.title)
    assert not outside(words.detail)
