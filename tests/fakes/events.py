"""Events that go to a test."""

from collections.abc import Callable

from kiosk.services.events import Event, Events


def told(on_event: Callable[[Event], None]) -> Events:
    """A hub with one subscriber, who is told everything."""
    events = Events()
    events.subscribe(Event, on_event)
    return events
