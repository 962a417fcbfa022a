"""Frames that no camera should give, through the real detector, tracker, network and decision: a plain outcome for each."""

import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.demo.cast import enrolment_pictures, lay, walking_pose
from kiosk.demo.drawing import draw
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import pool
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.domain.faces.recognition import Gallery, Outcome, Template, VotingRule
from kiosk.domain.people.students import Student
from kiosk.services.faces.recognition.analysis import FaceState, FrameAnalysis
from kiosk.services.faces.recognition.embedding_budget import FIXED
from kiosk.services.faces.recognition.recogniser import MAX_FACES, Recogniser, Recognition, Sight
from kiosk.services.ports.vision import Embedder
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.reach import Reach
from kiosk.vision.detection.tracker import IouTracker
from kiosk.vision.factory import build_builtin_embedder, build_quality_meter
from tests.fakes.faces.drawn_face import drawn_face

ANNA, BEN = pool()[:2]
FPS = 30.0
WALL = (195, 200, 203)

Build = Callable[..., Recogniser]


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> Embedder:
    return build_builtin_embedder(models_dir)


@pytest.fixture(scope="module")
def enrolled(embedder: Embedder) -> list[Template]:
    """Anna is student 1, Ben student 2."""
    detector, templates = HogDetector(), []
    for student_id, person in ((1, ANNA), (2, BEN)):
        for picture in enrolment_pictures(person):
            face = detector.detect(picture)[0]
            vector = embedder.embed(picture, [face])[0]
            templates.append(Template(0, student_id, embedder.info.name, vector, 1.0))
    return templates


@pytest.fixture
def build(embedder: Embedder, enrolled: list[Template]) -> Build:
    def recogniser(reach: Reach = Reach.NEAR, templates: Sequence[Template] | None = None) -> Recogniser:
        chosen = enrolled if templates is None else templates
        students = {number: Student(number, f"S{number}", f"Student {number}") for number in (1, 2)}
        return Recogniser(
            sight=Sight(HogDetector(reach=reach), IouTracker(), embedder, build_quality_meter()),
            recognition=Recognition(Gallery.of(embedder.info, chosen), embedder.info.thresholds, students),
            rule=VotingRule(),
        )

    return recogniser


def room(person: DrawnPerson, *, x: float, y: float = 330.0, size: tuple[int, int] = (1280, 720)) -> BgrImage:
    """A wall and one person, the point between the eyes at (x, y)."""
    picture: BgrImage = np.full((size[1], size[0], 3), WALL, np.uint8)
    lay(picture, draw(person, walking_pose(person, 3)), x=x, y=y, scale=0.9)
    return picture


def watch(recogniser: Recogniser, pictures: Sequence[BgrImage], start: int = 0) -> list[FrameAnalysis]:
    return [
        recogniser.process(Frame(picture, (start + index) / FPS, start + index))
        for index, picture in enumerate(pictures)
    ]


def outcomes(analyses: Sequence[FrameAnalysis]) -> list[tuple[Outcome, str]]:
    return [
        (track.decision.outcome, track.student.student_no if track.student else "")
        for analysis in analyses
        for track in analysis.decided
    ]


def test_the_scene_of_these_tests_names_anna(build: Build) -> None:
    assert outcomes(watch(build(), [room(ANNA, x=640)] * 12)) == [(Outcome.ACCEPTED, "S1")]


@pytest.mark.parametrize(
    "shape", [(720, 1280, 3), (1, 1, 3), (1, 720, 3), (720, 1, 3), (3, 4000, 3)], ids=str
)
@pytest.mark.parametrize("level", [0, 255])
def test_black_white_and_tiny_pictures_show_nobody(
    build: Build, shape: tuple[int, int, int], level: int
) -> None:
    analyses = watch(build(), [np.full(shape, level, np.uint8)] * 3)

    assert [(one.faces, one.decided, one.embedded) for one in analyses] == [((), (), 0)] * 3


def test_noise_alone_marks_nobody(build: Build) -> None:
    random = np.random.default_rng(1)
    noise = [random.integers(0, 256, (360, 640, 3), dtype=np.uint8) for _ in range(15)]

    assert outcomes(watch(build(), noise)) == []


@pytest.mark.parametrize("x", [-40.0, 10.0, 1270.0, 1320.0])
def test_a_face_cut_by_the_edge_is_not_named_however_long_it_stays(build: Build, x: float) -> None:
    analyses = watch(build(), [room(ANNA, x=x)] * 40)

    assert not any(student for _, student in outcomes(analyses))
    assert all(face.student is None for one in analyses for face in one.faces)


@pytest.mark.parametrize("y", [100.0, 640.0])
def test_a_face_cut_by_the_upper_or_lower_edge_is_no_crash(build: Build, y: float) -> None:
    found = outcomes(watch(build(), [room(ANNA, x=640, y=y)] * 40))

    assert set(found) <= {(Outcome.ACCEPTED, "S1"), (Outcome.AMBIGUOUS, ""), (Outcome.UNKNOWN, "")}


def crowd(columns: int, rows: int, side: int) -> BgrImage:
    """Equal drawn faces of nobody on a 4K picture."""
    picture: BgrImage = np.full((2160, 3840, 3), 128, np.uint8)
    face = drawn_face(side)
    for row in range(rows):
        for column in range(columns):
            top, left = row * 2160 // rows, column * 3840 // columns
            picture[top : top + side, left : left + side] = face
    return picture


def test_twenty_faces_at_once_are_all_told_apart_and_answered(build: Build) -> None:
    picture = crowd(5, 4, 520)

    analyses = watch(build(Reach.FAR), [picture] * 75)

    assert {len(one.faces) for one in analyses} == {20}
    assert max(one.embedded for one in analyses) == FIXED
    decided = [track.track_id for one in analyses for track in one.decided]
    assert sorted(decided) == sorted({face.track_id for face in analyses[-1].faces})
    assert {outcome for outcome, _ in outcomes(analyses)} <= {Outcome.UNKNOWN, Outcome.AMBIGUOUS}


def test_a_wall_of_photographs_in_a_4k_stream_is_bounded_in_work_and_memory(build: Build) -> None:
    picture = crowd(11, 6, 340)
    recogniser = build(Reach.FAR)
    assert len(HogDetector(reach=Reach.FAR).detect(picture)) > MAX_FACES
    watch(recogniser, [picture] * 2)

    tracemalloc.start()
    try:
        analyses = watch(recogniser, [picture] * 20, start=2)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert {len(one.faces) for one in analyses} == {MAX_FACES}
    assert max(one.embedded for one in analyses) == FIXED
    # One 4K picture is 25 MB: one copy of it is made for the network's order of colours, and little stays.
    assert peak < 40e6
    assert kept < 12e6


def test_the_size_of_the_picture_may_change_in_mid_stream(build: Build) -> None:
    recogniser = build()
    wide = room(ANNA, x=640)
    half = cv2.resize(wide, (960, 540), interpolation=cv2.INTER_AREA)
    large = cv2.resize(wide, (2560, 1440), interpolation=cv2.INTER_LINEAR)

    analyses = watch(
        recogniser, [*[wide] * 12, *[np.asarray(half, np.uint8)] * 12, *[np.asarray(large, np.uint8)] * 12]
    )

    assert [(one.width, one.height) for one in analyses[::12]] == [(1280, 720), (960, 540), (2560, 1440)]
    assert set(outcomes(analyses)) == {(Outcome.ACCEPTED, "S1")}
    for one in analyses:
        assert all(face.box.x + face.box.width <= one.width + 100 for face in one.faces)


def test_with_an_empty_gallery_everybody_is_asked_to_scan_and_nothing_is_said(build: Build) -> None:
    analyses = watch(build(templates=[]), [room(ANNA, x=640)] * 40)

    assert outcomes(analyses) == []
    assert {face.state for one in analyses for face in one.faces} == {FaceState.PLEASE_SCAN}


def test_a_lone_enrolled_student_is_named_and_another_person_is_not(
    build: Build, enrolled: list[Template]
) -> None:
    only_anna = [template for template in enrolled if template.student_id == 1]

    assert outcomes(watch(build(templates=only_anna), [room(ANNA, x=640)] * 12)) == [(Outcome.ACCEPTED, "S1")]
    assert not any(
        student for _, student in outcomes(watch(build(templates=only_anna), [room(BEN, x=640)] * 40))
    )
