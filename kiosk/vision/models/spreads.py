"""How each model's distances are spread, `models/spreads.toml`: shares and distances, no faces. Read once at start."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from kiosk.domain.faces.distance_spread import DistanceCurve, DistanceSpread

FILE = "spreads.toml"


def read_spreads(path: Path) -> Mapping[str, DistanceSpread]:
    """By the name of templates; empty where there is no such file.

    Raises:
        ValueError, KeyError, TypeError: It says something impossible.
        OSError: It cannot be read.
    """
    if not path.exists():
        return {}
    return {name: _spread(row) for name, row in tomllib.loads(path.read_text("utf-8")).items()}


def _spread(row: object) -> DistanceSpread:
    if not isinstance(row, dict):
        raise TypeError(f"{row!r} is no table")
    return DistanceSpread(
        source=str(row["source"]),
        people=int(str(row["people"])),
        impostor=_curves(row["impostor"]),
        genuine=_curves(row["genuine"]),
    )


def _curves(rows: object) -> Mapping[int, DistanceCurve]:
    if not isinstance(rows, dict) or "1" not in rows:
        raise TypeError("a spread needs curves by number of pictures, at least for 1")
    return {
        int(pictures): DistanceCurve.of(
            [float(str(one)) for one in row["distances"]], [float(str(one)) for one in row["shares"]]
        )
        for pictures, row in rows.items()
    }
