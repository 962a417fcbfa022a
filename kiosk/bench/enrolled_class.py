"""A class of drawn people in a data directory of its own, enrolled as a school does it. Child processes only.

It is made once for a model; every measurement works on a copy.
"""

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk import bootstrap
from kiosk.domain.people import Course
from kiosk.errors import ModelError
from kiosk.services.events import OnEvent
from kiosk.services.ports.sources import FrameSource
from kiosk.settings import KioskSettings

COURSE: Final = "BENCH"
ACTOR: Final = "the bench"


@dataclass(frozen=True, slots=True)
class Model:
    """A recognition model to measure.

    Attributes:
        name: As in the manifest.
        models_dir: Where its file is, and the detector's.
        official: Whether its weights are those that its author trained; others decide nothing worth looking at.
    """

    name: str
    models_dir: Path
    official: bool


@dataclass(frozen=True, slots=True)
class EnrolClass:
    """Makes the data directory."""

    folder: Path
    model: Model
    portraits: Path

    def rounds(self) -> Iterator[int]:
        """One round: how many portraits were enrolled."""
        directory = bootstrap.prepare_data_dir(self.folder)
        class_list = directory / "class-list.csv"
        with class_list.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["student_no", "full_name"])
            writer.writerows((one.name, f"Student {one.name}") for one in sorted(self.portraits.iterdir()))
        kiosk = _kiosk(directory, self.model, KioskSettings(), lambda _: None, None)
        kiosk.start()
        try:
            app = kiosk.app
            app.people.import_roster(class_list, course_code=COURSE, since=app.today(), actor=ACTOR)
            report = app.enrolment().enrol_folder(self.portraits, consent_recorded=True, actor=ACTOR)
            if not report.accepted:
                raise ModelError("None of the drawn portraits could be enrolled.")
            if self.model.official:
                course = app.people.course(COURSE)
                _, embedder = kiosk.vision.get()
                kiosk.galleries.calibrate(course.course_id, on=app.today(), model=embedder.info, actor=ACTOR)
        finally:
            kiosk.stop()
        yield len(report.accepted)


@contextmanager
def open_copy(
    folder: Path,
    model: Model,
    *,
    on_event: OnEvent,
    settings: KioskSettings | None = None,
    source: FrameSource | None = None,
    for_window: bool = False,
) -> Iterator[tuple[bootstrap.Kiosk, Course]]:
    """A kiosk that is not started yet, over a copy of the class's data directory, and its course."""
    with tempfile.TemporaryDirectory(prefix="class-", dir=folder.parent, ignore_cleanup_errors=True) as copy:
        directory = Path(copy) / "data"
        shutil.copytree(folder, directory)
        kiosk = _kiosk(
            directory,
            model,
            settings or KioskSettings(),
            on_event,
            source,
            for_window=for_window,
        )
        kiosk.start()
        try:
            yield kiosk, kiosk.app.people.course(COURSE)
        finally:
            kiosk.stop()


def _kiosk(
    directory: Path,
    model: Model,
    settings: KioskSettings,
    on_event: OnEvent,
    source: FrameSource | None,
    *,
    for_window: bool = False,
) -> bootstrap.Kiosk:
    return bootstrap.build(
        directory,
        models_dir=model.models_dir,
        model=model.name,
        on_event=on_event,
        settings=settings,
        source=source,
        for_window=for_window,
    )
