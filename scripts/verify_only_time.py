"""How long *verify only* takes from a typed number to the mark, with real people before a kiosk's whole pipeline.

    python -m scripts.verify_only_time FOLDER [--models DIR] [--liveness off|passive] [--rounds N]

FOLDER holds a folder of photographs for each person. All but the last one are enrolled; the last one then stands before the camera
(720p, 30 frames a second, slightly moving) when the person types the number. Prints the times, and who was not marked within the ten
seconds that a number is good for. The figures of docs/measurements.md were made with it.
"""

import argparse
import threading
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import numpy as np

from kiosk import bootstrap
from kiosk.camera.picture import SUFFIXES, read_picture
from kiosk.camera.picture_folder import FPS, HEIGHT, PICTURE_FRAMES, WIDTH, fit, movement
from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.domain.people.consents import STUDENT
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError
from kiosk.services.events import CheckInResult, Event, RecognitionReady
from kiosk.services.ports.sources import SourceInfo
from kiosk.settings import default_models_dir

ACTOR: Final = Actor.local("verify_only_time")
GOOD_S: Final = 10.0
"""So long a typed number is good."""
STANDS_S: Final = 0.5
"""So long somebody stands there before typing."""


class Booth:
    """A live camera before which one photograph moves a little; nobody stands there while `image` is None."""

    def __init__(self) -> None:
        self.image: BgrImage | None = None
        self._index = 0
        self._next_s = 0.0

    def open(self) -> SourceInfo:
        return SourceInfo("booth", WIDTH, HEIGHT, float(FPS), live=True)

    def read(self) -> Frame | None:
        now = time.monotonic()
        self._next_s = max(self._next_s + 1 / FPS, now)
        time.sleep(self._next_s - now)
        self._index += 1
        image = self.image
        grey = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        grey[0, 0] = self._index % 256  # a camera never gives the same picture twice
        if image is None:
            return Frame(grey, time.monotonic(), self._index)
        moved = cv2.warpAffine(
            image,
            movement(self._index % PICTURE_FRAMES, (image.shape[1], image.shape[0])),
            (WIDTH, HEIGHT),
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(128, 128, 128),
        )
        return Frame(np.asarray(moved, np.uint8), time.monotonic(), self._index)

    def close(self) -> None:
        """There is nothing to let go of."""


class Marks:
    """Waits for events of the kiosk."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self._marked: dict[int, float] = {}
        self._changed = threading.Condition()

    def on_event(self, event: Event) -> None:
        """Note when somebody was marked by face."""
        if isinstance(event, RecognitionReady):
            self.ready.set()
        elif isinstance(event, CheckInResult) and event.outcome.is_marked and event.method is Method.FACE:
            with self._changed:
                self._marked[event.student.student_id] = time.monotonic()
                self._changed.notify_all()

    def when(self, student: Student) -> float | None:
        """When a student was marked, on the monotonic clock; None: not in time."""
        with self._changed:
            self._changed.wait_for(lambda: student.student_id in self._marked, GOOD_S)
            return self._marked.pop(student.student_id, None)


def _people(folder: Path) -> dict[str, list[Path]]:
    found = {
        inner.name: sorted(one for one in inner.iterdir() if one.suffix.lower() in SUFFIXES)
        for inner in sorted(folder.iterdir())
        if inner.is_dir()
    }
    return {name: pictures for name, pictures in found.items() if len(pictures) > 1}


def _enrol(kiosk: bootstrap.Kiosk, people: dict[str, list[Path]], folder: Path) -> list[Student]:
    app = kiosk.app
    listed = folder / "list.csv"
    listed.write_text("student_no,full_name\n" + "".join(f"{name},Person {name}\n" for name in people))
    app.courses.lists.import_roster(listed, course_code="V 1", since=app.core.today(), actor=ACTOR)
    enrolment = app.faces.enrolments.build()
    for name, pictures in people.items():
        student = app.courses.lists.student(name)
        app.people.consents.record(student.student_id, given=True, actor=ACTOR, answerer=STUDENT)
        for picture in pictures[:-1]:
            try:
                enrolment.enrol_picture(student.student_id, picture.read_bytes(), actor=ACTOR)
            except ConflictError as error:
                print(f"  {picture.name} is not enrolled: {error.user_text}")
    return [app.courses.lists.student(name) for name in people]


def _round(
    kiosk: bootstrap.Kiosk, booth: Booth, marks: Marks, people: dict[str, list[Path]], liveness: LivenessMode
) -> list[tuple[str, float | None]]:
    app = kiosk.app
    marks.ready.clear()
    course = app.courses.lists.course("V 1")
    app.runtime.start_class(course.course_id, actor=ACTOR, policy=ProofPolicy.EITHER, liveness=liveness)
    marks.ready.wait(60)
    took: list[tuple[str, float | None]] = []
    for name, pictures in people.items():
        student = app.courses.lists.student(name)
        booth.image = fit(read_picture(pictures[-1], enough=WIDTH))
        time.sleep(STANDS_S)
        typed_s = time.monotonic()
        app.attendance.typed.type(name)
        marked_s = marks.when(student)
        took.append((name, None if marked_s is None else marked_s - typed_s))
        booth.image = None
        time.sleep(STANDS_S)
    app.runtime.end_class(actor=ACTOR)
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", type=Path, default=default_models_dir())
    parser.add_argument("--liveness", type=LivenessMode, default=LivenessMode.OFF)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    people, booth, marks = _people(chosen.folder), Booth(), Marks()
    with TemporaryDirectory() as folder:
        data_dir = bootstrap.prepare_data_dir(Path(folder) / "data")
        kiosk = bootstrap.build(data_dir, models_dir=chosen.models, source=booth)
        kiosk.events.subscribe(Event, marks.on_event)
        kiosk.start()
        try:
            kiosk.app.school.faces.choose(FaceRule.VERIFY_ONLY, actor=ACTOR)
            _enrol(kiosk, people, Path(folder))
            found = [
                one
                for _number in range(chosen.rounds)
                for one in _round(kiosk, booth, marks, people, chosen.liveness)
            ]
            model = kiosk.vision.info().name
        finally:
            kiosk.stop()
    seconds = sorted(one for _name, one in found if one is not None)
    missed = sorted({name for name, one in found if one is None})
    print(f"{model}, liveness {chosen.liveness.value}: {len(seconds)} of {len(found)} claims marked")
    if len(seconds) > 1:
        print(
            f"from the typed number to the mark: median {median(seconds):.2f} s,"
            f" p95 {quantiles(seconds, n=20)[-1]:.2f} s, longest {seconds[-1]:.2f} s"
        )
    print("not marked within ten seconds:", ", ".join(missed) or "nobody")


if __name__ == "__main__":
    main()
