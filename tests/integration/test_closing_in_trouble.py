"""The real program whose database is locked, or whose server says nothing: a class of phones is answered within 15 s, and
nothing that waits keeps the process alive after the window was closed. One that is closed while a class list is imported has it
whole or not at all."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from kiosk import bootstrap
from kiosk.domain.people.staff import Role
from kiosk.errors import KioskError, NotFoundError
from tests.conftest import PATIENCE_S
from tests.fakes.actors import admin
from tests.fakes.child import ROOT
from tests.fakes.phones.handset import form
from tests.fakes.storage.locked_database import locked_database
from tests.fakes.storage.postgresql import running_postgres

ANSWERED_S = 15.0
ENDED_S = 25.0
PHONES = 40
ROWS = 3000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the window is closed by a signal")


@pytest.fixture(params=["a locked file", "a silent server"])
def trouble(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[str, AbstractContextManager[None]]]:
    """The database's address, and what makes it fail."""
    if request.param == "a locked file":
        yield "", locked_database(tmp_path)
        return
    with running_postgres() as server:
        yield server.address(server.make_database()), server.hanging()


@contextmanager
def program(data_dir: Path, models_dir: Path, url: str) -> Iterator["tuple[subprocess.Popen[bytes], str]"]:
    """The window, offscreen, and where phones reach it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = f'[web]\nhost = "127.0.0.1"\nport = {port}\n[storage]\ndatabase_url = "{url}"\n'
    (data_dir / "kiosk.toml").write_text(settings)
    kiosk = bootstrap.build(data_dir, models_dir=models_dir)
    kiosk.start()
    kiosk.app.people.accounts.add(name="Ada", role=Role.ADMIN, password="correct horse", actor=admin())
    assert kiosk.stop() == ()
    words = [sys.executable, "-m", "kiosk", "run", "--windowed", "--data-dir", str(data_dir)]
    environment = {**os.environ, "KIOSK_MODELS_DIR": str(models_dir), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as running:
        try:
            address = f"http://127.0.0.1:{port}"
            until_s = time.monotonic() + PATIENCE_S
            while not answers(address):
                assert time.monotonic() < until_s
            yield running, address
        finally:
            running.kill()


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.HTTPError:
        return False


def sign_in(address: str, number: int) -> tuple[int, float]:
    """What a phone gets for a number and a PIN, and after how many seconds."""
    with httpx.Client(base_url=address, headers={"Origin": address}, follow_redirects=True) as phone:
        action, hidden = form(phone.get("/sign-in").text, "Sign in")
        began_s = time.monotonic()
        page = phone.post(action, data=hidden | {"student_no": f"S{number}", "pin": "123456"})
        return page.status_code, time.monotonic() - began_s


def test_phones_are_answered_and_the_program_ends(
    trouble: tuple[str, AbstractContextManager[None]], tmp_path: Path, models_dir: Path
) -> None:
    url, failing = trouble
    with ExitStack() as stack:
        running, address = stack.enter_context(program(tmp_path, models_dir, url))
        phones = stack.enter_context(ThreadPoolExecutor(PHONES))
        stack.enter_context(failing)
        told = list(phones.map(sign_in, [address] * PHONES, range(PHONES)))
        assert {status for status, _took_s in told} == {503}
        assert max(took_s for _status, took_s in told) < ANSWERED_S

        waiting = [phones.submit(sign_in, address, number) for number in range(PHONES)]
        running.send_signal(signal.SIGTERM)
        running.wait(ENDED_S)
        for one in waiting:
            one.exception(ANSWERED_S)


@pytest.mark.parametrize("after_s", [0.0, 0.3])
def test_a_class_list_that_is_imported_while_the_kiosk_closes_is_there_whole_or_not_at_all(
    after_s: float, tmp_path: Path, models_dir: Path
) -> None:
    class_list = tmp_path / "list.csv"
    rows = "\n".join(f"N{number:04},Student {number}" for number in range(ROWS))
    class_list.write_text(f"student_no,full_name\n{rows}\n", encoding="utf-8")
    kiosk = bootstrap.build(tmp_path, models_dir=models_dir, for_window=True)
    kiosk.start()
    lists, today = kiosk.app.courses.lists, kiosk.app.core.today()
    with ThreadPoolExecutor(1) as thread:
        importing = thread.submit(
            lists.import_roster, class_list, course_code="C1", since=today, actor=admin()
        )
        time.sleep(after_s)
        assert kiosk.stop() == ()
        try:
            kept = len(importing.result(PATIENCE_S).registered)
        except KioskError:
            kept = 0

    again = bootstrap.build(tmp_path, models_dir=models_dir)
    again.start()
    lists = again.app.courses.lists
    try:
        course = lists.course("C1")
    except NotFoundError:
        assert (kept, lists.students()) == (0, [])
    else:
        assert kept == len(lists.roster(course.course_id, today)) == len(lists.students()) == ROWS
    assert again.app.trust.audit.verify(actor=admin()) is None
    assert again.stop() == ()
