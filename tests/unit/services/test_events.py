import threading
from datetime import UTC, datetime

from kiosk.services.events import CameraState, CameraStateChanged, Event, Events, RuntimeStopped, SessionEnded

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_subscriber_hears_its_kind_and_what_is_of_it() -> None:
    events = Events()
    stopped: list[RuntimeStopped] = []
    everything: list[Event] = []
    events.subscribe(RuntimeStopped, stopped.append)
    events.subscribe(Event, everything.append)

    events.emit(SessionEnded(7, NINE))
    events.emit(RuntimeStopped())

    assert stopped == [RuntimeStopped()]
    assert everything == [SessionEnded(7, NINE), RuntimeStopped()]


def test_who_subscribed_first_hears_first() -> None:
    events = Events()
    told: list[str] = []
    events.subscribe(Event, lambda _event: told.append("first"))
    events.subscribe(RuntimeStopped, lambda _event: told.append("second"))

    events.emit(RuntimeStopped())

    assert told == ["first", "second"]


def test_who_ended_a_subscription_hears_nothing_more_and_others_do() -> None:
    events = Events()
    gone: list[Event] = []
    there: list[Event] = []
    end = events.subscribe(Event, gone.append)
    events.subscribe(Event, there.append)

    end()
    end()
    events.emit(RuntimeStopped())

    assert (gone, there) == ([], [RuntimeStopped()])


def test_a_subscriber_may_end_its_subscription_while_it_is_told() -> None:
    events = Events()
    once: list[Event] = []

    def on_event(event: Event) -> None:
        once.append(event)
        end()

    end = events.subscribe(Event, on_event)
    after: list[Event] = []
    events.subscribe(Event, after.append)

    for _ in range(2):
        events.emit(RuntimeStopped())

    assert (len(once), len(after)) == (1, 2)


def test_no_event_is_lost_while_threads_subscribe_and_leave() -> None:
    events = Events()
    heard: list[Event] = []
    events.subscribe(CameraStateChanged, heard.append)
    together = threading.Barrier(4)

    def come_and_go() -> None:
        together.wait()
        for _ in range(200):
            events.subscribe(RuntimeStopped, heard.append)()

    def emit() -> None:
        together.wait()
        for _ in range(200):
            events.emit(CameraStateChanged(CameraState.RUNNING))

    threads = [threading.Thread(target=work) for work in (come_and_go, come_and_go, come_and_go, emit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events.emit(CameraStateChanged(CameraState.CLOSED))

    assert len(heard) == 201
