"""The process dies while phones check in over HTTP: who saw "You are marked" is marked."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import httpx

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.phones.handset import form, heading
from tests.torture.school import ROOT, Answer, Stored, Tally, make_school

PIN: Final = "482915"
STUDENTS: Final = 30
AT_ONCE: Final = 8
LATER_S: Final = 0.1
"""So long at most after the last answer that was waited for the process dies."""


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Kill the kiosk at a random moment of a class that checks in, again and again on the same data."""
    chance, tally = random.Random(seed), Tally()
    data_dir = make_school(place / "phones", students=STUDENTS)
    numbers = _give_pins(data_dir)
    for _number in range(runs):
        answers = _hold(data_dir, numbers, chance)
        tally.end(answers)
        tally.count(answers, Stored.read(data_dir))
    shutil.rmtree(data_dir)
    return tally


def _give_pins(data_dir: Path) -> dict[int, str]:
    """Numbers by student, each with the same PIN, as the hasher of `serving` keeps it."""
    database = SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    with closing(database), database.transaction() as repositories:
        students = repositories.students.all()
        for student in students:
            repositories.students.set_pin_hash(student.student_id, f"quick:{PIN}")
    return {student.student_id: student.student_no for student in students}


def _hold(data_dir: Path, numbers: dict[int, str], chance: random.Random) -> list[Answer]:
    coming = list(numbers)
    chance.shuffle(coming)
    answers: list[Answer] = []
    with _kiosk(data_dir) as kiosk:
        assert kiosk.stdin is not None
        assert kiosk.stdout is not None
        kiosk.stdin.write("next\n")
        kiosk.stdin.flush()
        session, url = kiosk.stdout.readline().split()
        answered = threading.Semaphore(0)
        death = threading.Thread(
            target=_kill_after,
            args=(kiosk, answered, chance.randint(1, STUDENTS - AT_ONCE), chance.uniform(0, LATER_S)),
        )
        death.start()
        with ThreadPoolExecutor(AT_ONCE) as phones:
            for student, title in zip(
                coming, phones.map(lambda one: _come(url, numbers[one], answered), coming), strict=True
            ):
                if title.startswith("You are marked"):
                    answers.append(Answer(int(session), student, "phone", CheckInOutcome.MARKED_PRESENT))
        death.join()
    return answers


def _kill_after(
    kiosk: "subprocess.Popen[str]", answered: threading.Semaphore, answers: int, later_s: float
) -> None:
    for _answer in range(answers):
        answered.acquire()
    time.sleep(later_s)
    kiosk.kill()


def _come(url: str, number: str, answered: threading.Semaphore) -> str:
    """One phone's way from the code to the result; the last page's title, empty where the kiosk is gone."""
    base_url = url.partition("/s/")[0]
    try:
        with httpx.Client(
            headers={"Origin": base_url},
            base_url=base_url,
            follow_redirects=True,
            timeout=60,
            trust_env=False,
        ) as browser:
            action, hidden = form(browser.get(url).text, "Sign in")
            page = browser.post(action, data=hidden | {"student_no": number, "pin": PIN})
            action, hidden = form(page.text, "I am here")
            return heading(browser.post(action, data=hidden))
    except httpx.TransportError:
        return ""
    finally:
        answered.release()


@contextmanager
def _kiosk(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.serving", str(data_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
