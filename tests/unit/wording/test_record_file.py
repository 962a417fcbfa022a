from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.records.objections import Objection, ObjectionOutcome
from kiosk.wording.record_file import (
    answer_sentence,
    change_sentence,
    proof_sentence,
    proof_time,
    standing,
)

AT = datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)
RECORD = AttendanceRecord(1, 2, 3, Status.PRESENT, Method.FACE, AT)


def test_a_face_is_told_in_words_and_its_figure_with_what_it_means() -> None:
    proof = Evidence(
        Method.FACE, AT, first_seen_at=AT - timedelta(seconds=2), distance=0.314, margin=0.2, votes=5
    )
    assert proof_sentence(proof, UTC) == (
        "The camera recognised the student’s face. 5 pictures agreed with each other. It was first seen at 08:00:03. "
        "Nobody else in this course looked as much like it. "
        "Difference from the enrolled pictures: 0.31, where 0 is the very same picture."
    )
    assert proof_time(proof, UTC) == "08:00:05"


def test_a_phone_is_told_with_how_it_is_known() -> None:
    proof = Evidence(Method.PHONE, AT, scanned_at=AT, credential="x", key_shown=True, address="10.0.0.7")
    assert proof_sentence(proof, UTC) == (
        "The student scanned the code and confirmed on a phone. The code was scanned at 08:00:05. "
        "The phone is the student’s enrolled one, and proved it. It had the network address 10.0.0.7."
    )
    assert "enrolled one." in proof_sentence(replace(proof, key_shown=None), UTC)
    assert "enrolled" not in proof_sentence(replace(proof, key_shown=None, credential=None), UTC)


def test_a_mark_by_hand_says_who_and_why_and_when_on_which_day() -> None:
    proof = Evidence(Method.MANUAL, AT, actor="Tom", reason="bus late", first_seen_at=AT)
    assert proof_sentence(proof, UTC) == (
        "Tom marked by hand: bus late. The camera had seen the face at 08:00."
    )
    assert proof_time(proof, UTC) == "2 Mar 2026, 08:00"
    undone = replace(proof, taken_back=True, reason="undone", first_seen_at=None)
    assert proof_sentence(undone, UTC) == "Tom took the mark back: undone."


def test_a_clock_that_was_moved_is_said() -> None:
    proof = Evidence(Method.PASS, AT, clock_moved_s=120.0)
    assert proof_sentence(proof, UTC) == (
        "The student held the own pass up to the camera. The PC's clock was 2 minutes ahead."
    )


@pytest.mark.parametrize(
    ("status", "method", "words"),
    [
        (Status.PRESENT, Method.FACE, "Present, by face"),
        (Status.LATE, Method.PHONE, "Late, by phone"),
        (Status.EXCUSED, Method.MANUAL, "Excused, by hand"),
        (Status.ABSENT, None, "Absent"),
    ],
)
def test_how_a_record_stands_is_said_in_two_or_three_words(
    status: Status, method: Method | None, words: str
) -> None:
    assert standing(replace(RECORD, status=status, method=method)) == words


def test_a_change_says_before_and_after() -> None:
    after = replace(RECORD, status=Status.EXCUSED, method=Method.MANUAL)
    assert change_sentence(RECORD, after) == "Present, by face → Excused, by hand"


def test_a_message_says_what_became_of_it() -> None:
    message = Objection(1, 1, "I was there", AT)
    assert answer_sentence(message, UTC) == "It waits for an answer."
    kept = replace(
        message,
        outcome=ObjectionOutcome.KEPT,
        answer="Nobody saw you.",
        answered_at=AT,
        answered_by="Tom",
    )
    assert answer_sentence(kept, UTC) == "Tom kept the record on 2 Mar 2026: Nobody saw you."
