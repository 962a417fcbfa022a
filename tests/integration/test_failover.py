"""A server dies and its standby takes over: what was shown is there, and the kiosk goes on with one address for both."""

from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.errors import StorageError
from kiosk.services.events import CheckInResult
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing
from tests.fakes.storage.postgresql import running_postgres, running_standby
from tests.fakes.storage.two_kiosks import WAIT_S, Room, wait_until
from tests.unit.storage.classroom import add_classroom

pytestmark = pytest.mark.logs_warnings


def test_a_kiosk_goes_on_with_the_standby_and_nothing_shown_is_lost(tmp_path: Path) -> None:
    keys = KeyRing.open_or_create(tmp_path / "data")
    with running_postgres(durable=True) as first, running_standby(first) as second:
        name = first.make_database()
        wait_until(lambda: bool(first.execute("postgres", "SELECT 1 FROM pg_stat_replication")))
        first.follow_at_once()
        url = (
            f"postgresql+psycopg://kiosk@/{name}?host={first.folder}&host={second.folder}"
            "&target_session_attrs=read-write"
        )
        database = SqlDatabase.open(url, key_ring=keys)
        classroom = add_classroom(database)
        with database.transaction() as repositories:
            repositories.school_settings.put("faces.rule", "walk_past")
        room = Room(database)
        room.store.start()
        assert room.claim(classroom, 0).result(WAIT_S).outcome is CheckInOutcome.MARKED_PRESENT

        first.kill()
        assert isinstance(room.claim(classroom, 1).exception(WAIT_S), StorageError)
        assert "cannot be reached" in str(room.store.trouble)
        second.promote()
        answers: list[CheckInResult] = []

        def works() -> bool:
            answer = room.claim(classroom, 1)
            if answer.exception(WAIT_S) is None:
                answers.append(answer.result())
            return bool(answers)

        wait_until(works)
        assert answers[0].outcome in {CheckInOutcome.MARKED_PRESENT, CheckInOutcome.ALREADY_MARKED}
        assert room.store.trouble is None
        with database.snapshot() as repositories:
            marked = {one.student_id for one in repositories.records.of_session(classroom.session.session_id)}
            assert repositories.audit.verify() is None
        assert marked == {classroom.students[0].student_id, classroom.students[1].student_id}
        room.close()
