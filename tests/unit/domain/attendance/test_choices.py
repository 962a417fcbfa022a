from kiosk.domain.attendance.choices import CheckInOutcome


def test_whoever_is_marked_or_may_be_yet_is_not_refused() -> None:
    assert {outcome for outcome in CheckInOutcome if not outcome.is_refused} == {
        CheckInOutcome.MARKED_PRESENT,
        CheckInOutcome.MARKED_LATE,
        CheckInOutcome.ALREADY_MARKED,
        CheckInOutcome.SEEN_AGAIN,
        CheckInOutcome.CHECKED_OUT,
        CheckInOutcome.FACE_AWAITED,
        CheckInOutcome.TEACHER_AWAITED,
        CheckInOutcome.PHONE_AWAITED,
        CheckInOutcome.KEPT,
    }
