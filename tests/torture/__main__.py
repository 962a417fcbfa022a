"""``scripts/torture``: strikes with every fault so often, and prints a table of what was promised and kept."""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from kiosk.pipeline.hang_watch import MOST
from tests.torture import (
    clock_leaps,
    eight_hours,
    failing_disk,
    hangs,
    keeping_kills,
    kills,
    move_kills,
    phone_kills,
    power_cuts,
    server_losses,
    state_machine_runs,
)
from tests.torture.school import ROOT, UNANSWERED, Tally

PAGE: Final = ROOT / "docs" / "reliability.md"
BEGIN: Final = "<!-- scripts/torture --write: begin -->"
END: Final = "<!-- scripts/torture --write: end -->"


def _anywhere() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table.

    Attributes:
        promise: What must hold.
        run: Strikes so often in a folder, from a seed.
        runs: How often, where no time is given.
        obstacle: Why it cannot run here; empty when it can.
        series: How often in one world at most; then another one begins.
        each_s: About how long one takes where all must happen in one world; otherwise 0.
        bit: How often in the suite; what is judged by its growth needs enough to tell it from a step.
    """

    name: str
    promise: str
    run: Callable[..., Tally]
    runs: int
    obstacle: Callable[[], str] = _anywhere
    series: int = 25
    each_s: float = 0.0
    bit: int = 2


FAULTS: Final = (
    Fault("kills", "a mark that was shown outlives the process", kills.run, 1000),
    Fault("phone-kills", "who saw “You are marked” on a phone is marked", phone_kills.run, 200),
    Fault("power-cuts", "a mark that was shown outlives the power", power_cuts.run, 200, power_cuts.can_run),
    Fault(
        "failing-disk",
        "a disk that fails in places makes no false mark",
        failing_disk.run,
        60,
        failing_disk.can_run,
    ),
    Fault("full-disk", "a full disk makes no false mark", failing_disk.run_full, 60, power_cuts.can_run),
    Fault(
        "backup-kills",
        "a backup that was cut off harms neither the school nor the backups before it",
        keeping_kills.run_backups,
        60,
    ),
    Fault(
        "restore-kills",
        "a restore that was cut off leaves the old school or the new one",
        keeping_kills.run_restores,
        60,
    ),
    Fault(
        "migration-kills",
        "an update that was cut off leaves the old database or the new one",
        keeping_kills.run_migrations,
        60,
    ),
    Fault(
        "move-kills", "a move to a server that was cut off is gone on with, row by row", move_kills.run, 60
    ),
    Fault(
        "server-losses",
        "a mark that was shown or kept outlives the database server, and the kiosk's own kills meanwhile",
        server_losses.run,
        100,
    ),
    Fault(
        "state-machine",
        "whatever happens in whatever order while one thing fails, what is stored is what was answered",
        state_machine_runs.run,
        250,
    ),
    Fault(
        "state-machine-server",
        "the same on a database server to which the line breaks",
        state_machine_runs.run_server,
        60,
    ),
    Fault(
        "clock-leaps",
        "a clock that leaps makes nobody late and ends no class",
        clock_leaps.run,
        1000,
        series=200,
    ),
    Fault(
        "hangs",
        "recognition that hangs is said within 10 s and started anew, the fifth time switched off",
        hangs.run,
        50,
        series=MOST,
    ),
    Fault(
        "eight-hours",
        "whoever leaves the window open all week finds it as it was",
        eight_hours.run,
        40,
        each_s=30.0,
        bit=4,
    ),
)

FIRST_RUNS: Final = 3
"""How often a fault strikes to see how long it takes, where a time is given."""


def main(arguments: Sequence[str]) -> int:
    """Run it; the exit code says whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="scripts/torture", description=__doc__)
    parser.add_argument("--minutes", type=float, help="about how long in all")
    parser.add_argument("--only", nargs="+", choices=[fault.name for fault in FAULTS], metavar="NAME")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 20))
    parser.add_argument("--jobs", type=int, default=1, help="how many worlds at once")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    asked = parser.parse_args(arguments)
    chosen = [fault for fault in FAULTS if not asked.only or fault.name in asked.only]
    if asked.list:
        print("\n".join(f"{fault.name:20} {fault.runs:5}  {fault.promise}" for fault in chosen))
        return 0
    rows = []
    print(_HEAD, flush=True)
    kept = True
    with tempfile.TemporaryDirectory(prefix="kiosk-torture-") as folder:
        for fault in chosen:
            obstacle = fault.obstacle()
            if obstacle:
                rows.append(f"| {fault.promise} | `{fault.name}` | not here: {obstacle} | | | | |")
            else:
                tally = _strike(
                    fault,
                    Path(folder),
                    asked.seed,
                    asked.jobs,
                    asked.minutes and asked.minutes * 60 / len(chosen),
                )
                kept = kept and tally.kept
                rows.append(_row(fault, tally, asked.seed))
            print(rows[-1], flush=True)
    if asked.write:
        _write(rows)
    return 0 if kept else 1


def _strike(fault: Fault, place: Path, seed: int, jobs: int, seconds: float | None) -> Tally:
    """Strike in series, each in a folder and with a seed of its own, and say after each how far it is."""
    if fault.each_s:
        runs = fault.runs if seconds is None else max(FIRST_RUNS, int(seconds / fault.each_s))
        return fault.run(place / fault.name, runs=runs, seed=seed)
    tally, began, begun, first = Tally(), time.monotonic(), 0, FIRST_RUNS if seconds else fault.series
    under_way: set[Future[Tally]] = set()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as worlds:
        while True:
            left = fault.runs - begun if seconds is None else _possible(tally.runs, began, seconds, jobs)
            while len(under_way) < jobs and (runs := min(left, fault.series if tally.runs else first)) > 0:
                world = place / f"{fault.name}-{begun}"
                world.mkdir()
                under_way.add(worlds.submit(fault.run, world, runs=runs, seed=seed + begun))
                begun += runs
                left -= runs
            if not under_way:
                return tally
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for one in done:
                tally.add(one.result())
            of = f" of {fault.runs:,}" if seconds is None else ""
            minutes = (time.monotonic() - began) / 60
            print(
                f"{fault.name}: {tally.runs:,}{of} in {minutes:.1f} minutes, {tally.bad} bad",
                file=sys.stderr,
                flush=True,
            )


def _possible(runs: int, began: float, seconds: float, jobs: int) -> int:
    """How many more fit into the time in one series, going by those that were."""
    spent = time.monotonic() - began
    if not runs:
        return FIRST_RUNS * jobs
    return int((seconds - spent) / (spent / runs) / jobs)


_HEAD: Final = """\
| promise | `scripts/torture --only` | faults | answers that promised | refused or unknown | bad | day, commit, seed |
|---|---|---|---|---|---|---|"""


def _row(fault: Fault, tally: Tally, seed: int) -> str:
    answers = tally.answers
    promised, unanswered = answers["promised"], answers[UNANSWERED]
    said_no = answers.total() - promised - unanswered
    bad = tally.bad
    detail = f" ({dict(tally.notes)}, {tally.broken} not whole)" if bad else ""
    promise = f"{fault.promise}: {tally.measured}" if tally.measured else fault.promise
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    day = datetime.now(UTC).date()
    return (
        f"| {promise} | `{fault.name}` | {tally.runs:,} | {promised:,} | {said_no:,} | {bad}{detail} "
        f"| {day}, {commit}, {seed} |"
    )


def _write(rows: Sequence[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    lines = [_HEAD, *merged(table.strip().splitlines()[2:], rows)]
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after, encoding="utf-8")


def merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Rows, new ones in the place of those of the same fault, in the order of the faults."""
    names = [fault.name for fault in FAULTS]
    known = {_name_of(row) for row in new}
    return sorted(
        [*(row for row in old if _name_of(row) not in known), *new],
        key=lambda row: names.index(_name_of(row)),
    )


def _name_of(row: str) -> str:
    return row.split("|")[2].strip().strip("`")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
