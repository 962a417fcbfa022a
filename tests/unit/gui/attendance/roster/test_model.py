"""The roster's rows, filter, words and remembered reasons."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Correction, Evidence
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.model import RosterFilter, RosterModel, RosterProxy
from kiosk.gui.attendance.roster.reasons import OFFERED, USUAL, RecentReasons
from kiosk.gui.attendance.roster.wording import correction_words
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.wording.attendance import evidence_words, proof_words

ZONE = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 11, 23, 8, 2, tzinfo=UTC)


def student(number: int, name: str) -> Student:
    return Student(number, f"S{number:03}", name)


def record(
    of: int, status: Status, method: Method | None = Method.FACE, *, version: int = 1
) -> AttendanceRecord:
    return AttendanceRecord(of, 7, of, status, method, NINE, (), version)


@pytest.fixture
def model(qapp: QApplication) -> RosterModel:
    made = RosterModel(zone=ZONE)
    made.show(
        [
            RosterEntry(student(1, "Anita Rao"), record(1, Status.PRESENT)),
            RosterEntry(student(2, "Ben Okafor"), record(2, Status.LATE, Method.PHONE)),
            RosterEntry(student(3, "Lucía Romero"), None),
            RosterEntry(student(4, "Zoë Åström"), record(4, Status.EXCUSED, Method.MANUAL)),
        ]
    )
    return made


def shown(proxy: RosterProxy) -> list[str]:
    return [proxy.index(row, 0).data() for row in range(proxy.rowCount())]


def filtered(model: RosterModel) -> RosterProxy:
    proxy = RosterProxy()
    proxy.setSourceModel(model)
    return proxy


def test_it_is_a_list_as_qt_wants_one(model: RosterModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_search_ignores_accents_and_case(model: RosterModel) -> None:
    proxy = filtered(model)
    proxy.search("lucia ROM")
    assert shown(proxy) == ["Lucía Romero"]
    proxy.search("astrom")
    assert shown(proxy) == ["Zoë Åström"]


def test_search_finds_numbers(model: RosterModel) -> None:
    proxy = filtered(model)
    proxy.search("s002")
    assert shown(proxy) == ["Ben Okafor"]


def test_not_here_lists_everybody_who_did_not_come(model: RosterModel) -> None:
    proxy = filtered(model)
    proxy.choose(RosterFilter.MISSING)
    assert shown(proxy) == ["Lucía Romero", "Zoë Åström"]


def test_present_and_late_are_told_apart(model: RosterModel) -> None:
    proxy = filtered(model)
    proxy.choose(RosterFilter.PRESENT)
    assert shown(proxy) == ["Anita Rao"]
    proxy.choose(RosterFilter.LATE)
    assert shown(proxy) == ["Ben Okafor"]


def test_a_new_record_moves_a_student_between_filters(model: RosterModel) -> None:
    proxy = filtered(model)
    proxy.choose(RosterFilter.MISSING)
    model.apply(student(3, "Lucía Romero"), record(3, Status.PRESENT))
    assert shown(proxy) == ["Zoë Åström"]


def test_a_guest_is_put_in_by_name(model: RosterModel) -> None:
    model.apply(student(9, "Carla Gast"), record(9, Status.PRESENT, Method.MANUAL))
    assert shown(filtered(model)) == ["Anita Rao", "Ben Okafor", "Carla Gast", "Lucía Romero", "Zoë Åström"]
    line = model.line_of(9)
    assert line is not None
    assert line.student.full_name == "Carla Gast"


def test_an_older_version_never_replaces_a_newer_one(model: RosterModel) -> None:
    model.apply(student(1, "Anita Rao"), record(1, Status.ABSENT, Method.MANUAL, version=3))
    model.apply(student(1, "Anita Rao"), record(1, Status.PRESENT, version=2))
    line = model.line_of(1)
    assert line is not None
    assert line.state == "Absent"


def test_screen_readers_hear_the_whole_row(model: RosterModel) -> None:
    spoken = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Ben Okafor, S002, Late, 09:02 · phone"
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "Lucía Romero, S003, Not here yet"


def test_counts_follow_the_records(model: RosterModel) -> None:
    count = model.count()
    assert (count.present, count.late, count.excused, count.absent) == (1, 1, 1, 0)


def test_an_absence_that_the_session_wrote_shows_no_proof() -> None:
    assert proof_words(record(1, Status.ABSENT, None), ZONE) == ""


def test_evidence_by_face_says_how_sure_it_was() -> None:
    words = evidence_words(Evidence(Method.FACE, NINE, distance=0.3149, votes=3), ZONE)
    assert words == "09:02 by face, 3 agreeing frames, distance 0.31"


def test_a_correction_says_who_and_why() -> None:
    words = correction_words(Correction(record(1, Status.ABSENT, None), NINE, "Tom", "Bus was late"), ZONE)
    assert words == "Was absent; Tom changed it on Mon 23 Nov 2026, 09:02: Bus was late"


def test_reasons_come_back_latest_first_without_doubles() -> None:
    reasons = RecentReasons()
    reasons.remember("Bus was late")
    reasons.remember("Dentist")
    reasons.remember("  bus WAS late ")
    assert reasons.offered()[:3] == ("bus WAS late", "Dentist", USUAL[0])
    assert len(reasons.offered()) == OFFERED


def test_undoing_is_no_reason_to_offer() -> None:
    reasons = RecentReasons()
    reasons.remember("undone")
    assert reasons.offered() == USUAL[:OFFERED]


def test_reasons_are_learned_from_the_session() -> None:
    evidence = Evidence(Method.MANUAL, NINE, actor="Tom", reason="Dentist")
    reasons = RecentReasons()
    reasons.learn([AttendanceRecord(1, 7, 1, Status.EXCUSED, Method.MANUAL, NINE, (evidence,))])
    assert reasons.offered()[0] == "Dentist"
