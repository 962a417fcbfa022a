"""A school with something in every table that a move has to bring over, and what it looks like on either side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.staff import Role
from kiosk.domain.trust.throttle import staff_limits
from kiosk.services.attendance.check_in import Claim
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.row import Row
from kiosk.storage.keys.key_ring import database_path
from tests.fakes.actors import admin
from tests.world.school import open_school

ANNA = admin("Anna")


def make_school(data_dir: Path, *, students: int = 7) -> None:
    """Classes that were held, with faces, phones, corrections, wrong passwords and what students said."""
    with open_school(data_dir) as school:
        course, people = school.add_course("ÇA 101", students)
        school.accounts.add(name="Anna", role=Role.ADMIN, password="a long password", actor=ANNA)
        for number, student in enumerate(people[:3], start=1):
            school.enrol(student, number, pictures=2)
        school.set_pin(people[0], "135790")
        school.throttle.reserve(staff_limits("anna"))
        for _class in range(2):
            session = school.sessions.start(
                course.course_id, actor=ANNA, model="fake", policy=ProofPolicy.EITHER
            )
            for student in people[1:-1]:
                proof = Evidence(
                    Method.PHONE, school.clock.now(), device=f"d{student.student_id}", address="10.0.0.7"
                )
                school.checkin.submit(Claim(session.session_id, student.student_id, proof)).result()
            school.marks.mark(
                session.session_id, people[0].student_id, Status.EXCUSED, actor=ANNA, reason="ill, “really”"
            )
            school.marks.mark(
                session.session_id, people[0].student_id, Status.PRESENT, actor=ANNA, reason="came"
            )
            school.clock.advance(3600.25)
            school.sessions.end(session.session_id, actor=ANNA)
        (newest, *_earlier) = school.sessions.of_course(course.course_id)
        missing = school.sessions.roster(newest.session_id)[-1]
        assert missing.record is not None
        school.cases.records.objections.make(
            missing.student.student_id, missing.record.record_id, "I was there."
        )


def content(target: str | Path) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Every row of every table, by value."""
    engine = engine_for(target)
    try:
        return {table.name: _rows(engine, table) for table in Row.metadata.sorted_tables}
    finally:
        engine.dispose()


def content_of(data_dir: Path) -> dict[str, Sequence[tuple[Any, ...]]]:
    return content(database_path(data_dir))


def _rows(engine: Engine, table: Any) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(table))]
    return sorted(found, key=repr)
