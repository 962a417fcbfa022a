"""What is asked of the list of records, kept under a name. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.records.record_list import RecordOrder, RecordQuestion

MOST_LETTERS: Final = 60
"""Of a view's name."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question under a name.

    Attributes:
        owner_id: Account that saved it; None for the command line.
        is_shared: Whether everybody who may see records is offered it.
    """

    view_id: int
    name: str
    owner_id: int | None
    is_shared: bool
    question: RecordQuestion


def to_text(asked: RecordQuestion) -> str:
    """As the database keeps it: JSON of what is asked for, without what asks for nothing."""
    kept: dict[str, Any] = {
        "search": asked.search,
        "student": asked.student_id,
        "course": asked.course_id,
        "started_by": asked.started_by,
        "first": asked.first.isoformat() if asked.first else None,
        "last": asked.last.isoformat() if asked.last else None,
        "days_back": asked.days_back,
        "statuses": sorted(asked.statuses),
        "methods": sorted(one.value if one else "" for one in asked.methods),
        "doubtful": asked.only_doubtful,
        "messages": asked.only_messages,
        "changed": asked.only_changed,
        "order": asked.order.value,
    }
    said = {name: value for name, value in kept.items() if value not in (None, "", [], False)}
    return json.dumps({**said, "descending": asked.descending}, sort_keys=True)


def from_text(text: str) -> RecordQuestion:
    """The question of a kept text; what another version of the program wrote and this one does not know is left out."""
    try:
        kept = json.loads(text)
    except ValueError:
        return RecordQuestion()
    if not isinstance(kept, dict):
        return RecordQuestion()
    order = kept.get("order")
    orders = {one.value: one for one in RecordOrder}
    return RecordQuestion(
        search=_text(kept, "search") or "",
        student_id=_number(kept, "student"),
        course_id=_number(kept, "course"),
        started_by=_text(kept, "started_by"),
        first=_day(kept, "first"),
        last=_day(kept, "last"),
        days_back=_number(kept, "days_back"),
        statuses=frozenset(one for one in Status if one.value in _list(kept, "statuses")),
        methods=frozenset(
            one for one in (*Method, None) if (one.value if one else "") in _list(kept, "methods")
        ),
        only_doubtful=kept.get("doubtful") is True,
        only_messages=kept.get("messages") is True,
        only_changed=kept.get("changed") is True,
        order=orders.get(str(order), RecordOrder.DAY),
        descending=kept.get("descending") is not False,
    )


def _text(kept: Mapping[str, Any], name: str) -> str | None:
    value = kept.get(name)
    return value if isinstance(value, str) and value else None


def _number(kept: Mapping[str, Any], name: str) -> int | None:
    value = kept.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _list(kept: Mapping[str, Any], name: str) -> list[Any]:
    value = kept.get(name)
    return value if isinstance(value, list) else []


def _day(kept: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(_text(kept, name) or "")
    except ValueError:
        return None
