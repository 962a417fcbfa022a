"""Makes a picture of every page that a phone can be shown, light and dark, at 390 x 844, and contact sheets of them.

    python -m scripts.screenshot_pages FOLDER [NAME…]

Without names all are made. ``narrow-…`` is the same page with very long words, 320 pixels wide, with text of twice the size.
The pages are the program's own (``tests/fakes/phones/phone_pages.py``); Chromium draws them with scripts switched off.
"""

import logging
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from httpx import Response
from playwright.sync_api import Browser

from kiosk.domain.faces.frames import BgrImage
from tests.fakes.phones.browser import NARROW, SIZE, Scheme, TextSize, new_phone, open_chromium
from tests.fakes.phones.page_server import PageServer
from tests.fakes.phones.phone_pages import every_page, static_files

ON_A_SHEET = 8
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def pages_of(long_words: bool) -> dict[str, Response]:
    with tempfile.TemporaryDirectory() as folder:
        return every_page(Path(folder), long_words=long_words)


def take(
    chromium: Browser, server: PageServer, names: list[str], folder: Path, scheme: Scheme, *, narrow: bool
) -> None:
    """One picture of each page as far as it reaches, and sheets of what is seen at first."""
    prefix, size = ("narrow-", NARROW) if narrow else ("", SIZE)
    seen: list[BgrImage] = []
    with new_phone(chromium, scheme, size=size) as phone:
        server.serve(phone)
        page = phone.new_page()
        text = TextSize(page)
        for name in names:
            server.open(page, name)
            text.enlarge(2 if narrow else 1)
            reaches = page.locator("html").evaluate("page => page.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": reaches})
            text.enlarge(2 if narrow else 1)  # another viewport, and Chromium forgets it
            path = folder / f"{prefix}{name}-{scheme}.png"
            page.screenshot(path=path)
            page.set_viewport_size(size)
            seen.append(labelled(path, name))
    for number, first in enumerate(range(0, len(seen), ON_A_SHEET), 1):
        path = folder / f"sheet-{prefix}{scheme}-{number:02}.png"
        cv2.imwrite(str(path), side_by_side(seen[first : first + ON_A_SHEET]))
        print(path)


def labelled(path: Path, name: str) -> BgrImage:
    """A picture below its name."""
    picture = cv2.imread(str(path))
    if picture is None:
        raise SystemExit(f"{path} cannot be read.")
    head = np.full((36, picture.shape[1], 3), 60, np.uint8)
    cv2.putText(head, name, (6, 25), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1, cv2.LINE_AA)
    return np.vstack([head, picture]).astype(np.uint8)


def side_by_side(pictures: list[BgrImage]) -> BgrImage:
    """A sheet; long pages are cut off at twice the phone's height."""
    height = min(max(one.shape[0] for one in pictures), 2 * SIZE["height"])
    columns = []
    for one in pictures:
        column = np.full((height, one.shape[1] + 8, 3), 128, np.uint8)
        cut = one[:height]
        column[: cut.shape[0], : cut.shape[1]] = cut
        columns.append(column)
    return np.hstack(columns).astype(np.uint8)


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.CRITICAL)  # one page is an unforeseen error
    with open_chromium() as chromium:
        for narrow in (False, True):
            pages = pages_of(narrow)
            prefix = "narrow-" if narrow else ""
            names = [name for name in pages if not wanted or prefix + name in wanted]
            server = PageServer(pages, static_files())
            for scheme in SCHEMES if names else ():
                take(chromium, server, names, folder, scheme, narrow=narrow)


if __name__ == "__main__":
    main()
