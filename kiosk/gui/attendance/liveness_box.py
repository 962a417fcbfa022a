"""The choice how a class checks faces against pictures, beside its Start. Main thread; draws what it is given."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.translation import _
from kiosk.wording.attendance import liveness_words


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
            words = liveness_words(one)
            title = _("{title} (not installed)", title=words.title) if one in missing else words.title
            self.addItem(title, one)
            self.setItemData(self.count() - 1, tool_tip(words.explanation), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(list(LivenessMode).index(mode))
        self.setAccessibleName(_("Photo check of {course}", course=course))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.installEventFilter(NoStrayWheel(self))
        self.activated.connect(lambda _index: self.chosen.emit(self.mode))

    @property
    def mode(self) -> LivenessMode:
        """What the class would start with."""
        return list(LivenessMode)[self.currentIndex()]
