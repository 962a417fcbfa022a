import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kiosk
from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.audit import AuditEntry, AuditGroup, AuditLine
from kiosk.wording.audit import ACTIONS, GROUPS, action_words, actor_words, detail_words, subject_words

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SESSION = ClassSession(7, 1, AT, None, timedelta(0), ProofPolicy.EITHER, LivenessMode.OFF, "Tom", "m", b"")
COURSE = Course(1, "CS 101", "Algorithms", "")


def entry(action: str, subject: str = "", detail: str = "") -> AuditEntry:
    return AuditEntry(1, AT, "Ada", action, subject, detail)


def written_actions() -> set[str]:
    """What the program gives `audit.add`, or a function that hands it on, as its action: literally, as one of two, or by a name."""
    found = set()
    for path in Path(str(kiosk.__file__)).parent.rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("audit.add", "_note", "_log", "_audit")
            ):
                found |= {text for argument in node.args for text in _texts_of(argument, module)}
    return found


def _texts_of(action: ast.expr, module: ast.Module) -> set[str]:
    if isinstance(action, ast.Name):
        given = [
            node.value
            for node in ast.walk(module)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == action.id
        ]
    else:
        given = [action]
    texts = [node.value for one in given for node in ast.walk(one) if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_-]+", text)}


def test_every_action_that_the_program_writes_is_said_in_words() -> None:
    written = written_actions()
    assert len(written) > 30
    assert written <= set(ACTIONS)


def test_every_action_belongs_to_one_group() -> None:
    first_words = [word for group in AuditGroup for word in group.first_words]
    assert len(first_words) == len(set(first_words))
    assert {action.partition(".")[0] for action in ACTIONS} <= set(first_words)
    assert set(GROUPS) == set(AuditGroup)


def test_an_action_of_another_version_is_said_as_it_is_called_there() -> None:
    assert action_words("moon.rocket_started") == "Moon rocket started"


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("Ada", "Ada"),
        ("local:root", "root on the command line"),
        ("kiosk", "The kiosk itself"),
        ("the kiosk", "The kiosk itself"),
    ],
)
def test_who_did_it_is_said_plainly(actor: str, words: str) -> None:
    assert actor_words(actor) == words


def test_names_stand_beside_numbers_and_classes_are_called_by_course_and_time() -> None:
    student = Student(3, "S003", "Chen Wei")
    marked = AuditLine(entry("record.marked_by_hand", "S003 #7"), student, SESSION, COURSE)
    assert subject_words(marked, UTC) == "Chen Wei (S003) · CS 101, Mon 2 Mar 2026, 08:00"
    started = AuditLine(entry("session.started", "CS 101 #7"), None, SESSION, COURSE)
    assert subject_words(started, UTC) == "CS 101, Mon 2 Mar 2026, 08:00"
    gone = AuditLine(entry("session.ended", "#9"))
    assert subject_words(gone, UTC) == "class 9, which is gone"
    assert subject_words(AuditLine(entry("backup.made", "monday")), UTC) == "monday"


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("record.marked_by_hand", "excused: dentist", "excused: dentist"),
        ("record.confirmed_by_eye", "late", "late"),
        ("objection.answered", "kept: absent", "kept: absent"),
        ("policy.changed", "spot_check", "phone, some faces"),
        ("setting.changed", "9 to 10", "9 to 10"),
    ],
)
def test_details_are_said_without_the_programs_own_words(action: str, detail: str, words: str) -> None:
    assert detail_words(AuditLine(entry(action, detail=detail))) == words
