"""A strip on Today while stored pictures are prepared for a changed model. Main thread only."""

from typing import Final

from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text, restyle
from kiosk.services.events import Event, ReEmbeddingProgress
from kiosk.translation import _

NAMED: Final = 5
"""At most so many student numbers are listed; the rest is counted."""


class PreparingStrip(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, theme: Theme, bridge: Bridge | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", f"banner-{Tone.ACCENT.value}")
        self._sentence = Text(style=TextStyle.STRONG, wrap=True)
        self._hint = Text(wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        vertical(
            *(self._sentence, self._hint, self.bar),
            on=self,
            edges=(theme.space(2), theme.space(1.5), theme.space(2), theme.space(1.5)),
            spacing=theme.space(0.75),
        )
        self.hide()
        if bridge is not None:
            bridge.arrived.connect(self._on_event)

    @property
    def text(self) -> str:
        """What it says now; empty while it is hidden."""
        return "" if self.isHidden() else f"{self._sentence.text()} {self._hint.text()}".strip()

    def show_progress(self, progress: ReEmbeddingProgress | None) -> None:
        """Say how far it is; at the end whose pictures cannot be used, or nothing."""
        if progress is None or progress.stopped:
            self.hide()
            return
        under_way = progress.done < progress.of
        if under_way:
            sentence = _("The enrolled pictures are being prepared for {model}.", model=progress.model)
            hint = _(
                "{done} of {of}. Until then classes are recognised as before.",
                done=progress.done,
                of=progress.of,
            )
        elif progress.lost:
            sentence = _(
                "With {model} no face is found in the pictures of {lost}.",
                model=progress.model,
                lost=_names(progress.lost),
            )
            hint = _("Enrol them again; until then they scan the code.")
        else:
            self.hide()
            return
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self.bar.setVisible(under_way)
        self.bar.setRange(0, progress.of)
        self.bar.setValue(progress.done)
        tone = Tone.ACCENT if under_way else Tone.LATE
        self.setProperty("surface", f"banner-{tone.value}")
        restyle(self)
        self.show()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ReEmbeddingProgress):
            self.show_progress(event)


def _names(numbers: tuple[str, ...]) -> str:
    if len(numbers) <= NAMED:
        return ", ".join(numbers)
    return _("{numbers} and {more} more", numbers=", ".join(numbers[:NAMED]), more=len(numbers) - NAMED)
