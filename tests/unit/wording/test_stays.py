"""Minutes in words."""

from dataclasses import replace
from datetime import UTC, datetime

from kiosk.domain.attendance.stays import Stay
from kiosk.wording.stays import stay_words


def test_leaving_a_hand_and_the_end_are_told_apart() -> None:
    stay = Stay(72, 90, datetime(2026, 3, 2, 10, 12, tzinfo=UTC), by_hand=False)
    assert stay_words(stay, UTC) == "left 10:12 · 72 of 90 min (80 %)"
    assert stay_words(replace(stay, by_hand=True), UTC) == "72 of 90 min (80 %) · by hand"
    assert stay_words(replace(stay, left_at=None), UTC) == "72 of 90 min (80 %) · to the end"
