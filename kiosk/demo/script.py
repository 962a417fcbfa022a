"""Who is in the demo's class and who walks when: a pure function of the seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

import numpy as np

from kiosk.demo.people import DrawnPerson
from kiosk.demo.walks import FRAME_WIDTH, Walk, keep_clear
from kiosk.errors import ConflictError
from kiosk.translation import _

NAMES: Final = (
    "Alex Moreau",
    "Amal Haddad",
    "Ariel Navarro",
    "Ayo Adeyemi",
    "Bao Nguyen",
    "Charlie Novak",
    "Dana Petrov",
    "Deniz Kaya",
    "Ekow Mensah",
    "Emery Wilson",
    "Gael Santos",
    "Hikaru Mori",
    "Imani Otieno",
    "Jamie Larsen",
    "Jo Fischer",
    "Kai Tamura",
    "Kim Seo-yun",
    "Kiran Rao",
    "Lane Murphy",
    "Lindiwe Dube",
    "Luca Rossi",
    "Manpreet Gill",
    "Ming Zhao",
    "Nima Karimi",
    "Noor Rahman",
    "Oluchi Eze",
    "Parker Jones",
    "Quinn Byrne",
    "Robin de Vries",
    "Sam Okafor",
    "Sasha Ivanova",
    "Tam Pham",
    "Uriel Cohen",
    "Wren Taylor",
    "Xin Liu",
    "Yael Levi",
)
"""Invented names that fit anybody."""

SCANNERS: Final = 2
"""Students who check in by phone and are never drawn."""
_PAIR_X: Final = (410.0, 870.0)
_STEP: Final = 0.1


@dataclass(frozen=True, slots=True)
class PlannedStudent:
    """A student of the demo's course.

    Attributes:
        student_no: The school's number.
        full_name: Invented.
        person: The drawing that is enrolled and walks; None for those who scan the code.
    """

    student_no: str
    full_name: str
    person: DrawnPerson | None


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A whole class.

    Attributes:
        seed: What it was made from.
        students: Enrolled, each of whom walks at least once.
        scanners: Registered, not enrolled; they scan the code.
        strangers: Walk too, but are not in the course.
        returning: Number of the student who walks past a second time.
        walks: By start.
    """

    seed: int
    students: tuple[PlannedStudent, ...]
    scanners: tuple[PlannedStudent, ...]
    strangers: tuple[DrawnPerson, ...]
    returning: str
    walks: tuple[Walk, ...]

    @property
    def duration_s(self) -> float:
        """When the last one has left the picture."""
        return max(walk.end_s for walk in self.walks)

    @property
    def expected(self) -> tuple[str, ...]:
        """Numbers of everybody who must end up with exactly one record."""
        return tuple(student.student_no for student in (*self.students, *self.scanners))

    @property
    def cast(self) -> tuple[DrawnPerson, ...]:
        """Everybody who is drawn."""
        enrolled = [student.person for student in self.students if student.person]
        return (*enrolled, *self.strangers)


def plan_class(seed: int, students: int, unenrolled: int, people: Sequence[DrawnPerson]) -> ClassPlan:
    """Cast and time a class.

    Args:
        seed: Any whole number.
        students: How many are enrolled and walk, at least 2: thresholds lie between how they differ.
        unenrolled: How many strangers walk among them, 0 or more.
        people: The pool; its first ``students + unenrolled`` are used.

    Raises:
        ConflictError: More people than the pool has, or none.
    """
    if students < 2:
        raise ConflictError(_("The demo needs at least two students."), _("Ask for 2 students or more."))
    if unenrolled < 0:
        raise ConflictError(_("There cannot be fewer than no strangers."), _("Ask for 0 strangers or more."))
    if students + unenrolled > len(people):
        raise ConflictError(
            _(
                "The demo can draw {people} people, not {students}.",
                people=len(people),
                students=students + unenrolled,
            ),
            _("Ask for at most {people} students and strangers together.", people=len(people)),
        )
    generator = np.random.default_rng(abs(seed) * 2 + (seed < 0))
    drawn = [people[i] for i in generator.permutation(students + unenrolled)]
    names = [NAMES[i] for i in generator.permutation(len(NAMES))[: students + SCANNERS]]
    numbers = [f"26-{101 + i}" for i in range(students + SCANNERS)]
    enrolled = tuple(
        PlannedStudent(number, name, person)
        for number, name, person in zip(numbers, names, drawn[:students], strict=False)
    )
    scanners = tuple(
        PlannedStudent(number, name, None)
        for number, name in zip(numbers[students:], names[students:], strict=True)
    )
    strangers = tuple(drawn[students:])
    groups = _groups(generator, [person.key for person in drawn[:students]], [p.key for p in strangers])
    back = next(s for s in enrolled if s.person and s.person.key == groups[-1][0])
    return ClassPlan(seed, enrolled, scanners, strangers, back.student_no, _timed(generator, groups))


def _groups(generator: np.random.Generator, students: list[str], strangers: list[str]) -> list[list[str]]:
    """Who walks together, in order; the last group is the student who returns."""
    waiting = [students[i] for i in generator.permutation(len(students))]
    groups: list[list[str]] = []
    for place, stranger in enumerate(strangers):
        # By turns alone and beside a student.
        with_student = place % 2 == 1 and waiting
        groups.append([stranger, waiting.pop()] if with_student else [stranger])
    singles = (len(waiting) + 2) // 3
    while waiting:
        size = 1 if (singles > 0 and len(groups) % 2 == 0) or len(waiting) == 1 else 2
        singles -= size == 1
        groups.append([waiting.pop() for _unused in range(size)])
    groups = [groups[i] for i in generator.permutation(len(groups))]
    groups = [[group[i] for i in generator.permutation(len(group))] for group in groups]
    known = set(students)
    early = [key for group in groups[: max(1, len(groups) // 2)] for key in group if key in known]
    anyone = early or students
    return [*groups, [anyone[int(generator.integers(len(anyone)))]]]


def _timed(generator: np.random.Generator, groups: list[list[str]]) -> tuple[Walk, ...]:
    """Let each group start as early as it can without covering anybody."""
    walks: list[Walk] = []
    start = 0.5
    direction = 1
    for group in groups:
        if generator.random() < 0.25:
            direction = -direction
        if len(group) == 1:
            spots = [FRAME_WIDTH / 2 + float(generator.uniform(-110, 110))]
        else:
            spots = sorted((x + float(generator.uniform(-25, 25)) for x in _PAIR_X), reverse=direction > 0)
        planned = [
            Walk(key, start, spot, 300 + float(generator.uniform(-16, 20)), direction)
            for key, spot in zip(group, spots, strict=True)
        ]
        if len(planned) == 2:
            # The one behind follows at a distance.
            planned[1] = planned[1].moved(start + 0.25)
            while not keep_clear(planned[:1], planned[1:]):
                planned[1] = planned[1].moved(planned[1].start_s + _STEP)
        while not keep_clear(walks[-4:], planned):
            planned = [walk.moved(walk.start_s + _STEP) for walk in planned]
        walks += planned
        start = planned[0].start_s + 1.0
    return tuple(sorted(walks, key=attrgetter("start_s")))
