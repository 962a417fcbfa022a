from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.kiosk_screen.cards import CardBoard, CardKind
from kiosk.services.events import CheckInResult, FaceDecided, PassExpired

NINE = datetime(2026, 9, 7, 7, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def student(number: int) -> Student:
    return Student(number, f"S{number:03}", f"Student {number}")


def result(
    number: int,
    outcome: CheckInOutcome = CheckInOutcome.MARKED_PRESENT,
    *,
    method: Method = Method.FACE,
    minute: int = 2,
) -> CheckInResult:
    at = NINE + timedelta(minutes=minute)
    status = Status.LATE if outcome is CheckInOutcome.MARKED_LATE else Status.PRESENT
    refused = outcome in {
        CheckInOutcome.NOT_REGISTERED,
        CheckInOutcome.METHOD_NOT_ACCEPTED,
        CheckInOutcome.SECOND_FACTOR_NEEDED,
        CheckInOutcome.DEVICE_ALREADY_USED,
    }
    record = None if refused else AttendanceRecord(number, 1, number, status, method, at)
    return CheckInResult(outcome, 1, student(number), method, record, at)


def decision(track: int, outcome: Outcome) -> FaceDecided:
    return FaceDecided(1, track, outcome, None, 0.0, 1.0, None, None)


@pytest.fixture
def board() -> CardBoard:
    return CardBoard(zone=BERLIN, success_s=3, failure_s=5)


def kinds(board: CardBoard, now_s: float) -> list[CardKind]:
    return [shown.card.kind for shown in board.shown(now_s)]


def titles(board: CardBoard, now_s: float) -> list[str]:
    return [shown.card.title for shown in board.shown(now_s)]


def test_mark_shows_name_status_and_local_time(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    (shown,) = board.shown(10)
    assert shown.card.kind is CardKind.PRESENT
    assert (shown.card.title, shown.card.detail) == ("Student 1", "Present · 09:02")


def test_the_card_greets_by_the_name_that_a_student_is_called(board: CardBoard) -> None:
    called = replace(student(1), called="Kim")
    board.on_event(replace(result(1), student=called), 10)
    assert titles(board, 10) == ["Kim"]


def test_late_mark_has_a_card_of_its_own(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.MARKED_LATE, minute=12), 10)
    (shown,) = board.shown(10)
    assert (shown.card.kind, shown.card.detail) == (CardKind.LATE, "Late · 09:12")


def test_success_goes_after_three_seconds_and_failure_after_five(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    assert kinds(board, 12.9) == [CardKind.PRESENT]
    assert kinds(board, 13.0) == []
    board.on_event(decision(4, Outcome.UNKNOWN), 20)
    assert kinds(board, 24.9) == [CardKind.UNKNOWN]
    assert kinds(board, 25.0) == []


def test_time_left_runs_from_one_to_nothing(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    (shown,) = board.shown(11.5)
    assert shown.remaining(10) == 1
    assert shown.remaining(11.5) == pytest.approx(0.5)
    assert shown.remaining(99) == 0


def test_coming_back_later_says_already_marked_with_the_first_time(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    board.on_event(result(1, CheckInOutcome.ALREADY_MARKED), 60)
    (shown,) = board.shown(60)
    assert (shown.card.kind, shown.card.detail) == (CardKind.ALREADY, "Already marked at 09:02")


def test_already_marked_is_not_said_right_after_the_own_mark(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    board.on_event(result(1, CheckInOutcome.ALREADY_MARKED, method=Method.PHONE), 19.9)
    assert kinds(board, 19.9) == []


def test_already_marked_is_not_repeated_at_once(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.ALREADY_MARKED), 10)
    board.on_event(result(1, CheckInOutcome.ALREADY_MARKED), 14)
    assert kinds(board, 14) == []
    board.on_event(result(1, CheckInOutcome.ALREADY_MARKED), 25)
    assert kinds(board, 25) == [CardKind.ALREADY]


def test_newest_mark_comes_first(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    board.on_event(result(2), 10.5)
    assert titles(board, 10.5) == ["Student 2", "Student 1"]


def test_fourth_mark_waits_until_the_oldest_could_be_read(board: CardBoard) -> None:
    for number in (1, 2, 3, 4):
        board.on_event(result(number), 10)
    assert titles(board, 10.0) == ["Student 3", "Student 2", "Student 1"]
    assert titles(board, 11.1) == ["Student 3", "Student 2", "Student 1"]
    assert titles(board, 11.3) == ["Student 4", "Student 3", "Student 2"]


def test_everybody_of_a_crowd_is_shown_once(board: CardBoard) -> None:
    for number in range(1, 9):
        board.on_event(result(number), 10)
    seen: set[str] = set()
    for tick in range(200):
        now = titles(board, 10 + tick * 0.1)
        assert len(now) <= 3
        seen.update(now)
    assert seen == {f"Student {number}" for number in range(1, 9)}


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.AMBIGUOUS, Outcome.ATTACK_SUSPECTED])
def test_request_does_not_cover_a_fresh_mark(board: CardBoard, outcome: Outcome) -> None:
    board.on_event(result(1), 10)
    board.on_event(decision(4, outcome), 11)
    assert titles(board, 11) == ["Student 1"]


def test_request_follows_when_the_mark_is_gone(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    board.on_event(decision(4, Outcome.AMBIGUOUS), 11)
    assert kinds(board, 13.1) == [CardKind.PLEASE_SCAN]


def test_request_is_dropped_when_it_is_no_news_any_more(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    board.on_event(decision(4, Outcome.UNKNOWN), 10.1)
    board.on_event(result(2), 12)
    assert kinds(board, 15.1) == []


def test_mark_takes_a_request_away_at_once(board: CardBoard) -> None:
    board.on_event(decision(4, Outcome.UNKNOWN), 10)
    board.on_event(result(1), 11)
    assert kinds(board, 11) == [CardKind.PRESENT]


def test_newer_request_replaces_the_older_one(board: CardBoard) -> None:
    board.on_event(decision(4, Outcome.UNKNOWN), 10)
    board.on_event(decision(5, Outcome.AMBIGUOUS), 11)
    assert kinds(board, 11) == [CardKind.PLEASE_SCAN]


def test_same_face_is_not_told_twice(board: CardBoard) -> None:
    board.on_event(decision(4, Outcome.UNKNOWN), 10)
    board.on_event(decision(4, Outcome.UNKNOWN), 16)
    assert kinds(board, 16) == []


def test_accepted_face_waits_for_its_record(board: CardBoard) -> None:
    board.on_event(FaceDecided(1, 4, Outcome.ACCEPTED, student(1), 0, 1, 0.3, 0.2), 10)
    assert kinds(board, 10) == []


def test_student_of_another_class_is_told_so(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.NOT_REGISTERED, method=Method.PHONE), 10)
    (shown,) = board.shown(10)
    assert shown.card.kind is CardKind.REFUSED
    assert "list" in shown.card.detail


def test_face_in_a_class_marked_by_phone_is_asked_to_scan(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.METHOD_NOT_ACCEPTED), 10)
    assert kinds(board, 10) == [CardKind.PLEASE_SCAN]


def test_a_face_that_needs_a_second_factor_is_asked_to_scan_without_a_name(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.SECOND_FACTOR_NEEDED), 10)
    (shown,) = board.shown(10)
    assert (shown.card.kind, shown.card.title) == (CardKind.PLEASE_SCAN, "Please scan the code")


def test_phone_in_a_class_marked_by_face_is_asked_to_the_camera(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.METHOD_NOT_ACCEPTED, method=Method.PHONE), 10)
    (shown,) = board.shown(10)
    assert "camera" in shown.card.detail


def test_new_class_begins_with_an_empty_board_and_new_numbers(board: CardBoard) -> None:
    board.on_event(result(1), 10)
    first = board.shown(10)[0].number
    board.clear()
    assert board.shown(10) == ()
    board.on_event(result(1, CheckInOutcome.ALREADY_MARKED), 11)
    assert board.shown(11)[0].number > first


def test_a_phone_that_is_refused_is_not_shown_to_the_class(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.DEVICE_ALREADY_USED, method=Method.PHONE), 10)
    assert board.shown(10) == ()


def test_an_expired_pass_is_told_what_to_do_and_never_covers_a_mark(board: CardBoard) -> None:
    board.on_event(PassExpired(1), 10)
    (shown,) = board.shown(10)
    assert (shown.card.kind, shown.card.title) == (CardKind.PLEASE_SCAN, "This pass has expired")
    board.on_event(result(1), 11)
    board.on_event(PassExpired(1), 12)
    assert titles(board, 12) == ["Student 1"]


SAID_ELSEWHERE = {CheckInOutcome.FACE_AWAITED, CheckInOutcome.TEACHER_AWAITED}
"""The line above the camera calls the first; of the second no screen before the class speaks."""


@pytest.mark.parametrize("outcome", CheckInOutcome)
def test_every_outcome_at_the_camera_is_answered(board: CardBoard, outcome: CheckInOutcome) -> None:
    board.on_event(result(1, outcome, method=Method.PASS), 10)
    said = [(shown.card.title, shown.card.detail) for shown in board.shown(10)]
    assert len(said) == (0 if outcome in SAID_ELSEWHERE else 1)
    assert all(title and detail for title, detail in said)


def test_a_mark_after_the_end_of_the_class_is_refused_in_words(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.SESSION_ENDED), 10)
    (shown,) = board.shown(10)
    assert shown.card.kind is CardKind.REFUSED
    assert (shown.card.title, shown.card.detail) == (
        "Student 1",
        "This class has ended: please ask your teacher",
    )


def test_a_pass_on_a_used_phone_is_sent_to_the_phone_without_a_name(board: CardBoard) -> None:
    board.on_event(result(1, CheckInOutcome.DEVICE_ALREADY_USED, method=Method.PASS), 10)
    (shown,) = board.shown(10)
    assert (shown.card.kind, shown.card.title) == (CardKind.REFUSED, "Please look at your phone")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_decision_but_an_acceptance_is_told_to_the_face(board: CardBoard, outcome: Outcome) -> None:
    board.on_event(decision(4, outcome), 10)
    assert len(board.shown(10)) == (0 if outcome is Outcome.ACCEPTED else 1)
