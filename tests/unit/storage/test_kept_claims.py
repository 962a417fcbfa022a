"""The file of claims that this PC keeps while the database server is away."""

import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.kept import KeptClaim, RefusedClaim
from kiosk.domain.attendance.record import Evidence
from kiosk.errors import DamageError, StorageError
from kiosk.storage.kept_claims import KEPT_CLAIMS_FILE, REFUSED_FOR, KeptClaimsFile, undelivered

START = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
SERVER, SCHOOL = "db.school.example:5432/kiosk", "a key"


def claim(student: int = 1, method: Method = Method.FACE, minutes: int = 1) -> KeptClaim:
    at = START + timedelta(minutes=minutes)
    distance = 0.25 if method is Method.FACE else None
    return KeptClaim(7, START, student, Evidence(method, at, distance=distance, votes=3), at)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptClaimsFile]:
    opened = KeptClaimsFile.open(tmp_path, place=SERVER, school=SCHOOL)
    yield opened
    opened.close()


def test_claims_come_back_in_order_and_whole(kept: KeptClaimsFile, tmp_path: Path) -> None:
    kept.keep([claim(2), claim(1, Method.PHONE, 2)])
    kept.keep([claim(3, Method.PASS, 3)])
    kept.close()

    again = KeptClaimsFile.open(tmp_path, place=SERVER, school=SCHOOL)
    found = again.waiting()
    again.close()

    assert [(one.student_id, one.method) for one in found] == [
        (2, Method.FACE),
        (1, Method.PHONE),
        (3, Method.PASS),
    ]
    assert found[0].evidence == claim(2).evidence
    assert (found[0].session_id, found[0].session_started_at) == (7, START)


def test_the_first_claim_of_a_student_and_method_stays(kept: KeptClaimsFile) -> None:
    kept.keep([claim(minutes=1), claim(minutes=2)])
    kept.keep([claim(minutes=3)])
    assert [one.evidence.at for one in kept.waiting()] == [START + timedelta(minutes=1)]


def test_nobody_but_the_owner_reads_it(kept: KeptClaimsFile, tmp_path: Path) -> None:
    kept.keep([claim()])
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{KEPT_CLAIMS_FILE}*")}
    assert modes == {0o600}


@pytest.mark.parametrize(("place", "school"), [("other:5432/kiosk", SCHOOL), (SERVER, "another key")])
def test_other_servers_and_schools_see_nothing_of_it(
    kept: KeptClaimsFile, tmp_path: Path, place: str, school: str
) -> None:
    kept.keep([claim()])

    other = KeptClaimsFile.open(tmp_path, place=place, school=school)
    other.keep([claim(2)])
    found = other.waiting()
    other.close()

    assert [one.student_id for one in found] == [2]
    assert [(one.place, one.number) for one in undelivered(tmp_path) if one.school == SCHOOL] != []
    assert sum(one.number for one in undelivered(tmp_path)) == 2


def test_what_is_settled_is_gone_and_refusals_are_told_for_some_weeks(kept: KeptClaimsFile) -> None:
    kept.keep([claim(1), claim(2)])
    first, second = kept.waiting()
    refused = RefusedClaim(7, 2, Method.FACE, second.evidence.at, CheckInOutcome.NOT_REGISTERED)

    kept.settle([first, second], [refused], now=START)
    assert (kept.waiting(), kept.refused(7), kept.refused(8)) == ([], [refused], [])

    kept.settle([], [], now=START + REFUSED_FOR + timedelta(days=1))
    assert kept.refused(7) == []


def test_a_face_is_forgotten_and_its_claim_stays(kept: KeptClaimsFile) -> None:
    kept.keep([claim(1), claim(1, Method.PHONE), claim(2)])
    kept.forget_faces(1)
    distances = [(one.student_id, one.method, one.evidence.distance) for one in kept.waiting()]
    assert distances == [(1, Method.FACE, None), (1, Method.PHONE, None), (2, Method.FACE, 0.25)]


def test_what_waits_is_counted_without_opening_anything(kept: KeptClaimsFile, tmp_path: Path) -> None:
    kept.keep([claim(1, minutes=5), claim(2, minutes=4)])
    (found,) = undelivered(tmp_path)
    assert (found.place, found.school, found.number) == (SERVER, SCHOOL, 2)
    assert found.since == START + timedelta(minutes=4)


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert undelivered(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / KEPT_CLAIMS_FILE
    path.write_bytes(b"no database at all" * 500)
    with pytest.raises(DamageError):
        KeptClaimsFile.open(tmp_path, place=SERVER, school=SCHOOL)
    with pytest.raises(DamageError):
        undelivered(tmp_path)
    assert path.read_bytes() == b"no database at all" * 500


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / KEPT_CLAIMS_FILE
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=2")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        KeptClaimsFile.open(tmp_path, place=SERVER, school=SCHOOL)
