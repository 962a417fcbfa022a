"""Choices of the window survive a restart, and nothing breaks where they cannot."""

import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from kiosk import files
from kiosk.gui.remembered import FILE_NAME, Remembered


def kept(directory: Path, name: str, value: Any) -> None:
    remembered = Remembered(directory)
    remembered.keep(name, value)
    remembered.settle()


def test_choices_are_there_after_a_restart(tmp_path: Path) -> None:
    kept(tmp_path, "people.filters", ["no_pin"])
    assert Remembered(tmp_path).get("people.filters", []) == ["no_pin"]


def test_a_choice_of_another_type_than_is_expected_is_none(tmp_path: Path) -> None:
    kept(tmp_path, "people.filters", 7)
    assert Remembered(tmp_path).get("people.filters", []) == []


@pytest.mark.parametrize("content", ["", "[1, 2]", "{", "\x00"])
def test_a_damaged_file_is_an_empty_one(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    with caplog.at_level(logging.CRITICAL, "kiosk.gui.remembered"):
        remembered = Remembered(tmp_path)
    assert remembered.get("folder", "") == ""
    remembered.keep("folder", "x")
    remembered.settle()
    assert Remembered(tmp_path).get("folder", "") == "x"


def test_a_folder_that_is_gone_is_not_offered(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    lists = tmp_path / "lists"
    lists.mkdir()
    remembered.keep_folder(lists / "class.csv")
    remembered.settle()
    assert Remembered(tmp_path).folder(tmp_path) == lists
    lists.rmdir()
    assert Remembered(tmp_path).folder(tmp_path) == tmp_path


def test_two_who_remember_in_one_file_do_not_forget_for_each_other(tmp_path: Path) -> None:
    one, other = Remembered(tmp_path), Remembered(tmp_path)
    one.keep("roster.apart", False)
    other.keep("folder", "x")
    one.settle()
    other.settle()
    later = Remembered(tmp_path)
    assert (later.get("roster.apart"), later.get("folder")) == (False, "x")


def test_the_window_does_not_wait_for_the_file_and_the_last_choice_is_what_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers, may_write, write = [], threading.Event(), files.write_whole

    def slow(*args: Any, **named: Any) -> None:
        writers.append(threading.current_thread())
        assert may_write.wait(60)
        write(*args, **named)

    monkeypatch.setattr(files, "write_whole", slow)
    remembered = Remembered(tmp_path)
    for number in range(20):
        remembered.keep("people.order", number)
    assert remembered.get("people.order") == 19
    assert not (tmp_path / FILE_NAME).exists()
    may_write.set()
    remembered.settle()
    assert threading.main_thread() not in writers
    assert Remembered(tmp_path).get("people.order") == 19
