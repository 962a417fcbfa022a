"""PIN slips: new PINs for a course, on paper. Slow, because each PIN is hashed: call from a worker thread."""

from collections.abc import Callable
from pathlib import Path

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.services.core import Core
from kiosk.services.people.pins import Pins
from kiosk.services.ports.outputs import PinSlipWriter
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.school.school_settings import School


class PinSlips:
    """Makes PINs and writes them as a PDF."""

    def __init__(
        self,
        core: Core,
        *,
        pins: Pins,
        school: School,
        write: PinSlipWriter,
        address: Callable[[], str] = lambda: "",
    ) -> None:
        """`address` says where phones reach the kiosk; empty where they cannot."""
        self._address = address
        self._core = core
        self._pins = pins
        self._school = school
        self._write = write

    def issue(
        self,
        path: Path,
        course: Course,
        *,
        renew: bool,
        actor: Actor,
        only: Student | None = None,
        progress: Progress = UNWATCHED,
    ) -> int:
        """Make PINs for a course, write them as a PDF and return how many there are; writes no file for none.

        The slips are written first and the PINs stored after, so a full disk changes nobody's PIN.

        Raises:
            ExportError: The PDF cannot be written.
            NotFoundError: `only`, for whom alone a new PIN is made, is not in the course.
        """
        slips, keep = self._pins.prepare(
            course.course_id,
            on=self._core.today(),
            actor=actor,
            renew=renew,
            only=only.student_id if only is not None else None,
            progress=progress,
        )
        if slips:
            school = self._school.rules().school_name
            title = f"{school} · {course.code}" if school else course.code
            self._write(path, title=title, slips=slips, address=self._address())
            keep()
        return len(slips)
