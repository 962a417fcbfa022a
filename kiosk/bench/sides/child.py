"""One measurement in a process of its own, asked for one round at a time.

Sides of a comparison live side by side and are asked by turns, so that whatever else the machine does meets both alike.
A side that waits for its turn waits on a pipe and takes no time. Parent: any thread; child: its main thread.
"""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Final, Generic, Protocol, Self, TypeVar, cast

import psutil

from kiosk.errors import KioskError
from kiosk.translation import _

CORES: Final = 2
"""All figures are for so many cores, whatever the machine has."""
ROUND_S: Final = 240.0
"""A round that takes longer has failed; the longest one, making a model, takes about a minute."""
_CLOSE_S: Final = 10.0

ENVIRONMENT: Final = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "DEEPFACE_LOG_LEVEL": "50",
    "TQDM_DISABLE": "1",
    "QT_QPA_PLATFORM": "offscreen",
    "QT_LOGGING_RULES": "*=false",
}
"""Set in every child before anything heavy is imported."""

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Task(Protocol[R_co]):
    """What a child does. Must pickle: a frozen dataclass of paths and numbers."""

    def rounds(self) -> Iterator[R_co]:
        """Measure once for each ``next``; what comes before the first is preparation and not measured."""


class BenchError(KioskError):
    """A measurement could not be made."""


class Child(Generic[R]):
    """A started child process; use it in a ``with`` block.

    Args:
        task: What it does.
        scratch: Where it may write; temporary files, homes and caches of libraries go there, too.
    """

    def __init__(self, task: Task[R], scratch: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._log = scratch / f"{type(task).__name__}.log"
        self._process = context.Process(
            target=_serve, args=(task, theirs, scratch, self._log), name=f"bench-{type(task).__name__}"
        )
        self._stuck = False
        self._process.start()
        theirs.close()

    def next(self, timeout_s: float = ROUND_S) -> R:
        """The result of one more round. Raises BenchError: it failed, died or took too long; says why."""
        try:
            self._pipe.send(True)
            if not self._pipe.poll(timeout_s):
                self._stuck = True
                raise BenchError(_("It did not answer within {timeout_s:.0f} s.", timeout_s=timeout_s))
            worked, value = self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self._process.join(_CLOSE_S)
            raise BenchError(
                _("Its process ended with exit code {exitcode}.", exitcode=self._process.exitcode)
            ) from error
        if not worked:
            raise BenchError(cast(str, value))
        return cast(R, value)

    def close(self) -> None:
        """Let the child end, or end it."""
        with suppress(OSError):
            self._pipe.send(False)
        self._pipe.close()
        self._process.join(0 if self._stuck else _CLOSE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def once(task: Task[R], scratch: Path) -> R:
    """The result of a single round in a child of its own. Raises BenchError: it failed; says why."""
    with Child(task, scratch) as child:
        return child.next(ROUND_S)


def _serve(task: Task[object], pipe: Connection, scratch: Path, log: Path) -> None:
    _settle(scratch, log)
    try:
        rounds = task.rounds()
        while pipe.recv():
            pipe.send((True, next(rounds)))
    except EOFError:
        return  # the command was ended
    except KioskError as error:
        pipe.send((False, str(error)))
    except Exception as error:  # noqa: BLE001 - the top of a process: whatever it is becomes the reason
        traceback.print_exc()
        pipe.send((False, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"))


def _settle(scratch: Path, log: Path) -> None:
    """Give this process its cores, its environment and a file for whatever libraries print."""
    os.environ.update(ENVIRONMENT)
    for name in ("DEEPFACE_HOME", "KERAS_HOME", "MPLCONFIGDIR", "TMPDIR", "TEMP", "TMP"):
        os.environ[name] = str(scratch)
    sys.stdout.flush()
    sys.stderr.flush()
    with log.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        process.cpu_affinity(process.cpu_affinity()[:CORES])
