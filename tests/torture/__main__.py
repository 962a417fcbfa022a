"""``scripts/torture``: strikes with every fault so often, and prints a table of what was promised and kept."""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.torture import (
    clock_leaps,
    failing_disk,
    keeping_kills,
    kills,
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
    """

    name: str
    promise: str
    run: Callable[..., Tally]
    runs: int
    obstacle: Callable[[], str] = _anywhere


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
    Fault("server-losses", "a mark that was shown outlives the database server", server_losses.run, 100),
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
    Fault("clock-leaps", "a clock that leaps makes nobody late and ends no class", clock_leaps.run, 1000),
)

FIRST_RUNS: Final = 3
"""How often a fault strikes to see how long it takes, where a time is given."""


def main(arguments: Sequence[str]) -> int:
    """Run it; the exit code says whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="scripts/torture", description=__doc__)
    parser.add_argument("--minutes", type=float, help="about how long in all")
    parser.add_argument("--only", nargs="+", choices=[fault.name for fault in FAULTS], metavar="NAME")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 20))
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    asked = parser.parse_args(arguments)
    chosen = [fault for fault in FAULTS if not asked.only or fault.name in asked.only]
    if asked.list:
        print("\n".join(f"{fault.name:14} {fault.runs:5}  {fault.promise}" for fault in chosen))
        return 0
    rows = [_HEAD]
    kept = True
    with tempfile.TemporaryDirectory(prefix="kiosk-torture-") as folder:
        for fault in chosen:
            obstacle = fault.obstacle()
            if obstacle:
                rows.append(f"| {fault.promise} | `{fault.name}` | not here: {obstacle} | | | | |")
            else:
                tally = _strike(
                    fault, Path(folder), asked.seed, asked.minutes and asked.minutes * 60 / len(chosen)
                )
                kept = kept and tally.kept
                rows.append(_row(fault, tally, asked.seed))
            print(rows[-1], flush=True)
    if asked.write:
        _write(rows)
    return 0 if kept else 1


def _strike(fault: Fault, place: Path, seed: int, seconds: float | None) -> Tally:
    if seconds is None:
        return fault.run(place, runs=fault.runs, seed=seed)
    tally, until = Tally(), time.monotonic() + seconds
    runs = FIRST_RUNS
    while True:
        began = time.monotonic()
        tally.add(fault.run(place, runs=runs, seed=seed + tally.runs))
        each = (time.monotonic() - began) / runs
        runs = min(fault.runs, int((until - time.monotonic()) / each))
        if runs < 1:
            return tally


_HEAD: Final = """\
| promise | `scripts/torture --only` | faults | answers that promised | refused or unknown | bad | day, commit, seed |
|---|---|---|---|---|---|---|"""


def _row(fault: Fault, tally: Tally, seed: int) -> str:
    answers = tally.answers
    promised, unanswered = answers["promised"], answers[UNANSWERED]
    said_no = answers.total() - promised - unanswered
    bad = tally.lost + tally.broken + unanswered + tally.notes.total()
    detail = f" ({dict(tally.notes)}, {tally.broken} not whole)" if bad else ""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    day = datetime.now(UTC).date()
    return (
        f"| {fault.promise} | `{fault.name}` | {tally.runs:,} | {promised:,} | {said_no:,} | {bad}{detail} "
        f"| {day}, {commit}, {seed} |"
    )


def _write(rows: Sequence[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(rows) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
