"""Who did something, as people call it: accounts by their names, the command line and the program by what they are. Pure; any thread."""

from kiosk.translation import _


def actor_name(actor: str) -> str:
    """The name for a sentence or a cell, such as ``Anna`` or ``root on the command line``."""
    kind, _colon, name = actor.partition(":")
    if kind == "local" and name:
        return _("{name} on the command line", name=name)
    return _(actor) if actor else ""
