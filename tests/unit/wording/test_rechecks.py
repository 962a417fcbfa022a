"""Re-checks in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.rechecks import Asked, Disturbance, Recheck, RecheckMeaning
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.wording.attendance import evidence_words, proof_words
from kiosk.wording.rechecks import (
    disturbance_words,
    left_words,
    recheck_outcome,
    recheck_title,
    student_recheck_words,
    window_words,
)

BEGAN = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
DONE = Recheck(1, 7, None, BEGAN, BEGAN + timedelta(minutes=5), BEGAN, RecheckMeaning.ABSENT, "Tom")


def test_the_screen_counts_down_and_does_not_end_a_second_early() -> None:
    assert window_words(192.0, shown=14, asked=30) == "Show up again: 3:12 left, 14 of 30"
    assert [left_words(one) for one in (300.0, 59.2, 0.4, -1.0)] == ["5:00", "1:00", "0:01", "0:00"]


def test_what_came_of_it_is_said_in_a_line_and_a_sentence() -> None:
    assert recheck_title(DONE, missing=2, asked=30, zone=UTC) == "Re-check at 08:40: 2 of 30 did not show up"
    assert recheck_title(DONE, missing=0, asked=30, zone=UTC) == "Re-check at 08:40: all 30 showed up"
    assert "count as absent" in recheck_outcome(DONE)
    assert "late" in recheck_outcome(replace(DONE, meaning=RecheckMeaning.LATE))
    assert "noted" in recheck_outcome(replace(DONE, meaning=RecheckMeaning.NOTED))
    taken_back = replace(DONE, taken_back_at=BEGAN, taken_back_by="Tom")
    assert recheck_outcome(taken_back) == "Taken back by Tom: it changes nobody."


def test_a_students_own_part_is_said_in_words() -> None:
    asked = Asked(1, 1)
    assert student_recheck_words(DONE, asked) == "Did not show up again. That is only noted."
    assert "Incomplete" in student_recheck_words(replace(DONE, disturbance=Disturbance.CUT_SHORT), asked)
    still = replace(DONE, ended_at=None)
    assert student_recheck_words(still, asked) == "Has not shown up again yet."
    face = replace(asked, shown_at=BEGAN, method=Method.FACE)
    assert student_recheck_words(DONE, face) == "Showed up again, by face."
    proof = Evidence(Method.MANUAL, BEGAN, actor="Tom")
    hand = replace(face, method=Method.MANUAL, evidence=(proof,))
    assert student_recheck_words(DONE, hand) == "Was here, as Tom says."


def test_an_incomplete_one_says_why_and_that_nobody_is_judged() -> None:
    reasons = {disturbance_words(one) for one in Disturbance}
    assert len(reasons) == len(Disturbance)
    said = recheck_outcome(replace(DONE, disturbance=Disturbance.NO_WAY))
    assert said.startswith("Incomplete, nobody is judged: for a time neither camera nor phones")


def test_a_record_that_a_recheck_set_does_not_say_that_a_hand_did_it() -> None:
    proof = Evidence(
        Method.MANUAL, BEGAN, actor="the kiosk", reason="did not show up in the re-check", recheck=1
    )
    record = AttendanceRecord(1, 7, 1, Status.ABSENT, Method.MANUAL, BEGAN, (proof,))
    assert proof_words(record, UTC) == "08:40 · re-check"
    assert evidence_words(proof, UTC) == "08:40 by re-check: did not show up in the re-check"
