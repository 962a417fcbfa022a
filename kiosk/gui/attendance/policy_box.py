"""The choice what a class demands before a student is marked, beside its Start. Main thread; draws what it is given."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.gui.widgets.parts import NoStrayWheel

_HELP: Final = {
    ProofPolicy.EITHER: "Whichever comes first marks the student.",
    ProofPolicy.FACE: "Only the camera marks. Who has no face on record scans, and you confirm.",
    ProofPolicy.PHONE: "Only the code marks; the camera names nobody.",
    ProofPolicy.BOTH: "Students scan, then look at the camera: a code that was passed on marks nobody.",
    ProofPolicy.SPOT_CHECK: "The code marks; some who are drawn by lot must look at the camera, too.",
}


def policy_words(policy: ProofPolicy) -> str:
    """Such as ``Proof: phone and face``."""
    return f"Proof: {policy.words}"


class PolicyBox(QComboBox):
    """One of the policies; `chosen` is emitted when a person chooses."""

    chosen = Signal(object)

    def __init__(self, policy: ProofPolicy, *, course: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for one in ProofPolicy:
            self.addItem(policy_words(one), one)
            self.setItemData(self.count() - 1, _HELP[one], Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(list(ProofPolicy).index(policy))
        self.setAccessibleName(f"Proof demanded in {course}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.installEventFilter(NoStrayWheel(self))
        self.activated.connect(lambda _index: self.chosen.emit(self.policy))

    @property
    def policy(self) -> ProofPolicy:
        """What the class would start with."""
        return list(ProofPolicy)[self.currentIndex()]
