"""The roster's rows, words and remembered reasons."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Correction, Evidence
from kiosk.domain.faces.model_parts import PartDistance
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.reasons import OF_THE_PROGRAM, USUAL, RecentReasons
from kiosk.gui.attendance.roster.state import RosterLine
from kiosk.gui.attendance.roster.students.model import RosterModel
from kiosk.gui.attendance.roster.wording import correction_words
from kiosk.wording.attendance import evidence_words, proof_words

ZONE = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 11, 23, 8, 2, tzinfo=UTC)


def student(number: int, name: str) -> Student:
    return Student(number, f"S{number:03}", name)


def record(
    of: int, status: Status, method: Method | None = Method.FACE, *, version: int = 1
) -> AttendanceRecord:
    return AttendanceRecord(of, 7, of, status, method, NINE, (), version)


LINES = tuple(
    RosterLine.of(student(number, name), record(number, status) if status else None, ZONE)
    for number, name, status in (
        (1, "Anita Rao", Status.PRESENT),
        (2, "Ben Okafor", Status.LATE),
        (3, "Lucía Romero", None),
        (4, "Zoë Åström", Status.EXCUSED),
    )
)


@pytest.fixture
def model(qapp: QApplication) -> RosterModel:
    made = RosterModel()
    made.show(LINES)
    return made


def shown(model: RosterModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_it_is_a_list_as_qt_wants_one(model: RosterModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has no types


@pytest.mark.parametrize("rows", [(0, 2), (1,), (), (0, 1, 2, 3), (2, 3)])
def test_it_shows_what_it_is_given_and_everything_again(
    model: RosterModel, qtmodeltester: ModelTester, rows: tuple[int, ...]
) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has no types
    model.show([LINES[row] for row in rows])
    assert shown(model) == [LINES[row].student.full_name for row in rows]
    model.show(LINES)
    assert shown(model) == [line.student.full_name for line in LINES]


def test_rows_that_stay_keep_their_place_when_others_come_and_go(model: RosterModel) -> None:
    ben = QPersistentModelIndex(model.index(1))
    model.show(LINES[1:3])
    assert (ben.isValid(), ben.row()) == (True, 0)
    model.show(LINES)
    assert (ben.isValid(), ben.row()) == (True, 1)


def test_only_a_row_that_changed_is_drawn_anew(qtbot: QtBot, model: RosterModel) -> None:
    late = RosterLine.of(LINES[2].student, record(3, Status.LATE), ZONE)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.show((*LINES[:2], late, LINES[3]))
    assert changed == [2]


def test_screen_readers_hear_the_whole_row(model: RosterModel) -> None:
    spoken = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Ben Okafor, S002, Late, 09:02 · face"
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "Lucía Romero, S003, Not here yet"


def test_an_absence_that_the_session_wrote_shows_no_proof() -> None:
    assert proof_words(record(1, Status.ABSENT, None), ZONE) == ""


def test_evidence_by_face_says_how_sure_it_was() -> None:
    moved = evidence_words(Evidence(Method.PASS, NINE, clock_moved_s=-3600.0), ZONE)
    assert moved.endswith(" by pass, the PC's clock was 1 hour behind")
    words = evidence_words(Evidence(Method.FACE, NINE, distance=0.3149, votes=3), ZONE)
    assert words == "09:02 by face, 3 agreeing frames, distance 0.31"


def test_evidence_by_two_networks_says_what_each_measured() -> None:
    parts = (PartDistance("facenet128", 0.2451), PartDistance("sface", 0.338))
    words = evidence_words(Evidence(Method.FACE, NINE, distance=0.31, votes=3, parts=parts), ZONE)
    assert words == "09:02 by face, 3 agreeing frames, distance 0.31, by FaceNet-128 0.25, by SFace 0.34"


def test_a_correction_says_who_and_why() -> None:
    words = correction_words(Correction(record(1, Status.ABSENT, None), NINE, "Tom", "Bus was late"), ZONE)
    assert words == "Was absent; Tom changed it on Mon 23 Nov 2026, 09:02: Bus was late"


def test_a_reason_keeps_its_number_and_a_new_one_takes_that_of_the_one_unused_for_longest() -> None:
    reasons = RecentReasons()
    reasons.remember("Bus was late")
    assert reasons.offered() == (*USUAL[:3], "Bus was late")
    reasons.remember(USUAL[2])
    reasons.remember("Dentist")
    assert reasons.offered() == (USUAL[0], "Dentist", USUAL[2], "Bus was late")
    reasons.remember("  bus WAS late ")
    reasons.remember("Dentist")
    assert reasons.offered() == (USUAL[0], "Dentist", USUAL[2], "Bus was late")


@pytest.mark.parametrize("reason", sorted(OF_THE_PROGRAM))
def test_what_the_program_writes_is_no_reason_to_offer(reason: str) -> None:
    reasons = RecentReasons()
    reasons.remember(reason.capitalize())
    assert reasons.offered() == USUAL


def test_more_reasons_than_numbers_are_learned_once() -> None:
    """Each look at the class brings all its records again; that must not move the numbers."""
    written = [
        Evidence(Method.MANUAL, NINE + timedelta(minutes=minute), actor="Tom", reason=f"Reason {minute}")
        for minute in range(6)
    ]
    records = [
        AttendanceRecord(one, 7, one, Status.EXCUSED, Method.MANUAL, NINE, (evidence,))
        for one, evidence in enumerate(written)
    ]
    reasons = RecentReasons()
    reasons.learn(records)
    first = reasons.offered()
    reasons.learn(records)
    assert reasons.offered() == first
    assert set(first) == {f"Reason {minute}" for minute in range(2, 6)}


def test_reasons_are_learned_from_the_session() -> None:
    evidence = Evidence(Method.MANUAL, NINE, actor="Tom", reason="Dentist")
    reasons = RecentReasons()
    reasons.learn([AttendanceRecord(1, 7, 1, Status.EXCUSED, Method.MANUAL, NINE, (evidence,))])
    assert reasons.offered() == (*USUAL[:3], "Dentist")
