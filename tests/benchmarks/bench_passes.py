"""Passes before the camera: the share that is found, tries a second, and what reading costs recognition.

Found: rendered 720p frames with a pass of 160 pixels a side, its white border included, tilted up to 30° about any axis in
its plane, turned up to 30°, with the blur, noise and light of a cheap camera. Cost: recognition on the drawn classroom as
fast as it can, frames of a recording handed over one by one, with the reader at work and without, by turns.
"""

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kiosk import bootstrap
from kiosk.codes.draw import QrCodeDrawer
from kiosk.codes.reader import PyzbarReader
from kiosk.demo.cast import render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.domain.phones.passes import handle_of, mint
from kiosk.pipeline.code_worker import CodeReading, CodeWorker, smaller
from kiosk.services.events import Events
from kiosk.services.faces.recognition.slots import LatestSlot
from kiosk.services.ports.sources import SourceInfo
from tests.benchmarks.drawn_class import DrawnClass, open_class
from tests.fakes.actors import admin

FRAMES: Final = 300
SIDE_PX: Final = 160
TILT: Final = 30.0
FOCAL_PX: Final = 900.0
FOUND: Final = 0.95
TRIES_PER_S: Final = 10.0
COST: Final = 0.10
ROUNDS: Final = 6
"""The best of so many runs on either side counts: whatever else the machine does makes a run slower, never faster."""
SECONDS: Final = 3.0
WIDTH, HEIGHT = 1280, 720


def rendered(rng: np.random.Generator, text: str, side_px: float) -> BgrImage:
    """A frame with a pass somewhere in it."""
    picture = QrCodeDrawer().picture(text, module_px=12)
    warp = np.diag([2.0, 2.0, 1.0]) @ homography(rng, picture.shape[0], side_px)  # drawn at twice the size
    size = (2 * WIDTH, 2 * HEIGHT)
    code = cv2.warpPerspective(picture, warp, size, flags=cv2.INTER_LINEAR)
    where = cv2.warpPerspective(np.full_like(picture, 255), warp, size)
    code = cv2.resize(code, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    share = cv2.resize(where, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) / 255
    patches = rng.integers(40, 200, (12, 20, 3)).astype(np.uint8)
    room = cv2.resize(patches, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    light, haze = rng.uniform(0.4, 0.9), rng.uniform(5, 30)
    mixed = room * (1 - share) + share * (code * light + haze)
    seen = np.asarray(cv2.GaussianBlur(mixed, (0, 0), rng.uniform(0.5, 1.4)), dtype=np.float64)
    seen += rng.normal(0, rng.uniform(2, 12), seen.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


def homography(
    rng: np.random.Generator, picture_px: int, side_px: float
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """From the flat picture to the frame: turned, then tilted, seen by a pinhole camera."""
    half = side_px / 2
    corners = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]])
    tilt, roll = math.radians(rng.uniform(0, TILT)), math.radians(rng.uniform(-30, 30))
    about = rng.uniform(0, 2 * math.pi)
    axis = np.array([math.cos(about), math.sin(about), 0.0])
    turned, _ = cv2.Rodrigues(np.array([0.0, 0.0, roll]))
    tilted, _ = cv2.Rodrigues(axis * tilt)
    points = corners @ (tilted @ turned).T
    seen = points[:, :2] * (FOCAL_PX / (FOCAL_PX + points[:, 2:]))
    seen += [rng.uniform(150, WIDTH - 150), rng.uniform(150, HEIGHT - 150)]
    flat = np.array([[0, 0], [picture_px, 0], [picture_px, picture_px], [0, picture_px]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, seen.astype(np.float32)), dtype=np.float64)


def test_passes_of_160_pixels_are_found_in_95_of_100_frames() -> None:
    rng = np.random.default_rng(7)
    key = b"k" * 32
    reader = PyzbarReader()
    found, spent_s = 0, 0.0
    try:
        for number in range(FRAMES):
            text = mint(key, handle_of(key, session_id=1, student_id=number, device="a" * 22), number)
            frame = rendered(rng, text, SIDE_PX)
            began = time.perf_counter()
            found += reader.read(smaller(frame, number)) == [text]
            spent_s += time.perf_counter() - began
    finally:
        reader.close()
    print(
        f"\nfound in {found} of {FRAMES} frames, {1000 * spent_s / FRAMES:.1f} ms a try with {reader.engine}"
    )
    assert found >= FOUND * FRAMES


class LoopedFrames:
    """Frames from memory as a recording that does not end, each also shown to the reader of codes."""

    def __init__(self, frames: list[Frame], codes: LatestSlot[Frame]) -> None:
        self._frames = frames
        self._codes = codes
        self._index = 0

    def open(self) -> SourceInfo:
        return SourceInfo("Looped", WIDTH, HEIGHT, 30.0, live=False)

    def read(self) -> Frame | None:
        image = self._frames[self._index % len(self._frames)].image
        frame = Frame(image, self._index / 30, self._index)
        self._index += 1
        self._codes.put(frame)
        return frame

    def close(self) -> None:
        """Nothing to let go of."""


def drawn_frames(drawn: DrawnClass) -> Iterator[Frame]:
    """Ten seconds of the classroom."""
    plan = drawn.lesson._plan
    camera = ClassroomCamera(walks=plan.walks, cast=render_cast(plan.cast))
    camera.open()
    for _ in range(300):
        frame = camera.read()
        if frame is None:
            break
        yield frame
    camera.close()


class Deaf:
    """Nobody hears what codes say."""

    def take(self, text: str) -> None:
        pass


def measured(
    drawn: DrawnClass, session: ClassSession, frames: list[Frame], *, reads: bool
) -> tuple[float, float]:
    """Frames recognised a second, and tries to read a code a second."""
    codes: LatestSlot[Frame] = LatestSlot()
    worker = CodeWorker(
        frames=codes, reading=CodeReading(bootstrap.open_code_reader(), Deaf()), events=Events()
    )
    run = drawn.kiosk.classes.over(LoopedFrames(frames, codes), every_frame=True).build(session)
    if reads:
        worker.start()
    run.start()
    try:
        while run.vision.frames_seen < 30 or (reads and worker.tries < 5):
            time.sleep(0.05)
        began, first, tries = time.perf_counter(), run.vision.frames_seen, worker.tries
        time.sleep(SECONDS)
        seconds = time.perf_counter() - began
        return (run.vision.frames_seen - first) / seconds, (worker.tries - tries) / seconds
    finally:
        assert run.stop(10) == ()
        assert not reads or worker.stop(10)


def test_reading_costs_recognition_at_most_a_tenth_of_its_frames(tmp_path: Path) -> None:
    with open_class(tmp_path) as drawn:
        frames = list(drawn_frames(drawn))
        session = drawn.kiosk.app.attendance.sessions.start(
            drawn.course.course_id, actor=admin("benchmark"), model="dlib-resnet"
        )
        alone, beside, tries = [], [], []
        for _ in range(ROUNDS):
            alone.append(measured(drawn, session, frames, reads=False)[0])
            fps, tries_per_s = measured(drawn, session, frames, reads=True)
            beside.append(fps)
            tries.append(tries_per_s)
    cost = 1 - max(beside) / max(alone)
    print(
        f"\nrecognition alone {max(alone):.1f} frames/s, beside the reader {max(beside):.1f}: "
        f"{100 * cost:.1f} % less; {max(tries):.1f} tries a second"
    )
    assert max(tries) >= TRIES_PER_S
    assert cost <= COST
