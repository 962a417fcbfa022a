"""Who holds a connection, by network address, and who loses one when there are too many. Web thread's event loop.

A school may share one address, so an address alone condemns nobody: of the address that holds the most, the connection goes
that has waited longest without a whole request. Somebody who opens hundreds loses their own.
"""

from typing import Final, Protocol

MAX_OPEN: Final = 700
"""A class of 300 whose browsers open two each has room. Together with files and devices it stays below 1,024, beyond which
libraries that use select(), such as video drivers, break."""

MAX_OPEN_EACH: Final = 620
"""For one address, so that a place is free for others before anything has to be closed."""


class Seat(Protocol):
    """One connection."""

    @property
    def address(self) -> str:
        """Where it comes from."""

    @property
    def waits_since_s(self) -> float | None:
        """Since when no whole request is there, by the event loop's clock; None while one is answered."""

    def give_up(self) -> None:
        """Close at once."""


class Places:
    """All connections of one server."""

    max_open: int = MAX_OPEN
    max_open_each: int = MAX_OPEN_EACH

    def __init__(self) -> None:
        self._silent: dict[str, dict[Seat, None]] = {}
        self._speaking: dict[str, dict[Seat, None]] = {}
        self._held: dict[str, int] = {}
        self._all = 0

    def __len__(self) -> int:
        return self._all

    def take(self, seat: Seat) -> None:
        """A connection came that has said nothing so far."""
        self._silent.setdefault(seat.address, {})[seat] = None
        self._held[seat.address] = self._held.get(seat.address, 0) + 1
        self._all += 1

    def speaks(self, seat: Seat) -> None:
        """Something was received on it."""
        if _taken_from(self._silent, seat):
            self._speaking.setdefault(seat.address, {})[seat] = None

    def leave(self, seat: Seat) -> None:
        """It is closed; saying it twice does nothing more."""
        if not _taken_from(self._silent, seat) and not _taken_from(self._speaking, seat):
            return
        self._all -= 1
        left = self._held[seat.address] - 1
        if left:
            self._held[seat.address] = left
        else:
            del self._held[seat.address]

    def silent_before(self, moment_s: float) -> list[Seat]:
        """Those that came before a moment and have said nothing since."""
        found = []
        for seats in self._silent.values():
            for seat in seats:  # the oldest first
                since_s = seat.waits_since_s
                if since_s is None or since_s > moment_s:
                    break
                found.append(seat)
        return found

    def silent(self) -> list[Seat]:
        """Those that have said nothing so far."""
        return [seat for seats in self._silent.values() for seat in seats]

    def make_room(self, newcomer: Seat) -> None:
        """Close what is too much, now that somebody came."""
        if self._held.get(newcomer.address, 0) > self.max_open_each:
            self.close_one_of(newcomer.address)
        if self._all > self.max_open:
            self.close_one()

    def close_one(self) -> bool:
        """Close a connection of the address that holds the most; False where each one has a request under way."""
        greediest = max(self._held, key=self._held.__getitem__, default=None)
        if greediest is not None and self.close_one_of(greediest):
            return True
        return any(self.close_one_of(one) for one in sorted(self._held, key=self._held.__getitem__)[::-1])

    def close_one_of(self, address: str) -> bool:
        """Close the connection of an address that waits longest without a whole request; False where there is none."""
        candidates = [*self._speaking.get(address, ())]
        oldest_silent = next(iter(self._silent.get(address, ())), None)
        if oldest_silent is not None:
            candidates.append(oldest_silent)
        waiting = [(since_s, one) for one in candidates if (since_s := one.waits_since_s) is not None]
        if not waiting:
            return False
        _since_s, longest = min(waiting, key=lambda pair: pair[0])
        self.leave(longest)
        longest.give_up()
        return True


def _taken_from(seats: dict[str, dict[Seat, None]], seat: Seat) -> bool:
    """Whether it was among them; it is not any more."""
    of_address = seats.get(seat.address)
    if of_address is None or seat not in of_address:
        return False
    del of_address[seat]
    if not of_address:
        del seats[seat.address]
    return True
