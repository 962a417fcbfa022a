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
from kiosk.demo.drawn_thresholds import drawn_thresholds
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import Thresholds
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ModelError
from kiosk.services.ports.sources import FrameSource
from kiosk.settings import KioskSettings
from kiosk.translation import _

COURSE: Final = "BENCH"
ACTOR: Final = Actor.system("the bench")
_NOBODY: Final = Thresholds(accept=0.0, reject=0.0, margin=0.0)


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
        kiosk = _kiosk(directory, self.model, KioskSettings(), None)
        kiosk.start()
        try:
            app = kiosk.app
            app.school.faces.choose(
                FaceRule.WALK_PAST, actor=ACTOR
            )  # what is measured is the search among a class
            app.courses.lists.import_roster(
                class_list, course_code=COURSE, since=app.core.today(), actor=ACTOR
            )
            with self._enrollable() as pictures:
                report = app.faces.enrolments.build().enrol_folder(
                    pictures, consent_recorded=True, actor=ACTOR
                )
            if not report.accepted:
                raise ModelError(_("None of the drawn portraits could be enrolled."))
            _set_thresholds(kiosk, self.model)
        finally:
            kiosk.stop()
        yield len(report.accepted)

    @contextmanager
    def _enrollable(self) -> Iterator[Path]:
        """The portraits; one of each person for seeded weights, to which two of one person may look like two people."""
        if self.model.official:
            yield self.portraits
            return
        with tempfile.TemporaryDirectory(prefix="portraits-", dir=self.folder.parent) as made:
            for person in self.portraits.iterdir():
                first = min(person.iterdir())
                (Path(made) / person.name).mkdir()
                shutil.copy(first, Path(made) / person.name / first.name)
            yield Path(made)


def _set_thresholds(kiosk: bootstrap.Kiosk, model: Model) -> None:
    """Those for drawn people; with seeded weights such that nobody is recognised.

    Seeded vectors lie on both sides of a trained model's thresholds, so that faces waver for seconds, which those of a
    class do not. As strangers they are looked at for `unsure_after_s`, three times as long as an enrolled student.
    """
    _, embedder = kiosk.vision.get()
    if not model.official:
        kiosk.app.school.shared.use_thresholds(embedder.info, _NOBODY, origin="seeded weights", actor=ACTOR)
        return
    course = kiosk.app.courses.lists.course(COURSE)
    today = kiosk.app.core.today()
    gallery = kiosk.faces.galleries.load(course.course_id, on=today, model=embedder.info).gallery
    kiosk.faces.galleries.set_by_hand(
        embedder.info, drawn_thresholds(gallery), origin="drawn people", actor=ACTOR
    )


@contextmanager
def open_copy(
    folder: Path,
    model: Model,
    *,
    settings: KioskSettings | None = None,
    source: FrameSource | None = None,
    for_window: bool = False,
) -> Iterator[tuple[bootstrap.Kiosk, Course]]:
    """A kiosk that is not started yet, over a copy of the class's data directory, and its course."""
    with tempfile.TemporaryDirectory(prefix="class-", dir=folder.parent, ignore_cleanup_errors=True) as copy:
        directory = Path(copy) / "data"
        shutil.copytree(folder, directory)
        kiosk = _kiosk(directory, model, settings or KioskSettings(), source, for_window=for_window)
        kiosk.start()
        try:
            yield kiosk, kiosk.app.courses.lists.course(COURSE)
        finally:
            kiosk.stop()


def _kiosk(
    directory: Path,
    model: Model,
    settings: KioskSettings,
    source: FrameSource | None,
    *,
    for_window: bool = False,
) -> bootstrap.Kiosk:
    return bootstrap.build(
        directory,
        models_dir=model.models_dir,
        model=model.name,
        settings=settings,
        source=source,
        for_window=for_window,
    )
