"""The process dies (SIGKILL) while it makes a backup, restores one or brings an old database up to date.

Afterwards there is what was or what was to be, whole, and never neither; nothing that was shown is lost on the way.
"""

import random
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.storage.backup.backing_up import restore
from kiosk.storage.backup.folder import SUFFIX
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.schema import HEAD, revision
from kiosk.storage.keys.key_ring import KEYS_FOLDER, SCHOOL_KEY_FILE, database_path
from tests.fakes.storage.old_schools import move
from tests.torture.keeping import KEPT, open_as_a_start_does
from tests.torture.marking import READY
from tests.torture.school import ROOT, Answer, Stored, Tally, make_school, marker

OLD: str = "0006"
"""The schema that a migration begins with: both that follow make tables anew."""

LONGEST_S = 60.0


def run_backups(place: Path, *, runs: int, seed: int) -> Tally:
    """Kill it while backups are made of a school in which students are marked."""
    chance, tally = random.Random(seed), Tally()
    data_dir = make_school(place / "backups")
    with marker(data_dir, "--seed", str(seed)) as kiosk:
        for _number in range(runs):
            kiosk.wait_for(20)
            before = kiosk.said()
            with _keeping("backup", data_dir) as (process, _took):
                named = _lines_for(process, chance.random() * 1.5)
            made = sorted((data_dir / "backups").glob(f"*{SUFFIX}"))
            tally.broken += any(not Path(one).exists() for one in named[1 - KEPT :])
            tally.notes["too many backups"] += len(made) > KEPT + 1
            if made:  # the newest one; killed before the first was done, there is none yet
                promised = before if str(made[-1]) in named else []
                _compare(tally, promised, _restored(made[-1], data_dir, place))
            with kiosk.paused():  # it may hold the lock: what it left is read from a copy
                said = kiosk.said()
                copy = shutil.copytree(data_dir, place / "copy", ignore=shutil.ignore_patterns(".backup-*"))
            tally.count(said, Stored.read(copy))
            shutil.rmtree(copy)
        tally.end(kiosk.stop())
    tally.notes += type(tally.notes)()
    shutil.rmtree(data_dir)
    return tally


def run_restores(place: Path, *, runs: int, seed: int) -> Tally:
    """Kill it while it restores a backup over a school that has more by now."""
    chance, tally = random.Random(seed), Tally()
    school = make_school(place / "school")
    first = _marked(school, seed, 40)
    saved = place / f"saved{SUFFIX}"
    with _keeping("backup", school) as (process, _took):
        shutil.copy(_lines_for(process, LONGEST_S, most=1)[0], saved)
    was = Stored.read(school).attended
    answers = [*first, *_marked(school, seed + 1, 40)]
    now = Stored.read(school).attended
    took = _duration("restore", school, place, saved)
    for number in range(runs):
        data_dir = shutil.copytree(school, place / f"restore{number}")
        with _keeping("restore", data_dir, saved) as (process, _took):
            time.sleep(chance.random() * took)
            process.kill()
        open_as_a_start_does(data_dir)
        state = Stored.read(data_dir)
        tally.end(answers)
        if state.attended == was:  # restored: what it had is kept beside it
            tally.runs += 1
            tally.broken += not state.whole
            _compare(tally, answers, _kept_beside(data_dir, place))
        else:
            tally.count(answers, state)
            tally.broken += state.attended != now
        shutil.rmtree(data_dir)
    return tally


def run_migrations(place: Path, *, runs: int, seed: int) -> Tally:
    """Kill it while it brings the database of an older version up to date."""
    chance, tally = random.Random(seed), Tally()
    school = make_school(place / "old")
    answers = _marked(school, seed, 60)
    _take_back(school)
    took = _duration("migrate", school, place)
    for number in range(runs):
        data_dir = shutil.copytree(school, place / f"migration{number}")
        with _keeping("migrate", data_dir) as (process, _took):
            time.sleep(chance.random() * took)
            process.kill()
        between = _revision(data_dir)
        tally.broken += between not in {OLD, HEAD}
        backups = list((data_dir / "backups").glob(f"*{SUFFIX}"))
        tally.notes["changed before it was kept"] += between == HEAD and not backups
        for one in backups:
            _compare(tally, answers, _restored(one, data_dir, place))
        open_as_a_start_does(data_dir)
        tally.count(answers, Stored.read(data_dir))
        tally.end(answers)
        shutil.rmtree(data_dir)
    tally.notes += type(tally.notes)()
    return tally


def _compare(tally: Tally, answers: list[Answer], state: Stored) -> None:
    """Count what a backup, or what was put beside, lacks of what was shown before it was made."""
    tally.lost += sum(one.promises and (one.session, one.student) not in state.attended for one in answers)
    tally.broken += not state.whole


def _restored(backup: Path, data_dir: Path, place: Path) -> Stored:
    with TemporaryDirectory(dir=place) as folder:
        fresh = Path(folder) / "fresh"
        (fresh / KEYS_FOLDER).mkdir(parents=True, mode=0o700)
        shutil.copy(data_dir / KEYS_FOLDER / SCHOOL_KEY_FILE, fresh / KEYS_FOLDER)
        restore(backup, fresh)
        return Stored.read(fresh)


def _kept_beside(data_dir: Path, place: Path) -> Stored:
    """What the database was before the restore, as somebody would bring it back by hand."""
    (kept,) = data_dir.glob("kiosk.sqlite3.before-restore-*Z")
    with TemporaryDirectory(dir=place) as folder:
        fresh = Path(folder) / "fresh"
        (fresh / KEYS_FOLDER).mkdir(parents=True, mode=0o700)
        shutil.copy(data_dir / KEYS_FOLDER / SCHOOL_KEY_FILE, fresh / KEYS_FOLDER)
        for ending in ("", "-wal", "-journal"):
            part = kept.with_name(kept.name + ending)
            if part.exists():
                shutil.copy(part, database_path(fresh).with_name(database_path(fresh).name + ending))
        return Stored.read(fresh)


def _marked(data_dir: Path, seed: int, number: int) -> list[Answer]:
    with marker(data_dir, "--seed", str(seed)) as kiosk:
        kiosk.wait_for(number)
        return kiosk.stop()


def _take_back(data_dir: Path) -> None:
    engine = engine_for(database_path(data_dir))
    move(engine, OLD, up=False)
    engine.dispose()


def _revision(data_dir: Path) -> str | None:
    engine = engine_for(database_path(data_dir))
    try:
        with engine.connect() as connection:
            return revision(connection)
    finally:
        engine.dispose()


def _duration(what: str, school: Path, place: Path, *more: Path) -> float:
    """How long it takes when nobody kills it, and a bit more, so that some are killed after it."""
    data_dir = shutil.copytree(school, place / "uncut")
    with _keeping(what, data_dir, *more) as (process, began):
        _lines_for(process, LONGEST_S, most=1)
        took = time.monotonic() - began
    shutil.rmtree(data_dir)
    return 1.1 * took


@contextmanager
def _keeping(what: str, data_dir: Path, *more: Path) -> Iterator[tuple["subprocess.Popen[str]", float]]:
    """Start it, wait until it begins, and kill it at the end of the block; gives the moment at which it began, too."""
    command = [sys.executable, "-m", "tests.torture.keeping", what, str(data_dir), *map(str, more)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT)
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != READY:
            raise RuntimeError("it did not start")
        yield process, time.monotonic()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _lines_for(process: "subprocess.Popen[str]", seconds: float, *, most: int = 1000) -> list[str]:
    """What it says in so many seconds, or until it has said so much; then it is killed."""
    assert process.stdout is not None
    until, found = time.monotonic() + seconds, list[str]()
    while len(found) < most and (left := until - time.monotonic()) > 0:
        if select.select([process.stdout], [], [], left)[0]:
            line = process.stdout.readline()
            if not line:
                break
            found.append(line.strip())
    process.kill()
    return [line for line in (*found, *map(str.strip, process.stdout)) if line]
