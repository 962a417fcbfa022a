"""What classes are recognised with, as screens show it."""

from typing import Protocol

from kiosk.services.events import ReEmbeddingProgress


class ModelInUse(Protocol):
    """Quick; loads nothing. Any thread."""

    def model_name(self) -> str:
        """The model that the next class is recognised with."""

    @property
    def warning(self) -> str:
        """Why the chosen model is not used, once that is known; empty otherwise."""

    @property
    def preparing(self) -> ReEmbeddingProgress | None:
        """How far the stored pictures are prepared for a changed model; None when there was nothing to do."""
