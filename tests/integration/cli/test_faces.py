"""Faces by the command line: enrolment from folders, and recordings played as classes."""

import json
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from tests.world.command_line import Run, is_one_sentence, write_class_list


def write_pictures(folder: Path) -> None:
    """S1 and S2 are drawn people; S1 has pictures that must be refused, too."""
    for number, person in (("S1", pool()[0]), ("S2", pool()[1])):
        inner = folder / number
        inner.mkdir(parents=True)
        for index, picture in enumerate(enrolment_pictures(person, 3)):
            cv2.imwrite(str(inner / f"{index}.png"), picture)
    one, other = (enrolment_pictures(person, 1)[0] for person in pool()[:2])
    bad = folder / "S1"
    cv2.imwrite(str(bad / "no-face.png"), np.full((480, 640, 3), 127, np.uint8))
    cv2.imwrite(str(bad / "two.png"), np.hstack([one, other]))
    cv2.imwrite(str(bad / "blurred.png"), cv2.GaussianBlur(one, (0, 0), 12))
    cv2.imwrite(str(bad / "tiny.png"), cv2.resize(one, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA))
    (bad / "corrupt.jpg").write_bytes(b"\xff\xd8\xff this is no picture")


def test_faces_are_enrolled_and_bad_pictures_refused_with_the_reason(run: Run, tmp_path: Path) -> None:
    run(
        "people",
        "import",
        write_class_list(tmp_path / "l.csv", "S1,Ada L", "S2,Grace H"),
        "--course",
        "CS 101",
    )
    write_pictures(tmp_path / "faces")
    (tmp_path / "faces" / "S9").mkdir()
    cv2.imwrite(str(tmp_path / "faces" / "S9" / "1.png"), np.zeros((9, 9, 3), np.uint8))

    done = run("faces", "import", tmp_path / "faces", "--consent-recorded", "--json")
    again = run("faces", "import", tmp_path / "faces", "--consent-recorded", "--json")

    report = json.loads(done.out)
    assert [(one["student_no"], one["picture"]) for one in report["accepted"]] == [
        (number, f"{index}.png") for number in ("S1", "S2") for index in range(3)
    ]
    reasons = {one["picture"]: one["reason"] for one in report["refused"]}
    assert set(reasons) == {"no-face.png", "two.png", "blurred.png", "tiny.png", "corrupt.jpg", "1.png"}
    assert reasons["no-face.png"] == "No face was found in it."
    assert reasons["two.png"] == "It shows more than one face."
    assert reasons["corrupt.jpg"].startswith("The file is no picture")
    assert reasons["1.png"] == "There is no student with the number S9."
    assert json.loads(again.out)["accepted"] == []
    assert len(json.loads(again.out)["known"]) == 6


def test_without_consent_nothing_is_enrolled(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    folder = tmp_path / "faces" / "S1"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "1.png"), enrolment_pictures(pool()[0], 1)[0])

    report = json.loads(run("faces", "import", folder.parent, "--json").out)

    assert report["accepted"] == []
    assert report["refused"][0]["reason"].startswith("No consent")


def test_pictures_that_lack_a_template_are_embedded_again(run: Run, data_dir: Path, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    folder = tmp_path / "faces" / "S1"
    folder.mkdir(parents=True)
    for index, picture in enumerate(enrolment_pictures(pool()[0], 2)):
        cv2.imwrite(str(folder / f"{index}.png"), picture)
    run("faces", "import", folder.parent, "--consent-recorded")
    with closing(sqlite3.connect(database_path(data_dir))) as database:
        database.execute("DELETE FROM face_templates")
        database.commit()

    done = run("faces", "re-embed", "--json")
    again = run("faces", "re-embed")
    missing = run("faces", "re-embed", "--model", "vggface")

    assert json.loads(done.out) == {
        "model": "dlib-resnet-v1-mirrored",
        "embedded": 2,
        "lost": [],
        "remaining": 0,
    }
    assert again.out == "0 pictures were prepared for dlib-resnet-v1-mirrored, 0 are left.\n"
    assert missing.code == 1
    assert "vggface" in missing.err


def test_replay_refuses_a_check_that_it_cannot_make(run: Run, tmp_path: Path) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Anna")
    run("people", "import", class_list, "--course", "CS 101")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for mode, words in (("passive", "minifasnet-v2 is not installed"), ("active", "cannot be asked")):
        refused = run("replay", pictures, "--course", "CS 101", "--liveness", mode)
        assert refused.code == 1
        assert words in refused.err
        assert is_one_sentence(refused.err)
    assert run("replay", pictures, "--course", "CS 101", "--liveness", "sonar").code == 2


def test_replay_needs_a_course_and_a_source(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    for source, course in ((tmp_path, "NOPE"), (tmp_path / "none.mp4", "CS 101")):
        refused = run("replay", source, "--course", course)
        assert refused.code == 1
        assert is_one_sentence(refused.err)
    assert run("replay", tmp_path).code == 2


@pytest.mark.logs_warnings
def test_a_damaged_recording_is_one_sentence_and_leaves_no_open_session(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    (tmp_path / "broken.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom nothing follows")
    for _ in range(2):  # a session that stayed open would make the second try fail otherwise
        refused = run("replay", tmp_path / "broken.mp4", "--course", "CS 101")
        assert refused.code == 1
        assert "broken.mp4" in refused.err
