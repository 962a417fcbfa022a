"""Looking through a camera before it is chosen."""

import threading

import pytest

from kiosk.domain.faces.frames import Frame
from kiosk.pipeline.camera_trial import RunningTrial
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.vision.recognition import picture_of

WAIT_S = 60.0


class ToldWhenClosed(ScriptedSource):
    """Says when it was let go of."""

    def __init__(self, *scripts: list[Frame]) -> None:
        super().__init__(*scripts)
        self.was_closed = threading.Event()

    def close(self) -> None:
        super().close()
        self.was_closed.set()


def test_its_newest_picture_can_be_seen_and_it_is_let_go_of() -> None:
    source = ToldWhenClosed([Frame(picture_of(1), 0.0, 0)])
    trial = RunningTrial(source)
    assert source.was_closed.wait(WAIT_S)
    trial.stop()
    trial.stop()
    frame = trial.frame()
    assert frame is not None
    assert frame.index == 0
    assert trial.trouble() is None


@pytest.mark.logs_warnings
def test_why_there_is_no_picture_is_said() -> None:
    source = ToldWhenClosed()
    trial = RunningTrial(source)
    assert source.was_closed.wait(WAIT_S)
    trial.stop()
    assert trial.frame() is None
    trouble = trial.trouble()
    assert trouble is not None
    assert (trouble.user_text, trouble.hint) == ("No camera.", "Plug one in.")
