from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.fakes.phones.browser import new_phone, open_chromium
from tests.fakes.steered_clock import SteeredClock
from tests.world.command_line import Run
from tests.world.kiosk import go_by


@pytest.fixture(autouse=True)
def _patient(patient: None) -> None: ...


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file; not for longer, because its event loop belongs to the thread."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone."""
    with new_phone(chromium) as phone:
        yield phone.new_page()


@pytest.fixture
def dark_phone(chromium: Browser) -> Iterator[Page]:
    """Another one, which shows pages dark."""
    with new_phone(chromium, "dark") as phone:
        yield phone.new_page()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SteeredClock:
    """What a kiosk that is built now goes by."""
    made = SteeredClock()
    go_by(made, monkeypatch)
    return made


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Where a kiosk will keep everything; not made yet."""
    return tmp_path / "data"


@pytest.fixture
def run(
    data_dir: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line over that directory."""
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("KIOSK_DATA_DIR", str(data_dir))
    return Run(monkeypatch, capsys)
