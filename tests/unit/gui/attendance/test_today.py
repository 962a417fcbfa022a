"""Today, over a real store."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.domain.people.staff import User
from kiosk.domain.school.kept_data import PhoneTraces
from kiosk.domain.trust.rights import Actor
from kiosk.errors import CertificateError, DamageError
from kiosk.gui.attendance.course_list import SHOWN
from kiosk.gui.attendance.facts import courses_today
from kiosk.gui.attendance.liveness_box import LivenessBox
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.phones.phone_test import PhoneTestDialog
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.courses.todays_courses import CourseToday
from kiosk.services.events import ReEmbeddingProgress
from kiosk.services.faces.drifted_faces import note_drift
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.school.retention import ExpiredData, FaceTerm
from kiosk.services.school.retention_rounds import RetentionRound, RetentionRounds
from kiosk.services.trust.database_checks import DatabaseChecks
from kiosk.settings import Theme as Look
from kiosk.settings import WebSettings
from kiosk.vision.liveness.liveness_files import ATTACK_DETECTORS
from kiosk.vision.models.manifest import read_manifest
from kiosk.wording.dates import long_day
from tests.fakes.actors import admin
from tests.fakes.app_parts import with_part
from tests.fakes.clock import FakeClock
from tests.fakes.models.comparisons import BUILT_IN, pair_is_better
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.world.catalogue import chosen, offered
from tests.world.gui_kiosk import GuiKiosk
from tests.world.shown_desk import ShowDesk, opened_records, texts

LEFT = Qt.MouseButton.LeftButton
ShowToday = Callable[[User], TodayView]


@pytest.fixture
def show_today(show_desk: ShowDesk) -> ShowToday:
    return lambda user: show_desk(user).today


def another_course(kiosk: GuiKiosk, code: str) -> Course:
    return kiosk.app.courses.lists.add_course(
        code=code, title=f"Title of {code}", room="", actor=admin("test")
    )


def test_one_press_starts_the_likely_course(qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday) -> None:
    another_course(kiosk, "AA 1")
    kiosk.start()
    kiosk.runtime.end_class(actor=admin("Tom"))
    view = show_today(kiosk.teacher)
    with qtbot.waitSignal(view.start_requested) as signal:
        QTest.keyClick(view.cards[0].button, Qt.Key.Key_Return)
    assert signal.args == [kiosk.course.course_id, LivenessMode.OFF, ProofPolicy.EITHER]


def test_a_model_that_cannot_be_used_is_said(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    @dataclass(frozen=True, slots=True)
    class Damaged:
        warning: str = "The model file is damaged."
        preparing: ReEmbeddingProgress | None = None

        def model_name(self) -> str:
            return BUILTIN_MODEL

    view = TodayView(with_part(kiosk.app, "models.in_use", Damaged()), theme)
    qtbot.addWidget(view)
    view.show_for(Actor.of(kiosk.teacher))
    assert view.banner.text == "The chosen recognition model cannot be used. The model file is damaged."
    qtbot.waitUntil(lambda: bool(view.cards))


def test_a_certificate_that_ends_soon_is_said(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    class Ending(SchoolCertificate):
        def __init__(self) -> None: ...

        def problem(self) -> CertificateError | None:
            return CertificateError("The certificate for phones ends tomorrow.", "Ask for a new one.")

    view = TodayView(with_part(kiosk.app, "phones.certificate", Ending()), theme)
    qtbot.addWidget(view)
    view.show_for(Actor.of(kiosk.teacher))
    said = "The certificate for phones ends tomorrow. Ask for a new one."
    qtbot.waitUntil(lambda: view.banner.text == said)
    qtbot.waitUntil(lambda: bool(view.cards))


def test_only_who_enrols_is_told_whose_faces_have_changed(
    qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    anita = kiosk.students[0]
    kiosk.enrol_face(anita)
    kiosk.app.core.store.write(lambda repositories: note_drift(repositories, anita.student_id))

    view = show_today(kiosk.admin)

    said = f"The face of 1 student has changed since it was enrolled: {anita.student_no}."
    qtbot.waitUntil(lambda: said in view.banner.text)
    view.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: bool(view.cards))
    assert said not in view.banner.text


def test_damage_found_in_the_background_is_said_and_stays(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    class Checks(DatabaseChecks):
        damage: DamageError | None = None

        def __init__(self) -> None: ...

    checks = Checks()
    view = TodayView(with_part(kiosk.app, "trust.database", checks), theme)
    qtbot.addWidget(view)
    view.show()
    view.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: bool(view.cards))
    assert not view.banner.text
    Checks.damage = DamageError("Pages are damaged.", "Restore a backup.")
    qtbot.waitUntil(lambda: view.banner.text == "Pages are damaged. Restore a backup.")
    view.banner.clear()
    qtbot.waitUntil(lambda: view.banner.text == "Pages are damaged. Restore a backup.")


def test_an_admin_hears_what_is_deleted_and_a_teacher_does_not(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    day = date(2026, 11, 30)
    term = FaceTerm(kiosk.students[0], 3, day, day)

    class Rounds(RetentionRounds):
        newest = RetentionRound(ExpiredData((term, term), PhoneTraces(4, 1)), day)

        def __init__(self) -> None: ...

    rounds = Rounds()
    view = TodayView(with_part(kiosk.app, "school.rounds", rounds), theme)
    qtbot.addWidget(view)
    view.show_for(Actor.of(kiosk.admin))
    said = "and deleted from 2026-11-30 on: the faces of 2 students and 5 traces of phones."
    qtbot.waitUntil(lambda: said in view.banner.text)
    Rounds.newest = RetentionRound(ExpiredData((term,), PhoneTraces()), None)
    view.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(
        lambda: view.banner.text.startswith("Deleted, because no longer needed: the face of 1 student.")
    )
    view.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: bool(view.cards))
    assert not view.banner.text


def test_any_other_course_starts_with_one_press_too(
    qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    other = another_course(kiosk, "ZZ 9")
    view = show_today(kiosk.teacher)
    with qtbot.waitSignal(view.start_requested) as signal:
        QTest.mouseClick(view.cards[1].button, LEFT)
    assert signal.args == [other.course_id, LivenessMode.OFF, ProofPolicy.EITHER]


def test_where_courses_are_many_a_search_finds_those_that_are_not_shown(
    qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    last = [another_course(kiosk, f"Z {number:02}") for number in range(30)][-1]
    view = show_today(kiosk.teacher)
    search = view.courses.search
    assert search is not None
    assert len(view.cards) == 1 + SHOWN
    assert f"{SHOWN} of 30 are shown" in texts(view)

    QTest.keyClicks(search, "z 29")

    qtbot.waitUntil(lambda: [card.accessibleName() for card in view.cards[1:]] == [last.label])
    qtbot.waitUntil(view.cards[1].isVisible)
    with qtbot.waitSignal(view.start_requested) as signal:
        QTest.mouseClick(view.cards[1].button, LEFT)
    assert signal.args[0] == last.course_id
    search.clear()
    qtbot.waitUntil(lambda: len(view.cards) == 1 + SHOWN)


def test_an_open_session_is_gone_on_with(qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday) -> None:
    another_course(kiosk, "AA 1")
    session = kiosk.start()
    view = show_today(kiosk.teacher)
    assert "Go on with session" in view.cards[0].button.text()
    with qtbot.waitSignal(view.resume_requested) as signal:
        QTest.mouseClick(view.cards[0].button, LEFT)
    assert signal.args == [session.session_id]


def test_a_class_of_another_room_is_taken_over_only_after_a_question(
    qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    session = kiosk.start()
    view = show_today(kiosk.teacher)
    core, attendance = kiosk.app.core, kiosk.app.attendance
    line = courses_today(core, attendance, kiosk.app.faces.liveness)[0]
    elsewhere = replace(line, today=replace(line.today, is_elsewhere=True))
    view.courses.show_lines([elsewhere], may_import=False)
    card = view.cards[0]
    assert "Open in another room" in texts(view)
    assert card.button.text() == "Take over…"

    card.button.click()
    assert isinstance(view.opener.dialog, ConfirmDialog)
    with qtbot.assertNotEmitted(view.resume_requested):
        view.opener.dialog.cancel_button.click()
    card.button.click()
    assert isinstance(view.opener.dialog, ConfirmDialog)
    assert "each student is marked once" in " ".join(
        label.text() for label in view.opener.dialog.findChildren(QLabel)
    )
    with qtbot.waitSignal(view.resume_requested) as signal:
        view.opener.dialog.action_button.click()
    assert signal.args == [session.session_id]


def test_day_and_students_are_said(kiosk: GuiKiosk, show_today: ShowToday) -> None:
    view = show_today(kiosk.teacher)
    said = texts(view)
    assert "6 students" in said
    assert "no faces enrolled" in said
    assert long_day(kiosk.app.core.today()) in said


def test_admins_are_offered_everything(kiosk: GuiKiosk, show_desk: ShowDesk) -> None:
    assert offered(show_desk(kiosk.admin)) == [
        "Steps of setting up…",
        "Camera…",
        "Import class list…",
        "Courses…",
        "Enrol faces with the camera…",
        "Enrol faces from a folder…",
        "Consent…",
        "Letters about consent…",
        "Import answers about consent…",
        "Notice about face recognition…",
        "Look-alikes…",
        "PIN slips…",
        "Phones of students…",
        "One student…",
        "Announced absences…",
        "Export to Excel…",
        "Mail server…",
        "Statuses of the school’s own…",
        "Recognition models…",
        "Calibrate recognition…",
        "Users…",
        "API tokens…",
        "Log of what was done…",
        "What is kept, and how long…",
        "Backups…",
        "Check this PC…",
        "Change my password…",
        "Test with a phone…",
    ]


def test_teachers_are_offered_only_what_they_may_do(kiosk: GuiKiosk, show_desk: ShowDesk) -> None:
    view = show_desk(kiosk.teacher)
    assert offered(view) == [
        "Phones of students…",
        "Announced absences…",
        "Export to Excel…",
        "Change my password…",
        "Test with a phone…",
    ]
    records = opened_records(view)
    assert records.isVisible()
    assert records.export_button.isVisible()  # of the courses that they teach


def test_courses_are_read_again_once_a_dialog_that_changes_them_is_closed(
    qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk
) -> None:
    view = show_desk(kiosk.admin)
    dialog = chosen(view, "Courses…")
    another_course(kiosk, "ZZ 9")
    dialog.reject()
    qtbot.waitUntil(lambda: len(view.today.cards) == 2)


def test_every_entry_opens_its_dialog_and_escape_closes_it(
    qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk
) -> None:
    view = show_desk(kiosk.admin)
    for words in offered(view):
        dialog = chosen(view, words)
        qtbot.waitUntil(dialog.isVisible)
        assert dialog.height() <= 786, words
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert view.opener.dialog is None, words


def test_the_address_for_phones_leads_to_the_test_where_the_network_is_chosen(
    kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    view = show_today(kiosk.admin)
    assert "Phones are off at this kiosk." in texts(view)
    QTest.mouseClick(view.phones.change_button, LEFT)
    assert isinstance(view.opener.dialog, PhoneTestDialog)
    view.opener.dialog.close()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_with_everything_that_may_stand_there_at_once_it_fits_the_screen(
    qtbot: QtBot, kiosk: GuiKiosk, size: tuple[int, int]
) -> None:
    for code in ("AA 1", "BB 2", "CC 3", "DD 4"):
        another_course(kiosk, code)
    kiosk.app.attendance.running.reachable_at("http://10.20.4.17:8080")
    theme = Theme(Look.LIGHT, scale=size[1] / 1080)
    theme.apply()
    address = ShownAddress(
        store=kiosk.app.core.store,
        clock=FakeClock(),
        web=WebSettings(),
        read_adapters=list,
        settings=SettingsInMemory(),
    )
    models = models_over(
        FakeModelStore(installed={"facenet128", "sface"}),
        store=kiosk.app.core.store,
        settings=SettingsInMemory(),
        chosen=lambda: BUILT_IN,
        measured=pair_is_better,
    )
    app = with_part(with_part(kiosk.app, "phones.address", address), "models.installing", models)
    view = TodayView(app, theme)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: len(view.cards) == 5 and not view.offer.isHidden())
    view.banner.say("The certificate for phones ends on 2026-12-16 (in 16 days).", "Ask for a new one.")
    QTest.mouseClick(view.phones.test_button, LEFT)
    assert not view.phones.code.isHidden()
    assert view.minimumSizeHint().height() <= size[1]
    assert view.minimumSizeHint().width() <= size[0]


def test_signing_out_is_asked_for(qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk) -> None:
    view = show_desk(kiosk.teacher)
    with qtbot.waitSignal(view.sign_out_requested):
        QTest.mouseClick(view.sign_out_button, LEFT)


@pytest.fixture
def empty_school(kiosk: GuiKiosk) -> GuiKiosk:
    """A kiosk whose one course is not there."""

    class NoSessions(Sessions):
        def today(self, *, user_id: int | None = None) -> list[CourseToday]:
            return []

    app = kiosk.app
    sessions = NoSessions(
        store=app.core.store,
        clock=app.core.clock,
        school=app.school.shared,
        zone=app.core.zone,
        events=app.core.events,
    )
    return replace(kiosk, app=with_part(app, "attendance.sessions", sessions))


def test_without_a_course_admins_are_led_to_the_import(
    qtbot: QtBot, empty_school: GuiKiosk, theme: Theme
) -> None:
    view = TodayView(empty_school.app, theme)
    qtbot.addWidget(view)
    view.resize(1366, 768)
    view.show()
    view.opener.user = empty_school.admin
    view.show_for(Actor.of(empty_school.admin))
    qtbot.waitUntil(lambda: view.courses.import_button is not None)
    assert view.courses.import_button is not None
    assert view.focusWidget() is view.courses.import_button
    QTest.mouseClick(view.courses.import_button, LEFT)
    assert isinstance(view.opener.dialog, ImportClassListDialog)
    view.opener.dialog.close()


def test_without_a_course_teachers_are_told_whom_to_ask(
    qtbot: QtBot, empty_school: GuiKiosk, theme: Theme
) -> None:
    view = TodayView(empty_school.app, theme)
    qtbot.addWidget(view)
    view.show()
    view.show_for(Actor.of(empty_school.teacher))
    qtbot.waitUntil(lambda: "Ask your admin" in texts(view))
    assert view.courses.import_button is None


def install_networks(kiosk: GuiKiosk) -> None:
    """Files of the right names: what is preset looks no closer."""
    models = kiosk.app.core.directories.data / "models"
    models.mkdir(exist_ok=True)
    manifest = read_manifest()
    for name in ATTACK_DETECTORS:
        (models / manifest[name].file).touch()


def choice_of(view: TodayView) -> LivenessBox:
    box = view.cards[0].liveness
    assert box is not None
    return box


def test_a_class_is_passive_once_the_networks_are_there(kiosk: GuiKiosk, show_today: ShowToday) -> None:
    box = choice_of(show_today(kiosk.teacher))
    assert box.mode is LivenessMode.OFF
    assert box.itemText(1) == "Photo check: passive (not installed)"
    install_networks(kiosk)
    assert choice_of(show_today(kiosk.teacher)).mode is LivenessMode.PASSIVE


def test_the_choice_is_made_by_keyboard_goes_with_start_and_is_remembered(
    qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    view = show_today(kiosk.teacher)
    box = choice_of(view)
    QTest.keyClick(view.cards[0].button, Qt.Key.Key_Tab)
    policy = view.cards[0].policy
    assert policy is not None
    QTest.keyClick(policy, Qt.Key.Key_Tab)
    assert box.hasFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    assert box.mode is LivenessMode.ACTIVE
    course = kiosk.course.course_id
    qtbot.waitUntil(lambda: kiosk.app.faces.liveness.presets([course]) == {course: LivenessMode.ACTIVE})
    with qtbot.waitSignal(view.start_requested) as signal:
        QTest.mouseClick(view.cards[0].button, LEFT)
    assert signal.args == [course, LivenessMode.ACTIVE, ProofPolicy.EITHER]
    assert choice_of(show_today(kiosk.teacher)).mode is LivenessMode.ACTIVE


def test_an_open_class_says_how_it_is_checked_and_leaves_no_choice(
    kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    kiosk.runtime.start_class(kiosk.course.course_id, actor=admin("Tom"), liveness=LivenessMode.PASSIVE)
    view = show_today(kiosk.teacher)
    assert view.cards[0].liveness is None
    assert "photo check: passive" in texts(view)


# -- what a class demands


def test_a_class_marks_by_face_or_phone_unless_somebody_chooses(
    qtbot: QtBot, kiosk: GuiKiosk, show_today: ShowToday
) -> None:
    view = show_today(kiosk.teacher)
    box = view.cards[0].policy
    assert box is not None
    assert box.currentText() == "Proof: face or phone"
    QTest.keyClick(view.cards[0].button, Qt.Key.Key_Tab)
    assert box.hasFocus()
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.policy is ProofPolicy.BOTH
    course = kiosk.course.course_id
    qtbot.waitUntil(lambda: kiosk.app.attendance.policies.presets([course]) == {course: ProofPolicy.BOTH})
    with qtbot.waitSignal(view.start_requested) as signal:
        QTest.mouseClick(view.cards[0].button, LEFT)
    assert signal.args == [course, LivenessMode.OFF, ProofPolicy.BOTH]
    again = show_today(kiosk.teacher).cards[0].policy
    assert again is not None
    assert again.policy is ProofPolicy.BOTH


def test_an_open_class_says_what_it_demands(kiosk: GuiKiosk, show_today: ShowToday) -> None:
    kiosk.start(ProofPolicy.SPOT_CHECK)
    view = show_today(kiosk.teacher)
    assert view.cards[0].policy is None
    assert "proof: phone, some faces" in texts(view)
