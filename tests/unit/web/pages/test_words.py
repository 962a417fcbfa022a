from datetime import UTC, datetime

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.services.events import CheckInResult
from kiosk.web.http.tones import Tone
from kiosk.web.pages.words import attendance_words, course_words, verdict

AT = datetime(2026, 3, 2, 8, 2, tzinfo=UTC)


def result(
    outcome: CheckInOutcome, status: Status | None, method: Method | None = Method.PHONE
) -> CheckInResult:
    record = AttendanceRecord(1, 1, 1, status, method, AT) if status else None
    return CheckInResult(outcome, 1, Student(1, "S1", "Anita Rao"), Method.PHONE, record, AT)


def test_every_outcome_has_words_of_its_own() -> None:
    titles = {verdict(result(outcome, None)).title for outcome in CheckInOutcome}
    assert len(titles) == len(CheckInOutcome)


@pytest.mark.parametrize(
    ("outcome", "status", "tone"),
    [
        (CheckInOutcome.MARKED_PRESENT, Status.PRESENT, Tone.PRESENT),
        (CheckInOutcome.MARKED_LATE, Status.LATE, Tone.LATE),
        (CheckInOutcome.ALREADY_MARKED, Status.LATE, Tone.CALM),
        (CheckInOutcome.SEEN_AGAIN, Status.PRESENT, Tone.PRESENT),
        (CheckInOutcome.CHECKED_OUT, Status.PRESENT, Tone.PRESENT),
    ],
)
def test_a_mark_shows_its_time(outcome: CheckInOutcome, status: Status, tone: Tone) -> None:
    found = verdict(result(outcome, status))
    assert (found.tone, found.moment, found.status_code) == (tone, AT, 200)


def test_already_marked_names_the_status_and_who_did_it() -> None:
    found = verdict(result(CheckInOutcome.ALREADY_MARKED, Status.LATE, Method.MANUAL))
    assert found.title == "You are already marked late"
    assert found.hint == "Your teacher has marked you. There is nothing more to do."


def test_an_absent_student_of_an_ended_class_is_told_so() -> None:
    found = verdict(result(CheckInOutcome.SESSION_ENDED, Status.ABSENT, None))
    assert (found.title, found.status_code) == ("This class has ended", 410)
    assert "You are recorded as absent." in found.hint


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (AttendanceCount(), ""),
        (AttendanceCount(excused=3), ""),
        (AttendanceCount(present=10, late=1, absent=1, excused=2), "11 of 12 (92 %)"),
        (AttendanceCount(present=199, absent=1), "199 of 200 (99 %)"),
        (AttendanceCount(present=4), "4 of 4 (100 %)"),
        (AttendanceCount(absent=4), "0 of 4 (0 %)"),
    ],
)
def test_attendance_is_a_count_and_an_honest_share(count: AttendanceCount, text: str) -> None:
    assert attendance_words(count) == text


def test_a_course_without_a_title_is_its_code() -> None:
    assert course_words(Course(1, "CS 101", "")) == "CS 101"
    assert course_words(Course(1, "CS 101", "Algorithms")) == "CS 101 · Algorithms"
