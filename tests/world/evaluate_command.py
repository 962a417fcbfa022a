"""``kiosk evaluate`` as it is called, with what it printed."""

from collections.abc import Callable

from tests.world.command_line import Outcome

__all__ = ["Evaluate", "Outcome"]

Evaluate = Callable[..., Outcome]
