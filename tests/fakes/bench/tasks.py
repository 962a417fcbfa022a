"""What a child of the bench can be asked to do in a test; here, because a spawned process imports it by name."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.errors import ModelError


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure, and a setting of the process that read it."""

    value: float | None
    process: int = 0
    home: str = ""


@dataclass(frozen=True, slots=True)
class Counting:
    """Answers 0, 1, 2 …; prints what nobody wants to see on standard output."""

    def rounds(self) -> Iterator[Reading]:
        value = 0.0
        while True:
            print("a library talks")
            yield Reading(value, os.getpid(), os.environ["DEEPFACE_HOME"])
            value += 1


@dataclass(frozen=True, slots=True)
class Refusing:
    """Says a sentence in place of an answer, after so many answers."""

    answers: int = 0

    def rounds(self) -> Iterator[Reading]:
        for value in range(self.answers):
            yield Reading(float(value))
        raise ModelError("There is no such network.", "Install it.")


@dataclass(frozen=True, slots=True)
class Breaking:
    """Meets something unforeseen."""

    def rounds(self) -> Iterator[Reading]:
        yield Reading(1 / 0)


@dataclass(frozen=True, slots=True)
class Dying:
    """Takes its process along, as a library may."""

    code: int = 7

    def rounds(self) -> Iterator[Reading]:
        if self.code:
            os._exit(self.code)
        yield Reading(0)


@dataclass(frozen=True, slots=True)
class Hanging:
    """Never answers."""

    def rounds(self) -> Iterator[Reading]:
        import threading

        threading.Event().wait()
        yield Reading(0)
