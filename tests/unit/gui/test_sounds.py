import logging
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtMultimedia import QMediaDevices
from pytestqt.qtbot import QtBot

from kiosk.gui.attendance.kiosk_screen.cards import CardKind
from kiosk.gui.sounds import NAMES, SOUNDS, Sounds


@pytest.mark.parametrize("kind", list(CardKind))
def test_every_card_has_a_short_tone_that_is_not_silent(kind: CardKind) -> None:
    assert kind.value in NAMES
    with wave.open(str(SOUNDS / f"{kind.value}.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        seconds = file.getnframes() / file.getframerate()
    assert 0.1 < seconds < 1.0
    assert 8000 < np.abs(samples).max() < 32767
    assert abs(int(samples[0])) < 500
    assert abs(int(samples[-1])) < 500


def test_tones_differ() -> None:
    assert len({(SOUNDS / f"{name}.wav").read_bytes() for name in NAMES}) == len(NAMES)


def test_machine_without_a_device_stays_silent_and_says_so_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(QMediaDevices, "audioOutputs", list)
    caplog.set_level(logging.INFO, "kiosk")
    sounds = Sounds()
    for _ in range(3):
        sounds.play("present")
    assert not sounds.available
    assert [record.getMessage() for record in caplog.records] == [
        "No sound: this machine has no sound device"
    ]


def test_machine_without_the_library_stays_silent(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    caplog.set_level(logging.INFO, "kiosk")
    sounds = Sounds()
    sounds.play("present")
    assert not sounds.available
    assert len(caplog.records) == 1


def test_sounds_follow_the_setting_while_the_program_runs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    caplog.set_level(logging.INFO, "kiosk")
    on = [False]
    sounds = Sounds(enabled=lambda: on[0])
    sounds.play("present")
    assert not caplog.records
    on[0] = True
    sounds.play("present")
    assert [record.getMessage()[:8] for record in caplog.records] == ["No sound"]


def test_switched_off_sounds_load_nothing(tmp_path: Path) -> None:
    sounds = Sounds(enabled=lambda: False, folder=tmp_path)
    sounds.prepare()
    sounds.play("present")
    assert not sounds.available
