"""Measurements in processes of their own, and asking them by turns."""

import os
from pathlib import Path

import pytest

from kiosk.bench.sides.child import BenchError, Child, once
from kiosk.bench.sides.side import Answers, by_turns
from tests.fakes.bench.tasks import Breaking, Counting, Dying, Hanging, Reading, Refusing


def test_each_call_is_one_round_of_the_same_process(tmp_path: Path) -> None:
    with Child(Counting(), tmp_path) as child:
        first, second = child.next(), child.next()
    assert (first.value, second.value) == (0, 1)
    assert first.process == second.process != os.getpid()


def test_libraries_find_their_home_in_the_scratch_folder_and_talk_into_a_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    reading = once(Counting(), tmp_path)
    assert reading.home == str(tmp_path)
    assert os.environ.get("DEEPFACE_HOME") != str(tmp_path)
    assert capfd.readouterr().out == ""
    assert (tmp_path / "Counting.log").read_text() == "a library talks\n"


def test_failure_with_words_keeps_them(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"^There is no such network\. Install it\.$"):
        once(Refusing(), tmp_path)


def test_anything_unforeseen_becomes_a_reason(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="ZeroDivisionError"):
        once(Breaking(), tmp_path)
    assert "Traceback" in (tmp_path / "Breaking.log").read_text()


def test_process_that_dies_is_a_reason_too(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="exit code 7"):
        once(Dying(), tmp_path)


def test_process_that_never_answers_is_ended(tmp_path: Path) -> None:
    with Child(Hanging(), tmp_path) as child, pytest.raises(BenchError, match="did not answer"):
        child.next(timeout_s=0.1)


def test_side_that_fails_is_left_out_and_the_others_go_on(tmp_path: Path) -> None:
    answers = by_turns({"ours": Counting(), "theirs": Refusing(answers=1)}, tmp_path, rounds=3)
    assert [one.value for one in answers.rounds["ours"]] == [0, 1, 2]
    assert "theirs" not in answers.rounds
    assert answers.missing == {"theirs": "There is no such network. Install it."}


def test_least_of_the_rounds_leaves_out_what_is_not_known() -> None:
    answers = Answers({"ours": [Reading(3), Reading(None), Reading(2)], "theirs": [Reading(None)]})
    assert answers.least("ours", "value") == 2
    assert answers.least("theirs", "value") is None
    assert answers.least("nobody", "value") is None
