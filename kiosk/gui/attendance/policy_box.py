"""The choice what a class demands before a student is marked, beside its Start. Main thread; draws what it is given."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.translation import _
from kiosk.wording.attendance import policy_words


class PolicyBox(QComboBox):
    """One of the policies; `chosen` is emitted when a person chooses."""

    chosen = Signal(object)

    def __init__(self, policy: ProofPolicy, *, course: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for one in ProofPolicy:
            words = policy_words(one)
            self.addItem(_("Proof: {word}", word=words.word), one)
            self.setItemData(self.count() - 1, tool_tip(words.explanation), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(list(ProofPolicy).index(policy))
        self.setAccessibleName(_("Proof demanded in {course}", course=course))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.installEventFilter(NoStrayWheel(self))
        self.activated.connect(lambda _index: self.chosen.emit(self.policy))

    @property
    def policy(self) -> ProofPolicy:
        """What the class would start with."""
        return list(ProofPolicy)[self.currentIndex()]
