"""The web part as the runtime sees it."""

from typing import Protocol


class WebServer(Protocol):
    """Serves phones from a thread of its own; a dead web part never touches recognition."""

    def start(self) -> str:
        """Bind the port and serve; returns the base URL to show, such as ``http://10.20.4.17:8080``.

        Raises:
            SourceError: The port is taken or may not be used.
        """
        ...

    def stop(self, timeout_s: float) -> bool:
        """Stop accepting, finish what is under way; False when the thread did not end in time."""
        ...

    def address(self) -> str:
        """The base URL to show now: follows the adapter when the PC moves to another network."""
        ...
