import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from kiosk.services.faces.recognition.slots import HandoffSlot, LatestSlot

WAIT_S = 60.0


def test_the_newest_value_wins_and_the_others_are_counted() -> None:
    slot: LatestSlot[int] = LatestSlot()
    for number in range(5):
        assert slot.put(number)

    assert slot.dropped == 4
    assert slot.take(0) == 4
    assert slot.take(0) is None


def test_a_value_that_was_taken_is_not_counted_as_dropped() -> None:
    slot: LatestSlot[int] = LatestSlot()
    slot.put(1)
    slot.take(0)
    slot.put(2)

    assert slot.dropped == 0


def test_peeking_leaves_the_value() -> None:
    slot: LatestSlot[int] = LatestSlot()
    assert slot.peek() is None
    slot.put(0)

    assert slot.peek() == slot.peek() == 0
    assert slot.take(0) == 0
    assert slot.peek() is None


@given(st.lists(st.booleans()))
def test_every_value_is_taken_dropped_or_still_there(gives: list[bool]) -> None:
    slot: LatestSlot[int] = LatestSlot()
    taken = []
    for number, give in enumerate(gives):
        if give:
            slot.put(number)
        elif (value := slot.take(0)) is not None:
            taken.append(value)

    assert taken == sorted(taken)
    assert gives.count(True) == len(taken) + slot.dropped + (slot.peek() is not None)


def test_taking_waits_for_a_value() -> None:
    slot: LatestSlot[str] = LatestSlot()
    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(slot.take, WAIT_S)
        slot.put("frame")

        assert taking.result(WAIT_S) == "frame"


def test_closing_wakes_whoever_waits() -> None:
    slot: LatestSlot[str] = LatestSlot()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(slot.take, WAIT_S) for _ in range(2)]
        slot.close()

        assert [one.result(WAIT_S) for one in waiting] == [None, None]


def test_a_closed_slot_takes_nothing_more_but_gives_what_it_has() -> None:
    slot: LatestSlot[str] = LatestSlot()
    slot.put("last")
    slot.close()

    assert not slot.put("too late")
    states = [slot.closed]
    assert slot.take(0) == "last"
    states.append(slot.closed)
    assert states == [False, True]
    assert slot.dropped == 0


def test_a_handoff_waits_until_the_last_value_was_taken() -> None:
    slot: HandoffSlot[int] = HandoffSlot()
    assert slot.put(1)
    given: list[int] = []

    def give() -> None:
        assert slot.put(2)
        given.append(2)

    giver = threading.Thread(target=give)
    giver.start()
    assert slot.peek() == 1
    assert given == []
    assert slot.take(WAIT_S) == 1
    giver.join(WAIT_S)

    assert given == [2]
    assert slot.take(0) == 2
    assert slot.dropped == 0


def test_a_handoff_loses_nothing_and_keeps_the_order() -> None:
    slot: HandoffSlot[int] = HandoffSlot()
    numbers = list(range(200))
    with ThreadPoolExecutor(1) as pool:
        giving = pool.submit(lambda: [slot.put(number) for number in numbers])
        taken = [slot.take(WAIT_S) for _ in numbers]

        assert giving.result(WAIT_S) == [True] * len(numbers)
    assert taken == numbers
    assert slot.dropped == 0


def test_closing_a_handoff_frees_the_giver_and_keeps_what_lies_there() -> None:
    slot: HandoffSlot[int] = HandoffSlot()
    slot.put(1)
    with ThreadPoolExecutor(1) as pool:
        giving = pool.submit(slot.put, 2)
        slot.close()

        assert giving.result(WAIT_S) is False
    assert slot.take(0) == 1
    assert slot.closed
