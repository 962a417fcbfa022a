"""The kiosk screen: the class, the code on all of it, and what it says in trouble."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.faces.recognition import Outcome
from kiosk.services.events import CameraState, CameraStateChanged, ClaimsDelivered, Event, StoreStateChanged
from tests.world.screens.kiosk_stage import (
    Stage,
    StillKeeping,
    StillPreview,
    StillRuntime,
    begin,
    busy,
    come_to_rest,
    kiosk_screen,
    ready,
    stage,
)
from tests.world.screens.shot import Screen, Shot

LONG_NAME: Final = "https://kiosk-a12.informatics.school.example:8080"


@contextmanager
def during_a_class(
    set_up: Stage, shot: Shot, events: list[Event], *, code: bool = False, last: Event | None = None
) -> Iterator[QWidget]:
    """The screen after `events`; `code` fills it with the code, `last` comes then."""
    shown = kiosk_screen(set_up, shot.theme)
    with shot.window(shown) as window:
        begin(shown, set_up, events)
        if code:
            shown.toggle_code_screen()
        if last is not None:
            shown.on_event(last)
        come_to_rest(shown, set_up.clock)
        yield window


@contextmanager
def class_screen(shot: Shot) -> Iterator[QWidget]:
    """A busy class, somebody just named."""
    with (
        stage() as set_up,
        during_a_class(set_up, shot, busy(set_up)[:-1], last=set_up.came(0, 2)) as window,
    ):
        yield window


@contextmanager
def code(shot: Shot) -> Iterator[QWidget]:
    """The code on the whole screen."""
    with stage() as set_up:
        last = set_up.came(3, 2, Method.PHONE)
        with during_a_class(set_up, shot, busy(set_up)[:-1], code=True, last=last) as window:
            yield window


@contextmanager
def long_address(shot: Shot, *, code: bool = False) -> Iterator[QWidget]:
    """A kiosk with a long name in the network."""
    with stage() as set_up:
        set_up.app.attendance.running.reachable_at(LONG_NAME)
        with during_a_class(set_up, shot, busy(set_up)[:-1], code=code) as window:
            yield window


def code_long_address(shot: Shot) -> Any:
    """The same on the whole screen."""
    return long_address(shot, code=True)


@contextmanager
def camera_lost(shot: Shot) -> Iterator[QWidget]:
    """The camera was unplugged."""
    lost = CameraStateChanged(
        CameraState.LOST, "The camera was unplugged.", "Plug it in again: the kiosk goes on by itself."
    )
    with stage() as set_up, during_a_class(set_up, shot, [*busy(set_up), lost]) as window:
        yield window


@contextmanager
def starting(shot: Shot) -> Iterator[QWidget]:
    """Before the first picture of the camera, with no network."""
    with stage() as set_up:
        nothing = replace(
            set_up, app=replace(set_up.app, runtime=cast(Any, StillRuntime(StillPreview(None, None))))
        )
        set_up.app.attendance.running.reachable_at("")
        with during_a_class(nothing, shot, []) as window:
            yield window


@contextmanager
def away(shot: Shot, *, delivered: bool = False) -> Iterator[QWidget]:
    """While the database server is away; `delivered`: when it is back."""
    with stage() as made:
        keeping = StillKeeping(frozenset(student.student_id for student in made.students[44:56]))
        attendance = replace(made.app.attendance, keeping=cast(Any, keeping))
        set_up = replace(made, app=replace(made.app, attendance=attendance))
        gone = StoreStateChanged("The database server cannot be reached.", "", is_keeping=True)
        shown = kiosk_screen(set_up, shot.theme)
        with shot.window(shown) as window:
            begin(shown, set_up, [*busy(set_up)[:-1], gone])
            kept = set_up.came(45, 2, Method.PHONE)
            shown.on_event(replace(kept, outcome=CheckInOutcome.KEPT, record=None, is_from_memory=True))
            if delivered:
                set_up.clock.advance(10)
                came = tuple(set_up.came(index, 2, Method.PHONE) for index in range(44, 56))
                keeping.arrived()
                shown.on_event(StoreStateChanged())
                shown.on_event(ClaimsDelivered(came, (), 0))
            come_to_rest(shown, set_up.clock)
            yield window


def delivered(shot: Shot) -> Any:
    """When the server is back and what was kept has arrived."""
    return away(shot, delivered=True)


def card(kind: str) -> Screen:
    """The screen with one kind of card."""

    @contextmanager
    def shown(shot: Shot) -> Iterator[QWidget]:
        with (
            stage() as set_up,
            during_a_class(set_up, shot, [*ready(set_up), *cards(set_up)[kind]]) as window,
        ):
            yield window

    return shown


def cards(set_up: Stage) -> dict[str, list[Event]]:
    """The events that bring each kind of card."""
    return {
        "present": [set_up.came(0, 2)],
        "late": [set_up.came(1, 12)],
        "already": [replace(set_up.came(1, 2), outcome=CheckInOutcome.ALREADY_MARKED)],
        "unknown": [set_up.decided(Outcome.UNKNOWN)],
        "please-scan": [set_up.decided(Outcome.AMBIGUOUS)],
        "refused": [replace(set_up.came(8, 2), outcome=CheckInOutcome.NOT_REGISTERED, record=None)],
        "three": [set_up.came(0, 2), set_up.came(1, 2, Method.PHONE), set_up.came(2, 12)],
    }


SCREENS: Final[dict[str, Screen]] = {
    "kiosk": class_screen,
    "kiosk-long-name": long_address,
    "code": code,
    "code-long-name": code_long_address,
    "camera-lost": camera_lost,
    "starting": starting,
    "away": away,
    "delivered": delivered,
    "card-three": card("three"),
}

PAINTED: Final[dict[str, Screen]] = {
    f"card-{kind}": card(kind) for kind in ("late", "already", "unknown", "please-scan", "refused")
}
"""Painted over the camera, without a widget of their own: for the eye."""
