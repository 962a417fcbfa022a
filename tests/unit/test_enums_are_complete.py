"""The net below mypy: every member of every enumeration that people read has words, wherever it is said."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kiosk.domain.attendance.choices import CheckInOutcome, LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.face_quality import Flaw
from kiosk.domain.faces.guided_enrolment import Advice, Step
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.domain.records.stored import StudentRecord
from kiosk.domain.trust.api_tokens import Scope, TokenState
from kiosk.domain.trust.backups import BackupState, Difference, FolderDoubt, FolderOpinion, Origin, Part
from kiosk.gui.attendance.kiosk_screen.cards import CardBoard, CardKind
from kiosk.gui.attendance.kiosk_screen.result_cards import LOOKS
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.sounds import NAMES
from kiosk.reports.records.workbook import write_workbook
from kiosk.services.events import CheckInResult
from kiosk.web.pages.my_words import record_line, tally
from kiosk.web.pages.words import verdict
from kiosk.wording.api_tokens import scope_words, token_state_title
from kiosk.wording.attendance import evidence_words, liveness_words, method_words, policy_words, status_words
from kiosk.wording.backups import difference_lines, folder_sentences, origin_words, state_words
from kiosk.wording.faces import advice_words, flaw_words, request_words, step_words
from kiosk.wording.incidents import incident_sentence
from kiosk.wording.objections import objection_words
from kiosk.wording.people import role_title
from tests.fakes.reports.report_repositories import ZONE, FakeReportRepositories, sample_context

AT = dt.datetime(2026, 10, 1, 7, 2, tzinfo=dt.UTC)
ADA = Student(1, "S1", "Ada")
MAY_BE_EMPTY = {"instruction"}
SILENT = {CheckInOutcome.FACE_AWAITED, CheckInOutcome.TEACHER_AWAITED}
"""What the kiosk's screen leaves to others: the line above the camera, and the teacher."""


def flaw(member: Flaw) -> tuple[str, str]:
    return flaw_words(member, face_px=40, least_px=80)


def objection(member: ObjectionOutcome) -> str:
    return objection_words(member, who="Tom", day="2 Mar 2026")


def incident(member: IncidentKind) -> str:
    return incident_sentence(member, who="Ada", other="Bob")


def doubt_of(member: FolderDoubt) -> str:
    return " ".join(folder_sentences(FolderOpinion((member,), 1_000_000, 2_000_000)))


def difference_of(member: Part) -> str:
    return " ".join(difference_lines({member: Difference(1, 2)}))


WORDED: tuple[tuple[type[StrEnum], Callable[[Any], Any]], ...] = (
    (Status, status_words),
    (Method, method_words),
    (ProofPolicy, policy_words),
    (LivenessMode, liveness_words),
    (Role, role_title),
    (Scope, scope_words),
    (TokenState, token_state_title),
    (Origin, origin_words),
    (BackupState, state_words),
    (Part, difference_of),
    (FolderDoubt, doubt_of),
    (IncidentKind, incident),
    (ObjectionOutcome, objection),
    (Step, step_words),
    (Advice, advice_words),
    (Request, request_words),
    (Flaw, flaw),
)


def texts(said: Any) -> list[str]:
    """Everything that is said, one by one, but what may be empty."""
    if isinstance(said, str):
        return [said]
    if isinstance(said, tuple):
        return list(said)
    return [text for name, text in dataclasses.asdict(said).items() if name not in MAY_BE_EMPTY]


@pytest.mark.parametrize(("kind", "words"), WORDED, ids=lambda one: getattr(one, "__name__", ""))
def test_every_member_has_words(kind: type[StrEnum], words: Callable[[Any], Any]) -> None:
    said = {member: texts(words(member)) for member in kind}
    assert all(text.strip() for parts in said.values() for text in parts)
    assert len({tuple(parts) for parts in said.values()}) == len(kind)


@pytest.mark.parametrize("outcome", list(CheckInOutcome))
def test_the_kiosk_screen_and_the_phone_answer_every_outcome(outcome: CheckInOutcome) -> None:
    record = AttendanceRecord(1, 1, 1, Status.PRESENT, Method.PASS, AT)
    result = CheckInResult(outcome, 1, ADA, Method.PASS, record, AT)
    board = CardBoard(zone=ZONE, success_s=3, failure_s=5)
    board.on_event(result, 10)
    assert [bool(one.card.title and one.card.detail) for one in board.shown(10)] == [True] * (
        outcome not in SILENT
    )
    assert verdict(result).title


def test_every_card_has_a_look_and_a_sound() -> None:
    assert set(LOOKS) == set(CardKind)
    assert set(NAMES) == {kind.value for kind in CardKind}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("method", list(Method))
def test_the_window_and_the_phone_say_every_record(status: Status, method: Method) -> None:
    record = AttendanceRecord(1, 1, 1, status, method, AT, (Evidence(method, AT),))
    assert status_look(status).icon
    assert evidence_words(record.evidence[0], ZONE)
    line = record_line(StudentRecord(record, Course(1, "CS 101", ""), AT), ZONE)
    assert line.recorded_as == status_words(status).title
    assert line.detail.endswith(method_words(method).own)
    assert tally(AttendanceCount().plus(status)) == f"1\N{NO-BREAK SPACE}{status_words(status).word}"


def test_the_workbook_says_every_record(tmp_path: Path) -> None:
    school = FakeReportRepositories()
    school.all_courses.append(Course(1, "CS101", "Programming"))
    made = [(status, method) for status in Status for method in Method]
    school.rosters[1] = [Student(number, f"S{number}", "Ada") for number in range(len(made))]
    session = school.add_session(1, AT)
    for student, (status, method) in zip(school.rosters[1], made, strict=True):
        school.add_record(session, student, status, evidence=(Evidence(method, AT),))
    path = tmp_path / "out.xlsx"
    write_workbook(path, school, sample_context())
    book = load_workbook(path)
    said = {row[6:8] for row in book["Records"].iter_rows(min_row=2, values_only=True)}
    assert said == {(status_words(status).title, method_words(method).title) for status, method in made}
    counted = next(book["Summary"].iter_rows(min_row=4, max_row=4, values_only=True))
    assert [status_words(status).title for status in Status] == list(counted[3 : 3 + len(Status)])
    explained = {row[0] for row in book["About"].iter_rows(values_only=True)}
    assert {status_words(status).title for status in Status} <= explained
