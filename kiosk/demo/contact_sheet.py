"""A picture of everybody in the pool, for the docs."""

from collections.abc import Sequence

import cv2
import numpy as np

from kiosk.demo.cast import ENROLMENT_POSES, portrait
from kiosk.demo.people import DrawnPerson
from kiosk.domain.faces.frames import BgrImage


def contact_sheet(people: Sequence[DrawnPerson], *, columns: int = 8, tile: int = 180) -> BgrImage:
    """Portraits in rows, `tile` pixels square, with a white line between them; empty places are white."""
    rows = -(-len(people) // columns)
    gap = 4
    sheet = np.full((rows * (tile + gap) + gap, columns * (tile + gap) + gap, 3), 255, np.uint8)
    for place, person in enumerate(people):
        picture = portrait(person, ENROLMENT_POSES[(0, 2, 1)[place % 3]], noise=0)
        small = cv2.resize(picture[70:610, 210:750], (tile, tile), interpolation=cv2.INTER_AREA)
        y, x = (gap + (tile + gap) * (place // columns)), (gap + (tile + gap) * (place % columns))
        sheet[y : y + tile, x : x + tile] = small
    return sheet
