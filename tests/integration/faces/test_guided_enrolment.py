"""A drawn person sits before the camera of a whole kiosk: real detectors, the real network, the real store."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk import bootstrap
from kiosk.camera.paced import PacedSource
from kiosk.camera.video_file import VideoFileSource
from kiosk.demo.cast import portrait
from kiosk.demo.people import Pose
from kiosk.demo.pool import pool
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.domain.faces.guided_enrolment import PLAN, Advice, Step
from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES
from kiosk.domain.people.students import Student
from kiosk.services.faces.guided_enrolment import GuidedSitting
from kiosk.services.ports.sources import FrameSource
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.actors import admin
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.clock import FakeClock
from tests.world.kiosk import build_kiosk

WAIT_S = 60.0
FPS = 6.0
PICTURES = sum(wanted for _, wanted in PLAN)
LEFT, RIGHT = 20.0, -20.0
SEEDS = count()


@lru_cache(maxsize=16)
def drawn(person: int, yaw: float = 0.0) -> BgrImage:
    return portrait(pool()[person], Pose(yaw=yaw, smile=0.3))


def held(image: BgrImage, seconds: float = 2.8) -> list[BgrImage]:
    """Somebody holds still; no two frames of a camera are the same."""
    generator = np.random.default_rng(next(SEEDS))
    noise = [generator.integers(0, 4, image.shape, np.uint8) for _ in range(round(seconds * FPS))]
    return [np.asarray(cv2.add(image, one), np.uint8) for one in noise]


def obedient(person: int = 0) -> list[BgrImage]:
    return [one for yaw in (0.0, LEFT, RIGHT, 0.0) for one in held(drawn(person, yaw))]


def frames_of(images: Sequence[BgrImage]) -> list[Frame]:
    return [Frame(image, index / FPS, index) for index, image in enumerate(images)]


@pytest.fixture(params=["dlib-hog", "yunet-2026may"])
def models(request: pytest.FixtureRequest, models_dir: Path, tmp_path: Path) -> Path:
    """The models directory with one detector or the other."""
    if request.param == "dlib-hog":
        return models_dir
    shared: Path = request.getfixturevalue("shared_dir")
    both = tmp_path / "models"
    shutil.copytree(models_dir, both)
    shutil.copy(shared / "models" / "face_detection_yunet_2026may.onnx", both)
    return both


@contextmanager
def kiosk_with(
    data_dir: Path, models: Path, source: FrameSource
) -> Iterator[tuple[bootstrap.Kiosk, Student]]:
    kiosk = build_kiosk(
        data_dir,
        models_dir=models,
        settings=KioskSettings(web=WebSettings(enabled=False)),
        source=source,
        every_frame=True,
    )
    kiosk.start()
    try:
        student = kiosk.app.core.store.write(
            lambda repositories: repositories.students.add(student_no="S1", full_name="Ann", email=None)
        )
        kiosk.app.people.consents.record(student.student_id, given=True, actor=admin("test"))
        yield kiosk, student
    finally:
        assert kiosk.stop() == ()


def templates(kiosk: bootstrap.Kiosk, student: Student) -> int:
    return len(
        kiosk.app.core.store.read(
            lambda repositories: repositories.faces.templates([student.student_id], BUILTIN_TEMPLATES)
        )
    )


@pytest.mark.shared_data
def test_who_follows_the_words_is_enrolled(tmp_path: Path, models: Path) -> None:
    source = ScriptedSource(frames_of(obedient()))
    with kiosk_with(tmp_path / "data", models, source) as (kiosk, student):
        run = kiosk.faces.sittings.open(student.student_id)
        run.start()
        assert run.ended.wait(WAIT_S)
        assert run.view().over is None
        assert [run.view().progress(step) for step, _ in PLAN] == [(wanted, wanted) for _, wanted in PLAN]
        assert run.save(actor=admin("test")).kept == PICTURES
        assert run.stop() == ()
        assert templates(kiosk, student) == PICTURES


def test_a_video_file_played_at_its_own_speed_will_do_as_a_camera(tmp_path: Path, models_dir: Path) -> None:
    path = tmp_path / "sitting.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (960, 720))
    for image in held(drawn(0), 2.4):
        writer.write(image)
    writer.release()
    source = PacedSource(VideoFileSource(path), clock=FakeClock())
    with kiosk_with(tmp_path / "data", models_dir, source) as (kiosk, student):
        run = kiosk.faces.sittings.open(student.student_id)
        run.start()
        assert run.ended.wait(WAIT_S)
        taken = [one.step for one in run.view().taken]
        assert taken
        assert set(taken) == {Step.STRAIGHT}
        assert run.stop() == ()


# -- what is wrong is said


def dark(image: BgrImage) -> BgrImage:
    return np.asarray(image * 0.2, np.uint8)


def blurred(image: BgrImage) -> BgrImage:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 14), np.uint8)


def far(image: BgrImage) -> BgrImage:
    small = cv2.resize(image, None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    aside, above = (960 - width) // 2, (720 - height) // 2
    return np.asarray(
        cv2.copyMakeBorder(
            small, above, 720 - height - above, aside, 960 - width - aside, cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def with_company(image: BgrImage) -> BgrImage:
    return np.asarray(np.hstack([image[:, 200:760], drawn(1)[:, 200:760]]), np.uint8)


def nobody(image: BgrImage) -> BgrImage:
    return np.full_like(image, 128)


class Watched:
    """A sitting that is shown pictures one by one."""

    def __init__(self, sitting: GuidedSitting) -> None:
        self.sitting = sitting
        self._shown = 0

    @property
    def taken(self) -> int:
        return len(self.sitting.view().taken)

    def show(self, images: Sequence[BgrImage]) -> list[Advice]:
        said = []
        for image in images:
            self.sitting.see(Frame(image, self._shown / FPS, self._shown))
            self._shown += 1
            said.append(self.sitting.view().advice)
        return said


@pytest.fixture
def watched(tmp_path: Path, models: Path) -> Iterator[Watched]:
    with kiosk_with(tmp_path / "data", models, ScriptedSource()) as (kiosk, student):
        enrolment = kiosk.app.faces.enrolments.build()
        yield Watched(
            GuidedSitting(student_id=student.student_id, store=kiosk.app.core.store, enrolment=enrolment)
        )


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("spoil", "advice"),
    [
        (dark, {Advice.TOO_DARK}),
        (blurred, {Advice.BLURRED, Advice.NO_FACE}),
        (far, {Advice.COME_CLOSER}),
        (with_company, {Advice.SEVERAL_FACES}),
        (nobody, {Advice.NO_FACE}),
    ],
)
def test_what_is_wrong_with_the_picture_is_said(
    watched: Watched, spoil: Callable[[BgrImage], BgrImage], advice: set[Advice]
) -> None:
    assert set(watched.show(held(spoil(drawn(0)), 1.0))) <= advice
    assert watched.taken == 0


@pytest.mark.shared_data
def test_who_looks_away_is_asked_to_look_straight(watched: Watched) -> None:
    assert set(watched.show(held(drawn(0, RIGHT), 1.0))) == {Advice.LOOK_STRAIGHT}
    assert watched.taken == 0


@pytest.mark.shared_data
def test_who_turns_the_wrong_way_is_told_the_right_one(watched: Watched) -> None:
    watched.show(held(drawn(0)))

    assert set(watched.show(held(drawn(0, RIGHT), 1.0))) == {Advice.TURN_LEFT}
    assert watched.taken == 2


@pytest.mark.shared_data
def test_another_person_who_steps_in_is_noticed(watched: Watched) -> None:
    watched.show(held(drawn(0)))
    watched.show(held(drawn(0, LEFT)))
    watched.show(held(drawn(0, RIGHT)))
    before = watched.taken

    said = watched.show(held(drawn(3), 1.4))

    assert Advice.ANOTHER_PERSON in said
    assert watched.taken == before == PICTURES - 1
    watched.show(held(drawn(0), 4.0))
    assert watched.sitting.view().complete
