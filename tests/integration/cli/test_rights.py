"""What a school has to be able to show: the rule for faces, answers, one student's data, deletion."""

import json
from pathlib import Path

from tests.world.command_line import Run, begin_school, write_class_list


def test_how_faces_are_used_is_said_chosen_and_logged(run: Run, data_dir: Path) -> None:
    begin_school(run)
    before = run("faces", "rule")
    assert before.out.startswith("verify_only: ")
    assert "Nobody has chosen this yet." in before.out
    assert "kiosk faces rule off" in before.out

    chosen = run("faces", "rule", "off")
    assert chosen.code == 0
    assert "on the command line on " in chosen.out
    said = json.loads(run("faces", "rule", "--json").out)
    assert (said["rule"], said["chosen_by"].partition(":")[0]) == ("off", "local")
    assert said["chosen_at"]
    assert run("faces", "rule", "everything").code == 2


def test_where_faces_are_off_enrolment_and_replay_are_refused_in_a_sentence(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada"), "--course", "CS 101")
    run("faces", "rule", "off")
    photos = tmp_path / "photos" / "S1"
    photos.mkdir(parents=True)
    (photos / "1.jpg").write_bytes(b"no picture")

    enrolled = run("faces", "import", photos.parent, "--consent-recorded")
    replayed = run("replay", photos, "--course", "CS 101")

    assert (enrolled.code, replayed.code) == (1, 1)
    assert "does not use faces" in enrolled.err
    assert "does not use faces" in replayed.err


def test_answers_letters_everything_about_a_student_and_deleting_one(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace", "S2,Grace Hopper"))
    answers = tmp_path / "answers.csv"
    answers.write_text("student_no,answer,by,date\nS1,no,student,2026-01-05\nS9,no,student,2026-01-05\n")
    rehearsed = run("people", "answers", answers, "--dry-run")
    assert rehearsed.out == "0 times yes, 1 times no, 1 lines refused; 0 pictures would be deleted.\n"
    done = run("people", "answers", answers)
    assert (done.code, "Line 3 was not taken" in done.err) == (0, True)
    letters = run("people", "letters", tmp_path / "letters.pdf")
    assert letters.out.startswith("1 letter is in ")
    about = run("people", "about", "S1", tmp_path / "s1.zip")
    assert (about.code, (tmp_path / "s1.zip").is_file()) == (0, True)
    missing = run("people", "about", "S9", tmp_path / "s9.zip")
    assert (missing.code, (tmp_path / "s9.zip").exists()) == (1, False)
    assert run("people", "delete", "S1", "--yes").out.startswith("S1 is deleted")
    assert run("people", "delete", "S1", "--yes").code == 1
    assert run("audit", "verify").code == 0
