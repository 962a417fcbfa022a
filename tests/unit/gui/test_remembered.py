"""Choices of the window survive a restart, and nothing breaks where they cannot."""

import logging
from pathlib import Path

import pytest

from kiosk.gui.remembered import FILE_NAME, Remembered


def test_choices_are_there_after_a_restart(tmp_path: Path) -> None:
    Remembered(tmp_path).keep("people.filters", ["no_pin"])
    assert Remembered(tmp_path).get("people.filters", []) == ["no_pin"]


def test_a_choice_of_another_type_than_is_expected_is_none(tmp_path: Path) -> None:
    Remembered(tmp_path).keep("people.filters", 7)
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
    assert Remembered(tmp_path).get("folder", "") == "x"


def test_a_folder_that_is_gone_is_not_offered(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    lists = tmp_path / "lists"
    lists.mkdir()
    remembered.keep_folder(lists / "class.csv")
    assert Remembered(tmp_path).folder(tmp_path) == lists
    lists.rmdir()
    assert Remembered(tmp_path).folder(tmp_path) == tmp_path


def test_two_who_remember_in_one_file_do_not_forget_for_each_other(tmp_path: Path) -> None:
    one, other = Remembered(tmp_path), Remembered(tmp_path)
    one.keep("roster.apart", False)
    other.keep("folder", "x")
    later = Remembered(tmp_path)
    assert (later.get("roster.apart"), later.get("folder")) == (False, "x")
