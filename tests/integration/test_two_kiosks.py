"""Two kiosks, wired as the program wires them, over one database server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.bootstrap import Kiosk
from kiosk.domain.courses.courses import Course
from kiosk.services.events import SessionEnded
from kiosk.settings import KioskSettings, StorageSettings, WebSettings
from tests.fakes.actors import admin
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.storage.postgresql import running_postgres
from tests.fakes.storage.two_kiosks import wait_until
from tests.fakes.vision.recognition import frames_of
from tests.world.kiosk import build_kiosk

ANNA = admin("Anna")


@pytest.fixture
def kiosks(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Kiosk, Kiosk]]:
    """In two rooms, running, with a data directory each and the same school key."""
    monkeypatch.setattr("kiosk.bootstrap.background.KioskBackground.tick_s", 0.05)
    with running_postgres() as server:
        url = server.address(server.make_database())
        settings = KioskSettings(storage=StorageSettings(database_url=url), web=WebSettings(enabled=False))
        built = [
            build_kiosk(
                tmp_path / room,
                models_dir=models_dir,
                settings=settings,
                source=ScriptedSource(frames_of([0])),
            )
            for room in ("a", "b")
        ]
        for one in built:
            one.start()
        yield built[0], built[1]
        for one in built:
            assert one.stop() == ()


def listed(kiosk: Kiosk) -> list[tuple[bool, bool]]:
    """Of each course whether it is open, and whether in another room."""
    today = kiosk.app.attendance.sessions.today()
    return [(one.open_session is not None, one.is_elsewhere) for one in today]


def test_a_class_is_this_rooms_until_another_takes_it_over_and_ends_in_both(
    kiosks: tuple[Kiosk, Kiosk],
) -> None:
    here, there = kiosks
    course: Course = here.app.core.store.write(
        lambda repositories: repositories.courses.add(code="CS 101", title="Algorithms", room="")
    )
    ended: list[SessionEnded] = []
    here.events.subscribe(SessionEnded, ended.append)

    session = here.app.runtime.start_class(course.course_id, actor=ANNA)
    assert listed(here) == [(True, False)]
    assert listed(there) == [(True, True)]
    assert there.app.attendance.sessions.still_open() == []

    there.app.runtime.resume_class(session.session_id, actor=ANNA)
    assert listed(there) == [(True, False)]
    there.app.runtime.end_class(actor=ANNA)

    wait_until(lambda: not here.app.attendance.running.is_open and bool(ended))
    assert [one.session_id for one in ended] == [session.session_id]
    assert listed(here) == listed(there) == [(False, False)]
