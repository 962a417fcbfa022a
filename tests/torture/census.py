"""What a process holds at a moment: memory, threads, handles, objects. Linux; on the main thread of a window."""

import ctypes
import gc
import json
import threading
import weakref
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

import psutil
from PySide6.QtWidgets import QApplication, QWidget

MB: Final = 1 << 20
SELF: Final = Path("/proc/self")

_QUIET: Final = {"window-task", "backup", "warm-up"}
"""Threads that are there only while there is something to do."""


@dataclass(frozen=True, slots=True)
class Census:
    """One look.

    Attributes:
        at_s: Since the window stood there, by a clock that nobody moves.
        resident_mb: Memory as it was found.
        memory_mb: The same after what was freed was given back, as the program does each minute.
        threads: Python's.
        tasks: All threads of the process, those of libraries, too.
        handles: Open files, sockets and the like.
        widgets: Of Qt.
        objects: That Python's collector knows, without weak references.
        weak: Weak references, of which some hundred come and go with caches; none keeps anything alive.
        painted: How often the camera's picture was painted so far.
        logged: Entries in the log of changes, by what was done.
        marked: Students marked in the class before, by how.
    """

    at_s: float
    resident_mb: float
    memory_mb: float
    threads: int
    tasks: int
    handles: int
    widgets: int
    objects: int
    weak: int
    painted: int
    logged: Mapping[str, int] = field(default_factory=dict)
    marked: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def take(cls, at_s: float, *, painted: int, logged: Mapping[str, int], marked: Mapping[str, int]) -> Self:
        """Look now."""
        resident = psutil.Process().memory_info().rss / MB
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        known = gc.get_objects()
        weak = sum(type(one) is weakref.ReferenceType for one in known)
        return cls(
            at_s=at_s,
            resident_mb=resident,
            memory_mb=psutil.Process().memory_info().rss / MB,
            threads=threading.active_count(),
            tasks=len(list((SELF / "task").iterdir())),
            handles=len(list((SELF / "fd").iterdir())),
            widgets=len(QApplication.allWidgets()),
            objects=len(known) - weak,
            weak=weak,
            painted=painted,
            logged=logged,
            marked=marked,
        )

    @classmethod
    def read(cls, line: str) -> Self:
        """What `line` wrote."""
        return cls(**json.loads(line))

    @property
    def line(self) -> str:
        """One line for another process."""
        return json.dumps(asdict(self))


def is_quiet() -> bool:
    """Whether nothing is under way that ends by itself."""
    return not any(thread.name in _QUIET for thread in threading.enumerate())


def kinds() -> Counter[str]:
    """How many objects there are of each type, and widgets of each class of Qt's, to see what grows."""
    found = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return found + Counter(f"widget {_place(one)}" for one in QApplication.allWidgets())


def _place(widget: QWidget) -> str:
    parent = widget.parentWidget()
    inside = f" in {type(parent).__name__}" if parent is not None else ""
    return f"{type(widget).__name__}{inside}"
