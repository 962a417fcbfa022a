"""The committed pool of drawn people, in an order whose every prefix the built-in model tells apart.

`scripts/pick_demo_people.py` drew many, kept those that the built-in detector finds in every pose and picked
the farthest of them by the built-in model's distances; see ``docs/demo-people.md``.
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from kiosk.demo.people import DrawnPerson
from kiosk.errors import FileFormatError
from kiosk.translation import _

POOL_FILE = "people.toml"


@cache
def pool() -> tuple[DrawnPerson, ...]:
    """Everybody in the pool, farthest first. Raises FileFormatError: the file in the package was damaged."""
    return parse_pool((files("kiosk.demo") / POOL_FILE).read_text("utf-8"))


def parse_pool(text: str) -> tuple[DrawnPerson, ...]:
    """Read a pool from the text of its file.

    Raises:
        FileFormatError: It is not TOML, or an entry is not a drawn person.
    """
    try:
        entries = tomllib.loads(text)["people"]
        return tuple(_person(entry) for entry in entries)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise FileFormatError(
            _("The demo's drawn people cannot be read: {error}.", error=error),
            _("Install the program again."),
        ) from error


def _person(entry: Mapping[str, Any]) -> DrawnPerson:
    values: dict[str, Any] = {}
    for field in dataclasses.fields(DrawnPerson):
        value = entry[field.name]
        kind = field.type
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            value = kind(value)
        elif isinstance(value, list):
            value = tuple(value)
        values[field.name] = value
    unknown = set(entry) - set(values)
    if unknown:
        raise ValueError(f"unknown entry {sorted(unknown)[0]}")
    return DrawnPerson(**values)
