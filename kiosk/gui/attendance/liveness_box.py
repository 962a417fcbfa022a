"""The choice how a class checks faces against pictures, beside its Start. Main thread; draws what it is given."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.gui.widgets.parts import NoStrayWheel

LIVENESS_WORDS: Final = {
    LivenessMode.OFF: "Photo check: off",
    LivenessMode.PASSIVE: "Photo check: passive",
    LivenessMode.ACTIVE: "Photo check: head turn",
}

_HELP: Final = {
    LivenessMode.OFF: "A photograph held up to the camera is marked as the person.",
    LivenessMode.PASSIVE: "Photographs and screens are noticed by how they look.",
    LivenessMode.ACTIVE: "Each person is asked to turn the head to one side; it takes some seconds each.",
}


class LivenessBox(QComboBox):
    """Off, passive or head turn; `chosen` is emitted when a person chooses."""

    chosen = Signal(object)

    def __init__(
        self,
        mode: LivenessMode,
        *,
        missing: frozenset[LivenessMode],
        course: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        for one in LivenessMode:
            words = LIVENESS_WORDS[one] + (" (not installed)" if one in missing else "")
            self.addItem(words, one)
            self.setItemData(self.count() - 1, _HELP[one], Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(list(LivenessMode).index(mode))
        self.setAccessibleName(f"Photo check of {course}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.installEventFilter(NoStrayWheel(self))
        self.activated.connect(lambda _index: self.chosen.emit(self.mode))

    @property
    def mode(self) -> LivenessMode:
        """What the class would start with."""
        return list(LivenessMode)[self.currentIndex()]
