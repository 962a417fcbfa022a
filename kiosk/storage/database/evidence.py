"""Evidence of a record as the JSON that stands beside it. Pure; any thread."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.model_parts import PartDistance

TRACES: Final = frozenset({"device", "address", "agent", "credential"})
"""Members of an evidence that say which phone it was."""

_MOMENTS = ("at", "first_seen_at", "scanned_at")
_NAMES = tuple(field.name for field in dataclasses.fields(Evidence))


def to_json(proofs: Iterable[Evidence]) -> list[dict[str, Any]]:
    """One object a proof, without what is unknown; JSON has no infinity, so that is unknown too."""
    return [{name: value for name, value in _plain(proof) if value is not None} for proof in proofs]


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    """The proofs again, oldest first; members of newer versions are passed over."""
    return tuple(_proof(entry) for entry in stored)


def _plain(proof: Evidence) -> Iterable[tuple[str, Any]]:
    for name in _NAMES:
        value = getattr(proof, name)
        if isinstance(value, datetime):
            yield name, value.isoformat()
        elif isinstance(value, tuple):
            yield name, [dataclasses.asdict(one) for one in value]
        elif isinstance(value, float) and not math.isfinite(value):
            yield name, None
        else:
            yield name, value


def _proof(entry: Mapping[str, Any]) -> Evidence:
    known = {name: entry[name] for name in _NAMES if entry.get(name) is not None}
    for name in _MOMENTS:
        if name in known:
            known[name] = datetime.fromisoformat(known[name])
    if "parts" in known:
        known["parts"] = tuple(PartDistance(one["model"], one["distance"]) for one in known["parts"])
    known["method"] = Method(known["method"])
    return Evidence(**known)
