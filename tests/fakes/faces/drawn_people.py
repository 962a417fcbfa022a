"""Folders with pictures of the demo's drawn people, as enrolment and evaluation take them."""

from pathlib import Path

import cv2

from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool


def draw_people(folder: Path, *, people: int, pictures: int) -> Path:
    """Write ``folder/P<number>/<number>.png`` and return `folder`; `pictures` is at most 5."""
    for number, person in enumerate(pool()[:people], start=1):
        inner = folder / f"P{number}"
        inner.mkdir(parents=True)
        for place, picture in enumerate(enrolment_pictures(person, pictures)):
            cv2.imwrite(str(inner / f"{place}.png"), picture)
    return folder
