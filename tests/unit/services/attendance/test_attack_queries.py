from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.errors import NotFoundError
from kiosk.services.attendance.attack_queries import AttackQueries
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START, Classroom


def test_suspected_attacks_come_back_in_the_order_of_their_times(
    database: SqlDatabase, classroom: Classroom
) -> None:
    later = SuspectedAttack(classroom.session.session_id, START + timedelta(minutes=5), 0.02)
    earlier = replace(later, at=START + timedelta(minutes=2), liveness=0.25)
    with database.transaction() as repositories:
        AttackQueries(db_session=repositories.db_session).add(later)
        AttackQueries(db_session=repositories.db_session).add(earlier)
    with database.snapshot() as repositories:
        assert AttackQueries(db_session=repositories.db_session).of_session(classroom.session.session_id) == [
            earlier,
            later,
        ]
        assert (
            AttackQueries(db_session=repositories.db_session).of_session(classroom.session.session_id + 1)
            == []
        )


def test_an_attack_on_no_session_is_refused(database: SqlDatabase) -> None:
    with pytest.raises(NotFoundError, match="class session"), database.transaction() as repositories:
        AttackQueries(db_session=repositories.db_session).add(SuspectedAttack(999, START, 0.1))
