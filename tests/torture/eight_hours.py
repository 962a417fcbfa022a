"""Class after class in the real window without the hours between: nothing grows, everybody is marked, the log of changes has
what was done and nothing else, and the log of the program turns over.
"""

import os
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

from tests.torture.census import Census
from tests.torture.school import ROOT, Stored, Tally

WARM_UP: Final = 3
"""Classes before the first that counts; with enough of them a sixth of all, and then everything was loaded that ever is."""

MEMORY_FROM: Final = 12
"""Fewer classes say nothing about memory, whose noise is larger than what they add."""

MOST_MB_AN_HOUR: Final = 5.0
"""Of school: one class with all around it. An hour of the window, which holds dozens of them, is said beside it and not judged:
what memory differs by from class to class would be divided by minutes.
"""

LOGS: Final = 4
"""Files of the program's log at most: the newest and three before it."""

LOG_SLACK: Final = 500
"""A file that is full ends with the line that filled it."""

PER_CLASS: Final = {
    "session.started": 1,
    "session.ended": 1,
    "record.marked_by_hand": 2,
    "records.exported": 1,
    "setting.changed": 1,
    "user.signed_in": 2,
    "user.password_confirmed": 2,
}
"""Entries in the log of changes; a mark by face, phone or pass is a record and needs none, and so does a look. A password
is asked for again to open the roster and to end a class."""

_SCHOOL: Final = "import sys; from tests.torture.school_day import main; sys.exit(main())"

Counted = Callable[[Census], float]

_MOST_A_CLASS: Final[dict[str, tuple[Counted, float]]] = {
    "more threads": (lambda one: one.threads, 0.2),
    "more threads of libraries": (lambda one: one.tasks, 0.2),
    "more open handles": (lambda one: one.handles, 0.2),
    "more widgets": (lambda one: one.widgets, 0.2),
    "more objects": (lambda one: one.objects, 100.0),
}
"""By how much they may grow with each class: what is a list of classes has a row more, and sign-ins are kept for a while."""

_MOST_IN_THE_LONG_RUN: Final[dict[str, tuple[Counted, float]]] = {
    "more weak references": (lambda one: one.weak, 100.0),
}
"""The same where enough classes were counted: from one class to the next these differ by up to 330 both ways."""

_STEP: Final = 4
"""Connections to the database that a busy moment opens once, where there are too few classes to tell them from growth."""


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Hold so many classes after a warm-up; nothing is left to chance, so the seed does nothing."""
    del seed
    data_dir = place / "eight-hours"
    warm_up = max(WARM_UP, runs // 5)
    seen = []
    tally = Tally()
    for census in _school(data_dir, place / "models", warm_up + runs):
        seen.append(census)
        print(_progress(seen, warm_up + runs), file=sys.stderr, flush=True)
    if len(seen) < warm_up + runs:
        tally.notes["school ended early"] += 1
    state = Stored.read(data_dir)
    promised = sum(sum(one.marked.values()) for one in seen)
    tally.answers["promised"] += promised
    tally.lost += max(0, promised - len(state.attended))
    tally.broken += not state.whole
    tally.runs = max(0, len(seen) - warm_up)
    _judge(tally, seen, warm_up)
    _judge_logs(tally, data_dir / "logs")
    shutil.rmtree(data_dir)
    return tally


def _school(data_dir: Path, models: Path, classes: int) -> Iterator[Census]:
    words = [str(data_dir), "--models", str(models), "--classes", str(classes)]
    process = subprocess.Popen(
        [sys.executable, "-c", _SCHOOL, *words],
        cwd=ROOT,
        env=os.environ | {"QT_LOGGING_RULES": "qt.qpa.*=false", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            yield Census.read(line)
    finally:
        process.kill()
        process.communicate()


def _judge(tally: Tally, seen: Sequence[Census], warm_up: int) -> None:
    for before, after in pairwise(seen):
        added = Counter(after.logged) - Counter(before.logged)
        tally.notes["another number of entries in the log of changes"] += added != Counter(PER_CLASS)
        tally.notes["a picture that stood still"] += after.painted == before.painted
    counted = seen[warm_up:]
    tally.notes["classes with other marks"] += sum(one.marked != seen[0].marked for one in seen)
    for what, (count, most) in _MOST_A_CLASS.items():
        tally.notes[what] += grows([count(one) for one in counted], most)
    if len(counted) >= MEMORY_FROM:
        for what, (count, most) in _MOST_IN_THE_LONG_RUN.items():
            tally.notes[what] += slope([count(one) for one in counted]) > most
        by_school = growth(counted)[1]
        tally.notes[f"{by_school:+.1f} MB an hour of school"] += by_school >= MOST_MB_AN_HOUR
        tally.measured = measured(seen, counted)
    tally.notes += Counter()  # drop what was counted 0 times


def growth(counted: Sequence[Census]) -> tuple[float, float]:
    """By how many MB memory grows in an hour of the running window, and in an hour of school."""
    memory = [one.memory_mb for one in counted]
    return slope(memory, [one.at_s / 3600 for one in counted]), slope(memory)


def measured(seen: Sequence[Census], counted: Sequence[Census]) -> str:
    """What the table says of it."""
    by_window, by_school = growth(counted)
    memory = [one.memory_mb for one in counted]
    return (
        f"{len(seen)} classes in {seen[-1].at_s / 60:.0f} minutes, memory {min(memory):.0f} to {max(memory):.0f} MB, "
        f"{by_window:+.1f} MB an hour of the window, {by_school:+.2f} MB an hour of school, {counted[-1].tasks} threads, "
        f"{counted[-1].handles} handles, {sum(counted[-1].logged.values())} entries in the log of changes"
    )


def grows(values: Sequence[float], most: float) -> bool:
    """Whether they rise by more than `most` from one to the next. Of few values, half of which stand after a step, the slope says
    that they rise, and what most of them add says that they do not: both have to.
    """
    if len(values) >= MEMORY_FROM:
        return slope(values) > most
    added = [after - before for before, after in pairwise(values)]
    return slope(values) > most + _STEP and bool(added) and statistics.median(added) > most


def slope(values: Sequence[float], at: Sequence[float] = ()) -> float:
    """The median of all slopes between two of them (Theil and Sen), by their number where no place is given: one step, or one
    odd value, is no slope.
    """
    places = list(at) or [float(number) for number in range(len(values))]
    slopes = [
        (values[later] - values[earlier]) / (places[later] - places[earlier])
        for earlier, later in combinations(range(len(values)), 2)
    ]
    return statistics.median(slopes) if slopes else 0.0


def _judge_logs(tally: Tally, folder: Path) -> None:
    from tests.torture.school_day import LOG_BYTES

    files = list(folder.iterdir())
    full = sum(file.stat().st_size for file in files) > LOG_BYTES
    tally.notes["logs that did not turn over"] += len(files) > LOGS or (full and len(files) < 2)
    tally.notes["logs that are too long"] += any(
        file.stat().st_size > LOG_BYTES + LOG_SLACK for file in files
    )
    tally.notes += Counter()


def _progress(seen: Sequence[Census], classes: int) -> str:
    newest = seen[-1]
    return (
        f"eight-hours: class {len(seen)} of {classes} after {newest.at_s / 60:.1f} minutes: {newest.memory_mb:.0f} MB, "
        f"{newest.tasks} threads, {newest.handles} handles, {newest.widgets} widgets, {newest.objects:,} objects, {newest.weak:,} weak references"
    )
