"""The main job on real input: drawn people, and photographs where they are there."""

import json
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk import bootstrap
from kiosk.demo.run import DemoOptions, run_demo
from kiosk.pipeline.replay import EventLog, ReplayReport, replay
from kiosk.services.events import Event
from kiosk.storage.database.sqlite_library import sqlite3
from tests.fakes.actors import admin
from tests.world.kiosk import build_kiosk

ROOT = Path(__file__).parents[2]
COURSE = "CS 101"


@pytest.mark.parametrize("seed", [7, 2026])
def test_everyone_of_the_drawn_class_is_marked_once_and_no_stranger(
    seed: int, tmp_path: Path, models_dir: Path
) -> None:
    options = DemoOptions(seed=seed, students=6, unenrolled=2, headless=True, data_dir=tmp_path)
    report = run_demo(options, models_dir=models_dir, say=lambda _: None)

    assert sorted(record.student_no for record in report.records) == sorted(report.expected)
    assert (report.strangers, report.strangers_marked, report.mistaken) == (2, 0, 0)
    assert sum(record.method == "phone" for record in report.records) == 2
    said = tmp_path / "demo.json"
    said.write_text(json.dumps(report.as_json()), encoding="utf-8")
    assert recount(said) == (
        0,
        "8 registered, 8 marked once (6 by face, 2 by phone), 2 strangers walked past, 0 problems",
    )

    # The re-count must be able to find fault.
    with closing(sqlite3.connect(report.database)) as database:
        absent = "UPDATE attendance_records SET status = 'absent' WHERE method = 'face' AND id IN (SELECT max(id) FROM"
        database.execute(f"{absent} attendance_records WHERE method = 'face')")
        database.commit()
    code, verdict = recount(said)
    assert code == 1
    assert "2 problems" in verdict


def recount(said: Path) -> tuple[int, str]:
    """Exit code and first line of scripts/check_demo.py."""
    counted = subprocess.run(
        [sys.executable, "-P", str(ROOT / "scripts" / "check_demo.py"), str(said)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert counted.stderr == ""
    return counted.returncode, counted.stdout.splitlines()[0]


@pytest.fixture(scope="module")
def halves(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Each person's pictures in two folders: the first half (rounded down, at least one), and the rest."""
    enrolled, probes = tmp_path_factory.mktemp("enrolled"), tmp_path_factory.mktemp("probes")
    for person in sorted((shared_dir / "faces" / "people").iterdir()):
        pictures = sorted(person.iterdir())
        half = max(1, len(pictures) // 2)
        for folder, chosen in ((enrolled, pictures[:half]), (probes, pictures[half:])):
            (folder / person.name).mkdir()
            for picture in chosen:
                shutil.copy(picture, folder / person.name)
    return enrolled, probes


def enrol_and_replay(
    faces: Path,
    recording: Path,
    *,
    data_dir: Path,
    models_dir: Path,
    people: list[str],
    calibrated: bool = False,
) -> tuple[ReplayReport, EventLog]:
    log = EventLog()
    kiosk = build_kiosk(
        data_dir,
        models_dir=models_dir,
    )
    kiosk.events.subscribe(Event, log.on_event)
    kiosk.start()
    try:
        class_list = data_dir / "list.csv"
        rows = "".join(f"{number},Person {number}\n" for number in people)
        class_list.write_text(f"student_no,full_name\n{rows}", encoding="utf-8")
        kiosk.app.courses.lists.import_roster(
            class_list, course_code=COURSE, since=kiosk.app.core.today(), actor=admin("the test")
        )
        enrolment = kiosk.app.faces.enrolments.build()
        report = enrolment.enrol_folder(faces, consent_recorded=True, actor=admin("the test"))
        assert {one.student_no for one in report.accepted} == set(people)
        course = kiosk.app.courses.lists.course(COURSE)
        if calibrated:
            _, embedder = kiosk.vision.get()
            kiosk.faces.galleries.calibrate(
                course.course_id, on=kiosk.app.core.today(), model=embedder.info, actor=admin("the test")
            )
        found = replay(
            course,
            replayed=kiosk.app.attendance.replayed,
            classes=kiosk.classes.over(bootstrap.open_recording(str(recording)), every_frame=True),
            model="dlib-resnet-v1",
            log=log,
            actor=admin("the test"),
        )
        return found, log
    finally:
        assert kiosk.stop() == ()


@pytest.mark.shared_data
def test_the_other_half_of_each_persons_pictures_marks_them_and_nobody_wrongly(
    halves: tuple[Path, Path], tmp_path: Path, models_dir: Path
) -> None:
    enrolled, probes = halves
    people = sorted(folder.name for folder in probes.iterdir())
    report, _ = enrol_and_replay(enrolled, probes, data_dir=tmp_path, models_dir=models_dir, people=people)

    assert [record.student_no for record in report.records] == people
    # Nobody is marked while somebody else's pictures are shown: 1.8 s a picture, people in name order.
    begins = 0.0
    shown: dict[str, tuple[float, float]] = {}
    for number in people:
        lasts = 1.8 * len(list((probes / number).iterdir()))
        shown[number] = (begins, begins + lasts)
        begins += lasts
    for record in report.records:
        first, last = shown[record.student_no]
        assert record.first_seen_s is not None
        assert first - 0.05 <= record.first_seen_s <= record.marked_s <= last, record


@pytest.mark.shared_data
@pytest.mark.parametrize("calibrated", [False, True])
def test_group_pictures_mark_the_one_known_person_and_no_stranger(
    calibrated: bool, shared_dir: Path, tmp_path: Path, models_dir: Path
) -> None:
    faces = shared_dir / "faces"
    people = sorted(folder.name for folder in (faces / "people").iterdir())
    report, _ = enrol_and_replay(
        faces / "people",
        faces / "group",
        data_dir=tmp_path,
        models_dir=models_dir,
        people=people,
        calibrated=calibrated,
    )

    assert [record.student_no for record in report.records] == ["S001"]
    assert report.unknown_tracks + report.ambiguous_tracks >= 1
