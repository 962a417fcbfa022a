"""Asking the sides of a comparison by turns, and what comes of it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kiosk.bench.sides.child import BenchError, Child, Task

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the sides said.

    Attributes:
        rounds: Results of each side that ran, by name, in the order of the rounds.
        missing: Why a side has none, by name.
    """

    rounds: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    def least(self, side: str, figure: str) -> float | None:
        """The smallest of a figure over the rounds; None where the side did not run.

        Anything else that a machine does can only make a time longer, so the least one says most.
        """
        found = [getattr(answer, figure) for answer in self.rounds.get(side, ())]
        known = [float(value) for value in found if value is not None]
        return min(known) if known else None


def by_turns(sides: Mapping[str, Task[Any]], scratch: Path, *, rounds: int) -> Answers:
    """Start every side, then ask them in turn, `rounds` times; one that fails is left out from there on."""
    answers: dict[str, list[Any]] = {name: [] for name in sides}
    missing: dict[str, str] = {}
    with ExitStack() as stack:
        children = {name: stack.enter_context(Child(task, scratch)) for name, task in sides.items()}
        for _ in range(rounds):
            for name, child in children.items():
                if name in missing:
                    continue
                try:
                    answers[name].append(child.next())
                except BenchError as error:
                    missing[name] = str(error)
    return Answers({name: found for name, found in answers.items() if name not in missing}, missing)
