"""The roster's state, without Qt: who is where, who waits, what is asked and what can be undone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.kept import RefusedClaim
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.event_lines import refused_words
from kiosk.gui.attendance.roster.state import (
    NO_FACES,
    OFFERED_S,
    Question,
    RosterFilter,
    RosterState,
    StoredRoster,
)
from kiosk.services.attendance.claims import Waiting
from kiosk.services.attendance.marks_by_hand import Marked
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import (
    AttackRecorded,
    CheckInResult,
    ClaimsDelivered,
    HeadcountChanged,
    IncidentNoted,
    RecordCorrected,
)
from kiosk.services.faces.ambiguous_faces import WaitingFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousFace

ZONE: Final = ZoneInfo("Europe/Berlin")
NINE: Final = datetime(2026, 11, 23, 8, 2, tzinfo=UTC)
SESSION: Final = ClassSession(
    7, 1, NINE, None, timedelta(minutes=10), ProofPolicy.EITHER, LivenessMode.OFF, "Tom", "m", b""
)
COURSE: Final = Course(1, "CS 101", "Algorithms", "Room 1")


def student(number: int, name: str) -> Student:
    return Student(number, f"S{number:03}", name)


ANITA, BEN, LUCIA, ZOE = (
    student(number, name)
    for number, name in enumerate(("Anita Rao", "Ben Okafor", "Lucía Romero", "Zoë Åström"), start=1)
)


def record(
    of: int, status: Status, *, version: int = 1, session_id: int = 7, taken_back: bool = False
) -> AttendanceRecord:
    evidence = (Evidence(Method.MANUAL, NINE, taken_back=True),) if taken_back else ()
    return AttendanceRecord(of, session_id, of, status, Method.FACE, NINE, evidence, version)


def stored(*entries: RosterEntry, incidents: tuple[Incident, ...] = ()) -> StoredRoster:
    return StoredRoster(SESSION, COURSE, list(entries), [], list(incidents), frozenset(), [])


@pytest.fixture
def state() -> RosterState:
    return RosterState(ZONE, 7).with_stored(
        stored(
            RosterEntry(ANITA, record(1, Status.PRESENT)),
            RosterEntry(BEN, record(2, Status.LATE)),
            RosterEntry(LUCIA, None),
            RosterEntry(ZOE, record(4, Status.EXCUSED)),
        )
    )


def names(state: RosterState) -> list[str]:
    return [line.student.full_name for line in state.shown]


# -- who is where


def test_counts_and_filters_follow_the_records(state: RosterState) -> None:
    count = state.count
    assert (count.present, count.late, count.excused, count.absent) == (1, 1, 1, 0)
    assert [state.number(chosen) for chosen in RosterFilter] == [4, 1, 1, 1, 1]
    assert state.summary == "2 of 3 here · 1\N{NO-BREAK SPACE}excused · started 09:02"
    replaced = state.after(RecordCorrected(LUCIA, record(3, Status.PRESENT)))
    assert [replaced.number(chosen) for chosen in RosterFilter] == [4, 0, 2, 1, 1]
    assert state.number(RosterFilter.PRESENT) == 1, "a state never changes"


def test_the_summary_of_a_class_that_is_over_says_its_day(state: RosterState) -> None:
    assert RosterState(ZONE, 7).summary == ""
    over = replace(state, session=replace(SESSION, ended_at=NINE))
    assert over.summary == "2 of 2 here · 1\N{NO-BREAK SPACE}excused · Mon 23 Nov 2026, 09:02"


def test_in_a_class_that_was_written_down_afterwards_who_has_no_record_is_still_to_be_marked(
    state: RosterState,
) -> None:
    added = replace(state, session=replace(SESSION, ended_at=NINE, added_at=NINE))
    assert added.number(RosterFilter.MISSING) == 1
    assert added.summary.startswith("2 of 3 here")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (RosterFilter.ALL, ["Zoë Åström", "Ben Okafor", "Anita Rao", "Lucía Romero"]),
        (RosterFilter.MISSING, ["Lucía Romero"]),
        (RosterFilter.EXCUSED, ["Zoë Åström"]),
        (RosterFilter.PRESENT, ["Anita Rao"]),
        (RosterFilter.LATE, ["Ben Okafor"]),
    ],
)
def test_a_filter_shows_its_kind_only(state: RosterState, chosen: RosterFilter, expected: list[str]) -> None:
    assert names(replace(state, chosen=chosen)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("lucia", "rom"), ["Lucía Romero"]), (("astrom",), ["Zoë Åström"]), (("s002",), ["Ben Okafor"])],
)
def test_search_finds_names_and_numbers_without_case_and_accents(
    state: RosterState, words: tuple[str, ...], expected: list[str]
) -> None:
    assert names(replace(state, words=words)) == expected


def test_a_guest_is_put_in_by_name(state: RosterState) -> None:
    guest = student(9, "Carla Gast")
    came = state.after(RecordCorrected(guest, record(9, Status.PRESENT)))
    assert names(came) == ["Zoë Åström", "Carla Gast", "Ben Okafor", "Anita Rao", "Lucía Romero"]
    assert came.name_of(9) == "Carla Gast"
    assert state.name_of(9) == ""


def test_an_older_version_never_replaces_a_newer_one(state: RosterState) -> None:
    newer = state.with_record(ANITA, record(1, Status.ABSENT, version=3))
    assert newer.with_record(ANITA, record(1, Status.PRESENT, version=2)) is newer


def test_a_mark_that_was_taken_back_counts_as_not_here_and_stays_so(state: RosterState) -> None:
    undone = state.with_record(ANITA, record(1, Status.ABSENT, version=2, taken_back=True))
    line = undone.line_of(1)
    assert line is not None
    assert (line.record, line.state) == (None, "Not here yet")
    assert undone.with_record(ANITA, record(1, Status.PRESENT, version=1)) is undone


def test_another_session_changes_nothing(state: RosterState) -> None:
    elsewhere = record(3, Status.PRESENT, session_id=8)
    incident = Incident(8, IncidentKind.FOREIGN_CODES, None, None, NINE)
    result = CheckInResult(
        CheckInOutcome.MARKED_PRESENT, 8, LUCIA, Method.FACE, elsewhere, NINE, incident=incident
    )
    others = (
        RecordCorrected(LUCIA, elsewhere),
        result,
        IncidentNoted(incident),
        AttackRecorded(SuspectedAttack(8, NINE, 0.1)),
        HeadcountChanged(replace(SESSION, session_id=8, headcount=3)),
    )
    for event in others:
        assert state.after(event) is state
    assert state.with_stored(replace(stored(), session=replace(SESSION, session_id=8))) is state


# -- what arrives while the store is read


def test_what_events_said_while_it_was_read_is_kept() -> None:
    attack = SuspectedAttack(7, NINE, 0.1)
    refused = Incident(7, IncidentKind.SECOND_DEVICE_REFUSED, 2, 1, NINE, times=2)
    told = (
        RosterState(ZONE, 7)
        .after(RecordCorrected(BEN, record(2, Status.EXCUSED, version=2)))
        .after(AttackRecorded(attack))
        .after(IncidentNoted(refused))
    )
    once = replace(refused, times=1)
    read = told.with_stored(
        stored(RosterEntry(ANITA, None), RosterEntry(BEN, record(2, Status.LATE)), incidents=(once,))
    )
    assert [(line.student, line.state) for line in read.lines] == [(BEN, "Excused"), (ANITA, "Not here yet")]
    assert read.attacks == (attack,)
    assert read.incidents == (refused,)


def test_the_end_of_the_class_replaces_who_was_not_here(state: RosterState) -> None:
    ended = state.with_stored(stored(RosterEntry(LUCIA, record(3, Status.ABSENT))))
    line = ended.line_of(3)
    assert line is not None
    assert line.state == "Absent"
    assert ended.count.attended == 2


def test_the_same_incident_is_told_once_with_its_newest_number(state: RosterState) -> None:
    first = Incident(7, IncidentKind.MISTYPED_CODES, None, None, NINE)
    second = Incident(7, IncidentKind.SIGN_IN_RESTS, 2, None, NINE)
    again = replace(first, times=2)
    seen = state.after(IncidentNoted(first)).after(IncidentNoted(second)).after(IncidentNoted(again))
    assert seen.incidents == (second, again)


def test_an_attack_is_told_once(state: RosterState) -> None:
    attack = SuspectedAttack(7, NINE, 0.1)
    once = state.after(AttackRecorded(attack))
    assert once.after(AttackRecorded(attack)) is once


def test_a_headcount_is_kept_with_its_session(state: RosterState) -> None:
    counted = state.after(HeadcountChanged(replace(SESSION, headcount=23)))
    assert counted.session is not None
    assert counted.session.headcount == 23


# -- who waits


def waiting(who: Student, awaits: Awaited, minute: int, *, good: bool = True) -> Waiting:
    at = NINE + timedelta(minutes=minute)
    claim = PendingClaim(7, who.student_id, Evidence(Method.PHONE, at), awaits, at, None)
    return Waiting(who, claim, good)


def face(number: int) -> AmbiguousFace:
    return AmbiguousFace(number, 7, number, 1, NINE, b"jpeg", 0.0)


def test_who_only_the_teacher_can_settle_stands_first_then_the_oldest(state: RosterState) -> None:
    awaited = waiting(ANITA, Awaited.FACE, 1)
    not_seen = waiting(BEN, Awaited.FACE, 2, good=False)
    late_eye, early_eye = waiting(LUCIA, Awaited.EYE, 4), waiting(ZOE, Awaited.EYE, 3)
    seen = state.with_waiting((awaited, not_seen, late_eye, early_eye), NO_FACES)
    assert seen.claims == (early_eye, late_eye, not_seen, awaited)


def test_a_question_about_faces_is_over_when_none_is_left(state: RosterState) -> None:
    faces = WaitingFaces((face(1),), (ANITA,), frozenset())
    asked = state.with_waiting((), faces).asking(Question.AMBIGUOUS)
    assert asked.with_waiting((), faces).question is Question.AMBIGUOUS
    assert asked.with_waiting((), NO_FACES).question is None
    other = asked.asking(Question.MARK, 1)
    assert other.with_waiting((), NO_FACES).question is Question.MARK


def test_a_roster_that_is_put_away_forgets_who_waits_and_keeps_who_is_here(state: RosterState) -> None:
    faces = WaitingFaces((face(1),), (ANITA,), frozenset())
    away = state.with_waiting((waiting(ANITA, Awaited.EYE, 1),), faces).put_away()
    assert (away.claims, away.objections, away.ambiguous) == ((), (), NO_FACES)
    assert away.lines == state.lines


# -- what is asked, and what can be undone


def test_one_question_is_open_at_a_time_and_a_new_one_knows_nothing_of_the_last(state: RosterState) -> None:
    known = replace(state.asking(Question.MARK, 1), history=("09:02 by face",), locked_out=True)
    wrong = known.asking(Question.WRONG_FACE, 1)
    assert (wrong.question, wrong.asked, wrong.history, wrong.locked_out) == (
        Question.WRONG_FACE,
        1,
        (),
        False,
    )
    closed = wrong.asked_nothing()
    assert (closed.question, closed.asked) == (None, None)


def test_a_likely_status_follows_the_time_and_only_where_nothing_is_known(state: RosterState) -> None:
    assert state.likely(3, NINE + timedelta(minutes=1)) is Status.PRESENT
    assert state.likely(3, NINE + timedelta(minutes=11)) is Status.LATE
    assert state.likely(1, NINE) is None
    over = replace(state, session=replace(SESSION, ended_at=NINE))
    assert over.likely(3, NINE) is None


def test_an_offer_goes_by_itself_and_a_newer_one_starts_anew(state: RosterState) -> None:
    first = state.offering("Anita Rao is marked absent.", Marked(ANITA, None, record(1, Status.ABSENT)), 100)
    assert first.at(100 + OFFERED_S - 0.1) is first
    assert first.at(100 + OFFERED_S).offer is None
    second = first.offering("Ben Okafor is marked late.", None, 105)
    kept = second.at(100 + OFFERED_S).offer
    assert kept is not None
    assert kept.text == "Ben Okafor is marked late."


# -- kept while the server is away


def test_who_is_kept_on_this_pc_is_said_in_the_row_until_it_is_delivered(state: RosterState) -> None:
    kept = state.with_kept(frozenset({ANITA.student_id, LUCIA.student_id}))
    rows = {line.student: line.state for line in kept.lines}
    assert (rows[ANITA], rows[LUCIA]) == ("Present", "Kept on this PC")
    assert kept.with_kept(kept.kept) is kept
    result = CheckInResult(
        CheckInOutcome.MARKED_PRESENT, 7, LUCIA, Method.FACE, record(3, Status.PRESENT), NINE
    )
    delivered = kept.after(ClaimsDelivered((result,), (), 0)).with_kept(frozenset())
    assert {line.student: line.state for line in delivered.lines}[LUCIA] == "Present"


def test_what_was_not_accepted_at_delivery_is_told_once(state: RosterState) -> None:
    refused = RefusedClaim(7, LUCIA.student_id, Method.FACE, NINE, CheckInOutcome.HELD_BY_TEACHER)
    elsewhere = replace(refused, session_id=8)
    told = state.after(ClaimsDelivered((), (refused, elsewhere), 0))
    assert told.refused == (refused,)
    assert told.after(ClaimsDelivered((), (refused,), 0)) is told
    assert refused_words(told.refused, told.name_of, ZONE) == [
        "09:02  The check-in of Lucía Romero that was kept here was not accepted: a teacher decided by hand."
    ]
