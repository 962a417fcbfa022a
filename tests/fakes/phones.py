"""A real browser of a phone's size, and what a student does with it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 390, "height": 844}

LONG_MS = 20_000

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


def new_phone(chromium: Browser, scheme: Scheme = "light", *, width: int = 390) -> BrowserContext:
    """A phone that nobody used before, whose browser runs no scripts."""
    return chromium.new_context(
        viewport={"width": width, "height": SIZE["height"]},
        color_scheme=scheme,
        java_script_enabled=False,
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
    )


def enlarge_text(page: Page, factor: float) -> None:
    """As somebody does who chose larger text in the phone's settings."""
    size = round(16 * factor)
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}}
    )


def sign_in(page: Page, student_no: str, pin: str) -> None:
    page.get_by_label("Student number").fill(student_no)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Sign in").tap()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="I am here").tap()


def says(page: Page, title: str) -> None:
    """Wait for a page's heading; those that make themselves anew do so every few seconds."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=LONG_MS)
