from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.incidents import DeviceUse, Incident, IncidentKind
from kiosk.errors import NotFoundError
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, Classroom, add_classroom, add_session


@pytest.fixture
def classroom(database: Database) -> Classroom:
    return add_classroom(database)


def test_the_same_thing_again_counts_up(database: Database, classroom: Classroom) -> None:
    session_id, (first, second) = classroom.session.session_id, classroom.students[:2]
    refused = Incident(
        session_id, IncidentKind.SECOND_DEVICE_REFUSED, second.student_id, first.student_id, START
    )
    nobody = Incident(session_id, IncidentKind.OUTSIDE_NETWORK, None, None, START)
    later = START + timedelta(minutes=3)
    with database.transaction() as repositories:
        assert repositories.incidents.note(refused) == refused
        assert repositories.incidents.note(nobody) == nobody
        assert repositories.incidents.note(replace(nobody, at=later)).times == 2
        repositories.incidents.note(replace(refused, student_id=first.student_id, at=later))

    with database.snapshot() as repositories:
        kept = repositories.incidents.of_session(session_id)
        assert repositories.incidents.of_session(session_id + 1) == []
    assert kept == [
        refused,
        replace(nobody, at=later, times=2),
        replace(refused, student_id=first.student_id, at=later),
    ]


def test_an_incident_of_no_session_is_refused(database: Database, classroom: Classroom) -> None:
    with database.transaction() as repositories, pytest.raises(NotFoundError):
        repositories.incidents.note(Incident(99, IncidentKind.OUTSIDE_NETWORK, None, None, START))


def test_uses_are_found_by_device_and_by_address(database: Database, classroom: Classroom) -> None:
    session_id, (first, second) = classroom.session.session_id, classroom.students[:2]
    mine = DeviceUse(session_id, first.student_id, "a" * 22, "10.0.0.9", "ff", START)
    other = replace(mine, student_id=second.student_id, device="b" * 22, agent=None)
    with database.transaction() as repositories:
        repositories.devices.add(mine)
        repositories.devices.add(other)

    with database.snapshot() as repositories:
        assert repositories.devices.of_device(session_id, "a" * 22) == [mine]
        assert repositories.devices.of_device(session_id + 1, "a" * 22) == []
        assert repositories.devices.of_address(session_id, "10.0.0.9") == [mine, other]
        assert repositories.devices.of_address(session_id, "10.0.0.1") == []


def test_an_address_is_shared_by_those_who_came_back_to_it_in_one_class(
    database: Database, classroom: Classroom
) -> None:
    first, second = classroom.students[:2]
    with database.transaction() as repositories:
        later = add_session(repositories, repositories.courses.add(code="ART", title="Art")).session_id
        for session_id in (classroom.session.session_id, later):
            for student in (first, second):
                device = f"own-{student.student_id}"
                repositories.devices.add(
                    DeviceUse(session_id, student.student_id, device, "10.0.0.9", "ff", START)
                )
        once = DeviceUse(later, first.student_id, "new", "10.0.0.9", "ff", START)
        repositories.devices.add(once)
        repositories.devices.add(replace(once, device="elsewhere", address="10.0.0.1"))
        repositories.devices.add(replace(once, device="nowhere", address=None))

    with database.snapshot() as repositories:
        devices = repositories.devices
        assert (devices.most_who_came_back("10.0.0.9"), devices.most_who_came_back("10.0.0.1")) == (2, 0)
        assert devices.spread_without("10.0.0.9") == (1, 1)
        assert devices.spread_without("10.0.0.1") == (1, 3)


def test_when_a_phone_scanned_is_kept(database: Database, classroom: Classroom) -> None:
    session_id, student = classroom.session.session_id, classroom.students[0]
    use = DeviceUse(
        session_id, student.student_id, "a" * 22, "10.0.0.9", "ff", START, START - timedelta(seconds=20)
    )
    with database.transaction() as repositories:
        repositories.devices.add(use)
    with database.snapshot() as repositories:
        assert repositories.devices.of_device(session_id, use.device) == [use]
