import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.incidents import DeviceUse
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.school.kept_data import PhoneTraces
from kiosk.services.ports.progress import Progress
from kiosk.services.school.retention import TRACES_AT_ONCE
from kiosk.services.school.retention_rounds import AGAIN_S, EVERY_S, RetentionRounds
from kiosk.settings import SchoolRules
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup.restoring import restore
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.school import ZONE, SmallSchool, open_school

DAY_S = 86400.0


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    """Three enrolled ones; the second leaves the course after thirty days."""
    course, people = school.add_course()
    for person, student in enumerate(people):
        school.enrol(student, person, pictures=2)
    day = school.clock.now().astimezone(ZONE).date()
    school.store.write(
        lambda repositories: repositories.courses.unregister(
            course.course_id, people[1].student_id, day + timedelta(days=30)
        )
    )
    return people


def pictures(school: SmallSchool, students: list[Student]) -> list[int]:
    counts = school.store.read(lambda repositories: repositories.faces.sample_counts())
    return [counts.get(one.student_id, 0) for one in students]


def hold_class(school: SmallSchool) -> None:
    course = school.store.read(lambda repositories: repositories.courses.all())[0]
    session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    school.sessions.end(session.session_id, actor=admin("Tom"))


def add_check_ins(school: SmallSchool, student: Student, number: int) -> None:
    course = school.store.read(lambda repositories: repositories.courses.all())[0]
    session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    now = school.clock.now()

    def add(repositories: Repositories) -> None:
        for index in range(number):
            use = DeviceUse(session.session_id, student.student_id, f"browser {index}", None, None, now)
            repositories.devices.add(use)

    school.store.write(add)
    school.sessions.end(session.session_id, actor=admin("Tom"))


def test_faces_go_months_after_the_last_class_and_later_for_who_goes_on(
    school: SmallSchool, students: list[Student]
) -> None:
    first, left, _third = students
    school.clock.advance(60 * DAY_S)
    hold_class(school)
    assert school.retention.kept(first.student_id).face is not None
    school.clock.advance(155 * DAY_S)
    assert [one.student for one in school.retention.due(actor=admin()).faces] == [left]
    assert pictures(school, students) == [2, 2, 2]

    gone = school.retention.delete(actor=admin("the kiosk"))

    (term,) = gone.faces
    assert (term.student, term.samples, term.last_needed, term.until) == (
        left,
        2,
        date(2026, 12, 23),
        date(2027, 6, 23),
    )
    assert pictures(school, students) == [2, 0, 2]
    entry = school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.action, entry.actor, entry.subject) == ("faces.expired", "the kiosk", left.student_no)
    assert entry.detail == "2 samples deleted, last needed on 2026-12-23"
    assert not school.retention.delete(actor=admin("the kiosk"))


def test_restoring_an_older_backup_deletes_expired_faces_again(data_dir: Path, tmp_path: Path) -> None:
    with open_school(data_dir) as school:
        student = school.add_course(students=1)[1][0]
        school.enrol(student, 1, pictures=2)
        assert isinstance(school.database, SqlDatabase)
        backup.create(school.database, data_dir, tmp_path / "school.kiosk-backup")
        school.clock.advance(400 * DAY_S)
        assert len(school.retention.delete(actor=admin("the kiosk")).faces) == 1
    restore(tmp_path / "school.kiosk-backup", data_dir)
    with open_school(data_dir) as again:
        assert pictures(again, [student]) == [0]


def test_the_word_of_consent_and_the_students_record_stay(
    school: SmallSchool, students: list[Student]
) -> None:
    school.clock.advance(400 * DAY_S)
    assert len(school.retention.delete(actor=admin("the kiosk")).faces) == 3
    kind = ConsentKind.FACE_RECOGNITION
    words = school.store.read(lambda repositories: repositories.consents.newest_words(kind))
    assert words == {student.student_id: True for student in students}


def test_a_school_may_keep_faces_until_consent_is_withdrawn(
    school: SmallSchool, students: list[Student]
) -> None:
    school.school.change_rules(SchoolRules(faces_kept_months=0), actor=admin("Ada"))
    school.clock.advance(4000 * DAY_S)
    assert not school.retention.delete(actor=admin("the kiosk")).faces
    kept = school.retention.kept(students[0].student_id)
    assert kept.face is not None
    assert kept.face.until is None


def test_old_check_ins_by_phone_go_in_portions(school: SmallSchool, students: list[Student]) -> None:
    add_check_ins(school, students[0], TRACES_AT_ONCE + 5)
    school.clock.advance(89 * DAY_S)
    assert not school.retention.due(actor=admin()).traces
    school.clock.advance(1.5 * DAY_S)
    gone = school.retention.delete(actor=admin("the kiosk"))
    assert gone.traces == PhoneTraces(TRACES_AT_ONCE + 5, 0)
    entries = school.store.read(lambda repositories: repositories.audit.entries(2))
    assert [one.action for one in entries] == ["traces.expired"] * 2


def rounds(school: SmallSchool) -> RetentionRounds:
    return RetentionRounds(
        retention=school.retention,
        left_overs=school.cases.school.left_overs,
        kept=school.cases.school.kept,
        store=school.store,
        clock=school.clock,
        zone=ZONE,
        running=school.running,
    )


def test_the_first_week_only_looks_and_then_a_round_a_day_deletes(
    school: SmallSchool, students: list[Student]
) -> None:
    school.clock.advance(400 * DAY_S)
    retention = rounds(school)
    for _ in range(7):
        retention.tick()
        assert pictures(school, students) == [2, 2, 2]
        assert retention.newest is not None
        assert (len(retention.newest.due.faces), retention.newest.held_until) == (3, date(2028, 1, 4))
        school.clock.advance(EVERY_S)
    retention.tick()
    assert pictures(school, students) == [0, 0, 0]
    assert retention.newest is not None
    assert (len(retention.newest.due.faces), retention.newest.held_until) == (3, None)
    school.clock.advance(EVERY_S)
    retention.tick()
    assert retention.newest is None


def test_a_clock_that_leaps_ahead_deletes_nothing(school: SmallSchool, students: list[Student]) -> None:
    retention = rounds(school)
    for _ in range(9):
        retention.tick()
        school.clock.advance(EVERY_S)
    school.clock.set_wall_clock(3650 * DAY_S)
    rounds(school).tick()
    assert pictures(school, students) == [2, 2, 2]
    school.clock.set_wall_clock(-3650 * DAY_S)
    rounds(school).tick()
    assert pictures(school, students) == [2, 2, 2]


def test_an_open_class_is_never_disturbed(school: SmallSchool, students: list[Student]) -> None:
    retention = rounds(school)
    retention.tick()
    school.clock.advance(400 * DAY_S)
    retention.tick()
    school.clock.advance(8 * DAY_S)
    course = school.store.read(lambda repositories: repositories.courses.all())[0]
    session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    school.running.show(session, course)
    before = school.store.read(lambda repositories: repositories.audit.entries(1))
    retention.tick()
    assert pictures(school, students) == [2, 2, 2]
    assert school.store.read(lambda repositories: repositories.audit.entries(1)) == before
    school.running.clear()
    retention.tick()
    assert pictures(school, students) == [2, 0, 2]  # the class that was held is the newest use of the others


class OneStep(Progress):
    """Goes on once, then no more."""

    def __init__(self) -> None:
        self.left = 1

    def is_cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_a_class_that_begins_during_a_round_cuts_it_short_until_later(
    school: SmallSchool, students: list[Student]
) -> None:
    school.clock.advance(400 * DAY_S)
    gone = school.retention.delete(actor=admin("the kiosk"), progress=OneStep())
    assert len(gone.faces) == 1
    assert sorted(pictures(school, students)) == [0, 2, 2]
    assert AGAIN_S < EVERY_S


def test_old_left_overs_go_with_a_round_and_old_keys_stay(
    school: SmallSchool, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    retention, now_s = rounds(school), school.clock.now().timestamp()
    ages = {
        "kiosk.sqlite3.before-restore-1": 31,
        "kiosk.sqlite3.before-restore-2": 29,
        ".restore-1": 31,
        ".kiosk.toml.01.part": 31,
        "keys/school.key.before-recovery-1": 4000,
    }
    for name in ages:
        (data_dir / name).mkdir() if name == ".restore-1" else (data_dir / name).write_bytes(b"12")
    for _ in range(8):
        for name, days in ages.items():
            if (data_dir / name).exists():
                at_s = now_s + school.clock.monotonic() - 1000 - days * DAY_S
                os.utime(data_dir / name, (at_s, at_s))
        retention.tick()
        school.clock.advance(EVERY_S)
    left = {name for name in ages if (data_dir / name).exists()}
    assert left == {"kiosk.sqlite3.before-restore-2", "keys/school.key.before-recovery-1"}
    with caplog.at_level("INFO"):
        school.school.change_rules(SchoolRules(left_overs_kept_days=7), actor=admin("Ada"))
        retention.tick()
    assert not (data_dir / "kiosk.sqlite3.before-restore-2").exists()
    assert "kiosk.sqlite3.before-restore-2 (2 bytes)" in caplog.text
