from kiosk.web.http.memory import KEEP_S, Memory
from tests.fakes.clock import FakeClock


def test_a_value_is_kept_for_a_quarter_of_an_hour() -> None:
    clock = FakeClock()
    memory: Memory[int] = Memory(clock.monotonic)
    memory.put("a", 1)
    clock.advance(KEEP_S - 1)
    assert memory.get("a") == 1
    clock.advance(1)
    assert memory.get("a") is None
    assert memory.get("b") is None


def test_the_oldest_goes_when_there_are_too_many() -> None:
    memory: Memory[int] = Memory(FakeClock().monotonic, most=2)
    for value, key in enumerate("abac"):
        memory.put(key, value)
    assert [memory.get(key) for key in "abc"] == [2, None, 3]


def test_a_popped_value_is_forgotten() -> None:
    memory: Memory[int] = Memory(FakeClock().monotonic)
    memory.put("a", 1)
    assert memory.pop("a") == 1
    assert memory.pop("a") is None


def test_unwanted_values_are_dropped() -> None:
    memory: Memory[int] = Memory(FakeClock().monotonic)
    memory.put("a", 1)
    memory.put("b", 2)
    memory.forget(lambda value: value == 1)
    assert (memory.get("a"), memory.get("b")) == (None, 2)
