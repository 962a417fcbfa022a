"""What the demo's people are made with: inventing them, writing the file of those picked, and a picture of everybody."""

import dataclasses
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from kiosk.demo.cast import ENROLMENT_POSES, portrait
from kiosk.demo.people import Beard, DrawnPerson, Glasses, Hair, Rgb
from kiosk.domain.faces.frames import BgrImage

_IRIS: Final[tuple[Rgb, ...]] = (
    (62, 42, 30),
    (84, 56, 36),
    (110, 80, 48),
    (92, 104, 72),
    (84, 116, 138),
    (110, 128, 140),
)
_DARK_HAIR: Final[tuple[Rgb, ...]] = ((26, 22, 22), (38, 29, 26), (52, 37, 30))
_LIGHT_HAIR: Final[tuple[Rgb, ...]] = (
    (52, 37, 30),
    (92, 62, 42),
    (128, 88, 54),
    (196, 158, 104),
    (150, 76, 40),
    (170, 166, 162),
)
_CLOTH: Final[tuple[Rgb, ...]] = (
    (44, 62, 98),
    (160, 62, 52),
    (66, 116, 84),
    (214, 208, 196),
    (98, 78, 128),
    (70, 84, 94),
    (196, 148, 62),
    (52, 122, 142),
    (150, 96, 110),
)
_RIMS: Final[tuple[Rgb, ...]] = ((30, 28, 30), (90, 54, 34), (60, 66, 84), (130, 40, 46))


def _pick(generator: np.random.Generator, choices: tuple[Rgb, ...]) -> Rgb:
    return choices[int(generator.integers(len(choices)))]


def invent_person(key: str, generator: np.random.Generator) -> DrawnPerson:
    """Draw one person's parameters; the same generator state gives the same person."""

    def ratio() -> float:
        # Uniform, not normal: the network tells extremes apart far better than averages.
        return round(float(generator.uniform(-1, 1)), 2)

    def share(probability: float) -> float:
        chosen = generator.random() < probability
        amount = round(float(generator.uniform(0.3, 0.8)), 2)
        return amount if chosen else 0.0

    skin = round(float(generator.random()), 3)
    light = skin < 0.45
    masculine = generator.random() < 0.5
    hair = list(Hair)[int(generator.choice(9, p=_HAIR_MEN if masculine else _HAIR_WOMEN))]
    beard = list(Beard)[int(generator.choice(5, p=_BEARDS))] if masculine else Beard.NONE
    glasses = list(Glasses)[int(generator.choice(4, p=(0.55, 0.15, 0.18, 0.12)))]
    return DrawnPerson(
        key=key,
        skin=skin,
        face_width=ratio(),
        jaw=ratio(),
        chin=ratio(),
        cheekbones=ratio(),
        brow_ridge=ratio(),
        eye_spacing=ratio(),
        eye_size=ratio(),
        eye_tilt=ratio(),
        iris=_pick(generator, _IRIS if light else _IRIS[:3]),
        brow_thickness=ratio(),
        brow_height=ratio(),
        brow_tilt=ratio(),
        nose_length=ratio(),
        nose_width=ratio(),
        nose_bridge=ratio(),
        mouth_width=ratio(),
        lips=ratio(),
        lip_red=round(float(generator.uniform(0, 0.4 if masculine else 1)), 2),
        ears=ratio(),
        hair=hair,
        hair_colour=_pick(generator, _CLOTH if hair is Hair.SCARF else _LIGHT_HAIR if light else _DARK_HAIR),
        hairline=ratio(),
        beard=beard,
        glasses=glasses,
        glasses_colour=_pick(generator, _RIMS),
        wrinkles=share(0.3),
        freckles=share(0.2 if light else 0.0),
        mole=int(generator.choice((0, 0, 0, 0, 0, 0, 0, 0, -1, 1))),
        shirt=_pick(generator, _CLOTH),
        collar=bool(generator.random() < 0.4),
    )


_HAIR_MEN: Final = (0.08, 0.22, 0.32, 0.2, 0.18, 0.0, 0.0, 0.0, 0.0)
_HAIR_WOMEN: Final = (0.0, 0.04, 0.08, 0.1, 0.16, 0.2, 0.2, 0.16, 0.06)
_BEARDS: Final = (0.4, 0.22, 0.14, 0.14, 0.1)


def dump_pool(people: Sequence[DrawnPerson], heading: str) -> str:
    """The text of a pool file; `heading` becomes its comment."""
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    for person in people:
        lines += ["", "[[people]]"]
        for name, value in dataclasses.asdict(person).items():
            lines.append(f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(str(part) for part in value) + "]"
    return str(value)


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
