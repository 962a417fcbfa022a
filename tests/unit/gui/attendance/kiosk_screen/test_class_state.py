from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kiosk.domain.attendance.choices import CheckInOutcome, LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.kiosk_screen.class_state import ClassState, Trouble
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    ClaimsDelivered,
    HeadcountChanged,
    IncidentNoted,
    ModelReplaced,
    RecognitionReady,
    RecordCorrected,
    SessionStarted,
    StoreStateChanged,
    WebStateChanged,
    WorkerFailed,
)
from kiosk.wording.kept_claims import kept_words

NINE = datetime(2026, 9, 7, 7, 0, tzinfo=UTC)
SESSION = ClassSession(
    1, 1, NINE, None, timedelta(minutes=10), ProofPolicy.EITHER, LivenessMode.OFF, "Tom", "m", b"k" * 32
)
STARTED = SessionStarted(SESSION, Course(1, "CS 101", "Algorithms"), 3)
PEOPLE = [Student(number, f"S{number}", f"Student {number}") for number in (1, 2, 3)]


def record(number: int, status: Status, minute: int = 1, version: int = 1) -> AttendanceRecord:
    return AttendanceRecord(
        number, 1, number, status, Method.FACE, NINE + timedelta(minutes=minute), version=version
    )


def marked(number: int, status: Status = Status.PRESENT, minute: int = 1) -> CheckInResult:
    made = record(number, status, minute)
    outcome = CheckInOutcome.MARKED_LATE if status is Status.LATE else CheckInOutcome.MARKED_PRESENT
    return CheckInResult(outcome, 1, PEOPLE[number - 1], Method.FACE, made, made.marked_at)


def started() -> ClassState:
    return ClassState().on_event(STARTED).with_roster([RosterEntry(one, None) for one in PEOPLE])


def test_class_begins_with_everybody_missing_and_the_camera_opening() -> None:
    state = started()
    assert state.counts == ClassTally(0, 0, 3)
    assert state.camera is CameraState.OPENING
    assert state.enrolled is None


def test_a_clock_that_was_moved_is_known_also_when_the_class_is_resumed() -> None:
    hour = timedelta(hours=1)
    moved = IncidentNoted(Incident(1, IncidentKind.CLOCK_MOVED, None, None, NINE, 1, hour))
    assert started().clock_moved == timedelta()
    assert started().on_event(moved).clock_moved == hour
    assert started().on_event(IncidentNoted(replace(moved.incident, session_id=2))).clock_moved == timedelta()
    resumed = replace(STARTED, session=replace(SESSION, clock_moved=hour))
    assert ClassState().on_event(resumed).clock_moved == hour


def test_a_reader_of_passes_that_works_again_is_no_trouble_any_more() -> None:
    off = started().on_event(WorkerFailed("vision", "Off."))
    hung = off.on_event(WorkerFailed("codes", "It hung.", "Students scan."))
    assert hung.pass_trouble == Trouble("It hung.", "Please scan the code.")
    assert hung.on_event(WorkerFailed("codes", "")) == off


def test_marks_are_counted_and_listed_newest_first() -> None:
    state = started().on_event(marked(1, minute=1)).on_event(marked(2, Status.LATE, minute=12))
    assert state.counts == ClassTally(1, 1, 1)
    assert [one.student.student_id for one in state.arrivals] == [2, 1]


def test_second_claim_of_the_same_student_changes_nothing() -> None:
    state = started().on_event(marked(1))
    again = replace(marked(1), outcome=CheckInOutcome.ALREADY_MARKED)
    assert state.on_event(again) is state


def test_marks_of_another_session_are_not_shown() -> None:
    state = started()
    assert state.on_event(replace(marked(1), session_id=9)) is state


def test_refused_claim_counts_nobody() -> None:
    state = started()
    refused = replace(marked(1), outcome=CheckInOutcome.NOT_REGISTERED, record=None)
    assert state.on_event(refused).counts == ClassTally(0, 0, 3)


def test_roster_that_arrives_late_keeps_what_events_said() -> None:
    state = ClassState().on_event(STARTED).on_event(marked(1))
    full = state.with_roster([RosterEntry(one, None) for one in PEOPLE])
    assert full.counts == ClassTally(1, 0, 2)
    assert len(full.arrivals) == 1


def test_resumed_class_shows_who_came_before() -> None:
    entries = [RosterEntry(PEOPLE[0], record(1, Status.PRESENT)), RosterEntry(PEOPLE[1], None)]
    state = ClassState().on_event(STARTED).with_roster(entries)
    assert state.counts == ClassTally(1, 0, 1)
    assert state.arrivals[0].student == PEOPLE[0]


def test_correction_by_hand_moves_the_student() -> None:
    state = started().on_event(marked(1))
    absent = RecordCorrected(PEOPLE[0], record(1, Status.ABSENT, version=2))
    assert state.on_event(absent).counts == ClassTally(waiting=2, absent=1)
    assert state.on_event(absent).arrivals == ()


def test_excused_student_is_not_waited_for() -> None:
    state = started().on_event(RecordCorrected(PEOPLE[2], record(3, Status.EXCUSED)))
    assert state.counts == ClassTally(waiting=2, excused=1)


def test_lost_camera_says_why_until_it_is_back() -> None:
    lost = started().on_event(CameraStateChanged(CameraState.LOST, "It was unplugged.", "Plug it in."))
    assert lost.camera_trouble == Trouble("It was unplugged.", "Plug it in.")
    back = lost.on_event(CameraStateChanged(CameraState.RUNNING))
    assert (back.camera, back.camera_trouble) == (CameraState.RUNNING, None)


def test_recognition_ready_says_how_many_it_knows() -> None:
    assert started().on_event(RecognitionReady(1, "m", "d", 17, 85)).enrolled == 17


def test_a_check_that_cannot_be_made_is_said_as_long_as_the_class_lasts() -> None:
    told = started().on_event(
        RecognitionReady(1, "m", "d", 17, 85, "The networks are damaged.", "Please scan.")
    )
    assert (told.enrolled, told.trouble) == (17, Trouble("The networks are damaged.", "Please scan."))


def test_failed_recognition_is_said_and_forgotten_once_it_works() -> None:
    failed = started().on_event(WorkerFailed("vision", "Recognition has stopped."))
    assert failed.trouble is not None
    assert failed.on_event(RecognitionReady(1, "m", "d", 17, 85)).trouble is None


def test_a_store_that_fails_is_said_until_it_works_in_whatever_class() -> None:
    failed = started().on_event(StoreStateChanged("The disk is full.", "Free some space."))
    assert failed.on_event(STARTED).store_trouble == Trouble("The disk is full.", "Free some space.")
    assert failed.on_event(StoreStateChanged()).store_trouble is None


def test_a_mark_that_failed_is_said_until_one_is_written_and_not_beside_what_the_store_says() -> None:
    once = WorkerFailed("store", "It is not known whether this was saved.")
    failed = started().on_event(once)
    assert failed.store_trouble is not None
    assert failed.on_event(marked(1)).store_trouble is None
    told = started().on_event(StoreStateChanged("The disk is full."))
    assert told.on_event(once) is told


def test_another_model_at_work_is_said_until_the_next_class() -> None:
    ready = RecognitionReady(1, "dlib-resnet-v1", "d", 17, 85)
    told = started().on_event(ModelReplaced(1, "dlib-resnet-v1", "The file is damaged.")).on_event(ready)
    assert told.model_trouble == Trouble("The chosen model fails; dlib-resnet-v1 recognises.", "")
    assert (told.trouble, told.enrolled) == (None, 17)
    assert told.on_event(STARTED).model_trouble is None
    assert started().on_event(ModelReplaced(2, "dlib-resnet-v1", "")).model_trouble is None


def test_network_state_outlives_the_class() -> None:
    state = started().on_event(WebStateChanged(True, "http://10.0.0.1:8080"))
    assert state.on_event(STARTED).phones
    off = state.on_event(WebStateChanged(False, "", "The port is taken.", "Choose another."))
    assert not off.phones
    assert off.phone_trouble == Trouble("The port is taken.", "Choose another.")


def test_a_headcount_belongs_to_its_class() -> None:
    state = started()
    other = replace(SESSION, session_id=2, headcount=9)
    assert state.on_event(HeadcountChanged(other)) is state
    assert state.on_event(HeadcountChanged(replace(SESSION, headcount=2))).session == replace(
        SESSION, headcount=2
    )


AWAY = StoreStateChanged("The database server cannot be reached.", "Check the network.", is_keeping=True)


def test_while_the_server_is_away_the_red_line_says_what_happens_to_who_comes() -> None:
    state = started().on_event(AWAY)
    assert state.store_line == Trouble(AWAY.user_text, kept_words(0))
    state = state.with_kept(frozenset({1, 2}))
    assert state.store_line == Trouble(AWAY.user_text, kept_words(2))
    assert state.counts == ClassTally(0, 0, 1, kept=2)
    assert state.on_event(STARTED).store_line == Trouble(AWAY.user_text, kept_words(0))
    assert state.on_event(StoreStateChanged()).store_line is None


def test_what_this_pc_knows_by_itself_does_not_mean_that_the_server_is_back() -> None:
    state = started().on_event(marked(1)).on_event(AWAY)
    again = replace(marked(1), outcome=CheckInOutcome.ALREADY_MARKED, is_from_memory=True)
    assert state.on_event(again) is state


def test_what_is_delivered_is_counted_at_once_and_without_a_word_more() -> None:
    state = started().with_kept(frozenset({1, 2}))
    refused = replace(marked(3), outcome=CheckInOutcome.NOT_REGISTERED, record=None)
    state = state.on_event(ClaimsDelivered((marked(1), marked(2, Status.LATE, 12), refused), (), 0))
    assert state.with_kept(frozenset()).counts == ClassTally(1, 1, 1)
