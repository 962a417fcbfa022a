"""A real browser of a phone's size, and what a student does with it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 844}

LONG_MS = 60_000
expect.set_options(timeout=LONG_MS)

Scheme = Literal["light", "dark"]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; one at a time in a thread."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium: install Debian's package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


def new_phone(chromium: Browser, scheme: Scheme = "light", *, size: ViewportSize = SIZE) -> BrowserContext:
    """A phone that nobody used before, whose browser runs no scripts."""
    phone = chromium.new_context(
        viewport=size,
        color_scheme=scheme,
        java_script_enabled=False,
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
    )
    phone.set_default_timeout(LONG_MS)
    return phone


class TextSize:
    """The size of text in a browser's settings."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def enlarge(self, factor: float) -> None:
        """Make text so many times as large as it usually is."""
        size = round(16 * factor)
        self._session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})


def sign_in(page: Page, student_no: str, pin: str) -> None:
    page.get_by_label("Student number").fill(student_no)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Sign in").tap()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="I am here").tap()


def says(page: Page, title: str) -> None:
    """Wait for a page's heading; those that make themselves anew do so every few seconds."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
