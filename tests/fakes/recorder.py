"""Events that go to a test, from all threads."""

import threading
from collections.abc import Callable
from typing import TypeVar

from kiosk.services.events import Event, Events

E = TypeVar("E", bound=Event)
WAIT_S = 60.0


def told(on_event: Callable[[Event], None]) -> Events:
    """A hub with one subscriber, who is told everything."""
    events = Events()
    events.subscribe(Event, on_event)
    return events


class EventRecorder:
    """Lets a test wait for an event; `hub` tells it everything."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.hub = told(self.on_event)
        self._changed = threading.Condition()

    def on_event(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[Event], bool], *, within_s: float = WAIT_S) -> Event:
        with self._changed:
            found = self._changed.wait_for(lambda: next(filter(wanted, self.events), None), within_s)
        assert found is not None, f"never came; seen: {self.events}"
        return found

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]
