"""Damage inside the database is found at start, or later in the background, and never looked for during a class."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.bootstrap import Kiosk
from kiosk.errors import DamageError
from kiosk.services.events import WorkerFailed
from kiosk.services.trust.database_checks import EVERY_S, DatabaseChecks
from kiosk.storage.database.page_check import PageCheck
from kiosk.storage.keys.key_ring import database_path
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.fakes.storage.damaged_pages import INDEX_LEAF, TABLE_LEAF, damage, fill
from tests.world.kiosk import Parts, build_kiosk, with_schema
from tests.world.school import DirectStore


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def filled(data_dir: Path) -> Path:
    """The database of a school with records."""
    path = database_path(with_schema(data_dir))
    fill(path)
    return path


@pytest.fixture
def kiosk(data_dir: Path, models_dir: Path, filled: Path, clock: FakeClock) -> Iterator[Kiosk]:
    built = build_kiosk(data_dir, models_dir=models_dir, parts=Parts(clock, store=DirectStore))
    yield built
    built.database.close()


def found(kiosk: Kiosk) -> list[WorkerFailed]:
    events: list[WorkerFailed] = []
    kiosk.events.subscribe(WorkerFailed, events.append)
    return events


@pytest.mark.logs_warnings
@pytest.mark.parametrize("kind", [TABLE_LEAF, INDEX_LEAF])
def test_a_program_that_runs_for_long_does_not_start_on_a_damaged_database(
    data_dir: Path, models_dir: Path, filled: Path, kind: int
) -> None:
    damage(filled, kind)
    with pytest.raises(DamageError, match="Pages inside the database file are damaged") as raised:
        build_kiosk(data_dir, models_dir=models_dir, with_web=True)
    assert "kiosk restore" in raised.value.hint


@pytest.mark.logs_warnings
def test_damage_that_comes_later_is_found_once_a_day_and_told_once(
    kiosk: Kiosk, filled: Path, clock: FakeClock
) -> None:
    checks, told = kiosk.app.trust.database, found(kiosk)
    _round(checks)
    damage(filled)
    checks.tick()
    assert not told
    clock.advance(EVERY_S)
    _round(checks)
    checks.tick()
    assert checks.damage is not None
    assert [(event.user_text, event.hint) for event in told] == [
        (checks.damage.user_text, checks.damage.hint)
    ]


@pytest.mark.logs_warnings
def test_nothing_is_looked_at_during_a_class(kiosk: Kiosk, filled: Path) -> None:
    checks, attendance, told = kiosk.app.trust.database, kiosk.app.attendance, found(kiosk)
    course = kiosk.app.courses.lists.courses()[0]
    session = attendance.sessions.start(course.course_id, actor=admin(), model="none")
    attendance.running.show(session, course)
    damage(filled)
    _round(checks)
    assert not told
    attendance.running.clear()
    _round(checks)
    assert told


def test_a_round_that_does_not_fit_goes_on_after_a_restart(
    kiosk: Kiosk, data_dir: Path, models_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([0.0] * 9 + [1e9] * 1000)
    with monkeypatch.context() as patch:
        patch.setattr("kiosk.storage.database.page_check.time.monotonic", lambda: next(ticks))
        kiosk.app.trust.database.tick()
    last = kiosk.app.core.store.read(lambda one: one.school_settings.get("pages.last_table"))
    begun = []

    def look(pages: PageCheck, _seconds: float) -> bool:
        begun.append(pages.last)
        return True

    monkeypatch.setattr(PageCheck, "look", look)
    build_kiosk(data_dir, models_dir=models_dir, parts=Parts(clock), with_web=True).database.close()
    assert last
    assert begun == [last]


def _round(checks: DatabaseChecks) -> None:
    """As many ticks as a round may take on a slow machine."""
    for _tick in range(20):
        checks.tick()
