from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.fakes.phones.browser import new_phone, open_chromium
from tests.fakes.steered_clock import SteeredClock
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
